"""A running clock: what the journal's lines make of a step, at any instant, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from tipline.domain.calendars import Calendar
from tipline.domain.deadlines import Extension, Granted, Step, StepDue, due_for

State = Literal["running", "paused", "met", "stopped"]
RECOUNTING = frozenset({"case.paused", "case.resumed", "case.extended", "tip.joined"})


@dataclass(frozen=True)
class Happening:
    """A line of the journal: what happened, when, and what else is known about it."""

    event: str
    at: datetime
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Paused:
    """A stretch of waiting; without an end it goes on."""

    begin: datetime
    end: datetime | None
    ground: str


@dataclass(frozen=True, kw_only=True)
class Running:
    """One step with all that has happened to it."""

    step: Step
    calendar: Calendar
    zone: ZoneInfo
    started: Happening
    state: State = "running"
    ended_at: datetime | None = None
    pauses: tuple[Paused, ...] = ()
    extensions: tuple[Granted, ...] = ()

    @property
    def waits(self) -> bool:
        """Is it paused just now?"""
        return any(each.end is None for each in self.pauses)

    @cached_property
    def due(self) -> StepDue:
        """When it is due, as if a pause that goes on had not begun."""
        return self.due_if(resumed_at=None)

    def due_if(self, *, resumed_at: datetime | None) -> StepDue:
        """When it is due if the pause that goes on ends then."""
        closed = [
            (each.begin, max(each.begin, each.end or resumed_at or each.begin), each.ground)
            for each in self.pauses
        ]
        return due_for(
            self.step,
            at=self._begins_at(),
            calendar=self.calendar,
            zone=self.zone,
            pauses=closed,
            extensions=self.extensions,
            facts=self.started.facts,
        )

    def is_late(self, now: datetime) -> bool:
        """Has it expired? One that waits does not."""
        return not self.waits and now >= self.due.due_instant

    def extension_at(self, now: datetime) -> Extension | None:
        """The extension that may be granted next, now; most only before the step expires."""
        allowed = self.step.extension_after(len(self.extensions))
        if allowed is None or (allowed.ask_before_expiry and self.is_late(now)):
            return None
        return allowed

    def extended_by(self, *more: Granted) -> "Running":
        """The same clock, had it been extended so."""
        return replace(self, extensions=(*self.extensions, *more))

    def _begins_at(self) -> datetime:
        """Where the line names a day, that day itself is due, or days are counted back from it."""
        on = self.started.facts.get("on")
        from_day = self.step.direction == "before" or self.step.unit == "same_day"
        if from_day and isinstance(on, str):
            return datetime.combine(date.fromisoformat(on), time(), self.zone)
        return self.started.at

    def after(self, line: Happening) -> "Running":
        """The same clock once this line has happened; one that has ended hears nothing more."""
        if self.ended_at is not None:
            return self
        if not self._concerns(line):
            return self
        if self.step.is_met_by(line.event, line.facts):
            return replace(self, state="met", ended_at=line.at, pauses=self._closed(line.at))
        if self.step.is_stopped_by(line.event, line.facts):
            return replace(self, state="stopped", ended_at=line.at, pauses=self._closed(line.at))
        changed = self._recounted(line)
        return replace(changed, state="paused" if changed.waits else "running")

    def _concerns(self, line: Happening) -> bool:
        """Of several such clocks, is it this one that the line would end?"""
        mine = self.started.facts
        named = [name for name in self.step.same if name in line.facts]
        return all(line.facts[name] == mine.get(name) for name in named)

    def _recounted(self, line: Happening) -> "Running":
        if line.event == "case.resumed":
            return replace(self, pauses=self._closed(line.at, str(line.facts.get("ground"))))
        if line.event == "tip.joined":
            return replace(self, pauses=self._closed(line.at))
        if line.event == "case.extended":
            return self._extended(line)
        if self.is_late(line.at):
            return self
        if line.event in self.step.restarts_on:
            begun = Happening(line.event, line.at, self.started.facts)
            return replace(self, started=begun, pauses=(), extensions=())
        if line.event == "case.paused":
            return self._paused(line)
        return self

    def _paused(self, line: Happening) -> "Running":
        ground = str(line.facts.get("ground"))
        already = any(each.end is None and each.ground == ground for each in self.pauses)
        if ground not in self.step.pauses or already:
            return self
        begin = max(line.at, self.started.at)
        return replace(self, pauses=(*self.pauses, Paused(begin, None, ground)))

    def _extended(self, line: Happening) -> "Running":
        allowed = self.extension_at(line.at)
        n = line.facts.get("n")
        if line.facts.get("step") != self.step.id or allowed is None or not isinstance(n, int):
            return self
        return replace(self, extensions=(*self.extensions, Granted(n, allowed.unit)))

    def _closed(self, at: datetime, ground: str | None = None) -> tuple[Paused, ...]:
        """Pauses that went on, now ended; all of them, or those of one ground."""
        return tuple(
            replace(each, end=max(at, each.begin))
            if each.end is None and ground in (None, each.ground)
            else each
            for each in self.pauses
        )


def begun(step: Step, line: Happening, *, calendar: Calendar, zone: ZoneInfo) -> Running:
    """The clock that this line starts; met at once where the line does that too."""
    new = Running(step=step, calendar=calendar, zone=zone, started=line)
    if step.is_met_by(line.event, line.facts):
        return replace(new, state="met", ended_at=line.at)
    return new


def replay(
    step: Step, lines: Iterable[Happening], *, calendar: Calendar, zone: ZoneInfo
) -> Running:
    """The clock after all these lines, the first of which starts it."""
    first, *others = lines
    clock = begun(step, first, calendar=calendar, zone=zone)
    for line in others:
        clock = clock.after(line)
    return clock
