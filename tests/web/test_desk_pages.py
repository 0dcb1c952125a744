"""The desk: the queue, one tip without its words until they are opened, decisions, answers."""

from datetime import timedelta

import browsing
import given
import pytest
from browsing import Browser, read
from flask import Flask

from tipline import clock
from tipline.channels import CannotReach
from tipline.domain.sending import Why
from tipline.models import Case, Entry, Message, Referral, Tip
from tipline.policy import load
from tipline.services import delivery, feedback, matching
from tipline.vault import sealing

WORDS = {"facts": "卧室里挂着输液架，我妈差点出事。", "who": "姓陈的阿姨", "landmark": "老槐树"}
DECIDED = {
    "accept": (
        {"brief": "夜间输液", "priority": "1", "why": "急", "division": "440902"},
        "accepted",
    ),
    "decline": ({"reason": "too_old", "note": "请找街道"}, "declined"),
    "refer": ({"department": "police", "note": "请查"}, "referred"),
}


@pytest.fixture
def officer(app: Flask) -> Browser:
    return browsing.signed_in(app, "triage_officer")


def tip_with_words() -> Tip:
    return given.tip(words=WORDS, contact=("sms", "+8613800138000"), address="官山一路 11 号")


def events() -> list[str]:
    return [line.event for line in given.every(Entry)]


def test_the_queue_lists_what_waits_with_the_most_urgent_first(officer: Browser) -> None:
    later = given.tip(category="false_advertising", now=given.NOW - timedelta(days=1))
    urgent = given.tip(category="blood")
    done = given.tip()
    officer.post(f"/desk/tips/{done.id}/decline", {"reason": "too_old"})
    text = officer.read("/desk/").text
    assert text.index(urgent.number) < text.index(later.number)
    assert done.number not in text.split("筛选")[-1]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("district=440902", "first"),
        ("district=4408", "second"),
        ("category=blood", "second"),
        ("channel=web", "both"),
        ("channel=sms", "none"),
        ("category=nonsense", "both"),
    ],
)
def test_the_queue_is_narrowed_to_what_is_asked_for(
    officer: Browser, asked: str, shown: str
) -> None:
    first = given.tip(division="440902")
    second = given.tip(division="440802", category="blood")
    text = officer.read(f"/desk/?{asked}").text
    assert (first.number in text) == (shown in ("first", "both"))
    assert (second.number in text) == (shown in ("second", "both"))


def test_the_queue_can_show_only_what_is_overdue(officer: Browser) -> None:
    old = given.tip(now=clock.now() - timedelta(days=30))
    new = given.tip(now=clock.now())
    text = officer.read("/desk/?overdue=1").text
    assert old.number in text
    assert new.number not in text


def test_every_tip_is_on_exactly_one_page_of_the_queue(officer: Browser) -> None:
    numbers = {given.tip(now=given.NOW + timedelta(seconds=n)).number for n in range(60)}
    seen: list[str] = []
    path: str | None = "/desk/?category=unlicensed_clinic"
    while path:
        html = officer.read(path).html
        seen += [number for number in numbers if number in html]
        more = html.split('rel="next"')[0].rsplit('href="', 1)[1] if 'rel="next"' in html else ""
        path = more.split('"')[0].replace("&amp;", "&") or None
    assert sorted(seen) == sorted(numbers)


def test_no_words_and_no_contact_are_on_the_page_before_they_are_opened(officer: Browser) -> None:
    tip = tip_with_words()
    html = officer.read(f"/desk/tips/{tip.id}").html
    for hidden in [*WORDS.values(), "13800138000", "槐", "输液架"]:
        assert hidden not in html
    assert "原话封存着" in html


def test_opening_the_words_shows_them_and_is_written_down_first(
    app: Flask, officer: Browser
) -> None:
    tip = tip_with_words()
    page = read(officer.post(f"/desk/tips/{tip.id}/words"))
    for word in WORDS.values():
        assert word in page.text
    assert "13800138000" not in page.html
    line = given.every(Entry)[-1]
    assert (line.event, line.about_kind, line.about_id) == ("words.opened", "tip", tip.id)
    assert line.by.startswith("staff:")


