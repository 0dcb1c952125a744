"""A visit without a network: written down and photographed on the phone, kept there encrypted, and
all there once when the network is back."""

import json
import time
from pathlib import Path

import given
import pytest
from e2e import people
from e2e.service import Service
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from tipline.db import db
from tipline.models import Case, CasePhoto, Visit
from tipline.services import casework

WORDS = "里间两张床，正在输液"
PICTURE = b"\xff\xd8\xff\xe0\x00\x10JFIF picture of a drip number "
STORED = """async () => {
  const names = (await indexedDB.databases()).map(each => each.name);
  if (!names.includes("tipline-field")) return [];
  const db = await new Promise((done, fail) => {
    const asked = indexedDB.open("tipline-field");
    asked.onsuccess = () => done(asked.result); asked.onerror = () => fail(asked.error);
  });
  const rows = await new Promise(done => {
    const asked = db.transaction("waiting").objectStore("waiting").getAll();
    asked.onsuccess = () => done(asked.result);
  });
  const keys = await new Promise(done => {
    const asked = db.transaction("keys").objectStore("keys").getAll();
    asked.onsuccess = () => done(asked.result);
  });
  db.close();
  return rows.map(row => ({
    url: row.url, extractable: keys[0].extractable,
    text: new TextDecoder().decode(row.sealed),
  }));
}"""


@pytest.fixture
def case(app: Flask) -> Case:
    """A case that the inspector has claimed, with a colleague to come along."""
    office, inspector = given.staff("triage_officer"), given.staff("inspector")
    given.partner()
    return given.claimed(given.receipt().tip_id, office=office, inspector=inspector)


def at_the_case(browser: Browser, service: Service, case: Case) -> Page:
    """The inspector's phone, with the page of the case open."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 390, "height": 800})
    page = context.new_page()
    people.log_in(page, service.url, "inspector")
    page.goto(f"{service.url}/field/cases/{case.id}")
    return page


def write_down(page: Page, photos: Path) -> None:
    """The checklist and three photos."""
    form = page.locator("form[data-queue$='/queued/visit']")
    page.locator("#visit summary").click()
    form.locator("[name=other]").first.check(force=True)
    form.locator("[name=check-drugs_there][value=yes]").check(force=True)
    form.locator("[name=note]").fill(WORDS)
    form.locator("button").click()
    page.locator("#tl-queue[data-count='1']").wait_for(state="attached")
    files = []
    for number in range(3):
        files.append(photos / f"{number}.jpg")
        files[-1].write_bytes(PICTURE + str(number).encode())
    page.locator("summary", has_text="拍照片").click()
    page.locator("[name=photo]").set_input_files(files)
    page.locator("form[data-queue$='/queued/photo'] button").click()
    page.locator("#tl-queue[data-count='4']").wait_for(state="attached")


def kept() -> tuple[int, int]:
    db.session.rollback()
    visits, photos = db.session.scalars(select(Visit)), db.session.scalars(select(CasePhoto))
    return len(visits.all()), len(photos.all())


@pytest.mark.timeout(240)
def test_a_visit_written_down_without_a_network_is_there_once_and_the_phone_is_empty(
    case: Case, service: Service, browser: Browser, tmp_path: Path
) -> None:
    page = at_the_case(browser, service, case)
    page.context.set_offline(True)
    write_down(page, tmp_path)
    stored = page.evaluate(STORED)
    assert len(stored) == 4
    assert {each["extractable"] for each in stored} == {False}
    assert WORDS not in json.dumps(stored, ensure_ascii=False)
    assert "JFIF" not in json.dumps(stored)
    assert "还有 4 条" in page.locator("#tl-queue").inner_text()
    assert kept() == (0, 0)
    page.context.set_offline(False)
    page.locator("#tl-queue[data-count='0']").wait_for(state="attached")
    for _ in range(50):
        if page.evaluate(STORED) == [] and kept() == (1, 3):
            break
        time.sleep(0.1)
    assert kept() == (1, 3)
    assert page.evaluate("indexedDB.databases().then(all => all.map(each => each.name))") == []
    (visit,) = db.session.scalars(select(Visit))
    assert (visit.note, visit.checklist) == (WORDS, {"drugs_there": "yes"})
    page.reload()
    assert kept() == (1, 3)
    assert WORDS in page.locator("main").inner_text()
    page.context.close()


@pytest.mark.timeout(240)
def test_what_was_kept_for_a_case_that_is_a_colleagues_by_then_is_shown_and_can_be_dropped(
    case: Case, service: Service, browser: Browser, tmp_path: Path
) -> None:
    page = at_the_case(browser, service, case)
    page.context.set_offline(True)
    write_down(page, tmp_path)
    casework.return_idle(now=case.lease_until)
    page.context.set_offline(False)
    page.locator("#tl-queue", has_text="不在您手上").wait_for()
    assert kept() == (0, 0)
    for _ in range(4):
        page.locator("#tl-queue button").first.click()
        time.sleep(0.2)
    page.locator("#tl-queue[data-count='0']").wait_for(state="attached")
    assert page.evaluate(STORED) == []
    page.context.close()
