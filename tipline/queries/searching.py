"""What a search finds: briefs, notes and clinics of the offices in reach, the latest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import aliased

from tipline import chinese
from tipline.db import session
from tipline.domain.actors import Actor
from tipline.domain.matching.plain import plain
from tipline.domain.searching import asked
from tipline.models import Case, Clinic, Office, SearchDocument, SearchToken
from tipline.queries.triage import in_reach

ROWS = 20


@dataclass(frozen=True)
class Hit:
    """One case or clinic that was found, with the clinic that it leads to."""

    number: str
    clinic: Clinic
    brief: str


@dataclass(frozen=True)
class Found:
    """Some hits, and where the next page begins."""

    hits: Sequence[Hit]
    after: int | None


def search(actor: Actor, question: str, *, after: int | None = None) -> Found:
    """The latest records that hold all that was asked for; nothing for a single character."""
    words = [plain(word) for word in chinese.simplified(question).split()]
    wanted = asked(" ".join(words))
    if not wanted:
        return Found([], None)
    first, *others = wanted
    query = (
        select(SearchDocument)
        .join(SearchToken, SearchToken.document_id == SearchDocument.id)
        .where(SearchToken.token == first, *map(_holds, others), _may_see(actor))
        .where(*(SearchDocument.text.contains(word, autoescape=True) for word in words))
        .order_by(SearchToken.document_id.desc())
        .limit(ROWS + 1)
    )
    if after is not None:
        query = query.where(SearchToken.document_id < after)
    documents = session().scalars(query).all()
    shown = documents[:ROWS]
    more = shown[-1].id if len(documents) > ROWS else None
    return Found(_hits(shown), more)


def _holds(token: int) -> ColumnElement[bool]:
    other = aliased(SearchToken)
    return exists().where(other.token == token, other.document_id == SearchToken.document_id)


def _may_see(actor: Actor) -> ColumnElement[bool]:
    """A case of an office in reach, or a clinic with such a case."""
    seen = exists().where(Case.office_id == Office.id, in_reach(actor, "case:read"))
    of_case = seen.where(Case.id == SearchDocument.about_id)
    of_clinic = seen.where(Case.clinic_id == SearchDocument.about_id)
    return or_(
        (SearchDocument.about_kind == "case") & of_case,
        (SearchDocument.about_kind == "clinic") & of_clinic,
    )


def _hits(documents: Sequence[SearchDocument]) -> list[Hit]:
    ids = {"case": [0], "clinic": [0]}
    for each in documents:
        ids[each.about_kind].append(each.about_id)
    cases = session().scalars(select(Case).where(Case.id.in_(ids["case"]))).unique()
    clinics = session().scalars(select(Clinic).where(Clinic.id.in_(ids["clinic"])))
    hits = {("case", case.id): Hit(case.number, case.clinic, case.brief) for case in cases}
    hits |= {("clinic", clinic.id): Hit("", clinic, "") for clinic in clinics}
    return [hits[(each.about_kind, each.about_id)] for each in documents]
