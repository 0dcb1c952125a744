"""The words of a notice, from its template; they name no matter, no place and no person."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tipline.domain import receipts
from tipline.domain.dates import written
from tipline.queries.promises import Promise
from tipline.runtime import settings

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "messages"
TEMPLATES = Environment(  # noqa: S701 - plain text, not HTML
    loader=FileSystemLoader(FOLDER), undefined=StrictUndefined
)


def compose(
    kind: str, *, channel: str, locale: str, number: str, promised: Promise | None, code: str
) -> str:
    """The text of one notice on one channel."""
    template = TEMPLATES.get_template(f"{kind}.{channel}.{locale}.txt")
    return template.render(
        number=number,
        promised_on=written(promised.due_on, locale) if promised else "",
        code=receipts.grouped(code),
        status_url=f"{settings().public_url}/status",
    ).strip()
