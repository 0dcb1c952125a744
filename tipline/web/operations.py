"""Is this process alive, and may it take traffic?"""

from flask import Blueprint, Flask

from tipline import clock
from tipline.services import health
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
    """Database, disk and worker are well."""
    found = health.complaints(now=clock.now())
    return (f"not ready: {', '.join(found)}", 503) if found else "ok"
