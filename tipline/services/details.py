"""Details: what a reporter answers after the tip was received fills what is still empty."""

from datetime import datetime

from tipline.db import session
from tipline.domain.lifecycle import CaseStatus
from tipline.domain.words import as_stored
from tipline.models import Message, Tip
from tipline.policy.forms import Field
from tipline.runtime import policy
from tipline.services import asking, journal
from tipline.services.intake import office_for
from tipline.vault import sealing

NOTHING_YET = ("", "unknown")


def answer(tip: Tip, field: Field, *, value: str, words: str, now: datetime) -> None:
    """The step by which a reporter answers one question of the questionnaire.

    What routing needs fills a place that is still empty; everything else is kept as words.
    """
    if not _fill(tip, field, value=value, words=words):
        said = f"{field.label.in_locale(tip.locale)}：{words or _label(field, value, tip.locale)}"
        sealed = sealing.seal(tip.public_key, said)
        message = Message(tip_id=tip.id, kind="detail", from_office=False, at=now, sealed=sealed)
        session().add(message)
    facts = {"field": field.id}
    journal.record("tip.detailed", tip.ref, by=journal.REPORTER, now=now, facts=facts)


def _label(field: Field, value: str, locale: str) -> str:
    labels = {each.value: each.label.in_locale(locale) for each in asking.options(field)}
    return labels.get(value, value)


def _fill(tip: Tip, field: Field, *, value: str, words: str) -> bool:
    """Whether the answer found its column; one that is taken or cannot hold it stays as it is."""
    if field.keeps == "wish":
        return bool(value) and _wish(tip, field.id, value)
    said = value if asking.options(field) else words
    if field.keeps != "place" or not said or getattr(tip, field.id, None) not in NOTHING_YET:
        return False
    setattr(tip, field.id, as_stored(said))
    tip.match_due = True
    if tip.case.status == CaseStatus.RECEIVED:
        _fill_case(tip, field.id)
    return as_stored(said) == said


def _wish(tip: Tip, name: str, value: str) -> bool:
    if name not in ("wants_reply", "wants_reward"):
        return False
    setattr(tip, name, value == "yes")
    return True


def _fill_case(tip: Tip, name: str) -> None:
    """Until triage the case is as much as its one tip says."""
    case = tip.case
    if name == "category":
        case.category = tip.category
        case.priority = tip.priority = policy().categories[tip.category].priority
        return
    if getattr(case.clinic, name) == "":
        setattr(case.clinic, name, getattr(tip, name))
    if name == "division" and case.division == "":
        case.division, case.office_id = tip.division, office_for(tip.division)
