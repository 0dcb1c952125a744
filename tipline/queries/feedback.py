"""What reporters said of the answers, and their alarms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, cast, func, select

from tipline.db import session
from tipline.domain.actors import Actor, NotThere
from tipline.models import Alarm, Case, Entry, Office, Rating, Tip
from tipline.queries.canaries import is_planted
from tipline.queries.triage import in_reach

MOST = 200


@dataclass(frozen=True)
class Rate:
    """A share with what it is a share of."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        """The share in whole percent; None of nothing."""
        return round(100 * self.part / self.whole) if self.whole else None


@dataclass(frozen=True)
class Rates:
    """Answered by us, resolved and content in the reporters' own words; silence is silence."""

    response: Rate
    resolution: Rate
    satisfaction: Rate
    silent: int


@dataclass(frozen=True)
class Rated:
    """One rating, without a word and without a reporter."""

    tip_id: int
    number: str
    category: str
    office: str
    answered: bool
    content: bool
    at: datetime


def rates(actor: Actor, *, since: datetime) -> Rates:
    """The three rates of what was decided or rated since then, within reach."""
    told = _told(actor, since, ("tip.outcome_told", "tip.declined", "tip.referred"))
    late = _told(actor, since, ("clock.missed",))
    query = (
        select(
            func.count(Rating.id),
            func.coalesce(func.sum(cast(Rating.answered, Integer)), 0),
            func.coalesce(func.sum(cast(Rating.content, Integer)), 0),
        )
        .join(Rating.tip)
        .join(Tip.case)
        .join(Case.office)
        .where(Rating.at >= since, in_reach(actor, "clock:read"))
    )
    rated, answered, content = session().execute(query).one()
    return Rates(
        response=Rate(len(told - late), len(told)),
        resolution=Rate(answered, rated),
        satisfaction=Rate(content, rated),
        silent=max(0, len(_told(actor, since, ("tip.outcome_told",))) - rated),
    )


def ratings(actor: Actor, *, since: datetime) -> Sequence[Rated]:
    """The ratings behind the rates, the latest first."""
    query = (
        select(
            Tip.id,
            Tip.number,
            Tip.category,
            Office.name,
            Rating.answered,
            Rating.content,
            Rating.at,
        )
        .join(Rating.tip)
        .join(Tip.case)
        .join(Case.office)
        .where(Rating.at >= since, in_reach(actor, "clock:read"))
        .order_by(Rating.at.desc())
    )
    return [Rated(*row) for row in session().execute(query)]


def alarms(actor: Actor) -> Sequence[Alarm]:
    """Alarms from below one's own office, the unhandled first; never those of one's own unit."""
    query = (
        select(Alarm)
        .join(Alarm.tip)
        .join(Tip.case)
        .join(Case.office)
        .where(Office.is_below(actor.reach.get("alarm:handle", ())))
        .order_by(Alarm.handled_at.isnot(None), Alarm.id.desc())
        .limit(MOST)
    )
    return session().scalars(query).all()


def alarm(actor: Actor, alarm_id: int) -> Alarm:
    """One of these alarms; NotThere otherwise."""
    found = next((each for each in alarms(actor) if each.id == alarm_id), None)
    if found is None:
        raise NotThere(f"alarm {alarm_id}")
    return found


def _told(actor: Actor, since: datetime, events: Sequence[str]) -> set[int]:
    """The tips within reach about which one of these events was written down since then."""
    query = (
        select(Entry.about_id)
        .join(Tip, Tip.id == Entry.about_id)
        .join(Tip.case)
        .join(Case.office)
        .where(Entry.about_kind == "tip", Entry.event.in_(events), Entry.at >= since)
        .where(~is_planted())
        .where(in_reach(actor, "clock:read"))
    )
    return set(session().scalars(query))
