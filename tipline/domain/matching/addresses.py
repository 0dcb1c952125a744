"""Addresses: a line as people write it, read into its parts as far as they are there."""

import re
from dataclasses import dataclass

from tipline.domain.matching.plain import plain

HAN = "[\u4e00-\u9fff]"
AREA = re.compile(
    rf"^(?:{HAN}{{2,8}}?(?:省|自治区))?(?:{HAN}{{2,7}}?(?<![城夜超门早菜集花])市(?!场)){{0,2}}"
    rf"(?:{HAN}{{1,6}}?(?<![小社业发园校新片住工])[区县])?"
)
TOWN = re.compile(rf"^({HAN}{{1,6}}?(?:街道|镇|乡))")
ROAD = re.compile(r"([\u4e00-\u9fff\d]{1,9}?(?:大道|胡同|路|街|巷|弄|里))")
SECTION = re.compile(r"^(?:[东南西北中]段|上|中|下)(?=\d)")
NUMBER = re.compile(r"^(\d+(?:-\d+)?)(?![栋幢座单楼层室房])(?:号(?!楼)|(?= |$|\D))")
BUILDING = re.compile(r"(\d+|[a-z])(?:栋|幢|座|号楼)")
FLOOR = re.compile(r"(\d+)(?:楼|层|f)")
ROOM = re.compile(r"([a-z]?\d{1,4})(?:室|房|号房|号铺|铺|档)|(?:^|[^\d])(\d{3,4})$")
ESTATE = re.compile(
    rf"({HAN}{{2,8}}?(?:小区|花园|新村|公寓|大厦|广场|市场|学校|中学|小学|医院|车站|宾馆|酒店|超市|苑|城|村))"
)


@dataclass(frozen=True, kw_only=True)
class Address:
    """The parts of an address; empty where a part is not said. `whole` is the plain line."""

    whole: str = ""
    town: str = ""
    road: str = ""
    number: str = ""
    estate: str = ""
    building: str = ""
    floor: str = ""
    room: str = ""


def read_address(line: str, floor: str = "") -> Address:
    """The parts of an address in simplified characters; `floor` is what was said of it apart."""
    whole, upstairs = plain(line), plain(floor)
    rest = AREA.sub("", whole)
    town, rest = _first(TOWN, rest)
    road, behind = _road(rest)
    number, behind = _number(behind) if road else ("", behind)
    inside = f"{behind} {upstairs}".strip()
    room = _room(inside)
    level, _ = _first(FLOOR, inside)
    estate, _ = _first(ESTATE, rest if not road else f"{rest.partition(road)[0]} {behind}")
    return Address(
        whole=f"{rest} {upstairs}".strip(),
        town=town,
        road=road,
        number=number,
        estate=estate,
        building=_first(BUILDING, inside)[0],
        floor=level or (room[:-2] if len(room) > 2 and room.isdecimal() else ""),
        room=room,
    )


def street_of(whole: str) -> str:
    """A plain address without the province, city, district and town before it."""
    return TOWN.sub("", AREA.sub("", whole)) or whole


def _first(part: re.Pattern[str], text: str) -> tuple[str, str]:
    found = part.search(text)
    return (found.group(1), text[found.end() :]) if found else ("", text)


def _road(text: str) -> tuple[str, str]:
    """The last road before the first house number, and what stands behind it."""
    best: re.Match[str] | None = None
    for found in ROAD.finditer(text):
        best = found
        if NUMBER.match(SECTION.sub("", text[found.end() :])):
            break
    if best is None:
        return "", text
    return best.group(1), SECTION.sub("", text[best.end() :])


def _number(text: str) -> tuple[str, str]:
    found = NUMBER.match(text)
    return (found.group(1), text[found.end() :].strip()) if found else ("", text)


def _room(text: str) -> str:
    found = ROOM.search(text)
    return (found.group(1) or found.group(2)) if found else ""
