"""The past of the bureau, played through the use cases in the order in which it happened."""

from datetime import datetime, timedelta

from sqlalchemy import select

from tipline.db import session
from tipline.demo import organisation, plan, post, postponing, rewarding
from tipline.demo.stage import FIRST_MESSAGE, Stage
from tipline.models import Inbound
from tipline.services import casework, clocks

# The worker never sleeps; looking this often shows the same past in a fraction of the time.
ROUND = timedelta(hours=1)
ROUNDS_TO_TIDY = 4
ROUNDS_A_DAY = 24


def is_begun() -> bool:
    """Whether the story was told before, if only in part."""
    first = select(Inbound.id).where(Inbound.provider_id == FIRST_MESSAGE)
    return session().scalar(first.limit(1)) is not None


def play(*, now: datetime) -> None:
    """Everything until now; meanwhile clocks ring, idle claims return and the post is brought."""
    stage = Stage(people=organisation.actors(), now=now)
    actions = plan.actions(now=now)
    seen_until = actions[0].at
    for action in actions:
        seen_until = _work(stage, seen_until, action.at)
        action.do(stage, now=action.at)
    _work(stage, seen_until, now)
    rewarding.add(stage)
    post.bring(stage, now=now)


def _work(stage: Stage, since: datetime, until: datetime) -> datetime:
    """What the worker does by itself meanwhile; returns until when it was done."""
    while since + ROUND <= until:
        since += ROUND
        stage.rounds += 1
        clocks.ring(now=since)
        if stage.rounds % ROUNDS_TO_TIDY == 0:
            post.bring(stage, now=since)
            casework.return_idle(now=since)
        if stage.rounds % ROUNDS_A_DAY == 0:
            postponing.send_reports(stage, now=since)
    return since
