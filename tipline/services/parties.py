"""Parties: who is behind a clinic, and what they were punished with before, wherever it was."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from tipline.db import session, use_case
from tipline.domain.actors import Actor, NotThere
from tipline.domain.lifecycle import IllegalTransition
from tipline.models import ClinicParty, Party, PartyRecord
from tipline.runtime import runtime, settings
from tipline.services import journal
from tipline.services.reach import clinic_for
from tipline.vault import sealing


class EndsBeforeItBegan(Exception):
    """A party cannot have left a clinic before it came."""


@dataclass(frozen=True, kw_only=True)
class Described:
    """A person or an organisation, as far as it is known; the identity number may be empty."""

    kind: str
    name: str
    identity: str = ""


@use_case
def add(
    clinic_id: int,
    *,
    by: Actor,
    described: Described,
    role: str,
    since: date | None = None,
    now: datetime,
) -> int:
    """Say what a party is to a clinic; who has the same identity number is the same party."""
    clinic = clinic_for(by, clinic_id, "clinic:keep")
    party = _recognised(described) or _new(described)
    known = (ClinicParty.clinic_id == clinic.id) & (ClinicParty.party_id == party.id)
    if session().scalar(select(ClinicParty.id).where(known, ClinicParty.role == role)):
        raise IllegalTransition(f"party {party.id} is {role} at clinic {clinic_id} already")
    clinic.parties.append(ClinicParty(party=party, role=role, since=since))
    facts = {"party": party.id, "role": role}
    journal.record("clinic.party_added", clinic.ref, by=by.by, now=now, facts=facts)
    return party.id


@use_case
def end(clinic_id: int, link_id: int, *, by: Actor, until: date, now: datetime) -> None:
    """A party has left a clinic; that it was there stays on file."""
    clinic = clinic_for(by, clinic_id, "clinic:keep")
    link = _link(clinic.id, link_id)
    if link.since is not None and until < link.since:
        raise EndsBeforeItBegan(link_id)
    link.until = until
    facts = {"party": link.party_id, "role": link.role}
    journal.record("clinic.party_ended", clinic.ref, by=by.by, now=now, facts=facts)


@use_case
def note_record(
    clinic_id: int,
    link_id: int,
    *,
    by: Actor,
    kind: str,
    on: date,
    note: str,
    here: bool,
    now: datetime,
) -> None:
    """Note that a party was banned or punished before; `here` when it was at this clinic."""
    clinic = clinic_for(by, clinic_id, "clinic:keep")
    party = _link(clinic.id, link_id).party
    where = clinic.id if here else None
    record(party, kind=kind, on=on, note=note, clinic_id=where, by=by, now=now)


def record(
    party: Party,
    *,
    kind: str,
    on: date,
    note: str = "",
    clinic_id: int | None = None,
    case_id: int | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """The step that puts a ban or a punishment on a party's record."""
    party.records.append(
        PartyRecord(
            kind=kind,
            on=on,
            note=note.strip(),
            clinic_id=clinic_id,
            case_id=case_id,
            by_id=by.id,
            at=now,
        )
    )
    facts = {"kind": kind, "on": on.isoformat()}
    journal.record("party.recorded", party.ref, by=by.by, now=now, facts=facts)


def _link(clinic_id: int, link_id: int) -> ClinicParty:
    link = session().get(ClinicParty, link_id)
    if link is None or link.clinic_id != clinic_id:
        raise NotThere(f"party at clinic {clinic_id}")
    return link


def _recognised(described: Described) -> Party | None:
    mark = _mark(described.identity)
    if mark is None:
        return None
    return session().scalar(select(Party).where(Party.identity_mark == mark))


def _new(described: Described) -> Party:
    mark = _mark(described.identity)
    sealed = sealing.seal(runtime().desk_public_key, described.identity) if mark else None
    party = Party(
        kind=described.kind,
        name=described.name.strip(),
        identity_mark=mark,
        identity_sealed=sealed,
    )
    session().add(party)
    session().flush()
    return party


def _mark(identity: str) -> bytes | None:
    """Tells whether two identity numbers are the same, without keeping either."""
    plain = "".join(unicodedata.normalize("NFKC", identity).upper().split())
    return sealing.identity_mark(plain, settings().pepper) if plain else None
