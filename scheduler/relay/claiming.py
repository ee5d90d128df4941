"""Who takes a case: the first one who may, and nobody else."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from scheduler.limits import boundaries_for, kind_of
from scheduler.relay.errands import close_posts
from scheduler.relay.reading import card_of, relay_row, terms_of
from scheduler.relay.words import RELAYABLE, RelayCard, RelayRefusal
from scheduler.slots import HELSINKI
from scheduler.waiting import hold_offer, leave_line
from tickets.network import Helper
from tickets.people import Person
from tickets.relays import Relay, RelayState
from tickets.ticket import Ticket, TicketAccess
from tickets.timeline import note_event
from tickets.tokens import Bearer
from tickets.vocabulary import EventKind, TicketStatus


@dataclass(frozen=True, slots=True)
class Claimed:
    """Somebody has it now: the relay, and the code of the ticket, where there is one."""

    card: RelayCard
    ticket_code: str | None


def claim(session: Session, who: Bearer, number: str, *, now: datetime, actor: str) -> Claimed | RelayRefusal:
    """Take it: a case becomes one's own with a deadline, a puzzle is answered. Of several at once, exactly one has it.

    Whoever has it and takes it again has it still.
    """
    relay = relay_row(session, who.network_id, number)
    if relay is None or relay.published_at is None:
        return RelayRefusal.NOT_FOUND
    if not _is_here(session, who):
        return RelayRefusal.NOT_A_PERSON
    if (reason := why_not(session, who, card_of(session, relay), relay.asked_by, now=now)) is not None:
        return reason
    assert who.person_id is not None
    # The ticket is locked before the relay, everywhere: two who claim wait for each other here.
    ticket = None if relay.ticket_id is None else _locked(session, relay.ticket_id)
    if ticket is not None and relay.state is RelayState.OPEN and ticket.status not in RELAYABLE:
        return _over(session, who, relay, ticket)
    taken = update(Relay).where(Relay.id == relay.id, Relay.state == RelayState.OPEN)
    values = {"state": RelayState.CLAIMED, "claimed_by": who.person_id, "claimed_at": now}
    if session.execute(taken.values(values).returning(Relay.id)).first() is None:
        return _over(session, who, relay, ticket)
    if ticket is not None:
        _make_own(session, who, relay, ticket, now, actor)
    close_posts(session, relay.id, now=now)
    session.refresh(relay)
    return Claimed(card_of(session, relay), None if ticket is None else ticket.code)


def why_not(
    session: Session, who: Bearer, card: RelayCard, asked_by: int | None, *, now: datetime
) -> RelayRefusal | None:
    """Why this person may not take it, whoever else may: boundaries, language, badge and rules."""
    person = None if who.person_id is None else session.get(Person, who.person_id)
    if person is None:
        return RelayRefusal.NOT_A_PERSON
    if card.is_puzzle:
        return RelayRefusal.OWN_PUZZLE if asked_by == person.id else None
    helper = None if person.helper_id is None else session.get(Helper, person.helper_id)
    row = boundaries_for(session, who)[kind_of(who, helper)]
    if not all(row[topic].takes_calls for topic in card.shown.topics):
        return RelayRefusal.TOPIC_NOT_ALLOWED
    return None if helper is None else _papers(helper, card, now.astimezone(HELSINKI).date())


def _papers(helper: Helper, card: RelayCard, today: date) -> RelayRefusal | None:
    if card.shown.language is not None and card.shown.language not in helper.languages:
        return RelayRefusal.OTHER_LANGUAGE
    if helper.badge_expires_on is not None and helper.badge_expires_on < today:
        return RelayRefusal.BADGE_EXPIRED
    late = helper.rules_due_on is not None and helper.rules_due_on <= today
    return RelayRefusal.RULES_NOT_ACCEPTED if late or not helper.rules_accepted else None


def _is_here(session: Session, who: Bearer) -> bool:
    """Whether it is a person who is there to take it; who leaves at this moment has left first, or hands it back."""
    if who.person_id is None:
        return False
    person = session.get(Person, who.person_id, with_for_update={"read": True}, populate_existing=True)
    return person is not None and person.active


def _locked(session: Session, ticket_id: int) -> Ticket:
    hold_offer(session, ticket_id)
    found = select(Ticket).where(Ticket.id == ticket_id).with_for_update()
    return session.scalars(found.execution_options(populate_existing=True)).one()


def _over(session: Session, who: Bearer, relay: Relay, ticket: Ticket | None) -> Claimed | RelayRefusal:
    session.refresh(relay)
    if relay.state is not RelayState.CLAIMED:
        return RelayRefusal.NOT_OPEN
    has_it_still = ticket is None or ticket.owner_person_id == who.person_id
    if relay.claimed_by == who.person_id and has_it_still:
        return Claimed(card_of(session, relay), None if ticket is None else ticket.code)
    return RelayRefusal.ALREADY_TAKEN


def _make_own(session: Session, who: Bearer, relay: Relay, ticket: Ticket, now: datetime, actor: str) -> None:
    ticket.status, ticket.updated_at = TicketStatus.WITH_OWNER, now
    ticket.owner_person_id = who.person_id
    ticket.deadline = now + timedelta(days=terms_of(session, relay.network_id).claimed_days)
    if who.organisation_id is not None:
        ticket.owner_organisation_id = who.organisation_id
        given = {"ticket_id": ticket.id, "organisation_id": who.organisation_id, "given_at": now}
        session.execute(insert(TicketAccess).values(given).on_conflict_do_nothing())
    session.flush()
    leave_line(session, ticket.id, now=now)  # whoever took it sees to the time
    note_event(session, ticket.id, EventKind.CLAIMED, actor, now=now, key=f"claimed:{relay.id}", relay=relay.number)
