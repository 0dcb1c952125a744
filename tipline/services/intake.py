"""Intake: what a reporter said becomes a tip with a case, clocks and a receipt, at once."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, and_, bindparam, func, or_, select
from sqlalchemy.orm.attributes import set_committed_value

from tipline.db import session, use_case, write_down
from tipline.domain.matching import sketch
from tipline.domain.urgency import signals_in
from tipline.domain.words import as_stored
from tipline.models import Case, Clinic, Contact, Message, Office, Tip
from tipline.runtime import policy, runtime
from tipline.services import journal
from tipline.vault import sealing
from tipline.vault.sealing import TipKeys


def _office_of() -> Select[int]:
    is_root = Office.parent_id.is_(None)
    holds = (Office.division != "") & bindparam("division", type_=String).like(
        Office.division + "%"
    )
    ours = select(Office.id).where(or_(is_root, and_(Office.department == "health", holds)))
    return ours.order_by(is_root, func.length(Office.division).desc(), Office.id).limit(1)


BY_CODE = select(Tip).where(Tip.code_mark == bindparam("code_mark"))
OFFICE_OF = _office_of()


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What a reporter said, on whichever channel; `words` by the questionnaire's field names."""

    channel: str
    locale: str
    code: str
    category: str = "unknown"
    division: str = ""
    address: str = ""
    floor: str = ""
    words: dict[str, str] = field(default_factory=dict)
    contact: tuple[str, str] | None = None
    sender_mark: bytes | None = None
    stopped_at: datetime | None = None
    wants_reply: bool = True
    wants_reward: bool = False
    kind: str = "report"
    source: str = "own_channel"
    source_number: str = ""
    source_received_at: datetime | None = None
    request: str = ""  # the whole request of another system, to tell whether it is the same again


@dataclass(frozen=True)
class SealedTip:
    """A statement ready to be written: everything slow or secret is done before the transaction."""

    said: Statement
    number: str
    case_number: str
    code_mark: bytes
    code_sealed: bytes
    content_mark: bytes
    keys: TipKeys
    words_sealed: bytes
    contact_sealed: bytes | None
    sketch: bytes
    signals: str


@dataclass(frozen=True)
class Receipt:
    """What the reporter is shown; `again` when the same receipt code was sent before.

    `more` when it came with other words, which were added.
    """

    tip_id: int
    number: str
    received_at: datetime
    again: bool = False
    more: bool = False


def seal(said: Statement) -> SealedTip:
    """Seal the words to the tip's own key and the contact to the vault; touches no database."""
    run, pepper = runtime(), runtime().settings.pepper
    number = sealing.mint_number("T")
    keys = sealing.new_tip_keys(code=said.code, pepper=pepper, desk_public=run.desk_public_key)
    words, told = said.words | _not_storable(said), " ".join(said.words.values())
    return SealedTip(
        said=said,
        number=number,
        case_number=sealing.mint_number("C"),
        code_mark=sealing.code_mark(said.code, pepper),
        code_sealed=sealing.seal(run.vault_public_key, {"number": number, "code": said.code}),
        content_mark=_content_mark(said),
        keys=keys,
        words_sealed=sealing.seal(keys.public, words),
        contact_sealed=seal_contact(said.contact, number) if said.contact else None,
        sketch=sketch(told, sealing.words_key(pepper)),
        signals=" ".join(signals_in(told, policy().urgency.signals)),
    )


def _content_mark(said: Statement) -> bytes:
    content = [said.address, said.floor, said.words, *([said.request] if said.request else [])]
    return sealing.content_mark(content, runtime().settings.pepper)


def _not_storable(said: Statement) -> dict[str, str]:
    """A place with signs that a database cannot hold is kept exactly among the words."""
    place = {"address": said.address, "floor": said.floor}
    return {name: text for name, text in place.items() if as_stored(text) != text}


def seal_contact(contact: tuple[str, str], number: str) -> bytes:
    """A way to reach somebody, bound to the number of the tip it was left for."""
    content = {"number": number, "channel": contact[0], "address": contact[1]}
    return sealing.seal(runtime().vault_public_key, content)


@use_case
def receive(sealed: SealedTip, *, now: datetime, by: str = journal.REPORTER) -> Receipt:
    """Take a tip in; the same receipt code again gives the same receipt and adds what is new."""
    known = session().scalar(BY_CODE, {"code_mark": sealed.code_mark})
    if known is None:
        tip = take_in(sealed, now=now, by=by)
        return Receipt(tip.id, tip.number, tip.received_at)
    more = known.content_mark != sealed.content_mark
    if more:
        add_once(known, _all_words(sealed.said), mark=sealed.content_mark, now=now)
    return Receipt(known.id, known.number, known.received_at, again=True, more=more)


