"""The people and places of a network: put them in, and look them up."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tickets.network import Helper, Line, Network, Organisation
from tickets.network_hours import HOURS, NetworkHours, hours_in
from tickets.people import Person
from tickets.rules import NetworkRules
from tickets.store import cipher_of
from tickets.vocabulary import HelperKind, Role
from voice_prompts.language import Language

ROLE_OF_KIND: Final = {HelperKind.VOLUNTEER: Role.OPASTAJA, HelperKind.STAFF: Role.DIGITUKIJA}
Changes = Mapping[str, Mapping[str, str]]  # to the boundary matrix: {"volunteer": {"KELA": "refers"}}


@dataclass(frozen=True, slots=True)
class LineCard:
    """A line as the phone needs it."""

    id: int
    network_id: int
    e164: str
    name: str
    first_language: Language
    municipality: str | None
    wording_version: int
    other_name: str | None
    hours: NetworkHours  # of its network


@dataclass(frozen=True, slots=True)
class HelperCard:
    """A helper, opened: for the operator's ears and for coordinators only."""

    id: int
    network_id: int
    organisation_id: int
    name: str
    phone: str
    languages: tuple[Language, ...]
    kind: HelperKind
    active: bool


@dataclass(frozen=True, slots=True)
class NewHelper:
    """A helper to be; `phone` in E.164. No badge date means that none is asked for."""

    name: str
    phone: str
    languages: tuple[Language, ...]
    kind: HelperKind
    badge_expires_on: date | None = None
    rules_accepted: bool = True


def add_network(session: Session, name: str, *, now: datetime, boundaries: Changes | None = None) -> int:
    """A new network; its id."""
    network = Network(name=name, boundaries=boundaries or {}, created_at=now)
    session.add(network)
    session.flush()
    return network.id


def add_organisation(
    session: Session,
    network_id: int,
    name: str,
    *,
    serves: Collection[str] = (),
    agreed: Collection[str] = (),
    boundaries: Changes | None = None,
) -> int:
    """A new organisation; municipality codes it serves as its own and by agreement (none at all: it serves all)."""
    organisation = Organisation(
        network_id=network_id, name=name, serves=list(serves), agreed=list(agreed), boundaries=boundaries or {}
    )
    session.add(organisation)
    session.flush()
    return organisation.id


def add_line(
    session: Session,
    network_id: int,
    e164: str,
    name: str,
    first_language: Language,
    *,
    municipality: str | None = None,
    other_name: str | None = None,
) -> int:
    """A new line; without a municipality it asks the caller for one."""
    line = Line(
        network_id=network_id,
        e164=e164,
        name=name,
        first_language=first_language,
        municipality=municipality,
        other_name=other_name,
    )
    session.add(line)
    session.flush()
    return line.id


def add_helper(session: Session, organisation_id: int, new: NewHelper, *, now: datetime) -> int:
    """A new helper of an organisation, who is a person that may sign in; the helper's id."""
    cipher = cipher_of(session)
    network_id = session.scalars(select(Organisation.network_id).where(Organisation.id == organisation_id)).one()
    helper = Helper(
        network_id=network_id,
        organisation_id=organisation_id,
        name_sealed=cipher.seal(new.name),
        phone_sealed=cipher.seal(new.phone),
        phone_index=cipher.index_of(new.phone),
        languages=[language.value for language in new.languages],
        kind=new.kind,
        badge_expires_on=new.badge_expires_on,
        rules_accepted=new.rules_accepted,
        rules_due_on=session.scalar(_asked_of_everybody(network_id)),
        created_at=now,
    )
    session.add(helper)
    session.flush()
    person = Person(network_id=network_id, organisation_id=organisation_id, helper_id=helper.id, created_at=now)
    person.role = ROLE_OF_KIND[new.kind]
    session.add(person)
    session.flush()
    return helper.id


def _asked_of_everybody(network_id: int) -> Select[date | None]:
    return select(func.min(NetworkRules.required_from)).where(NetworkRules.network_id == network_id)


def line_of(session: Session, e164: str) -> LineCard | None:
    """The line in use with this number."""
    of_network = select(Line, *HOURS).join(Network, Network.id == Line.network_id)
    row = session.execute(of_network.where(Line.e164 == e164, Line.active)).one_or_none()
    if row is None:
        return None
    line: Line = row.Line
    return LineCard(
        line.id,
        line.network_id,
        line.e164,
        line.name,
        line.first_language,
        line.municipality,
        line.wording_version,
        line.other_name,
        hours_in(row),
    )


def helper_card(session: Session, helper_id: int) -> HelperCard | None:
    """One helper."""
    helper = session.get(Helper, helper_id)
    return None if helper is None else _card(session, helper)


def helpers_of(session: Session, network_id: int) -> tuple[HelperCard, ...]:
    """All helpers of a network, in the order in which they joined."""
    helpers = session.scalars(select(Helper).where(Helper.network_id == network_id).order_by(Helper.id))
    return tuple(_card(session, helper) for helper in helpers)


def helper_with_phone(session: Session, network_id: int, e164: str) -> HelperCard | None:
    """The helper of a network who has this number."""
    index = cipher_of(session).index_of(e164)
    helper = session.scalars(
        select(Helper).where(Helper.network_id == network_id, Helper.phone_index == index)
    ).one_or_none()
    return None if helper is None else _card(session, helper)


def _card(session: Session, helper: Helper) -> HelperCard:
    cipher = cipher_of(session)
    return HelperCard(
        helper.id,
        helper.network_id,
        helper.organisation_id,
        cipher.open(helper.name_sealed),
        cipher.open(helper.phone_sealed),
        tuple(Language(code) for code in helper.languages),
        helper.kind,
        helper.active,
    )
