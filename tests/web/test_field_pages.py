"""The field: the pool tells little, a claim tells the rest, and the work is written down."""

from datetime import date
from hashlib import sha256
from io import BytesIO

import browsing
import given
import pytest
from browsing import Browser, read
from flask import Flask

from tipline.domain.actors import Actor
from tipline.models import Case, CasePhoto, Measure, Visit
from tipline.services import casework, evidence

BRIEF, ADDRESS, WORDS = "出租屋内夜间输液，无牌照。", "官山一路 11 号 401", "我妈在那里打过针"


@pytest.fixture
def officer(app: Flask) -> Actor:
    return given.staff("triage_officer")


@pytest.fixture
def inspector(app: Flask) -> Browser:
    return browsing.signed_in(app, "inspector")


@pytest.fixture
def case(officer: Actor) -> Case:
    """A case in the pool."""
    tip = given.tip(words={"facts": WORDS}, contact=("sms", "+8613800138000"))
    return given.accepted(tip.id, by=officer)


@pytest.fixture
def mine(inspector: Browser, case: Case) -> str:
    """Where the page of a case is that the inspector has claimed."""
    inspector.post(f"/field/cases/{case.id}/claim")
    return f"/field/cases/{case.id}"


def with_partner() -> dict[str, object]:
    """The field that names the second inspector."""
    return {"other": str(given.partner())}


def test_the_pool_shows_district_and_kind_and_neither_address_nor_words(
    inspector: Browser, case: Case
) -> None:
    html = inspector.read("/field/").html
    assert case.number in html
    assert "茂南区" in html
    for hidden in (BRIEF, ADDRESS, "官山", WORDS, "13800138000", case.tips[0].number):
        assert hidden not in html


def test_a_case_is_read_only_by_who_claimed_it(
    app: Flask, inspector: Browser, case: Case, officer: Actor
) -> None:
    path = f"/field/cases/{case.id}"
    assert inspector.get(path).status_code == 404
    inspector.post(f"{path}/claim")
    text = inspector.read(path).text
    assert BRIEF in text
    assert ADDRESS in text
    other = browsing.signed_in(app, "inspector", username="other")
    assert other.get(path).status_code == 404


def test_the_page_of_a_case_holds_nothing_of_its_reporters(
    app: Flask, inspector: Browser, mine: str
) -> None:
    html = inspector.read(mine).html
    (tip,) = given.every(Case)[0].tips
    for hidden in (WORDS, "13800138000", tip.number, "reporter"):
        assert hidden not in html


def test_who_comes_second_reads_that_a_colleague_was_faster(
    app: Flask, inspector: Browser, mine: str
) -> None:
    response = browsing.signed_in(app, "inspector", username="second").post(f"{mine}/claim")
    assert response.status_code == 409
    assert "已被同事领取" in read(response).text
    assert ADDRESS not in read(response).text


def test_a_claimed_case_is_on_the_list_of_who_claimed_it_and_out_of_the_pool(
    app: Flask, inspector: Browser, mine: str
) -> None:
    assert "我手上的" in inspector.read("/field/").text
    second = browsing.signed_in(app, "inspector", username="second").read("/field/")
    assert given.every(Case)[0].number not in second.text


def test_a_supervisor_sees_the_pool_and_claims_nothing(app: Flask, case: Case) -> None:
    browser = browsing.signed_in(app, "supervisor")
    assert case.number in browser.read("/field/").text
    assert browser.post(f"/field/cases/{case.id}/claim").status_code == 403


def test_a_visit_is_written_down_with_its_local_time(inspector: Browser, mine: str) -> None:
    form = {"kind": "undercover", "at": "2026-07-02T21:30", "note": "关着门", **with_partner()}
    assert inspector.post(f"{mine}/visit", form).status_code == 302
    (visit,) = given.every(Visit)
    assert (visit.kind, visit.officers, visit.note) == (
        "undercover",
        "inspector、partner",
        "关着门",
    )
    assert visit.at.isoformat() == "2026-07-02T13:30:00+00:00"
    assert "2026年7月2日（周四） 21:30" in inspector.read(mine).text


@pytest.mark.parametrize(
    "at", ["yesterday", "2999-01-01T00:00", "0001-01-01T00:00", "9999-12-31T23:59", "2026-13-01"]
)
def test_a_time_that_cannot_be_is_asked_for_again_and_the_rest_stays(
    inspector: Browser, mine: str, at: str
) -> None:
    form = {"kind": "open", "at": at, "note": "看到输液架"}
    response = inspector.post(f"{mine}/visit", form)
    assert response.status_code == 200
    assert "看到输液架" in read(response).html
    assert given.every(Visit) == []


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("51500", 5_150_000),
        ("51500.50", 5_150_050),
        ("51,500.5", 5_150_050),
        ("５１５００", 5_150_000),
        (" 0 ", 0),
        ("0.01", 1),
        ("1e3", 100_000),
        ("21474836.48", 2_147_483_648),
        ("99999999999.99", 9_999_999_999_999),
    ],
)
def test_an_amount_is_kept_in_fen_to_the_last_one(
    inspector: Browser, mine: str, typed: str, fen: int
) -> None:
    inspector.post(f"{mine}/measure", {"kind": "fine", "amount_yuan": typed, "note": "决定书 1 号"})
    assert [(each.kind, each.amount_fen) for each in given.every(Measure)] == [("fine", fen)]


