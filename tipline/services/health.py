"""Is the service well?"""

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from tipline import schema
from tipline.db import session, use_case


def takes_writes() -> bool:
    """Whether the database has its newest shape and takes a write, which is not kept."""
    try:
        return _probe()
    except SQLAlchemyError:
        return False


@use_case
def _probe() -> bool:
    session().execute(text("UPDATE office SET name = name WHERE id = 1"))
    return schema.at_head(session().connection())
