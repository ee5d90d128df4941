"""People who sign in: added, edited, given a role, bound to secrecy.

Whoever asks is a Bearer; None is the command line, which belongs to whoever runs the line. Nobody reaches beyond their own
organisation, nor to people with a role that they may not give.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from scheduler.people.reach import PeopleRefusal, beyond_giving, beyond_reach
from scheduler.slots import HELSINKI
from tickets.directory import ROLE_OF_KIND
from tickets.email_addresses import plain_address
from tickets.network import Helper, Organisation
from tickets.people import Person
from tickets.people_log import About, Detail, PeopleChangeKind, note_people
from tickets.phone_numbers import e164_of
from tickets.store import cipher_of
from tickets.tokens import Bearer
from tickets.vocabulary import HELPER_ROLES, Role


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is and how they are reached; without an organisation they work for the network."""

    name: str
    email: str | None = None
    phone: str | None = None
    organisation_id: int | None = None


def add_person(
    session: Session, network_id: int, new: Identity, role: Role, *, who: Bearer | None, now: datetime, actor: str
) -> int | PeopleRefusal:
    """Somebody who does not ring back joins; whoever does is added as a helper. The person's id."""
    checked = checked_identity(session, network_id, new, None, who)
    if isinstance(checked, PeopleRefusal):
        return checked
    if (refusal := beyond_giving(who, role)) is not None:
        return refusal
    if role in HELPER_ROLES:
        return PeopleRefusal.RINGS_BACK
    person = Person(network_id=network_id, role=role, created_at=now)

    def write() -> None:
        _write(session, person, None, checked)
        session.add(person)

    if (refusal := unless_taken(session, network_id, checked, None, write)) is not None:
        return refusal
    note_person(session, person, PeopleChangeKind.ADDED, actor, now, role=role)
    return person.id


def edit_person(
    session: Session,
    network_id: int,
    person_id: int,
    change: Callable[[Identity], Identity],
    *,
    who: Bearer | None,
    now: datetime,
    actor: str,
) -> PeopleRefusal | None:
    """Another name, address, number or organisation. A helper's organisation decides whom they can ring: see change_helper."""
    person = person_within(session, network_id, person_id, who)
    if isinstance(person, PeopleRefusal):
        return person
    helper = None if person.helper_id is None else session.get_one(Helper, person.helper_id)
    before = identity_of(session, person)
    checked = checked_identity(session, network_id, change(before), person, who)
    if isinstance(checked, PeopleRefusal):
        return checked
    if helper is not None and checked.organisation_id != helper.organisation_id:
        return PeopleRefusal.RINGS_BACK
    write = partial(_write, session, person, helper, checked)
    if (refusal := unless_taken(session, network_id, checked, person, write)) is not None:
        return refusal
    fields = [
        name
        for name in ("name", "email", "phone", "organisation_id")
        if getattr(before, name) != getattr(checked, name)
    ]
    note_person(session, person, PeopleChangeKind.EDITED, actor, now, fields=fields)
    return None


def give_role(
    session: Session, network_id: int, person_id: int, role: Role, *, who: Bearer | None, now: datetime, actor: str
) -> PeopleRefusal | None:
    """Somebody does something else from now on; nobody gives themselves a role."""
    person = person_within(session, network_id, person_id, who)
    if isinstance(person, PeopleRefusal):
        return person
    if who is not None and who.person_id == person.id:
        return PeopleRefusal.YOURSELF
    if (refusal := beyond_giving(who, role)) is not None:
        return refusal
    if role in HELPER_ROLES and role is not _role_by_kind(session, person):
        return PeopleRefusal.RINGS_BACK if person.helper_id else PeopleRefusal.NOT_A_HELPER
    person.role = role
    session.flush()
    note_person(session, person, PeopleChangeKind.ROLE_GIVEN, actor, now, role=role)
    return None


def sign_commitment(
    session: Session,
    network_id: int,
    person_id: int,
    signed_on: date | None,
    *,
    who: Bearer | None,
    now: datetime,
    actor: str,
) -> PeopleRefusal | None:
    """The day on which they signed that what they come to know stays with them; None: it holds no more. Not one's own."""
    person = person_within(session, network_id, person_id, who)
    if isinstance(person, PeopleRefusal):
        return person
    if who is not None and who.person_id == person.id:
        return PeopleRefusal.YOURSELF
    if signed_on is not None and signed_on > now.astimezone(HELSINKI).date():
        return PeopleRefusal.IN_FUTURE
    person.commitment_signed_on = signed_on
    session.flush()
    note_person(
        session,
        person,
        PeopleChangeKind.COMMITMENT_SIGNED,
        actor,
        now,
        on=None if signed_on is None else signed_on.isoformat(),
    )
    return None


