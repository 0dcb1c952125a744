"""Commands: the same use cases from a shell."""

from tipline.cli import clocks, database, doctor, licences, policies, rewards, serving, staff
from tipline.cli.root import tipline

__all__ = [
    "clocks",
    "database",
    "doctor",
    "licences",
    "policies",
    "rewards",
    "serving",
    "staff",
    "tipline",
]
