"""Budgets of use cases: what the hot ones may say to the database, counted exactly."""

import secrets
from collections.abc import Callable

import given
import pytest
import statements
from flask import Flask

from tipline.channels import Heard
from tipline.db import db
from tipline.models import Case
from tipline.services import casework, inbox, intake

PHONE = ("sms", "+8613800138000")
BUDGETS = {
    "intake": (12, 1),
    "intake of a message": (12, 1),
    "intake of a form once more": (4, 1),
    "webhook": (4, 1),
    "claim": (4, 1),
}


@pytest.fixture
def work(app: Flask) -> dict[str, Callable[[], object]]:
    """Each of them as something that can be done again and again."""
    officer, inspector = given.staff("triage_officer"), given.staff("inspector")
    for _ in range(2):
        given.accepted(given.tip().id, by=officer)
    pool = iter([case.id for case in given.every(Case)])
    doubled = intake.seal(given.statement())
    intake.receive(doubled, now=given.NOW)
    return {
        "intake": lambda: given.receipt(contact=PHONE),
        "intake of a message": lambda: given.receipt(channel="sms", contact=PHONE),
        "intake of a form once more": lambda: intake.receive(doubled, now=given.NOW),
        "webhook": lambda: inbox.keep(
            "sms", Heard(secrets.token_hex(8), PHONE[1], "x"), now=given.NOW
        ),
        "claim": lambda: casework.claim(next(pool), by=inspector, now=given.NOW),
    }


@pytest.mark.parametrize("what", BUDGETS)
def test_a_use_case_stays_within_its_budget(
    work: dict[str, Callable[[], object]], what: str
) -> None:
    work[what]()  # whatever is prepared once is prepared
    with statements.recorded(db.engine) as said:
        work[what]()
    most, exactly = BUDGETS[what]
    assert said.commits == exactly
    assert len(said.statements) <= most, said.statements
