"""What machines ask: is the process alive, and may it take traffic?"""

import pytest
from browsing import Browser
from flask import Flask
from sqlalchemy import text

from tipline import schema
from tipline.db import db


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
