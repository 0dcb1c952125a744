"""Files handed over with the code: what was taken is said by number, and what was not, and why."""

from datetime import datetime

from flask import request

from tipline.runtime import policy
from tipline.services import handing_over
from tipline.web.words import _


def hand_over(code: str, *, now: datetime) -> tuple[str | None, dict[str, str]]:
    """Keep the files that fit, sealed to the tip."""
    brought = [each.stream for each in request.files.getlist("files") if each.filename]
    if not brought:
        return None, {"files": _("请先选择照片、录像、录音或文件。")}
    found = handing_over.hand_over(code, brought, now=now)
    said = _("收到文件 %(n)d 个。", n=found.taken) if found.taken else None
    return said, _refused(found)


def _refused(found: handing_over.HandedOver) -> dict[str, str]:
    most, why = policy().evidence.largest_mb, []
    if found.too_large:
        why += [_("有 %(n)d 个文件超过 %(most)d MB，没有收下。", n=found.too_large, most=most)]
    if found.too_many:
        why += [_("有 %(n)d 个文件收不下了，请挑要紧的交。", n=found.too_many)]
    return {"files": " ".join(why)} if why else {}
