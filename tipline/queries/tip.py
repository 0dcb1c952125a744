"""Everything the desk sees of one tip."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from tipline.db import session
from tipline.domain.dates import written
from tipline.domain.lifecycle import CaseStatus, TipStatus
from tipline.domain.telltale import IdentityWord, Telltale, find_telltales
from tipline.models import Case, Evidence, Tip
from tipline.queries import promises
from tipline.queries.casework import clocks_of
from tipline.queries.journal import about
from tipline.queries.licences import licences_at
from tipline.runtime import policy, settings
from tipline.vault import words


@dataclass(frozen=True)
class Said:
    """A message, opened with the desk's key."""

    from_office: bool
    kind: str
    at: datetime
    body: str


def tip_view(tip: Tip, *, key: bytes | None, now: datetime) -> dict[str, Any]:
    """The page's content; words and messages only with the tip's key."""
    today = now.astimezone(settings().zone).date()
    return {
        "tip": tip,
        "case": tip.case,
        "status": policy().statuses[tip.status],
        "case_status": policy().case_statuses[tip.case.status],
        "source": policy().sources.get(tip.source),
        "category": policy().categories[tip.category].label,
        "division": policy().divisions.name_of(tip.division),
        "clocks": clocks_of([tip.ref, tip.case.ref], now=now),
        "licences": licences_at(tip.case.clinic.division, tip.case.clinic.address, today=today),
        "words": _labelled(tip, key) if key else None,
        "messages": _messages(tip, key) if key else None,
        "files": files_of(tip),
        "journal": about([tip.ref, tip.case.ref]),
    }


def files_of(tip: Tip) -> dict[str, int]:
    """How many files came along with the tip, by what became of them: wanted, kept or failed."""
    counted = select(Evidence.state, func.count()).where(Evidence.tip_id == tip.id)
    found = session().execute(counted.group_by(Evidence.state))
    return {row[0]: row[1] for row in found}


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


def progress_draft(tip: Tip) -> str:
    """How a word on progress may begin: the legal limit stands in it, the progress is missing."""
    promise = promises.next_promise(tip.id)
    until = written(promise.due_on, tip.locale) if promise else ""
    if tip.locale == "zh":
        return f"这件事还在办理。目前进展：\n依法最晚到：{until}"
    return f"This is not finished yet. So far:\nBy law it has to end by: {until}"


def revealing(tip: Tip, answer: str) -> list[Telltale]:
    """Words in an answer that could give the reporter away; the template's own are none."""
    known = {each.matched for each in find_telltales(answer_draft(tip) or "", _suspicious())}
    return [each for each in find_telltales(answer, _suspicious()) if each.matched not in known]


def _suspicious() -> tuple[IdentityWord, ...]:
    return policy().identity_words


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
