"""The directory is kept here: what stands in it is put in under a code, changed under it, and looked at again in time."""

from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, TypeVar

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from tickets.e_services import e_services_of
from tickets.gatherings import Gathering, GatheringKind
from tickets.materials import Material, MaterialKind
from tickets.network import Organisation
from tickets.people import Person
from tickets.points import PointKind, ReferralPoint
from tickets.vocabulary import Outcome

REVIEWED_EVERY: Final = timedelta(days=182)
Entry = TypeVar("Entry", ReferralPoint, Gathering, Material)
Reviewed = TypeVar("Reviewed", ReferralPoint, Material)


class EntryRefusal(StrEnum):
    """Why something cannot stand in the directory; the values are in the API."""

    UNKNOWN_ORGANISATION = "unknown_organisation"
    UNKNOWN_OWNER = "unknown_owner"
    UNKNOWN_E_SERVICE = "unknown_e_service"
    UNKNOWN_ENTRY = "unknown_entry"
    NOT_HELD_YET = "not_held_yet"
    CALLED_OFF = "called_off"


@dataclass(frozen=True, slots=True)
class PointFacts:
    """A referral point as it shall stand; names, addresses and hours in at least one language."""

    code: str
    kind: PointKind
    outcome: Outcome
    name_fi: str | None
    name_sv: str | None
    about_fi: str | None
    about_sv: str | None
    address_fi: str | None
    address_sv: str | None
    postcode: str | None
    municipality: str | None
    serves: list[str]
    phone: str | None
    web: str | None
    hours_fi: str | None
    hours_sv: str | None
    topics: list[str]
    organisation_id: int | None
    owner_person_id: int | None
    reviewed_on: date
    review_due: date
    active: bool = True


@dataclass(frozen=True, slots=True)
class MaterialFacts:
    """A link or material as it shall stand."""

    code: str
    kind: MaterialKind
    title: str
    about: str | None
    url: str
    language: str
    topics: list[str]
    e_service: str | None
    owner_person_id: int | None
    reviewed_on: date
    review_due: date
    active: bool = True


@dataclass(frozen=True, slots=True)
class GatheringFacts:
    """A gathering as it shall stand: where, on which days, at which hours on the wall."""

    code: str
    kind: GatheringKind
    name_fi: str | None
    name_sv: str | None
    about_fi: str | None
    about_sv: str | None
    place_fi: str | None
    place_sv: str | None
    address_fi: str | None
    address_sv: str | None
    postcode: str | None
    municipality: str | None
    first_day: date
    rrule: str | None
    more_days: list[date]
    begins: time
    ends: time
    must_register: bool
    phone: str | None
    web: str | None
    topics: list[str]
    languages: list[str]
    organisation_id: int | None


Facts = PointFacts | MaterialFacts | GatheringFacts


def put_point(session: Session, network_id: int, facts: PointFacts, *, now: datetime) -> int | EntryRefusal:
    """Put a referral point in, or let the one of this code be so from now on; its number."""
    refusal = unknown_in(session, network_id, facts.organisation_id, facts.owner_person_id)
    return refusal or put(session, ReferralPoint, network_id, facts, now=now)[0].id


def put_material(session: Session, network_id: int, facts: MaterialFacts, *, now: datetime) -> int | EntryRefusal:
    """Put material in, or let that of this code be so from now on; its number."""
    refusal = unknown_in(session, network_id, None, facts.owner_person_id)
    if facts.e_service is not None and facts.e_service not in e_services_of(session, network_id):
        refusal = EntryRefusal.UNKNOWN_E_SERVICE
    return refusal or put(session, Material, network_id, facts, now=now)[0].id


def put(session: Session, kind: type[Entry], network_id: int, facts: Facts, *, now: datetime) -> tuple[Entry, bool]:
    """The row under this code, made if need be, and whether it is other than it was; two who put it in at once make one."""
    told = {field.name: getattr(facts, field.name) for field in fields(facts)}
    made = session.scalar(
        insert(kind)
        .values(network_id=network_id, changed_at=now, **told)
        .on_conflict_do_nothing(index_elements=["network_id", "code"])
        .returning(kind.id)
    )
    known = select(kind).where(kind.network_id == network_id, kind.code == facts.code).with_for_update()
    row = session.scalars(known.execution_options(populate_existing=True)).one()
    changed = {name: value for name, value in told.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        row.changed_at = now
    session.flush()
    return row, made is not None or bool(changed)


def entry_with(session: Session, kind: type[Entry], network_id: int, code: str) -> Entry | None:
    """What stands under this code."""
    return session.scalars(select(kind).where(kind.network_id == network_id, kind.code == code)).one_or_none()


def entries(session: Session, kind: type[Entry], network_id: int) -> tuple[Entry, ...]:
    """Everything of this kind in a network, by code."""
    return tuple(session.scalars(select(kind).where(kind.network_id == network_id).order_by(kind.code)))


def reviewed(session: Session, kind: type[Reviewed], network_id: int, code: str, *, on: date, due: date | None) -> bool:
    """Somebody has looked at it: right as it stands, by default for half a year. False where there is no such entry."""
    row = entry_with(session, kind, network_id, code)
    if row is None:
        return False
    row.reviewed_on, row.review_due = on, due or on + REVIEWED_EVERY
    session.flush()
    return True


def retire(session: Session, kind: type[Reviewed], network_id: int, code: str, *, now: datetime) -> bool:
    """It is in use no more; it stays, for what was said of it before. False where there is no such entry."""
    row = entry_with(session, kind, network_id, code)
    if row is None:
        return False
    if row.active:
        row.active, row.changed_at = False, now
    session.flush()
    return True


def unknown_in(
    session: Session, network_id: int, organisation_id: int | None, person_id: int | None
) -> EntryRefusal | None:
    """What of these is none of the network's."""
    if organisation_id is not None:
        organisation = session.get(Organisation, organisation_id)
        if organisation is None or organisation.network_id != network_id:
            return EntryRefusal.UNKNOWN_ORGANISATION
    if person_id is not None:
        person = session.get(Person, person_id)
        if person is None or person.network_id != network_id or not person.active:
            return EntryRefusal.UNKNOWN_OWNER
    return None
