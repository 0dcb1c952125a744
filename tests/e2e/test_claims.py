"""Fifty inspectors at once, over the wire: every case is claimed by exactly one of them."""

import random
import re
import threading
from collections import Counter

import given
import pytest
import requests
from e2e.service import Service
from flask import Flask
from sqlalchemy import select

from tipline.db import db
from tipline.models import Case, Entry

INSPECTORS, CASES = 50, 100
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
CASE = re.compile(r"/field/cases/(\d+)/claim")


class Inspector:
    """Somebody with a phone who claims whatever is left in the pool."""

    def __init__(self, url: str, username: str) -> None:
        self.url = url
        self.browser = requests.Session()
        page = self._get("/login")
        form = {"csrf_token": self._token(page), "username": username, "password": given.PASSWORD}
        self.browser.post(f"{url}/login", data=form, timeout=60).raise_for_status()
        self.answers: Counter[int] = Counter()

    def claim_all(self) -> None:
        """Until the pool is empty."""
        while True:
            page = self._get("/field/")
            left = CASE.findall(page)
            if not left:
                return
            answer = self.browser.post(
                f"{self.url}/field/cases/{random.choice(left)}/claim",
                data={"csrf_token": self._token(page)},
                allow_redirects=False,
                timeout=60,
            )
            self.answers[answer.status_code] += 1
            if answer.status_code == 409:
                assert "同事" in answer.text

    def _get(self, path: str) -> str:
        answer = self.browser.get(self.url + path, timeout=60)
        assert answer.status_code == 200, answer.status_code
        return answer.text

    def _token(self, page: str) -> str:
        found = TOKEN.search(page)
        assert found
        return found[1]


@pytest.mark.timeout(300)
def test_every_case_is_claimed_once_when_fifty_inspectors_claim_at_once(
    app: Flask, service: Service
) -> None:
    office = given.staff("triage_officer")
    for number in range(CASES):
        given.accepted(given.receipt().tip_id, by=office, address=f"官山三路 {number} 号")
    names = [given.staff("inspector", username=f"inspector{n}").name for n in range(INSPECTORS)]
    inspectors = [Inspector(service.url, name) for name in names]
    threads = [threading.Thread(target=each.claim_all) for each in inspectors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers = sum((each.answers for each in inspectors), Counter[int]())
    assert answers[302] == CASES
    assert set(answers) <= {302, 409}
    db.session.rollback()
    claims = db.session.scalars(select(Entry.about_id).where(Entry.event == "case.claimed")).all()
    assert sorted(claims) == sorted(db.session.scalars(select(Case.id)))
