"""The forms of clinics.yaml: the words of the clinic file."""

from collections.abc import Mapping
from dataclasses import dataclass

from tipline.domain.words import Text
from tipline.policy.vocabulary import PartyRole, RecordKind


@dataclass(frozen=True, kw_only=True)
class ClinicKind:
    """What sort of place or operation it is."""

    id: str
    label: Text


@dataclass(frozen=True, kw_only=True)
class ClinicFile:
    """The words of the clinic file: kinds of place, roles of parties, kinds of their records."""

    kinds: Mapping[str, ClinicKind]
    roles: Mapping[PartyRole, Text]
    records: Mapping[RecordKind, Text]
