"""How much one request may bring: words everywhere, files only where they are handed over."""

import re

from flask import Flask, request

from tipline.policy.evidence import LARGEST_MB, MEGABYTE

LARGEST_REQUEST = 6_000_000
LARGEST_UPLOAD = (LARGEST_MB + 10) * MEGABYTE
TAKES_FILES = re.compile(r"/status|/field/cases/\d+/(queued/)?photo")


def install(app: Flask) -> None:
    """Set the limits, before anything reads a form."""
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
    )
    app.before_request(_allow)
    app.teardown_request(lambda _: request.close())


def largest(path: str) -> int:
    """The most bytes that a request to this path may bring."""
    return LARGEST_UPLOAD if TAKES_FILES.fullmatch(path) else LARGEST_REQUEST


def _allow() -> None:
    request.max_content_length = largest(request.path)
