"""The search: two characters are enough, nobody finds what lies out of reach, and no words."""

import browsing
import given
import pytest
from flask import Flask

from tipline.domain.actors import Actor
from tipline.models import SearchDocument, SearchToken
from tipline.queries import searching as query
from tipline.services import casework, clinics, matching, searching
from tipline.services.clinics import Known

CANARY = "金丝雀唱道今晚有人在卧室里挂水"


def indexed() -> None:
    searching.index(now=given.NOW)
    matching.understand(now=given.NOW)


def found(actor: Actor, question: str) -> list[str]:
    return [hit.number for hit in query.search(actor, question).hits]


def numbered(office: Actor, brief: str) -> str:
    return given.accepted(given.tip().id, by=office, brief=brief).number


@pytest.mark.parametrize(
    "question", ["诊所", "輸液", "黑诊所", "夜间输液", "502", "九号", "诊所 输液", "诊所　五零二"]
)
def test_words_of_two_characters_and_more_are_found_however_they_are_written(
    office: Actor, question: str
) -> None:
    number = numbered(office, "9号502室是黑诊所，夜间输液")
    numbered(office, "美容院打针")
    indexed()
    assert found(office, question) == [number]


@pytest.mark.parametrize("question", ["", "诊", "所黑", "诊所美容", "液夜", "%", "_", "'"])
def test_what_is_not_there_or_too_short_is_not_found(office: Actor, question: str) -> None:
    numbered(office, "黑诊所，夜间输液")
    indexed()
    assert found(office, question) == []


def test_notes_of_visits_and_names_in_a_clinic_file_are_found_as_they_change(
    office: Actor,
) -> None:
    inspector, tip = given.staff("inspector"), given.tip()
    case = given.claimed(tip.id, office=office, inspector=inspector)
    casework.record_finding(
        case.id, by=inspector, finding="substantiated", note="阁楼查获药柜", now=given.NOW
    )
    file = Known(division="440902", address="官山一路 11 号", sign="康民中医馆")
    clinics.amend(case.clinic_id, by=office, known=file, now=given.NOW)
    indexed()
    assert found(office, "药柜") == [case.number]
    assert [hit.clinic.id for hit in query.search(office, "康民").hits] == [case.clinic_id]
    clinics.amend(
        case.clinic_id, by=office, known=Known(division="", address="别处"), now=given.NOW
    )
    indexed()
    assert query.search(office, "康民").hits == []


def test_nothing_of_another_office_is_found(app: Flask, office: Actor) -> None:
    given.office("440902")
    elsewhere = given.office("440802")
    stranger = given.staff("triage_officer", username="stranger", office_id=elsewhere)
    number = numbered(office, "黑诊所")
    indexed()
    assert found(stranger, "诊所") == []
    assert found(office, "诊所") == [number]
    assert query.search(stranger, "官山").hits == []


def test_every_hit_is_on_exactly_one_page(office: Actor) -> None:
    numbers = [numbered(office, "黑诊所") for _ in range(25)]
    indexed()
    first = query.search(office, "诊所")
    rest = query.search(office, "诊所", after=first.after)
    assert [hit.number for hit in (*first.hits, *rest.hits)] == numbers[::-1]
    assert (len(first.hits), rest.after) == (20, None)


def test_no_word_of_a_reporter_can_be_searched_or_is_kept_in_the_index(
    app: Flask, office: Actor
) -> None:
    tip = given.tip(words={"facts": CANARY})
    case = given.accepted(tip.id, by=office, brief="夜间输液")
    clinics.amend(
        case.clinic_id, by=office, known=Known(division="440902", address="某路"), now=given.NOW
    )
    indexed()
    for question in ("金丝", "丝雀", "卧室", "挂水", CANARY):
        assert query.search(office, question).hits == []
    assert not any("金丝" in document.text for document in given.every(SearchDocument))
    assert len(given.every(SearchToken)) < 30
    desk = browsing.signed_in(app, "triage_officer", username="reader")
    pages = [desk.post("/desk/search", {"q": word}) for word in ("卧室", "输液")]
    assert "没有找到" in browsing.read(pages[0]).text
    assert case.number in browsing.read(pages[1]).text
    assert all("金丝" not in page.get_data(as_text=True) for page in pages)
    clinic = desk.get(f"/clinics/{case.clinic_id}").get_data(as_text=True)
    assert "金丝" not in clinic


def test_inspectors_have_no_search(app: Flask) -> None:
    inspector = browsing.signed_in(app, "inspector")
    assert inspector.post("/desk/search", {"q": "诊所"}).status_code == 403
