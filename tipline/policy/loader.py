"""Loading a policy: read every file, check its form, check what refers to what, or say why not."""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pydantic import TypeAdapter, ValidationError

from tipline.domain.divisions import Divisions
from tipline.policy import course, files, regimes, triage
from tipline.policy.calendars import put_together
from tipline.policy.checks import Mistake, mistakes_between
from tipline.policy.clinics import ClinicFile
from tipline.policy.forms import Policy, Questionnaire
from tipline.policy.outbox import Outbox
from tipline.policy.reading import Unreadable, read
from tipline.policy.regimes import Profile

DEFAULT = Path(__file__).parent / "default"
DIVISIONS, DEADLINES = "divisions.json", "deadlines.yaml"
FORMS: Mapping[str, type[files.Form]] = {
    "answers.yaml": files.AnswersFile,
    "calendar.yaml": files.CalendarFile,
    "casework.yaml": course.CaseworkFile,
    "categories.yaml": files.CategoriesFile,
    "clinics.yaml": files.ClinicsFile,
    "deadlines.yaml": files.DeadlinesFile,
    "decline_reasons.yaml": files.DeclineReasonsFile,
    "departments.yaml": files.DepartmentsFile,
    "evidence.yaml": files.EvidenceFile,
    "events.yaml": files.EventsFile,
    "findings.yaml": files.FindingsFile,
    "grounds.yaml": files.GroundsFile,
    "identity_words.yaml": files.IdentityWordsFile,
    "letters.yaml": files.LettersFile,
    "measures.yaml": files.MeasuresFile,
    "notices.yaml": files.NoticesFile,
    "outside_events.yaml": files.OutsideEventsFile,
    "outbox.yaml": files.OutboxFile,
    "priority.yaml": triage.PriorityFile,
    "questionnaire.yaml": files.QuestionnaireFile,
    "reminders.yaml": files.RemindersFile,
    "return_reasons.yaml": files.ReturnReasonsFile,
    "rewards.yaml": files.RewardsFile,
    "roles.yaml": files.RolesFile,
    "visits.yaml": course.VisitsFile,
    "legal.yaml": course.LegalFile,
    "skills.yaml": course.SkillsFile,
    "supervision.yaml": course.SupervisionFile,
    "site.yaml": files.SiteFile,
    "sources.yaml": files.SourcesFile,
    "statuses.yaml": files.StatusesFile,
    "timeline.yaml": files.TimelineFile,
}
FILES = (*FORMS, DIVISIONS)
FOLDERS: Mapping[str, type[files.Form]] = {
    "calendars": files.CalendarPartFile,
    "regimes": files.RegimeFile,
    "rewards": files.SchemeFile,
}


class PolicyError(Exception):
    """A policy that cannot come into force; its text is one mistake a line: file: key: reason."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


Named = TypeVar("Named", bound=_HasId)


@dataclass
class _Reading:
    """What has been read so far, and what was wrong with it."""

    files: dict[str, Any] = field(default_factory=dict)
    laws: dict[str, Any] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    digest: Any = field(default_factory=hashlib.sha256)


def load(folder: Path | None = None) -> Policy:
    """The packaged policy with the folder's files over it; PolicyError names every mistake."""
    reading = _Reading()
    if folder is not None:
        reading.mistakes += _strangers(folder)
    for name in names_in(folder):
        _read_into(reading, name, path_of(name, folder))
    reading.mistakes += mistakes_between(reading.files)
    if reading.mistakes:
        raise PolicyError(reading.mistakes)
    return _policy(reading.files, version=reading.digest.hexdigest()[:12])


def names_in(folder: Path | None) -> tuple[str, ...]:
    """Every file that counts: all that lie in a folder of many alike, and the known ones."""
    places = [DEFAULT] + ([folder] if folder else [])
    many = {
        f"{kind}/{path.name}"
        for kind in FOLDERS
        for place in places
        for path in (place / kind).glob("*.yaml")
    }
    return (*sorted(many), *FILES)


def path_of(name: str, folder: Path | None) -> Path:
    """Where this policy file is read from: the folder if it has one, else the packaged one."""
    own = folder / name if folder else None
    return own if own is not None and os.path.lexists(own) else DEFAULT / name


def _strangers(folder: Path) -> list[Mistake]:
    """Files that look like policy but that nobody would read, such as a misspelt name."""
    try:
        found = sorted(path.name for path in folder.iterdir() if path.suffix in {".yaml", ".yml"})
    except OSError as error:
        return [Mistake(folder.name, "-", f"cannot be opened as a folder: {error.strerror}")]
    return [Mistake(name, "-", "is not a policy file") for name in found if name not in FILES]


def _read_into(reading: _Reading, name: str, path: Path) -> None:
    try:
        raw, content = read(path)
    except Unreadable as error:
        reading.mistakes.append(Mistake(name, error.key, error.reason))
        return
    reading.digest.update(f"{name} {len(raw)}\n".encode() + raw)
    if name.startswith("regimes/"):
        content = json.dumps(regimes.with_defaults(json.loads(content)))
        reading.laws[Path(name).stem] = json.loads(content)
    elif name == DEADLINES:
        content = _composed(reading, content)
    try:
        reading.files[name] = in_form(name, content)
    except ValidationError as error:
        reading.mistakes += mistakes_of_form(name, content, error)


