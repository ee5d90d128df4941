"""Relays as members read them: open cases and puzzles, newest first."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from scheduler.relay.words import RELAYABLE, Names, RelayCard, Terms
from tickets.anonymised import as_shown
from tickets.e_services import e_services_of
from tickets.network import Organisation
from tickets.people import Person
from tickets.relays import Relay, RelayState, RelayTerms
from tickets.store import cipher_of
from tickets.ticket import Ticket


@dataclass(frozen=True, slots=True)
class RelayPage:
    """Relays, newest first, and the cursor of the next page, if there is one."""

    cards: tuple[RelayCard, ...]
    next: int | None


def relays_of(
    session: Session, network_id: int, *, limit: int, before: int | None = None, person_id: int | None = None
) -> RelayPage:
    """What may be taken now; or, where a person is named, what they have taken or asked."""
    query = select(Relay).outerjoin(Ticket, Ticket.id == Relay.ticket_id).where(Relay.network_id == network_id)
    query = query.where(_is_open() if person_id is None else _is_of(person_id))
    if before is not None:
        query = query.where(Relay.id < before)
    rows = session.scalars(query.order_by(Relay.id.desc()).limit(limit + 1)).all()
    return RelayPage(_cards(session, network_id, rows[:limit]), rows[limit - 1].id if len(rows) > limit else None)


def relay_row(session: Session, network_id: int, number: str) -> Relay | None:
    """The row of this number in this network, drafts too."""
    return session.scalars(
        select(Relay).where(Relay.network_id == network_id, Relay.number == number.strip().upper())
    ).one_or_none()


def live_relay_of(session: Session, ticket_id: int) -> Relay | None:
    """The relay of a ticket that is drafted or open; None where there is none, or it is over."""
    live = (Relay.ticket_id == ticket_id, Relay.state.in_((RelayState.DRAFT, RelayState.OPEN)))
    return session.scalars(select(Relay).where(*live)).one_or_none()


def card_of(session: Session, relay: Relay) -> RelayCard:
    """One relay as it is read, drafts too."""
    (card,) = _cards(session, relay.network_id, [relay])
    return card


def terms_of(session: Session, network_id: int) -> Terms:
    """The terms of a network: its own, or the usual ones."""
    row = session.get(RelayTerms, network_id)
    return Terms() if row is None else Terms(row.unclaimed_days, row.claimed_days)


def _is_open() -> ColumnElement[bool]:
    """A case whose caller has been given a time meanwhile is not there to be taken, though its card may not be over yet."""
    return and_(Relay.state == RelayState.OPEN, or_(Relay.ticket_id.is_(None), Ticket.status.in_(RELAYABLE)))


def _is_of(person_id: int) -> ColumnElement[bool]:
    return and_(Relay.published_at.is_not(None), or_(Relay.claimed_by == person_id, Relay.asked_by == person_id))


def _cards(session: Session, network_id: int, rows: Iterable[Relay]) -> tuple[RelayCard, ...]:
    rows = tuple(rows)
    names = _names(session, network_id) if rows else Names({}, {})
    askers = {row.asked_by for row in rows if row.asked_by is not None}
    of = select(Person.id, Person.organisation_id).where(Person.id.in_(askers))
    belongs = dict(session.execute(of).all()) if askers else {}
    hidden = _hidden(session, rows)
    return tuple(_card(session, row, names, belongs.get(row.asked_by or 0), row.ticket_id in hidden) for row in rows)


def _hidden(session: Session, rows: Iterable[Relay]) -> frozenset[int]:
    """The tickets under turvakielto, also where they were put under it after somebody had previewed them."""
    of = {row.ticket_id for row in rows if row.ticket_id is not None}
    told = select(Ticket.id).where(Ticket.id.in_(of), Ticket.non_disclosure)
    return frozenset(session.scalars(told)) if of else frozenset()


def _card(session: Session, row: Relay, names: Names, asks: int | None, hidden: bool) -> RelayCard:
    shown = as_shown(row.shown, names.e_services.keys())
    if hidden:
        shown = replace(shown, area=None, preferred=None)
    return RelayCard(
        id=row.id,
        number=row.number,
        state=row.state,
        shown=shown,
        words=None if row.text_sealed is None else cipher_of(session).open(row.text_sealed),
        e_service=None if shown.e_service is None else names.e_services[shown.e_service],
        preferred=None if shown.preferred is None else names.organisations.get(shown.preferred),
        asked_by=None if asks is None else names.organisations.get(asks),
        is_puzzle=row.ticket_id is None,
        published_at=row.published_at,
        over_at=row.claimed_at or row.withdrawn_at,
    )


def _names(session: Session, network_id: int) -> Names:
    of = select(Organisation.id, Organisation.name).where(Organisation.network_id == network_id)
    return Names(e_services_of(session, network_id), dict(session.execute(of).all()))
