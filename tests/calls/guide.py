"""Places and gatherings of the directory, for a day on which somebody asks for them; all of them made up."""

from datetime import date, time

from scheduler.gatherings import put_gathering
from tests.calls.days import Day
from tickets.entries import GatheringFacts, PointFacts, put_point
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


def lists(day: Day, *entries: PointFacts | GatheringFacts) -> None:
    """Put these into the directory of the day's network."""
    with day.sessions.begin() as session:
        for entry in entries:
            if isinstance(entry, PointFacts):
                made = put_point(session, day.network, entry, now=day.now)
            else:
                made = put_gathering(session, day.network, entry, now=day.now)
            assert isinstance(made, int), made
