"""A real browser, the whole product, and recording providers."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from e2e.service import Providers, Service
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = {"desktop": 1200, "phone": 390}


@pytest.fixture
def providers() -> Iterator[Providers]:
    """Providers of text and chat messages that record."""
    found = Providers()
    yield found
    found.close()


@pytest.fixture
def service(tmp_path: Path, database_url: str, providers: Providers) -> Iterator[Service]:
    """The running product on a fresh database."""
    found = Service(tmp_path, database_url, providers)
    found.start()
    yield found
    found.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


class Looker:
    """Looks at a page as people do: at two widths, and with axe."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.seen: list[str] = []

    def at(self, page: Page, name: str) -> None:
        """Screenshots at both widths; no serious or critical finding, nothing cut off."""
        size = page.viewport_size
        for width_name, width in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=self.folder / f"{name}-{width_name}.png", full_page=True)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{name} is {wide} px wide at {width}"
            found = Axe().run(page).response["violations"]
            grave = [each for each in found if each["impact"] in ("serious", "critical")]
            assert not grave, (
                f"{name} {width_name}: {[(g['id'], g['nodes'][0]['html']) for g in grave]}"
            )
        if size:
            page.set_viewport_size(size)
        self.seen.append(name)


@pytest.fixture
def look(request: pytest.FixtureRequest) -> Looker:
    """Screenshots go to build/screens/<test>/."""
    return Looker(Path("build/screens") / request.node.name)
