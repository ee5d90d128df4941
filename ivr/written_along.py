"""The operator as a writer: what it wrote along while a message was spoken is put together afterwards."""

from dataclasses import dataclass

from sqlalchemy.orm import Session, sessionmaker

from tickets.transcripts import SpokenMessage, pieces_of


@dataclass(frozen=True, slots=True)
class WrittenAlong:
    """Messages as the operator heard them."""

    sessions: sessionmaker[Session]

    def write_down(self, message: SpokenMessage) -> str | None:
        """The pieces of a message, in order; nothing where the operator heard nothing."""
        with self.sessions() as session:
            return pieces_of(session, message.call_sid, message.turn)
