"""The municipalities of Finland: names, languages, regions, and which one a postcode belongs to.

Sources: Statistics Finland (Tilastokeskus, CC BY 4.0) and Posti; see tickets/data/README.md.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from voice_prompts.language import Language


@dataclass(frozen=True, slots=True)
class Area:
    """A sub-region, region or wellbeing services county."""

    code: str
    name_fi: str
    name_sv: str


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality; `languages` with that of the majority first."""

    code: str
    name_fi: str
    name_sv: str
    languages: tuple[Language, ...]
    subregion: Area
    region: Area
    wellbeing_county: Area

    def name_in(self, language: Language) -> str:
        """Its name in the caller's language."""
        return self.name_sv if language is Language.SV else self.name_fi


def by_code(code: str) -> Municipality | None:
    """The municipality with this three-digit code."""
    return _by_code().get(code)


def of_postcode(postcode: str) -> Municipality | None:
    """The municipality that most of a five-digit postcode lies in."""
    code = _postcodes().get(postcode)
    return None if code is None else by_code(code)


def municipality_of(typed: str) -> str | None:
    """The code of what was typed: a code, a postcode, or a name in either language; None where there is none such."""
    place = of_postcode(typed) or by_code(typed)
    if place is not None:
        return place.code
    wanted = typed.strip().casefold()
    named = (one.code for one in all_municipalities() if wanted in (one.name_fi.casefold(), one.name_sv.casefold()))
    return next(named, None)


def all_municipalities() -> tuple[Municipality, ...]:
    """Every municipality, by code."""
    return tuple(_by_code().values())


@cache
def in_region(region_code: str) -> frozenset[str]:
    """The codes of a region's municipalities."""
    return frozenset(place.code for place in all_municipalities() if place.region.code == region_code)


@cache
def _by_code() -> Mapping[str, Municipality]:
    return {row["code"]: _municipality(row) for row in _rows("municipalities-2026.csv")}


@cache
def _postcodes() -> Mapping[str, str]:
    return {row["postcode"]: row["municipality_code"] for row in _rows("postcodes-2026.csv")}


def _municipality(row: Mapping[str, str]) -> Municipality:
    return Municipality(
        row["code"],
        row["name_fi"],
        row["name_sv"],
        tuple(Language(code) for code in row["languages"].split("-")),
        *(
            Area(row[f"{kind}_code"], row[f"{kind}_fi"], row[f"{kind}_sv"])
            for kind in ("subregion", "region", "wellbeing")
        ),
    )


def _rows(name: str) -> Iterator[dict[str, str]]:
    return csv.DictReader(files("tickets").joinpath("data", name).read_text("utf-8").splitlines())
