"""What a machine heard in a spoken message: masked before it is sealed, found by its words, and never over what a person wrote.

An operator that writes along while the caller speaks sends pieces, which may come in any order and twice; they are put
together when the message is with us, and are then thrown away.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from tickets.identity_codes import TAKEN_OUT
from tickets.recordings import sound_of
from tickets.records import Base
from tickets.spoken_codes import without_spoken_secrets
from tickets.store import cipher_of
from tickets.ticket import Recording, Ticket
from tickets.timeline import note_event
from tickets.vocabulary import EventKind, RecordingState
from tickets.words import note_words
from voice_prompts.language import Language

LONGEST: Final = 8000  # letters; three minutes of hurried speech are some 3,000


class TranscriptPiece(Base):
    """A stretch of a message as the operator wrote it along; sealed, and kept until the message is whole."""

    __tablename__ = "transcript_piece"

    call_sid: Mapped[str] = mapped_column(primary_key=True)
    turn: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text_sealed: Mapped[str]
    heard_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class SpokenMessage:
    """A message that nobody has written down yet: of which call and turn, its sound, the language of its ticket."""

    recording_sid: str
    call_sid: str
    turn: int
    language: Language
    media: bytes
    media_type: str


def note_piece(session: Session, call_sid: str, turn: int, sequence: int, said: str, *, now: datetime) -> None:
    """Keep a stretch of what the operator hears in this turn of a call; one that comes twice is one."""
    sealed = cipher_of(session).seal(_fit_to_keep(said))
    piece = insert(TranscriptPiece).values(
        call_sid=call_sid, turn=turn, sequence=sequence, text_sealed=sealed, heard_at=now
    )
    session.execute(piece.on_conflict_do_nothing())


def pieces_of(session: Session, call_sid: str, turn: int) -> str | None:
    """What the operator heard in this turn of a call; nothing where it sent nothing."""
    of_turn = (TranscriptPiece.call_sid == call_sid) & (TranscriptPiece.turn == turn)
    sealed = session.scalars(select(TranscriptPiece.text_sealed).where(of_turn).order_by(TranscriptPiece.sequence))
    return " ".join(map(cipher_of(session).open, sealed)).strip() or None


def still_to_write_down(session: Session, recording_sid: str) -> bool:
    """Whether a message may get a transcript, now or once it is with us and belongs to a ticket."""
    row = session.scalars(select(Recording).where(Recording.recording_sid == recording_sid)).one_or_none()
    wanted = (RecordingState.ANNOUNCED, RecordingState.STORED)
    return row is not None and not row.discarded and row.state in wanted and row.transcript_sealed is None


def message_to_write_down(session: Session, recording_sid: str) -> SpokenMessage | None:
    """A message that is with us, belongs to a ticket and has no transcript."""
    row = session.execute(
        select(Recording.call_sid, Recording.turn, Ticket.language)
        .join(Ticket, Ticket.id == Recording.ticket_id)
        .where(Recording.recording_sid == recording_sid, *_WANTED)
    ).first()
    sound = None if row is None else sound_of(session, recording_sid)
    if row is None or sound is None:
        return None
    return SpokenMessage(recording_sid, row.call_sid, row.turn, row.language, sound.media, sound.media_type)


def keep_transcript(session: Session, recording_sid: str, said: str, *, now: datetime, actor: str) -> bool:
    """Keep what a machine heard; False where the message is gone meanwhile, or a person has written it down."""
    fit = _fit_to_keep(said)
    kept = session.execute(
        update(Recording)
        .where(Recording.recording_sid == recording_sid, Recording.ticket_id.is_not(None), *_WANTED)
        .values(transcript_sealed=cipher_of(session).seal(fit), transcript_by_machine=True)
        .returning(Recording.id, Recording.ticket_id, Recording.call_sid, Recording.turn)
    ).first()
    if kept is None or kept.ticket_id is None:
        return False
    ticket = session.get_one(Ticket, kept.ticket_id)
    note_words(session, ticket.network_id, ticket.id, fit)
    note_event(session, ticket.id, EventKind.WRITTEN_DOWN, actor, now=now, message=kept.id, by_machine=True)
    forget_pieces(session, kept.call_sid, kept.turn)
    return True


def forget_pieces(session: Session, call_sid: str, turn: int) -> None:
    """The message is whole, or not wanted: its pieces need not be kept."""
    of_turn = (TranscriptPiece.call_sid == call_sid) & (TranscriptPiece.turn == turn)
    session.execute(delete(TranscriptPiece).where(of_turn))


_WANTED: Final = (
    Recording.state == RecordingState.STORED,
    Recording.discarded.is_(False),
    Recording.transcript_sealed.is_(None),
)


def _fit_to_keep(said: str) -> str:
    return without_spoken_secrets(" ".join(said.replace("\0", " ").split()), TAKEN_OUT)[:LONGEST]
