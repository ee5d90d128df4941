"""The end of a matter, its promise and its waiting with it; and its beginning again."""

from typing import Final

from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from scheduler.cases import CaseRefusal, Doing, as_it_is, refusal_of
from scheduler.notices import Template
from scheduler.outcomes import Ending, write_ending
from scheduler.promises import cancel
from scheduler.records import CallbackState
from scheduler.waiting import note_freed
from tickets.intake import free_name
from tickets.points import ReferralPoint
from tickets.ticket import Ticket
from tickets.timeline import note_event
from tickets.vocabulary import EventKind, Outcome, TicketStatus

LOOKS: Final = 3


def close_ticket(session: Session, ticket: Ticket, ending: Ending, doing: Doing) -> CaseRefusal | None:
    """The matter has ended so; a time promised for it is given back, and who waited for one waits no more.

    One that needs more goes to the coordinator, unless it has a time already.
    """
    if (wrong := _duplicate_of_what(session, ticket, ending)) is not None:
        return wrong
    live = session.execute(_LIVE, {"ticket": ticket.id}).first()
    state = None if live is None else CallbackState(live.state)
    if state is CallbackState.TALKING:
        return CaseRefusal.ON_THE_PHONE
    if live is not None and state is not CallbackState.OFFERED:
        if ending.leads_to is not TicketStatus.CLOSED:
            return CaseRefusal.HAS_A_TIME
        return _close_promised(session, ticket, live.id, ending, doing)
    if live is not None:
        _let_go(session, ticket, live.id, doing)
    done = write_ending(session, ending, ticket_id=ticket.id, **doing.by, grid=doing.grid)
    now_is = as_it_is(session, ticket)
    if not done:
        return refusal_of(now_is)
    _note_duplicate(session, ticket, ending, doing)
    return None


def refer(session: Session, ticket: Ticket, code: str, doing: Doing, *, closes: bool = True) -> CaseRefusal | None:
    """The caller is sent on to a referral point of the network, and with that the matter ends, unless it is to stay open."""
    known = select(ReferralPoint).where(
        ReferralPoint.network_id == ticket.network_id, ReferralPoint.code == code, ReferralPoint.active.is_(True)
    )
    point = session.scalars(known).one_or_none()
    if point is None:
        return CaseRefusal.NO_SUCH_POINT
    if as_it_is(session, ticket).status is TicketStatus.CLOSED:
        return CaseRefusal.CLOSED
    note_event(session, ticket.id, EventKind.REFERRED, doing.actor, now=doing.now, referral_point=point.id)
    if not closes:
        return None
    return close_ticket(session, ticket, Ending(point.outcome, referral_point=point.id), doing)


_REOPEN = text("""
WITH t AS (
    UPDATE ticket SET status = 'open', outcome = NULL, closed_at = NULL, deadline = NULL, owner_person_id = NULL,
        matter = :matter, updated_at = :now
    WHERE id = :id AND status = 'closed' AND anonymised_at IS NULL RETURNING id
)
INSERT INTO ticket_event (ticket_id, at, kind, actor, details)
SELECT id, :now, :event, :actor, jsonb_strip_nulls(jsonb_build_object('reason', CAST(:reason AS text))) FROM t
RETURNING ticket_id
""")


def reopen(session: Session, ticket: Ticket, doing: Doing, *, reason: str | None = None) -> CaseRefusal | None:
    """A matter that had ended goes on: it is open, and nobody's yet; one without its words any more stays closed.

    `reason` is a short code, where one is known.
    """
    told = {"id": ticket.id, "event": EventKind.REOPENED, "reason": reason, **doing.by}
    for _ in range(LOOKS):
        values = {**told, "matter": _free_matter(session, ticket)}
        try:
            with session.begin_nested():  # the caller may open the same matter anew at this moment
                if session.execute(_REOPEN, values).first() is not None:
                    as_it_is(session, ticket)
                    return None
        except IntegrityError:
            continue
        return CaseRefusal.ANONYMISED if as_it_is(session, ticket).anonymised_at else CaseRefusal.NOT_CLOSED
    return CaseRefusal.QUICKER


