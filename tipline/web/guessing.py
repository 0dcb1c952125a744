"""Wrong receipt codes by network address, counted in memory only, under a key of the day."""

import hmac
import ipaddress
import secrets
from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

from flask import request

from tipline import clock
from tipline.domain.guessing import OF_ADDRESS, Tries

T = TypeVar("T")
MOST_ADDRESSES = 100_000


class MustWait(Exception):
    """Too many wrong codes came from there; the right one opens again in a minute."""


class Counter:
    """Counts per address, of today only."""

    def __init__(self) -> None:
        self._day, self._key = date.min, b""
        self._tries: dict[bytes, Tries] = {}

    def look_up(self, find: Callable[[], T | None], who: str, *, now: datetime) -> T | None:
        """What is found; MustWait before anything is looked at, whether right or wrong."""
        mark = self._mark(who, now) if who else b""
        tries = self._tries.get(mark, Tries())
        if tries.must_wait(OF_ADDRESS, now=now):
            raise MustWait
        found = find()
        if found is None and mark:
            self._tries[mark] = tries.one_more(OF_ADDRESS, now=now)
        return found

    def _mark(self, who: str, now: datetime) -> bytes:
        if now.date() != self._day or len(self._tries) > MOST_ADDRESSES:
            self._day, self._key, self._tries = now.date(), secrets.token_bytes(32), {}
        return hmac.digest(self._key, who.encode(), "sha256")


counted = Counter()


def look_up(find: Callable[[], T | None]) -> T | None:
    """A look-up by a code that was typed on a page or sent by another system."""
    return counted.look_up(find, _network_address(), now=clock.now())


def _network_address() -> str:
    """Of the visitor, as the proxy beside us tells; empty where nobody can tell visitors apart."""
    beside = request.remote_addr or ""
    if not _is_near(beside):
        return beside
    return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()


def _is_near(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:
        return True
