"""Lists of deadlines: due this week, overdue, waiting for others; per person, office, district."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select

from tipline.db import session
from tipline.domain.actors import Actor
from tipline.domain.words import Text
from tipline.models import Case, Clock, Entry, Office, Staff, TimeRequest, Tip
from tipline.models.clocks import CIRCULATED, OWED, WAITS
from tipline.queries.countdowns import left
from tipline.queries.history import step_of
from tipline.queries.paging import EARLIEST, Page, page_of
from tipline.queries.triage import in_reach
from tipline.runtime import policy, settings

MOST = 500
VIEWS = ("week", "overdue", "circular", "waiting")


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the list is narrowed to; empty means everything within reach."""

    view: str = "overdue"
    office_id: int | None = None
    district: str = ""
    mine: bool = False


@dataclass(frozen=True, kw_only=True)
class Row:
    """One deadline of one case, or of one of its tips."""

    clock_id: int
    case_number: str
    tip_number: str
    office: str
    district: str
    step: Text
    due_on: date | None
    days_left: int | None
    urgency: str
    provisional: bool
    holder: str
    waits_for: Text | None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request for more time, for whoever decides."""

    id: int
    case_number: str
    kind: str
    step: Text | None
    n: int
    unit: str
    ground: Text
    document: str
    begins_at: datetime
    by: str
    asked_at: datetime
    due_on: date | None
    days_left: int | None
    urgency: str
    provisional: bool


def worklist(
    actor: Actor, filters: Filters, *, now: datetime, after: str | None = None
) -> Page[Row]:
    """One page of the deadlines of a view, the earliest first."""
    query = _seen_by(actor, filters).where(_in_view(filters.view, now))
    found = page_of(query, Clock, after=after, by=EARLIEST)
    grounds = _grounds([clock for clock, *_ in found.rows if clock.state == "paused"])
    rows = [
        _row(clock, case, *names, ground=grounds.get(case.id), now=now)
        for clock, case, *names in found.rows
    ]
    return Page(rows, found.after)


def whole_list(actor: Actor, filters: Filters, *, now: datetime) -> Iterator[Row]:
    """All deadlines of a view, page by page."""
    after: str | None = ""
    while after is not None:
        found = worklist(actor, filters, now=now, after=after)
        yield from found.rows
        after = found.after


def offices(actor: Actor) -> Sequence[tuple[int, str]]:
    """The offices whose deadlines this person may see."""
    query = select(Office.id, Office.name).where(in_reach(actor, "clock:read"))
    return [(office_id, name) for office_id, name in session().execute(query.order_by(Office.path))]


@dataclass(frozen=True, kw_only=True)
class Duty:
    """What an office has to report, and until when."""

    clock_id: int
    office: str
    step: Text
    due_on: date | None
    days_left: int | None
    urgency: str
    provisional: bool


def duties(actor: Actor, *, now: datetime) -> list[Duty]:
    """The reports that offices owe, the earliest first."""
    query = (
        select(Clock, Office.name)
        .join(Office, and_(Clock.about_kind == "office", Office.id == Clock.about_id))
        .where(Clock.state == "running", in_reach(actor, "clock:decide"))
        .order_by(Clock.due_at, Clock.id)
        .limit(MOST)
    )
    return [
        Duty(
            clock_id=clock.id,
            office=office,
            step=step.label,
            **vars(left(clock.due_at, now=now)),
        )
        for clock, office in session().execute(query)
        if (step := step_of(clock)) is not None
    ]


def requests(actor: Actor, *, now: datetime) -> list[Asked]:
    """Requests for more time that wait for a decision, the most urgent first."""
    query = (
        select(TimeRequest, Case, Staff.name)
        .join(Case, Case.id == TimeRequest.case_id)
        .join(Case.office)
        .join(Staff, Staff.id == TimeRequest.asked_by_id)
        .where(TimeRequest.decided_at.is_(None), in_reach(actor, "clock:decide"))
        .order_by(Case.due_at, TimeRequest.id)
        .limit(MOST)
    )
    return [_asked(asked, case, by, now=now) for asked, case, by in session().execute(query)]


def _seen_by(actor: Actor, filters: Filters) -> Select[Clock, Case, str, str, str]:
    home = or_(
        and_(Clock.about_kind == "case", Case.id == Clock.about_id),
        and_(Clock.about_kind == "tip", Case.id == Tip.case_id),
    )
    of_tip = and_(Clock.about_kind == "tip", Tip.id == Clock.about_id)
    query = (
        select(Clock, Case, Office.name, Staff.name, Tip.number)
        .outerjoin(Tip, of_tip)
        .join(Case, home)
        .join(Office, Office.id == Case.office_id)
        .outerjoin(Staff, Staff.id == Case.claimed_by_id)
    )
    query = query.where(
        Case.claimed_by_id == actor.id if filters.mine else in_reach(actor, "clock:read")
    )
    if filters.office_id is not None:
        query = query.where(Case.office_id == filters.office_id)
    if filters.district:
        query = query.where(Case.division.startswith(filters.district, autoescape=True))
    return query


def _in_view(view: str, now: datetime) -> ColumnElement[bool]:
    """Waiting is what others owe: a test, a hearing, the police, the reporter.

    On the circular list is what was urged in vain.
    """
    if view == "waiting":
        return WAITS
    if view == "circular":
        return and_(OWED, CIRCULATED)
    if view == "overdue":
        return and_(OWED, Clock.due_at <= now)
    return and_(OWED, Clock.due_at > now, Clock.due_at <= _end_of_week(now))


def _end_of_week(now: datetime) -> datetime:
    today = now.astimezone(settings().zone).date()
    monday = today + timedelta(days=7 - today.weekday())
    return datetime.combine(monday, time(), settings().zone)


def _grounds(paused: Sequence[Clock]) -> dict[int, str]:
    """Why the cases of these clocks wait: the ground of the last pause of each."""
    cases = {each.about_id for each in paused if each.about_kind == "case"}
    tips = [each.about_id for each in paused if each.about_kind == "tip"]
    home = select(Tip.case_id).where(Tip.id.in_(tips))
    if not paused:
        return {}
    about = or_(Entry.about_id.in_(cases), Entry.about_id.in_(home))
    lines = select(Entry.about_id, Entry.facts).where(
        Entry.about_kind == "case", about, Entry.event == "case.paused"
    )
    found = session().execute(lines.order_by(Entry.id))
    return {case_id: str(facts.get("ground")) for case_id, facts in found}


def _row(
    clock: Clock,
    case: Case,
    office: str,
    holder: str | None,
    tip: str | None,
    *,
    ground: str | None,
    now: datetime,
) -> Row:
    step = step_of(clock)
    countdown = vars(left(clock.due_at, now=now))
    return Row(
        clock_id=clock.id,
        case_number=case.number,
        tip_number=tip or "",
        office=office,
        district=policy().divisions.name_of(case.division),
        step=step.label if step else Text(zh=clock.step, en=clock.step),
        holder=holder or "",
        waits_for=_waits_for(clock, ground),
        **(countdown | {"provisional": clock.provisional}),
    )


def _waits_for(clock: Clock, ground: str | None) -> Text | None:
    others = {
        "police": Text(zh="公安机关", en="the police"),
        "reporter": Text(zh="举报人", en="the reporter"),
        "accused": Text(zh="当事人", en="the accused"),
    }
    if clock.state == "paused":
        known = policy().grounds.get(ground or "")
        return known.label if known else Text(zh="暂停中，等结果", en="paused, for a result")
    return others.get(clock.bound)


def _asked(asked: TimeRequest, case: Case, by: str, *, now: datetime) -> Asked:
    steps = {step.id: step.label for step in policy().deadlines.steps}
    return Asked(
        id=asked.id,
        case_number=case.number,
        kind=asked.kind,
        step=steps.get(asked.step),
        n=asked.n,
        unit=asked.unit,
        ground=policy().grounds[asked.ground].label,
        document=asked.document,
        begins_at=asked.begins_at,
        by=by,
        asked_at=asked.asked_at,
        **vars(left(case.due_at, now=now)),
    )
