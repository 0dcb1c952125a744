"""The states of a delivery, how they follow each other, and when to try again."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

AMBIGUITY_WAIT = timedelta(minutes=10)
LEASE = timedelta(minutes=5)
RETRY_CAP = timedelta(minutes=30)
MOST_ATTEMPTS = 48


class Sending(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    LEASED = "leased"
    SENDING = "sending"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"
    AMBIGUOUS = "ambiguous"
    DEAD = "dead"


class Why(StrEnum):
    """Why somebody could not be reached."""

    OPTED_OUT = "opted_out"
    BLOCKED = "blocked"
    NO_SUCH_ADDRESS = "no_such_address"
    REFUSED = "refused"
    NOT_TAKEN = "not_taken"
    NO_ANSWER = "no_answer"
    NO_CHANNEL = "no_channel"
    OVER_BUDGET = "over_budget"
    BROKEN = "broken"


# Whoever cannot be written to for one of these reasons is not written to again.
SILENCES = frozenset({Why.OPTED_OUT, Why.BLOCKED, Why.NO_SUCH_ADDRESS})

MOVES: Mapping[Sending, frozenset[Sending]] = {
    Sending.PENDING: frozenset({Sending.LEASED}),
    Sending.LEASED: frozenset({Sending.SENDING, Sending.PENDING}),
    Sending.SENDING: frozenset(
        {Sending.ACCEPTED, Sending.PENDING, Sending.FAILED, Sending.AMBIGUOUS, Sending.DEAD}
    ),
    Sending.AMBIGUOUS: frozenset({Sending.ACCEPTED, Sending.PENDING, Sending.DEAD}),
    Sending.ACCEPTED: frozenset({Sending.DELIVERED, Sending.FAILED}),
    Sending.DELIVERED: frozenset(),
    Sending.FAILED: frozenset(),
    Sending.DEAD: frozenset(),
}
OPEN = (Sending.PENDING, Sending.LEASED, Sending.SENDING, Sending.AMBIGUOUS)


def may_move(now: str, then: Sending) -> bool:
    """Whether the move is in the table; a late or repeated callback is simply not."""
    return then in MOVES[Sending(now)]


def leads_to(now: str, then: Sending) -> bool:
    """Whether moves of the table lead there: a report may tell of several at once."""
    seen: set[Sending] = set()
    ends = [Sending(now)]
    while ends:
        ahead = MOVES[ends.pop()] - seen
        seen |= ahead
        ends += ahead
    return then in seen


def retry_after(attempts: int, share: float) -> timedelta:
    """Full jitter: a random `share` (0 to 1) of an exponentially growing wait, capped."""
    longest = min(RETRY_CAP, timedelta(seconds=5 * 2 ** min(attempts, 12)))
    return longest * share
