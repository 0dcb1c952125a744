"""The dialogue: pure; whatever somebody writes is kept, and it always comes to an end."""

import os
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.dialogue import converse
from bots.meaning import ADDS, ANOTHER, ASKS_FOR_CODE, GREETINGS, LOOKS, SKIPS
from tipline.dialogues import WHICH, Code, Does, Effect, Option, Question, Said, State, Turn
from tipline.domain import receipts

DIALOGUES = int(os.environ.get("TIPLINE_TEST_DIALOGUES", "2000"))
YES_NO = (Option("yes", ("是", "Yes")), Option("no", ("不", "No")))
KINDS = (Option("dental", ("补牙", "Teeth")), Option("blood", ("抽血", "Blood")))
SMS = (
    Question("address"),
    Question("facts"),
    Question("when"),
    Question("wants_reply", YES_NO),
)
CHAT = (
    Question("category", KINDS),
    Question("division", (Option("440902", ("茂南区",)),)),
    Question("address"),
    Question("facts"),
    Question("when"),
    Question("who"),
    Question("wants_reply", YES_NO),
    Question("wants_reward", YES_NO),
)
OPEN = State(tip=1, tips=(1,), asked="address", times=1, heard=1, passed=("facts",))
IDLE = State(tip=1, tips=(1,), passed=("facts",))
CODE = receipts.with_check_digits("12345678901234567890")
FACTS = "晚上有人给人打吊针，墙上没有执照"
# Carriers and providers act on these themselves, so none of them may mean something of ours.
CARRIERS_WORDS = "yes end quit cancel help info 取消 revoke optout"


def said(text: str = "", **more: object) -> Said:
    return Said(text=text, **more)  # type: ignore[arg-type]


def step(state: State, text: str = "", **more: object) -> Turn:
    return converse(SMS, state, said(text, **more))


def does(turn: Turn) -> list[Does]:
    return [effect.does for effect in turn.effects]


def test_the_first_message_is_a_tip_and_the_reply_asks_where() -> None:
    turn = step(State(), FACTS)
    assert (does(turn), turn.effects[0].words) == ([Does.NEW_TIP], FACTS)
    assert (turn.reply, turn.field) == ("received", "address")
    assert turn.state.passed == ("facts",)


@pytest.mark.parametrize("text", ["你好", "在吗？", "1", "😀"])
def test_a_first_message_that_says_little_is_a_tip_and_is_asked_what_was_seen(text: str) -> None:
    turn = step(State(), text)
    assert does(turn) == [Does.NEW_TIP]
    assert "facts" not in turn.state.passed


def played(texts: list[str], questions: tuple[Question, ...] = SMS) -> list[Turn]:
    """A dialogue with its one tip, number 1."""
    state, turns = State(), []
    for text in texts:
        turn = converse(questions, state, said(text))
        turns.append(turn)
        state = replace(turn.state, tip=1, tips=(1,))
    return turns


def test_four_answers_end_the_dialogue_with_thanks() -> None:
    turns = played([FACTS, "人民路 3 号", "晚上", "1"])
    assert [(turn.reply, turn.field) for turn in turns] == [
        ("received", "address"),
        ("ask", "when"),
        ("ask", "wants_reply"),
        ("complete", ""),
    ]
    answers = [(e.field, e.value, e.words) for turn in turns[1:] for e in turn.effects]
    assert answers == [
        ("address", "", "人民路 3 号"),
        ("when", "", "晚上"),
        ("wants_reply", "yes", ""),
    ]


@pytest.mark.parametrize(
    ("text", "value"), [("1", "yes"), ("２", "no"), ("是", "yes"), ("NO", "no"), ("不。", "no")]
)
def test_a_choice_is_made_by_its_digit_or_its_name(text: str, value: str) -> None:
    turn = step(replace(OPEN, asked="wants_reply"), text)
    assert turn.effects[0].value == value


@pytest.mark.parametrize("text", ["3", "9", "看情况吧", "1 或者 2"])
def test_free_text_instead_of_a_digit_is_kept_and_not_refused(text: str) -> None:
    turn = step(replace(OPEN, asked="wants_reply"), text)
    assert (turn.effects[0].does, turn.effects[0].words) == (Does.ANSWER, text)
    assert turn.field != "wants_reply"


@pytest.mark.parametrize("text", sorted(SKIPS))
def test_every_question_can_be_passed_over(text: str) -> None:
    turn = step(OPEN, text)
    assert (turn.effects, turn.field) == ((), "when")


