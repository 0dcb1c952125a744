"""What the bureau does: the desk decides and answers, inspectors work their cases."""

from datetime import datetime, timedelta

from tipline.db import session
from tipline.demo.stage import Life, Stage
from tipline.domain.lifecycle import CaseStatus
from tipline.models import Case, Tip
from tipline.queries.eligibility import local_day
from tipline.queries.letters import answer_draft
from tipline.runtime import policy
from tipline.services import answers, casework, measures, triage, visits
from tipline.services.measures import Imposed
from tipline.services.triage import Assessment
from tipline.services.visits import Seen

DAYS_TO_RECTIFY = timedelta(days=15)


def open_words(stage: Stage, life: Life, which: int, by: str, *, now: datetime) -> None:
    """The desk reads what the reporter said."""
    triage.open_words(life.tip_id(which), by=stage.people[by], now=now)


def ask(stage: Stage, life: Life, which: int, by: str, *, now: datetime) -> None:
    """The desk asks the reporter a question."""
    asked = life.story.tips[which].asked
    triage.ask(life.tip_id(which), by=stage.people[by], body=asked, now=now)


def accept(stage: Stage, life: Life, by: str, *, now: datetime) -> None:
    """The desk takes the matter on and writes the brief."""
    triage.accept(life.tip_id(0), by=stage.people[by], assessed=_assessed(life), now=now)


def join(stage: Stage, life: Life, which: int, by: str, *, now: datetime) -> None:
    """The desk puts a later tip to the case of the first one."""
    triage.join(life.tip_id(which), life.case_id(), by=stage.people[by], now=now)


def decline(stage: Stage, life: Life, which: int, by: str, *, now: datetime) -> None:
    """The desk does not take the matter on."""
    story = life.story
    triage.decline(
        life.tip_id(which), by=stage.people[by], reason=story.reason, note=story.note, now=now
    )


def refer(stage: Stage, life: Life, which: int, by: str, *, now: datetime) -> None:
    """The desk hands the matter to another department."""
    story = life.story
    triage.refer(
        life.tip_id(which),
        by=stage.people[by],
        department=story.department,
        note=story.note,
        now=now,
    )


def claim(stage: Stage, life: Life, by: str, *, now: datetime) -> None:
    """An inspector takes the case."""
    casework.claim(life.case_id(), by=stage.people[by], now=now)


def hand_back(stage: Stage, life: Life, by: str, *, now: datetime) -> None:
    """The inspector gives the case back."""
    casework.hand_back(life.case_id(), by=stage.people[by], reason=life.story.handed_back, now=now)


def visit(
    stage: Stage,
    life: Life,
    pair: tuple[str, str],
    number: int,
    seen_at: datetime,
    *,
    now: datetime,
) -> None:
    """Two inspectors were at the place, and one of them writes it down."""
    people = [stage.people[name] for name in pair]
    case_id = _held(stage, life, pair[0], now=now)
    for kind, note in life.story.visits[number].items():
        seen = Seen(kind=kind, at=seen_at, others=(people[1].id,), note=note)
        visits.record(case_id, by=people[0], seen=seen, now=now)


def file(stage: Stage, life: Life, by: str, *, now: datetime) -> None:
    """The inspector opens penalty proceedings."""
    casework.file(_held(stage, life, by, now=now), by=stage.people[by], now=now)


def impose(stage: Stage, life: Life, by: str, what: str, *, now: datetime) -> None:
    """The inspector records one measure, with its money or its note."""
    imposed = life.story.imposed[what]
    has_amount = isinstance(imposed, int)
    given = Imposed(
        kind=what,
        amount_fen=imposed * 100 if isinstance(imposed, int) else None,
        due_on=local_day(now) + DAYS_TO_RECTIFY,
        note=life.paper.format(year=now.year) if has_amount else str(imposed or ""),
    )
    case_id = _held(stage, life, by, now=now)
    measures.record(case_id, by=stage.people[by], imposed=given, now=now)


def find(stage: Stage, life: Life, by: str, *, now: datetime) -> None:
    """The inspector records what was established."""
    casework.record_finding(
        _held(stage, life, by, now=now),
        by=stage.people[by],
        finding=life.story.finding,
        note=life.story.found,
        now=now,
    )


def conclude(stage: Stage, life: Life, by: str, *, now: datetime) -> None:
    """The inspector ends the work."""
    casework.conclude(_held(stage, life, by, now=now), by=stage.people[by], now=now)


def answer(stage: Stage, life: Life, which: int, by: str, *, now: datetime) -> None:
    """The desk releases the answer in the words of the policy, unless the tip was withdrawn."""
    draft = answer_draft(session().get_one(Tip, life.tip_id(which)))
    if draft is not None:
        answers.release(life.tip_id(which), by=stage.people[by], body=draft, now=now)


def _held(stage: Stage, life: Life, by: str, *, now: datetime) -> int:
    """The case; claimed anew where a long holiday let the claim lapse."""
    case = session().get_one(Case, life.case_id())
    if case.status == CaseStatus.QUEUED:
        casework.claim(case.id, by=stage.people[by], now=now)
    return case.id


def _assessed(life: Life) -> Assessment:
    story = life.story
    return Assessment(
        brief=story.brief,
        priority=story.priority or policy().categories[story.kind].priority,
        category=story.kind,
        division=life.division,
        address=story.place,
        floor=story.floor,
    )
