"""How a sentence sounds on a line: in the recorded voice where all of it is recorded, else in the machine's.

What varies in a sentence is filled with an example: a time tomorrow, a code, a number.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from sqlalchemy.orm import Session

from admin.studio.machine import Espeak
from admin.studio.sentences import spoken_by
from ivr.steps import Address, Code, Count, Key, Number, Postcode, Word
from ivr.twiml import spelled
from scheduler.slots import HELSINKI, instant_of
from tickets.line_wording import sounds_of
from tickets.municipalities import by_code
from tickets.network import Line
from tickets.vocabulary import Topic
from voice_prompts import ulaw
from voice_prompts.book import Entry
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language
from voice_prompts.pieces import Gap, Piece, Pieces, in_pieces
from voice_prompts.places import where

TURKU: Final = "853"
IN_THE_CASE_OF_WHERE: Final = frozenset({"postcode_is"})  # elsewhere a municipality is named as in an address


@dataclass(frozen=True, slots=True)
class Hearing:
    """What somebody wants to hear; `entry` are words that are not saved yet."""

    language: Language
    key: str
    again: bool = False
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class _Example:
    """What examples are made of."""

    line: Line
    hearing: Hearing
    now: datetime

    def word(self, name: str) -> Word:
        """What a placeholder might hold."""
        return EXAMPLES[name](self)

    def at(self, hour: int) -> datetime:
        """An hour of tomorrow."""
        return instant_of(self.now.astimezone(HELSINKI).date() + timedelta(days=1), time(hour))

    def news(self) -> str:
        """What a bulletin might tell: a sentence that the line says anyway, without its full stop."""
        return Catalogue.load().entry(self.hearing.language, "no_slot").say[0].rstrip(".")

    def municipality(self) -> str:
        """Turku, as this sentence says it."""
        place = by_code(TURKU)
        assert place is not None
        name = place.name_in(self.hearing.language)
        return where(name, self.hearing.language) if self.hearing.key in IN_THE_CASE_OF_WHERE else name


EXAMPLES: Final[dict[str, Callable[[_Example], Word]]] = {
    "address": lambda _: Address("Linnankatu 12"),
    "before": lambda example: example.at(10),
    "bulletin": lambda example: example.news(),
    "code": lambda _: Code("4721"),
    "count": lambda _: Count(3),
    "key": lambda _: Key(1),
    "language": lambda example: example.hearing.language,
    "line": lambda example: example.line.name_in(example.hearing.language),
    "municipality": lambda example: example.municipality(),
    "number": lambda _: Number("+358401234567"),
    "place": lambda example: example.line.name_in(example.hearing.language),
    "postcode": lambda _: Postcode("20100"),
    "time": lambda example: example.at(14),
    "topic": lambda _: Topic.PUHELIN,
    "until": lambda example: example.at(18),
}


@dataclass(frozen=True, slots=True)
class _Filled:
    """A sentence with its examples: cut into what is recorded, and whole for the machine."""

    pieces: Pieces
    parts: tuple[str, ...]


def sound_of(session: Session, common: Catalogue, line: Line, hearing: Hearing, *, now: datetime) -> bytes | None:
    """A WAV of µ-law, as the telephone carries it; None where nothing is spoken under this key."""
    filled = _filled(session, common, line, hearing, now)
    if filled is None:
        return None
    recorded = _recorded(session, line, filled.pieces)
    return ulaw.wav_of(Espeak().say(filled.parts, hearing.language) if recorded is None else recorded)


def pieces_of(session: Session, common: Catalogue, line: Line, hearing: Hearing, *, now: datetime) -> tuple[Piece, ...]:
    """What the sentence is put together from, one after another, with an example for what varies; nothing where none is spoken."""
    filled = _filled(session, common, line, hearing, now)
    return () if filled is None else tuple(piece for piece in filled.pieces if isinstance(piece, Piece))


def sound_of_piece(session: Session, line: Line, name: str) -> bytes | None:
    """A recorded piece as this line plays it; None where nobody has recorded it."""
    sound = sounds_of(session, line.id, [name]).get(name)
    return None if sound is None else ulaw.wav_of(sound)


def _filled(session: Session, common: Catalogue, line: Line, hearing: Hearing, now: datetime) -> _Filled | None:
    catalogue = spoken_by(session, common, line)
    known = catalogue.books[hearing.language].entries.get(hearing.key)
    entry = hearing.entry or known
    if known is None or entry is None or not (entry.again if hearing.again else entry.say):
        return None
    catalogue = catalogue.with_sentences({(hearing.language, hearing.key): entry})
    example = _Example(line, hearing, now)
    words = {
        name: spelled(example.word(name), hearing.language, now, catalogue) for name in sorted(entry.placeholders())
    }
    texts = {name: word.text for name, word in words.items()}
    return _Filled(
        in_pieces(catalogue, hearing.language, hearing.key, words, again=hearing.again),
        catalogue.spoken(hearing.language, hearing.key, again=hearing.again, **texts),
    )


def _recorded(session: Session, line: Line, pieces: Pieces) -> bytes | None:
    """All of it in the recorded voice; None where a piece is missing."""
    named = [piece.name for piece in pieces if isinstance(piece, Piece)]
    sounds = sounds_of(session, line.id, named)
    if not named or not sounds.keys() >= set(named):
        return None
    return ulaw.joined(
        ulaw.silence(piece.milliseconds) if isinstance(piece, Gap) else sounds[piece.name] for piece in pieces
    )
