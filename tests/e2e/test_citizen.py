"""What a frightened citizen relies on: no script needed, nobody else asked, a quick way out."""

from urllib.parse import urlsplit

import given
from e2e import people
from e2e.service import Service
from flask import Flask
from playwright.sync_api import Browser

from tipline.runtime import policy
from tipline.services import staff


def at_maoming() -> None:
    """The office works for this city."""
    staff.rename_office(1, name="茂名市", division="4409", by="test", now=given.NOW)


def test_report_and_status_work_when_scripts_are_off(
    app: Flask, service: Service, browser: Browser
) -> None:
    at_maoming()
    page = people.context(browser, scripts=False).new_page()
    number, code = people.report(page, service.url)
    people.open_status(page, service.url, code)
    assert number in page.locator("main").inner_text()
    page.fill("[name=body]", "搬到隔壁去了。")
    people.press(page, "add")
    assert "搬到隔壁去了。" in page.locator("main").inner_text()


def test_changing_the_language_keeps_what_was_typed(
    app: Flask, service: Service, browser: Browser
) -> None:
    at_maoming()
    page = people.context(browser, scripts=False).new_page()
    page.goto(f"{service.url}/report")
    for _, answers in people.STORY[:3]:
        people.answer(page, answers)
        people.press(page, "next")
    page.fill("[name=facts]", "晚上有人打针")
    page.locator("button[value=lang-en]").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("[name=facts]").input_value() == "晚上有人打针"


def test_pages_ask_nobody_else_and_keep_nothing(
    app: Flask, service: Service, browser: Browser
) -> None:
    at_maoming()
    context = people.context(browser)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    _, code = people.report(page, service.url)
    people.open_status(page, service.url, code)
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(service.url).netloc}
    assert not [url for url in asked if code in url]
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert {cookie["name"] for cookie in context.cookies()} <= {"session"}
    assert not [each for each in context.cookies() if code in each["value"]]


def test_leaving_goes_to_a_neutral_page_and_forgets_the_visit(
    app: Flask, service: Service, browser: Browser
) -> None:
    context = people.context(browser)
    page = context.new_page()
    neutral = policy().leave_url
    context.route(f"{neutral}**", lambda route: route.fulfill(body="weather"))
    page.goto(f"{service.url}/report")
    page.locator("[data-leave]").first.click()
    page.wait_for_url(f"{neutral}**")
    page.go_back()
    assert not context.cookies(service.url)
