"""The engine against an oracle that goes day by day, and what must hold whatever happens."""

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import slow_clock
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tipline.domain.calendars import Calendar, CalendarYear
from tipline.domain.deadlines import Granted, HardLimit, Step, due_for
from tipline.domain.rules import Extension
from tipline.domain.running import Happening, Running, replay
from tipline.domain.words import Text
from tipline.policy import load

EXAMPLES = int(os.environ.get("ORACLE_EXAMPLES", "2000"))
SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
POLICY = load()
LAWS = [
    (law.id, step)
    for law in POLICY.regimes.values()
    for step in law.steps
    if step.duration is not None and step.direction == "after" and step.unit != "same_day"
]
FIRST, LAST = date(2025, 1, 1), date(2027, 12, 31)


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Calendar, slow_clock.Notices]:
    """Holidays and make-up days anywhere in three years, as the notices could have set them."""
    days = st.dates(FIRST, LAST)
    off = frozenset(draw(st.lists(days, max_size=40)))
    weekends = st.integers(0, 150).map(lambda week: date(2025, 1, 4) + week * 7 * DAY)
    makeup = frozenset(draw(st.lists(weekends, max_size=12))) - off
    years = {
        year: CalendarYear(
            frozenset(day for day in off if day.year == year),
            frozenset(day for day in makeup if day.year == year),
        )
        for year in range(2025, 2028)
    }
    return Calendar(years), slow_clock.Notices(off, makeup)


INSTANTS = st.datetimes(
    datetime(2025, 1, 1), datetime(2026, 6, 30), timezones=st.just(SHANGHAI)
).map(lambda at: at.replace(second=0, microsecond=0))


@st.composite
def pauses(draw: st.DrawFn, start: datetime) -> list[tuple[datetime, datetime]]:
    """Up to three stretches of up to forty days, which may touch and overlap."""
    stretches = st.tuples(st.integers(0, 60 * 24 * 60), st.integers(0, 40 * 24 * 60))
    found = draw(st.lists(stretches, max_size=3))
    return [
        (start + timedelta(minutes=begin), start + timedelta(minutes=begin + length))
        for begin, length in found
    ]


@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data())
def test_the_engine_agrees_with_a_count_day_by_day(data: st.DataObject) -> None:
    _, rule = data.draw(st.sampled_from(LAWS))
    calendar, notices = data.draw(calendars())
    start = data.draw(INSTANTS)
    waits = data.draw(pauses(start)) if rule.unit != "hour" or rule.duration == 24 else []
    lengths = data.draw(st.lists(st.integers(1, 30), max_size=2))
    limit = data.draw(st.none() | st.integers(1, 60)) if rule.unit != "hour" else None
    roll = data.draw(st.sampled_from(("any_rest_day", "statutory_holiday_only", "none")))
    rule = replace(
        rule,
        roll=roll,
        notify=None,
        hard_limit=HardLimit(limit, "calendar_day", "test") if limit else None,
    )
    assert rule.duration is not None
    found = due_for(
        rule,
        at=start,
        calendar=calendar,
        zone=SHANGHAI,
        pauses=[(begin, end, "testing") for begin, end in waits],
        extensions=[Granted(n, rule.unit) for n in lengths],
    )
    case = slow_clock.Case(rule.unit, rule.duration, start, roll, waits, lengths, limit)
    assert found.due_instant == slow_clock.due(case, notices).astimezone(UTC)


STEP = Step(
    id="check",
    about="tip",
    label=Text(zh="核查", en="Check"),
    starts_on=("tip.received",),
    meets_on=("case.filed",),
    stops_on=("tip.withdrawn",),
    restarts_on=("tip.renewed",),
    pauses=("testing", "hearing"),
    extensions=(Extension(max=15, unit="workday", approver="head", grounds=("complex",)),),
    duration=15,
    unit="workday",
    basis=Text(zh="试", en="test"),
)
START = datetime(2026, 7, 1, 2, tzinfo=UTC)


def clock(lines: Sequence[Happening], step: Step = STEP) -> Running:
    began = Happening("tip.received", START)
    return replay(step, [began, *lines], calendar=POLICY.calendar, zone=SHANGHAI)


def line(event: str, days: float, **facts: object) -> Happening:
    return Happening(event, START + days * DAY, facts)


def due_on(*lines: Happening) -> date | None:
    return clock(lines).due.due_on


PLAIN = date(2026, 7, 22)


def test_a_clock_runs_as_its_rule_says_when_nothing_happens() -> None:
    assert (clock([]).state, due_on()) == ("running", PLAIN)


def test_a_pause_moves_the_end_by_the_working_days_in_it() -> None:
    wait = line("case.paused", 1, ground="testing"), line("case.resumed", 5, ground="testing")
    assert due_on(*wait) == date(2026, 7, 24)  # Thursday and Friday are not counted
    assert clock(wait).state == "running"


def test_a_clock_waits_while_a_pause_goes_on_and_can_say_what_if() -> None:
    waiting = clock([line("case.paused", 1, ground="testing")])
    assert waiting.state == "paused"
    assert waiting.due_if(resumed_at=START + 5 * DAY).due_on == date(2026, 7, 24)


def test_two_grounds_at_once_pause_until_the_later_ends() -> None:
    lines = [
        line("case.paused", 1, ground="testing"),
        line("case.paused", 2, ground="hearing"),
        line("case.resumed", 5, ground="testing"),
    ]
    assert clock(lines).state == "paused"
    ended = [*lines, line("case.resumed", 6, ground="hearing")]
    assert (clock(ended).state, due_on(*ended)) == ("running", date(2026, 7, 27))


