"""A new year's calendar: taken up while the product runs, and told where it moves a date."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import given
import pytest
from flask import Flask

from tipline.models import Clock, Entry, Notice, Reminder
from tipline.policy import Keeper, PolicyError
from tipline.policy.importing import import_calendar
from tipline.runtime import runtime
from tipline.services import clocks

WINTER = datetime(2026, 12, 28, 2, tzinfo=UTC)  # a Monday
NOTICE = """国务院办公厅关于2027年部分节假日安排的通知
一、元旦：1月1日（周五）至3日（周日）放假调休，共3天。1月10日（周日）上班。
二、春节：2月5日（农历除夕、周五）至11日（周四）放假调休，共7天。1月31日、2月13日（周六）上班。
"""
OFF = {date(2027, 1, day) for day in (1, 2, 3)} | {date(2027, 2, day) for day in range(5, 12)}
MAKEUP = {date(2027, 1, 10), date(2027, 1, 31), date(2027, 2, 13)}
LISTS = {
    "holidays.json": json.dumps(
        {
            "year": 2027,
            "papers": ["https://www.gov.cn/x"],
            "days": [{"name": "", "date": str(day), "isOffDay": True} for day in sorted(OFF)]
            + [{"name": "", "date": str(day), "isOffDay": False} for day in sorted(MAKEUP)],
        }
    ),
    "flat.yaml": "year: 2027\noff_days: ["
    + ", ".join(map(str, sorted(OFF)))
    + "]\nmakeup_workdays: ["
    + ", ".join(map(str, sorted(MAKEUP)))
    + "]\n",
    "years.yaml": "years:\n  2027:\n    off_days: ["
    + ", ".join(map(str, sorted(OFF)))
    + "]\n    makeup_workdays: ["
    + ", ".join(map(str, sorted(MAKEUP)))
    + "]\n",
    "notice.txt": NOTICE,
}


@pytest.mark.parametrize("name", LISTS)
def test_a_year_is_taken_up_in_every_shape_that_it_comes_in(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(LISTS[name], encoding="utf-8")
    assert import_calendar(tmp_path / name, into=tmp_path / "own") == [2027]
    calendar = Keeper(tmp_path / "own").current().calendar
    year = calendar.years[2027]
    assert (set(year.off_days), set(year.makeup_workdays)) == (OFF, MAKEUP)
    assert calendar.is_published(2026)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("x.txt", "今天天气很好", "x.txt: -: holds no year"),
        ("x.yaml", "a: 1", "x.yaml: -: holds no year"),
        ("x.yaml", "year: 2027\noff_days: [2027-02-30]\nmakeup_workdays: []", "x.yaml: years.2027"),
        (
            "x.yaml",
            "year: 2027\noff_days: [2027-05-01]\nmakeup_workdays: [2027-05-04]",
            "calendars/cn_mainland_2027.yaml: years.2027.makeup_workdays: 2027-05-04 is not on a",
        ),
    ],
)
def test_a_notice_that_cannot_be_right_changes_nothing(
    tmp_path: Path, name: str, content: str, reason: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(PolicyError) as refused:
        import_calendar(tmp_path / name, into=tmp_path / "own")
    assert str(refused.value).startswith(reason)
    assert list((tmp_path / "own").rglob("*.yaml")) == []


def take_up(tmp_path: Path, name: str = "notice.txt", area: str = "") -> None:
    """Import into the folder of the running product, and let it look."""
    (tmp_path / name).write_text(LISTS[name], encoding="utf-8")
    import_calendar(tmp_path / name, into=runtime().settings.policy_folder, area=area)
    runtime().keeper._look()


def recompute() -> int:
    counted, last = 0, 0
    while found := clocks.recompute(after=last, now=WINTER):
        counted, last = counted + len(found), found[-1]
    return counted


def test_provisional_dates_are_counted_anew_and_the_moved_ones_told(
    app: Flask, tmp_path: Path
) -> None:
    officer = given.staff("triage_officer")
    given.tip(now=WINTER, contact=("sms", "+8613800138000"))
    before = {each.step: each.due_on for each in given.every(Clock)}
    assert (before["acceptance_notice"], before["initial_check"]) == (
        date(2027, 1, 6),
        date(2027, 1, 18),
    )
    assert recompute() == 2  # nothing is published yet: nothing changes, and nothing is written
    assert not [each for each in given.every(Entry) if each.event.startswith("clock.")]
    take_up(tmp_path)
    recompute()
    after = {
        each.step: (each.due_on, each.first_due_on, each.provisional) for each in given.every(Clock)
    }
    assert after["acceptance_notice"] == (date(2027, 1, 7), date(2027, 1, 6), False)
    assert after["initial_check"] == (date(2027, 1, 18), date(2027, 1, 18), False)
    lines = {each.id: each for each in given.every(Entry)}
    told = {each.facts["step"]: each.event for each in lines.values() if "was_on" in each.facts}
    assert told == {"acceptance_notice": "clock.moved", "initial_check": "clock.confirmed"}
    because = [lines[int(each.because[8:])].event for each in given.every(Notice)]
    assert because == ["tip.received", "tip.date_moved"]
    (reminder,) = given.every(Reminder)
    assert (reminder.staff_id, lines[reminder.entry_id].event) == (officer.id, "clock.moved")
    assert recompute() == 0


def test_an_area_has_holidays_of_its_own(app: Flask, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("year: 2026\noff_days: [2026-07-02]\nmakeup_workdays: [2026-07-04]\n")
    import_calendar(own, into=runtime().settings.policy_folder, area="45")
    runtime().keeper._look()
    here, there = given.tip(division="440902"), given.tip(division="450102")
    due = {
        (each.about_id, each.step): each.due_on
        for each in given.every(Clock)
        if each.about_kind == "tip"
    }
    assert due[here.id, "triage"] == date(2026, 7, 2)
    assert due[there.id, "triage"] == date(2026, 7, 3)
    assert due[there.id, "acceptance_notice"] == date(2026, 7, 10)
