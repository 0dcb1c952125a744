"""Two published cases played through the pages, with the clock on the day of each step."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import browsing
import given
import pytest
from browsing import Browser, read
from flask import Flask

from tipline import clock
from tipline.models import Case, Transfer

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Days:
    """What day it is."""

    def __init__(self) -> None:
        self.now = given.NOW

    def come(self, day: str, hour: int = 10) -> None:
        self.now = datetime.fromisoformat(day).replace(hour=hour, tzinfo=SHANGHAI).astimezone(UTC)


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Days:
    found = Days()
    monkeypatch.setattr(clock, "now", lambda: found.now)
    return found


@pytest.fixture
def inspector(app: Flask) -> Browser:
    return browsing.signed_in(app, "inspector")


def claimed(inspector: Browser, days: Days, day: str) -> str:
    """Where the page of a case about a tip of this day is."""
    days.come(day)
    office = given.staff("triage_officer")
    case = given.accepted(given.tip(now=days.now).id, by=office, now=days.now)
    assert inspector.post(f"/field/cases/{case.id}/claim").status_code == 302
    return f"/field/cases/{case.id}"


def does(browser: Browser, path: str, **form: object) -> None:
    response = browser.post(path, {name: str(value) for name, value in form.items()})
    assert response.status_code == 302, read(response).text


def test_maoming_2020_through_the_pages(app: Flask, inspector: Browser, days: Days) -> None:
    case = claimed(inspector, days, "2020-06-12")
    does(inspector, f"{case}/plan", kind="stake_out", planned_at="2020-06-30T05:30")
    days.come("2020-07-02")
    partner = given.partner()
    raid = {"kind": "joint", "partners": "河西派出所", "people": "6", "vehicles": "2"}
    does(inspector, f"{case}/visit", other=partner, **raid)
    does(inspector, f"{case}/finding", finding="substantiated")
    does(inspector, f"{case}/file")
    (file,) = given.every(Case)
    does(inspector, f"/clinics/{file.clinic_id}/parties", name="罗某", role="practitioner")
    days.come("2020-07-17")
    money = {"income_yuan": "10300", "fine_yuan": "51500", "document": "茂卫医罚〔2020〕1号"}
    does(inspector, f"{case}/decide", party=1, kind="ban", **money)
    text = inspector.read(case).text
    assert "61,800.00 元" in text
    assert "待送达" in text
    days.come("2020-07-20")
    does(inspector, f"{case}/decisions/1", go="serve")
    assert "2020年8月4日" in inspector.read(case).text  # fifteen days to pay
    days.come("2020-08-07")
    assert "4,635.00 元" in inspector.read(case).text  # three days late, 3 % of 51,500 each
    does(inspector, f"{case}/decisions/1", go="pay", amount_yuan="61800", paid_on="2020-07-31")
    assert "已缴清" in inspector.read(case).text
    does(inspector, f"{case}/conclude")
    assert given.every(Case)[0].status == "concluded"
    office = Browser(app).sign_in("triageofficer")
    does(office, f"/desk/tips/{file.tips[0].id}/answer", answer="已依法处理。", sure="yes")
    assert given.every(Case)[0].status == "closed"


def test_bian_through_the_pages_from_the_third_finding_to_the_penalty_after_the_return(
    app: Flask, inspector: Browser, days: Days
) -> None:
    head = browsing.signed_in(app, "supervisor")
    case = claimed(inspector, days, "2008-06-11")
    clinic = f"/clinics/{given.every(Case)[0].clinic_id}"
    does(inspector, f"{clinic}/parties", name="边某", role="practitioner")
    for day in ("2006-05-26", "2007-05-23"):
        does(inspector, f"{clinic}/parties/1/records", kind="penalty", on=day, note="罚款")
    does(inspector, f"{case}/file")
    does(inspector, f"{case}/visit", kind="open", other=given.partner())
    does(inspector, f"{case}/finding", finding="substantiated")
    assert "受过两次行政处罚后又非法行医" in head.read("/desk/transfers").text
    days.come("2008-06-13")
    does(head, "/desk/transfers/1", go="grant")
    days.come("2008-07-25")
    step = f"{case}/transfers/1"
    refused = inspector.post(step, {"go": "hand-over"})
    assert "材料还不齐" in read(refused).text
    papers = {"go": "papers", "paper": ["letter", "report", "goods"]}
    assert inspector.post(step, papers).status_code == 302
    does(inspector, step, go="hand-over")
    fine = {"document": "罚〔3〕号", "fine_yuan": "9800", "party": "1"}
    assert "不能用行政处罚代替" in read(inspector.post(f"{case}/decide", fine)).text
    days.come("2008-12-16")
    does(inspector, step, go="returned", document="不予立案")
    assert [each.status for each in given.every(Transfer)] == ["returned"]
    assert "恢复行政处理" in inspector.read(case).text
    days.come("2009-03-05")
    does(inspector, f"{case}/decide", **fine)
    does(inspector, f"{case}/decisions/1", go="serve")
    does(inspector, f"{case}/decisions/1", go="pay", amount_yuan="9800")
    text = inspector.read(case).text
    assert "9,800.00 元" in text
    assert "已缴清" in text