@pytest.mark.parametrize(
    "typed", ["", "x", "-1", "0.001", "NaN", "inf", "1e12", "1e999999", "100000000000", "1 元"]
)
def test_an_amount_that_is_none_is_asked_for_again_and_stays(
    inspector: Browser, mine: str, typed: str
) -> None:
    form = {"kind": "fine", "amount_yuan": typed, "note": "决定书"}
    page = read(inspector.post(f"{mine}/measure", form))
    assert page.fields["amount_yuan"] == typed
    assert "决定书" in page.html
    assert given.every(Measure) == []


def test_a_measure_without_money_takes_no_amount(inspector: Browser, mine: str) -> None:
    inspector.post(f"{mine}/measure", {"kind": "ban", "amount_yuan": "100"})
    assert [(each.kind, each.amount_fen) for each in given.every(Measure)] == [("ban", None)]


@pytest.mark.parametrize("act", ["measure", "finding", "hand-back"])
def test_a_choice_that_was_not_made_is_asked_for_and_the_note_stays(
    inspector: Browser, mine: str, act: str
) -> None:
    response = inspector.post(f"{mine}/{act}", {"note": "写了很多"})
    assert response.status_code == 200
    assert "还差一点" in read(response).text
    assert act == "hand-back" or "写了很多" in read(response).html


def test_concluding_is_earned_by_a_finding_and_a_visit(inspector: Browser, mine: str) -> None:
    assert "还没有记录核查结果" in read(inspector.post(f"{mine}/conclude")).text
    inspector.post(f"{mine}/finding", {"finding": "substantiated", "note": ""})
    assert "还没有记录现场检查" in read(inspector.post(f"{mine}/conclude")).text
    inspector.post(f"{mine}/visit", {"kind": "open", **with_partner()})
    assert inspector.post(f"{mine}/conclude").headers["Location"].endswith("/field/")
    assert [case.status for case in given.every(Case)] == ["concluded"]


def test_a_case_that_is_concluded_takes_no_more_work(inspector: Browser, mine: str) -> None:
    inspector.post(f"{mine}/visit", {"kind": "open", **with_partner()})
    inspector.post(f"{mine}/finding", {"finding": "licensed"})
    inspector.post(f"{mine}/conclude")
    for act, form in {
        "visit": {"kind": "open", **with_partner()},
        "measure": {"kind": "ban"},
        "finding": {"finding": "partly"},
        "file": {},
        "conclude": {},
        "hand-back": {"reason": "wrong_district"},
    }.items():
        assert inspector.post(f"{mine}/{act}", form).status_code == 409, act


def test_a_case_is_filed_once(inspector: Browser, mine: str) -> None:
    assert inspector.post(f"{mine}/file").status_code == 302
    assert inspector.post(f"{mine}/file").status_code == 409


def test_a_case_that_is_handed_back_is_in_the_pool_for_colleagues(
    app: Flask, inspector: Browser, mine: str
) -> None:
    response = inspector.post(f"{mine}/hand-back", {"reason": "wrong_district"})
    assert response.headers["Location"].endswith("/field/")
    assert inspector.get(mine).status_code == 404
    number = given.every(Case)[0].number
    assert number not in inspector.read("/field/").text
    assert number in browsing.signed_in(app, "inspector", username="other").read("/field/").text


def test_a_reason_that_only_the_system_gives_is_not_taken_from_an_inspector(
    inspector: Browser, mine: str
) -> None:
    assert inspector.post(f"{mine}/hand-back", {"reason": "idle"}).status_code == 200
    assert [case.status for case in given.every(Case)] == ["claimed"]


def test_a_case_that_was_taken_back_while_typing_keeps_what_was_typed(
    app: Flask, inspector: Browser, mine: str
) -> None:
    casework.return_idle(now=given.every(Case)[0].lease_until)  # type: ignore[arg-type]
    response = inspector.post(f"{mine}/finding", {"finding": "licensed", "note": "写了很多"})
    assert response.status_code in (404, 409)
    assert "写了很多" in read(response).html


def test_the_name_of_who_looks_is_on_the_page_of_a_case(inspector: Browser, mine: str) -> None:
    assert 'data-name="inspector"' in inspector.read(mine).html


