"""What machines ask: is the process alive, and may it take traffic?"""

from datetime import timedelta

import given
import pytest
from browsing import Browser
from flask import Flask
from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy import text

from tipline import clock, metrics, schema
from tipline.channels import Heard
from tipline.db import db
from tipline.services import inbox


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_it_answers_well_and_leaves_no_cookie(app: Flask, path: str) -> None:
    response = Browser(app).get(path)
    assert (response.status_code, response.data) == (200, b"ok")
    assert "Set-Cookie" not in response.headers


def test_it_takes_no_traffic_while_a_step_of_the_schema_is_missing(app: Flask) -> None:
    schema.downgrade(db.engine, "base")
    try:
        assert Browser(app).get("/readyz").status_code == 503
        assert Browser(app).get("/livez").status_code == 200
    finally:
        schema.upgrade(db.engine)


def test_it_takes_no_traffic_when_nothing_can_be_written(app: Flask) -> None:
    forbid_writing = {
        "sqlite": "PRAGMA query_only = ON",
        "postgresql": "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
    }[db.engine.dialect.name]
    with db.engine.connect() as connection:
        connection.execute(text(forbid_writing))
        connection.commit()
        # The pool hands this connection to the next who asks.
        connection.close()
        assert Browser(app).get("/readyz").status_code == 503


def test_it_takes_no_traffic_while_no_worker_understands_what_came_in(app: Flask) -> None:
    long_ago = clock.now() - timedelta(minutes=11)
    inbox.keep("sms", Heard("SM1", "+8613800138000", "有人打针"), now=long_ago)
    response = Browser(app).get("/readyz")
    assert (response.status_code, response.data) == (503, b"not ready: worker")


def test_the_metrics_are_numbers_about_nobody(app: Flask) -> None:
    given.tip(contact=("sms", "+8613800138000"))
    inbox.keep("sms", Heard("SM1", "+8613800138000", "有人打针"), now=given.NOW)
    registry = CollectorRegistry()
    registry.register(metrics.Figures(app))
    told = generate_latest(registry).decode()
    assert "tipline_database_up 1.0" in told
    assert "tipline_tips_received 1.0" in told
    assert "tipline_inbox_waiting 1.0" in told
    assert not [word for word in ("138001", "官山", "440902") if word in told]


def test_the_metrics_say_so_when_the_database_is_gone(app: Flask) -> None:
    schema.downgrade(db.engine, "base")
    try:
        registry = CollectorRegistry()
        registry.register(metrics.Figures(app))
        assert generate_latest(registry).decode().count("tipline_database_up 0.0") == 1
    finally:
        schema.upgrade(db.engine)
