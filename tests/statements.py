"""What is said to the database: statements and commits, counted from the outside."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event

FRAMES = ("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")


@dataclass
class Said:
    """Statements in their order, and how many commits there were."""

    statements: list[str] = field(default_factory=list)
    parameters: list[Any] = field(default_factory=list)
    commits: int = 0
    rollbacks: int = 0


@contextmanager
def recorded(engine: Engine) -> Iterator[Said]:
    """Everything that is said to this database meanwhile; one line for a multi-row insert."""
    said = Said()

    def statement(_c: Any, _cursor: Any, text: str, parameters: Any, *_rest: Any) -> None:
        if not text.startswith(FRAMES):
            said.statements.append(" ".join(text.split()))
            said.parameters.append(parameters)

    def commit(_c: Any) -> None:
        said.commits += 1

    def rollback(_c: Any) -> None:
        said.rollbacks += 1

    heard = {"before_cursor_execute": statement, "commit": commit, "rollback": rollback}
    for name, listener in heard.items():
        event.listen(engine, name, listener)
    try:
        yield said
    finally:
        for name, listener in heard.items():
            event.remove(engine, name, listener)
