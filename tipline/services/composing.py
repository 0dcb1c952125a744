"""The words of a notice, from its template; they name no matter, no place and no person."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tipline.channels import Choice
from tipline.domain import receipts
from tipline.domain.dates import written
from tipline.queries.promises import Promise
from tipline.runtime import settings
from tipline.services import asking

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "messages"
TEMPLATES = Environment(  # noqa: S701 - plain text, not HTML
    loader=FileSystemLoader(FOLDER), undefined=StrictUndefined
)


@dataclass(frozen=True)
class Said:
    """What is said in one message: its text, and the answers that it offers."""

    text: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Files:
    """How many files came along with what is replied to, and how many were too large to come."""

    taken: int = 0
    too_large: int = 0


NO_FILES = Files()


def compose(
    kind: str,
    *,
    channel: str,
    locale: str,
    number: str,
    promised: Promise | None,
    code: str,
    field: str = "",
    files: Files = NO_FILES,
) -> Said:
    """The words of one notice on one channel, with a word on what came along and what did not."""
    asked, choices = _asked(kind, field, locale, channel)
    values = {
        "number": number,
        "promised_on": written(promised.due_on, locale) if promised else "",
        "code": receipts.grouped(code),
        "status_url": f"{settings().public_url}/status",
        "question": asked,
        "choices": choices,
        "files": files.taken,
    }
    kinds = ["files"] * bool(files.taken) + [kind]
    kinds += ["too_large"] * (files.too_large > 0 and kind != "too_large")
    return Said("\n".join(_rendered(each, channel, locale, values) for each in kinds), choices)


def _rendered(kind: str, channel: str, locale: str, values: Mapping[str, object]) -> str:
    """A channel without words of its own says what a text message says."""
    names = [f"{kind}.{each}.{locale}.txt" for each in (channel, "sms")]
    return TEMPLATES.select_template(names).render(values).strip()


def _asked(kind: str, field: str, locale: str, channel: str) -> tuple[str, tuple[Choice, ...]]:
    """What a notice asks beside what it says."""
    if kind == "which":
        return asking.which(field, locale, channel)
    return asking.question(field, locale, channel) if field else ("", ())
