"""One call of a provider, with no transaction open, and what its answer means for the outbox."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from tipline.channels import Answers, CannotReach, Channel, Threads, TryLater, Unclear
from tipline.db import session
from tipline.domain import segments
from tipline.domain.sending import Sending, Why
from tipline.models import Delivery
from tipline.queries.promises import Promise
from tipline.runtime import runtime
from tipline.services import composing, references
from tipline.services.composing import Files, Said


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """All that is needed to send one notice, read before the provider is called.

    `unclear` earlier attempts may have been sent, the first of them at `tried_at`.
    """

    delivery_id: int
    attempt: int
    channel: str
    provider: str
    kind: str
    locale: str
    field: str  # of the questionnaire, for a question of it
    files: Files
    number: str  # empty for somebody without a tip
    promised: Promise | None
    unclear: int
    tried_at: datetime
    follows: str  # what the channel calls their latest message about this tip
    address: str = dataclasses.field(repr=False)
    code_sealed: bytes | None = dataclasses.field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of one attempt; `unclear` attempts may have been sent, this one included."""

    state: Sending
    provider_id: str | None = None
    reason: str = ""
    why: Why = Why.NOT_TAKEN
    wait: float | None = None
    segments: int = 0
    unclear: int = 0


def call(outgoing: Outgoing) -> Result:
    """Send; what the provider did not answer last time, it is asked about first if it can say."""
    try:
        channel, said = runtime().providers[outgoing.provider], _compose(outgoing)
    except Exception as broken:
        reason = f"cannot be composed: {type(broken).__name__}"
        return Result(state=Sending.FAILED, why=Why.BROKEN, reason=reason)
    if outgoing.unclear and isinstance(channel, Answers):
        return _ask(channel, outgoing, said) or _speak(channel, outgoing, said, unclear=0)
    return _speak(channel, outgoing, said, unclear=outgoing.unclear)


def _ask(channel: Answers, outgoing: Outgoing, said: Said) -> Result | None:
    """What the provider knows of the earlier attempt; None when it surely was not sent."""
    try:
        found = channel.find(outgoing.address, said.text, outgoing.tried_at)
    except (CannotReach, TryLater, Unclear):
        return Result(
            state=Sending.AMBIGUOUS,
            reason="provider cannot say",
            why=Why.NO_ANSWER,
            unclear=outgoing.unclear,
        )
    known = session().scalars(select(Delivery.provider_id).where(Delivery.provider_id.in_(found)))
    new = sorted(set(found) - set(known))
    return Result(state=Sending.ACCEPTED, provider_id=new[0]) if new else None


def _speak(channel: Channel, outgoing: Outgoing, said: Said, *, unclear: int) -> Result:
    reference = references.of(outgoing.delivery_id)
    try:
        provider_id = _said(channel, outgoing, said, reference)
    except CannotReach as refused:
        return Result(state=Sending.FAILED, reason=str(refused), why=refused.why)
    except TryLater as later:
        reason = str(later)
        return Result(state=Sending.PENDING, reason=reason, wait=later.after, unclear=unclear)
    except Unclear as lost:
        return Result(
            state=Sending.AMBIGUOUS, reason=str(lost), why=Why.NO_ANSWER, unclear=unclear + 1
        )
    cost = segments.count(said.text) if outgoing.channel == "sms" else 0
    return Result(state=Sending.ACCEPTED, provider_id=provider_id, segments=cost)


def _said(channel: Channel, outgoing: Outgoing, said: Said, reference: str) -> str:
    if outgoing.follows and isinstance(channel, Threads):
        return channel.follow(outgoing.follows, outgoing.address, said.text, reference)
    return channel.speak(outgoing.address, said.text, said.choices, reference)


def _compose(outgoing: Outgoing) -> Said:
    sealed = outgoing.code_sealed
    return composing.compose(
        outgoing.kind,
        channel=outgoing.channel,
        locale=outgoing.locale,
        field=outgoing.field,
        files=outgoing.files,
        number=outgoing.number,
        promised=outgoing.promised,
        code=runtime().contacts.open(sealed)["code"] if sealed else "",
    )