_LIVE = text("""
SELECT id, state FROM callback WHERE ticket_id = :ticket
    AND state IN ('offered', 'promised', 'ringing', 'talking', 'deficit')
""")
_AFTER_CANCELLING = text("""
WITH t AS (
    UPDATE ticket SET outcome = :outcome, did_themselves = coalesce(:did_themselves, did_themselves),
        minutes = coalesce(CAST(:minutes AS bigint), minutes)
    WHERE id = :id AND status = 'closed'
), w AS (
    UPDATE waiting SET state = 'left', ended_at = :now WHERE ticket_id = :id AND state IN ('waiting', 'offered')
)
INSERT INTO ticket_event (ticket_id, at, kind, actor, details)
SELECT :id, :now, :event, :actor, jsonb_strip_nulls(jsonb_build_object('outcome', CAST(:outcome AS text),
    'duplicate_of', CAST(:duplicate_of AS bigint), 'referral_point', CAST(:referral_point AS bigint)))
""")


def _close_promised(
    session: Session, ticket: Ticket, callback_id: int, ending: Ending, doing: Doing
) -> CaseRefusal | None:
    if not cancel(session, callback_id, **doing.by, grid=doing.grid, told=_told_of(ending)):
        return CaseRefusal.QUICKER
    values = {
        "id": ticket.id,
        "outcome": ending.outcome,
        "did_themselves": ending.did_themselves,
        "minutes": ending.minutes,
        "duplicate_of": ending.duplicate_of,
        "referral_point": ending.referral_point,
        "event": EventKind.CLOSED,
    }
    if ending != Ending(Outcome.PERUTTU):  # that is what a cancelled time says by itself
        session.execute(_AFTER_CANCELLING, {**values, **doing.by})
    as_it_is(session, ticket)
    _note_duplicate(session, ticket, ending, doing)
    return None


def _told_of(ending: Ending) -> Template | None:
    """Whoever was helped on the spot knows it; others hear that the matter is done, not that their time was taken away."""
    if ending.outcome is Outcome.RATKAISTU_HETI:
        return None
    return Template.CANCELLED if ending.outcome is Outcome.PERUTTU else Template.SETTLED


_LET_GO = text("UPDATE callback SET state = 'lapsed', ended_at = :now WHERE id = :id AND state = 'offered'")


def _let_go(session: Session, ticket: Ticket, callback_id: int, doing: Doing) -> None:
    """A time was held for them and they need none: somebody else may have it."""
    session.execute(_LET_GO, {"id": callback_id, "now": doing.now})
    note_freed(session, ticket.network_id, now=doing.now)


def _duplicate_of_what(session: Session, ticket: Ticket, ending: Ending) -> CaseRefusal | None:
    if ending.outcome is not Outcome.KAKSOISKAPPALE:
        return None
    other = None if ending.duplicate_of is None else session.get(Ticket, ending.duplicate_of)
    if other is None or other.network_id != ticket.network_id or other.id == ticket.id:
        return CaseRefusal.NO_SUCH_TICKET
    return CaseRefusal.DUPLICATE_ITSELF if other.outcome is Outcome.KAKSOISKAPPALE else None


def _note_duplicate(session: Session, ticket: Ticket, ending: Ending, doing: Doing) -> None:
    if ending.duplicate_of is not None:
        note_event(session, ending.duplicate_of, EventKind.LINKED, doing.actor, now=doing.now, duplicate=ticket.id)


_TAKEN = text("""
SELECT matter FROM ticket WHERE line_id = :line AND caller_index = :index AND status <> 'closed' AND id <> :id
""")


def _free_matter(session: Session, ticket: Ticket) -> str:
    """A name for it among what this caller has open on this line: the same, unless another matter has taken it."""
    values = {"line": ticket.line_id, "index": ticket.caller_index, "id": ticket.id}
    taken = frozenset(session.scalars(_TAKEN, values))
    return ticket.matter if ticket.matter not in taken else free_name(ticket.topic, taken)
