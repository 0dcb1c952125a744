"""Everything the desk sees of one tip."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from tipline.db import session
from tipline.models import Evidence, Tip
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
        "licences": licences_at(
            tip.case.clinic.division,
            tip.case.clinic.address,
            today=today,
            category=tip.case.category,
        ),
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
