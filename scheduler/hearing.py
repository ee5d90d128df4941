"""A caller's spoken message, for whoever may read its ticket."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.sight import leads_to, ways
from tickets.recordings import Sound, sound_of
from tickets.rights import Right
from tickets.ticket import Recording, Ticket
from tickets.tokens import Bearer
from tickets.view_log import Seen, View, note_view

ONE_LOOK: Final = timedelta(minutes=1)  # a player asks for one message in pieces


def hear(session: Session, who: Bearer, message_id: int, *, now: datetime) -> Sound | None:
    """The sound, if this right of theirs reaches its ticket and there is any; the look is written down before it is heard."""
    reached = ways(who, Right.READ_TICKETS, now=now)
    wanted = (
        select(Recording.recording_sid, Ticket.id)
        .join(Ticket, Ticket.id == Recording.ticket_id)
        .where(Recording.id == message_id, Recording.discarded.is_(False), Ticket.network_id == who.network_id)
    )
    row = session.execute(wanted if reached is None else wanted.where(leads_to(reached))).one_or_none()
    sound = None if row is None else sound_of(session, row.recording_sid)
    if row is not None and sound is not None and not _was_just_noted(session, who, row.id, now):
        note_view(session, who, Seen.MESSAGE, row.id, now=now)
    return sound


def _was_just_noted(session: Session, who: Bearer, ticket_id: int, now: datetime) -> bool:
    by_them = (
        View.person_id.is_not_distinct_from(who.person_id),
        View.helper_id.is_not_distinct_from(who.helper_id),
        View.token_id.is_not_distinct_from(who.token_id),
    )
    noted = select(View.id).where(View.ticket_id == ticket_id, View.seen == Seen.MESSAGE, View.at > now - ONE_LOOK)
    return session.scalar(noted.where(*by_them).limit(1)) is not None
