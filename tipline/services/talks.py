"""Talks: what is known of one sender on one channel, and where the dialogue stands."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from tipline.channels import Heard
from tipline.db import session
from tipline.dialogues import State, state_from
from tipline.domain import guessing
from tipline.domain.flooding import Replies
from tipline.domain.guessing import Tries
from tipline.domain.lifecycle import OPEN_TIP
from tipline.models import Contact, Conversation, Delivery, Inbound, Message, Tip
from tipline.runtime import policy, runtime
from tipline.services import addressees, intake

SILENCE = timedelta(minutes=30)


def with_sender(channel: str, heard: Heard, *, now: datetime) -> Conversation:
    """The talk with this sender, locked; a new one for a stranger."""
    mark = runtime().contacts.sender_mark(channel, heard.sender)
    same = (Conversation.channel == channel) & (Conversation.sender_mark == mark)
    talk = session().scalar(select(Conversation).where(same).with_for_update())
    if talk is None:
        talk = Conversation(
            channel=channel,
            sender_mark=mark,
            state={},
            locale=heard.locale,
            wrong_codes=0,
            replies=0,
        )
        session().add(talk)
    talk.heard_at = now
    addressees.heard_from(channel, mark)
    session().flush()
    return talk


def state(talk: Conversation) -> State:
    """Where the dialogue stands, with the open tips of this sender."""
    tips = _open_tips(talk)
    return state_from(talk.state, tip=talk.tip_id, tips=tips, asking=_asking(tips))


def keep(talk: Conversation, then: State, *, said_at: datetime, now: datetime) -> None:
    """Where the dialogue stands now; while something is asked, silence ends it."""
    talk.state, talk.tip_id = then.kept(), then.tip
    waits = bool(then.asked) or then.another
    talk.asked_at = now if waits else None
    talk.closes_at = said_at + SILENCE if waits else None


def held(talk: Conversation) -> list[Inbound]:
    """The messages of this sender that wait until it is known where they belong."""
    same = (Inbound.channel == talk.channel) & (Inbound.sender_mark == talk.sender_mark)
    waiting = select(Inbound).where(same, Inbound.state == "held").order_by(Inbound.id)
    return list(session().scalars(waiting))


def contact(talk: Conversation, *, tip: Tip | None, sender: str) -> Contact:
    """How to reply to this sender: by the contact of their own tip, else by one without a tip."""
    if tip is not None and tip.contact is not None and _is(tip.contact, talk):
        return tip.contact
    found = session().scalar(
        select(Contact).where(
            Contact.channel == talk.channel,
            Contact.sender_mark == talk.sender_mark,
            Contact.tip_id.is_(None),
        )
    )
    return found or _stranger(talk, sender)


def stop(talk: Conversation, at: datetime | None) -> None:
    """Send nothing more to this sender, or, without an instant, send again."""
    talk.stopped_at = at
    same = (Contact.channel == talk.channel) & (Contact.sender_mark == talk.sender_mark)
    session().execute(update(Contact).where(same).values(stopped_at=at))
    if at is None:
        addressees.heard_from(talk.channel, talk.sender_mark, started=True)
    else:
        theirs = select(Contact.id).where(same)
        waiting = (Delivery.state == "pending") & Delivery.contact_id.in_(theirs)
        given_up = {"state": "failed", "reason": "stopped by the reporter"}
        session().execute(update(Delivery).where(waiting).values(**given_up))


def may_reply(talk: Conversation, now: datetime) -> bool:
    """Whether one more reply goes to this sender; from who floods us all is kept all the same."""
    if talk.stopped_at is not None:
        return False
    rules = policy().outbox.replies
    within = timedelta(minutes=rules.minutes)
    due = Replies(talk.replies, talk.replies_since)
    due = due.one_more(most=rules.most, within=within, now=now)
    talk.replies, talk.replies_since = due.due, due.since
    return not due.are_too_many(rules.most)


def must_wait(talk: Conversation, *, now: datetime) -> bool:
    """Whether this sender gave too many wrong codes."""
    return Tries(talk.wrong_codes, talk.wrong_since).must_wait(guessing.OF_SENDER, now=now)


def count_wrong_code(talk: Conversation, *, now: datetime) -> None:
    """One more code that opened nothing."""
    tries = Tries(talk.wrong_codes, talk.wrong_since).one_more(guessing.OF_SENDER, now=now)
    talk.wrong_codes, talk.wrong_since = tries.wrong, tries.since


def _is(found: Contact, talk: Conversation) -> bool:
    return (found.channel, found.sender_mark) == (talk.channel, talk.sender_mark)


def _stranger(talk: Conversation, sender: str) -> Contact:
    made = Contact(
        channel=talk.channel,
        locale=talk.locale,
        sealed=intake.seal_contact((talk.channel, sender), ""),
        sender_mark=talk.sender_mark,
        stopped_at=talk.stopped_at,
    )
    session().add(made)
    session().flush()
    return made


def _open_tips(talk: Conversation) -> tuple[int, ...]:
    same = (Contact.channel == talk.channel) & (Contact.sender_mark == talk.sender_mark)
    theirs = select(Tip.id).join(Tip.contacts).where(same, Tip.status.in_(OPEN_TIP))
    return tuple(session().scalars(theirs.order_by(Tip.id)))


def _asking(tips: tuple[int, ...]) -> tuple[int, ...]:
    """The tips on which the office asked something after the reporter spoke last."""
    if not tips:
        return ()
    latest = select(func.max(Message.id)).where(Message.tip_id.in_(tips)).group_by(Message.tip_id)
    waiting = select(Message.tip_id).where(Message.id.in_(latest), Message.kind == "question")
    return tuple(session().scalars(waiting.order_by(Message.tip_id)))
