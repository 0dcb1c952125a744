"""Steps as they are kept for the clocks that started under them."""

import hashlib
import json
from typing import Any

from pydantic import TypeAdapter

from tipline.domain.deadlines import Step

ADAPTER: TypeAdapter[Step] = TypeAdapter(Step)


def write(step: Step) -> tuple[str, dict[str, Any]]:
    """The mark of a step, and its content; the same words have the same mark."""
    content: dict[str, Any] = ADAPTER.dump_python(step, mode="json")
    written = json.dumps(content, sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:16], content


def read(content: dict[str, Any]) -> Step:
    """The step with this content, kept before its basis was said in both languages or since."""
    basis = content["basis"]
    both = {"zh": basis, "en": basis} if isinstance(basis, str) else basis
    return ADAPTER.validate_python(content | {"basis": both})