def test_words_that_tell_who_spoke_are_marked(officer: Browser) -> None:
    tip = tip_with_words()
    html = read(officer.post(f"/desk/tips/{tip.id}/words")).html
    assert "<mark>我妈</mark>" in html


@pytest.mark.parametrize("role", ["supervisor", "inspector", "auditor", "administrator"])
def test_nobody_but_the_triage_desk_opens_words(app: Flask, role: str) -> None:
    tip = tip_with_words()
    browser = browsing.signed_in(app, role)
    assert browser.post(f"/desk/tips/{tip.id}/words").status_code == 403
    assert "words.opened" not in events()


def test_a_supervisor_reads_a_tip_without_any_way_to_its_words(app: Flask) -> None:
    tip = tip_with_words()
    html = browsing.signed_in(app, "supervisor").read(f"/desk/tips/{tip.id}").html
    assert tip.number in html
    assert "/words" not in html


@pytest.mark.parametrize("act", DECIDED)
def test_a_decision_moves_the_tip_and_leads_back_to_the_queue(officer: Browser, act: str) -> None:
    tip = given.tip()
    form, status = DECIDED[act]
    response = officer.post(f"/desk/tips/{tip.id}/{act}", form)
    assert response.headers["Location"].endswith("/desk/")
    assert given.reread(tip.id).status == status


@pytest.mark.parametrize("act", DECIDED)
def test_a_second_decision_is_told_that_somebody_was_faster(officer: Browser, act: str) -> None:
    tip = given.tip()
    officer.post(f"/desk/tips/{tip.id}/decline", {"reason": "too_old"})
    response = officer.post(f"/desk/tips/{tip.id}/{act}", DECIDED[act][0])
    assert response.status_code == 409
    assert "别人刚刚处理过了" in read(response).text
    assert given.reread(tip.id).status == "declined"


@pytest.mark.parametrize(
    ("act", "form", "kept"),
    [
        ("accept", {"brief": " ", "address": "新地址", "floor": "9"}, "address"),
        ("decline", {"reason": "", "note": "写了很多"}, "note"),
        ("refer", {"department": "nobody", "note": "写了很多"}, "note"),
        ("ask", {"body": " "}, "body"),
        ("answer", {"answer": " "}, "answer"),
        ("join", {"case_id": "x"}, None),
    ],
)
def test_what_was_typed_stays_when_something_is_missing(
    officer: Browser, act: str, form: dict[str, str], kept: str | None
) -> None:
    tip = given.tip()
    page = read(officer.post(f"/desk/tips/{tip.id}/{act}", form))
    assert "还差一点" in page.text
    assert kept in (None, "body", "answer") or form[kept] in page.html
    assert given.reread(tip.id).status == "received"


def test_accepting_takes_what_triage_found_and_leaves_the_tip_as_it_was_said(
    officer: Browser,
) -> None:
    tip = given.tip(address="官山路")
    form = {
        "brief": "摘要",
        "priority": "1",
        "category": "blood",
        "division": "440904",
        "why": "急",
    }
    officer.post(f"/desk/tips/{tip.id}/accept", form | {"address": "官山一路 11 号", "floor": "4"})
    tip = given.reread(tip.id)
    case = tip.case
    assert (case.category, case.division, case.priority, case.brief) == (
        "blood",
        "440904",
        1,
        "摘要",
    )
    assert (case.clinic.address, case.clinic.floor) == ("官山一路 11 号", "4")
    assert (tip.category, tip.division, tip.address) == ("unlicensed_clinic", "440902", "官山路")


def test_a_referral_names_the_department_and_keeps_the_note(officer: Browser) -> None:
    tip = given.tip()
    officer.post(f"/desk/tips/{tip.id}/refer", {"department": "police", "note": "请查"})
    (referral,) = given.every(Referral)
    assert (referral.department, referral.note) == ("police", "请查")


