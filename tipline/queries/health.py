"""Is the service well?"""

from sqlalchemy import text

from tipline.db import session


def database_answers() -> None:
    """Fails when the database does not answer."""
    session().execute(text("SELECT 1"))