def _composed(reading: _Reading, content: str) -> str:
    """The profile with what its steps take from the laws they name."""
    profile = json.loads(content)
    if not isinstance(profile, dict) or not isinstance(profile.get("steps"), list):
        return content
    local = profile.get("grounds_from")
    local = local if isinstance(local, str) and local in reading.laws else None
    for number, step in enumerate(profile["steps"]):
        try:
            profile["steps"][number] = regimes.composed(step, reading.laws, grounds_from=local)
        except regimes.UnknownRule as unknown:
            key = f"steps.{step.get('id', number)}.rule"
            reading.mistakes.append(Mistake(DEADLINES, key, unknown.reason))
    return json.dumps(profile)


@lru_cache(maxsize=256)
def in_form(name: str, content: str) -> Any:
    """A policy file's content (JSON text) in the form of its name; ValidationError otherwise."""
    read_in = _adapter(name).validate_json(content)
    return Divisions(read_in) if name == DIVISIONS else read_in


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    kind = name.partition("/")[0]
    return TypeAdapter(dict[str, str] if name == DIVISIONS else FORMS.get(name) or FOLDERS[kind])


def mistakes_of_form(name: str, content: str, error: ValidationError) -> list[Mistake]:
    """What is wrong with a file that could be read but is not in its form."""
    told = json.loads(content)
    return [
        Mistake(name, _key(told, details["loc"]), _reason(details["type"], details["msg"]))
        for details in error.errors(include_url=False, include_input=False)
    ]


def _key(content: Any, where: tuple[int | str, ...]) -> str:
    """The way to the mistake in dots, with the id of a list's item instead of its number."""
    names: list[str] = []
    for part in where:
        content = _below(content, part)
        own_id = content.get("id") if isinstance(part, int) and isinstance(content, dict) else None
        names.append(own_id if isinstance(own_id, str) else str(part))
    return ".".join(names) or "-"


def _below(content: Any, part: int | str) -> Any:
    try:
        return content[part]
    except (KeyError, IndexError, TypeError):
        return None


def _reason(kind: str, message: str) -> str:
    plain = {"unexpected_keyword_argument": "unknown key", "missing_argument": "is missing"}
    plain["missing"] = plain["missing_argument"]
    return plain.get(kind, message.removeprefix("Value error, "))


def _policy(parts: Mapping[str, Any], *, version: str) -> Policy:
    form = {name.partition(".")[0]: content for name, content in parts.items()}
    calendar, areas = put_together(form["calendar"].years, _all_in("calendars", parts))
    return Policy(
        version=version,
        effective_from=max(parts[name].effective_from for name in FORMS),
        calendar=calendar,
        areas=areas,
        divisions=form["divisions"],
        departments=_by_id(form["departments"].departments),
        categories=_by_id(form["categories"].categories),
        decline_reasons=_by_id(form["decline_reasons"].decline_reasons),
        return_reasons=_by_id(form["return_reasons"].return_reasons),
        deadlines=_profile(form["deadlines"]),
        regimes=_by_id(_all_in("regimes", parts)),
        grounds=_by_id(form["grounds"].grounds),
        outside_events=_by_id(form["outside_events"].outside_events),
        reminders={rule.event: rule.to for rule in form["reminders"].reminders},
        questionnaire=Questionnaire(pages=form["questionnaire"].pages),
        notices=form["notices"].notices,
        outbox=_outbox(form["outbox"]),
        roles=_by_id(form["roles"].roles),
        sources=_by_id(form["sources"].sources),
        findings=_by_id(form["findings"].findings),
        measures=_by_id(form["measures"].measures),
        answers=form["answers"].answers,
        timeline=form["timeline"].timeline,
        events=form["events"].events,
        statuses=form["statuses"].statuses,
        case_statuses=form["statuses"].case_statuses,
        evidence=form["evidence"].evidence,
        clinics=_clinics(form["clinics"]),
        **_working(form),
        urgency=form["priority"],
        identity_words=form["identity_words"].identity_words,
        leave_url=form["site"].leave_url,
        schemes=_by_id(_all_in("rewards", parts)),
        rewards=form["rewards"].rewards,
        letters=form["letters"].letters,
    )


def _working(form: Mapping[str, Any]) -> dict[str, Any]:
    """What inspectors and supervisors work by."""
    return {
        "casework": form["casework"].casework,
        "ticks": _by_id(form["supervision"].ticks),
        "visits": course.visits_of(form["visits"]),
        "legal": course.legal_of(form["legal"]),
        "skills": _by_id(form["skills"].skills),
        "supervision_levels": _by_id(form["supervision"].levels),
    }


def _profile(file: files.DeadlinesFile) -> Profile:
    return Profile(
        id=file.id, steps=file.steps, circular_after_workdays=file.circular_after_workdays
    )


def _all_in(kind: str, parts: Mapping[str, Any]) -> list[Any]:
    return [content for name, content in parts.items() if name.startswith(f"{kind}/")]


def _clinics(file: files.ClinicsFile) -> ClinicFile:
    return ClinicFile(kinds=_by_id(file.kinds), roles=file.roles, records=file.records)


def _outbox(file: files.OutboxFile) -> Outbox:
    return Outbox(
        quiet_hours=file.quiet_hours,
        can_wait=file.can_wait,
        beyond_budget=file.beyond_budget,
        replies=file.replies,
        patience_hours=file.patience_hours,
        breaker=file.breaker,
        segments=file.segments,
        paces=_by_id(file.paces),
    )


def _by_id(items: Iterable[Named]) -> Mapping[str, Named]:
    return {item.id: item for item in items}
