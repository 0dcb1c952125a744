"""Whatever is killed whenever: a code that was shown opens its tip, and no tip is there twice."""

import http.client
import http.cookiejar
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from html import unescape
from queue import Empty, SimpleQueue

import pytest
from e2e import people
from e2e.service import Service
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

TIPS, KILLS, CLIENTS = 200, 10, 4
GIVE_UP_SECONDS = 240


class Reporter:
    """A citizen without scripts, who presses the same button again when nothing answers."""

    def __init__(self, url: str) -> None:
        self.url = url
        jar = http.cookiejar.CookieJar()
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def report(self, facts: str) -> str:
        """Report, and return the code that was shown."""
        page = self._open(None)
        for name, answers in people.STORY:
            told = answers | ({"facts": facts} if name == "facts" else {})
            page = self._open(self._hidden(page) | told | {"go": "next"})
        page = self._open(self._hidden(page) | {"go": "send"})
        shown = re.search(r'data-receipt-code="(\d{22})"', page)
        assert shown, page
        return shown[1]

    def _hidden(self, page: str) -> dict[str, str]:
        found = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)
        return {name: unescape(value) for name, value in found}

    def _open(self, form: dict[str, str] | None) -> str:
        """The next page, trying again for as long as the service is away."""
        data = urllib.parse.urlencode(form).encode() if form else None
        end = time.monotonic() + GIVE_UP_SECONDS
        while True:
            try:
                with self.browser.open(f"{self.url}/report", data, timeout=20) as answer:
                    return str(answer.read().decode())
            except (OSError, http.client.HTTPException):  # refused, or cut off in mid-page
                assert time.monotonic() < end, "the service stays away"
                time.sleep(0.05)


class Crowd:
    """Several reporters at once, until all tips are told."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.shown: list[str] = []
        self.failures: list[BaseException] = []
        self.numbers: SimpleQueue[int] = SimpleQueue()
        for number in range(TIPS):
            self.numbers.put(number)
        self.threads = [threading.Thread(target=self._report) for _ in range(CLIENTS)]
        for thread in self.threads:
            thread.start()

    def _report(self) -> None:
        try:
            while True:
                facts = f"第 {self.numbers.get_nowait()} 份：晚上有人打针"
                self.shown.append(Reporter(self.url).report(facts))
        except Empty:
            return
        except BaseException as failure:
            self.failures.append(failure)
            raise

    def wait_for(self, count: int) -> None:
        """Until this many codes were shown."""
        while len(self.shown) < count and not self.failures:
            time.sleep(0.01)


@pytest.mark.timeout(600)
def test_no_tip_is_lost_or_doubled_when_everything_is_killed_ten_times(service: Service) -> None:
    crowd = Crowd(service.url)
    for kill in range(1, KILLS + 1):
        crowd.wait_for(kill * TIPS // (KILLS + 1))
        service.kill()
        service.start()
    for thread in crowd.threads:
        thread.join(GIVE_UP_SECONDS)
    assert not crowd.failures
    assert len(set(crowd.shown)) == TIPS
    assert_all_open(service, crowd.shown)


def assert_all_open(service: Service, shown: list[str]) -> None:
    """Every code opens exactly one tip, and there is no tip without a code that was shown."""
    opened = Counter(number_behind(service, code) for code in shown)
    assert set(opened.values()) == {1}
    engine = create_engine(service.environment["TIPLINE_DATABASE_URL"], poolclass=NullPool)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM tip")).scalar() == len(shown)


def number_behind(service: Service, code: str) -> str:
    """The tip number that the status page shows for this code."""
    reporter = Reporter(service.url)
    with reporter.browser.open(f"{service.url}/status", timeout=20) as answer:
        hidden = reporter._hidden(answer.read().decode())
    data = urllib.parse.urlencode(hidden | {"receipt_code": code}).encode()
    with reporter.browser.open(f"{service.url}/status", data, timeout=20) as answer:
        found = re.search(r"T\d{4}-\d{4}-\d{4}", answer.read().decode())
    assert found, "the code opens nothing"
    return found[0]
