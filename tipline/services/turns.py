"""Turns: carries out what the dialogue made of a message, inside the use case that heard it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select

from tipline.channels import Heard
from tipline.db import session
from tipline.dialogues import Does, Effect, Turn
from tipline.domain.lifecycle import OPEN_TIP
from tipline.domain.sending import Why
from tipline.models import Conversation, Inbound, Notice, Tip
from tipline.runtime import policy
from tipline.services import addressees, details, evidence, intake, journal, notices, talks
from tipline.services.hearing import heard_in
from tipline.services.intake import Statement
from tipline.vault import sealing

ALBUM_WAIT = timedelta(seconds=2)  # what was sent as one arrives one after the other


@dataclass
class Hearing:
    """One message of a talk while it is being understood; silence has no message."""

    talk: Conversation
    at: datetime
    because: str
    inbound: Inbound | None = None
    heard: Heard | None = None

    @property
    def tip(self) -> Tip | None:
        """The tip that is being talked about."""
        return session().get(Tip, self.talk.tip_id) if self.talk.tip_id else None


def take(turn: Turn, hearing: Hearing, *, now: datetime) -> None:
    """Do what the turn says, owe its one reply, and keep where the dialogue stands."""
    before = session().scalar(select(func.max(Notice.id))) or 0
    hearing.talk.tip_id = turn.state.tip or hearing.talk.tip_id
    for effect in turn.effects:
        DO[effect.does](effect, hearing)
    kept, replies = hearing.talk.tip_id, turn.reply and talks.may_reply(hearing.talk, hearing.at)
    state = turn.state if replies else turn.state.unasked()
    talks.keep(hearing.talk, state, said_at=hearing.at, now=now)
    hearing.talk.tip_id = kept
    if replies:
        _reply(turn, hearing, before)
    else:
        notices.withhold(hearing.talk.channel, hearing.talk.sender_mark, after=before)


def bring_along(hearing: Hearing, tip_id: int) -> None:
    """One more file of several that were sent as one: the reply to the first counts it, if it can.

    It needs no reply of its own.
    """
    _belongs(hearing, tip_id)
    waiting = notices.waiting_reply(hearing.talk.channel, hearing.talk.sender_mark)
    if waiting is not None:
        _count_files(waiting, hearing)


def refuse(hearing: Hearing) -> None:
    """Where several people listen we say once that we do not talk there, and nothing else."""
    assert hearing.heard is not None
    if hearing.talk.state.get("refused"):
        return
    hearing.talk.state = {"refused": True}
    contact = talks.contact(hearing.talk, tip=None, sender=hearing.heard.sender)
    notices.reply(
        contact,
        "private",
        tip=None,
        field="",
        because=hearing.because,
        now=hearing.at,
        after=0,
    )


def _reply(turn: Turn, hearing: Hearing, before: int) -> None:
    tip = session().get(Tip, turn.about) if turn.about else hearing.tip
    sender = hearing.heard.sender if hearing.heard else ""
    notice = notices.reply(
        talks.contact(hearing.talk, tip=tip, sender=sender),
        _kind(turn.reply, tip, hearing.talk),
        tip=tip,
        field=turn.field,
        because=hearing.because,
        now=hearing.at,
        after=before,
    )
    _count_files(notice, hearing)
    if hearing.heard and hearing.heard.album:
        notices.put_off(notice, until=hearing.at + ALBUM_WAIT)


def _count_files(notice: Notice, hearing: Hearing) -> None:
    """A reply says how many files came along, and how many are to be handed over elsewhere."""
    if hearing.heard is not None:
        notice.files += len(hearing.heard.files)
        notice.too_large += hearing.heard.too_large


def _kind(reply: str, tip: Tip | None, talk: Conversation) -> str:
    """A tip that is over has news; a code is told on the channel on which the tip began only."""
    if reply == "status" and tip is not None and tip.status not in OPEN_TIP:
        return "news"
    if reply == "code" and (tip is None or tip.channel != talk.channel):
        return "help"
    return reply


def _new_tip(effect: Effect, hearing: Hearing) -> None:
    assert hearing.heard is not None
    assert hearing.inbound is not None
    received_no = hearing.inbound.received_no
    _begin(hearing, effect.words, sender=hearing.heard.sender, received_no=received_no)


def _begin(hearing: Hearing, words: str, *, sender: str, received_no: int) -> None:
    """A tip has the rank of the message that told it first, whenever that was understood."""
    talk = hearing.talk
    said = Statement(
        channel=talk.channel,
        locale=talk.locale,
        code=sealing.mint_code(),
        words={"facts": words} if words.strip() else {},
        contact=(talk.channel, sender),
        sender_mark=talk.sender_mark,
        stopped_at=talk.stopped_at,
    )
    talk.tip_id = intake.take_in(intake.seal(said), now=hearing.at, received_no=received_no).id
    _belongs(hearing, talk.tip_id)


def _add(effect: Effect, hearing: Hearing) -> None:
    tip = session().get_one(Tip, effect.tip) if effect.tip else hearing.tip
    assert tip is not None
    _belongs(hearing, tip.id)
    if not effect.words.strip():
        journal.record("tip.supplemented", tip.ref, by=journal.REPORTER, now=hearing.at)
        return
    amends = hearing.heard is not None and hearing.heard.amends
    intake.add_words(tip, effect.words, now=hearing.at, kind="amendment" if amends else "addition")


def _answer(effect: Effect, hearing: Hearing) -> None:
    tip, field = hearing.tip, policy().questionnaire.fields.get(effect.field)
    assert tip is not None
    _belongs(hearing, tip.id)
    if field is None:
        intake.add_words(tip, effect.words, now=hearing.at)
    else:
        details.answer(tip, field, value=effect.value, words=effect.words, now=hearing.at)


def _hold(effect: Effect, hearing: Hearing) -> None:
    assert hearing.inbound is not None
    hearing.inbound.state = "held"
    session().flush()


def _release(effect: Effect, hearing: Hearing) -> None:
    """What waited goes to the tip that was chosen, as one text, or becomes a new one."""
    waited = talks.held(hearing.talk)
    heard = [heard_in(each) for each in waited]
    words = "\n".join(each.text for each in heard)
    if effect.tip:
        intake.add_words(session().get_one(Tip, effect.tip), words, now=hearing.at)
    elif heard:
        _begin(hearing, words, sender=heard[0].sender, received_no=waited[0].received_no)
    for each, said in zip(waited, heard, strict=True):
        each.state = "understood"
        _belongs(replace(hearing, inbound=each, heard=said), effect.tip or hearing.talk.tip_id)


def _tell_code(effect: Effect, hearing: Hearing) -> None:
    """The reply tells it; nothing else is done."""


def _stop(effect: Effect, hearing: Hearing) -> None:
    """Also for a number that was left elsewhere: nothing more is sent there."""
    assert hearing.heard is not None
    talks.stop(hearing.talk, hearing.at)
    person = addressees.of(hearing.talk.channel, hearing.heard.sender, now=hearing.at)
    addressees.silence(person, Why.OPTED_OUT, now=hearing.at)


def _start(effect: Effect, hearing: Hearing) -> None:
    talks.stop(hearing.talk, None)


def _belongs(hearing: Hearing, tip_id: int | None) -> None:
    """What came along goes where the words go, once."""
    inbound, heard = hearing.inbound, hearing.heard
    if inbound is None or heard is None or tip_id is None or inbound.tip_id is not None:
        return
    inbound.tip_id = tip_id
    evidence.want(tip_id, inbound, heard.files)


DO: Mapping[Does, Callable[[Effect, Hearing], None]] = {
    Does.NEW_TIP: _new_tip,
    Does.ADD: _add,
    Does.ANSWER: _answer,
    Does.HOLD: _hold,
    Does.RELEASE: _release,
    Does.TELL_CODE: _tell_code,
    Does.STOP: _stop,
    Does.START: _start,
}