def take_in(
    sealed: SealedTip,
    *,
    now: datetime,
    received_no: int | None = None,
    by: str = journal.REPORTER,
) -> Tip:
    """The step that web and inbox share: clinic, case, tip and contact, and the journal line.

    `received_no` was drawn already where the words were kept before they were understood.
    """
    said, place = sealed.said, _place(sealed.said)
    priority = policy().categories[said.category].priority
    tip = Tip(
        number=sealed.number,
        case_id=_home(sealed, place, priority, now=now),
        received_at=now,
        policy_version=policy().version,
        category=said.category,
        priority=priority,
        wants_reply=said.wants_reply,
        wants_reward=said.wants_reward,
        code_mark=sealed.code_mark,
        code_sealed=sealed.code_sealed,
        content_mark=sealed.content_mark,
        public_key=sealed.keys.public,
        key_for_desk=sealed.keys.for_desk,
        key_for_code=sealed.keys.for_code,
        words_sealed=sealed.words_sealed,
        **_gist(sealed),
        **_origin(said),
        **place,
    )
    if received_no is not None:
        tip.received_no = received_no
    write_down(tip)
    set_committed_value(tip, "contacts", _contacts(sealed, tip))
    facts = {"channel": said.channel, "source": said.source}
    journal.record("tip.received", tip.ref, by=by, now=now, facts=facts)
    return tip


def _home(sealed: SealedTip, place: dict[str, str], priority: int, *, now: datetime) -> int:
    """The case that is the home of the tip from its first second."""
    said = sealed.said
    case = Case(
        number=sealed.case_number,
        clinic_id=write_down(Clinic(**place)).id,
        office_id=office_for(said.division),
        category=said.category,
        division=said.division,
        priority=priority,
        opened_at=now,
    )
    return write_down(case).id


def add_once(
    tip: Tip, words: str, *, mark: bytes, now: datetime, by: str = journal.REPORTER
) -> None:
    """The step by which something said more is added, however often it is sent."""
    same = (Message.tip_id == tip.id) & (Message.content_mark == mark)
    if session().scalar(select(Message.id).where(same)) is None:
        add_words(tip, words, now=now, by=by, mark=mark)


def add_words(
    tip: Tip,
    words: str,
    *,
    now: datetime,
    kind: str = "addition",
    by: str = journal.REPORTER,
    mark: bytes | None = None,
) -> Message:
    """The step by which a reporter says more about a tip."""
    sealed = sealing.seal(tip.public_key, words)
    message = Message(
        tip_id=tip.id, kind=kind, from_office=False, at=now, sealed=sealed, content_mark=mark
    )
    session().add(message)
    session().flush()
    journal.record("tip.supplemented", tip.ref, by=by, now=now)
    return message


def _gist(sealed: SealedTip) -> dict[str, Any]:
    """What stays readable of the words: nothing but what matching and ranking need."""
    return {"sketch": sealed.sketch, "signals": sealed.signals}


def _origin(said: Statement) -> dict[str, Any]:
    return {
        "channel": said.channel,
        "locale": said.locale,
        "kind": said.kind,
        "source": said.source,
        "source_number": said.source_number,
        "source_received_at": said.source_received_at,
    }


def _place(said: Statement) -> dict[str, str]:
    return {
        "division": said.division,
        "address": as_stored(said.address),
        "floor": as_stored(said.floor),
    }


def _contacts(sealed: SealedTip, tip: Tip) -> list[Contact]:
    if sealed.contact_sealed is None or sealed.said.contact is None:
        return []
    contact = Contact(
        tip_id=tip.id,
        channel=sealed.said.contact[0],
        locale=sealed.said.locale,
        sealed=sealed.contact_sealed,
        sender_mark=sealed.said.sender_mark,
        stopped_at=sealed.said.stopped_at,
    )
    return [write_down(contact)]


def office_for(division: str) -> int:
    """The health office of the smallest area that holds the place; the root where none does."""
    return session().scalars(OFFICE_OF, {"division": division}).one()


def _all_words(said: Statement) -> str:
    return "\n".join(text for text in (said.address, said.floor, *said.words.values()) if text)
