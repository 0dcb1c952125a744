"""After the answers: rewards at every stage, and what some reporters said of their answers."""

from sqlalchemy import select

from tipline.db import session
from tipline.demo.stage import Stage
from tipline.domain.lifecycle import TipStatus
from tipline.models import Tip
from tipline.services import alarms, verdicts
from tipline.services.rewards import claiming, deciding, paying
from tipline.services.rewards.deciding import NotEligible, Proposal
from tipline.services.rewards.weighing import Judged

PROPOSED, APPROVED, CLAIMED, PAID = 14, 10, 6, 3
OFFICER, APPROVER, PAYER = "yangli", "zhoujian", "dengmei"
RATINGS = ((True, True), (True, True), (True, True), (True, False))
PAYEE = {
    "name": "林小雨",
    "id_number": "440902199003070022",
    "account": "6228480000000000",
    "bank": "农业银行茂名分行",
}
THREAT = "昨天店里的人在楼下问是谁举报的，我有点怕。"


def add(stage: Stage) -> None:
    """Bring some rewards on their way, rate some answers, and raise one alarm."""
    _reward(stage, stage.codes)
    _rate(stage, stage.codes)


def _reward(stage: Stage, codes: dict[int, str]) -> None:
    wanted = select(Tip.id).where(Tip.status == TipStatus.ANSWERED, Tip.wants_reward)
    tips = [tip_id for tip_id in session().scalars(wanted.order_by(Tip.id)) if tip_id in codes]
    made = [(found, tip_id) for tip_id in tips if (found := _proposed(stage, tip_id))]
    for number, (reward_id, tip_id) in enumerate(made[:PROPOSED]):
        if number < APPROVED:
            _approve(stage, reward_id)
        if number < CLAIMED:
            claiming.claim(codes[tip_id], payee=PAYEE, now=stage.now)
        if number < PAID:
            voucher, by = f"财 {stage.now:%Y}-{reward_id:04d}", stage.people[PAYER]
            paying.pay(reward_id, by=by, voucher=voucher, now=stage.now)


def _proposed(stage: Stage, tip_id: int) -> int | None:
    proposal = Proposal(judged=Judged(evidence_level="L2"))
    try:
        by = stage.people[OFFICER]
        return deciding.propose(tip_id, by=by, proposal=proposal, now=stage.now)
    except NotEligible:
        return None


def _approve(stage: Stage, reward_id: int) -> None:
    deciding.approve(
        reward_id,
        by=stage.people[APPROVER],
        name="reward_approver",
        amount_fen=100_000,
        document="",
        now=stage.now,
    )


def _rate(stage: Stage, codes: dict[int, str]) -> None:
    """Every third answer is rated; the rest is silence. One reporter is afraid."""
    answered = select(Tip.id).where(Tip.status == TipStatus.ANSWERED).order_by(Tip.id)
    rated = [tip_id for tip_id in session().scalars(answered) if tip_id in codes][::3]
    for number, tip_id in enumerate(rated):
        resolved, content = RATINGS[number % len(RATINGS)]
        verdicts.rate(codes[tip_id], answered=resolved, content=content, now=stage.now)
    if rated:
        alarms.raise_alarm(codes[rated[-1]], kind="threatened", words=THREAT, now=stage.now)
