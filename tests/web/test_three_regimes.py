"""Three laws at once on one tip: hotline, first check, decision; ten moments, on three pages."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

import given
import pytest
from browsing import Browser
from flask import Flask
from werkzeug.test import TestResponse

from tipline import clock
from tipline.domain.actors import Actor
from tipline.services import casework, feedback, postponing
from tipline.vault import sealing

CHECK, DECISION = "初步核查", "作出处理决定"
ACCEPT_BY, CHECK_BY, DECIDE_BY, TELL_BY = (
    "是否受理",
    "决定要不要立案",
    "会作出处理决定",
    "看到处理结果",
)


@dataclass
class Matter:
    """One tip, who deals with it, and what they see on their pages at any moment."""

    app: Flask
    monkeypatch: pytest.MonkeyPatch
    code: str = field(default_factory=sealing.mint_code)
    requests: int = 0

    def __post_init__(self) -> None:
        self.at(7, 1)
        self.office, self.inspector, self.supervisor = (
            given.staff(role) for role in ("triage_officer", "inspector", "supervisor")
        )
        self.tip = given.tip(code=self.code, source="hotline_12345", now=self.now)

    def at(self, month: int, day: int) -> datetime:
        """It is ten in the morning in Shanghai, for everybody."""
        self.now = datetime(2026, month, day, 2, tzinfo=UTC)
        self.monkeypatch.setattr(clock, "now", lambda: self.now)
        return self.now

    def ask(self, step: str, n: int) -> None:
        """The inspector asks for more time, the supervisor grants it."""
        wish = {"step": step, "ground": "depends_on_other_case", "n": n, "document": ""}
        postponing.ask_extension(self.case.id, by=self.inspector, now=self.now, **wish)  # type: ignore[arg-type]
        self.grant()

    def pause(self, ground: str, document: str) -> None:
        """The inspector asks that the time be not counted, the supervisor grants it."""
        wish = {"ground": ground, "document": document, "began_at": self.now}
        postponing.ask_pause(self.case.id, by=self.inspector, now=self.now, **wish)  # type: ignore[arg-type]
        self.grant()

    def resume(self, ground: str) -> None:
        over = {"ground": ground, "document": "报告", "ended_at": self.now}
        postponing.resume(self.case.id, by=self.inspector, now=self.now, **over)  # type: ignore[arg-type]

    def grant(self) -> None:
        self.requests += 1
        postponing.decide(self.requests, by=self.supervisor, granted=True, now=self.now)

    @property
    def case(self):  # type: ignore[no-untyped-def]
        return given.case_of(self.tip.id)

    def reporter(self) -> dict[str, str]:
        """What is promised on the status page."""
        return lines(Browser(self.app).post("/status", {"receipt_code": self.code, "go": ""}))

    def desk(self) -> dict[str, str]:
        """The deadlines on the office's page of the tip."""
        return lines(signed_in(self.app, self.office).get(f"/desk/tips/{self.tip.id}"))

    def field(self) -> dict[str, str]:
        """The deadlines on the inspector's page of the case."""
        return lines(signed_in(self.app, self.inspector).get(f"/field/cases/{self.case.id}"))


def signed_in(app: Flask, who: Actor) -> Browser:
    return Browser(app).sign_in(who.name)


def lines(answer: TestResponse) -> dict[str, str]:
    """Each line of a list on a page, by its words: what stands beside them."""
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    found = re.findall(r'<span class="(?:tl-line__text)?">(.*?)</span>(.*?)</li>', html, re.S)
    return {words.strip(): " ".join(re.sub("<[^>]+>", " ", more).split()) for words, more in found}


def line(found: dict[str, str], words: str) -> str:
    """What stands beside the only line with these words."""
    (only,) = [more for label, more in found.items() if words in label]
    return only


def on(month: int, day: int) -> str:
    return f"2026年{month}月{day}日"


