"""How near a place is to a caller, as values. Pure.

Nobody's coordinates are known, so near is what shares most: the postcode, its area, the municipality, its sub-region, region
and wellbeing services county.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Final

from tickets.municipalities import by_code, of_postcode
from voice_prompts.language import Language

AREA: Final = 3  # digits that the postcodes of one area share


class Nearness(IntEnum):
    """What a place shares with a caller, the nearest first."""

    POSTCODE = 0
    POSTCODE_AREA = 1
    MUNICIPALITY = 2
    SUBREGION = 3
    REGION = 4
    COUNTY = 5
    NETWORK = 6


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a caller lives, as far as they told: a postcode, a municipality, or neither."""

    postcode: str | None = None
    municipality: str | None = None

    @property
    def code(self) -> str | None:
        """The municipality that was told, else that of the postcode."""
        found = of_postcode(self.postcode) if self.municipality is None and self.postcode else None
        return self.municipality if found is None else found.code


class NearKind(StrEnum):
    """A place, or a day on which something is held."""

    POINT = "point"
    OCCASION = "occasion"


@dataclass(frozen=True, slots=True)
class Named:
    """A name or an address, and the language in which it is read."""

    text: str
    language: Language


@dataclass(frozen=True, slots=True)
class Near:
    """One place or the next day of one gathering, as a caller may be told of it; times only where it is held on a day."""

    kind: NearKind
    id: int
    nearness: Nearness
    name: Named
    place: Named | None
    address: Named | None
    municipality: str | None
    phone: str | None
    web: str | None
    hours: Named | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    must_register: bool = False

    @property
    def within_reach(self) -> bool:
        """Whether somebody from there can come, or ring."""
        return self.nearness < Nearness.NETWORK or self.phone is not None


def nearness(here: Whereabouts, postcode: str | None, municipality: str | None) -> Nearness:
    """What somebody here shares with a place; nothing but the network where either is not known."""
    if here.postcode and postcode:
        if postcode == here.postcode:
            return Nearness.POSTCODE
        if postcode[:AREA] == here.postcode[:AREA]:
            return Nearness.POSTCODE_AREA
    mine, theirs = (by_code(code) if code else None for code in (here.code, municipality))
    if mine is None or theirs is None:
        return Nearness.NETWORK
    shared = (
        (Nearness.MUNICIPALITY, mine.code == theirs.code),
        (Nearness.SUBREGION, mine.subregion.code == theirs.subregion.code),
        (Nearness.REGION, mine.region.code == theirs.region.code),
        (Nearness.COUNTY, mine.wellbeing_county.code == theirs.wellbeing_county.code),
    )
    return next((level for level, same in shared if same), Nearness.NETWORK)
