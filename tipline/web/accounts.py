"""Log-in, passwords and one-time codes, by the accounts library."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask_security import Security, SQLAlchemyUserDatastore, Totp, uia_username_mapper
from flask_wtf import CSRFProtect

from tipline.db import db
from tipline.models import Role, Staff
from tipline.runtime import Runtime
from tipline.web.words import _l

csrf = CSRFProtect()


class OnceOnly(Totp):
    """One-time codes that work once, also within their half minute."""

    def get_last_counter(self, user: Any) -> int | None:
        """The half minute whose code this person used last."""
        counter: int | None = user.totp_counter
        return counter

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        """Remember it; the library commits with the log-in."""
        user.totp_counter = tmatch.counter


def install(app: Flask) -> None:
    """Configure the library: names instead of mail addresses, argon2id, codes by authenticator."""
    run: Runtime = app.extensions["tipline"]
    app.config.update(
        SECURITY_USERNAME_ENABLE=True,
        SECURITY_USER_IDENTITY_ATTRIBUTES=[
            {"username": {"mapper": uia_username_mapper, "case_insensitive": True}}
        ],
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106
        SECURITY_PASSWORD_SALT=run.settings.pepper,
        SECURITY_JOIN_USER_ROLES=False,
        SECURITY_PASSWORD_LENGTH_MIN=10,
        SECURITY_CHANGEABLE=True,
        SECURITY_SEND_PASSWORD_CHANGE_EMAIL=False,
        SECURITY_TWO_FACTOR=True,
        SECURITY_TWO_FACTOR_ENABLED_METHODS=["authenticator"],
        SECURITY_TWO_FACTOR_RESCUE_EMAIL=False,
        SECURITY_TWO_FACTOR_POST_SETUP_VIEW="/staff/start",
        SECURITY_TOTP_SECRETS={1: run.settings.secret_key},
        SECURITY_TOTP_ISSUER="Tipline",
        SECURITY_POST_LOGIN_VIEW="/staff/start",
        SECURITY_POST_LOGOUT_VIEW="/login",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_DEFAULT_REMEMBER_ME=False,
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_CSRF_IGNORE_UNAUTH_ENDPOINTS=False,
        SECURITY_FRESHNESS=timedelta(minutes=-1),
        SECURITY_FLASH_MESSAGES=True,
        SECURITY_MSG_UNAUTHORIZED=(_l("您没有权限打开此页面"), "error"),
        SECURITY_MSG_TWO_FACTOR_LOGIN_SUCCESSFUL=(_l("登录成功。"), "success"),
        SECURITY_MSG_TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL=(_l("动态验证码已启用。"), "success"),
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
    )
    csrf.init_app(app)
    people = SQLAlchemyUserDatastore(db, Staff, Role)
    security = Security(app, people, register_blueprint=True, totp_cls=OnceOnly)
    # Rules are checked by web/access.py: who knocks at a hook need not be looked up for others.
    security.principal.identity_loaders.clear()
