"""Takes the pictures of the README from a running demo: `make run` first, then `make screens`."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from e2e import people
from e2e.conftest import CHROMIUM, QUIET
from playwright.sync_api import Page, sync_playwright

URL = os.environ.get("TIPLINE_PUBLIC_URL", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")
FOLDER = Path(__file__).parent / "screens"
OFFICE, INSPECTOR, REWARDS = "liangyan", "huangzhiqiang", "yangli"
DEMO = "maoming-demo"


def take(page: Page, name: str, *, width: int = 800, height: int = 720) -> None:
    """One picture of what is on the screen."""
    page.set_viewport_size({"width": width, "height": height})
    page.screenshot(path=FOLDER / f"{name}.png")


PHONE = ("菜市场二楼有人给人拔牙，没有牌子", "人民路菜市场后面", "赶集那天", "1", "查询码")
CHAT = (
    "四楼晚上有人打吊针，门口没有牌子",
    "没有执照的诊所",
    "茂南区",
    "官山三路 12 号",
    "晚上七点以后",
    "跳过",
    "是",
    "不",
    "查询码",
)


def talk(page: Page) -> None:
    """One whole dialogue on the phone, and one in the chat."""
    page.goto(f"{URL}/simulator/")
    for text in PHONE:
        say(page, "sms-text", "发送短信", text)
    for text in CHAT:
        button = page.get_by_role("button", name=text, exact=True)
        if button.count():
            answered(page, "chat", button.click)
        else:
            say(page, "chat-text", "发送消息", text)
    page.set_viewport_size({"width": 1000, "height": 720})
    for name in ("phone", "chat"):
        page.locator(f"[data-screen={name}]").screenshot(path=FOLDER / f"{name}.png")


def say(page: Page, field: str, button: str, text: str) -> None:
    """Send one message, and wait for its answer."""
    page.fill(f"#{field}", text)
    screen = "phone" if field == "sms-text" else "chat"
    answered(page, screen, page.get_by_role("button", name=button).click)


def answered(page: Page, screen: str, act: Callable[[], None]) -> None:
    """Do something, and wait until the office has answered on this screen."""
    lines = page.locator(f"[data-screen={screen}] .is-office header")
    before = lines.count()
    act()
    page.wait_for_function(
        "([name, n]) => document.querySelectorAll(`[data-screen=${name}] .is-office header`)"
        ".length > n",
        arg=[screen, before],
    )


def main() -> None:
    """All pictures, in the order of the tour."""
    FOLDER.mkdir(exist_ok=True)
    people.PASSWORD = DEMO
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        citizen = people.context(browser).new_page()
        citizen.goto(URL)
        take(citizen, "home")
        citizen.goto(f"{URL}/report")
        take(citizen, "report")
        _, code = people.report(citizen, URL)
        take(citizen, "receipt")
        people.open_status(citizen, URL, code)
        take(citizen, "status")
        talk(citizen)
        office = people.context(browser).new_page()
        people.log_in(office, URL, OFFICE)
        office.goto(f"{URL}/desk/")
        take(office, "queue", width=1100)
        inspector = people.context(browser).new_page()
        people.log_in(inspector, URL, INSPECTOR)
        inspector.goto(f"{URL}/field/")
        inspector.locator("a[href*='/field/cases/']").first.click()
        take(inspector, "case", width=390, height=844)
        officer = people.context(browser).new_page()
        people.log_in(officer, URL, REWARDS)
        officer.goto(f"{URL}/rewards/open")
        officer.locator("main table a").first.click()
        take(officer, "reward", width=1100)
        browser.close()


if __name__ == "__main__":
    main()
