"""The post of the past: what was owed then counts as brought, and no provider is called."""

from datetime import datetime, timedelta

from tipline.channels import Status
from tipline.demo.stage import Stage
from tipline.domain.sending import Sending
from tipline.services import delivery
from tipline.services.delivery import Outgoing

# Nobody looks at old reports of arrival; leaving them out saves a good part of the start.
REPORTED = timedelta(days=10)


def bring(stage: Stage, *, now: datetime) -> None:
    """Settle everything in the outbox that is due."""
    for delivery_id in delivery.lease(now=now):
        outgoing = delivery.begin(delivery_id, now=now)
        if outgoing is not None:
            reached = outgoing.number not in stage.unreachable
            settle = _by_gateway if outgoing.channel == "sms" else _by_chat
            settle(outgoing, reached, stage.now - now < REPORTED, now)


def _by_gateway(outgoing: Outgoing, reached: bool, recent: bool, now: datetime) -> None:
    """A text message is accepted first; later the gateway reports whether it arrived."""
    provider_id = f"demo-{outgoing.delivery_id}"
    delivery.settle(outgoing.delivery_id, Sending.ACCEPTED, provider_id=provider_id, now=now)
    if recent or not reached:
        reason = "" if reached else "provider error 30005"
        delivery.report("sms", Status(provider_id, reached, reason), now=now)


def _by_chat(outgoing: Outgoing, reached: bool, recent: bool, now: datetime) -> None:
    """A chat message is accepted, or refused because the bot is blocked."""
    state, reason = (Sending.ACCEPTED, "") if reached else (Sending.FAILED, "Forbidden")
    provider_id = f"demo-{outgoing.delivery_id}"
    delivery.settle(outgoing.delivery_id, state, provider_id=provider_id, reason=reason, now=now)
