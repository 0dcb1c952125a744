"""The post of the past: what was owed then counts as brought, and no provider is called."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from tipline.channels import Status
from tipline.demo.stage import Stage
from tipline.domain.sending import Sending, Why
from tipline.services import delivery
from tipline.services.calling import Outgoing, Result

# Nobody looks at old reports of arrival; leaving them out saves a good part of the start.
REPORTED = timedelta(days=10)
PAUSE = timedelta(seconds=2)


def bring(stage: Stage, *, now: datetime) -> None:
    """Settle everything in the outbox that is due."""
    for delivery_id, at in _due(now):
        outgoing = delivery.begin(delivery_id, now=at)
        if outgoing is not None:
            reached = outgoing.number not in stage.unreachable
            settle = _by_gateway if outgoing.channel == "sms" else _by_chat
            settle(outgoing, reached, stage.now - now < REPORTED, at)


def _due(now: datetime) -> Iterator[tuple[int, datetime]]:
    """All of it, at the pace of the providers."""
    while taken := delivery.lease(now=now):
        yield from ((each, now) for each in taken)
        now += PAUSE


def _by_gateway(outgoing: Outgoing, reached: bool, recent: bool, now: datetime) -> None:
    """A text message is accepted first; later the gateway reports whether it arrived."""
    provider_id = f"demo-{outgoing.delivery_id}"
    taken = Result(state=Sending.ACCEPTED, provider_id=provider_id)
    delivery.settle(outgoing, taken, now=now)
    if recent or not reached:
        state = Sending.DELIVERED if reached else Sending.FAILED
        status = Status(provider_id, state, "provider error 30005", Why.NO_SUCH_ADDRESS)
        delivery.report("sms", status, now=now)


def _by_chat(outgoing: Outgoing, reached: bool, recent: bool, now: datetime) -> None:
    """A chat message is accepted, or refused because the bot is blocked."""
    taken = Result(state=Sending.ACCEPTED, provider_id=f"demo-{outgoing.delivery_id}")
    refused = Result(state=Sending.FAILED, reason="Forbidden", why=Why.BLOCKED)
    delivery.settle(outgoing, taken if reached else refused, now=now)
