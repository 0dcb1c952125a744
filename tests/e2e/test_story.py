"""The Maoming story, from a report on the web page to the outcome behind the receipt code."""

from collections.abc import Callable

import pytest
from e2e import people
from e2e.conftest import Looker
from e2e.service import Providers, Service, until
from playwright.sync_api import Browser, Page

OFFICE, INSPECTOR, ADMINISTRATOR = "chenmin", "liwei", "zhaolei"
REWARDERS = (
    ("sunjie", "reward_officer", "孙洁"),
    ("gaojun", "reward_approver", "高军"),
    ("xuli", "payer", "徐丽"),
)
PAYEE = {
    "payee_name": "陈小明",
    "payee_id_number": "440902199001010011",
    "payee_account": "6222020000000001",
    "payee_bank": "农业银行茂名分行",
}


@pytest.mark.timeout(600)
def test_report_leads_to_an_outcome_that_the_reporter_reads(
    browser: Browser, service: Service, providers: Providers, look: Looker
) -> None:
    service.add_staff(OFFICE, "triage_officer", "陈敏")
    service.add_staff(INSPECTOR, "inspector", "李伟")
    service.add_staff("wangqiang", "inspector", "王强")
    service.add_staff(ADMINISTRATOR, "administrator", "赵磊")
    administrator = signed_in(browser, service.url, ADMINISTRATOR, look)
    sets_the_area(administrator, service.url, look)
    citizen = people.context(browser).new_page()
    number, code = tells(citizen, service.url, look)
    office = signed_in(browser, service.url, OFFICE, look)
    triages(office, service.url, number, look)
    inspector = signed_in(browser, service.url, INSPECTOR, look)
    works(inspector, service.url, look)
    answers(office, service.url, number, look)
    reads(citizen, service.url, code, look)
    hears(providers, code)
    is_rewarded(browser, service, citizen, code, look)
    has_the_last_word(citizen, service.url, code, look)


def sets_the_area(page: Page, url: str, look: Looker) -> None:
    """The administrator says which city this office works for."""
    page.goto(f"{url}/staff/")
    look.at(page, "staff-accounts")
    page.get_by_role("link", name="陈敏").first.click()
    look.at(page, "staff-account")
    page.goto(f"{url}/staff/offices")
    look.at(page, "staff-offices")
    fill_form(page, "/staff/offices/1", lambda form: form.locator("[name=division]").fill("4409"))


def tells(page: Page, url: str, look: Looker) -> tuple[str, str]:
    """The citizen reports, looking at every page on the way."""
    page.goto(url)
    look.at(page, "home")
    page.goto(f"{url}/report")
    for name, given in people.STORY:
        look.at(page, f"report-{name}")
        people.answer(page, given)
        people.press(page, "next")
    look.at(page, "report-check")
    people.press(page, "send")
    look.at(page, "report-receipt")
    number = page.locator("[data-tip-number]").get_attribute("data-tip-number")
    code = page.locator("[data-receipt-code]").get_attribute("data-receipt-code")
    assert number
    assert code
    people.open_status(page, url, code)
    look.at(page, "status-new")
    return number, code


def signed_in(browser: Browser, url: str, username: str, look: Looker) -> Page:
    """A member of staff at work."""
    page = people.context(browser).new_page()
    page.goto(f"{url}/login")
    look.at(page, "login")
    people.log_in(page, url, username)
    return page


def triages(page: Page, url: str, number: str, look: Looker) -> None:
    """The office opens the words, writes a brief and accepts."""
    page.goto(f"{url}/desk/")
    look.at(page, "desk-queue")
    page.get_by_role("link", name=number).first.click()
    look.at(page, "desk-tip")
    assert "打吊针" not in page.content()
    page.locator("form[action$='/words'] button").click()
    assert "晚上经常有人上去打吊针" in page.content()
    look.at(page, "desk-words")
    fill_form(
        page, "/accept", lambda form: form.locator("[name=brief]").fill("四楼住户内夜间输液。")
    )
    look.at(page, "desk-queue-empty")


