"""The course of a case as its page shows it: decisions with their money, holdings, transfers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from tipline.db import session
from tipline.domain import penalties
from tipline.domain.actors import Actor
from tipline.domain.words import Text
from tipline.models import (
    Case,
    CasePhoto,
    ClinicParty,
    Decision,
    Habit,
    Holding,
    Listing,
    Measure,
    Party,
    Resurgence,
    Transfer,
    VisitPlan,
)
from tipline.queries.eligibility import local_day
from tipline.queries.workforce import colleagues
from tipline.runtime import policy

FINE = "fine"


@dataclass(frozen=True, kw_only=True)
class LedgerRow:
    """One decision with its money, in fen: what is owed, what came in, what being late adds."""

    decision: Decision
    party: str
    measures: Sequence[tuple[Text, Measure]]
    owed_fen: int
    paid_fen: int
    late_fen: int
    late_days: int

    @property
    def left_fen(self) -> int:
        """What has not come in yet, without what being late adds."""
        return max(0, self.owed_fen - self.paid_fen)

    @property
    def state(self) -> str:
        """Revoked | unserved | nothing | paid | late | due"""
        if self.decision.revoked_at is not None:
            return "revoked"
        if self.decision.served_at is None:
            return "unserved"
        if not self.owed_fen:
            return "nothing"
        if not self.left_fen:
            return "paid"
        return "late" if self.late_days else "due"


@dataclass(frozen=True, kw_only=True)
class TransferView:
    """One transfer: where it stands, and which documents are there or missing."""

    transfer: Transfer
    party: str
    kind: Text
    documents: Sequence[tuple[str, Text, bool, bool]]
    complete: bool


@dataclass(frozen=True, kw_only=True)
class Course:
    """Everything beside the brief: who could come along, what is planned, decided and held."""

    colleagues: Sequence[tuple[int, str]]
    parties: Sequence[tuple[int, str]]
    plans: Sequence[VisitPlan]
    photos: int
    ledger: Sequence[LedgerRow]
    holdings: Sequence[Holding]
    transfers: Sequence[TransferView]
    checklist: Sequence[tuple[str, Text]]
    former: str
    habits: Sequence[Habit]
    drugs_kept: str
    ticks: Sequence[str]
    listed: bool
    location: str

    @property
    def revoked(self) -> list[tuple[int, str]]:
        """Decisions that may be made again."""
        rows = (row.decision for row in self.ledger if row.state == "revoked")
        return [(decision.id, decision.document) for decision in rows]


def course_of(case_id: int, *, viewer_id: int, now: datetime) -> Course:
    """The course of a case that the viewer is known to be allowed to see."""
    case = session().get_one(Case, case_id)
    plans = select(VisitPlan).where(VisitPlan.case_id == case.id, VisitPlan.done_at.is_(None))
    photos = select(CasePhoto.id).where(CasePhoto.case_id == case.id)
    holdings = select(Holding).where(Holding.case_id == case.id).order_by(Holding.id)
    return Course(
        colleagues=colleagues(case_id, viewer_id),
        parties=_parties(case),
        plans=session().scalars(plans.order_by(VisitPlan.planned_at)).all(),
        photos=len(session().scalars(photos).all()),
        ledger=ledger(case_id, today=local_day(now)),
        holdings=session().scalars(holdings).all(),
        transfers=transfers_of(case_id),
        checklist=[(each.id, each.label) for each in policy().visits.items_for(case.category)],
        former=_former(case),
        habits=case.clinic.habits,
        drugs_kept=case.clinic.drugs_kept,
        ticks=case.ticks or (),
        listed=_is_listed(case),
        location=_location(case),
    )


def ledger(case_id: int, *, today: date) -> list[LedgerRow]:
    """The decisions of a case in the order in which they were made, with their money today."""
    query = select(Decision).where(Decision.case_id == case_id).order_by(Decision.id)
    return [_row(decision, today) for decision in session().scalars(query)]


def _row(decision: Decision, today: date) -> LedgerRow:
    labels = policy().measures
    fine = sum(each.amount_fen or 0 for each in decision.measures if each.kind == FINE)
    left = max(0, decision.owed_fen - decision.paid_fen)
    late = decision.pay_by is not None and left > 0 and today > decision.pay_by
    return LedgerRow(
        decision=decision,
        party=decision.party.name if decision.party else "",
        measures=[(labels[each.kind].label, each) for each in decision.measures],
        owed_fen=decision.owed_fen,
        paid_fen=decision.paid_fen,
        late_days=(today - decision.pay_by).days if late and decision.pay_by else 0,
        late_fen=_late_fen(decision, fine, today),
    )


def _late_fen(decision: Decision, fine_fen: int, today: date) -> int:
    """What being late has added so far; it stays when the fine itself has come in."""
    if decision.pay_by is None or decision.revoked_at is not None:
        return 0
    return penalties.late_fine_fen(
        fine_fen,
        pay_by=decision.pay_by,
        today=today,
        percent_a_day=policy().legal.late_percent_a_day,
        owed_fen=decision.owed_fen,
        paid=[(each.paid_on, each.amount_fen) for each in decision.payments],
    )


def unfinished(actor: Actor, *, today: date) -> list[tuple[int, str, LedgerRow]]:
    """Decisions that this inspector still has to serve or to collect, also on concluded cases."""
    query = (
        select(Decision, Case)
        .join(Case, Case.id == Decision.case_id)
        .where(Case.claimed_by_id == actor.id, Decision.revoked_at.is_(None))
        .order_by(Decision.pay_by, Decision.id)
    )
    rows = [
        (case.id, case.number, _row(decision, today))
        for decision, case in session().execute(query).unique()
    ]
    return [each for each in rows if each[2].state in ("unserved", "due", "late")]


def transfers_of(case_id: int) -> list[TransferView]:
    """The transfers of a case, the first one first."""
    query = select(Transfer).where(Transfer.case_id == case_id).order_by(Transfer.id)
    return [view_of(each) for each in session().scalars(query)]


def view_of(transfer: Transfer) -> TransferView:
    """One transfer with its set of documents."""
    wanted = policy().legal.transfers[transfer.kind]
    there = set(transfer.documents)
    documents = [
        (each.id, each.label, each.required, each.id in there) for each in wanted.documents
    ]
    return TransferView(
        transfer=transfer,
        party=transfer.party.name if transfer.party else "",
        kind=wanted.label,
        documents=documents,
        complete=all(is_there for _, _, required, is_there in documents if required),
    )


def _parties(case: Case) -> list[tuple[int, str]]:
    here = select(Party).join(ClinicParty, ClinicParty.party_id == Party.id)
    found = here.where(ClinicParty.clinic_id == case.clinic_id).order_by(Party.id)
    return [(party.id, party.name) for party in session().scalars(found).unique()]


def _is_listed(case: Case) -> bool:
    listed = select(Listing.id).where(Listing.stands_for(case.id))
    return session().scalar(listed) is not None


def _former(case: Case) -> str:
    link = select(Case.number).join(Resurgence, Resurgence.former_id == Case.id)
    return session().scalar(link.where(Resurgence.case_id == case.id)) or ""


def _location(case: Case) -> str:
    """A link that the phone opens in its own map; coordinates where they are known."""
    clinic = case.clinic
    if clinic.latitude is not None and clinic.longitude is not None:
        return f"geo:{clinic.latitude:.6f},{clinic.longitude:.6f}"
    return ""