def test_a_tip_joins_a_case_from_the_list_it_is_offered(officer: Browser) -> None:
    first, second = given.tip(), given.tip()
    elsewhere = given.tip(division="440802")
    html = officer.read(f"/desk/tips/{second.id}").html
    assert f'value="{first.case_id}"' in html
    assert elsewhere.case.number not in html
    officer.post(f"/desk/tips/{second.id}/join", {"case_id": str(first.case_id)})
    assert given.reread(second.id).case_id == first.case_id


def test_a_question_reaches_the_reporter_sealed(officer: Browser) -> None:
    tip = given.tip()
    officer.post(f"/desk/tips/{tip.id}/ask", {"body": "几楼？"})
    (message,) = given.every(Message)
    assert (message.kind, message.from_office) == ("question", True)
    assert "几楼".encode() not in message.sealed


def test_what_a_reporter_adds_is_listed_until_somebody_reads_it(officer: Browser) -> None:
    code = sealing.mint_code()
    tip = given.tip(code=code)
    feedback.add(code, words="搬走了", now=given.NOW)
    page = officer.read("/desk/unread")
    assert tip.number in page.text
    assert "搬走了" not in page.html
    assert "搬走了" in read(officer.post(f"/desk/tips/{tip.id}/words")).text
    assert tip.number not in officer.read("/desk/unread").text


@pytest.fixture
def concluded(app: Flask, officer: Browser) -> Tip:
    """A tip whose answer is due."""
    actor, inspector = given.staff("triage_officer", username="desk2"), given.staff("inspector")
    tip = given.tip()
    given.concluded(tip.id, office=actor, inspector=inspector)
    return given.reread(tip.id)


def test_an_answer_that_is_due_is_listed_with_a_draft_and_released(
    officer: Browser, concluded: Tip
) -> None:
    assert concluded.number in officer.read("/desk/answers").text
    draft = officer.read(f"/desk/tips/{concluded.id}").fields["answer"]
    assert concluded.number in draft
    officer.post(f"/desk/tips/{concluded.id}/answer", {"answer": draft})
    assert given.reread(concluded.id).status == "answered"
    assert [case.status for case in given.every(Case)] == ["closed"]
    assert concluded.number not in officer.read("/desk/answers").text.split("待答复")[-1]


def test_a_telltale_in_an_answer_needs_a_second_look_and_the_text_stays(
    officer: Browser, concluded: Tip
) -> None:
    answer = "已查实，陈阿姨说的没错。"
    page = read(officer.post(f"/desk/tips/{concluded.id}/answer", {"answer": answer}))
    assert page.fields["answer"] == answer
    assert "陈阿姨" in page.text
    assert given.reread(concluded.id).status == "accepted"
    officer.post(f"/desk/tips/{concluded.id}/answer", {"answer": answer, "sure": "yes"})
    assert given.reread(concluded.id).status == "answered"


def test_an_answer_is_not_released_twice(officer: Browser, concluded: Tip) -> None:
    officer.post(f"/desk/tips/{concluded.id}/answer", {"answer": "已查实。"})
    response = officer.post(f"/desk/tips/{concluded.id}/answer", {"answer": "又查实。"})
    assert response.status_code == 409
    assert [message.kind for message in given.every(Message)] == ["answer"]


def test_an_answer_to_a_case_that_is_not_concluded_is_refused_in_words(officer: Browser) -> None:
    tip = given.tip()
    response = officer.post(f"/desk/tips/{tip.id}/answer", {"answer": "已查实。"})
    assert response.status_code == 409
    assert "已查实。" in read(response).html


def test_who_could_not_be_reached_is_listed_without_an_address(
    app: Flask, officer: Browser, sms: given.Collecting
) -> None:
    tip = given.tip(channel="sms", contact=("sms", "+8613800138000"))
    sms.fails = CannotReach("provider error 21610")
    for delivery_id in delivery.lease(now=given.NOW):
        delivery.send(delivery_id, now=given.NOW)
    page = officer.read("/desk/undelivered")
    assert tip.number in page.text
    assert "通信服务商不肯发" in page.text
    assert "21610" in page.text
    assert "13800138000" not in page.html


