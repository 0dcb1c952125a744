"""Weighing: what is known about a tip and its case, as the facts that a scheme asks for."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from tipline.db import session
from tipline.domain.lifecycle import CaseStatus, TipStatus
from tipline.domain.rewards import Facts, Quote, Scheme, quote
from tipline.domain.rewards.facts import Level, Outcome
from tipline.models import Case, Entry, Office, Tip
from tipline.runtime import policy, settings


class NoScheme(Exception):
    """No scheme of this bureau was in force when the tip was accepted."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What only the reward officer can say about a report."""

    evidence_level: Level | None = None
    previously_unknown: bool = True
    decisive: bool = False
    merit: bool = False
    insider: bool = False
    joint: int = 1
    excluded_as: str | None = None


def scheme_for(tip: Tip) -> Scheme:
    """The bureau's scheme in force on the day this tip was accepted; NoScheme without one."""
    day, schemes = accepted_on(tip), policy().schemes
    in_force = (
        schemes[name] for name in policy().rewards.schemes if schemes[name].is_in_force(day)
    )
    found = next(in_force, None)
    if found is None:
        raise NoScheme(str(day))
    return found


def quote_for(tip: Tip, judged: Judged) -> Quote:
    """What the bureau's scheme gives for this tip."""
    return quote(scheme_for(tip), facts_of(tip, judged))


def facts_of(tip: Tip, judged: Judged) -> Facts:
    """The facts of the case, with the officer's judgment and the rank among its tips."""
    home = session().scalars(select(Office.division).where(Office.parent_id.is_(None))).first()
    return Facts(
        outcome=outcomes(tip.case),
        fine_fen=_imposed(tip.case, "fine"),
        confiscated_fen=_imposed(tip.case, "confiscated"),
        rank=rank(tip),
        accepted_on=accepted_on(tip),
        in_area=tip.case.division.startswith(home) if home and tip.case.division else None,
        **vars(judged),
    )


def rank(tip: Tip) -> int:
    """The place of this tip among those of its case, by the order in which words were kept."""
    counted = (Tip.case_id == tip.case_id) & (Tip.status != TipStatus.DECLINED)
    earlier = select(func.count(Tip.id)).where(counted, Tip.received_no < tip.received_no)
    return 1 + (session().scalar(earlier) or 0)


def accepted_on(tip: Tip) -> date:
    """The local day on which the tip was accepted; the day it came, where it never was."""
    line = select(Entry.at).where(
        Entry.event == "tip.accepted", Entry.about_kind == "tip", Entry.about_id == tip.id
    )
    at = session().scalar(line.order_by(Entry.id).limit(1)) or tip.received_at
    return at.astimezone(settings().zone).date()


def outcomes(case: Case) -> tuple[Outcome, ...]:
    """What came of the case, in the words of reward schemes."""
    kinds = policy().measures
    found: list[Outcome] = ["filed"] if case.filed_at is not None else []
    found += [kind for each in case.measures if (kind := kinds[each.kind].outcome) is not None]
    found += ["closed"] if case.status == CaseStatus.CLOSED else []
    return tuple(dict.fromkeys(found))


def _imposed(case: Case, counts_as: str) -> int:
    kinds = policy().measures
    return sum(
        each.amount_fen or 0 for each in case.measures if kinds[each.kind].counts_as == counts_as
    )
