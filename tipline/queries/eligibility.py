"""Who may take a case: as conditions that a list and a claim ask in the same statement."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select

from tipline.domain import deadlines
from tipline.domain.lifecycle import CaseStatus
from tipline.models import Case, Leave, StaffSkill
from tipline.runtime import policy, settings


def may_take(staff_id: int, *, now: datetime) -> ColumnElement[bool]:
    """Whether the case is for this inspector, who is here and can carry it as well."""
    heavier = carried(staff_id) + weight() <= policy().casework.most_weight
    return and_(is_for(staff_id, now=now), ~is_away(staff_id, now=now), heavier)


def is_for(staff_id: int, *, now: datetime) -> ColumnElement[bool]:
    """Whether this inspector has not stepped aside, has cooled off, and has the skill."""
    dealt_out = Case.category.in_(policy().casework.by_lot)
    cools_off = Case.cools_off_for(staff_id, now=now)
    return and_(Case.is_open_to(staff_id), ~cools_off, is_skilled(staff_id), ~dealt_out)


def is_skilled(staff_id: int) -> ColumnElement[bool]:
    """Whether this person has the skills that the case asks for.

    A skill that nobody has been given yet is not asked for: the case would wait for ever.
    """
    theirs = (StaffSkill.staff_id == staff_id, StaffSkill.skill)
    return and_(
        *(
            or_(
                Case.category.not_in(skill.categories),
                exists().where(theirs[0], theirs[1] == skill.id),
                ~exists().where(StaffSkill.skill == skill.id),
            )
            for skill in policy().skills.values()
        )
    )


def is_away(staff_id: int, *, now: datetime) -> ColumnElement[bool]:
    """Whether this person is on leave today."""
    today = local_day(now)
    days = (Leave.first_on <= today, Leave.last_on >= today)
    return exists().where(Leave.staff_id == staff_id, *days)


def carried(staff_id: int) -> ColumnElement[int]:
    """How much this person has in hand, in the weights of the policy."""
    theirs = (Case.claimed_by_id == staff_id, Case.status == CaseStatus.CLAIMED)
    weights = select(func.coalesce(func.sum(weight()), 0)).where(*theirs)
    return weights.correlate(None).scalar_subquery()


def weight() -> ColumnElement[int]:
    """How heavily a case weighs, by the policy."""
    return case(dict(policy().casework.weights), value=Case.priority)


def workdays_after(now: datetime, days: int) -> datetime:
    """The same time of day, so many working days later."""
    today = local_day(now)
    due = deadlines.count("workday", days, today, calendar=policy().calendar)
    return now + (due.last_day - today)


def local_day(now: datetime) -> date:
    """The day it is where the bureau is."""
    return now.astimezone(settings().zone).date()
