"""The states of a tip, a case and a reward, and the moves between them that are allowed."""

from collections.abc import Mapping
from enum import StrEnum


class IllegalTransition(Exception):
    """The record is in a state from which this move is not allowed."""


class TipStatus(StrEnum):
    """Where a tip stands."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REFERRED = "referred"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class CaseStatus(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    QUEUED = "queued"
    CLAIMED = "claimed"
    CONCLUDED = "concluded"
    DECLINED = "declined"
    REFERRED = "referred"
    JOINED = "joined"
    CLOSED = "closed"


class RewardStatus(StrEnum):
    """Where a reward stands."""

    PROPOSED = "proposed"
    REFUSED = "refused"
    NOTIFIED = "notified"
    CLAIMED = "claimed"
    PAID = "paid"
    WAIVED = "waived"
    LAPSED = "lapsed"
    REVOKED = "revoked"


class TransferStatus(StrEnum):
    """Where a transfer to the police stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    HANDED_OVER = "handed_over"
    ACCEPTED = "accepted"
    RETURNED = "returned"


OPEN_TIP = (TipStatus.RECEIVED, TipStatus.ACCEPTED)
OPEN_CASE = (CaseStatus.RECEIVED, CaseStatus.QUEUED, CaseStatus.CLAIMED)

TIP_MOVES: Mapping[TipStatus, frozenset[TipStatus]] = {
    TipStatus.RECEIVED: frozenset(
        {TipStatus.ACCEPTED, TipStatus.DECLINED, TipStatus.REFERRED, TipStatus.WITHDRAWN}
    ),
    TipStatus.ACCEPTED: frozenset({TipStatus.ANSWERED, TipStatus.WITHDRAWN}),
    TipStatus.DECLINED: frozenset(),
    TipStatus.REFERRED: frozenset(),
    TipStatus.ANSWERED: frozenset({TipStatus.ACCEPTED}),
    TipStatus.WITHDRAWN: frozenset(),
}

CASE_MOVES: Mapping[CaseStatus, frozenset[CaseStatus]] = {
    CaseStatus.RECEIVED: frozenset(
        {
            CaseStatus.QUEUED,
            CaseStatus.DECLINED,
            CaseStatus.REFERRED,
            CaseStatus.JOINED,
            CaseStatus.CLOSED,
        }
    ),
    CaseStatus.QUEUED: frozenset({CaseStatus.CLAIMED}),
    CaseStatus.CLAIMED: frozenset({CaseStatus.QUEUED, CaseStatus.CONCLUDED}),
    CaseStatus.CONCLUDED: frozenset({CaseStatus.CLOSED, CaseStatus.QUEUED, CaseStatus.CLAIMED}),
    CaseStatus.DECLINED: frozenset(),
    CaseStatus.REFERRED: frozenset(),
    CaseStatus.JOINED: frozenset({CaseStatus.RECEIVED}),
    CaseStatus.CLOSED: frozenset({CaseStatus.QUEUED, CaseStatus.CLAIMED}),
}


REWARD_MOVES: Mapping[RewardStatus, frozenset[RewardStatus]] = {
    RewardStatus.PROPOSED: frozenset({RewardStatus.NOTIFIED, RewardStatus.REFUSED}),
    RewardStatus.REFUSED: frozenset({RewardStatus.PROPOSED}),
    RewardStatus.NOTIFIED: frozenset(
        {RewardStatus.CLAIMED, RewardStatus.WAIVED, RewardStatus.LAPSED, RewardStatus.PROPOSED}
    ),
    RewardStatus.CLAIMED: frozenset({RewardStatus.PAID, RewardStatus.PROPOSED}),
    RewardStatus.LAPSED: frozenset({RewardStatus.NOTIFIED}),
    RewardStatus.PAID: frozenset({RewardStatus.REVOKED}),
    RewardStatus.WAIVED: frozenset(),
    RewardStatus.REVOKED: frozenset(),
}


TRANSFER_MOVES: Mapping[TransferStatus, frozenset[TransferStatus]] = {
    TransferStatus.PROPOSED: frozenset({TransferStatus.APPROVED, TransferStatus.REFUSED}),
    TransferStatus.APPROVED: frozenset({TransferStatus.HANDED_OVER}),
    TransferStatus.HANDED_OVER: frozenset({TransferStatus.ACCEPTED, TransferStatus.RETURNED}),
    TransferStatus.REFUSED: frozenset(),
    TransferStatus.ACCEPTED: frozenset({TransferStatus.RETURNED}),
    TransferStatus.RETURNED: frozenset({TransferStatus.HANDED_OVER, TransferStatus.ACCEPTED}),
}


def ensure_transfer_move(now: str, then: TransferStatus) -> TransferStatus:
    """The new status; IllegalTransition when the move is not in the table."""
    if then not in TRANSFER_MOVES[TransferStatus(now)]:
        raise IllegalTransition(f"a transfer cannot go from {now} to {then}")
    return then


def ensure_reward_move(now: str, then: RewardStatus) -> RewardStatus:
    """The new status; IllegalTransition when the move is not in the table."""
    if then not in REWARD_MOVES[RewardStatus(now)]:
        raise IllegalTransition(f"a reward cannot go from {now} to {then}")
    return then


def ensure_tip_move(now: str, then: TipStatus) -> TipStatus:
    """The new status; IllegalTransition when the move is not in the table."""
    if then not in TIP_MOVES[TipStatus(now)]:
        raise IllegalTransition(f"a tip cannot go from {now} to {then}")
    return then


def ensure_case_move(now: str, then: CaseStatus) -> CaseStatus:
    """The new status; IllegalTransition when the move is not in the table."""
    if then not in CASE_MOVES[CaseStatus(now)]:
        raise IllegalTransition(f"a case cannot go from {now} to {then}")
    return then
