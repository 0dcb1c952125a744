"""Who may open which page: every view names its rule, and a view without one opens for nobody."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from tipline.domain.actors import Actor
from tipline.models import Staff
from tipline.runtime import policy

PUBLIC = "anybody"
SIGNED_IN = "signed in"
NOBODY = "nobody"
LIBRARY_RULES = {
    "static": PUBLIC,
    "security.login": PUBLIC,
    "security.logout": SIGNED_IN,
    "security.change_password": SIGNED_IN,
    "security.two_factor_setup": PUBLIC,
    "security.two_factor_setup_validate": SIGNED_IN,
    "security.two_factor_token_validation": PUBLIC,
    "security.two_factor_rescue": NOBODY,
    "security.tf_select": NOBODY,
    "security.static": NOBODY,
}
View = TypeVar("View", bound=Callable[..., Any])


def needs(rule: str) -> Callable[[View], View]:
    """Mark a view with its rule: PUBLIC, SIGNED_IN, NOBODY or a permission of the policy."""

    def mark(view: View) -> View:
        view.rule = rule  # type: ignore[attr-defined]
        return view

    return mark


def rule_of(app: Flask, endpoint: str) -> str | None:
    """The rule of an endpoint, or None where it was forgotten."""
    named: str | None = getattr(app.view_functions[endpoint], "rule", None)
    return named or LIBRARY_RULES.get(endpoint)


def install(app: Flask) -> None:
    """Check the rule before every request."""
    app.before_request(_check)
    app.context_processor(lambda: {"may": may})


def actor() -> Actor:
    """The member of staff who is signed in."""
    if "actor" not in g:
        g.actor = actor_of(current_user)
    found: Actor = g.actor
    return found


def actor_of(staff: Staff) -> Actor:
    """What a member of staff may do, from the grants and the roles of the policy."""
    reach: dict[str, list[str]] = {}
    for grant in staff.grants:
        role = policy().roles.get(grant.role)
        for permission in role.permissions if role else ():
            reach.setdefault(permission, []).append(grant.office.path)
    return Actor(staff.id, staff.name, {name: tuple(paths) for name, paths in reach.items()})


def may(permission: str) -> bool:
    """Whether whoever is signed in has this permission anywhere."""
    return bool(current_user.is_authenticated) and actor().may(permission)


def _check() -> Response | None:
    if request.endpoint is None:
        return None
    rule = rule_of(current_app._get_current_object(), request.endpoint)  # type: ignore[attr-defined]
    if rule == PUBLIC:
        return None
    if rule is None or rule == NOBODY:
        abort(403)
    if not current_user.is_authenticated:
        return _to_login()
    if _owes_totp() and not request.endpoint.startswith("security."):
        return redirect(url_for("security.two_factor_setup"))
    if rule != SIGNED_IN and not actor().may(rule):
        abort(403)
    return None


def _to_login() -> Response:
    if request.method != "GET":
        abort(401)
    return redirect(url_for("security.login", next=request.full_path.rstrip("?")))


def _owes_totp() -> bool:
    return bool(current_user.totp_required and not current_user.tf_primary_method)
