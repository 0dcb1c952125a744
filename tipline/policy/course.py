"""The files about how cases are worked on."""

from dataclasses import dataclass
from datetime import date

from tipline.policy.files import Form
from tipline.policy.working import Casework, Skill, SupervisionLevel


@dataclass(frozen=True, kw_only=True)
class SkillsFile(Form):
    """skills.yaml"""

    effective_from: date
    skills: tuple[Skill, ...]


@dataclass(frozen=True, kw_only=True)
class SupervisionFile(Form):
    """supervision.yaml: the levels that list cases"""

    effective_from: date
    levels: tuple[SupervisionLevel, ...]


@dataclass(frozen=True, kw_only=True)
class CaseworkFile(Form):
    """casework.yaml"""

    effective_from: date
    casework: Casework
