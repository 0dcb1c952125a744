"""The floor: the smallest honest Flask pages that validate the same input and commit one row.

On the same server, database and durability as the product; `python floor.py PORT` serves it with
the settings of the environment that the bench sets.
"""

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask, abort, render_template_string, request
from flask_wtf import FlaskForm
from granian import Granian
from granian.constants import Interfaces
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from twilio.request_validator import RequestValidator
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tipline.db import prepare_sqlite
from tipline.serving import BACKLOG, THREADS_ON_POSTGRESQL, THREADS_ON_SQLITE
from wsgi import OneAtATime

URL = os.environ.get("FLOOR_DATABASE_URL", "sqlite:///floor.sqlite3")
TOKEN, PUBLIC_URL = os.environ.get("FLOOR_TOKEN", ""), os.environ.get("FLOOR_PUBLIC_URL", "")
RECEIPT = "<!doctype html><title>receipt</title><h1>{{ row.id }}</h1><p>{{ row.address }}</p>"


class Base(DeclarativeBase):
    """The parent of both tables."""


class Report(Base):
    """One row of the form."""

    __tablename__ = "report"

    id: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[str]
    division: Mapped[str]
    address: Mapped[str]
    landmark: Mapped[str]
    floor: Mapped[str]
    facts: Mapped[str]
    when: Mapped[str]
    who: Mapped[str]


class Text(Base):
    """One text message."""

    __tablename__ = "text"

    id: Mapped[int] = mapped_column(primary_key=True)
    sid: Mapped[str] = mapped_column(unique=True)
    sender: Mapped[str]
    body: Mapped[str]


class Form(FlaskForm):
    """Eight fields, as the report has."""

    category = SelectField(choices=[("unlicensed_clinic", "x"), ("unknown", "y")])
    division = StringField(validators=[Length(max=6)])
    address = StringField(validators=[InputRequired(), Length(max=200)])
    landmark = StringField(validators=[Length(max=200)])
    floor = StringField(validators=[Length(max=200)])
    facts = TextAreaField(validators=[InputRequired(), Length(max=10_000)])
    when = StringField(validators=[Length(max=200)])
    who = StringField(validators=[Length(max=200)])


engine = create_engine(URL)
if engine.dialect.name == "sqlite":
    prepare_sqlite(engine)
flask = Flask(__name__)
flask.config.update(SECRET_KEY="bench", WTF_CSRF_ENABLED=False)


@flask.post("/report")
def report() -> str:
    """Validate, insert one row, commit it durably, answer with a receipt."""
    form = Form()
    if not form.validate():
        abort(400)
    with writing() as session:
        row = Report(**form.data)
        session.add(row)
        session.flush()
        page = render_template_string(RECEIPT, row=row)
        session.commit()
    return page


@flask.post("/hooks/twilio/sms")
def hook() -> tuple[str, int]:
    """Check the signature, insert one row, commit it durably."""
    signature = request.headers.get("X-Twilio-Signature", "")
    url = PUBLIC_URL + request.path
    if not RequestValidator(TOKEN).validate(url, dict(request.form), signature):
        abort(403)
    form = request.form
    with writing() as session:
        session.add(Text(sid=form["MessageSid"], sender=form["From"], body=form["Body"]))
        session.commit()
    return "<Response/>", 200


@flask.get("/livez")
def livez() -> str:
    """The process is alive."""
    return "ok"


def writing() -> Session:
    """A session that takes the write lock at once on SQLite, as the product's use cases do."""
    session = Session(engine)
    session.connection(execution_options={"writes": True})
    return session


served: Callable[..., Iterable[bytes]] = (
    OneAtATime(flask.wsgi_app) if engine.dialect.name == "sqlite" else flask.wsgi_app
)


def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """What the web server calls."""
    return served(environ, start_response)


if __name__ == "__main__":
    Base.metadata.create_all(engine)
    embedded = engine.dialect.name == "sqlite"
    os.chdir(Path(__file__).parent)
    Granian(
        "floor:app",
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        workers=2,
        blocking_threads=THREADS_ON_SQLITE if embedded else THREADS_ON_POSTGRESQL,
        backlog=BACKLOG,
        log_access=False,
        websockets=False,
    ).serve()
