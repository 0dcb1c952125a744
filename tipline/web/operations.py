"""Is this process alive, and may it take traffic?"""

from flask import Blueprint, Flask

from tipline.services.health import takes_writes
from tipline.web.access import PUBLIC, needs

pages = Blueprint("operations", __name__)


def install(app: Flask) -> None:
    """Mount the end points that machines ask."""
    app.register_blueprint(pages)


@pages.get("/livez")
@needs(PUBLIC)
def livez() -> str:
    """The process is alive."""
    return "ok"


@pages.get("/readyz")
@needs(PUBLIC)
def readyz() -> str | tuple[str, int]:
    """The database has its newest shape and takes writes."""
    return "ok" if takes_writes() else ("not ready", 503)
