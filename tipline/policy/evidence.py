"""The form of evidence.yaml: how much a reporter can hand over."""

from dataclasses import dataclass

MEGABYTE = 1_000_000
LARGEST_MB = 50  # what one request can bring, see web/uploads.py


@dataclass(frozen=True, kw_only=True)
class EvidenceLimits:
    """How large one file may be, and how many and how much at once and of one tip."""

    largest_mb: int
    at_once: int
    files_of_a_tip: int
    mb_of_a_tip: int

    def __post_init__(self) -> None:
        if not 1 <= self.largest_mb <= LARGEST_MB:
            raise ValueError(f"largest_mb takes a number from 1 to {LARGEST_MB}")
        if min(self.at_once, self.files_of_a_tip, self.mb_of_a_tip) < 1:
            raise ValueError("at_once, files_of_a_tip and mb_of_a_tip take a number from 1")

    @property
    def largest(self) -> int:
        """The most bytes of one file."""
        return self.largest_mb * MEGABYTE

    @property
    def most_of_a_tip(self) -> int:
        """The most bytes of all files of one tip."""
        return self.mb_of_a_tip * MEGABYTE
