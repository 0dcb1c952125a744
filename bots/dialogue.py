"""The dialogue: what a message means. Pure; the same on every channel.

A message is understood in this order: it opens a tip by its code; it answers the one open
question; it belongs to one of several open tips, and we ask to which; else it is a new tip.
"""

from collections.abc import Sequence
from dataclasses import replace

from bots import meaning
from tipline.dialogues import WHICH, Code, Does, Effect, Question, Said, State, Turn

MOST_HEARD = 11  # a dialogue is over with the twelfth message at the latest
MOST_TIMES = 2
MOST_OFFERED = 3
FACTS, ADDRESS = "facts", "address"


def converse(questions: Sequence[Question], state: State, said: Said | None) -> Turn:
    """The next step; None was said when there was half an hour of silence."""
    if said is None:
        return _silence(state)
    if state.asked not in ("", WHICH) and state.tip not in state.tips:
        state = _closed(state)  # the tip is over, and so is what was asked about it
    if state.asked and state.heard >= MOST_HEARD:
        over = _silence(state)
        turn = _understood(questions, over.state, said)
        return replace(turn, effects=(*over.effects, *turn.effects))
    return _understood(questions, replace(state, heard=state.heard + 1), said)


def _understood(questions: Sequence[Question], state: State, said: Said) -> Turn:
    """The carriers' words first, then corrections and codes, then everything else."""
    if meaning.is_stop(said):
        return Turn(effects=(*_released(state), Effect(does=Does.STOP)), state=_closed(state))
    if meaning.is_start(said):
        return Turn(effects=(Effect(does=Does.START),), reply="help", state=state)
    if said.amends:
        return _amended(state, said)
    if said.code is not Code.NONE:
        return _with_code(questions, state, said)
    return _commanded(questions, state, said) or _spoken(questions, state, said)


def _commanded(questions: Sequence[Question], state: State, said: Said) -> Turn | None:
    """The few words that mean something of ours, and what says nothing at all."""
    if meaning.asks_for_code(said):
        return _code(state)
    if meaning.is_another(said):
        return _another(state)
    if said.too_large and not (said.files or said.text):
        return Turn(reply="too_large", state=state)
    if meaning.is_greeting(said):
        return _again(questions, state) if state.asked else Turn(reply="help", state=state)
    return None


def _silence(state: State) -> Turn:
    """What waited for a choice becomes a tip; what was never answered stays open for good."""
    reply = {"": "", WHICH: "received"}.get(state.asked, "complete")
    return Turn(effects=_released(state), reply=reply, state=_closed(state))


def _released(state: State) -> tuple[Effect, ...]:
    return (Effect(does=Does.RELEASE),) if state.asked == WHICH else ()


def _closed(state: State) -> State:
    return replace(state, asked="", times=0, heard=0, offered=(), another=False)


def _amended(state: State, said: Said) -> Turn:
    """An edited message corrects what was said, whatever is being asked."""
    tip = said.about or state.tip
    if tip is None:
        return Turn(reply="help", state=state)
    corrected = Effect(does=Does.ADD, words=said.text, tip=tip)
    return Turn(effects=(corrected,), reply="added", about=tip, state=state)


def _another(state: State) -> Turn:
    """The next message is about something else."""
    times = state.times + 1 if state.another else 1
    fresh = replace(_closed(state), another=True, times=times)
    effects = _released(state)
    if times > MOST_TIMES:
        return Turn(effects=effects, reply="help", state=replace(fresh, times=MOST_TIMES))
    return Turn(effects=effects, reply="ask", field=FACTS, state=fresh)


def _code(state: State) -> Turn:
    if state.tip is None and not state.tips:
        return Turn(reply="help", state=state)
    return Turn(effects=(Effect(does=Does.TELL_CODE),), reply="code", state=state)


def _with_code(questions: Sequence[Question], state: State, said: Said) -> Turn:
    """A code opens its tip; beside a wrong one every word is kept like any other."""
    looks, words = meaning.beside_code(said.text)
    says = bool(words or said.files)
    if said.code is Code.OPENS:
        added = (Effect(does=Does.ADD, words=words, tip=said.code_tip),) if says else ()
        reply = "status" if looks else "added"
        return Turn(effects=added, reply=reply, about=said.code_tip, state=state)
    if says:
        return _spoken(questions, state, said)
    return Turn(reply="wait" if said.code is Code.NOT_NOW else "no_match", state=state)


def _spoken(questions: Sequence[Question], state: State, said: Said) -> Turn:
    """Words, a press, a pin or files that belong somewhere."""
    if state.asked == WHICH:
        return _chosen(questions, state, said)
    if state.asked:
        return _answered(questions, state, said)
    if said.pressed:
        return _pressed_late(questions, state, said)
    if state.another:
        return _new_tip(questions, state, said)
    if len(state.asking) == 1:
        return _added(state, said, tip=state.asking[0])
    if len(state.tips) == 1:
        return _added(state, said, tip=state.tips[0])
    if state.tips:
        return _which(state, said, times=1)
    return _new_tip(questions, state, said)


