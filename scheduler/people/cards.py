"""People as those who keep them see them: who they are, what they may do, and how their papers stand."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Row, and_, select
from sqlalchemy.orm import Session

from tickets.network import Helper
from tickets.people import Person
from tickets.rights import Right, Scope
from tickets.store import cipher_of
from tickets.tokens import Bearer
from tickets.vocabulary import HelperKind, Role
from voice_prompts.language import Language


@dataclass(frozen=True, slots=True)
class HelperPapers:
    """What decides when a helper can be promised. `rules_due_on`: from then on only if they accept the newest rules."""

    helper_id: int
    languages: tuple[Language, ...]
    kind: HelperKind
    badge_expires_on: date | None
    rules_accepted: bool
    rules_due_on: date | None
    active: bool


@dataclass(frozen=True, slots=True)
class PersonCard:
    """Somebody who signs in, opened: for those who keep the people. `helper` where they ring back too."""

    id: int
    name: str
    role: Role
    organisation_id: int | None
    email: str | None
    phone: str | None
    commitment_signed_on: date | None
    active: bool
    created_at: datetime
    left_at: datetime | None
    helper: HelperPapers | None


def people_of(
    session: Session, who: Bearer, *, organisation_id: int | None = None, left: bool = False
) -> tuple[PersonCard, ...]:
    """The people whom somebody may see, in the order in which they came; those who left too, if asked for."""
    wanted: list[ColumnElement[bool]] = [reached_people(who)]
    if organisation_id is not None:
        wanted.append(Person.organisation_id == organisation_id)
    if not left:
        wanted.append(Person.active.is_(True))
    return _cards(session, and_(*wanted))


def all_people(session: Session, network_id: int) -> tuple[PersonCard, ...]:
    """Everybody of a network, those who left too."""
    return _cards(session, Person.network_id == network_id)


def people_named(session: Session, network_id: int, ids: Collection[int]) -> Mapping[int, str]:
    """The names of those of these people who belong to the network, by their number; who was forgotten has none."""
    if not ids:
        return {}
    found = _cards(session, and_(Person.network_id == network_id, Person.id.in_(ids)))
    return {card.id: card.name for card in found}


def person_card(session: Session, network_id: int, person_id: int) -> PersonCard | None:
    """One person."""
    return next(iter(_cards(session, and_(Person.network_id == network_id, Person.id == person_id))), None)


def reached_people(who: Bearer) -> ColumnElement[bool]:
    """The people whom somebody's right to see people reaches, as a condition on Person."""
    within = Person.network_id == who.network_id
    match who.may(Right.SEE_PEOPLE):
        case Scope.NETWORK:
            return within
        case Scope.ORGANISATION:
            return and_(within, Person.organisation_id == who.organisation_id)
        case _:
            return and_(within, Person.id == who.person_id)


def _cards(session: Session, which: ColumnElement[bool]) -> tuple[PersonCard, ...]:
    rows = session.execute(
        select(Person, Helper).outerjoin(Helper, Helper.id == Person.helper_id).where(which).order_by(Person.id)
    )
    return tuple(_card(session, row) for row in rows)


def _card(session: Session, row: Row[Person, Helper]) -> PersonCard:
    person, helper, opened = row.Person, row.Helper, cipher_of(session).open
    name = person.name_sealed or helper.name_sealed
    phone = person.phone_sealed if helper is None else helper.phone_sealed
    return PersonCard(
        person.id,
        opened(name),
        person.role,
        person.organisation_id,
        None if person.email_sealed is None else opened(person.email_sealed),
        None if phone is None else opened(phone),
        person.commitment_signed_on,
        person.active,
        person.created_at,
        person.left_at,
        None if helper is None else _papers(helper),
    )


def _papers(helper: Helper) -> HelperPapers:
    return HelperPapers(
        helper.id,
        tuple(Language(code) for code in helper.languages),
        helper.kind,
        helper.badge_expires_on,
        helper.rules_accepted,
        helper.rules_due_on,
        helper.active,
    )
