"""Entries of a directory, all of them made up: a library and a tour stop in Turku, unless said otherwise."""

from datetime import date, time

from tickets.entries import GatheringFacts, PointFacts
from tickets.gatherings import GatheringKind
from tickets.points import PointKind
from tickets.vocabulary import Outcome

MONDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 25)


def point(code: str, **known: object) -> PointFacts:
    """A library in Turku with an address and a number, unless said otherwise."""
    told: dict[str, object] = {
        "code": code,
        "kind": PointKind.LIBRARY,
        "outcome": Outcome.OHJATTU_LAHI,
        "name_fi": "Esimerkkikirjasto",
        "name_sv": "Exempelbiblioteket",
        "about_fi": None,
        "about_sv": None,
        "address_fi": "Mallikatu 12 B",
        "address_sv": "Modellgatan 12 B",
        "postcode": "20100",
        "municipality": "853",
        "serves": [],
        "phone": "+35825550123",
        "web": None,
        "hours_fi": None,
        "hours_sv": None,
        "topics": [],
        "organisation_id": None,
        "owner_person_id": None,
        "reviewed_on": MONDAY,
        "review_due": date(2027, 5, 23),
    }
    return PointFacts(**{**told, **known})  # type: ignore[arg-type]


def gathering(code: str, **known: object) -> GatheringFacts:
    """A tour stop in Turku on Wednesday from ten to noon, unless said otherwise."""
    told: dict[str, object] = {
        "code": code,
        "kind": GatheringKind.TOUR_STOP,
        "name_fi": "Digibussi",
        "name_sv": "Digibussen",
        "about_fi": None,
        "about_sv": None,
        "place_fi": "Kauppatori",
        "place_sv": "Salutorget",
        "address_fi": None,
        "address_sv": None,
        "postcode": "20100",
        "municipality": "853",
        "first_day": WEDNESDAY,
        "rrule": None,
        "more_days": [],
        "begins": time(10),
        "ends": time(12),
        "must_register": False,
        "phone": None,
        "web": None,
        "topics": [],
        "languages": [],
        "organisation_id": None,
    }
    return GatheringFacts(**{**told, **known})  # type: ignore[arg-type]