def test_what_did_not_arrive_is_tried_once_more_and_not_a_third_time(
    app: Flask, officer: Browser, sms: given.Collecting
) -> None:
    given.tip(channel="sms", contact=("sms", "+8613800138000"))

    def deliver() -> None:
        for delivery_id in delivery.lease(now=clock.now()):
            delivery.send(delivery_id, now=clock.now())

    sms.fails = CannotReach("provider error 30007")
    deliver()
    assert "再发一次" in officer.read("/desk/undelivered").text
    token = {"csrf_token": officer.token()}
    assert officer.post("/desk/undelivered/1/replay", token).status_code == 302
    assert "都送到了" in officer.read("/desk/undelivered").text
    deliver()
    page = officer.read("/desk/undelivered").text
    assert "已再发过一次" in page
    assert officer.post("/desk/undelivered/1/replay", token).status_code == 409
    events = [line.event for line in given.every(Entry)]
    assert [each for each in events if each.startswith("notice.")] == [
        "notice.dead",
        "notice.replayed",
        "notice.dead",
    ]


def test_who_wants_nothing_sent_is_not_tried_once_more(
    app: Flask, officer: Browser, sms: given.Collecting
) -> None:
    given.tip(channel="sms", contact=("sms", "+8613800138000"))
    sms.fails = CannotReach("provider error 21610", Why.OPTED_OUT)
    for delivery_id in delivery.lease(now=given.NOW):
        delivery.send(delivery_id, now=given.NOW)
    page = officer.read("/desk/undelivered").text
    assert "对方要求不再发" in page
    assert "再发一次" not in page


def test_who_was_told_by_other_means_leaves_the_list_with_how(
    app: Flask, officer: Browser, sms: given.Collecting
) -> None:
    tip = given.tip(channel="sms", contact=("sms", "+8613800138000"))
    sms.fails = CannotReach("provider error 30007")
    for delivery_id in delivery.lease(now=given.NOW):
        delivery.send(delivery_id, now=given.NOW)
    page = officer.read("/desk/undelivered")
    token = {"csrf_token": page.fields["csrf_token"]}
    officer.post("/desk/undelivered/1/reached", token | {"how": "by shouting"})
    assert tip.number in officer.read("/desk/undelivered").text
    said = token | {"how": "called"}
    assert officer.post("/desk/undelivered/1/reached", said).status_code == 302
    assert "都送到了" in officer.read("/desk/undelivered").text
    line = given.every(Entry)[-1]
    assert (line.event, line.facts["how"]) == ("notice.reached", "called")
    assert officer.post("/desk/undelivered/1/reached", said).status_code == 409


def test_nobody_replays_what_belongs_to_another_office(app: Flask, sms: given.Collecting) -> None:
    elsewhere = given.office("440802")
    given.tip(division="440902", channel="sms", contact=("sms", "+8613800138000"))
    sms.fails = CannotReach("provider error 30007")
    for delivery_id in delivery.lease(now=given.NOW):
        delivery.send(delivery_id, now=given.NOW)
    foreign = browsing.signed_in(app, "triage_officer", office_id=elsewhere)
    token = {"csrf_token": foreign.token()}
    assert foreign.post("/desk/undelivered/1/replay", token).status_code == 404


def test_the_journal_shows_what_happened_and_nothing_that_was_said(app: Flask) -> None:
    tip_with_words()
    page = browsing.signed_in(app, "auditor").read("/desk/journal")
    assert load().events["tip.received"].zh in page.text
    for hidden in [*WORDS.values(), "13800138000", "官山一路"]:
        assert hidden not in page.html


def test_the_name_of_who_looks_is_on_every_page_of_the_staff(app: Flask) -> None:
    tip = given.tip()
    browser = browsing.signed_in(app, "triage_officer", username="wanglihua")
    for path in ("/desk/", f"/desk/tips/{tip.id}", "/desk/answers", "/desk/undelivered"):
        assert 'data-name="wanglihua"' in browser.read(path).html


def test_a_reporters_words_never_change_the_page_around_them(officer: Browser) -> None:
    tip = given.tip(words={"facts": "<mark>x</mark><script>alert(1)</script>我妈"})
    html = read(officer.post(f"/desk/tips/{tip.id}/words")).html
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


