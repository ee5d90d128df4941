"""A line's own words and its own voice: sentences that a coordinator has rewritten, and pieces that somebody has recorded.

Every version of a sentence is kept; the newest counts. A recording bears the name of its language and very text
(voice_prompts/pieces.py), so one whose sentence was changed is not found any more, and the machine's voice steps in.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Row,
    UniqueConstraint,
    delete,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from tickets.network import Line
from tickets.records import Base, Id, append_only
from voice_prompts.book import Entry
from voice_prompts.catalogue import Catalogue, Sentences
from voice_prompts.faults import Fault
from voice_prompts.language import Language
from voice_prompts.pieces import Piece


class LineSentence(Base):
    """One version of a sentence on one line; without any words it is the version in which all lines' sentence came back."""

    __tablename__ = "line_sentence"
    __table_args__ = (UniqueConstraint("line_id", "language", "key", "version"),)

    id: Mapped[Id]
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    language: Mapped[Language]
    key: Mapped[str]
    version: Mapped[int]
    say: Mapped[list[str]]
    again: Mapped[list[str]]
    text: Mapped[str | None]
    written_at: Mapped[datetime]
    written_by: Mapped[str]


append_only(LineSentence.__table__)


class LineRecording(Base):
    """One piece in somebody's voice, as µ-law; on one line, or on all of the network that have none of their own."""

    __tablename__ = "line_recording"
    __table_args__ = (
        Index(
            "uq_line_recording_piece",
            "network_id",
            "line_id",
            "piece",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("line.id"))
    language: Mapped[Language]
    piece: Mapped[str]
    text: Mapped[str]
    sound: Mapped[bytes] = mapped_column(deferred=True)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a line's sentence, as its history shows it; `entry` is None where all lines' sentence came back."""

    version: int
    entry: Entry | None
    written_at: datetime
    written_by: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording without its sound."""

    piece: Piece
    line_id: int | None
    recorded_at: datetime
    recorded_by: str


_NEWEST = text("""
SELECT DISTINCT ON (language, key) language, key, version, say, again, text, written_at, written_by
FROM line_sentence WHERE line_id = :line ORDER BY language, key, version DESC
""")


def newest_of(session: Session, line_id: int) -> Mapping[tuple[Language, str], Version]:
    """The newest version of each sentence that was ever rewritten on this line. One statement."""
    rows = session.execute(_NEWEST, {"line": line_id})
    return {
        (Language(row.language), row.key): Version(
            row.version, _entry(row.say, row.again, row.text), row.written_at, row.written_by
        )
        for row in rows
    }


_EVERY = text("""
SELECT language, key, version, say, again, text, written_at, written_by
FROM line_sentence WHERE line_id = :line ORDER BY language, key, version DESC
""")


def versions_of(session: Session, line_id: int) -> Mapping[tuple[Language, str], tuple[Version, ...]]:
    """All versions of each sentence that was ever rewritten on this line, the newest first. One statement."""
    found: dict[tuple[Language, str], tuple[Version, ...]] = {}
    for row in session.execute(_EVERY, {"line": line_id}):
        where = (Language(row.language), row.key)
        entry = _entry(row.say, row.again, row.text)
        found[where] = (*found.get(where, ()), Version(row.version, entry, row.written_at, row.written_by))
    return found


def sentences_of(session: Session, line_id: int) -> Sentences:
    """What this line says in its own words. One statement."""
    newest = newest_of(session, line_id)
    return {where: one.entry for where, one in newest.items() if one.entry is not None}


def catalogue_of(
    session: Session, common: Catalogue, line_id: int, wording_version: int, *, key: str | None = None
) -> Catalogue:
    """What a line says and texts, in its own words where it has some; with a key, of that sentence only.

    One statement; none where the line speaks as all do.
    """
    if not wording_version:
        return common
    own = sentences_of(session, line_id)
    return common.in_own_words({where: entry for where, entry in own.items() if key in (None, where[1])})


def rewrite(
    session: Session,
    line_id: int,
    language: Language,
    key: str,
    entry: Entry | None,
    *,
    common: Catalogue,
    now: datetime,
    actor: str,
) -> tuple[Fault, ...]:
    """Let a line say it in these words, or in all lines' again; faults, each with its mend, and then nothing is changed."""
    # Versions are counted one by one; calls and tickets of the line come in meanwhile.
    session.execute(select(Line.id).where(Line.id == line_id).with_for_update(key_share=True))
    if entry is not None:
        faults = common.in_own_words(sentences_of(session, line_id)).faults_of(language, key, entry)
        if faults:
            return faults
    newest = history_of(session, line_id, language, key)
    session.add(
        LineSentence(
            line_id=line_id,
            language=language,
            key=key,
            version=newest[0].version + 1 if newest else 1,
            say=list(entry.say) if entry else [],
            again=list(entry.again) if entry else [],
            text=entry.text if entry else None,
            written_at=now,
            written_by=actor,
        )
    )
    session.flush()
    _speak_anew(session, Line.id == line_id)
    return ()


def history_of(session: Session, line_id: int, language: Language, key: str) -> tuple[Version, ...]:
    """The versions of a line's sentence, the newest first."""
    rows = session.scalars(
        select(LineSentence)
        .where(LineSentence.line_id == line_id, LineSentence.language == language, LineSentence.key == key)
        .order_by(LineSentence.version.desc())
    )
    return tuple(
        Version(row.version, _entry(row.say, row.again, row.text), row.written_at, row.written_by) for row in rows
    )


def keep_recording(
    session: Session, network_id: int, line_id: int | None, piece: Piece, sound: bytes, *, now: datetime, actor: str
) -> None:
    """Keep a piece as it was spoken; spoken again, the newest counts. `sound` is µ-law."""
    kept = insert(LineRecording).values(
        network_id=network_id,
        line_id=line_id,
        language=piece.language,
        piece=piece.name,
        text=piece.text,
        sound=sound,
        recorded_at=now,
        recorded_by=actor,
    )
    newer = {"sound": sound, "recorded_at": now, "recorded_by": actor}
    unique = [LineRecording.network_id, LineRecording.line_id, LineRecording.piece]
    session.execute(kept.on_conflict_do_update(index_elements=unique, set_=newer))
    _speak_anew(session, Line.network_id == network_id if line_id is None else Line.id == line_id)


def recordings_of(session: Session, network_id: int) -> tuple[Recorded, ...]:
    """All that is recorded in a network, by text."""
    rows = session.execute(
        select(
            LineRecording.language,
            LineRecording.text,
            LineRecording.line_id,
            LineRecording.recorded_at,
            LineRecording.recorded_by,
        )
        .where(LineRecording.network_id == network_id)
        .order_by(LineRecording.language, LineRecording.text, LineRecording.id)
    )
    return tuple(map(_recorded, rows))


_TAKES = text("""
SELECT DISTINCT ON (r.piece) r.language, r.text, r.line_id, r.recorded_at, r.recorded_by
FROM line_recording r JOIN line l ON l.network_id = r.network_id
WHERE l.id = :line AND (r.line_id IS NULL OR r.line_id = l.id) AND r.piece = ANY(:pieces)
ORDER BY r.piece, r.line_id NULLS LAST
""")


def takes_of(session: Session, line_id: int, pieces: Sequence[str]) -> tuple[Recorded, ...]:
    """What is recorded of these pieces, as this line plays them: its own recording before the network's. One statement."""
    return tuple(map(_recorded, session.execute(_TAKES, {"line": line_id, "pieces": list(pieces)})))


def forget_recordings(session: Session, network_id: int, pieces: Iterable[Piece]) -> int:
    """Throw recordings away; how many there were."""
    gone = session.execute(
        delete(LineRecording)
        .where(LineRecording.network_id == network_id, LineRecording.piece.in_([piece.name for piece in pieces]))
        .returning(LineRecording.id)
    )
    _speak_anew(session, Line.network_id == network_id)
    return len(gone.all())


_HEARD_ON = text("""
SELECT r.piece FROM line_recording r JOIN line l ON l.network_id = r.network_id
WHERE l.id = :line AND (r.line_id IS NULL OR r.line_id = l.id)
""")


def recorded_on(session: Session, line_id: int) -> frozenset[str]:
    """The names of the pieces that this line can play. One statement."""
    return frozenset(session.scalars(_HEARD_ON, {"line": line_id}))


_SOUNDS = text("""
SELECT DISTINCT ON (r.piece) r.piece, r.sound FROM line_recording r JOIN line l ON l.network_id = r.network_id
WHERE l.id = :line AND (r.line_id IS NULL OR r.line_id = l.id) AND r.piece = ANY(:pieces)
ORDER BY r.piece, r.line_id NULLS LAST
""")


def sounds_of(session: Session, line_id: int, pieces: Sequence[str]) -> Mapping[str, bytes]:
    """The sound of these pieces as this line plays them: its own recording before the network's."""
    rows = session.execute(_SOUNDS, {"line": line_id, "pieces": list(pieces)})
    return {row.piece: bytes(row.sound) for row in rows}


def _recorded(row: Row[*tuple[Any, ...]]) -> Recorded:
    return Recorded(Piece(Language(row.language), row.text), row.line_id, row.recorded_at, row.recorded_by)


def _speak_anew(session: Session, lines: ColumnElement[bool]) -> None:
    """Let every web process look these lines' words and voices up again, at the next turn."""
    session.execute(update(Line).where(lines).values(wording_version=Line.wording_version + 1))


def _entry(say: Sequence[str], again: Sequence[str], written: str | None) -> Entry | None:
    return Entry(say=tuple(say), again=tuple(again), text=written) if say or written else None
