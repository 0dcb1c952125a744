"""Who acts: a member of staff with what they may do, and where."""

from dataclasses import dataclass


class NotThere(Exception):
    """No such record, or none that this person may know of: the two are not told apart."""


@dataclass(frozen=True)
class Actor:
    """A member of staff; `reach` maps each permission to the paths of the offices it holds for."""

    id: int
    name: str
    reach: dict[str, tuple[str, ...]]

    def may(self, permission: str, office_path: str | None = None) -> bool:
        """Whether this is allowed at that office, or, without one, anywhere at all."""
        paths = self.reach.get(permission, ())
        return any(office_path is None or office_path.startswith(path) for path in paths)

    @property
    def by(self) -> str:
        """How the journal names this person."""
        return f"staff:{self.id}"
