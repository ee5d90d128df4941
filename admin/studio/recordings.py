"""The pieces that a person records: which are wanted, which are there, which are said no more; and one more taken in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from admin.studio.folder import ToRecord, reading_list
from admin.studio.sentences import lines_of, spoken_by
from admin.studio.takes import Take, prepared
from tickets.line_wording import forget_recordings, keep_recording, recordings_of
from tickets.network import Line
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language
from voice_prompts.pieces import Piece, all_pieces


class RecordingRefusal(StrEnum):
    """Why there is no such piece to record or to forget; the pages have the words under `recording refusal`."""

    NO_SUCH_PIECE = "no_such_piece"
    NO_STUDIO = "no_studio"


@dataclass(frozen=True, slots=True)
class Recorder:
    """Who sends a recording, and when; of this line alone, or with None of all lines that have none of their own."""

    line: Line | None
    actor: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is to be recorded for a line, or for all, and when the newest of each was."""

    wanted: tuple[ToRecord, ...]
    recorded: Mapping[Piece, datetime]


def shelf_of(session: Session, common: Catalogue, network_id: int, line: Line | None, language: Language) -> Shelf:
    """The pieces of a language in the order of the reading script."""
    own = common if line is None else spoken_by(session, common, line)
    names = [one.name_in(language) for one in lines_of(session, network_id) if line is None or one.id == line.id]
    recorded: dict[Piece, datetime] = {}
    for one in recordings_of(session, network_id):
        if one.line_id is None or (line is not None and one.line_id == line.id):
            recorded[one.piece] = max(one.recorded_at, recorded.get(one.piece, one.recorded_at))
    return Shelf(reading_list(own, language, names), recorded)


def stale_pieces(session: Session, common: Catalogue, network_id: int) -> tuple[Piece, ...]:
    """Recordings of sentences that no line of the network says any more, because their words were changed.

    Single words are numbers and names of places, and those stay.
    """
    lines = lines_of(session, network_id)
    said = {line.name_in(language) for line in lines for language in Language}
    for line in lines:
        own = spoken_by(session, common, line)
        said |= {piece.text for language in Language for piece in all_pieces(own, language)}
    recorded = {recorded.piece for recorded in recordings_of(session, network_id)}
    return tuple(sorted((piece for piece in recorded if " " in piece.text and piece.text not in said), key=str))


def take_in(
    session: Session, common: Catalogue, network_id: int, name: str, recording: bytes, recorder: Recorder
) -> Take | RecordingRefusal:
    """Keep what somebody recorded for the piece of this name; TakeError where it cannot be used."""
    wanted = (
        one.piece
        for language in Language
        for one in shelf_of(session, common, network_id, recorder.line, language).wanted
    )
    piece = next((piece for piece in wanted if piece.name == name), None)
    if piece is None:
        return RecordingRefusal.NO_SUCH_PIECE
    take, line_id = prepared(recording), None if recorder.line is None else recorder.line.id
    keep_recording(session, network_id, line_id, piece, take.sound, now=recorder.now, actor=recorder.actor)
    return take


def forget(session: Session, network_id: int, name: str) -> RecordingRefusal | None:
    """Throw the recordings of a piece away, the network's and those of single lines."""
    pieces = [one.piece for one in recordings_of(session, network_id) if one.piece.name == name]
    return None if pieces and forget_recordings(session, network_id, pieces) else RecordingRefusal.NO_SUCH_PIECE


def forget_stale(session: Session, common: Catalogue, network_id: int) -> int:
    """Throw away what no line says any more; how many there were."""
    pieces = stale_pieces(session, common, network_id)
    return forget_recordings(session, network_id, pieces) if pieces else 0
