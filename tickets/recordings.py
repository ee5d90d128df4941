"""The caller's own words: noted when they are spoken, fetched later, sealed, and heard only by who keeps the promise."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from tickets.store import cipher_of
from tickets.ticket import Recording
from tickets.vocabulary import RecordingState


@dataclass(frozen=True, slots=True)
class RecordingCard:
    """A recording without its sound."""

    recording_sid: str
    call_sid: str
    ticket_id: int | None
    duration_s: int | None
    state: RecordingState
    discarded: bool


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording's sound, opened."""

    media: bytes
    media_type: str


def note_recording(
    session: Session, call_sid: str, recording_sid: str, *, turn: int, duration_s: int | None, now: datetime
) -> None:
    """A recording was made in this call; noted twice, it is still one."""
    noted = insert(Recording).values(
        call_sid=call_sid,
        recording_sid=recording_sid,
        turn=turn,
        duration_s=duration_s,
        state=RecordingState.ANNOUNCED,
        discarded=False,
        created_at=now,
    )
    session.execute(
        noted.on_conflict_do_update(
            index_elements=[Recording.recording_sid],
            set_={
                "duration_s": func.coalesce(noted.excluded.duration_s, Recording.duration_s),
                "turn": func.greatest(noted.excluded.turn, Recording.turn),  # news of it knows of no turn
            },
        )
    )


def attach_recording(session: Session, call_sid: str, ticket_id: int) -> tuple[str, ...]:
    """Give the ticket whatever was kept in this call and belongs to no ticket yet; their sids."""
    rows = session.scalars(
        update(Recording)
        .where(Recording.call_sid == call_sid, Recording.ticket_id.is_(None), Recording.discarded.is_(False))
        .values(ticket_id=ticket_id)
        .returning(Recording.recording_sid)
    )
    return tuple(rows)


def discard_recordings(session: Session, recordings: Collection[str]) -> None:
    """The caller says it again: nobody will hear these, nor read them; that there were some stays known."""
    gone = {
        "discarded": True,
        "state": RecordingState.ERASED,
        "media_sealed": None,
        "media_type": None,
        "transcript_sealed": None,
    }
    session.execute(update(Recording).where(Recording.recording_sid.in_(recordings)).values(**gone))


def keep_sound(session: Session, recording_sid: str, media: bytes, media_type: str) -> bool:
    """Seal the sound that was fetched; False if it is here already or nobody waits for it."""
    kept = session.execute(
        update(Recording)
        .where(Recording.recording_sid == recording_sid, Recording.state == RecordingState.ANNOUNCED)
        .values(state=RecordingState.STORED, media_sealed=cipher_of(session).seal_media(media), media_type=media_type)
        .returning(Recording.id)
    )
    return kept.first() is not None


def mark_absent(session: Session, recording_sid: str) -> None:
    """The operator says that there is no sound after all."""
    session.execute(
        update(Recording)
        .where(Recording.recording_sid == recording_sid, Recording.state == RecordingState.ANNOUNCED)
        .values(state=RecordingState.ABSENT)
    )


def recording_card(session: Session, recording_sid: str) -> RecordingCard | None:
    """One recording, without its sound."""
    recording = session.scalars(select(Recording).where(Recording.recording_sid == recording_sid)).one_or_none()
    return None if recording is None else _card(recording)


def recordings_of(session: Session, ticket_id: int) -> tuple[RecordingCard, ...]:
    """What the caller said about this matter, the newest first."""
    rows = session.scalars(
        select(Recording)
        .where(Recording.ticket_id == ticket_id, Recording.discarded.is_(False))
        .order_by(Recording.id.desc())
    )
    return tuple(_card(row) for row in rows)


def sound_of(session: Session, recording_sid: str) -> Sound | None:
    """The sound of a recording; None while it has not come, or when it is gone."""
    row = session.execute(
        select(Recording.media_sealed, Recording.media_type).where(Recording.recording_sid == recording_sid)
    ).first()
    if row is None or row.media_sealed is None:
        return None
    return Sound(cipher_of(session).open_media(row.media_sealed), row.media_type or "audio/wav")


def _card(row: Recording) -> RecordingCard:
    return RecordingCard(row.recording_sid, row.call_sid, row.ticket_id, row.duration_s, row.state, row.discarded)
