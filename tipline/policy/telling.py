"""The forms of what is told because of an event: notices to reporters, reminders to the staff."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tipline.policy.vocabulary import NoticeKind, Reminded


@dataclass(frozen=True, kw_only=True)
class NoticeRule:
    """This event promises this notice to the reporter of the tip, or of each tip of the case.

    `only_if` names facts that the line of the journal must carry.
    """

    event: str
    notice: NoticeKind
    about: Literal["tip", "case"]
    only_if: Mapping[str, str] = field(default_factory=dict)

    def follows(self, event: str, facts: Mapping[str, Any]) -> bool:
        """Does this line of the journal promise the notice?"""
        wanted = self.only_if.items()
        return event == self.event and all(facts.get(name) == value for name, value in wanted)


@dataclass(frozen=True, kw_only=True)
class ReminderRule:
    """This event reminds these members of staff, each once."""

    event: str
    to: tuple[Reminded, ...]
