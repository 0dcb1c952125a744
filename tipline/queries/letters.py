"""The answer as a letter: finding, legal basis, what can be done next; and a second look."""

from collections.abc import Iterator

from tipline.domain.dates import written
from tipline.domain.lifecycle import CaseStatus, TipStatus
from tipline.domain.plain import HardWord, hard_words_in
from tipline.domain.telltale import Telltale, find_telltales
from tipline.models import Case, Tip
from tipline.policy.outcomes import Remedy
from tipline.queries import promises
from tipline.runtime import policy, settings

UNITS = {
    "calendar_day": ("{} 日内", "within {} days"),
    "workday": ("{} 个工作日内", "within {} working days"),
    "month": ("{} 个月内", "within {} months"),
    "year": ("{} 年内", "within {} years"),
}


def answer_draft(tip: Tip) -> str | None:
    """The letter from its templates, in the reporter's language; None while no answer is due."""
    case = tip.case
    if tip.status != TipStatus.ACCEPTED or case.status != CaseStatus.CONCLUDED:
        return None
    assert case.finding is not None
    return "\n".join([_finding(tip, case.finding), *_basis(case, tip.locale), *_next(tip.locale)])


def progress_draft(tip: Tip) -> str:
    """How a word on progress may begin: the legal limit stands in it, the progress is missing."""
    promise = promises.next_promise(tip.id)
    until = written(promise.due_on, tip.locale) if promise else ""
    return policy().letters.progress.in_locale(tip.locale).format(until=until)


def revealing(tip: Tip, answer: str) -> list[Telltale]:
    """Words in an answer that could give the reporter away; the template's own are none."""
    suspicious = policy().identity_words
    own = f"{answer_draft(tip) or ''}\n{progress_draft(tip)}"
    known = {each.matched for each in find_telltales(own, suspicious)}
    return [each for each in find_telltales(answer, suspicious) if each.matched not in known]


def hard_words(tip: Tip, answer: str) -> list[HardWord]:
    """Words of the office in what was added to the letter's own text."""
    own = hard_words_in(answer_draft(tip) or "", policy().letters.hard_words)
    found = hard_words_in(answer, policy().letters.hard_words)
    return [each for each in found if each not in own]


def is_too_long(answer: str) -> bool:
    """Whether the answer is longer than people read."""
    return len(answer) > policy().letters.longest


def _finding(tip: Tip, finding: str) -> str:
    received_on = tip.received_at.astimezone(settings().zone).date()
    return (
        policy()
        .answers[finding]
        .in_locale(tip.locale)
        .format(
            number=tip.number,
            received_on=written(received_on, tip.locale),
            measures=_imposed(tip.case, tip.locale),
        )
    )


def _imposed(case: Case, locale: str) -> str:
    kinds = dict.fromkeys(measure.kind for measure in case.measures)
    names = [policy().measures[kind].label.in_locale(locale) for kind in kinds]
    if not names:
        return "无" if locale == "zh" else "none"
    return ("、" if locale == "zh" else ", ").join(names)


def _basis(case: Case, locale: str) -> Iterator[str]:
    basis = policy().categories[case.category].basis
    if basis is not None and case.measures:
        yield policy().letters.basis.in_locale(locale).format(basis=basis.in_locale(locale))


def _next(locale: str) -> Iterator[str]:
    yield policy().letters.next.in_locale(locale)
    remedies = policy().letters.remedies
    for number, remedy in enumerate(remedies, start=1):
        between, end = ("；", "。") if locale == "zh" else (";", ".")
        yield f"{number}. {_remedy(remedy, locale)}{end if number == len(remedies) else between}"


def _remedy(remedy: Remedy, locale: str) -> str:
    chinese, english = (words.format(remedy.within) for words in UNITS[remedy.unit])
    text = remedy.text.in_locale(locale)
    return f"{text}（{chinese}）" if locale == "zh" else f"{text} ({english})"
