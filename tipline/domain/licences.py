"""Licences: reading the official list as it comes from an office, and what a licence allows."""

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "number": ("number", "许可证号", "登记号", "执业许可证号", "证号", "备案号"),
    "name": ("name", "机构名称", "名称", "单位名称"),
    "division": ("division", "区划代码", "行政区划代码", "区划"),
    "address": ("address", "地址", "机构地址", "执业地址"),
    "scope": ("scope", "诊疗科目", "诊疗范围", "科目"),
    "valid_until": ("valid_until", "有效期至", "有效期", "有效期止", "截止日期"),
}
NEEDED = ("number", "name", "address", "valid_until")
DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
ENCODINGS = ("utf-8-sig", "gb18030")
MOST_FAULTS = 20


class Standing(StrEnum):
    """What a place is by the official list."""

    LICENSED = "licensed"
    EXPIRED = "expired"
    OUTSIDE_SCOPE = "outside_scope"
    UNKNOWN = "unknown_at_address"


@dataclass(frozen=True)
class Institution:
    """One line of the official list."""

    number: str
    name: str
    division: str
    address: str
    scope: str
    valid_until: date


class Unreadable(Exception):
    """The list cannot be taken over as it is; one message a fault, with line and column."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


def standing(scope: str, valid_until: date, *, needed: Iterable[str], today: date) -> Standing:
    """What a licence is worth today for a practice whose scope must hold one of these words."""
    if valid_until < today:
        return Standing.EXPIRED
    words = tuple(needed)
    if words and not any(word in _allowed(scope) for word in words):
        return Standing.OUTSIDE_SCOPE
    return Standing.LICENSED


def _allowed(scope: str) -> str:
    """A scope without what it says that it does not hold: 中医科（不含静脉输液）."""
    return re.sub(r"[（(]不含[^）)]*[）)]", "", scope)


def read_list(raw: bytes, *, division: str = "") -> list[Institution]:
    """The institutions in a CSV file of an office; Unreadable names every line that is wrong.

    `division` is where they are when the file does not say.
    """
    lines = list(csv.reader(io.StringIO(_decoded(raw), newline="")))
    where = _columns(lines[0] if lines else [])
    faults: list[str] = []
    found: list[Institution] = []
    for number, line in enumerate(lines[1:], start=2):
        if any(cell.strip() for cell in line):
            cells = {name: _cell(line, at) for name, at in where.items()}
            wrong = list(_faults(number, cells, division))
            faults += wrong
            found += [] if wrong else [_institution(cells, division)]
    faults += _twice(found)
    if faults:
        raise Unreadable(faults[:MOST_FAULTS])
    return found


def _decoded(raw: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(["the file is neither UTF-8 nor GB18030 text; save it as CSV UTF-8"])


def _columns(head: list[str]) -> dict[str, int]:
    titles = [unicodedata.normalize("NFKC", title).strip().casefold() for title in head]
    where = {
        name: titles.index(title)
        for name, known in COLUMNS.items()
        for title in reversed(known)
        if title in titles
    }
    missing = [name for name in NEEDED if name not in where]
    if missing:
        named = ", ".join(f"{name} ({COLUMNS[name][1]})" for name in missing)
        raise Unreadable([f"line 1: no column {named}; found: {', '.join(head) or 'nothing'}"])
    return where


def _cell(line: list[str], at: int) -> str:
    return line[at].strip() if at < len(line) else ""


def _faults(number: int, cells: Mapping[str, str], division: str) -> Iterator[str]:
    for name in NEEDED:
        if not cells.get(name):
            yield f"line {number}, column {name}: is empty"
    if cells.get("valid_until") and _date(cells["valid_until"]) is None:
        yield (
            f"line {number}, column valid_until: {cells['valid_until']!r} is no date;"
            " write it like 2027-12-31"
        )
    area = cells.get("division") or division
    if not re.fullmatch(r"[0-9]{2,12}", area):
        yield f"line {number}, column division: {area!r} is no division code; or use --division"


def _date(written: str) -> date | None:
    found = DATE.match(unicodedata.normalize("NFKC", written).strip())
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def _institution(cells: Mapping[str, str], division: str) -> Institution:
    until = _date(cells["valid_until"])
    assert until is not None
    return Institution(
        number=cells["number"],
        name=cells["name"],
        division=cells.get("division") or division,
        address=cells["address"],
        scope=cells.get("scope", ""),
        valid_until=until,
    )


def _twice(found: Iterable[Institution]) -> list[str]:
    counted = Counter(each.number for each in found)
    return [f"column number: {number!r} is there twice" for number, n in counted.items() if n > 1]
