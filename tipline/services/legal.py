"""The legal course: decisions are made, served, paid, enforced or revoked; things are held."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from tipline.db import session, use_case
from tipline.domain import deadlines
from tipline.domain.actors import Actor, NotThere
from tipline.domain.lifecycle import IllegalTransition
from tipline.models import Case, Decision, Holding, Party, PartyRecord, Payment, Transfer
from tipline.queries.eligibility import local_day
from tipline.runtime import policy
from tipline.services import journal, parties
from tipline.services.casework import at_work
from tipline.services.measures import Imposed, Incomplete, impose, is_party_of
from tipline.services.reach import claimed_case_for

WITH_THE_POLICE = ("approved", "handed_over", "accepted")
HOLDINGS = ("registration", "seizure")
FATES = ("returned", "confiscated", "handed_over", "destroyed")


class NotPossible(Exception):
    """The law does not allow it now; the message is the key of the reason."""


@dataclass(frozen=True, kw_only=True)
class Decided:
    """A penalty decision: its number, about whom, made when, and what it imposes."""

    document: str
    made_at: datetime
    party_id: int | None
    measures: tuple[Imposed, ...]
    replaces_id: int | None = None


@use_case
def not_file(case_id: int, *, by: Actor, reason: str, now: datetime) -> None:
    """Decide, with a reason, that no formal proceedings are opened."""
    case = at_work(case_id, by=by, now=now)
    if case.filed_at is not None or case.not_filed_at is not None:
        raise IllegalTransition(f"case {case_id} is decided already")
    if not reason.strip():
        raise NotPossible("reason")
    case.not_filed_at = now
    journal.record("case.not_filed", case.ref, by=by.by, now=now, facts={"reason": reason.strip()})


@use_case
def hold(
    case_id: int,
    *,
    by: Actor,
    kind: str,
    document: str,
    goods: str,
    began_at: datetime,
    now: datetime,
) -> None:
    """Seize things, or register them as evidence; the clock of the law starts.

    Source: Administrative Compulsion Law art 25; Administrative Penalty Law art 56.
    """
    case = at_work(case_id, by=by, now=now)
    if kind not in HOLDINGS:
        raise NotPossible("kind")
    if not (document.strip() and goods.strip()):
        raise NotPossible("document")
    if _held(case, kind) is not None:
        raise NotPossible("held")
    holding = Holding(case_id=case.id, kind=kind, document=document.strip(), goods=goods.strip())
    holding.began_at, holding.by_id = began_at, by.id
    session().add(holding)
    journal.record(f"holding.{kind}", case.ref, by=by.by, now=now, at=began_at)


@use_case
def release(case_id: int, *, by: Actor, kind: str, fate: str, now: datetime) -> None:
    """Decide about what was held: given back, confiscated, handed over or destroyed."""
    case = claimed_case_for(by, case_id)
    holding = _held(case, kind)
    if holding is None or fate not in FATES:
        raise NotPossible("kind")
    holding.ended_at, holding.fate = now, fate
    session().flush()
    facts = {"holding": kind, "fate": fate}
    journal.record("holding.ended", case.ref, by=by.by, now=now, facts=facts)


def _held(case: Case, kind: str) -> Holding | None:
    query = select(Holding).where(Holding.case_id == case.id, Holding.kind == kind)
    return session().scalar(query.where(Holding.ended_at.is_(None)).with_for_update())


@use_case
def decide(case_id: int, *, by: Actor, decided: Decided, now: datetime) -> int:
    """Make a penalty decision about one party; never in place of a transfer to the police.

    Source: Administrative Penalty Law arts 57 and 82; State Council Order 310 art 11.
    """
    case = at_work(case_id, by=by, now=now)
    party = _party(case, decided.party_id)
    _ensure_may_decide(case, decided)
    decision = Decision(case_id=case.id, party_id=decided.party_id, by_id=by.id)
    decision.document, decision.made_at = decided.document.strip(), decided.made_at
    decision.replaces_id = decided.replaces_id
    session().add(decision)
    session().flush()
    for each in decided.measures:
        imposed = replace(each, party_id=decided.party_id)
        impose(case, by=by, imposed=imposed, decision_id=decision.id, at=decided.made_at, now=now)
    if party is not None:
        decision.record_id = _note_on_record(party, case, decided, by=by, now=now)
    facts = {"decision": decision.id, "document": decision.document}
    journal.record("decision.made", case.ref, by=by.by, now=now, at=decided.made_at, facts=facts)
    return decision.id


def _party(case: Case, party_id: int | None) -> Party | None:
    if party_id is None:
        return None
    if not is_party_of(case, party_id):
        raise Incomplete("party")
    return session().get_one(Party, party_id)


def _ensure_may_decide(case: Case, decided: Decided) -> None:
    if not (decided.document.strip() and decided.measures):
        raise NotPossible("document")
    if case.filed_at is None:
        raise NotPossible("not_filed")
    gone = select(Transfer.id).where(Transfer.case_id == case.id)
    gone = gone.where(Transfer.status.in_(WITH_THE_POLICE))
    theirs = Transfer.party_id.is_(None) | (Transfer.party_id == decided.party_id)
    if session().scalar(gone.where(theirs).limit(1)) is not None:
        raise NotPossible("with_police")
    if decided.replaces_id is not None:
        former = _decision(case, decided.replaces_id)
        if former.revoked_at is None:
            raise NotPossible("not_revoked")


def _note_on_record(party: Party, case: Case, decided: Decided, *, by: Actor, now: datetime) -> int:
    where = {"clinic_id": case.clinic_id, "case_id": case.id}
    on = local_day(decided.made_at)
    parties.record(party, kind="penalty", on=on, note=decided.document, **where, by=by, now=now)
    return party.records[-1].id


@use_case
def serve(decision_id: int, *, by: Actor, at: datetime, now: datetime) -> None:
    """The decision reached the party: the days to pay begin.

    Source: Administrative Penalty Law arts 61 and 67: fifteen days from receipt.
    """
    case, decision = _mine(decision_id, by=by)
    if decision.served_at is not None or decision.revoked_at is not None:
        raise IllegalTransition(f"decision {decision_id} is served or revoked")
    decision.served_at = at
    if decision.owed_fen:
        decision.pay_by = pay_by(local_day(at))
    session().flush()
    owes = {"owes": "money"} if decision.owed_fen else {}
    facts = {"decision": decision.id} | owes
    journal.record("measure.served", case.ref, by=by.by, now=now, at=at, facts=facts)


def pay_by(served_on: date) -> date:
    """The last day to pay, in calendar days of the policy, moved off a rest day."""
    days = policy().legal.pay_within_days
    return deadlines.count(
        "calendar_day", days, served_on, calendar=policy().calendar, roll="any_rest_day"
    ).last_day


@use_case
def pay(
    decision_id: int, *, by: Actor, amount_fen: int, paid_on: date, document: str, now: datetime
) -> None:
    """Money came in; the decision is paid when all of it is there."""
    case, decision = _mine(decision_id, by=by)
    if decision.served_at is None or decision.revoked_at is not None:
        raise NotPossible("not_served")
    if amount_fen < 1 or paid_on > local_day(now):
        raise NotPossible("amount")
    was_paid = decision.paid_fen >= decision.owed_fen
    payment = Payment(amount_fen=amount_fen, paid_on=paid_on, document=document.strip())
    payment.by_id, payment.at = by.id, now
    decision.payments.append(payment)
    session().flush()
    facts = {"decision": decision.id, "amount_fen": amount_fen, "on": paid_on.isoformat()}
    whole = not was_paid and decision.paid_fen >= decision.owed_fen
    event = "measure.paid" if whole else "decision.part_paid"
    journal.record(event, case.ref, by=by.by, now=now, facts=facts)


@use_case
def demand(decision_id: int, *, by: Actor, now: datetime) -> None:
    """Demand what was not paid, before the court is asked: Administrative Compulsion Law art 54."""
    case, decision = _mine(decision_id, by=by)
    if decision.pay_by is None or local_day(now) <= decision.pay_by or decision.demanded_at:
        raise NotPossible("not_late")
    decision.demanded_at = now
    session().flush()
    facts = {"decision": decision.id}
    journal.record("decision.demanded", case.ref, by=by.by, now=now, facts=facts)


@use_case
def enforce(decision_id: int, *, by: Actor, document: str, now: datetime) -> None:
    """Ask the court to enforce, once the demand has been of no use.

    Source: Administrative Compulsion Law arts 53 and 54: ten working days after the demand.
    """
    case, decision = _mine(decision_id, by=by)
    if decision.demanded_at is None or decision.enforced_at is not None:
        raise NotPossible("not_demanded")
    waited = deadlines.count(
        "workday",
        policy().legal.demand_workdays,
        local_day(decision.demanded_at),
        calendar=policy().calendar,
    )
    if local_day(now) <= waited.last_day:
        raise NotPossible("too_early")
    decision.enforced_at = now
    session().flush()
    facts = {"decision": decision.id, "document": document.strip()}
    journal.record("decision.enforced", case.ref, by=by.by, now=now, facts=facts)


@use_case
def revoke(decision_id: int, *, by: Actor, reason: str, now: datetime) -> None:
    """Revoke a decision: it is on nobody's record any more, and may be made again."""
    case, decision = _mine(decision_id, by=by)
    if decision.revoked_at is not None:
        raise IllegalTransition(f"decision {decision_id} is revoked already")
    if not reason.strip():
        raise NotPossible("reason")
    record_id, decision.record_id = decision.record_id, None
    decision.revoked_at, decision.revoked_because = now, reason.strip()
    session().flush()
    if record_id is not None:
        session().delete(session().get_one(PartyRecord, record_id))
    facts = {"decision": decision.id, "reason": reason.strip()}
    journal.record("measure.revoked", case.ref, by=by.by, now=now, facts=facts)


def _mine(decision_id: int, *, by: Actor) -> tuple[Case, Decision]:
    """A decision of a case that this inspector has, or had until it was concluded."""
    decision = session().get(Decision, decision_id)
    if decision is None:
        raise NotThere(f"decision {decision_id}")
    case = claimed_case_for(by, decision.case_id)
    session().refresh(decision, with_for_update=True)
    return case, decision


def _decision(case: Case, decision_id: int) -> Decision:
    decision = session().get(Decision, decision_id)
    if decision is None or decision.case_id != case.id:
        raise NotThere(f"decision {decision_id}")
    return decision
