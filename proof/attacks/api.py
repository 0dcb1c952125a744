"""What strangers may send to the interface for other systems: no answer is ever a fault of ours.

python proof/attacks/api.py [CASES]: so many requests (20,000), made by schemathesis from the
published description, anonymous and with the token of a registered system; 1 where any fails.
"""

import sys
import tempfile
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

import given  # noqa: E402
import schemathesis  # noqa: E402
from flask import Flask  # noqa: E402
from hypothesis import HealthCheck, Phase  # noqa: E402
from hypothesis import given as anything  # noqa: E402
from hypothesis import settings as effort  # noqa: E402
from schemathesis.checks import not_a_server_error  # noqa: E402
from schemathesis.specs.openapi.checks import (  # noqa: E402
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import create_engine  # noqa: E402
from sqlalchemy.pool import NullPool  # noqa: E402

from tipline import logs, schema, settings  # noqa: E402
from tipline.db import prepare_sqlite  # noqa: E402
from tipline.policy import loader  # noqa: E402
from tipline.settings import Settings  # noqa: E402

DESCRIPTION = "/api/v1/openapi.json"
TOKEN = "a" * 64
CHECKS = (not_a_server_error, status_code_conformance, response_schema_conformance)
SUBJECTS = {"anonymous": {}, "registered": {"Authorization": f"Bearer {TOKEN}"}}
EFFORT = effort(
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


def attacked(app: Flask, cases: int, headers: dict[str, str]) -> tuple[Counter[int], list[str]]:
    """The answers by status, and what was wrong with any of them."""
    seen: Counter[int] = Counter()
    wrong: list[str] = []
    described = schemathesis.openapi.from_wsgi(DESCRIPTION, app)
    operations = [found.ok() for found in described.get_all_operations()]
    for operation in operations:
        cases_each = effort(EFFORT, max_examples=max(cases // len(operations), 1))

        @cases_each
        @anything(case=operation.as_strategy())
        def attack(case: schemathesis.Case) -> None:
            answer = case.call(headers=headers)
            seen[answer.status_code] += 1
            try:
                case.validate_response(answer, checks=CHECKS)
            except Exception as failed:
                wrong.append(f"{case.method} {case.path}: {str(failed).splitlines()[:3]}")

        attack()
    return seen, wrong


def prepared(folder: Path) -> Settings:
    """Settings with one registered system, and an empty database."""
    content = (loader.DEFAULT / "sources.yaml").read_text(encoding="utf-8")
    mark = sha256(TOKEN.encode()).hexdigest()
    (folder / "sources.yaml").write_text(
        content.replace("  - id: hotline_12345", f"  - id: hotline_12345\n    token_sha256: {mark}")
    )
    url = f"sqlite:///{folder / 'tipline.sqlite3'}"
    chosen = settings.read({"TIPLINE_DATA": str(folder), "TIPLINE_DATABASE_URL": url})
    engine = create_engine(url, poolclass=NullPool)
    prepare_sqlite(engine)
    schema.upgrade(engine)
    return replace(chosen, policy=str(folder))


def main() -> int:
    """Attack as a stranger and as a registered system, and print what came of it."""
    cases, bad = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000, 0
    logs.configure("CRITICAL")
    with (
        tempfile.TemporaryDirectory(prefix="tipline-attack-") as folder,
        given.running(prepared(Path(folder)), channels=[]) as app,
    ):
        for name, headers in SUBJECTS.items():
            seen, wrong = attacked(app, cases // len(SUBJECTS), headers)
            faults = sum(times for status, times in seen.items() if status >= 500)
            bad += len(wrong) + faults
            mark = "FAIL" if wrong or faults else "pass"
            print(f"{name:<10} {mark}  {seen.total()} requests: {dict(sorted(seen.items()))},")
            print(f"           5xx {faults}, against the description {len(wrong)}", flush=True)
            for line in sorted(set(wrong))[:10]:
                print(f"           {line}")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
