"""More time: asked for with a ground of the law, decided by another person in time, and told."""

from datetime import UTC, date, datetime, timedelta

import given
import pytest

from tipline.domain.actors import Actor, NotThere
from tipline.domain.running import Running
from tipline.models import Case, Clock, Entry, Notice, Reminder, TimeRequest
from tipline.queries import history
from tipline.services import casework, clocks, postponing, triage
from tipline.services.postponing import NotPossible

DAY = timedelta(days=1)
GROUND = "depends_on_other_case"


@pytest.fixture
def case(office: Actor, inspector: Actor) -> Case:
    return given.claimed(given.tip().id, office=office, inspector=inspector)


def clock(step: str = "initial_check") -> Clock:
    (found,) = [each for each in given.every(Clock) if each.step == step]
    return found


def asked() -> int:
    return given.every(TimeRequest)[-1].id


def ask_more(case: Case, by: Actor, *, now: datetime = given.NOW, **more: object) -> None:
    wish: dict[str, object] = {"step": "initial_check", "ground": GROUND, "n": 5, "document": ""}
    postponing.ask_extension(case.id, by=by, now=now, **(wish | more))  # type: ignore[arg-type]


def pause(case: Case, by: Actor, to: Actor, *, began_at: datetime, now: datetime) -> None:
    postponing.ask_pause(
        case.id, by=by, ground="testing", document="检字〔2026〕3号", began_at=began_at, now=now
    )
    postponing.decide(asked(), by=to, granted=True, now=now)


def resume(case: Case, by: Actor, *, ended_at: datetime, now: datetime) -> None:
    postponing.resume(case.id, by=by, ground="testing", document="报告", ended_at=ended_at, now=now)


def test_an_extension_moves_the_promise_when_the_supervisor_grants_it(
    case: Case, inspector: Actor, supervisor: Actor
) -> None:
    ask_more(case, inspector)
    assert clock().due_on == date(2026, 7, 22)
    postponing.decide(asked(), by=supervisor, granted=True, now=given.NOW + DAY)
    moved = clock()
    assert (moved.due_on, moved.first_due_on) == (date(2026, 7, 29), date(2026, 7, 22))
    assert [each.event for each in given.every(Entry)][-2:] == ["case.time_asked", "case.extended"]
    assert given.reread(1).due_at == moved.due_at


def test_the_reporter_is_told_and_both_sides_are_reminded(
    case: Case, inspector: Actor, supervisor: Actor
) -> None:
    ask_more(case, inspector)
    postponing.decide(asked(), by=supervisor, granted=True, now=given.NOW)
    lines = {each.id: each.event for each in given.every(Entry)}
    told = [lines[int(each.because.removeprefix("journal:"))] for each in given.every(Notice)]
    assert told[-1] == "case.extended"
    reminded = [(each.staff_id, lines[each.entry_id]) for each in given.every(Reminder)]
    assert reminded == [(supervisor.id, "case.time_asked"), (inspector.id, "case.extended")]


def test_a_refusal_changes_nothing_but_is_written_down(
    case: Case, inspector: Actor, supervisor: Actor
) -> None:
    ask_more(case, inspector)
    postponing.decide(asked(), by=supervisor, granted=False, now=given.NOW)
    assert clock().due_on == date(2026, 7, 22)
    assert given.every(Entry)[-1].event == "case.time_refused"


@pytest.mark.parametrize("ground", ["workload", "staff_absence_or_turnover", "testing", "anything"])
def test_a_ground_that_the_rule_does_not_list_cannot_be_chosen(
    case: Case, inspector: Actor, ground: str
) -> None:
    with pytest.raises(NotPossible, match="ground"):
        ask_more(case, inspector, ground=ground)
    assert given.every(TimeRequest) == []


@pytest.mark.parametrize("n", [0, 16, 10**9])
def test_an_extension_keeps_to_the_length_of_the_rule(case: Case, inspector: Actor, n: int) -> None:
    with pytest.raises(NotPossible, match="length"):
        ask_more(case, inspector, n=n)


def test_an_extension_is_granted_once_when_the_rule_knows_one(
    case: Case, inspector: Actor, supervisor: Actor
) -> None:
    ask_more(case, inspector)
    with pytest.raises(NotPossible, match="already"):
        ask_more(case, inspector)
    postponing.decide(asked(), by=supervisor, granted=True, now=given.NOW)
    with pytest.raises(NotPossible, match="often"):
        ask_more(case, inspector)
    with pytest.raises(NotPossible, match="decided"):
        postponing.decide(asked(), by=supervisor, granted=True, now=given.NOW)


