"""More time: what inspectors ask for, what the supervisor grants, and the monthly reports."""

from datetime import datetime

from sqlalchemy import select

from tipline.db import session
from tipline.demo.stage import Life, Stage
from tipline.models import TimeRequest
from tipline.queries import deadlines
from tipline.services import clocks, postponing

SUPERVISOR = "lixiaofeng"
DOCUMENT = "送检〔{year}〕6号"
SENDS_LATE = "信宜"


def ask_longer(stage: Stage, life: Life, by: str, *, now: datetime) -> None:
    """The inspector needs more time for the first check, or for the decision once it is filed."""
    step, n = ("decision", 30) if life.story.is_filed else ("initial_check", 15)
    asks = {"step": step, "ground": life.story.longer, "n": n, "document": ""}
    postponing.ask_extension(life.case_id(), by=stage.people[by], now=now, **asks)  # type: ignore[arg-type]


def ask_pause(stage: Stage, life: Life, by: str, *, now: datetime) -> None:
    """A sample has gone to be tested."""
    postponing.ask_pause(
        life.case_id(),
        by=stage.people[by],
        ground=life.story.paused,
        document=DOCUMENT.format(year=now.year),
        began_at=now,
        now=now,
    )


def grant(stage: Stage, life: Life, *, now: datetime) -> None:
    """The supervisor agrees to what waits."""
    waits = select(TimeRequest.id).where(
        TimeRequest.case_id == life.case_id(), TimeRequest.decided_at.is_(None)
    )
    for asked in session().scalars(waits).all():
        postponing.decide(asked, by=stage.people[SUPERVISOR], granted=True, now=now)


def send_reports(stage: Stage, *, now: datetime) -> None:
    """Every office sends its monthly report in time, but for one."""
    by = stage.people[SUPERVISOR]
    for duty in deadlines.duties(by, now=now):
        if duty.days_left is not None and duty.days_left <= 1 and SENDS_LATE not in duty.office:
            clocks.report(duty.clock_id, by=by, document="月报", now=now)
