"""Answers between the form and the questionnaire: what was typed, what is missing, what it says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tipline.domain.words import Text
from tipline.policy.forms import Field, Page
from tipline.runtime import policy
from tipline.services.intake import Statement
from tipline.web.contacts import phone_of
from tipline.web.words import _, said

YES, NO = "yes", "no"
CHANNELS = ("sms",)
PROVINCE_DIGITS = 2


class Choice(NamedTuple):
    """One option of a question."""

    value: str
    label: Text | str
    hint: Text | None = None


class Areas(NamedTuple):
    """A group of areas in the list of districts."""

    name: str
    members: list[tuple[str, str]]


@dataclass(frozen=True)
class AskedField:
    """A field of the questionnaire with its options filled in, ready for the page."""

    id: str
    kind: str
    label: Text
    hint: Text | None
    required: bool
    unknown: bool
    options: list[Choice]
    optgroups: list[Areas]


@dataclass(frozen=True)
class AskedPage:
    """A page of the questionnaire ready to be shown."""

    id: str
    title: Text
    hint: Text | None
    optional: bool
    fields: list[AskedField]


@dataclass(frozen=True)
class Row:
    """One line of the page on which everything is checked; None was not answered."""

    page_id: str
    label: Text
    value: str | None


def asked(page: Page, *, home: str) -> AskedPage:
    """The page with its options; `home` is the division of the bureau, whose areas come first."""
    fields = [_asked(field, home) for field in page.fields]
    return AskedPage(page.id, page.title, page.hint, page.optional, fields)


def typed(page: Page, form: Mapping[str, str]) -> dict[str, str]:
    """What was typed on this page, by field name, exactly as typed."""
    given: dict[str, str] = {}
    for field in page.fields:
        if field.kind == "contact":
            given["contact_channel"] = form.get("contact_channel", "")
            given["contact_address"] = form.get("contact_address", "")
        elif field.kind == "division":
            given[field.id] = _known_division(form.get(field.id, ""))
        else:
            given[field.id] = form.get(field.id, "")
    return given


def errors(page: Page, given: Mapping[str, str]) -> dict[str, str]:
    """What is missing on this page or cannot be used as it is, with what to do about it."""
    found = {
        field.id: _("请填写：%(what)s", what=said(field.label))
        for field in page.fields
        if field.required and not given.get(field.id, "").strip()
    }
    if any(field.kind == "contact" for field in page.fields) and not _reachable(given):
        found["contact_address"] = _(
            "请检查手机号码：中国大陆手机号是 11 位数字。也可以选择不留联系方式。"
        )
    return found


def rows(page: Page, given: Mapping[str, str]) -> list[Row]:
    """The lines of the check page for this page."""
    return [Row(page.id, field.label, _shown(field, given)) for field in page.fields]


def statement(given: Mapping[str, str], *, code: str, locale: str) -> Statement:
    """What the answers say, ready for intake."""
    fields = policy().questionnaire.fields
    words = {
        name: given[name]
        for name, field in fields.items()
        if field.keeps == "words" and given.get(name, "").strip()
    }
    return Statement(
        channel="web",
        locale=locale,
        code=code,
        category=_category(given.get("category", "")),
        division=given.get("division", ""),
        address=given.get("address", ""),
        floor=given.get("floor", ""),
        words=words,
        contact=_contact(given),
        wants_reply=given.get("wants_reply") != NO,
        wants_reward=given.get("wants_reward") == YES,
    )


def _asked(field: Field, home: str) -> AskedField:
    is_place = field.kind == "division"
    return AskedField(
        id=field.id,
        kind=field.kind,
        label=field.label,
        hint=field.hint,
        required=field.required,
        unknown=field.unknown,
        options=_areas(home) if is_place else _options(field),
        optgroups=_elsewhere(home) if is_place else [],
    )


def _options(field: Field) -> list[Choice]:
    if field.options == "categories":
        active = (kind for kind in policy().categories.values() if kind.active)
        return [Choice(kind.id, kind.label, kind.hint) for kind in active]
    assert isinstance(field.options, tuple)
    return [Choice(option.value, option.label) for option in field.options]


def _areas(home: str) -> list[Choice]:
    if not home:
        return []
    return [Choice(area.code, area.name) for area in policy().divisions.children(home)]


def _elsewhere(home: str) -> list[Areas]:
    """The other areas: the counties of the home province by city, the cities of all others."""
    divisions, province = policy().divisions, home[:PROVINCE_DIGITS]
    near = divisions.children(province) if home else ()
    far = (area for area in divisions.children("") if area.code != province)
    return [
        Areas(area.name, [(below.code, below.name) for below in divisions.children(area.code)])
        for area in (*near, *far)
        if area.code != home and divisions.children(area.code)
    ] + [
        Areas(
            _("省直辖"), [(area.code, area.name) for area in near if divisions.is_county(area.code)]
        )
    ]


def _known_division(chosen: str) -> str:
    return chosen if chosen in policy().divisions else ""


def _shown(field: Field, given: Mapping[str, str]) -> str | None:
    value = given.get(field.id, "")
    if field.kind == "contact":
        contact = _contact(given)
        return contact[1] if contact else _("不留联系方式")
    if field.kind == "division":
        return policy().divisions.name_of(value) or None
    if field.kind == "yes_no":
        return {YES: _("是"), NO: _("否")}.get(value)
    if field.kind == "choice":
        labels = {choice.value: choice.label for choice in _options(field)}
        return said(labels[value]) if value in labels else None
    return value if value.strip() else None


def _category(value: str) -> str:
    return value if value in policy().categories else "unknown"


def _contact(given: Mapping[str, str]) -> tuple[str, str] | None:
    channel, address = given.get("contact_channel", ""), given.get("contact_address", "")
    number = phone_of(address)
    return (channel, number) if channel in CHANNELS and number else None


def _reachable(given: Mapping[str, str]) -> bool:
    return given.get("contact_channel", "") not in CHANNELS or bool(
        phone_of(given.get("contact_address", ""))
    )