def test_nothing_is_extended_after_it_expired(
    case: Case, inspector: Actor, supervisor: Actor
) -> None:
    ask_more(case, inspector)
    late = datetime(2026, 7, 22, 16, tzinfo=UTC)  # the first instant of the 23rd in Shanghai
    with pytest.raises(NotPossible, match="late"):
        postponing.decide(asked(), by=supervisor, granted=True, now=late)
    with pytest.raises(NotPossible, match="late"):
        ask_more(case, inspector, now=late)
    postponing.decide(asked(), by=supervisor, granted=False, now=late)


def test_nobody_decides_on_their_own_wish_and_no_inspector_decides(
    office: Actor, supervisor: Actor
) -> None:
    both = given.staff("inspector", "supervisor")
    case = given.claimed(given.tip().id, office=office, inspector=both)
    ask_more(case, both)
    with pytest.raises(NotPossible, match="own"):
        postponing.decide(asked(), by=both, granted=True, now=given.NOW)
    with pytest.raises(NotThere):
        postponing.decide(asked(), by=office, granted=True, now=given.NOW)


def test_a_pause_stops_the_clock_from_its_document_until_it_is_over(
    case: Case, inspector: Actor, supervisor: Actor
) -> None:
    pause(case, inspector, supervisor, began_at=given.NOW + DAY, now=given.NOW + 2 * DAY)
    assert (clock().state, clock().ring_at) == ("paused", None)
    assert clocks.ring(now=given.NOW + 3 * DAY) == 0
    resume(case, inspector, ended_at=given.NOW + 8 * DAY, now=given.NOW + 9 * DAY)
    assert (clock().state, clock().due_on) == ("running", date(2026, 7, 29))


def test_a_pause_needs_its_document_and_a_date_that_can_be(case: Case, inspector: Actor) -> None:
    wish = {"by": inspector, "ground": "testing", "now": given.NOW}
    with pytest.raises(NotPossible, match="document"):
        postponing.ask_pause(case.id, document=" ", began_at=given.NOW, **wish)  # type: ignore[arg-type]
    for began_at in (given.NOW + DAY, given.NOW - 9 * DAY):
        with pytest.raises(NotPossible, match="date"):
            postponing.ask_pause(case.id, document="x", began_at=began_at, **wish)  # type: ignore[arg-type]


def test_nothing_resumes_that_does_not_wait(case: Case, inspector: Actor) -> None:
    with pytest.raises(NotPossible, match="ground"):
        resume(case, inspector, ended_at=given.NOW, now=given.NOW)


def test_a_case_that_waits_for_a_test_is_not_returned_for_idleness(
    case: Case, inspector: Actor, supervisor: Actor
) -> None:
    pause(case, inspector, supervisor, began_at=given.NOW, now=given.NOW)
    assert casework.return_idle(now=given.NOW + 30 * DAY) == 0
    resume(case, inspector, ended_at=given.NOW + 30 * DAY, now=given.NOW + 30 * DAY)
    assert casework.return_idle(now=given.NOW + 60 * DAY) == 1


def as_stored(row: Clock) -> tuple[object, ...]:
    return (row.state, row.due_on, row.due_at, row.started_at, row.ended_at)


def as_replayed(found: Running) -> tuple[object, ...]:
    due = found.due
    return (found.state, due.due_on, due.due_instant, found.started.at, found.ended_at)


def test_a_replay_of_the_journal_gives_every_clock_as_it_stands(
    case: Case, office: Actor, inspector: Actor, supervisor: Actor
) -> None:
    other = given.tip(now=given.NOW + DAY)
    pause(case, inspector, supervisor, began_at=given.NOW + DAY, now=given.NOW + 2 * DAY)
    triage.join(other.id, case.id, by=office, now=given.NOW + 3 * DAY)
    resume(case, inspector, ended_at=given.NOW + 5 * DAY, now=given.NOW + 6 * DAY)
    ask_more(case, inspector, now=given.NOW + 7 * DAY)
    postponing.decide(asked(), by=supervisor, granted=True, now=given.NOW + 7 * DAY)
    casework.file(case.id, by=inspector, now=given.NOW + 8 * DAY)
    ask_more(case, inspector, step="decision", n=30, now=given.NOW + 9 * DAY)
    postponing.decide(asked(), by=supervisor, granted=True, now=given.NOW + 9 * DAY)
    ask_more(case, inspector, step="decision", n=77, now=given.NOW + 9 * DAY)
    postponing.decide(asked(), by=supervisor, granted=True, now=given.NOW + 9 * DAY)
    clocks.ring(now=given.NOW + 400 * DAY)
    rows = given.every(Clock)
    assert len(rows) > 10
    for row in rows:
        assert as_stored(row) == as_replayed(history.running(row)), row.step
    (first, second) = [each for each in rows if each.step == "decision"]
    assert first.due_on == second.due_on == date(2026, 7, 9) + (90 + 30 + 77) * DAY
