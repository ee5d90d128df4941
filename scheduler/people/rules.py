"""The rules that a network agrees on, version by version: published, asked for from a day on, accepted person by person.

From that day on nobody is promised who has not accepted them, so every change of it re-checks the promises.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from scheduler.people.reach import PeopleRefusal, beyond_reach
from scheduler.people.touching import hold_duty, hold_whole_rota
from scheduler.rota.effects import NO_EFFECT, Effect, settle_added
from scheduler.slots import HELSINKI, Grid
from tickets.network import Helper
from tickets.people import Person
from tickets.people_log import About, PeopleChangeKind, note_people
from tickets.rules import NetworkRules, RulesAcceptance
from tickets.tokens import Bearer


@dataclass(frozen=True, slots=True)
class NewRules:
    """A version to be. `required_from`: from that day on nobody takes a call who has not accepted it; None asks for nothing."""

    text_fi: str
    text_sv: str | None = None
    required_from: date | None = None


@dataclass(frozen=True, slots=True)
class RulesCard:
    """One version, and how many of those who are here have accepted it."""

    version: int
    text_fi: str
    text_sv: str | None
    required_from: date | None
    published_at: datetime
    published_by: str
    accepted: int


@dataclass(frozen=True, slots=True)
class Accepted:
    """One line of the acceptance log."""

    person_id: int
    version: int
    accepted_at: datetime


@dataclass(frozen=True, slots=True)
class RulesChanged:
    """The version that a change came to, and what it did to promises."""

    version: int
    effect: Effect = NO_EFFECT


def publish_rules(
    session: Session, network_id: int, new: NewRules, *, who: Bearer | None, now: datetime, grid: Grid, actor: str
) -> RulesChanged | PeopleRefusal:
    """A new version stands above the others; if it is asked for, everyone is asked anew, from that day on."""
    if not new.text_fi.strip():
        return PeopleRefusal.NO_TEXT
    if (refusal := _refusal(who, new.required_from, now)) is not None:
        return refusal
    held = hold_whole_rota(session, network_id, now=now)
    version = 1 + (session.scalar(_newest(network_id)) or 0)
    rules = NetworkRules(network_id=network_id, version=version, published_at=now, published_by=actor)
    rules.text_fi, rules.text_sv, rules.required_from = new.text_fi, new.text_sv, new.required_from
    session.add(rules)
    session.flush()
    _ask(session, network_id)
    _note(session, network_id, PeopleChangeKind.RULES_PUBLISHED, version, new.required_from, now=now, actor=actor)
    return RulesChanged(version, settle_added(session, held, now=now, grid=grid))


def ask_from(
    session: Session,
    network_id: int,
    version: int,
    day: date | None,
    *,
    who: Bearer | None,
    now: datetime,
    grid: Grid,
    actor: str,
) -> RulesChanged | PeopleRefusal:
    """A version is asked for from another day on, or not at all."""
    if (refusal := _refusal(who, day, now)) is not None:
        return refusal
    held = hold_whole_rota(session, network_id, now=now)
    rules = _version(session, network_id, version)
    if rules is None:
        return PeopleRefusal.NOT_FOUND
    rules.required_from = day
    session.flush()
    _ask(session, network_id)
    _note(session, network_id, PeopleChangeKind.RULES_CHANGED, version, day, now=now, actor=actor)
    return RulesChanged(version, settle_added(session, held, now=now, grid=grid))


def accept_rules(
    session: Session, who: Bearer, version: int, *, now: datetime, grid: Grid, actor: str
) -> RulesChanged | PeopleRefusal:
    """Somebody keeps to the newest version; said again it changes nothing. Nobody says it for another."""
    person = None if who.person_id is None else session.get(Person, who.person_id)
    if person is None:
        return PeopleRefusal.A_PROGRAM
    rules = _version(session, who.network_id, version)
    if rules is None:
        return PeopleRefusal.NOT_FOUND
    if version != session.scalar(_newest(who.network_id)):
        return PeopleRefusal.NOT_THE_NEWEST
    helpers = [] if person.helper_id is None else [person.helper_id]
    held = hold_duty(session, who.network_id, helpers, now=now)
    given = {"rules_id": rules.id, "person_id": person.id, "accepted_at": now}
    accepted = insert(RulesAcceptance).values(given).on_conflict_do_nothing().returning(RulesAcceptance.id)
    if session.execute(accepted).first() is None:
        return RulesChanged(version)
    for helper_id in helpers:
        session.get_one(Helper, helper_id, populate_existing=True).rules_accepted = True
    session.flush()
    _ask(session, who.network_id, person.helper_id)
    about, kind = About(person.id, person.organisation_id), PeopleChangeKind.RULES_ACCEPTED
    note_people(session, who.network_id, kind, about, actor=actor, now=now, version=version)
    return RulesChanged(version, settle_added(session, held, now=now, grid=grid))


def rules_of(session: Session, network_id: int) -> tuple[RulesCard, ...]:
    """The versions of a network's rules, the newest first."""
    accepted = (
        select(func.count())
        .select_from(RulesAcceptance)
        .join(Person, Person.id == RulesAcceptance.person_id)
        .where(RulesAcceptance.rules_id == NetworkRules.id, Person.active)
        .scalar_subquery()
    )
    wanted = select(NetworkRules, accepted).where(NetworkRules.network_id == network_id)
    rows = session.execute(wanted.order_by(NetworkRules.version.desc()))
    return tuple(
        RulesCard(
            rules.version,
            rules.text_fi,
            rules.text_sv,
            rules.required_from,
            rules.published_at,
            rules.published_by,
            count,
        )
        for rules, count in rows
    )