def works(page: Page, url: str, look: Looker) -> None:
    """The inspector claims, raids, files, imposes and concludes."""
    page.goto(f"{url}/field/")
    look.at(page, "field-pool")
    assert "官山三路" not in page.content()
    page.locator("form[action$='/claim'] button").first.click()
    look.at(page, "field-case")
    assert "官山三路" in page.content()
    assert "老陈医生" not in page.content()
    fill_form(page, "/visit", lambda form: form.locator("[name=other]").first.check(force=True))
    page.get_by_text("李伟、王强").wait_for()
    fill_form(page, "/file", lambda form: None)
    for kind, yuan in (("confiscate_income", "10300"), ("fine", "51500")):
        fill_form(page, "/measure", lambda form, kind=kind, yuan=yuan: impose(form, kind, yuan))
    fill_form(
        page, "/finding", lambda form: form.locator("[value=substantiated]").check(force=True)
    )
    look.at(page, "field-case-done")
    fill_form(page, "/conclude", lambda form: None)
    look.at(page, "field-pool-empty")


def impose(form: object, kind: str, yuan: str) -> None:
    """Choose what is imposed, and how much."""
    form.locator("[name=kind]").select_option(kind)  # type: ignore[attr-defined]
    form.locator("[name=amount_yuan]").fill(yuan)  # type: ignore[attr-defined]


def answers(page: Page, url: str, number: str, look: Looker) -> None:
    """The office releases the answer from its template."""
    page.goto(f"{url}/desk/answers")
    look.at(page, "desk-answers")
    page.get_by_role("link", name=number).first.click()
    look.at(page, "desk-answer")
    fill_form(page, "/answer", lambda form: None)
    assert number not in page.locator("main").inner_text()


def reads(page: Page, url: str, code: str, look: Looker) -> None:
    """The citizen reads the outcome, with every promise kept."""
    people.open_status(page, url, code)
    look.at(page, "status-answered")
    text = page.locator("main").inner_text()
    assert "罚款" in text
    assert "没收违法所得" in text
    assert "已超期" not in text


def is_rewarded(browser: Browser, service: Service, citizen: Page, code: str, look: Looker) -> None:
    """Three more people, none of whom worked the case, bring the reward to who holds the code."""
    for username, role, name in REWARDERS:
        service.add_staff(username, role, name)
    officer, approver, payer = (
        signed_in(browser, service.url, username, look) for username, _, _ in REWARDERS
    )
    officer.goto(f"{service.url}/rewards/")
    look.at(officer, "rewards-candidates")
    officer.locator("main table a").first.click()
    look.at(officer, "rewards-weigh")
    people.press(officer, "propose")
    look.at(officer, "rewards-proposed")
    approver.goto(f"{service.url}/rewards/open")
    look.at(approver, "rewards-open")
    approver.locator("main table a").first.click()
    fill_form(approver, "/approve", lambda form: None)
    look.at(approver, "rewards-approved")
    claims(citizen, service.url, code, look)
    payer.goto(f"{service.url}/rewards/payments")
    look.at(payer, "rewards-payments")
    payer.locator("main table a").first.click()
    fill_form(payer, "/payee", lambda form: None)
    assert PAYEE["payee_account"] in payer.content()
    look.at(payer, "rewards-payee")
    fill_form(payer, "/pay", lambda form: form.locator("[name=voucher]").fill("财 0701-1"))
    approver.reload()
    look.at(approver, "rewards-ledger")


def claims(page: Page, url: str, code: str, look: Looker) -> None:
    """The citizen finds the reward behind the code and says who is paid."""
    people.open_status(page, url, code)
    look.at(page, "status-reward")
    assert "1,000.00 元" in page.locator("main").inner_text()
    for name, value in PAYEE.items():
        page.fill(f"[name={name}]", value)
    page.locator("[name=payee_sure]").check(force=True)
    people.press(page, "claim-reward")
    look.at(page, "status-claimed")
    assert "已登记" in page.locator("main").inner_text()


def has_the_last_word(page: Page, url: str, code: str, look: Looker) -> None:
    """The citizen is not content, and the matter is done again."""
    people.open_status(page, url, code)
    page.locator("[name=verdict][value=answered]").check(force=True)
    people.press(page, "rate")
    look.at(page, "status-again")
    assert "换一位" in page.locator("main").inner_text()


def hears(providers: Providers, code: str) -> None:
    """The phone got neutral notices only: no matter, no place, no code."""
    until(lambda: len(providers.texts) >= 3, "the notices were not sent")
    assert {to for to, _ in providers.texts} == {"+8613800138000"}
    for _, text in providers.texts:
        assert not [word for word in ("举报", "诊所", "官山", "罚", code[:8]) if word in text]


def fill_form(page: Page, action: str, fill: Callable[..., None]) -> None:
    """Open the form that posts to this action, fill it in and send it."""
    form = page.locator(f"form[action$='{action}']")
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    fill(form)
    form.locator("button[type=submit]").last.click()
    page.wait_for_load_state()
    assert "出错" not in page.title()
