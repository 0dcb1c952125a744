"""Whether answers tell by their length or their time what nobody should learn; 1 where they do.

python proof/attacks/timing.py [COUNT]: so many of each kind (2,000), one after the other in random
order, on a database with a few hundred tips. Mann-Whitney, two-sided; the mark is p > 0.01.
"""

import math
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

import given  # noqa: E402
from browsing import Browser  # noqa: E402
from flask import Flask  # noqa: E402
from sqlalchemy import create_engine  # noqa: E402
from sqlalchemy.pool import NullPool  # noqa: E402

from tipline import logs, schema, settings  # noqa: E402
from tipline.channels import Heard  # noqa: E402
from tipline.db import prepare_sqlite  # noqa: E402
from tipline.domain import receipts  # noqa: E402
from tipline.services import inbox  # noqa: E402
from tipline.vault import sealing  # noqa: E402

CHANCE = random.Random(10)
KNOWN = "+8613800138000"
TIPS, LEAST = 200, 0.01
IDS = count(1)
Try = Callable[[], int]  # does it once; returns what shows of the answer, such as its length


def mistyped() -> str:
    """A code whose check digits are wrong."""
    code = sealing.mint_code()
    return code[:-1] + str((int(code[-1]) + 1) % 10)


def page(app: Flask) -> tuple[Try, Try]:
    """The status page: a code that nobody has, and one that cannot be a code."""
    browser = Browser(app)
    token = browser.token()

    def enter(code: str) -> int:
        form = {"receipt_code": receipts.grouped(code), "go": "look", "csrf_token": token}
        answer = browser.open("/status", method="POST", data=form)
        return answer.status_code * 1_000_000 + len(answer.get_data())

    return lambda: enter(sealing.mint_code()), lambda: enter(mistyped())


def api(app: Flask) -> tuple[Try, Try]:
    """The same by the interface for other systems."""
    browser = Browser(app)

    def ask(code: str) -> int:
        answer = browser.open("/api/v1/status", method="POST", json={"receipt_code": code})
        return answer.status_code * 1_000_000 + len(answer.get_data())

    return lambda: ask(sealing.mint_code()), lambda: ask(mistyped())


def message(app: Flask) -> tuple[Try, Try]:
    """A text message with a code that nobody has, and with one that cannot be one."""

    def hear(code: str) -> int:
        number = next(IDS)
        inbox.keep("sms", Heard(f"t{number}", f"+8613{number:09d}", f"查 {code}"), now=given.NOW)
        [each] = inbox.waiting(now=given.NOW)
        inbox.understand(each, now=given.NOW)
        return 0

    return lambda: hear(sealing.mint_code()), lambda: hear(mistyped())


def compared(one: Try, other: Try, number: int) -> tuple[bool, str]:
    """Both so often, in random order: the same to see, and as fast."""
    times: tuple[list[float], list[float]] = ([], [])
    shown: tuple[set[int], set[int]] = (set(), set())
    tries = [0, 1] * number
    CHANCE.shuffle(tries)
    for which in tries:
        began = time.perf_counter()
        shown[which].add((one, other)[which]())
        times[which].append(time.perf_counter() - began)
    chance = mann_whitney(*times)
    middle = [statistics.median(each) * 1000 for each in times]
    good = chance > LEAST and shown[0] == shown[1] and len(shown[0]) == 1
    return good, (
        f"medians {middle[0]:.3f} and {middle[1]:.3f} ms, p = {chance:.3f},"
        f" answers look alike: {shown[0] == shown[1]}"
    )


def mann_whitney(one: list[float], other: list[float]) -> float:
    """How likely the two are as different as this if they are the same; by the normal curve."""
    ranked = sorted([(each, 0) for each in one] + [(each, 1) for each in other])
    total = sum(rank for rank, (_, which) in enumerate(ranked, start=1) if which == 0)
    n, m = len(one), len(other)
    smaller = total - n * (n + 1) / 2
    away = abs(smaller - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(away / math.sqrt(2))


def main() -> int:
    """Measure all of them and print a table."""
    number, good = int(sys.argv[1]) if len(sys.argv) > 1 else 2000, True
    logs.configure("CRITICAL")
    with tempfile.TemporaryDirectory(prefix="tipline-timing-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'tipline.sqlite3'}"
        chosen = settings.read({"TIPLINE_DATA": name, "TIPLINE_DATABASE_URL": url})
        engine = create_engine(url, poolclass=NullPool)
        prepare_sqlite(engine)
        schema.upgrade(engine)
        with given.running(chosen, channels=[given.Collecting("sms")]) as app:
            for _ in range(TIPS):
                given.receipt(contact=("sms", KNOWN))
            for look in (page, api, message):
                one, other = look(app)
                for _ in range(20):
                    one(), other()
                alike, figures = compared(one, other, number)
                good &= alike
                mark = "pass" if alike else "FAIL"
                print(f"{look.__name__:<8} {mark}  2 x {number}: {figures}", flush=True)
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
