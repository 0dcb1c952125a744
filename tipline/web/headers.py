"""Security headers on every answer, errors included."""

from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from tipline.runtime import settings

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
        " frame-ancestors 'none'; form-action 'self'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def install(app: Flask) -> None:
    """Set the headers after every request; name static files by content, so that they can keep."""
    app.after_request(_set)
    versions: dict[str, str] = {}

    def version(endpoint: str, values: dict[str, Any]) -> None:
        name = values.get("filename")
        if endpoint == "static" and name:
            path = Path(str(app.static_folder)) / name
            if name not in versions and path.is_file():
                versions[name] = sha256(path.read_bytes()).hexdigest()[:8]
            values["v"] = versions.get(name, "")

    app.url_defaults(version)


def _set(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint == "static" and response.status_code < 400:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response.headers["Cache-Control"] = "no-store"
    if settings().secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return response
