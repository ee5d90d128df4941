"""From what the paper of a call says to what the ticket store takes in, and back."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.effects import Draft, OpenRequest
from ivr.journal import LiveCall
from tickets.intake import Matter
from tickets.ticket import Recording, Ticket
from tickets.vocabulary import Channel, RecordingState, TicketStatus, Topic

WAITING = (TicketStatus.OPEN, TicketStatus.UNFINISHED, TicketStatus.WITH_COORDINATOR)


def matter_of(call: LiveCall, draft: Draft, *, unfinished: bool = False) -> Matter:
    """The matter as every way in tells it; told again in the same call, it is the same ticket."""
    return Matter(
        call.network_id,
        call.line_id,
        Channel.PHONE,
        draft.language,
        draft.number,
        key=f"call:{call.call_sid}:{draft.matter}",
        topic=draft.topic,
        municipality=draft.municipality,
        recordings=draft.recordings,
        another=draft.another,
        abandoned=unfinished,
    )


def waiting_requests(session: Session, line_id: int | None, caller_index: bytes) -> tuple[OpenRequest, ...]:
    """What this caller has asked for on this line and has no time for yet, the newest first."""
    rows = session.scalars(
        select(Ticket.id)
        .where(
            Ticket.line_id == line_id,
            Ticket.caller_index == caller_index,
            Ticket.status.in_(WAITING),
            Ticket.topic != Topic.HALUAN_AUTTAA,  # nor one without a topic; the coordinator rings who wants to help
        )
        .order_by(Ticket.id.desc())
    )
    return tuple(OpenRequest(ticket_id) for ticket_id in rows)


def message_arrived(session: Session, recording_sid: str) -> bool:
    """Whether the sound of a message is with us."""
    state = session.scalar(select(Recording.state).where(Recording.recording_sid == recording_sid))
    return state is RecordingState.STORED


def waiting_messages(session: Session, call_sid: str) -> tuple[str, ...]:
    """What was recorded in a call and belongs to no ticket yet."""
    rows = session.scalars(
        select(Recording.recording_sid).where(
            Recording.call_sid == call_sid,
            Recording.ticket_id.is_(None),
            Recording.discarded.is_(False),
            Recording.state != RecordingState.ABSENT,
        )
    )
    return tuple(rows)
