"""Administrative divisions: province, city and county, by the official six-digit code."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

FILLERS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
COUNTY_DIGITS = 6


@dataclass(frozen=True)
class Division:
    """One area: its code (two digits a level) and its own name."""

    code: str
    name: str


@dataclass(frozen=True)
class Divisions:
    """The official list; levels that are only fillers of the code are never shown."""

    names: Mapping[str, str]

    def __contains__(self, code: object) -> bool:
        return code in self.names

    def is_county(self, code: str) -> bool:
        """Is this the code of a county, the smallest area in the list?"""
        return len(code) == COUNTY_DIGITS and code in self.names

    def name_of(self, code: str) -> str:
        """The full readable name (广东省茂名市茂南区); empty for a code that is not in the list."""
        if code not in self.names:
            return ""
        levels = (self.names[code[:digits]] for digits in range(2, len(code) + 1, 2))
        return "".join(dict.fromkeys(name for name in levels if name not in FILLERS))

    def children(self, code: str = "") -> tuple[Division, ...]:
        """The areas right below this one, the provinces for the empty code; fillers are opened."""
        below = self._below.get(code, ())
        return tuple(
            shown
            for area in below
            for shown in (self.children(area.code) if area.name in FILLERS else (area,))
        )

    @cached_property
    def _below(self) -> Mapping[str, tuple[Division, ...]]:
        below: dict[str, list[Division]] = {}
        for code, name in sorted(self.names.items()):
            below.setdefault(code[:-2], []).append(Division(code, name))
        return {code: tuple(areas) for code, areas in below.items()}
