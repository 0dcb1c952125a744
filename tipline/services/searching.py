"""Searching: the worker keeps what staff can search in step with cases and clinics."""

from datetime import datetime

from sqlalchemy import delete, insert, select

from tipline import chinese
from tipline.db import session, use_case
from tipline.domain.matching.plain import plain
from tipline.domain.searching import tokens
from tipline.models import Case, Clinic, SearchDocument, SearchToken

BATCH = 50


@use_case
def index(*, now: datetime) -> int:
    """Take up the cases whose brief or notes changed; returns how many there were."""
    due = select(Case).where(Case.search_due).order_by(Case.id).limit(BATCH)
    found = session().scalars(due.with_for_update(skip_locked=True, of=Case)).unique().all()
    for case in found:
        take_up("case", case.id, _text_of(case))
        case.search_due = False
    return len(found)


def take_up_clinic(clinic: Clinic) -> None:
    """The step that makes a clinic's file searchable as it stands now."""
    names = [each.name for each in clinic.names] + [each.number for each in clinic.phones]
    notes = [habit.note for habit in clinic.habits]
    said = [clinic.address, clinic.floor, clinic.drugs_kept, *names, *notes]
    take_up("clinic", clinic.id, "\n".join(said))


def take_up(kind: str, record_id: int, text: str) -> None:
    """The step that puts a text in the place of the former one."""
    mine = (SearchDocument.about_kind == kind) & (SearchDocument.about_id == record_id)
    document = session().scalar(select(SearchDocument).where(mine))
    written = plain(chinese.simplified(text))
    if document is None:
        document = SearchDocument(about_kind=kind, about_id=record_id, text=written)
        session().add(document)
        session().flush()
    document.text = written
    session().execute(delete(SearchToken).where(SearchToken.document_id == document.id))
    rows = [{"token": each, "document_id": document.id} for each in sorted(tokens(written))]
    if rows:
        session().execute(insert(SearchToken), rows)


def _text_of(case: Case) -> str:
    notes = [visit.note for visit in case.visits] + [each.note for each in case.measures]
    return "\n".join([case.number, case.brief, case.finding_note, *notes])
