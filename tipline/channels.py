"""What a message channel is: it hears (checks and hands over) and speaks (sends)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from tipline.domain.sending import Sending, Why


class Headers(Protocol):
    """Headers by name, whatever the case of the letters."""

    def get(self, name: str, default: str) -> str:
        """The header, or what stands in for it."""


@dataclass(frozen=True)
class Knock:
    """A request at a webhook, as it came in; `url` is the configured public address."""

    url: str
    headers: Headers
    form: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Heard:
    """One message of a sender that the channel vouches for."""

    provider_id: str
    sender: str
    text: str
    locale: str = "zh"
    pressed: str = ""  # the value of a choice that was offered
    amends: bool = False  # corrects an earlier message
    pin: bool = False  # the text is a place on the map
    files: tuple[str, ...] = ()  # references under which they can be fetched
    too_large: int = 0  # files that cannot
    message: str = ""  # what the provider calls the message, also where it is corrected
    album: str = ""  # common to messages that were sent as one
    group: bool = False  # several people listen
    opt: str = ""  # the provider took it for "stop" or "start"
    query: str = ""  # a press that waits to be told that it was heard


@dataclass(frozen=True)
class Status:
    """What the provider says became of a message of ours: accepted, delivered or failed.

    `reference` is what we gave along, so that a message whose answer was lost is known again.
    """

    provider_id: str
    state: Sending
    reason: str = ""
    why: Why = Why.REFUSED
    reference: str = ""


@dataclass(frozen=True)
class Choice:
    """One answer that takes a press or a digit; `value` is what comes back."""

    value: str
    label: str


class NotFromProvider(Exception):
    """The caller could not show that it is the provider."""


class CannotReach(Exception):
    """The provider will never deliver this; retrying is useless."""

    def __init__(self, reason: str, why: Why = Why.REFUSED) -> None:
        super().__init__(reason)
        self.why = why


class TryLater(Exception):
    """The provider did not take it; `after` is the wait it asked for, in seconds."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class Unclear(Exception):
    """The request left, but no answer came: it may have been sent."""


class Channel(Protocol):
    """One message channel; one file in bots/ each.

    `provider` carries it. Several may carry the same channel: they are tried in their order.
    """

    name: str
    provider: str
    buttons: bool  # whether choices can be pressed here, or are named by digits

    def hear(self, knock: Knock) -> Heard | None:
        """The message in this request, None if there is none; NotFromProvider for strangers."""

    def hear_status(self, knock: Knock) -> Status | None:
        """What the provider reports of a message of ours; NotFromProvider for strangers."""

    def speak(
        self, address: str, text: str, choices: Sequence[Choice] = (), reference: str = ""
    ) -> str:
        """Send, and return the provider's id; CannotReach, TryLater or Unclear otherwise.

        `choices` become buttons where there are any; elsewhere the text already names them.
        `reference` is ours: it comes back with what the provider reports, where it reports.
        """


@runtime_checkable
class Answers(Protocol):
    """A provider that can be asked what it sent."""

    def find(self, address: str, text: str, since: datetime) -> list[str]:
        """The provider's ids of such messages; TryLater or Unclear when it cannot say now."""


@runtime_checkable
class Threads(Protocol):
    """A channel on which a message can follow one that the person wrote."""

    def follow(self, message: str, address: str, text: str, reference: str) -> str:
        """Send as `speak` does, in the thread of this message."""


@runtime_checkable
class TakesBack(Protocol):
    """A channel on which a message can be taken back."""

    def take_back(self, address: str, message_id: str) -> None:
        """Remove the message from the chat; TryLater or CannotReach otherwise."""


@runtime_checkable
class Fetches(Protocol):
    """A channel from which files can be fetched."""

    def fetch(self, reference: str) -> bytes:
        """The content; TryLater, or CannotReach when it will never come."""


@runtime_checkable
class Collects(Protocol):
    """A channel that can be asked what came in; `pause_seconds` between two times, 0 for never."""

    @property
    def pause_seconds(self) -> float:
        """How long to wait until it is asked again."""

    def collect(self) -> list[Heard]:
        """What came in, whether or not it was heard already; TryLater or Unclear otherwise."""


@runtime_checkable
class Forgets(Protocol):
    """A provider that can be told to delete what we have kept."""

    def forget(self, provider_id: str) -> None:
        """Delete the message there; TryLater, Unclear or CannotReach otherwise."""