def _new_tip(questions: Sequence[Question], state: State, said: Said) -> Turn:
    """The first message of any kind is at once a tip; a pin says where it is."""
    begun = Effect(does=Does.NEW_TIP, words="" if said.pin else said.text)
    told = (FACTS,) if meaning.says_enough(said) else ()
    fresh = State(passed=(ADDRESS,) if said.pin else told, heard=1)
    effects = (begun, _answer(ADDRESS, words=said.text)) if said.pin else (begun,)
    return replace(_next(questions, fresh), effects=effects, reply="received")


def _added(state: State, said: Said, *, tip: int) -> Turn:
    effect = Effect(does=Does.ADD, words=said.text, tip=tip)
    return Turn(effects=(effect,), reply="added", about=tip, state=replace(state, tip=tip, heard=0))


def _answered(questions: Sequence[Question], state: State, said: Said) -> Turn:
    """The answer to the open question: a choice, a skip, or words that are kept as they are."""
    question = next((each for each in questions if each.field == state.asked), None)
    if question is None:  # the policy no longer asks for it
        return _spoken(questions, _closed(state), said)
    if said.pin:
        return _pinned(questions, state, said)
    field, value = meaning.chosen(questions, question, said)
    if field != question.field:
        return replace(_again(questions, state), effects=(_answer(field, value=value),))
    if value:
        return replace(_pass(questions, state), effects=(_answer(field, value=value),))
    if meaning.is_skip(said, field):
        return _pass(questions, state)
    if not said.text.strip():
        return replace(_again(questions, state), effects=_files(state, said))
    if said.early:
        effect = Effect(does=Does.ADD, words=said.text, tip=state.tip)
        return Turn(effects=(effect,), reply="added", state=state)
    return replace(_pass(questions, state), effects=(_answer(field, words=said.text),))


def _pinned(questions: Sequence[Question], state: State, said: Said) -> Turn:
    """A pin answers where it is, also when something else was asked."""
    turn = _pass if state.asked == ADDRESS else _again
    told = replace(state, passed=(*state.passed, ADDRESS))
    return replace(turn(questions, told), effects=(_answer(ADDRESS, words=said.text),))


def _pressed_late(questions: Sequence[Question], state: State, said: Said) -> Turn:
    """A button of an earlier question still says what it says, if its tip is there."""
    field, value = meaning.pressed(questions, said)
    if state.tip is None or not value:
        return Turn(reply="help", state=state)
    return Turn(effects=(_answer(field, value=value),), reply="added", state=state)


def _which(state: State, said: Said, *, times: int) -> Turn:
    """Ask to which of the open tips this belongs; the words wait meanwhile."""
    offered = state.offered or state.tips[-MOST_OFFERED:]
    waiting = replace(state, asked=WHICH, times=times, offered=offered)
    field = ",".join(str(each) for each in offered)
    return Turn(effects=(Effect(does=Does.HOLD),), reply="which", field=field, state=waiting)


def _chosen(questions: Sequence[Question], state: State, said: Said) -> Turn:
    """A digit or a press chooses; anything else waits as well, and is asked about once more."""
    place = meaning.place_of(said, most=len(state.offered) + 1)
    if place is None and state.times < MOST_TIMES:
        return _which(state, said, times=state.times + 1)
    if place is None:
        held = (Effect(does=Does.HOLD), Effect(does=Does.RELEASE))
        return Turn(effects=held, reply="received", state=_closed(state))
    if place < len(state.offered):
        tip = state.offered[place]
        belongs = (Effect(does=Does.RELEASE, tip=tip),)
        return Turn(
            effects=belongs, reply="added", about=tip, state=replace(_closed(state), tip=tip)
        )
    turn = _next(questions, State(passed=(FACTS,), heard=1))
    return replace(turn, effects=(Effect(does=Does.RELEASE),), reply="received")


def _pass(questions: Sequence[Question], state: State) -> Turn:
    return _next(questions, replace(state, passed=(*state.passed, state.asked)))


def _next(questions: Sequence[Question], state: State) -> Turn:
    """Ask the next question, or thank when there is none or enough was asked."""
    left = [each.field for each in questions if each.field not in state.passed]
    if not left or state.heard >= MOST_HEARD:
        return Turn(reply="complete", state=_closed(state))
    return Turn(reply="ask", field=left[0], state=replace(state, asked=left[0], times=1))


def _again(questions: Sequence[Question], state: State) -> Turn:
    """The same question once more, and not a third time."""
    if state.asked == WHICH:
        field = ",".join(str(each) for each in state.offered)
        again = replace(state, times=state.times + 1)
        if again.times > MOST_TIMES:
            return Turn(effects=_released(state), reply="received", state=_closed(state))
        return Turn(reply="which", field=field, state=again)
    if state.times >= MOST_TIMES or state.heard >= MOST_HEARD:
        return _pass(questions, state)
    return Turn(reply="ask", field=state.asked, state=replace(state, times=state.times + 1))


def _files(state: State, said: Said) -> tuple[Effect, ...]:
    return (Effect(does=Does.ADD, tip=state.tip),) if said.files else ()


def _answer(field: str, *, value: str = "", words: str = "") -> Effect:
    return Effect(does=Does.ANSWER, field=field, value=value, words=words)
