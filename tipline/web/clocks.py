"""What pages about deadlines share: the question what if."""

from datetime import date

from flask import request

from tipline.queries.explaining import WhatIf


def asked_what_if() -> WhatIf:
    """What was asked in the address: longer by so much, or the pause over on that day."""
    typed = request.args.get("extend", "").strip()
    extend = int(typed) if typed.isdecimal() and 0 < len(typed) < 4 else None
    try:
        resume_on = date.fromisoformat(request.args.get("resume_on", ""))
    except ValueError:
        resume_on = None
    return WhatIf(extend or None, resume_on)
