"""Pages: parse, call one use case, render. Puts the Flask application together."""

from collections.abc import Iterable
from pathlib import Path

from flask import Flask
from werkzeug.routing import IntegerConverter

from tipline import db
from tipline.channels import Channel
from tipline.dialogues import Dialogue
from tipline.policy import Keeper
from tipline.runtime import Runtime
from tipline.settings import Settings
from tipline.web import (
    access,
    accounts,
    api,
    clinics,
    desk,
    errors,
    field,
    headers,
    hooks,
    operations,
    public,
    reveal,
    rewards,
    simulator,
    staff,
    uploads,
    words,
)
from tipline.web.staff import start

ROOT = Path(__file__).resolve().parents[2]


class RecordNumber(IntegerConverter):
    """The number of a record in an address; one too long for any record leads nowhere."""

    regex = r"\d{1,9}"


def create_app(
    settings: Settings, *, channels: Iterable[Channel] = (), dialogue: Dialogue
) -> Flask:
    """The application with these settings; senders and the dialogue are handed in."""
    app = Flask(
        "tipline", root_path=str(ROOT / "tipline" / "web"), template_folder=ROOT / "templates"
    )
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-session" if settings.secure else "session",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.extensions["tipline"] = Runtime(
        settings=settings,
        keeper=Keeper(settings.policy_folder, optional=not settings.policy),
        providers={channel.provider: channel for channel in channels},
        dialogue=dialogue,
    )
    app.url_map.converters["int"] = RecordNumber
    db.init(app, url=settings.database_url)
    for room in (uploads, words, headers, errors, accounts, access, operations):
        room.install(app)
    _mount(app, settings)
    start.install(app)
    return app


def _mount(app: Flask, settings: Settings) -> None:
    parts = {
        "public": public.pages,
        "api": api.pages,
        "hooks": hooks.pages,
        "desk": desk.pages,
        "field": field.pages,
        "rewards": rewards.pages,
        "staff": staff.pages,
        "reveal": reveal.pages,
    }
    for name, blueprint in parts.items():
        if name in settings.parts:
            app.register_blueprint(blueprint)
    if {"desk", "field"} & set(settings.parts):
        app.register_blueprint(clinics.pages)
    if settings.demo:
        app.register_blueprint(simulator.pages)
