"""The made-up people of the demo: who they are, which languages they speak, and the quarter at which each can be promised.

A promise holds a helper for an hour, so all four quarters of twelve helpers are taken by three each. Everybody but one
speaks Finnish; every quarter has somebody who speaks Swedish; the quarter to the hour has the one who speaks only that.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tickets.vocabulary import HelperKind, Role
from voice_prompts.language import Language

FI, SV = (Language.FI,), (Language.SV,)
BOTH = (Language.FI, Language.SV)
STAFF, VOLUNTEER = HelperKind.STAFF, HelperKind.VOLUNTEER
QUARTERS: Final = (0, 15, 30, 45)

FINNISH: Final = ("Aino", "Eero", "Helmi", "Ilmari", "Lempi", "Onni", "Sylvi", "Toivo", "Veikko", "Vieno")
SWEDISH: Final = ("Alfhild", "Birger", "Dagny", "Gunnar", "Hjördis", "Ragnar", "Solveig", "Torsten", "Ulrika", "Yngve")
SURNAMES: Final[Mapping[Language, Sequence[str]]] = {
    Language.FI: ("Esimerkki", "Harjoitus", "Kokeilu", "Malli", "Näyte", "Testinen"),
    Language.SV: ("Exempel", "Försök", "Modell", "Prov", "Testström", "Övning"),
}


@dataclass(frozen=True, slots=True)
class Seat:
    """A place at the demo's table: what whoever sits there is like."""

    organisation: int
    quarter: int
    languages: tuple[Language, ...]
    kind: HelperKind


# Organisation 0 is a municipality, 1 a bilingual one, 2 an association of volunteers that serves all.
SEATS: Final = (
    Seat(0, 0, FI, STAFF),
    Seat(0, 15, FI, VOLUNTEER),
    Seat(0, 30, FI, STAFF),
    Seat(0, 45, FI, STAFF),
    Seat(1, 0, BOTH, STAFF),
    Seat(1, 15, BOTH, STAFF),
    Seat(1, 30, BOTH, VOLUNTEER),
    Seat(1, 45, SV, STAFF),
    Seat(2, 0, FI, VOLUNTEER),
    Seat(2, 15, FI, VOLUNTEER),
    Seat(2, 30, BOTH, VOLUNTEER),
    Seat(2, 45, BOTH, VOLUNTEER),
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody made up, with a Finnish mobile number in E.164 from a range that spells fiction: 555."""

    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk of the demo: who sits there signs in, and does not ring back. Organisation None: the whole network."""

    role: Role
    organisation: int | None
    name: str


# With its role in the name, so that nobody who tries the demo wonders who is who.
DESKS: Final = (
    Desk(Role.KOORDINAATTORI, None, "Kerttu Koordinaattori"),
    Desk(Role.NEUVOJA, 0, "Niilo Neuvoja"),
    Desk(Role.YHDYSHENKILO, 1, "Yrsa Kontaktperson"),
    Desk(Role.JASEN, 2, "Jalmari Jäsen"),
    Desk(Role.ALUEKOORDINAATTORI, None, "Alma Aluekoordinaattori"),
    Desk(Role.TIETOSUOJAVASTAAVA, None, "Tyyne Tietosuojavastaava"),
    Desk(Role.PAAKAYTTAJA, None, "Paavo Pääkäyttäjä"),
)


def people_for(seats: Sequence[Seat], rng: random.Random) -> tuple[Person, ...]:
    """A different person for every seat, named in the language they were brought up in."""
    numbers = rng.sample(range(100), len(seats))
    first_names = {Language.FI: rng.sample(FINNISH, len(FINNISH)), Language.SV: rng.sample(SWEDISH, len(SWEDISH))}
    made = []
    for seat, number in zip(seats, numbers, strict=True):
        mother_tongue = seat.languages[-1]
        name = f"{first_names[mother_tongue].pop()} {rng.choice(SURNAMES[mother_tongue])}"
        made.append(Person(name, f"+358405550{number:03d}"))
    return tuple(made)


def residents() -> tuple[Person, ...]:
    """Those who ring: two mobiles and a landline."""
    return (
        Person("Rauha Soittaja", "+358505550201"),
        Person("Ture Uppringare", "+358505550202"),
        Person("Taimi Lankapuhelin", "+35825550203"),
    )
