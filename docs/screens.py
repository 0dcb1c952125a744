"""Takes the pictures of the README from a running demo: `make run` first, then `make screens`."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from e2e import people
from e2e.conftest import CHROMIUM, QUIET
from playwright.sync_api import Page, sync_playwright

URL = os.environ.get("TIPLINE_PUBLIC_URL", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")
FOLDER = Path(__file__).parent / "screens"
OFFICE, INSPECTOR, PASSWORD = "liangyan", "huangzhiqiang", "maoming-demo"


def take(page: Page, name: str, *, width: int = 800, height: int = 720) -> None:
    """One picture of what is on the screen."""
    page.set_viewport_size({"width": width, "height": height})
    page.screenshot(path=FOLDER / f"{name}.png")


def main() -> None:
    """All pictures, in the order of the tour."""
    FOLDER.mkdir(exist_ok=True)
    people.PASSWORD = PASSWORD
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
        citizen.goto(f"{URL}/simulator/")
        take(citizen, "simulator", width=1000)
        office = people.context(browser).new_page()
        people.log_in(office, URL, OFFICE)
        office.goto(f"{URL}/desk/")
        take(office, "queue", width=1100)
        inspector = people.context(browser).new_page()
        people.log_in(inspector, URL, INSPECTOR)
        inspector.goto(f"{URL}/field/")
        inspector.locator("a[href*='/field/cases/']").first.click()
        take(inspector, "case", width=390, height=844)
        browser.close()


if __name__ == "__main__":
    main()
