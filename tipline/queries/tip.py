"""Everything the desk sees of one tip."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from tipline.db import session
from tipline.domain.dates import written
from tipline.domain.lifecycle import CaseStatus, TipStatus
from tipline.domain.words import Text
from tipline.models import Case, Entry, Staff, Tip
from tipline.queries.casework import clocks_of
from tipline.runtime import policy, settings
from tipline.vault import words


@dataclass(frozen=True)
class Seen:
    """One journal line, as staff read it."""

    at: datetime
    text: Text | str
    by: str


@dataclass(frozen=True)
class Said:
    """A message, opened with the desk's key."""

    from_office: bool
    kind: str
    at: datetime
    body: str


def tip_view(tip: Tip, *, key: bytes | None, now: datetime) -> dict[str, Any]:
    """The page's content; words and messages only with the tip's key."""
    return {
        "tip": tip,
        "case": tip.case,
        "status": policy().statuses[tip.status],
        "case_status": policy().case_statuses[tip.case.status],
        "category": policy().categories[tip.category].label,
        "division": policy().divisions.name_of(tip.division),
        "clocks": clocks_of([tip.ref, tip.case.ref], now=now),
        "words": _labelled(tip, key) if key else None,
        "messages": _messages(tip, key) if key else None,
        "journal": _journal(tip),
    }


def answer_draft(tip: Tip) -> str | None:
    """The answer's template filled in, in the reporter's language; None while none is due."""
    case = tip.case
    if tip.status != TipStatus.ACCEPTED or case.status != CaseStatus.CONCLUDED:
        return None
    assert case.finding is not None
    received_on = tip.received_at.astimezone(settings().zone).date()
    return (
        policy()
        .answers[case.finding]
        .in_locale(tip.locale)
        .format(
            number=tip.number,
            received_on=written(received_on, tip.locale),
            measures=_imposed(case, tip.locale),
        )
    )


def _imposed(case: Case, locale: str) -> str:
    kinds = dict.fromkeys(measure.kind for measure in case.measures)
    names = [policy().measures[kind].label.in_locale(locale) for kind in kinds]
    if not names:
        return "无" if locale == "zh" else "none"
    return ("、" if locale == "zh" else ", ").join(names)


def _labelled(tip: Tip, key: bytes) -> dict[str, str]:
    labels = policy().questionnaire.fields
    opened: dict[str, str] = words.read(key, tip.words_sealed)
    return {
        labels[name].label.zh if name in labels else name: text for name, text in opened.items()
    }


def _messages(tip: Tip, key: bytes) -> list[Said]:
    return [
        Said(each.from_office, each.kind, each.at, words.read(key, each.sealed))
        for each in tip.messages
    ]


def _journal(tip: Tip) -> list[Seen]:
    about_tip = (Entry.about_kind == "tip") & (Entry.about_id == tip.id)
    about_case = (Entry.about_kind == "case") & (Entry.about_id == tip.case_id)
    lines = session().scalars(select(Entry).where(or_(about_tip, about_case)).order_by(Entry.id))
    found = lines.all()
    names = _names({line.by for line in found})
    labels = policy().events
    return [
        Seen(line.at, labels.get(line.event, line.event), names.get(line.by, line.by))
        for line in found
    ]


def _names(actors: set[str]) -> dict[str, str]:
    ids = [int(by.removeprefix("staff:")) for by in actors if by.startswith("staff:")]
    people = session().execute(select(Staff.id, Staff.name).where(Staff.id.in_(ids)))
    return {f"staff:{person.id}": person.name for person in people}