def accepted_by(session: Session, network_id: int, person_id: int) -> tuple[Accepted, ...]:
    """Which versions somebody has accepted, the newest first."""
    rows = session.execute(
        select(RulesAcceptance.person_id, NetworkRules.version, RulesAcceptance.accepted_at)
        .join(NetworkRules, NetworkRules.id == RulesAcceptance.rules_id)
        .where(NetworkRules.network_id == network_id, RulesAcceptance.person_id == person_id)
        .order_by(NetworkRules.version.desc())
    )
    return tuple(Accepted(*row) for row in rows)


def acceptances_of(
    session: Session, network_id: int, version: int, *, organisation_id: int | None = None
) -> tuple[Accepted, ...]:
    """Who has accepted a version, in the order in which they did; of one organisation, if given."""
    wanted = (
        select(RulesAcceptance.person_id, NetworkRules.version, RulesAcceptance.accepted_at)
        .join(NetworkRules, NetworkRules.id == RulesAcceptance.rules_id)
        .join(Person, Person.id == RulesAcceptance.person_id)
        .where(NetworkRules.network_id == network_id, NetworkRules.version == version)
    )
    if organisation_id is not None:
        wanted = wanted.where(Person.organisation_id == organisation_id)
    return tuple(Accepted(*row) for row in session.execute(wanted.order_by(RulesAcceptance.id)))


def _refusal(who: Bearer | None, day: date | None, now: datetime) -> PeopleRefusal | None:
    if day is not None and day < now.astimezone(HELSINKI).date():
        return PeopleRefusal.IN_PAST
    return beyond_reach(who, None)


def _newest(network_id: int) -> Select[int | None]:
    return select(func.max(NetworkRules.version)).where(NetworkRules.network_id == network_id)


def _version(session: Session, network_id: int, version: int) -> NetworkRules | None:
    wanted = select(NetworkRules).where(NetworkRules.network_id == network_id, NetworkRules.version == version)
    return session.scalars(wanted, execution_options={"populate_existing": True}).one_or_none()


_ASK = text("""
UPDATE helper h SET rules_due_on = (
    SELECT min(r.required_from) FROM network_rules r WHERE r.network_id = h.network_id AND r.version > coalesce(
        (SELECT max(mine.version) FROM rules_acceptance a JOIN network_rules mine ON mine.id = a.rules_id
            JOIN person p ON p.id = a.person_id WHERE p.helper_id = h.id), 0))
WHERE h.network_id = :network AND (CAST(:helper AS bigint) IS NULL OR h.id = :helper)
""")


def _ask(session: Session, network_id: int, helper_id: int | None = None) -> None:
    """Of everybody, or of one helper: the first day from which they must have accepted something that they have not."""
    session.execute(_ASK, {"network": network_id, "helper": helper_id})
    session.expire_all()


def _note(
    session: Session,
    network_id: int,
    kind: PeopleChangeKind,
    version: int,
    day: date | None,
    *,
    now: datetime,
    actor: str,
) -> None:
    from_day = None if day is None else day.isoformat()
    note_people(session, network_id, kind, About(), actor=actor, now=now, version=version, required_from=from_day)
