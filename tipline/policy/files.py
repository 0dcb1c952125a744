"""What each policy file looks like: its date, and one form or a list of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import Discriminator

from tipline.domain.calendars import CalendarYear
from tipline.domain.deadlines import Step
from tipline.domain.rewards import Scheme
from tipline.domain.rewards.schemes import Formula
from tipline.domain.telltale import IdentityWord
from tipline.domain.words import Text
from tipline.policy.clinics import ClinicKind
from tipline.policy.evidence import EvidenceLimits
from tipline.policy.forms import (
    CalendarPart,
    Category,
    DeclineReason,
    Department,
    Page,
    ReturnReason,
    Role,
    Source,
)
from tipline.policy.law import Finding, Measure
from tipline.policy.outbox import Breaker, Flood, Pace, QuietHours, SegmentBudget
from tipline.policy.outcomes import Letters, Rewards
from tipline.policy.regimes import Ground, OutsideEvent, Regime
from tipline.policy.telling import NoticeRule, ReminderRule
from tipline.policy.vocabulary import NoticeKind, PartyRole, RecordKind


class Form:
    """A policy file: a key it does not know is a mistake, and nothing is converted silently."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": True}


@dataclass(frozen=True, kw_only=True)
class CalendarFile(Form):
    """calendar.yaml"""

    effective_from: date
    id: str
    years: Mapping[int, CalendarYear]


@dataclass(frozen=True, kw_only=True)
class DepartmentsFile(Form):
    """departments.yaml"""

    effective_from: date
    departments: tuple[Department, ...]


@dataclass(frozen=True, kw_only=True)
class CategoriesFile(Form):
    """categories.yaml"""

    effective_from: date
    categories: tuple[Category, ...]


@dataclass(frozen=True, kw_only=True)
class DeclineReasonsFile(Form):
    """decline_reasons.yaml"""

    effective_from: date
    decline_reasons: tuple[DeclineReason, ...]


@dataclass(frozen=True, kw_only=True)
class ReturnReasonsFile(Form):
    """return_reasons.yaml"""

    effective_from: date
    return_reasons: tuple[ReturnReason, ...]


@dataclass(frozen=True, kw_only=True)
class DeadlinesFile(Form):
    """deadlines.yaml"""

    effective_from: date
    id: str
    grounds_from: str | None = None
    circular_after_workdays: int = 5
    steps: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True)
class GroundsFile(Form):
    """grounds.yaml: why a period may be paused or made longer, and why never"""

    effective_from: date
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, kw_only=True)
class OutsideEventsFile(Form):
    """outside_events.yaml"""

    effective_from: date
    outside_events: tuple[OutsideEvent, ...]


@dataclass(frozen=True, kw_only=True)
class QuestionnaireFile(Form):
    """questionnaire.yaml"""

    effective_from: date
    pages: tuple[Page, ...]


@dataclass(frozen=True, kw_only=True)
class NoticesFile(Form):
    """notices.yaml"""

    effective_from: date
    notices: tuple[NoticeRule, ...]


@dataclass(frozen=True, kw_only=True)
class RemindersFile(Form):
    """reminders.yaml: which event puts a reminder on whose page"""

    effective_from: date
    reminders: tuple[ReminderRule, ...]


@dataclass(frozen=True, kw_only=True)
class OutboxFile(Form):
    """outbox.yaml"""

    effective_from: date
    quiet_hours: QuietHours
    can_wait: frozenset[NoticeKind]
    beyond_budget: frozenset[NoticeKind]
    replies: Flood
    patience_hours: int
    breaker: Breaker
    segments: SegmentBudget
    paces: tuple[Pace, ...]


@dataclass(frozen=True, kw_only=True)
class RolesFile(Form):
    """roles.yaml"""

    effective_from: date
    roles: tuple[Role, ...]


@dataclass(frozen=True, kw_only=True)
class SourcesFile(Form):
    """sources.yaml"""

    effective_from: date
    sources: tuple[Source, ...]


@dataclass(frozen=True, kw_only=True)
class EventsFile(Form):
    """events.yaml: what staff read about an event in a record's history"""

    effective_from: date
    events: Mapping[str, Text]


@dataclass(frozen=True, kw_only=True)
class FindingsFile(Form):
    """findings.yaml"""

    effective_from: date
    findings: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True)
class MeasuresFile(Form):
    """measures.yaml"""

    effective_from: date
    measures: tuple[Measure, ...]


@dataclass(frozen=True, kw_only=True)
class AnswersFile(Form):
    """answers.yaml: the text of the answer, by finding"""

    effective_from: date
    answers: Mapping[str, Text]


@dataclass(frozen=True, kw_only=True)
class TimelineFile(Form):
    """timeline.yaml: what a reporter reads about an event; an event not named is not shown"""

    effective_from: date
    timeline: Mapping[str, Text]


@dataclass(frozen=True, kw_only=True)
class IdentityWordsFile(Form):
    """identity_words.yaml"""

    effective_from: date
    identity_words: tuple[IdentityWord, ...]


@dataclass(frozen=True, kw_only=True)
class StatusesFile(Form):
    """statuses.yaml: where a tip and a case stand, in a few plain words"""

    effective_from: date
    statuses: Mapping[str, Text]
    case_statuses: Mapping[str, Text]


@dataclass(frozen=True, kw_only=True)
class ClinicsFile(Form):
    """clinics.yaml: the words of the clinic file"""

    effective_from: date
    kinds: tuple[ClinicKind, ...]
    roles: Mapping[PartyRole, Text]
    records: Mapping[RecordKind, Text]


@dataclass(frozen=True, kw_only=True)
class EvidenceFile(Form):
    """evidence.yaml"""

    effective_from: date
    evidence: EvidenceLimits


@dataclass(frozen=True, kw_only=True)
class SiteFile(Form):
    """site.yaml"""

    effective_from: date
    leave_url: str


@dataclass(frozen=True, kw_only=True)
class LettersFile(Form):
    """letters.yaml"""

    effective_from: date
    letters: Letters


@dataclass(frozen=True, kw_only=True)
class RewardsFile(Form):
    """rewards.yaml"""

    effective_from: date
    rewards: Rewards


@dataclass(frozen=True, kw_only=True)
class CalendarPartFile(Form, CalendarPart):
    """calendars/*.yaml: one more year each, or the days of an area of its own"""


@dataclass(frozen=True, kw_only=True)
class RegimeFile(Form, Regime):
    """regimes/*.yaml: one law or local rule each"""


@dataclass(frozen=True, kw_only=True)
class SchemeFile(Form, Scheme):
    """rewards/*.yaml: one reward scheme each"""

    formula: Annotated[Formula, Discriminator("type")]
