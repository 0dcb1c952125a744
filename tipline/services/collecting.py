"""Collecting: providers are asked what came in, and told to delete what we have kept."""

from datetime import datetime

from sqlalchemy import exists, select, update

from tipline.channels import CannotReach, Collects, Forgets, TryLater, Unclear
from tipline.db import session, use_case
from tipline.models import Evidence, Inbound
from tipline.runtime import runtime
from tipline.services import carriers, inbox

BATCH = 50


def collectors() -> dict[str, float]:
    """The providers that are to be asked, and how many seconds to wait between two times."""
    return {
        name: provider.pause_seconds
        for name, provider in runtime().providers.items()
        if isinstance(provider, Collects) and provider.pause_seconds
    }


def collect(provider_name: str, by: str, *, now: datetime) -> int:
    """Keep what came in and was not kept yet; one worker asks, `by` its name, while it is alive.

    What was heard by a webhook is there already.
    """
    if not _may_ask(provider_name, by, now=now):
        return 0
    provider = runtime().providers[provider_name]
    assert isinstance(provider, Collects)
    found = provider.collect()
    for heard in found:
        inbox.keep(provider.name, heard, now=now)
    return len(found)


@use_case
def _may_ask(provider_name: str, by: str, *, now: datetime) -> bool:
    return carriers.may_ask(provider_name, by, now=now)


def forget(*, now: datetime) -> int:
    """Have what was understood, and whose files were fetched, deleted at the provider."""
    done = 0
    for provider in runtime().providers.values():
        if isinstance(provider, Forgets):
            done += _forget(provider.name, provider, now=now)
    return done


def _forget(channel: str, provider: Forgets, *, now: datetime) -> int:
    rows = _to_forget(channel)
    for row_id, provider_id in rows:
        try:
            provider.forget(provider_id)
        except (TryLater, Unclear):
            return 0  # asked again with the next round
        except CannotReach:
            pass  # it is not for us to delete
        _note_forgotten(row_id, now=now)
    return len(rows)


def _to_forget(channel: str) -> list[tuple[int, str]]:
    waits = exists().where(Evidence.inbound_id == Inbound.id, Evidence.state == "wanted")
    kept = (Inbound.channel == channel) & (Inbound.state == "understood")
    rows = select(Inbound.id, Inbound.provider_id).where(
        kept, Inbound.forgotten_at.is_(None), ~waits
    )
    found = session().execute(rows.order_by(Inbound.id).limit(BATCH))
    return [(row_id, provider_id) for row_id, provider_id in found]


@use_case
def _note_forgotten(inbound_id: int, *, now: datetime) -> None:
    here = update(Inbound).where(Inbound.id == inbound_id)
    session().execute(here.values(forgotten_at=now))