def person_within(session: Session, network_id: int, person_id: int, who: Bearer | None) -> Person | PeopleRefusal:
    """The person of this number, under our lock, if whoever asks may change them and they have not left."""
    wanted = (Person.id == person_id, Person.network_id == network_id)
    person = session.scalars(select(Person).where(*wanted).with_for_update()).one_or_none()
    if person is None:
        return PeopleRefusal.NOT_FOUND
    refusal = beyond_reach(who, person.organisation_id) or beyond_giving(who, person.role)
    if refusal is not None and not (who is not None and who.person_id == person.id):
        return refusal
    return person if person.active else PeopleRefusal.HAS_LEFT


def identity_of(session: Session, person: Person) -> Identity:
    """Who they are, opened; a helper's name and number stand with the helper."""
    opened = cipher_of(session).open
    helper = None if person.helper_id is None else session.get_one(Helper, person.helper_id)
    name = person.name_sealed if helper is None else helper.name_sealed
    name, email, phone = (
        None if sealed is None else opened(sealed)
        for sealed in (name, person.email_sealed, person.phone_sealed if helper is None else helper.phone_sealed)
    )
    return Identity(name or "", email, phone, person.organisation_id)


def checked_identity(
    session: Session, network_id: int, told: Identity, person: Person | None, who: Bearer | None
) -> Identity | PeopleRefusal:
    """What was told of somebody, as it is kept; or what is wrong with it."""
    name, email, phone = " ".join(told.name.split()), told.email, told.phone
    if not name:
        return PeopleRefusal.NO_NAME
    if email is not None and (email := plain_address(email)) is None:
        return PeopleRefusal.BAD_EMAIL
    if phone is not None and (phone := e164_of(phone)) is None:
        return PeopleRefusal.BAD_PHONE
    refusal = _foreign(session, network_id, told.organisation_id) or beyond_reach(who, told.organisation_id)
    checked = Identity(name, email, phone, told.organisation_id)
    return refusal or _taken(session, network_id, checked, person) or checked


def _foreign(session: Session, network_id: int, organisation_id: int | None) -> PeopleRefusal | None:
    if organisation_id is None:
        return None
    found = session.get(Organisation, organisation_id)
    return None if found is not None and found.network_id == network_id else PeopleRefusal.UNKNOWN_ORGANISATION


def _taken(session: Session, network_id: int, told: Identity, person: Person | None) -> PeopleRefusal | None:
    """Whether somebody else of the network signs in with this address or number, or rings back from it."""
    index = cipher_of(session).index_of
    others: list[ColumnElement[bool]] = [Person.network_id == network_id, Person.active.is_(True)]
    others += [] if person is None else [Person.id != person.id]
    if told.email and session.scalar(select(Person.id).where(*others, Person.email_index == index(told.email))):
        return PeopleRefusal.EMAIL_TAKEN
    if told.phone is None:
        return PeopleRefusal.NEEDS_PHONE if person and person.helper_id else None
    helpers = [Helper.network_id == network_id, Helper.phone_index == index(told.phone)]
    helpers += [Helper.id != person.helper_id] if person and person.helper_id else []
    known = session.scalar(select(Person.id).where(*others, Person.phone_index == index(told.phone)))
    return PeopleRefusal.PHONE_TAKEN if known or session.scalar(select(Helper.id).where(*helpers)) else None


def unless_taken(
    session: Session, network_id: int, told: Identity, person: Person | None, write: Callable[[], None]
) -> PeopleRefusal | None:
    """Write somebody down, unless somebody else has been given the same address or number at this very moment."""
    try:
        with session.begin_nested():
            write()
    except IntegrityError:
        if (refusal := _taken(session, network_id, told, person)) is None:
            raise
        return refusal
    return None


def set_email(session: Session, person: Person, email: str | None) -> None:
    """The address at which they are written to, in its one spelling."""
    cipher = cipher_of(session)
    person.email_sealed = None if email is None else cipher.seal(email)
    person.email_index = None if email is None else cipher.index_of(email)


def _write(session: Session, person: Person, helper: Helper | None, told: Identity) -> None:
    cipher = cipher_of(session)
    person.organisation_id = told.organisation_id
    set_email(session, person, told.email)
    if helper is None:
        person.name_sealed = cipher.seal(told.name)
        person.phone_sealed = None if told.phone is None else cipher.seal(told.phone)
        person.phone_index = None if told.phone is None else cipher.index_of(told.phone)
    elif told.phone is not None:
        helper.name_sealed, helper.phone_sealed = cipher.seal(told.name), cipher.seal(told.phone)
        helper.phone_index = cipher.index_of(told.phone)


def _role_by_kind(session: Session, person: Person) -> Role | None:
    helper = None if person.helper_id is None else session.get_one(Helper, person.helper_id)
    return None if helper is None else ROLE_OF_KIND[helper.kind]


def note_person(
    session: Session, person: Person, kind: PeopleChangeKind, actor: str, now: datetime, **details: Detail
) -> None:
    """Write down what was changed about somebody."""
    about = About(person.id, person.organisation_id)
    note_people(session, person.network_id, kind, about, actor=actor, now=now, **details)