def test_what_may_be_the_same_place_is_shown_with_its_reasons_and_joined_at_one_press(
    officer: Browser,
) -> None:
    first, later = given.tip(), given.tip(address="官山1路十一号", floor="401")
    matching.understand(now=given.NOW)
    path = f"/desk/tips/{later.id}"
    page = officer.read(path)
    for shown in ("可能是同一个地方", "同一门牌", "同一房号", "并入在办案件"):
        assert shown in page.text
    officer.post(f"{path}/join", {"case_id": page.fields["case_id"]})
    assert given.reread(later.id).case_id == first.case_id
    officer.post(f"{path}/unjoin")
    assert given.reread(later.id).case_id == later.case_id


def test_a_closed_case_at_the_same_place_lends_its_file(app: Flask, officer: Browser) -> None:
    office, inspector = given.staff("triage_officer", username="desk"), given.staff("inspector")
    past = given.tip()
    given.answered(past.id, office=office, inspector=inspector)
    new = given.tip()
    matching.understand(now=given.NOW)
    page = officer.read(f"/desk/tips/{new.id}")
    assert "就是这个地方" in page.text
    clinic_id = given.case_of(past.id).clinic_id
    officer.post(f"/desk/tips/{new.id}/same-clinic", {"clinic_id": str(clinic_id)})
    assert given.case_of(new.id).clinic_id == clinic_id
    assert given.case_of(past.id).number in officer.read(f"/clinics/{clinic_id}").text


def test_the_reasons_for_the_urgency_are_on_the_page_and_another_choice_needs_its_own(
    officer: Browser,
) -> None:
    tip = given.tip(words={"facts": "给孩子打针"}, address="第三小学对面")
    matching.understand(now=given.NOW)
    path = f"/desk/tips/{tip.id}"
    text = officer.read(path).text
    for shown in ("涉及未成年人", "打针输液", "在重点地段", "1 个独立来源"):
        assert shown in text
    form = {"brief": "摘要", "priority": "3", "division": "440902", "address": "第三小学对面"}
    asked = read(officer.post(f"{path}/accept", form))
    assert "请写明为什么改缓急" in asked.text
    assert asked.fields["brief"] == "摘要"
    officer.post(f"{path}/accept", form | {"why": "已经停业"})
    assert given.case_of(tip.id).priority == 3
    (line,) = [line for line in given.every(Entry) if line.event == "case.queued"]
    assert line.facts == {"priority": 3, "judged": 1, "why": "已经停业"}
    assert "已经停业" in officer.read(path).text


def test_a_flood_is_one_cluster_with_its_count_and_each_tip_in_it_can_be_seen_and_promoted(
    officer: Browser,
) -> None:
    smear = {"facts": "这家店无证行医害人不浅，请马上查封，药全是假的，老板态度恶劣"}
    smears = [given.tip(words=smear) for _ in range(7)]
    honest = given.tip(words={"facts": "我路过时看到有人在里面给老人挂盐水，墙上什么证都没有"})
    matching.understand(now=given.NOW)
    queue = officer.read("/desk/").text
    assert "7 条几乎一样" in queue
    assert all(tip.number in queue for tip in (*smears, honest))
    assert queue.index(honest.number) < queue.index(smears[0].number)
    alike = officer.read(f"/desk/?cluster={given.reread(smears[0].id).cluster_id}").text
    assert all(tip.number in alike for tip in smears)
    assert honest.number not in alike.split("筛选")[-1]
    path = f"/desk/tips/{smears[3].id}"
    assert "短时间内有 7 条几乎一样的举报" in officer.read(path).text
    officer.post(f"{path}/promote")
    assert given.reread(smears[3].id).lane == "promoted"
    assert smears[3].number not in officer.read("/desk/?lane=slow").text.split("筛选")[-1]


def test_shortcuts_of_one_letter_can_be_turned_off(officer: Browser) -> None:
    tip = given.tip()
    assert "data-keys" in officer.read("/desk/").html
    assert "data-keys" not in officer.read("/desk/?keys=off").html
    assert "data-keys" not in officer.read(f"/desk/tips/{tip.id}").html
    assert "data-keys" in officer.read("/desk/?keys=on").html