@pytest.fixture
def matter(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Matter:
    return Matter(app, monkeypatch)


def test_three_laws_run_side_by_side_through_pause_extension_and_new_facts(matter: Matter) -> None:
    came_in(matter)
    taken_on(matter)
    checked_for_longer(matter)
    paused_and_resumed(matter)
    new_facts(matter)
    filed(matter)
    decided(matter)


def came_in(matter: Matter) -> None:
    found = matter.reporter()
    assert on(7, 10) in line(found, ACCEPT_BY)
    assert on(7, 22) in line(found, CHECK_BY)
    found = matter.desk()
    assert on(7, 8) in line(found, "回复 12345 热线")  # 2 3 6 7 8 July
    assert on(7, 2) in line(found, "分派")
    assert on(7, 22) in line(found, CHECK)


def taken_on(matter: Matter) -> None:
    given.accepted(matter.tip.id, by=matter.office, now=matter.at(7, 2))
    assert "已做到" in line(matter.reporter(), ACCEPT_BY)
    assert "已完成" in line(matter.desk(), "回复 12345 热线")
    casework.claim(matter.case.id, by=matter.inspector, now=matter.at(7, 3))
    assert on(7, 22) in line(matter.field(), CHECK)


def checked_for_longer(matter: Matter) -> None:
    matter.at(7, 10)
    matter.ask("initial_check", 15)  # thirty working days
    assert f"最晚 {on(8, 12)}" in line(matter.reporter(), CHECK_BY)
    assert f"原来是 {on(7, 22)}" in line(matter.reporter(), CHECK_BY)
    assert on(8, 12) in line(matter.desk(), CHECK)
    assert on(8, 12) in line(matter.field(), CHECK)


def paused_and_resumed(matter: Matter) -> None:
    matter.at(7, 13)
    matter.pause("testing", "检字 3 号")
    for page in (matter.reporter, matter.desk, matter.field):
        assert "暂停" in line(page(), CHECK_BY if page == matter.reporter else CHECK)
    matter.at(7, 20)
    matter.resume("testing")  # five working days later
    assert on(8, 19) in line(matter.reporter(), CHECK_BY)
    assert on(8, 19) in line(matter.desk(), CHECK)
    assert on(8, 19) in line(matter.field(), CHECK)


def new_facts(matter: Matter) -> None:
    feedback.add(matter.code, words="又看见他们搬进两张床。", now=matter.at(7, 21))
    postponing.start_again(matter.tip.id, by=matter.office, now=matter.at(7, 22))
    assert on(8, 11) in line(matter.reporter(), CHECK_BY)  # fifteen after the 21st
    assert on(8, 11) in line(matter.desk(), CHECK)
    assert on(8, 11) in line(matter.field(), CHECK)


def filed(matter: Matter) -> None:
    casework.file(matter.case.id, by=matter.inspector, now=matter.at(8, 3))
    assert "已做到" in line(matter.reporter(), CHECK_BY)
    assert on(11, 1) in line(matter.reporter(), DECIDE_BY)  # ninety days
    matter.at(8, 5)
    matter.ask("decision", 30)
    assert on(12, 1) in line(matter.reporter(), DECIDE_BY)
    assert on(12, 1) in line(matter.desk(), DECISION)
    matter.at(8, 10)
    matter.pause("hearing", "听字 1 号")
    matter.at(8, 17)
    matter.resume("hearing")  # seven days later
    assert on(12, 8) in line(matter.reporter(), DECIDE_BY)
    assert on(12, 8) in line(matter.field(), DECISION)


def decided(matter: Matter) -> None:
    given.visit(matter.case.id, by=matter.inspector, now=matter.at(8, 18))
    found = {"finding": "substantiated", "note": ""}
    casework.record_finding(matter.case.id, by=matter.inspector, now=matter.at(8, 19), **found)  # type: ignore[arg-type]
    casework.conclude(matter.case.id, by=matter.inspector, now=matter.at(8, 20))
    assert "已做到" in line(matter.reporter(), DECIDE_BY)
    assert on(9, 10) in line(matter.reporter(), TELL_BY)
    assert on(9, 10) in line(matter.desk(), "告知结果")
