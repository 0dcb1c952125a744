"""Evidence: files that came along are noted with the tip at once, and fetched by the worker."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from tipline.channels import CannotReach, Fetches, TryLater, Unclear
from tipline.db import session, use_case
from tipline.models import Evidence, Inbound, Tip
from tipline.runtime import runtime, settings
from tipline.vault import files, sealing

BATCH = 20
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 20


def want(tip_id: int, inbound: Inbound, references: tuple[str, ...]) -> None:
    """The step that notes down what is still at the provider."""
    for reference in references:
        session().add(
            Evidence(
                tip_id=tip_id,
                inbound_id=inbound.id,
                channel=inbound.channel,
                reference_sealed=sealing.seal(runtime().vault_public_key, reference),
                due_at=inbound.received_at,
                received_at=inbound.received_at,
            )
        )


@use_case
def lease(*, now: datetime) -> list[int]:
    """Take the files that are due for this worker."""
    due = select(Evidence).where(Evidence.state == "wanted", Evidence.due_at <= now)
    locked = due.order_by(Evidence.due_at).limit(BATCH).with_for_update(skip_locked=True)
    taken = list(session().scalars(locked))
    for row in taken:
        row.due_at = now + LEASE
    return [row.id for row in taken]


def fetch(evidence_id: int, *, now: datetime) -> None:
    """Fetch one file with no transaction open, seal it, and write down that it is there."""
    row = session().get_one(Evidence, evidence_id)
    public = session().get_one(Tip, row.tip_id).public_key
    reference = runtime().contacts.open(row.reference_sealed)
    try:
        content = _provider(row.channel).fetch(reference)
    except CannotReach:
        _settle(evidence_id, "failed", now=now)
    except (TryLater, Unclear):
        _settle(evidence_id, "wanted", now=now)
    else:
        name = files.write(folder(), content, public=public)
        if not _settle(evidence_id, "kept", now=now, file=name, size=len(content)):
            files.remove(folder(), name)


def _provider(channel: str) -> Fetches:
    for provider in runtime().channels.get(channel, ()):
        if isinstance(provider, Fetches):
            return provider
    raise CannotReach("nothing is fetched from there")


@use_case
def _settle(evidence_id: int, state: str, *, now: datetime, file: str = "", size: int = 0) -> bool:
    """Whether this attempt was the one that counts; a file that never comes is given up."""
    row = session().get_one(Evidence, evidence_id, with_for_update=True)
    if row.state != "wanted":
        return False
    row.attempts += 1
    gave_up = state == "wanted" and row.attempts >= MOST_ATTEMPTS
    row.state, row.file, row.size = "failed" if gave_up else state, file, size
    row.due_at = now + timedelta(seconds=min(3600, 5 * 2 ** min(row.attempts, 12)))
    return True


def folder() -> Path:
    """Where the sealed files of the embedded default lie."""
    return settings().folder / "evidence"