def test_a_button_answers_and_a_stale_one_still_says_what_it_says() -> None:
    chosen = converse(CHAT, replace(OPEN, asked="category"), said(pressed="category=blood"))
    assert (chosen.effects[0].value, chosen.field) == ("blood", "division")
    stale = converse(CHAT, replace(OPEN, asked="when"), said(pressed="category=dental"))
    assert [(e.field, e.value) for e in stale.effects] == [("category", "dental")]
    assert stale.field == "when"
    late = converse(CHAT, IDLE, said(pressed="wants_reply=no"))
    assert (late.effects[0].value, late.reply) == ("no", "added")


@pytest.mark.parametrize("pressed", ["category=skip", "category=?", "x", "=", "which=1"])
def test_a_button_of_no_use_changes_nothing(pressed: str) -> None:
    assert converse(CHAT, IDLE, said(pressed=pressed)).effects == ()


def test_a_pin_says_where_it_is_whatever_is_asked() -> None:
    asked = converse(SMS, replace(OPEN, asked="address"), said("定位 21.6, 110.9", pin=True))
    assert (asked.effects[0].field, asked.field) == ("address", "when")
    other = converse(CHAT, replace(OPEN, asked="category"), said("定位 21.6, 110.9", pin=True))
    assert (other.effects[0].field, other.field) == ("address", "category")
    assert "address" in other.state.passed
    first = converse(CHAT, State(), said("定位 21.6, 110.9", pin=True))
    assert does(first) == [Does.NEW_TIP, Does.ANSWER]


def test_a_file_is_kept_and_the_question_asked_once_more() -> None:
    turn = step(OPEN, files=2)
    assert (does(turn), turn.reply, turn.field) == ([Does.ADD], "ask", "address")
    assert step(turn.state, files=1).field == "when"


def test_words_that_crossed_our_question_are_no_answer_to_it() -> None:
    turn = step(OPEN, "还有，他们夜里搬东西", early=True)
    assert (does(turn), turn.reply, turn.state.asked) == ([Does.ADD], "added", "address")


def test_a_corrected_message_corrects_whatever_is_asked() -> None:
    turn = step(OPEN, "五楼，不是四楼", amends=True)
    assert (does(turn), turn.state) == ([Does.ADD], replace(OPEN, heard=2))


# Codes


@pytest.mark.parametrize("state", [State(), IDLE, OPEN])
@pytest.mark.parametrize("text", [f"查 {CODE}", f"status {CODE}", f"查询：{CODE}", CODE])
def test_a_code_opens_its_tip_on_every_channel(state: State, text: str) -> None:
    turn = step(state, text, code=Code.OPENS, code_tip=9)
    assert (turn.effects, turn.reply, turn.about) == ((), "status", 9)
    assert turn.state.asked == state.asked


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"补充 {CODE} 他们搬了", "他们搬了"),
        (f"add {CODE} they moved", "they moved"),
        (f"他们搬了，查询码是 {CODE}", "他们搬了，查询码是"),
    ],
)
def test_words_beside_a_code_go_to_its_tip_without_the_code(text: str, words: str) -> None:
    turn = step(OPEN, text, code=Code.OPENS, code_tip=9)
    assert [(e.does, e.tip, e.words) for e in turn.effects] == [(Does.ADD, 9, words)]
    assert (turn.reply, turn.about) == ("added", 9)


def test_a_photo_with_the_code_in_its_caption_goes_to_its_tip() -> None:
    turn = step(State(), CODE, files=1, code=Code.OPENS, code_tip=9)
    assert [(e.does, e.tip) for e in turn.effects] == [(Does.ADD, 9)]


@pytest.mark.parametrize(
    ("code", "reply"), [(Code.OPENS_NOTHING, "no_match"), (Code.NOT_NOW, "wait")]
)
def test_a_wrong_code_is_answered_and_words_beside_it_are_kept(code: Code, reply: str) -> None:
    assert step(State(), f"查 {CODE}", code=code).reply == reply
    turn = step(State(), f"补充 {CODE} 他们搬了", code=code)
    assert does(turn) == [Does.NEW_TIP]
    assert "他们搬了" in turn.effects[0].words


