"""Suspicion: a transfer to the police is proposed, by an inspector or by the law itself."""

from datetime import datetime

from sqlalchemy import select

from tipline.db import session
from tipline.domain import penalties
from tipline.domain.actors import Actor
from tipline.domain.lifecycle import TransferStatus
from tipline.models import Case, ClinicParty, Party, Transfer
from tipline.queries.eligibility import local_day
from tipline.runtime import policy
from tipline.services import journal

PRACTITIONER = "practitioner"


def raise_by_rule(case: Case, *, now: datetime) -> None:
    """The step that proposes a transfer where the law suspects a crime, without anybody's doing.

    It looks at everybody who practises at the clinic, once it is established that somebody does.
    """
    here = (ClinicParty.clinic_id == case.clinic_id, ClinicParty.role == PRACTITIONER)
    found = select(Party).join(ClinicParty, ClinicParty.party_id == Party.id)
    for party in session().scalars(found.where(*here, ClinicParty.until.is_(None))).unique():
        ground = _ground(party, case, now=now)
        if ground is not None and not _transferred(case, party.id):
            propose(case, party.id, kind="crime", ground=ground, by=None, now=now)


def propose(
    case: Case, party_id: int | None, *, kind: str, ground: str, by: Actor | None, now: datetime
) -> None:
    """The step that puts a transfer before the head; the law itself has nobody's name."""
    transfer = Transfer(case_id=case.id, party_id=party_id, kind=kind, ground=ground)
    transfer.status, transfer.documents = TransferStatus.PROPOSED, []
    transfer.proposed_at, transfer.proposed_by_id = now, by.id if by else None
    session().add(transfer)
    session().flush()
    facts = {"transfer": transfer.id, "ground": ground}
    who = by.by if by else journal.SYSTEM
    journal.record("transfer.proposed", case.ref, by=who, now=now, facts=facts)


def _ground(party: Party, case: Case, *, now: datetime) -> str | None:
    earlier = [each for each in party.records if each.case_id != case.id]
    return penalties.transfer_ground(
        found_on=local_day(now),
        penalised_on=[each.on for each in earlier if each.kind == "penalty"],
        convicted_on=[each.on for each in earlier if each.kind == "criminal_penalty"],
        penalties=policy().legal.penalties_before_transfer,
    )


def _transferred(case: Case, party_id: int) -> bool:
    theirs = (Transfer.case_id == case.id, Transfer.party_id == party_id)
    return session().scalar(select(Transfer.id).where(*theirs).limit(1)) is not None
