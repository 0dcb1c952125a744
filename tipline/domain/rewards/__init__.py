"""Rewards: what a scheme says a reporter is due, line by line, in whole fen."""

from tipline.domain.rewards.facts import Facts
from tipline.domain.rewards.quoting import Quote, quote
from tipline.domain.rewards.schemes import Scheme
from tipline.domain.rewards.sharing import split

__all__ = ["Facts", "Quote", "Scheme", "quote", "split"]
