"""The forms of law and local rule: what a policy is made of. The loader checks them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

from tipline.domain.calendars import Calendar, CalendarYear
from tipline.domain.divisions import Divisions
from tipline.domain.rewards import Scheme
from tipline.domain.rules import Rule
from tipline.domain.telltale import IdentityWord
from tipline.domain.urgency import Rules
from tipline.domain.words import Text
from tipline.policy import archive
from tipline.policy.clinics import ClinicFile
from tipline.policy.evidence import EvidenceLimits
from tipline.policy.law import Finding, Legal, Measure, Visits
from tipline.policy.outbox import Outbox
from tipline.policy.outcomes import Letters, Rewards
from tipline.policy.regimes import Ground, OutsideEvent, Profile, Regime
from tipline.policy.telling import NoticeRule
from tipline.policy.vocabulary import FieldKind, Keeps, Permission, Reminded
from tipline.policy.working import Casework, Skill, SupervisionLevel, Tick


@dataclass(frozen=True, kw_only=True)
class Department:
    """An authority that a matter can belong to."""

    id: str
    name: Text


@dataclass(frozen=True, kw_only=True)
class Source:
    """Somebody who hands tips over; `token_sha256` is the mark of the token a system shows."""

    id: str
    name: Text
    token_sha256: str = ""

    def __post_init__(self) -> None:
        if self.token_sha256 and not re.fullmatch("[0-9a-f]{64}", self.token_sha256):
            raise ValueError("token_sha256 takes 64 hexadecimal digits")


@dataclass(frozen=True, kw_only=True)
class Category:
    """A kind of violation, in words a citizen knows; priority 1 is the most urgent of 4.

    A licence allows it only when its scope holds one of the `scope_words`, if there are any.
    """

    id: str
    label: Text
    hint: Text
    lead: str
    assisting: tuple[str, ...] = ()
    priority: int
    active: bool = True
    basis: Text | None = None
    scope_words: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.priority <= 4:
            raise ValueError("priority takes a number from 1 to 4")


@dataclass(frozen=True, kw_only=True)
class DeclineReason:
    """Why a tip is not taken on, and the other way that remains open to the reporter."""

    id: str
    label: Text
    remedy: Text


@dataclass(frozen=True, kw_only=True)
class ReturnReason:
    """Why a case goes back; a conflict of interest bars the inspector from it for good.

    A reason that is not offered is given by the system only.
    """

    id: str
    label: Text
    recuses: bool = False
    offered: bool = True


@dataclass(frozen=True, kw_only=True)
class CalendarPart:
    """More years of the work calendar; with divisions the days that only these areas have."""

    id: str
    source: str
    divisions: tuple[str, ...] = ()
    years: Mapping[int, CalendarYear]


@dataclass(frozen=True, kw_only=True)
class Option:
    """One answer of a choice."""

    value: str
    label: Text


YES = Option(value="yes", label=Text(zh="是", en="Yes"))
NO = Option(value="no", label=Text(zh="不", en="No"))
NOT_KNOWN = Option(value="unknown", label=Text(zh="不清楚", en="I do not know"))


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing asked for. Text beyond `max_length` is kept all the same, never refused.

    `sms` and `chat` are the neutral words of the question where it is asked by message.
    """

    id: str
    kind: FieldKind
    keeps: Keeps
    label: Text
    hint: Text | None = None
    required: bool = False
    max_length: int = 200
    autocomplete: str | None = None
    options: Literal["categories"] | tuple[Option, ...] = ()
    unknown: bool = False
    sms: Text | None = None
    chat: Text | None = None

    def __post_init__(self) -> None:
        if (self.kind == "choice") != bool(self.options):
            raise ValueError("options belong to a choice, and a choice needs them")
        if self.max_length < 1:
            raise ValueError("max_length takes a number from 1")

    @property
    def answers(self) -> tuple[Option, ...]:
        """The answers to choose from that stand in the questionnaire itself."""
        if self.kind == "yes_no":
            return YES, NO
        own = self.options if isinstance(self.options, tuple) else ()
        return (*own, NOT_KNOWN) if own and self.unknown else own

    def by_sms(self, locale: str) -> str:
        """The question as a text message, with the digits of its answers."""
        asked = self.sms.in_locale(locale) if self.sms else self.label.in_locale(locale)
        labels = (answer.label.in_locale(locale) for answer in self.answers)
        digits = [f"{number} {label}" for number, label in enumerate(labels, start=1)]
        return "\n".join([asked, *digits])


@dataclass(frozen=True, kw_only=True)
class Page:
    """One question, asked the same on every channel."""

    id: str
    title: Text
    hint: Text | None = None
    optional: bool = False
    fields: tuple[Field, ...]


@dataclass(frozen=True, kw_only=True)
class Questionnaire:
    """The pages in the order in which they are asked."""

    pages: tuple[Page, ...]

    @property
    def fields(self) -> Mapping[str, Field]:
        """Every field by its id, in the order in which it is asked."""
        return {field.id: field for page in self.pages for field in page.fields}


@dataclass(frozen=True, kw_only=True)
class Role:
    """A set of permissions under the name of a job."""

    id: str
    name: Text
    permissions: frozenset[Permission]


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Everything that a law, a city or an office may change, in force together.

    `version` is a short hash of the content; `effective_from` the latest of the files.
    """

    version: str
    effective_from: date
    calendar: Calendar
    areas: Mapping[str, Calendar]
    divisions: Divisions
    departments: Mapping[str, Department]
    categories: Mapping[str, Category]
    decline_reasons: Mapping[str, DeclineReason]
    return_reasons: Mapping[str, ReturnReason]
    deadlines: Profile
    regimes: Mapping[str, Regime]
    grounds: Mapping[str, Ground]
    outside_events: Mapping[str, OutsideEvent]
    questionnaire: Questionnaire
    notices: tuple[NoticeRule, ...]
    reminders: Mapping[str, tuple[Reminded, ...]]
    outbox: Outbox
    roles: Mapping[str, Role]
    sources: Mapping[str, Source]
    findings: Mapping[str, Finding]
    measures: Mapping[str, Measure]
    answers: Mapping[str, Text]
    timeline: Mapping[str, Text]
    events: Mapping[str, Text]
    statuses: Mapping[str, Text]
    case_statuses: Mapping[str, Text]
    casework: Casework
    evidence: EvidenceLimits
    clinics: ClinicFile
    skills: Mapping[str, Skill]
    ticks: Mapping[str, Tick]
    visits: Visits
    legal: Legal
    supervision_levels: Mapping[str, SupervisionLevel]
    urgency: Rules
    identity_words: tuple[IdentityWord, ...]
    leave_url: str
    schemes: Mapping[str, Scheme]
    rewards: Rewards
    letters: Letters

    @cached_property
    def written_steps(self) -> Mapping[str, tuple[str, dict[str, Any]]]:
        """Mark and content of every step of the profile, as clocks keep them, by its id."""
        return {step.id: archive.write(step) for step in self.deadlines.steps}

    def calendar_for(self, division: str) -> Calendar:
        """The work calendar of an area: that of the smallest area that has one of its own."""
        holding = [code for code in self.areas if division.startswith(code)]
        return self.areas[max(holding, key=len)] if holding else self.calendar

    def rule(self, regime: str, step: str) -> Rule | None:
        """The period of this step of a law, or of the bureau's own profile."""
        if regime == self.deadlines.id:
            return next((each for each in self.deadlines.steps if each.id == step), None)
        found = self.regimes[regime].step(step) if regime in self.regimes else None
        if found is not None and found.delegates_to:
            return self.rule(*found.delegates_to.split(".", 1))
        return found
