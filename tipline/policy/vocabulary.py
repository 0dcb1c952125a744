"""The closed lists that policy files choose from: events, notices, permissions, kinds of field."""

from collections.abc import Mapping
from typing import Literal, get_args

EVENTS_OF: Mapping[str, tuple[str, ...]] = {
    "tip": (
        "received",
        "detailed",
        "verified",
        "supplemented",
        "contact_left",
        "withdrawn",
        "accepted",
        "declined",
        "referred",
        "joined",
        "unjoined",
        "asked",
        "progress_told",
        "outcome_told",
        "disputed",
        "renewed",
        "date_moved",
        "nudged",
        "rated",
    ),
    "case": (
        "placed",
        "queued",
        "claimed",
        "assigned",
        "lease_warned",
        "returned",
        "recused",
        "taken_over",
        "listed",
        "unlisted",
        "found",
        "filed",
        "not_filed",
        "paused",
        "resumed",
        "extended",
        "time_asked",
        "time_refused",
        "noted",
        "concluded",
        "closed",
        "reopened",
    ),
    "clinic": ("amended", "party_added", "party_ended"),
    "party": ("recorded",),
    "visit": ("planned", "made"),
    "measure": ("imposed", "served", "paid", "revoked"),
    "transfer": ("proposed", "approved", "handed_over", "accepted", "refused"),
    "clock": ("warned", "missed", "urged", "circulated", "confirmed", "moved"),
    "reward": (
        "proposed",
        "approved",
        "refused",
        "notified",
        "claimed",
        "payee_opened",
        "paid",
        "lapsed",
        "waived",
        "revoked",
    ),
    "words": ("opened",),
    "alarm": ("raised", "opened", "handled"),
    "identity": ("requested", "approved", "revealed"),
    "notice": ("dead", "replayed", "reached"),
    "office": ("added", "changed", "licences", "period_began", "reported", "exported"),
    "staff": (
        "added",
        "granted",
        "revoked",
        "reset",
        "disabled",
        "enabled",
        "totp_required",
        "leave",
        "skilled",
    ),
}
EVENTS = frozenset(f"{subject}.{name}" for subject, names in EVENTS_OF.items() for name in names)

NoticeKind = Literal[
    "received",
    "added",
    "code",
    "news",
    "question",
    "help",
    "ask",
    "complete",
    "which",
    "status",
    "no_match",
    "wait",
    "too_large",
    "private",
]
NOTICE_KINDS: tuple[str, ...] = get_args(NoticeKind)

Permission = Literal[
    "tip:take_in",
    "tip:read",
    "tip:triage",
    "tip:words",
    "tip:ask",
    "answer:release",
    "case:pool",
    "case:claim",
    "case:work",
    "case:assign",
    "case:read",
    "clinic:read",
    "clinic:keep",
    "clock:read",
    "clock:decide",
    "referral:answer",
    "reward:read",
    "reward:propose",
    "reward:approve",
    "reward:pay",
    "alarm:handle",
    "identity:request",
    "identity:approve",
    "journal:read",
    "staff:manage",
    "office:manage",
]
PERMISSIONS: tuple[str, ...] = get_args(Permission)

PartyRole = Literal["practitioner", "venue_provider", "tout", "employer", "helper"]
PARTY_KINDS = ("person", "organisation")
RecordKind = Literal["ban", "penalty", "criminal_penalty"]
Reminded = Literal["holder", "supervisor", "next_up"]
FieldKind = Literal["choice", "division", "line", "text", "contact", "yes_no"]
Keeps = Literal["place", "words", "contact", "wish"]
ANSWER_PLACES = frozenset({"number", "received_on", "measures"})
