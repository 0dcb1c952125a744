"""The payer's own pages: to whom, how much, by which voucher; nothing of the case."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tipline import clock
from tipline.queries import rewards as query
from tipline.services.rewards import deciding, paying, sharing
from tipline.web.access import actor, needs
from tipline.web.rewards import pages
from tipline.web.rewards.lists import before
from tipline.web.words import _

SEEN = ("claimed", "paid")


@pages.get("/payments")
@needs("reward:pay")
def payments() -> str:
    """Rewards that were claimed or paid."""
    rows, next_before = query.rewards_with(actor(), "reward:pay", SEEN, before=before())
    more = url_for("rewards.payments", before=next_before) if next_before else None
    return render_template("rewards/payments.html", rows=rows, more=more)


@pages.get("/payments/<int:reward_id>")
@needs("reward:pay")
def payment(reward_id: int) -> str:
    """One payment, its payee still sealed."""
    return _page(reward_id, {})


@pages.post("/payments/<int:reward_id>/payee")
@needs("reward:pay")
def payee(reward_id: int) -> str:
    """Show to whom the reward is paid; that it was opened is recorded first."""
    paying.open_payee(reward_id, by=actor(), now=clock.now())
    return _page(reward_id, {}, opened=True)


@pages.post("/payments/<int:reward_id>/pay")
@needs("reward:pay")
def pay(reward_id: int) -> str | Response:
    """Write down the voucher of a payment that was made."""
    voucher = request.form.get("voucher", "")
    try:
        paying.pay(reward_id, by=actor(), voucher=voucher, now=clock.now())
    except paying.VoucherMissing:
        return _page(reward_id, {"voucher": _("请填写凭证号。")})
    except paying.VoucherTaken:
        return _page(reward_id, {"voucher": _("这个凭证号已经用于另一笔奖励，请核对。")})
    except sharing.NotAgreed:
        return _page(reward_id, {"voucher": _("还有共同举报人没有同意分配，暂时不能发放。")})
    except deciding.SamePerson:
        return _page(reward_id, {"voucher": _("您已经参与过这笔奖励或这个案件，须由别人来办。")})
    flash(_("已登记发放。"))
    return redirect(url_for("rewards.payments"))


def _page(reward_id: int, errors: Mapping[str, str], *, opened: bool = False) -> str:
    found = query.reward_for(actor(), reward_id, "reward:pay")
    return render_template(
        "rewards/payment.html",
        reward=found,
        payee=paying.payee(found) if opened else None,
        typed=request.form if errors else {},
        errors=errors,
    )
