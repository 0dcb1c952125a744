"""Handing over: files that a reporter brings to the status page, sealed to the tip at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from sqlalchemy import func, select

from tipline.db import session, use_case
from tipline.models import Evidence, Tip
from tipline.queries import status
from tipline.runtime import policy
from tipline.services import evidence, journal
from tipline.services.reach import tip_by_code
from tipline.vault import files


@dataclass(frozen=True)
class HandedOver:
    """How many files were taken, were too large, and were more than a tip can hold."""

    taken: int
    too_large: int
    too_many: int


def hand_over(code: str, brought: Sequence[IO[bytes]], *, now: datetime) -> HandedOver:
    """Seal the files that fit and note them with the tip; what does not fit keeps nothing back.

    They are written before the transaction begins, and removed again if it fails.
    """
    limits, tip = policy().evidence, status.tip_of(code)
    assert tip is not None
    most = min(limits.at_once, limits.files_of_a_tip - _count(tip))
    contents = [each.read(limits.largest + 1) for each in brought[: max(most, 0)]]
    fitting = [each for each in contents if len(each) <= limits.largest]
    folder, public, kept = evidence.folder(), tip.public_key, 0
    written = [(files.write(folder, each, public=public), len(each)) for each in fitting]
    try:
        kept = _note(code, written, now=now)
    finally:
        for name, _ in written[kept:]:
            files.remove(folder, name)
    over = len(contents) - len(fitting)
    return HandedOver(kept, over, len(brought) - kept - over)


@use_case
def _note(code: str, written: Sequence[tuple[str, int]], *, now: datetime) -> int:
    """How many of these files the tip can hold, the first ones first."""
    tip, limits = tip_by_code(code), policy().evidence
    room = limits.most_of_a_tip - _size(tip)
    kept = 0
    for name, size in written[: max(limits.files_of_a_tip - _count(tip), 0)]:
        room -= size
        if room < 0:
            break
        session().add(_row(tip, name, size, now))
        kept += 1
    if kept:
        facts = {"files": kept}
        journal.record("tip.supplemented", tip.ref, by=journal.REPORTER, now=now, facts=facts)
    return kept


def _row(tip: Tip, name: str, size: int, now: datetime) -> Evidence:
    kept = {"state": "kept", "file": name, "size": size}
    return Evidence(tip_id=tip.id, channel="web", received_at=now, due_at=now, **kept)


def _count(tip: Tip) -> int:
    of_tip = select(func.count(Evidence.id)).where(Evidence.tip_id == tip.id)
    return session().scalar(of_tip) or 0


def _size(tip: Tip) -> int:
    of_tip = select(func.sum(Evidence.size)).where(Evidence.tip_id == tip.id)
    return session().scalar(of_tip) or 0
