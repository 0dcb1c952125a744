"""The reward behind the code: what waits for the reporter, and to whom it is paid."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import request

from tipline.domain.dates import last_day
from tipline.queries import rewards as query
from tipline.runtime import policy, settings
from tipline.services.rewards import agreeing, claiming, sharing
from tipline.services.rewards.claiming import FIELDS, PayeeIncomplete, TooLate
from tipline.web.words import _

Said = tuple[str | None, dict[str, str]]


@dataclass(frozen=True)
class Shown:
    """What the reporter sees of the reward; `until` is the last day to claim it.

    `others` are the parts of those who reported together with this one.
    """

    status: str
    amount_fen: int
    until: date | None
    real_name: bool
    online: bool
    documents: bool
    others: list[int]
    must_agree: bool

    @property
    def whole_fen(self) -> int:
        """What all who reported together have."""
        return self.amount_fen + sum(self.others)


def shown(tip_id: int) -> Shown | None:
    """The reward of this tip, once its reporter may know of it."""
    found = query.of_tip(tip_id)
    if found is None:
        return None
    scheme = policy().schemes[found.scheme]
    assert found.amount_fen is not None
    return Shown(
        status=found.status,
        amount_fen=found.amount_fen,
        until=last_day(found.claim_until, settings().zone) if found.claim_until else None,
        real_name=scheme.eligibility.real_name == "required",
        online=bool(settings().payer_public_key),
        documents=bool(scheme.claim.documents),
        others=[each.amount_fen or 0 for each in sharing.whole(found) if each.id != found.id],
        must_agree=bool(found.joint_id) and not found.agreed,
    )


def claim(code: str, *, now: datetime) -> Said:
    """Claim the reward; what was typed goes sealed to the payer."""
    told = {name: request.form.get(f"payee_{name}", "") for name in FIELDS}
    if not request.form.get("payee_sure"):
        return None, {"payee_sure": _("请勾选确认后再提交。")}
    try:
        agrees = bool(request.form.get("payee_agree"))
        claiming.claim(code, payee=told, now=now, agrees=agrees)
    except sharing.NotAgreed:
        return None, {"payee_agree": _("请看看上面的分配，同意的勾选后再提交。")}
    except PayeeIncomplete as missing:
        return None, {f"payee_{missing}": _("这一项需要填写，只有发放奖金的人能看到。")}
    except TooLate:
        return None, {"payee_sure": _("领取期限已过。有正当理由的，请持查询码到窗口说明。")}
    return _("已登记。核对无误后，会转到您填写的账号。"), {}


def waive(code: str, *, now: datetime) -> Said:
    """Give the reward up."""
    if not request.form.get("waive_sure"):
        return None, {"waive_sure": _("请勾选确认后再提交。")}
    claiming.waive(code, now=now)
    return _("已记下，您不领取这笔奖励。"), {}


def agree(code: str, *, now: datetime) -> Said:
    """A joint reporter agrees to the split."""
    agreeing.agree(code, now=now)
    return _("已记下，您同意这样分。"), {}


def dispute(code: str, *, now: datetime) -> Said:
    """A joint reporter does not agree to the split."""
    if not request.form.get("dispute_sure"):
        return None, {"dispute_sure": _("请勾选确认后再提交。")}
    agreeing.dispute(code, now=now)
    return _("已记下，您不同意这样分。重新商定后会通知您。"), {}
