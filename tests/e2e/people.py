"""What people do in a browser."""

from e2e.service import PASSWORD
from playwright.sync_api import Browser, BrowserContext, Page

Answers = dict[str, str]
STORY: list[tuple[str, Answers]] = [
    ("category", {"category": "unlicensed_clinic"}),
    ("division", {"division": "440902"}),
    (
        "place",
        {"address": "官山三路 12 号", "landmark": "菜市场斜对面", "floor": "4 楼 401"},
    ),
    ("facts", {"facts": "四楼那家没有牌子，晚上经常有人上去打吊针，垃圾袋里有针头。"}),
    ("when", {"when": "每天晚上七点以后，周末人更多"}),
    ("who", {"who": "一个五十来岁的男人，别人叫他老陈医生"}),
    ("contact", {"contact_channel": "sms", "contact_address": "138 0013 8000"}),
    ("wants", {"wants_reply": "yes", "wants_reward": "yes"}),
]


def context(browser: Browser, *, scripts: bool = True) -> BrowserContext:
    """A fresh browser that reads Chinese."""
    return browser.new_context(
        locale="zh-CN",
        java_script_enabled=scripts,
        bypass_csp=scripts,
        viewport={"width": 1200, "height": 900},
    )


def answer(page: Page, answers: Answers) -> None:
    """Fill in the question on this page, without sending it."""
    for name, value in answers.items():
        field = page.locator(f"[name={name}]").first
        kind = field.evaluate("node => node.type || node.tagName")
        if kind == "radio":
            page.locator(f"[name={name}][value={value}]").check(force=True)
        elif kind == "select-one":
            field.select_option(value)
        else:
            field.fill(value)


def press(page: Page, go: str) -> None:
    """Press the visible button with this value."""
    page.locator(f"main button[name=go][value='{go}']").last.click()


def report(page: Page, url: str, story: list[tuple[str, Answers]] = STORY) -> tuple[str, str]:
    """Tell the whole story on the web page; returns tip number and receipt code."""
    page.goto(f"{url}/report")
    for _, answers in story:
        answer(page, answers)
        press(page, "next")
    press(page, "send")
    number = page.locator("[data-tip-number]").get_attribute("data-tip-number")
    code = page.locator("[data-receipt-code]").get_attribute("data-receipt-code")
    assert number
    assert code
    return number, code


def log_in(page: Page, url: str, username: str) -> None:
    """Sign in as a member of staff."""
    page.goto(f"{url}/login")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.locator("main button[type=submit], main input[type=submit]").last.click()
    page.wait_for_url(lambda address: "/login" not in address)


def open_status(page: Page, url: str, code: str) -> None:
    """Open a tip with its receipt code."""
    page.goto(f"{url}/status")
    page.fill("[name=receipt_code]", code)
    page.locator("main button[type=submit]").last.click()
