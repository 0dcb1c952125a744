"""Matching: which clinics a tip may be about, from its place, names, phones and similar words."""

from tipline.domain.matching.addresses import Address, read_address
from tipline.domain.matching.keys import keys_of, nearby_cells
from tipline.domain.matching.scoring import Likeness, likeness
from tipline.domain.matching.sketches import resemblance, sketch
from tipline.domain.matching.traits import Traits
from tipline.domain.matching.voices import Voice, burst, independent

__all__ = [
    "Address",
    "Likeness",
    "Traits",
    "Voice",
    "burst",
    "independent",
    "keys_of",
    "likeness",
    "nearby_cells",
    "read_address",
    "resemblance",
    "sketch",
]
