"""What no single form can show: repeated ids, and names that refer to nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from string import Formatter
from typing import Any, get_args
from urllib.parse import urlsplit

from tipline.domain.divisions import COUNTY_DIGITS, Divisions
from tipline.domain.lifecycle import CaseStatus, TipStatus
from tipline.domain.words import Text
from tipline.policy import calendars, course, files, laws, triage, working
from tipline.policy.forms import Field
from tipline.policy.vocabulary import ANSWER_PLACES, EVENTS, PartyRole, RecordKind

UNKNOWN = "unknown"
ALWAYS_ASKED = ("address", "facts")
MOST_BY_SMS = 4
LONGEST_BY_SMS = {"zh": 28, "en": 75}  # with the receipt before it, one message of 70 or 160 signs
NEVER_BY_SMS = ("division", "contact")
OWN_SOURCES = ("own_channel", "public_api")


@dataclass(frozen=True)
class Mistake:
    """One thing wrong in one policy file."""

    file: str
    key: str
    reason: str

    def __str__(self) -> str:
        return " ".join(f"{self.file}: {self.key}: {self.reason}".split())


Found = Iterator[tuple[str, str]]


def mistakes_between(read: Mapping[str, Any]) -> list[Mistake]:
    """Every mistake within and between the files that could be read; files by their name."""
    found = [
        Mistake(needed[0], key, reason)
        for needed, check in CHECKS
        if all(name in read for name in needed)
        for key, reason in check(*(read[name] for name in needed))
    ] + [
        Mistake(name, "id", "must be the name of its file")
        for name, content in read.items()
        if "/" in name and content.id != PurePath(name).stem
    ]
    found += [Mistake(*each) for each in (*calendars.mistakes(read), *laws.mistakes(read))]
    return found + _unknown_schemes(read)


def _unknown_schemes(read: Mapping[str, Any]) -> list[Mistake]:
    chosen = read["rewards.yaml"].rewards.schemes if "rewards.yaml" in read else ()
    return [
        Mistake("rewards.yaml", "schemes", f"no scheme {name!r}")
        for name in chosen
        if f"rewards/{name}.yaml" not in read
    ]


def each_id_once(key: str) -> Callable[[Any], Found]:
    """A check that no id stands twice in the list of this name."""
    return lambda file: _repeated(key, getattr(file, key))


def check_divisions(divisions: Divisions) -> Found:
    """Codes have two digits a level and stand below one that is in the list."""
    for code, name in divisions.names.items():
        if not (code.isascii() and code.isdigit() and len(code) in range(2, COUNTY_DIGITS + 1, 2)):
            yield code, "a code has 2, 4 or 6 digits"
        elif code[:-2] and code[:-2] not in divisions:
            yield code, f"the area {code[:-2]} above it is not in the list"
        if not name.strip():
            yield code, "has no name"


def check_categories(file: files.CategoriesFile, known: files.DepartmentsFile) -> Found:
    """Departments exist, and there is a category for those who do not know."""
    yield from _repeated("categories", file.categories)
    departments = {department.id for department in known.departments}
    for category in file.categories:
        if category.lead not in departments:
            yield f"categories.{category.id}.lead", f"no department {category.lead!r}"
        for name in category.assisting:
            if name not in departments:
                yield f"categories.{category.id}.assisting", f"no department {name!r}"
    if not any(category.id == UNKNOWN and category.active for category in file.categories):
        yield "categories", f"needs an active category {UNKNOWN!r}"


def check_notices(file: files.NoticesFile) -> Found:
    """Rules name events that can happen, each pair once."""
    seen = set()
    for number, rule in enumerate(file.notices):
        yield from _unknown_event(f"notices.{number}.event", rule.event)
        if (rule.event, rule.notice) in seen:
            yield f"notices.{number}", f"{rule.event} already promises {rule.notice}"
        seen.add((rule.event, rule.notice))


def check_reminders(file: files.RemindersFile) -> Found:
    """Events that can happen remind somebody, each event once."""
    seen = set()
    for number, rule in enumerate(file.reminders):
        yield from _unknown_event(f"reminders.{number}.event", rule.event)
        if rule.event in seen:
            yield f"reminders.{number}", f"{rule.event} reminds already"
        seen.add(rule.event)


def check_outbox(file: files.OutboxFile) -> Found:
    """Each provider has one pace, and those that are not named have theirs."""
    yield from _repeated("paces", file.paces)
    if not any(pace.id == "other" for pace in file.paces):
        yield "paces", "needs a pace for 'other' providers"
    if file.patience_hours < 1:
        yield "patience_hours", "takes a number from 1"


def check_timeline(file: files.TimelineFile) -> Found:
    """Only events that can happen are told."""
    for event in file.timeline:
        yield from _unknown_event(f"timeline.{event}", event)


def check_events(file: files.EventsFile) -> Found:
    """Only events that can happen have words."""
    for event in file.events:
        yield from _unknown_event(f"events.{event}", event)


def check_statuses(file: files.StatusesFile) -> Found:
    """There are words for every status that a tip or a case can have, and for no other."""
    yield from _other_than("statuses", file.statuses, {status.value for status in TipStatus})
    yield from _other_than("case_statuses", file.case_statuses, {each.value for each in CaseStatus})


def check_answers(file: files.AnswersFile, known: files.FindingsFile) -> Found:
    """There is an answer for every finding, with places that can be filled."""
    findings = {finding.id for finding in known.findings}
    for name in sorted(findings - set(file.answers)):
        yield "answers", f"no answer for the finding {name!r}"
    for name, text in file.answers.items():
        if name not in findings:
            yield f"answers.{name}", f"no finding {name!r}"
        yield from _unknown_places(f"answers.{name}", text)


def check_questionnaire(file: files.QuestionnaireFile) -> Found:
    """Every field has its own id, and the place and the facts are always asked for."""
    yield from _repeated("pages", file.pages)
    fields = [field for page in file.pages for field in page.fields]
    yield from _repeated("fields", fields)
    required = {field.id for field in fields if field.required}
    for name in ALWAYS_ASKED:
        if name not in required:
            yield "pages", f"needs a required field {name!r}"
    for page in file.pages:
        if not page.fields:
            yield f"pages.{page.id}.fields", "asks for nothing"
    yield from _asked_by_sms([field for field in fields if field.sms])


def _asked_by_sms(fields: list[Field]) -> Found:
    """Few and short: a question rides along with the receipt in one message of 70 signs."""
    if len(fields) > MOST_BY_SMS:
        yield "fields", f"at most {MOST_BY_SMS} of them are asked by text message"
    for field in fields:
        if field.kind in NEVER_BY_SMS or field.options == "categories":
            yield f"fields.{field.id}.sms", "cannot be answered by a digit"
            continue
        for locale, most in LONGEST_BY_SMS.items():
            if len(field.by_sms(locale)) > most:
                yield f"fields.{field.id}.sms.{locale}", f"is longer than {most} signs"


def check_sources(file: files.SourcesFile) -> Found:
    """No two systems share a token, and none takes the place of our own channels."""
    yield from _repeated("sources", file.sources)
    tokens = [source.token_sha256 for source in file.sources if source.token_sha256]
    for source in file.sources:
        if tokens.count(source.token_sha256) > 1:
            yield f"sources.{source.id}.token_sha256", "belongs to another source as well"
        if source.id in OWN_SOURCES:
            yield f"sources.{source.id}", "is the name of a way of our own"


def check_letters(file: files.LettersFile, casework: course.CaseworkFile) -> Found:
    """What letters offer is what the office does, and their places can be filled."""
    yield from _repeated("letters.remedies", file.letters.remedies)
    offered = next((each.within for each in file.letters.remedies if each.id == "redo"), None)
    if offered is not None and offered != casework.casework.redo_within_days:
        yield "letters.remedies.redo.within", "differs from redo_within_days in casework.yaml"
    for locale in ("zh", "en"):
        for text, place in (("basis", "basis"), ("progress", "until")):
            said = getattr(file.letters, text).in_locale(locale)
            for name in sorted(_places(said) ^ {place}):
                why = f"the one place there is {{{place}}}, not {{{name}}}"
                yield f"letters.{text}.{locale}", why


def check_clinics(file: files.ClinicsFile) -> Found:
    """Every role and kind of record has its words, and a clinic may be of an unknown kind."""
    yield from _repeated("kinds", file.kinds)
    if UNKNOWN not in {kind.id for kind in file.kinds}:
        yield "kinds", f"needs a kind {UNKNOWN!r}"
    yield from _other_than("roles", file.roles, set(get_args(PartyRole)))
    yield from _other_than("records", file.records, set(get_args(RecordKind)))


def check_site(file: files.SiteFile) -> Found:
    """The exit leads to a public page elsewhere."""
    parts = urlsplit(file.leave_url)
    if parts.scheme != "https" or not parts.hostname:
        yield "leave_url", "needs an https address"


def _repeated(key: str, items: Iterable[Any]) -> Found:
    seen = set()
    for item in items:
        if item.id in seen:
            yield f"{key}.{item.id}", "this id is there twice"
        seen.add(item.id)


def _other_than(key: str, given: Iterable[str], known: set[str]) -> Found:
    for name in sorted(known - set(given)):
        yield key, f"no words for {name!r}"
    for name in sorted(set(given) - known):
        yield f"{key}.{name}", "there is no such status"


def _unknown_event(key: str, event: str) -> Found:
    if event not in EVENTS:
        yield key, f"no event {event!r}"


def _unknown_places(key: str, text: Text) -> Found:
    for locale in ("zh", "en"):
        try:
            for name in sorted(_places(text.in_locale(locale)) - ANSWER_PLACES):
                yield f"{key}.{locale}", f"no place {{{name}}}"
        except ValueError as error:
            yield f"{key}.{locale}", f"a brace is wrong: {error}"


def _places(template: str) -> set[str]:
    """The names between braces, with whatever formatting stands behind them."""
    parts = Formatter().parse(template)
    return {
        name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
        for _, name, spec, conversion in parts
        if name is not None
    }


CHECKS: tuple[tuple[tuple[str, ...], Callable[..., Found]], ...] = (
    (("calendar.yaml",), calendars.check_calendar),
    (("divisions.json",), check_divisions),
    (("departments.yaml",), each_id_once("departments")),
    (("categories.yaml", "departments.yaml"), check_categories),
    (("decline_reasons.yaml",), each_id_once("decline_reasons")),
    (("return_reasons.yaml",), each_id_once("return_reasons")),
    (("measures.yaml",), each_id_once("measures")),
    (("findings.yaml",), each_id_once("findings")),
    (("roles.yaml",), each_id_once("roles")),
    (("sources.yaml",), check_sources),
    (("identity_words.yaml",), each_id_once("identity_words")),
    (("grounds.yaml",), each_id_once("grounds")),
    (("outside_events.yaml",), each_id_once("outside_events")),
    (("deadlines.yaml", "outside_events.yaml", "grounds.yaml"), laws.check_deadlines),
    (("deadlines.yaml", "measures.yaml"), laws.check_measures_of_steps),
    (("notices.yaml",), check_notices),
    (("reminders.yaml",), check_reminders),
    (("outbox.yaml",), check_outbox),
    (("timeline.yaml",), check_timeline),
    (("events.yaml",), check_events),
    (("statuses.yaml",), check_statuses),
    (("answers.yaml", "findings.yaml"), check_answers),
    (("questionnaire.yaml",), check_questionnaire),
    (("letters.yaml", "casework.yaml"), check_letters),
    (("priority.yaml",), triage.check_priority),
    (("clinics.yaml",), check_clinics),
    (("skills.yaml",), each_id_once("skills")),
    (("skills.yaml", "categories.yaml"), working.check_skills),
    (("casework.yaml", "categories.yaml"), working.check_lot),
    (("visits.yaml", "categories.yaml"), course.check_visits),
    (("legal.yaml",), course.check_legal),
    (("supervision.yaml",), each_id_once("levels")),
    (("site.yaml",), check_site),
)
