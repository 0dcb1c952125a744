"""The keeper of the policy: reads it anew when a file changed, and never a wrong one."""

import time
from collections.abc import Callable
from pathlib import Path

import structlog

from tipline.policy.forms import Policy
from tipline.policy.loader import PolicyError, load, names_in, path_of

LOOK_EVERY_SECONDS = 2.0

Fingerprint = tuple[tuple[str, int, int], ...]

log = structlog.get_logger()


class Keeper:
    """Holds the policy in force; PolicyError when there is none that could be.

    An optional folder may be missing, and counts once it is there.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        optional: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._named, self._optional = folder, optional
        self._monotonic = monotonic
        self._looked_at = monotonic()
        self._seen = _fingerprint(self._folder)
        self._policy = load(self._folder)

    @property
    def _folder(self) -> Path | None:
        missing = self._optional and self._named is not None and not self._named.is_dir()
        return None if missing else self._named

    def current(self) -> Policy:
        """The policy in force; looks at the files at most every two seconds."""
        if self._monotonic() - self._looked_at >= LOOK_EVERY_SECONDS:
            self._look()
        return self._policy

    def _look(self) -> None:
        self._looked_at = self._monotonic()
        seen = _fingerprint(self._folder)
        if seen != self._seen:
            self._seen = seen
            self._take_up()

    def _take_up(self) -> None:
        try:
            self._policy = load(self._folder)
        except PolicyError as error:
            log.error("policy_refused", mistakes=[str(mistake) for mistake in error.mistakes])
        else:
            log.info("policy_taken_up", version=self._policy.version)


def _fingerprint(folder: Path | None) -> Fingerprint:
    """Path, time and size of every file that counts; a file that is not there has neither."""
    paths = [path_of(name, folder) for name in names_in(folder)]
    if folder is not None:
        paths.append(folder)
    return tuple(_seen(path) for path in paths)


def _seen(path: Path) -> tuple[str, int, int]:
    try:
        found = path.stat()
    except OSError:
        return str(path), 0, 0
    return str(path), found.st_mtime_ns, found.st_size