def test_a_visit_by_one_alone_is_not_taken_and_what_was_typed_stays(
    inspector: Browser, mine: str
) -> None:
    for other in ({}, {"other": "999"}, {"other": str(given.staff("auditor").id)}):
        response = inspector.post(f"{mine}/visit", {"kind": "open", "note": "看到输液架", **other})
        assert "至少要两名" in read(response).text
        assert "看到输液架" in read(response).html
    assert given.every(Visit) == []


def test_a_visit_keeps_who_was_there_how_many_and_what_was_checked(
    inspector: Browser, mine: str
) -> None:
    form = {"kind": "joint", "people": "15", "vehicles": "4", "partners": "河西派出所"}
    checked = {"check-drugs_there": "yes", "check-licence_shown": "no", "check-nonsense": "yes"}
    inspector.post(f"{mine}/visit", form | checked | with_partner())
    (visit,) = given.every(Visit)
    assert (visit.people, visit.vehicles, visit.partners) == (15, 4, "河西派出所")
    assert visit.checklist == {"drugs_there": "yes", "licence_shown": "no"}


def test_a_plan_stands_on_the_page_until_it_is_carried_out(inspector: Browser, mine: str) -> None:
    form = {"kind": "stake_out", "planned_at": "2026-07-03T05:30", "note": "后门"}
    assert inspector.post(f"{mine}/plan", form).status_code == 302
    assert "后门" in inspector.read(mine).text
    inspector.post(f"{mine}/visit", {"kind": "stake_out", **with_partner()})
    assert "后门" not in inspector.read(mine).text


@pytest.mark.parametrize(
    ("form", "asked"),
    [
        ({"kind": "rectification_order"}, "改正的期限"),
        ({"kind": "confiscate_drugs", "quantity": "12"}, "数量"),
        ({"kind": "confiscate_drugs", "quantity": "0", "unit": "盒"}, "数量"),
        ({"kind": "confiscate_devices", "quantity": "3", "unit": "盒"}, "数量"),
        ({"kind": "warning", "party": "77"}, "当事人"),
    ],
)
def test_each_measure_asks_for_the_fields_of_its_kind(
    inspector: Browser, mine: str, form: dict[str, object], asked: str
) -> None:
    assert asked in read(inspector.post(f"{mine}/measure", form)).text
    assert given.every(Measure) == []


def test_goods_are_counted_in_their_unit_and_orders_have_their_day(
    inspector: Browser, mine: str
) -> None:
    for form in (
        {"kind": "confiscate_drugs", "quantity": "97", "unit": "瓶"},
        {"kind": "rectification_order", "due_on": "2026-08-01"},
    ):
        inspector.post(f"{mine}/measure", form)
    drugs, order = given.every(Measure)
    assert (drugs.quantity, drugs.unit, drugs.due_on) == (97, "瓶", None)
    assert (order.quantity, order.due_on) == (None, date(2026, 8, 1))
    assert "97 瓶" in inspector.read(mine).text


def test_a_photo_is_sealed_as_evidence_and_a_text_is_none(
    inspector: Browser, mine: str, app: Flask
) -> None:
    picture = b"\xff\xd8\xff\xe0 a picture of a drip"
    inspector.post(f"{mine}/photo", {"photo": (BytesIO(picture), "a.jpg")})
    (photo,) = given.every(CasePhoto)
    assert photo.sha256 == sha256(picture).hexdigest()
    assert b"drip" not in (evidence.folder() / photo.file).read_bytes()
    response = inspector.post(f"{mine}/photo", {"photo": (BytesIO(b"<html>"), "a.jpg")})
    assert "请选择照片" in read(response).text
    assert len(given.every(CasePhoto)) == 1


def test_what_a_device_kept_is_there_once_however_often_it_is_sent(
    inspector: Browser, mine: str
) -> None:
    client_id = "8d6e3a52-3d3f-4a62-9d8c-1f5f9a1f0b11"
    form = {"kind": "open", "client_id": client_id, "at": "2026-07-01T09:00", **with_partner()}
    assert [inspector.post(f"{mine}/queued/visit", form).status_code for _ in range(2)] == [201] * 2
    for _ in range(2):
        photo = {"photo": (BytesIO(b"\xff\xd8\xff 1"), "1.jpg"), "client_id": client_id}
        assert inspector.post(f"{mine}/queued/photo", photo).status_code == 201
    assert (len(given.every(Visit)), len(given.every(CasePhoto))) == (1, 1)


def test_what_a_device_kept_is_refused_in_words_when_the_case_is_a_colleagues_by_then(
    app: Flask, inspector: Browser, mine: str
) -> None:
    casework.return_idle(now=given.every(Case)[0].lease_until)  # type: ignore[arg-type]
    client_id = "8d6e3a52-3d3f-4a62-9d8c-1f5f9a1f0b12"
    form = {"kind": "open", "client_id": client_id, **with_partner()}
    response = inspector.post(f"{mine}/queued/visit", form)
    assert response.status_code == 409
    assert "不在您手上" in response.get_json()["why"]
    assert given.every(Visit) == []
