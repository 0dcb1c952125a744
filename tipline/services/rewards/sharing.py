"""Sharing: joint reporters have one reward, whose parts each of them agrees to."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select

from tipline.db import session
from tipline.domain.lifecycle import IllegalTransition, RewardStatus, TipStatus
from tipline.domain.rewards import split
from tipline.models import Reward, Tip
from tipline.services import journal

ENDED = (RewardStatus.WAIVED, RewardStatus.LAPSED)
AGREED = ("code", "counter")
OPEN_TO_AGREE = (RewardStatus.NOTIFIED, RewardStatus.CLAIMED)


class NotJoint(Exception):
    """Joint reporters told of one case, each wants a reward, and they stay the same people."""


class PartsDoNotSum(Exception):
    """The parts of joint reporters sum to the whole, to the fen, and nobody has nothing."""


class Disputed(Exception):
    """A joint reporter does not agree to the split: another one has to be proposed first."""


class NotAgreed(Exception):
    """Joint reporters are paid once all of them have agreed to the split."""


def ensure_joint(tips: Sequence[Tip], tip_id: int) -> None:
    """NotJoint unless these are tips of one case, this one among them."""
    declined = any(tip.status == TipStatus.DECLINED for tip in tips)
    if declined or len({tip.case_id for tip in tips}) != 1 or tip_id not in {t.id for t in tips}:
        raise NotJoint


def parts(amount_fen: int, wanted: Sequence[int | None]) -> list[int]:
    """The parts that were agreed on, or equal ones where nothing was said, in fen."""
    if all(each is None for each in wanted):
        return split(amount_fen, [1] * len(wanted))
    said = [each or 0 for each in wanted]
    if sum(said) != amount_fen or min(said) == 0:
        raise PartsDoNotSum
    return said


def locked_whole(reward_id: int) -> list[Reward]:
    """The reward and the other parts of the same whole, always locked in the same order."""
    first = session().scalar(select(Reward.joint_id).where(Reward.id == reward_id)) or reward_id
    same = select(Reward).where(or_(Reward.id == first, Reward.joint_id == first))
    locked = same.order_by(Reward.id).with_for_update()
    found = session().scalars(locked.execution_options(populate_existing=True)).all()
    return sorted(found, key=lambda reward: reward.tip.received_no)


def whole(reward: Reward) -> list[Reward]:
    """The parts of the same whole, this one among them; itself where it stands alone."""
    if reward.joint_id is None:
        return [reward]
    same = select(Reward).where(Reward.joint_id == reward.joint_id)
    return list(session().scalars(same.order_by(Reward.id)))


def ensure_undisputed(rewards: Sequence[Reward]) -> None:
    """Disputed while the split that somebody refused was not changed."""
    if any(reward.agreed == "disputed" for reward in rewards):
        raise Disputed


def is_agreed(reward: Reward) -> bool:
    """Whether all joint reporters who still have a part agreed to the split."""
    owed = [each for each in whole(reward) if each.status not in ENDED]
    return reward.joint_id is None or all(each.agreed in AGREED for each in owed)


def note_agreed(reward: Reward, how: str, *, by: str, now: datetime, document: str = "") -> None:
    """The step that writes down that a joint reporter agreed, once."""
    if reward.joint_id is None or reward.agreed or reward.status not in OPEN_TO_AGREE:
        raise IllegalTransition(f"reward {reward.id} waits for no agreement")
    reward.agreed = how
    facts = {"reward": reward.id, "amount_fen": reward.amount_fen, "document": document}
    journal.record("reward.split_agreed", reward.tip.ref, by=by, now=now, facts=facts)
