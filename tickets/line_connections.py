"""Whether the operator answers a line's number at our address: asked for, tried by a worker, written down."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import update
from sqlalchemy.orm import Session

from tickets.network import Line, LineTrouble


class LineState(StrEnum):
    """How a line stands with the operator; the values are in the API."""

    UNKNOWN = "unknown"  # nobody has asked the operator
    WAITING = "waiting"  # a worker is about to
    CONNECTED = "connected"
    MOVED = "moved"  # it was connected, and our address has changed since
    NO_SUCH_NUMBER = "no_such_number"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class LineConnection:
    """When the operator was to be asked, when it was, and what it said."""

    asked_at: datetime | None
    tried_at: datetime | None
    connected_to: str | None
    trouble: LineTrouble | None

    def state(self, public_url: str | None) -> LineState:
        """How the line stands, where we are to be found at this address."""
        if self.asked_at is not None and (self.tried_at is None or self.tried_at < self.asked_at):
            return LineState.WAITING
        if self.trouble is not None:
            return LineState(self.trouble.value)
        if self.connected_to is None:
            return LineState.UNKNOWN
        return LineState.CONNECTED if self.connected_to == public_url else LineState.MOVED


def connection_of(row: Line) -> LineConnection:
    """How a line stands, as it is written down."""
    return LineConnection(row.connect_asked_at, row.connect_tried_at, row.connected_to, row.connect_trouble)


def ask_for_connection(session: Session, network_id: int, line_id: int, *, now: datetime) -> bool:
    """The operator is to be asked; False where the network has no such line in use."""
    mine = (Line.id == line_id, Line.network_id == network_id, Line.active)
    asked = update(Line).where(*mine).values(connect_asked_at=now).returning(Line.id)
    return session.scalar(asked) is not None


def note_connection(
    session: Session, line_id: int, public_url: str, trouble: LineTrouble | None, *, now: datetime
) -> None:
    """The operator was asked: the line is answered at our address, or why not."""
    told = update(Line).where(Line.id == line_id).values(connect_trouble=trouble, connect_tried_at=now)
    session.execute(told if trouble is not None else told.values(connected_to=public_url))
