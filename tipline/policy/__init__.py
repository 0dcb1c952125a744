"""Law as data: what a law, a city or an office may change, read from YAML and checked."""

from tipline.policy.forms import Policy
from tipline.policy.keeper import Keeper
from tipline.policy.loader import PolicyError, load

__all__ = ["Keeper", "Policy", "PolicyError", "load"]
