"""Claiming: the reporter takes or gives up the reward, with the code that only they have."""

import hashlib
from datetime import datetime

from sqlalchemy import Select, select

from tipline.db import session, use_case
from tipline.domain import lifecycle
from tipline.domain.actors import NotThere
from tipline.domain.lifecycle import RewardStatus
from tipline.models import Reward, Tip
from tipline.runtime import policy, runtime, settings
from tipline.services import journal
from tipline.services.rewards import ledger, sharing
from tipline.services.rewards.deciding import reopen
from tipline.vault import sealing

FIELDS = ("name", "id_number", "account", "bank")


class PayeeIncomplete(Exception):
    """The scheme asks for a name; the message is the first field that is missing."""


class TooLate(Exception):
    """The reward waited as long as its scheme says, and lapsed."""


@use_case
def claim(code: str, *, payee: dict[str, str], now: datetime, agrees: bool = False) -> None:
    """Claim the reward of the tip that this code opens; who is paid is sealed for the payer.

    Another payee than the one that was there before makes the approvals void. A joint reporter
    agrees to the split with it, unless that was done before.
    """
    reward = reward_of(code)
    told = {name: payee.get(name, "").strip() for name in FIELDS}
    _ensure_complete(reward, told)
    changed = reward.status == RewardStatus.CLAIMED
    if not changed and reward.claim_until is not None and now >= reward.claim_until:
        raise TooLate
    if reward.joint_id is not None and not reward.agreed:
        if not agrees:
            raise sharing.NotAgreed
        sharing.note_agreed(reward, "code", by=journal.REPORTER, now=now)
    sealed = sealing.seal(runtime().payer_public_key, told | {"number": reward.tip.number})
    if changed:
        reward.payee_sealed = sealed
        reopen(reward, by=journal.REPORTER, now=now)
    else:
        reward.status = lifecycle.ensure_reward_move(reward.status, RewardStatus.CLAIMED)
        reward.payee_sealed = sealed
    facts = {"reward": reward.id, "payee": hashlib.sha256(sealed).hexdigest()}
    journal.record("reward.claimed", reward.tip.ref, by=journal.REPORTER, now=now, facts=facts)


@use_case
def waive(code: str, *, now: datetime) -> None:
    """Give the reward up."""
    reward = reward_of(code)
    reward.status = lifecycle.ensure_reward_move(reward.status, RewardStatus.WAIVED)
    ledger.enter(reward, "released", by=journal.REPORTER, now=now)
    facts = {"reward": reward.id}
    journal.record("reward.waived", reward.tip.ref, by=journal.REPORTER, now=now, facts=facts)


def _ensure_complete(reward: Reward, told: dict[str, str]) -> None:
    wanted = policy().schemes[reward.scheme].eligibility.real_name
    asked = FIELDS if wanted == "required" else ()
    missing = next((name for name in asked if not told[name]), None)
    if missing is not None:
        raise PayeeIncomplete(missing)


def reward_of(code: str) -> Reward:
    """The reward that this code opens, locked; NotThere when there is none."""
    reward = session().scalar(with_code(code).with_for_update(of=Reward))
    if reward is None:
        raise NotThere("reward")
    return reward


def with_code(code: str) -> Select[Reward]:
    """How the reward of a code is found."""
    mark = sealing.code_mark(code, settings().pepper)
    return select(Reward).join(Reward.tip).where(Tip.code_mark == mark)