@pytest.mark.parametrize("state", [IDLE, OPEN])
@pytest.mark.parametrize("text", ["查询码", "“查询码”", " 查码\n", "查詢碼", "CODE", "ｃｏｄｅ"])
def test_whoever_asks_for_the_code_is_told_and_the_question_stays(state: State, text: str) -> None:
    turn = step(state, text)
    assert (turn.reply, turn.state.asked) == ("code", state.asked)
    assert step(State(), text).reply == "help"


# Several tips

SEVERAL = State(tip=3, tips=(1, 2, 3))


def test_words_of_somebody_with_several_tips_wait_until_it_is_known_where_they_belong() -> None:
    turn = step(SEVERAL, "又开门了")
    assert (does(turn), turn.reply, turn.field) == ([Does.HOLD], "which", "1,2,3")
    waiting = replace(turn.state, tips=SEVERAL.tips)
    assert [(e.does, e.tip) for e in step(waiting, "2").effects] == [(Does.RELEASE, 2)]
    fresh = step(waiting, "4")
    assert [(e.does, e.tip) for e in fresh.effects] == [(Does.RELEASE, None)]
    assert (fresh.reply, fresh.field) == ("received", "address")
    pressed = converse(SMS, waiting, said(pressed="which=1"))
    assert pressed.effects[0].tip == 1


def test_what_is_no_choice_waits_as_well_and_becomes_a_new_tip_in_the_end() -> None:
    waiting = replace(step(SEVERAL, "又开门了").state, tips=SEVERAL.tips)
    more = step(waiting, "就是菜市场那家")
    assert (does(more), more.reply) == ([Does.HOLD], "which")
    last = step(replace(more.state, tips=SEVERAL.tips), "怎么不回话")
    assert (does(last), last.reply) == ([Does.HOLD, Does.RELEASE], "received")


def test_the_answer_to_the_one_question_of_the_office_goes_to_its_tip() -> None:
    turn = step(replace(SEVERAL, asking=(2,)), "四楼")
    assert [(e.does, e.tip) for e in turn.effects] == [(Does.ADD, 2)]
    assert step(replace(SEVERAL, asking=(1, 2)), "四楼").reply == "which"


@pytest.mark.parametrize("word", sorted(ANOTHER))
def test_something_new_can_be_said_beside_an_open_tip(word: str) -> None:
    turn = step(IDLE, word)
    assert (turn.effects, turn.reply, turn.field) == ((), "ask", "facts")
    assert does(step(replace(turn.state, tip=1, tips=(1,)), FACTS)) == [Does.NEW_TIP]


def test_a_question_ends_with_its_tip() -> None:
    assert does(step(replace(OPEN, tips=()), FACTS)) == [Does.NEW_TIP]


# Carriers' words

STATES = [State(), IDLE, OPEN, replace(SEVERAL, asked=WHICH, times=1, offered=(1, 2, 3))]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("word", ["STOP", "stop.", "Unsubscribe", "退订", "“退訂”", "TD", "ｔｄ"])
def test_stop_works_in_every_state_and_is_not_answered(state: State, word: str) -> None:
    turn = step(state, word)
    assert does(turn)[-1] is Does.STOP
    assert (turn.reply, turn.state.asked) == ("", "")


@pytest.mark.parametrize("state", STATES)
def test_start_restores_in_every_state(state: State) -> None:
    turn = step(state, "START")
    assert (does(turn), turn.reply) == ([Does.START], "help")
    assert turn.state.asked == state.asked


@pytest.mark.parametrize("word", CARRIERS_WORDS.split())
def test_no_command_is_a_word_that_carriers_keep_for_themselves(word: str) -> None:
    assert word not in ASKS_FOR_CODE | GREETINGS | ANOTHER | SKIPS | {*LOOKS, *ADDS}
    turn = step(IDLE, word.upper())
    assert (does(turn), turn.effects[0].words) == ([Does.ADD], word.upper())


@pytest.mark.parametrize("greeting", ["/start", "/START", "/help", "", " \n", "。", "！"])
def test_a_greeting_is_answered_and_begins_or_resumes_without_losing_anything(
    greeting: str,
) -> None:
    assert step(State(), greeting).reply == step(IDLE, greeting).reply == "help"
    resumed = step(OPEN, greeting)
    assert (resumed.effects, resumed.field) == ((), "address")


# Silence