def test_a_ground_that_the_rule_does_not_list_pauses_nothing() -> None:
    assert clock([line("case.paused", 1, ground="workload")]).state == "running"


def test_an_extension_is_counted_from_the_end_and_only_as_often_as_the_rule_allows() -> None:
    more = line("case.extended", 3, step="check", n=15)
    assert due_on(more) == due_on(more, more) == date(2026, 8, 12)
    assert due_on(line("case.extended", 3, step="other", n=15)) == PLAIN


def test_an_extension_after_the_end_comes_too_late() -> None:
    assert due_on(line("case.extended", 22, step="check", n=15)) == PLAIN


def test_new_facts_start_the_clock_again() -> None:
    again = line("tip.renewed", 7)
    assert due_on(again) == date(2026, 7, 29)
    assert due_on(line("case.extended", 3, step="check", n=15), again) == date(2026, 7, 29)


def test_new_facts_after_the_end_excuse_nobody() -> None:
    assert due_on(line("tip.renewed", 30)) == PLAIN


def test_a_tip_that_joins_another_case_waits_no_longer_for_the_first() -> None:
    lines = [line("case.paused", 1, ground="testing"), line("tip.joined", 5)]
    assert (clock(lines).state, due_on(*lines)) == ("running", date(2026, 7, 24))


@pytest.mark.parametrize(("event", "state"), [("case.filed", "met"), ("tip.withdrawn", "stopped")])
def test_a_clock_that_has_ended_hears_nothing_more(event: str, state: str) -> None:
    lines = [line(event, 2), line("case.paused", 3, ground="testing"), line("tip.renewed", 4)]
    found = clock(lines)
    assert (found.state, found.ended_at) == (state, START + 2 * DAY)
    assert found.due.due_on == PLAIN


def test_days_before_a_hearing_are_counted_back_from_its_day() -> None:
    rule = POLICY.regimes["administrative_penalty_law_2021"].step("hearing_notice")
    assert rule is not None
    step = replace(STEP, unit="workday", duration=7, direction="before", pauses=(), extensions=())
    began = Happening("tip.received", START, {"on": "2026-10-12"})
    found = replay(step, [began], calendar=POLICY.calendar, zone=SHANGHAI)
    assert found.due.due_on == date(2026, 9, 24)


# What must hold whatever happens

DAYS = st.integers(0, 60)
PAUSE = st.tuples(st.sampled_from(("testing", "hearing")), st.integers(1, 20), st.integers(0, 30))


def waiting(found: list[tuple[str, int, int]]) -> list[Happening]:
    return sorted(
        [
            happened
            for ground, begin, length in found
            for happened in (
                line("case.paused", begin, ground=ground),
                line("case.resumed", begin + length, ground=ground),
            )
        ],
        key=lambda happened: happened.at,
    )


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(("workday", "calendar_day", "month")),
    st.integers(1, 40),
    st.integers(0, 400),
    st.integers(0, 400),
    st.lists(st.tuples(st.integers(401, 440), st.integers(0, 30)), max_size=3),
)
def test_the_end_is_monotone_in_the_start(
    unit: str, n: int, one: int, other: int, stretches: list[tuple[int, int]]
) -> None:
    earlier, later = sorted((one, other))
    step = replace(STEP, unit=unit, duration=n, extensions=())  # type: ignore[arg-type]
    waits = [
        (START + begin * DAY, START + (begin + length) * DAY, "testing")
        for begin, length in stretches
    ]
    ends = [
        due_for(
            step,
            at=START + days * DAY,
            calendar=POLICY.calendar,
            zone=SHANGHAI,
            pauses=waits,
        ).due_instant
        for days in (earlier, later)
    ]
    assert ends[0] <= ends[1]


@settings(max_examples=200, deadline=None)
@given(st.lists(PAUSE, max_size=3), PAUSE, st.sampled_from(("workday", "calendar_day")))
def test_a_pause_never_shortens(
    others: list[tuple[str, int, int]], more: tuple[str, int, int], unit: str
) -> None:
    step = replace(STEP, unit=unit, extensions=())  # type: ignore[arg-type]
    assume(len({ground for ground, *_ in [*others, more]}) == len(others) + 1)
    without = clock(waiting(others), step).due.due_instant
    assert clock(waiting([*others, more]), step).due.due_instant >= without


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 14), st.integers(0, 30))
def test_a_pause_of_n_days_moves_calendar_days_by_n(begin: int, length: int) -> None:
    step = replace(STEP, unit="calendar_day", extensions=())
    due = clock(waiting([("testing", begin, length)]), step).due.raw_on
    assert due == date(2026, 7, 16) + length * DAY


UNRELATED = st.sampled_from(
    [line("visit.made", 1), line("case.claimed", 2), line("words.opened", 3), line("tip.rated", 9)]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PAUSE, max_size=2), st.lists(UNRELATED, max_size=4), st.randoms())
def test_the_order_of_unrelated_events_does_not_matter(
    found: list[tuple[str, int, int]], others: list[Happening], random: object
) -> None:
    lines = waiting(found)
    mixed = list(lines)
    for other in others:
        mixed.insert(random.randint(0, len(mixed)), other)  # type: ignore[attr-defined]
    assert clock(mixed) == clock(lines)
