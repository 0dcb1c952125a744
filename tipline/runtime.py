"""What this process was started with: settings, policy, channels, and the keys it may use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from flask import current_app

from tipline.channels import Channel
from tipline.dialogues import Dialogue
from tipline.domain.deadlines import Step
from tipline.policy import Keeper, Policy
from tipline.settings import Settings
from tipline.vault import keyring
from tipline.vault.contacts import Contacts
from tipline.vault.payees import Payees
from tipline.vault.words import DeskWords


@dataclass(frozen=True)
class Runtime:
    """Put together once, in wsgi.py; tests put together their own."""

    settings: Settings
    keeper: Keeper
    providers: Mapping[str, Channel]
    dialogue: Dialogue
    steps: dict[str, Step] = field(default_factory=dict)

    @cached_property
    def channels(self) -> Mapping[str, tuple[Channel, ...]]:
        """The providers of each channel, in the order in which they are tried."""
        found: dict[str, tuple[Channel, ...]] = {}
        for provider in self.providers.values():
            found[provider.name] = (*found.get(provider.name, ()), provider)
        return found

    @cached_property
    def vault_public_key(self) -> bytes:
        """Anybody may seal a contact."""
        return keyring.decode(self.settings.vault_public_key)

    @cached_property
    def desk_public_key(self) -> bytes:
        """Anybody may seal words for the desk."""
        return keyring.decode(self.settings.desk_public_key)

    @cached_property
    def payer_public_key(self) -> bytes:
        """Anybody may seal to whom a reward is paid."""
        return keyring.decode(self.settings.payer_public_key)

    @cached_property
    def payees(self) -> Payees:
        """The payees' door; fails where the private key is not."""
        return Payees(self.settings.payer_key_file)

    @cached_property
    def contacts(self) -> Contacts:
        """The contacts' door; fails where the private key is not."""
        return Contacts(self.settings.vault_private_key_file)

    @cached_property
    def desk_words(self) -> DeskWords:
        """The desk's door; fails where the private key is not."""
        return DeskWords(self.settings.desk_key_file)


def runtime() -> Runtime:
    """The runtime of the application this code runs in."""
    found: Runtime = current_app.extensions["tipline"]
    return found


def settings() -> Settings:
    """The settings in force."""
    return runtime().settings


def policy() -> Policy:
    """The policy in force."""
    return runtime().keeper.current()