@pytest.mark.parametrize("question", [question.field for question in SMS])
def test_silence_ends_every_question_with_one_closing_message(question: str) -> None:
    turn = converse(SMS, replace(OPEN, asked=question), None)
    assert (turn.effects, turn.reply, turn.state.asked) == ((), "complete", "")
    assert converse(SMS, turn.state, None).reply == ""


def test_silence_makes_a_tip_of_what_waited_for_a_choice() -> None:
    waiting = step(SEVERAL, "又开门了").state
    turn = converse(SMS, waiting, None)
    assert [(e.does, e.tip) for e in turn.effects] == [(Does.RELEASE, None)]


# Any dialogue at all


@dataclass
class World:
    """A sender, the tips, and every word that was said, as the inbox would keep them."""

    questions: tuple[Question, ...]
    state: State = State()
    tips: dict[int, list[str]] = field(default_factory=dict)
    held: list[str] = field(default_factory=list)
    prompts: list[str] = field(default_factory=list)
    messages: int = 0  # since the open dialogue began

    def hear(self, message: Said | None) -> Turn:
        turn, began = converse(self.questions, self.state, message), len(self.tips)
        tip = turn.state.tip or self.state.tip
        for effect in turn.effects:
            tip = self.carry_out(effect, tip, message.text if message else "")
        ended = turn.state.heard < self.state.heard  # and the message began the next one
        if len(self.tips) > began or not self.state.asked or ended:
            self.prompts, self.messages = [], 0
        self.messages += 1
        self.state = replace(turn.state, tip=tip, tips=tuple(self.tips), asking=())
        self.prompts += [turn.field] if turn.state.asked and turn.field else []
        return turn

    def carry_out(self, effect: Effect, tip: int | None, text: str) -> int | None:
        if effect.does is Does.NEW_TIP:
            self.tips[tip := len(self.tips) + 1] = [effect.words]
        elif effect.does in (Does.ADD, Does.ANSWER):
            assert (tip := effect.tip or tip) is not None
            self.tips.setdefault(tip, []).append(effect.words)
        elif effect.does is Does.HOLD:
            self.held.append(text)
        elif effect.does is Does.RELEASE and self.held:
            tip = effect.tip or len(self.tips) + 1
            self.tips.setdefault(tip, []).extend(self.held)
            self.held = []
        return tip

    def every_word(self) -> list[str]:
        return [*self.held, *(word for words in self.tips.values() for word in words)]


COMMANDS = (
    "查询码",
    "code",
    "/start",
    "",
    "新的",
    "START",
    "STOP",
    "退订",
    "skip",
    "0",
    "1",
    "2",
    "4",
)
PRESSED = ("category=blood", "wants_reply=no", "when=skip", "which=2", "x")
TOLD = ("打针", FACTS, "YES", "人民路 3 号", "？！", "HELP", "3 楼")
TO_CODE = f"补充 {CODE} 搬了"
MESSAGES = st.one_of(
    st.sampled_from(COMMANDS).map(said),
    st.sampled_from(TOLD).map(said),
    st.text(max_size=8).map(said),
    st.sampled_from(PRESSED).map(lambda pressed: said(pressed=pressed)),
    st.just(said("定位 21.6, 110.9", pin=True)),
    st.builds(said, st.sampled_from(["", "门口"]), files=st.integers(1, 3)),
    st.builds(said, st.just(TO_CODE), code=st.sampled_from(list(Code)[1:]), code_tip=st.just(1)),
    st.builds(said, st.just("不对，是五楼"), amends=st.just(True)),
    st.builds(said, st.just("还有"), early=st.just(True)),
)


@settings(max_examples=DIALOGUES, deadline=None)
@given(st.sampled_from([SMS, CHAT]), st.lists(MESSAGES, min_size=1, max_size=16))
def test_any_dialogue_ends_within_twelve_messages_and_keeps_every_word(
    questions: tuple[Question, ...], messages: list[Said]
) -> None:
    world = World(questions)
    for message in messages:
        turn = world.hear(message)
        assert world.messages <= 12
        assert max(map(world.prompts.count, world.prompts), default=0) <= 2
        assert "\n" not in turn.field
        chose = any(effect.value for effect in turn.effects)
        if message.text in (*TOLD[:-1], "还有", "门口") and message.text != "？！" and not chose:
            assert message.text in world.every_word()
        if message.text == TO_CODE:
            assert {"搬了", TO_CODE} & set(world.every_word())
    world.hear(None)
    assert (world.state.asked, world.held) == ("", [])
