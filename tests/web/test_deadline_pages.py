"""Pages about time: lists, reasons, requests, reminders, and what a reporter sees and presses."""

import re
from datetime import UTC, date, datetime, timedelta

import browsing
import given
import pytest
from browsing import Browser, read
from flask import Flask

from tipline import clock
from tipline.models import Clock, Entry, TimeRequest
from tipline.services import clocks, postponing
from tipline.vault import sealing

DAY = timedelta(days=1)
LATE = datetime(2026, 8, 20, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The product's own clock; tests move it."""
    time = [given.NOW]
    monkeypatch.setattr(clock, "now", lambda: time[0])
    return time


def clock_of(step: str) -> Clock:
    return next(each for each in given.every(Clock) if each.step == step)


def opened(app: Flask, code: str, go: str = "") -> browsing.Page:
    return read(Browser(app).post("/status", {"receipt_code": code, "go": go}))


def test_an_inspector_asks_and_a_supervisor_grants_and_everybody_sees_the_date(
    app: Flask,
) -> None:
    code = sealing.mint_code()
    tip = given.tip(code=code)
    case = given.accepted(tip.id, by=given.staff("triage_officer"))
    inspector = browsing.signed_in(app, "inspector")
    supervisor = browsing.signed_in(app, "supervisor")
    inspector.post(f"/field/cases/{case.id}/claim")
    page = f"/field/cases/{case.id}"
    text = inspector.read(page).text
    assert "申请延长：" in text
    assert "这些不能作为理由：人员不在岗、调动、工作忙、工作拖延。" in text
    wish = {"step": "initial_check", "ground": "workload", "n": "5", "document": ""}
    assert "工作忙、人员变动等不能作为理由" in read(inspector.post(f"{page}/extension", wish)).text
    assert given.every(TimeRequest) == []
    inspector.post(f"{page}/extension", wish | {"ground": "depends_on_other_case"})
    listed = supervisor.read("/desk/requests").text
    assert "须以另一案件的结果为依据" in listed
    assert "5 工作日" in listed
    supervisor.post("/desk/requests/1", {"go": "grant"})
    assert clock_of("initial_check").due_on == date(2026, 7, 29)
    assert "2026年7月29日" in inspector.read(page).text
    seen = opened(app, code).text
    assert "最晚 2026年7月29日（周三）" in seen
    assert "原来是 2026年7月22日（周三）" in seen
    assert "须以另一案件的结果为依据" in seen
    assert "延长期限" in inspector.read("/staff/mine").text


def test_a_pause_is_asked_for_with_its_document_and_ended(app: Flask, now: list[datetime]) -> None:
    tip = given.tip()
    case = given.accepted(tip.id, by=given.staff("triage_officer"))
    inspector = browsing.signed_in(app, "inspector")
    supervisor = browsing.signed_in(app, "supervisor")
    inspector.post(f"/field/cases/{case.id}/claim")
    page = f"/field/cases/{case.id}"
    wish = {"ground": "testing", "document": "", "at": "2026-07-01"}
    assert "暂停要有依据" in read(inspector.post(f"{page}/pause", wish)).text
    inspector.post(f"{page}/pause", wish | {"document": "检字 3 号"})
    supervisor.post("/desk/requests/1", {"go": "grant"})
    assert "起暂停" in inspector.read(page).text
    assert "检测、检验" in supervisor.read("/desk/deadlines?view=waiting").text
    now[0] = given.NOW + 7 * DAY
    inspector.post(f"{page}/resume", {"ground": "testing", "document": "", "at": ""})
    assert clock_of("initial_check").state == "running"


def test_what_happens_outside_is_noted_and_starts_its_clock(app: Flask) -> None:
    case = given.accepted(given.tip().id, by=given.staff("triage_officer"))
    inspector = browsing.signed_in(app, "inspector")
    inspector.post(f"/field/cases/{case.id}/claim")
    page = f"/field/cases/{case.id}"
    assert "请选择发生了什么" in read(inspector.post(f"{page}/outside", {"kind": "rain"})).text
    inspector.post(f"{page}/outside", {"kind": "police_refusal_received", "document": "公字 1 号"})
    assert clock_of("request_reconsideration").due_on == date(2026, 7, 4)
    inspector.post(f"{page}/outside", {"kind": "reconsideration_requested"})
    assert clock_of("request_reconsideration").state == "met"
    assert clock_of("police_redecide").bound == "police"


def test_the_lists_show_what_is_due_overdue_and_waited_for(app: Flask, now: list[datetime]) -> None:
    given.tip()
    desk = browsing.signed_in(app, "triage_officer")
    assert "分派" in desk.read("/desk/deadlines?view=week").text
    assert "没有。" in desk.read("/desk/deadlines?view=overdue").text
    now[0] = LATE
    assert "初步核查" in desk.read("/desk/deadlines?view=overdue").text
    assert "没有。" in desk.read("/desk/deadlines?view=overdue&mine=yes").text
    assert "没有。" in desk.read("/desk/deadlines?view=overdue&district=11").text


def test_what_was_urged_in_vain_is_on_the_circular_list(app: Flask, now: list[datetime]) -> None:
    given.tip()
    desk = browsing.signed_in(app, "triage_officer")
    now[0] = datetime(2026, 7, 6, 2, tzinfo=UTC)  # triage was due on the 2nd
    clocks.ring(now=now[0])
    assert "没有。" in desk.read("/desk/deadlines?view=circular").text
    now[0] = datetime(2026, 7, 10, 2, tzinfo=UTC)  # five working days later
    clocks.ring(now=now[0])
    assert "分派" in desk.read("/desk/deadlines?view=circular").text
    asked = {"reason": "通报", "view": "circular"}
    lines = desk.post("/desk/deadlines/export", asked).get_data(as_text=True).splitlines()
    assert len(lines) == 3  # a head, one deadline, and the mark


def test_a_list_of_deadlines_has_pages(app: Flask, now: list[datetime]) -> None:
    for _ in range(18):
        given.tip()
    desk, now[0] = browsing.signed_in(app, "triage_officer"), LATE
    first = desk.read("/desk/deadlines?view=overdue")
    assert first.text.count("管理") + len(re.findall(r"C\d{4}-", first.text)) >= 50
    following = re.findall(r'href="(\?[^"]*after=[^"]+)"', first.html)[0].replace("&amp;", "&")
    second = desk.read(f"/desk/deadlines{following}")
    assert len(re.findall(r"C\d{4}-", second.text)) == 4  # 54 deadlines in all
    assert "下一页" not in second.text


def test_how_the_reporter_is_told_stands_with_the_reasons(app: Flask) -> None:
    given.tip(contact=("sms", "+8613800138000"))
    given.tip(wants_reply=False)
    desk = browsing.signed_in(app, "triage_officer")
    told = [each for each in given.every(Clock) if each.step == "acceptance_notice"]
    said = [desk.read(f"/desk/clocks/{each.id}").text for each in told]
    assert "发一条提醒" in said[0]
    assert "依这条规定可以不告知" in said[1]


def test_the_overdue_list_leaves_with_a_reason_a_mark_and_no_formula(
    app: Flask, now: list[datetime]
) -> None:
    given.tip()
    desk, now[0] = browsing.signed_in(app, "triage_officer"), LATE
    assert "请写明导出的用途" in read(desk.post("/desk/deadlines/export", {"reason": " "})).text
    answer = desk.post("/desk/deadlines/export", {"reason": "=cmd|' /C calc'!A0"})
    lines = answer.get_data(as_text=True).splitlines()
    assert answer.mimetype == "text/csv"
    assert len(lines) == 5  # a head, three deadlines, and the mark
    assert lines[-1].startswith("导出人：triageofficer")
    assert "'=cmd" in lines[-1]
    assert given.every(Entry)[-1].event == "office.exported"


def test_the_reasons_of_a_date_are_listed_day_by_day_and_what_if_is_answered(app: Flask) -> None:
    given.tip()
    desk = browsing.signed_in(app, "triage_officer")
    page = desk.read(f"/desk/clocks/{clock_of('initial_check').id}?extend=5").text
    assert "第 15 个工作日" in page
    assert "周末，不算" in page
    assert "市场监督管理行政处罚程序规定" in page
    assert "那么最后期限是 2026年7月29日（周三）" in " ".join(page.split())
    assert desk.get("/desk/clocks/999").status_code == 404


def test_a_reporter_reads_how_the_dates_were_counted(app: Flask) -> None:
    code = sealing.mint_code()
    given.tip(code=code)
    assert "这些日期是怎么算的" in opened(app, code).text
    page = opened(app, code, "explain").text
    assert "第 7 个工作日" in page
    assert "2026年7月10日" in page


def test_a_reporter_presses_once_and_the_next_person_up_is_reminded(
    app: Flask, now: list[datetime]
) -> None:
    code = sealing.mint_code()
    given.tip(code=code)
    supervisor = browsing.signed_in(app, "supervisor")
    assert "催办" not in opened(app, code).text
    now[0] = LATE
    assert "答应的时间已经过了" in opened(app, code).text
    assert "已经替您催办" in opened(app, code, "nudge").text
    page = opened(app, code, "nudge").text
    assert "您已经催过 1 次" in page
    assert "下次可以催办：2026年8月21日（周五）" in page
    assert "举报人催办" in supervisor.read("/staff/mine").text


def test_reminders_are_seen_once(app: Flask, now: list[datetime]) -> None:
    given.tip()
    desk = browsing.signed_in(app, "triage_officer")
    clocks.ring(now=LATE)
    now[0] = LATE + DAY
    page = desk.read("/staff/mine")
    assert "催办承办人" in page.text
    assert page.html.count("is-late") >= 3
    desk.post("/staff/mine", {"until": page.fields["until"]})
    assert "is-late" not in desk.read("/staff/mine").html.split("我办的案件")[0]


def test_another_office_neither_sees_nor_decides(app: Flask) -> None:
    here, there = given.office("440902"), given.office("440802")
    tip = given.tip(division="440902")
    inspector = given.staff("inspector", office_id=here)
    officer = given.staff("triage_officer", office_id=here)
    case = given.claimed(tip.id, office=officer, inspector=inspector)
    postponing.ask_extension(
        case.id,
        by=inspector,
        step="initial_check",
        ground="force_majeure",
        n=1,
        document="",
        now=given.NOW,
    )
    stranger = browsing.signed_in(app, "supervisor", office_id=there)
    assert stranger.get(f"/desk/clocks/{clock_of('initial_check').id}").status_code == 404
    assert stranger.post("/desk/requests/1", {"go": "grant"}).status_code == 404
    assert "没有等着决定的申请" in stranger.read("/desk/requests").text
