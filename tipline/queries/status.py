"""The status page: what a receipt code opens."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from tipline.db import session
from tipline.domain.lifecycle import OPEN_TIP
from tipline.domain.words import Text
from tipline.models import Entry, Evidence, Message, Rating, Tip
from tipline.queries import promises
from tipline.queries.promises import Promise
from tipline.runtime import policy, settings
from tipline.vault import sealing, words

GROUNDED = ("case.paused", "case.resumed", "case.extended")


@dataclass(frozen=True)
class Said:
    """One message, either way, opened with the reporter's code."""

    from_office: bool
    kind: str
    at: datetime
    body: str


@dataclass(frozen=True)
class Happened:
    """One line of the reporter's timeline; `words` adds the reason or the other remedy."""

    at: datetime
    text: Text
    words: Text | None


@dataclass(frozen=True)
class Opened:
    """Everything the reporter sees."""

    tip: Tip
    place: str
    timeline: list[Happened]
    promises: list[Promise]
    messages: list[Said]
    answer: str | None
    rated: bool
    files: int

    @property
    def open(self) -> bool:
        """Whether the tip is still being worked on."""
        return self.tip.status in OPEN_TIP


def by_code(code: str) -> Opened | None:
    """What this code opens; None, in about the same time, for a code that opens nothing."""
    pepper, tip = settings().pepper, tip_of(code)
    if tip is None:
        return None
    key = words.tip_key_by_code(tip.key_for_code, code=code, pepper=pepper)
    messages = [_said(message, key) for message in tip.messages]
    return Opened(
        tip=tip,
        place=_place(tip),
        timeline=_timeline(tip),
        promises=promises.of_tip(tip.id),
        messages=[message for message in messages if message.kind != "answer"],
        answer=next((message.body for message in messages if message.kind == "answer"), None),
        rated=session().scalar(select(Rating.id).where(Rating.tip_id == tip.id)) is not None,
        files=_files(tip),
    )


def tip_of(code: str) -> Tip | None:
    """The tip that this code opens, without a word of it."""
    mark = sealing.code_mark(code, settings().pepper)
    return session().scalar(select(Tip).where(Tip.code_mark == mark))


def _files(tip: Tip) -> int:
    """How many files lie with the tip, or are being fetched."""
    here = (Evidence.tip_id == tip.id) & (Evidence.state != "failed")
    return session().scalar(select(func.count(Evidence.id)).where(here)) or 0


def _said(message: Message, key: bytes) -> Said:
    body = words.read(key, message.sealed)
    return Said(message.from_office, message.kind, message.at, body)


def _place(tip: Tip) -> str:
    return " ".join(
        part for part in (policy().divisions.name_of(tip.division), tip.address, tip.floor) if part
    )


def _timeline(tip: Tip) -> list[Happened]:
    shown = policy().timeline
    about_tip = (Entry.about_kind == "tip") & (Entry.about_id == tip.id)
    about_case = (Entry.about_kind == "case") & (Entry.about_id == tip.case_id)
    lines = session().scalars(
        select(Entry).where(or_(about_tip, about_case), Entry.event.in_(shown)).order_by(Entry.id)
    )
    return [Happened(line.recorded_at, shown[line.event], _why(line)) for line in lines]


def _why(line: Entry) -> Text | None:
    if line.event == "tip.declined":
        reason, note = policy().decline_reasons[line.facts["reason"]], line.facts["note"]
        return Text(
            zh=f"{reason.label.zh}。{reason.remedy.zh}{note}",
            en=f"{reason.label.en}. {reason.remedy.en} {note}",
        )
    if line.event in GROUNDED:
        ground = policy().grounds.get(str(line.facts.get("ground")))
        return ground.label if ground else None
    if line.event == "tip.referred":
        return policy().departments[line.facts["department"]].name
    return None
