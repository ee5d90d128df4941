"""A case on its way to the network: drafted, looked at by a person, published as it was seen, withdrawn."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from scheduler.boundaries import DEFAULT, with_changes
from scheduler.relay.errands import close_posts, open_posts
from scheduler.relay.reading import card_of, relay_row
from scheduler.relay.words import RELAYABLE, RelayCard, RelayRefusal
from scheduler.sight import ticket_for
from scheduler.slots import HELSINKI
from tickets.anonymised import Shown, anonymised, as_kept, as_shown
from tickets.codes import relay_number
from tickets.e_services import e_services_of
from tickets.network import Network
from tickets.relays import Relay, RelayState
from tickets.rights import Right
from tickets.ticket import Ticket
from tickets.timeline import note_event
from tickets.tokens import Bearer
from tickets.vocabulary import EventKind


def draft(session: Session, who: Bearer, code: str, *, now: datetime, actor: str) -> RelayCard | RelayRefusal:
    """The case as the network would see it, kept to be looked at; drafted again it is put together anew."""
    ticket = ticket_for(session, who, code, Right.ASSIGN_TICKETS, now=now)
    if ticket is None:
        return RelayRefusal.NOT_FOUND
    if _status(session, ticket.id) not in RELAYABLE:
        return RelayRefusal.NOT_RELAYABLE
    shown = _shown(session, ticket, now)
    if not _somebody_may_take(session, ticket.network_id, shown):
        return RelayRefusal.NOBODY_MAY_TAKE
    live = (Relay.ticket_id == ticket.id, Relay.state.in_((RelayState.DRAFT, RelayState.OPEN)))
    relay = session.scalars(select(Relay).where(*live).with_for_update()).one_or_none()
    if relay is not None and relay.state is RelayState.OPEN:
        return RelayRefusal.ALREADY_RELAYED
    if relay is None:
        relay = Relay(network_id=ticket.network_id, number=relay_number(), ticket_id=ticket.id, state=RelayState.DRAFT)
        session.add(relay)
    relay.shown, relay.made_by, relay.made_at = as_kept(shown), actor, now
    session.flush()
    return card_of(session, relay)


def publish(session: Session, who: Bearer, number: str, *, now: datetime, actor: str) -> RelayCard | RelayRefusal:
    """Tell the network what was previewed, word for word; refused when the ticket tells something else by now."""
    relay = relay_row(session, who.network_id, number)
    if relay is None or not _may_handle(session, who, relay, now):
        return RelayRefusal.NOT_FOUND
    if relay.ticket_id is not None and (reason := _not_as_seen(session, relay, relay.ticket_id, now)) is not None:
        return reason
    opened = update(Relay).where(Relay.id == relay.id, Relay.state == RelayState.DRAFT)
    values = {"state": RelayState.OPEN, "published_by": actor, "published_at": now}
    if session.execute(opened.values(values).returning(Relay.id)).first() is None:
        return RelayRefusal.ALREADY_RELAYED if relay.state is not RelayState.WITHDRAWN else RelayRefusal.NOT_OPEN
    session.refresh(relay)
    if relay.ticket_id is not None:
        key = f"relayed:{relay.id}"
        note_event(session, relay.ticket_id, EventKind.RELAYED, actor, now=now, key=key, relay=relay.number)
    open_posts(session, relay, now=now)
    return card_of(session, relay)


def withdraw(session: Session, who: Bearer, number: str, *, now: datetime, actor: str) -> RelayRefusal | None:
    """Nobody is to take it any more: by whoever may assign the ticket, or by who asked, where it is a puzzle."""
    relay = relay_row(session, who.network_id, number)
    if relay is None or not _may_handle(session, who, relay, now):
        return RelayRefusal.NOT_FOUND
    if not take_back(session, relay.id, now=now, actor=actor):
        return RelayRefusal.ALREADY_TAKEN if relay.state is RelayState.CLAIMED else RelayRefusal.NOT_OPEN
    return None


def take_back(session: Session, relay_id: int, *, now: datetime, actor: str) -> bool:
    """Withdraw an open relay or a draft, and say so where it was posted; False when it was over."""
    live = (Relay.id == relay_id, Relay.state.in_((RelayState.DRAFT, RelayState.OPEN)))
    values = {"state": RelayState.WITHDRAWN, "withdrawn_by": actor, "withdrawn_at": now}
    if session.execute(update(Relay).where(*live).values(values).returning(Relay.id)).first() is None:
        return False
    close_posts(session, relay_id, now=now)
    return True


_OVERTAKEN = text("""
SELECT r.id FROM relay r JOIN ticket t ON t.id = r.ticket_id
WHERE r.state IN ('draft', 'open') AND r.ticket_id IS NOT NULL AND NOT t.status = ANY(:relayable)
""")


def take_back_overtaken(session: Session, *, now: datetime) -> None:
    """Cases that were given a time or an owner, or were closed, while they stood in the relay: their cards are over."""
    for relay_id in session.scalars(_OVERTAKEN, {"relayable": [status.value for status in RELAYABLE]}).all():
        take_back(session, relay_id, now=now, actor="line")


def _status(session: Session, ticket_id: int) -> str:
    """Where the ticket stands, with nobody else able to move it meanwhile."""
    return session.scalars(select(Ticket.status).where(Ticket.id == ticket_id).with_for_update()).one()


def _may_handle(session: Session, who: Bearer, relay: Relay, now: datetime) -> bool:
    """Whether a relay is theirs to publish or to withdraw: they may assign its ticket, or it is their own puzzle."""
    if relay.ticket_id is None and who.person_id is not None and relay.asked_by == who.person_id:
        return True
    if who.may(Right.PUBLISH_RELAY) is None:
        return False
    ticket = None if relay.ticket_id is None else session.get(Ticket, relay.ticket_id)
    if ticket is None:  # somebody else's puzzle may be taken down, not put up
        return relay.state is not RelayState.DRAFT
    return ticket_for(session, who, ticket.code, Right.ASSIGN_TICKETS, now=now) is not None


def _not_as_seen(session: Session, relay: Relay, ticket_id: int, now: datetime) -> RelayRefusal | None:
    """Why the case is not what was previewed; that time has gone by changes nothing."""
    if _status(session, ticket_id) not in RELAYABLE:
        return RelayRefusal.NOT_RELAYABLE
    ticket = session.get_one(Ticket, ticket_id, populate_existing=True)
    seen = as_shown(relay.shown, e_services_of(session, relay.network_id).keys())
    same = replace(_shown(session, ticket, now), waited=seen.waited) == seen
    return None if same else RelayRefusal.CHANGED


def _shown(session: Session, ticket: Ticket, now: datetime) -> Shown:
    known = e_services_of(session, ticket.network_id).keys()
    # Whose address is not to be known is not told apart by who helped them before either.
    preferred = None if ticket.non_disclosure else _helped_before(session, ticket)
    return anonymised(ticket, ticket.created_at.astimezone(HELSINKI), now, preferred, known)


_HELPED = text("""
SELECT coalesce(p.organisation_id, ph.organisation_id, h.organisation_id) AS organisation
FROM ticket t
LEFT JOIN person p ON p.id = t.owner_person_id LEFT JOIN helper ph ON ph.id = p.helper_id
LEFT JOIN LATERAL (
    SELECT assigned_helper_id FROM callback WHERE ticket_id = t.id AND state = 'kept' ORDER BY ended_at DESC LIMIT 1
) c ON true
LEFT JOIN helper h ON h.id = c.assigned_helper_id
WHERE t.network_id = :network AND t.caller_index = :caller AND t.id <> :ticket AND t.status = 'closed'
    AND coalesce(p.organisation_id, ph.organisation_id, h.organisation_id) IS NOT NULL
ORDER BY t.closed_at DESC, t.id DESC LIMIT 1
""")


def _helped_before(session: Session, ticket: Ticket) -> int | None:
    """The organisation of whoever saw this caller's last matter to its end."""
    if ticket.caller_index is None:
        return None
    values = {"network": ticket.network_id, "caller": ticket.caller_index, "ticket": ticket.id}
    found: int | None = session.scalar(_HELPED, values)
    return found


def _somebody_may_take(session: Session, network_id: int, shown: Shown) -> bool:
    changes = session.scalars(select(Network.boundaries).where(Network.id == network_id)).one()
    rows = with_changes(DEFAULT, changes).values()
    return any(all(row[topic].takes_calls for topic in shown.topics) for row in rows)
