"""Three laws at once on one tip: hotline, first check, decision; ten moments worked out by hand."""

from datetime import UTC, date, datetime, timedelta

import given
from flask import Flask

from tipline.queries import promises
from tipline.queries.casework import clocks_of
from tipline.services import casework, feedback, postponing
from tipline.vault import sealing

DAY = timedelta(days=1)
CHECK, DECISION = "initial_check", "decision"


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 2, tzinfo=UTC)  # ten in the morning in Shanghai


def promised(tip_id: int) -> dict[str, tuple[date, str]]:
    """What the reporter's page says."""
    given.fresh()
    return {each.step: (each.due_on, each.state) for each in promises.of_tip(tip_id)}


def staff_see(tip_id: int, now: datetime) -> tuple[date | None, date]:
    """The earliest of the running deadlines on the pages of desk and field, and in their lists."""
    tip = given.reread(tip_id)
    running = [
        each for each in clocks_of([tip.ref, tip.case.ref], now=now) if each.state == "running"
    ]
    earliest = min((each.due_on for each in running if each.due_on), default=None)
    return earliest, (tip.case.due_at - DAY / 2).date()


def test_three_laws_run_side_by_side_through_pause_extension_and_new_facts(app: Flask) -> None:
    office, inspector = given.staff("triage_officer"), given.staff("inspector")
    supervisor, code = given.staff("supervisor"), sealing.mint_code()
    tip = given.tip(code=code, source="hotline_12345", now=at(7, 1))
    staff = {each.label.en: each.due_on for each in clocks_of([tip.ref], now=at(7, 1))}
    assert staff["Reply to the 12345 hotline"] == date(2026, 7, 8)  # 2 3 6 7 8 July
    assert promised(tip.id) == {
        "acceptance_notice": (date(2026, 7, 10), "open"),
        CHECK: (date(2026, 7, 22), "open"),
    }
    assert staff_see(tip.id, at(7, 1)) == (date(2026, 7, 2), date(2026, 7, 2))

    case = given.accepted(tip.id, by=office, now=at(7, 2))
    assert promised(tip.id)["acceptance_notice"] == (date(2026, 7, 10), "kept")
    assert staff_see(tip.id, at(7, 2))[0] == date(2026, 7, 22)

    casework.claim(case.id, by=inspector, now=at(7, 3))
    wish = {"by": inspector, "ground": "depends_on_other_case", "document": ""}
    postponing.ask_extension(case.id, step=CHECK, n=15, now=at(7, 10), **wish)  # type: ignore[arg-type]
    assert promised(tip.id)[CHECK][0] == date(2026, 7, 22)
    postponing.decide(1, by=supervisor, granted=True, now=at(7, 10))
    assert promised(tip.id)[CHECK][0] == date(2026, 8, 12)  # thirty working days

    testing = {"by": inspector, "ground": "testing", "document": "检字 3 号"}
    postponing.ask_pause(case.id, began_at=at(7, 13), now=at(7, 13), **testing)  # type: ignore[arg-type]
    postponing.decide(2, by=supervisor, granted=True, now=at(7, 13))
    assert promised(tip.id)[CHECK][1] == "paused"
    assert staff_see(tip.id, at(7, 13))[0] is None

    postponing.resume(case.id, ended_at=at(7, 20), now=at(7, 20), **testing)  # type: ignore[arg-type]
    assert promised(tip.id)[CHECK] == (date(2026, 8, 19), "open")  # five working days later
    assert staff_see(tip.id, at(7, 20)) == (date(2026, 8, 19), date(2026, 8, 19))

    feedback.add(code, words="又看见他们搬进两张床。", now=at(7, 21))
    postponing.start_again(tip.id, by=office, now=at(7, 22))
    assert promised(tip.id)[CHECK] == (date(2026, 8, 11), "open")  # fifteen after the 21st

    casework.file(case.id, by=inspector, now=at(8, 3))
    assert promised(tip.id)[CHECK][1] == "kept"
    assert promised(tip.id)[DECISION] == (date(2026, 11, 1), "open")  # ninety days

    postponing.ask_extension(case.id, step=DECISION, n=30, now=at(8, 4), **wish)  # type: ignore[arg-type]
    postponing.decide(3, by=supervisor, granted=True, now=at(8, 5))
    assert promised(tip.id)[DECISION][0] == date(2026, 12, 1)

    hearing = {"by": inspector, "ground": "hearing", "document": "听字 1 号"}
    postponing.ask_pause(case.id, began_at=at(8, 10), now=at(8, 10), **hearing)  # type: ignore[arg-type]
    postponing.decide(4, by=supervisor, granted=True, now=at(8, 10))
    postponing.resume(case.id, ended_at=at(8, 17), now=at(8, 17), **hearing)  # type: ignore[arg-type]
    assert promised(tip.id)[DECISION][0] == date(2026, 12, 8)  # seven days later
    assert staff_see(tip.id, at(8, 17))[0] == date(2026, 12, 8)

    given.visit(case.id, by=inspector, now=at(8, 18))
    casework.record_finding(case.id, by=inspector, finding="substantiated", note="", now=at(8, 19))
    casework.conclude(case.id, by=inspector, now=at(8, 20))
    assert promised(tip.id)[DECISION][1] == "kept"
    assert promised(tip.id)["outcome_notice"] == (date(2026, 9, 10), "open")
