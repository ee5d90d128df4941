"""Fills an empty database with the network Esimerkkiseutu: lines, organisations, helpers and four weeks of rota."""

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.demo.guide import fill_directory
from admin.demo.people import DESKS, QUARTERS, SEATS, Desk, Person, Seat, people_for, residents
from admin.errors import AdminError
from scheduler.grids import grid_of
from scheduler.people.persons import Identity, add_person, sign_commitment
from scheduler.rota.candidates import Days
from scheduler.rota.publishing import Publication, publish
from scheduler.rota.shifts import THE_LINE
from scheduler.rota.templates import Weekly, add_template, add_template_shift
from scheduler.slots import DAY, HELSINKI, Grid
from tickets.directory import NewHelper, add_helper, add_line, add_network, add_organisation
from tickets.municipalities import in_region
from tickets.network import Network
from tickets.people import Person as Staff
from tickets.vocabulary import HelperKind, Role
from voice_prompts.language import Language

NETWORK: Final = "Esimerkkiseutu"
TEMPLATE: Final = "Tavallinen viikko"
WORKING_DAYS: Final = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
TURKU, PARAINEN = "853", "445"
VARSINAIS_SUOMI: Final = "02"
WEEKS: Final = timedelta(weeks=4)
BADGE_LASTS: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class DemoLine:
    """A line of the demo; without a municipality it asks the caller for a postcode."""

    e164: str
    name: str
    first_language: Language
    municipality: str | None
    other_name: str


@dataclass(frozen=True, slots=True)
class DemoHelper:
    """A helper of the demo, and the quarter of the hour at which they can be promised."""

    id: int
    name: str
    phone: str
    languages: tuple[Language, ...]
    kind: HelperKind
    organisation: str
    quarter: int


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody of the demo who signs in and does not ring back; `digilinja token --person` makes them a key."""

    id: int
    name: str
    email: str
    role: Role
    organisation: str | None


@dataclass(frozen=True, slots=True)
class DemoData:
    """What was put in."""

    network: str
    lines: tuple[DemoLine, ...]
    organisations: tuple[str, ...]
    helpers: tuple[DemoHelper, ...]
    residents: tuple[Person, ...]
    people: tuple[DemoPerson, ...]
    rota_from: date
    rota_to: date


LINES: Final = (
    DemoLine("+35825550100", "Esimerkkiseudun digituki", Language.FI, None, "Exempelnejdens digistöd"),
    DemoLine("+35825550200", "Pargas digistöd", Language.SV, PARAINEN, "Paraisten digituki"),
)
ORGANISATIONS: Final = (
    ("Turun digituki (esimerkki)", (TURKU,)),
    ("Pargas digistöd – Paraisten digituki (exempel)", (PARAINEN,)),
    ("Digitalkoot ry (esimerkki)", ()),  # an association that serves all
)


def fill(session: Session, *, seed: int, now: datetime) -> DemoData:
    """Put the demo's network in; the same seed and day give the same people. AdminError when a network is there already."""
    if session.scalar(select(Network.id).limit(1)) is not None:
        raise AdminError("The database is not empty: demo data goes only into a new one")
    network_id = add_network(session, NETWORK, now=now)
    for line in LINES:
        at, named = line.municipality, line.other_name
        add_line(session, network_id, line.e164, line.name, line.first_language, municipality=at, other_name=named)
    organisations = _add_organisations(session, network_id)
    helpers = _add_helpers(session, organisations, seed, now)
    people = tuple(_add_person(session, network_id, desk, organisations, now) for desk in DESKS)
    today = now.astimezone(HELSINKI).date()
    _add_rota(session, network_id, helpers, today, now, grid_of(session, network_id))
    fill_directory(session, network_id, now=now)
    return DemoData(
        network=NETWORK,
        lines=LINES,
        organisations=tuple(name for name, _ in ORGANISATIONS),
        helpers=helpers,
        residents=residents(),
        people=people,
        rota_from=today,
        rota_to=today + WEEKS - DAY,
    )


def _add_organisations(session: Session, network_id: int) -> Sequence[int]:
    """The two municipalities answer for the whole region by agreement, as a network does."""
    region = in_region(VARSINAIS_SUOMI)
    return [
        add_organisation(session, network_id, name, serves=own, agreed=sorted(region - set(own)) if own else ())
        for name, own in ORGANISATIONS
    ]


def _add_helpers(session: Session, organisations: Sequence[int], seed: int, now: datetime) -> tuple[DemoHelper, ...]:
    people = people_for(SEATS, random.Random(seed))
    return tuple(
        _add_helper(session, seat, person, organisations[seat.organisation], now)
        for seat, person in zip(SEATS, people, strict=True)
    )


def _add_helper(session: Session, seat: Seat, person: Person, organisation_id: int, now: datetime) -> DemoHelper:
    badge = (now + BADGE_LASTS).date() if seat.kind is HelperKind.VOLUNTEER else None
    new = NewHelper(person.name, person.phone, seat.languages, seat.kind, badge_expires_on=badge)
    helper_id = add_helper(session, organisation_id, new, now=now)
    if seat.kind is HelperKind.STAFF:  # who is shown a number has signed; a volunteer is shown none
        _sign(session, session.scalars(select(Staff).where(Staff.helper_id == helper_id)).one(), now)
    organisation, _ = ORGANISATIONS[seat.organisation]
    return DemoHelper(helper_id, person.name, person.phone, seat.languages, seat.kind, organisation, seat.quarter)


def _add_person(
    session: Session, network_id: int, desk: Desk, organisations: Sequence[int], now: datetime
) -> DemoPerson:
    belongs = None if desk.organisation is None else organisations[desk.organisation]
    email = f"{desk.role}@esimerkkiseutu.example"
    made = add_person(
        session, network_id, Identity(desk.name, email, None, belongs), desk.role, who=None, now=now, actor=THE_LINE
    )
    assert isinstance(made, int), made
    _sign(session, session.get_one(Staff, made), now)
    name = None if desk.organisation is None else ORGANISATIONS[desk.organisation][0]
    return DemoPerson(made, desk.name, email, desk.role, name)


def _sign(session: Session, person: Staff, now: datetime) -> None:
    signed = sign_commitment(
        session, person.network_id, person.id, now.astimezone(HELSINKI).date(), who=None, now=now, actor=THE_LINE
    )
    assert signed is None, signed


def _add_rota(
    session: Session, network_id: int, helpers: Collection[DemoHelper], today: date, now: datetime, grid: Grid
) -> None:
    """A template with a shift for each quarter of the hour, as long as the line's hours and begun at its quarter; published."""
    template_id = add_template(session, network_id, TEMPLATE, now=now, actor=THE_LINE)
    assert isinstance(template_id, int)
    for quarter in QUARTERS:
        ids = tuple(helper.id for helper in helpers if helper.quarter == quarter)
        begins, ends = (wall.replace(minute=quarter) for wall in (grid.opens, grid.closes))
        weekly = Weekly(WORKING_DAYS, today, begins, ends, needed=len(ids), most=len(ids), helpers=ids)
        made = add_template_shift(session, network_id, template_id, weekly, now=now, actor=THE_LINE)
        assert isinstance(made, int), made
    days = Days(today, today + WEEKS - DAY)
    published = publish(session, network_id, template_id, days, now=now, grid=grid, actor=THE_LINE)
    assert isinstance(published, Publication), published
