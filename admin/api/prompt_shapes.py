"""A line's own words and its own voice, as the API takes and gives them."""

from datetime import datetime
from typing import Annotated, ClassVar, Final, Self

from pydantic import Base64Bytes, BaseModel, Field

from admin.api.operations import Download
from admin.api.place_shapes import Strict
from admin.api.shapes import LARGEST
from admin.studio.recordings import Shelf
from admin.studio.sentences import Sentence, Worded, plain_entry
from tickets.line_wording import Version
from voice_prompts.book import Entry
from voice_prompts.chapters import Chapter, Note
from voice_prompts.language import Language, Written
from voice_prompts.pieces import Piece

MOST_PARTS: Final = 20
LONGEST_PART: Final = 500
LONGEST_TEXT: Final = 1000
Part = Annotated[str, Field(max_length=LONGEST_PART)]


class WavFile(Download):
    """Sound as the telephone carries it: µ-law, 8,000 samples a second."""

    media_type: ClassVar[str] = "audio/wav"


class EntryOut(BaseModel):
    """The parts of a sentence, its shorter repeat, and what a text message or a list shows."""

    say: list[str]
    again: list[str]
    text: str | None

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """A sentence as the catalogue has it."""
        return cls(say=list(entry.say), again=list(entry.again), text=entry.text)


class WordedOut(EntryOut):
    """A sentence in one language, as the line says it now."""

    own: bool = Field(description="In the line's own words.")
    passed_over: bool = Field(
        description="The line has words of its own that no longer fit; it speaks as all lines do."
    )
    version: int = Field(description="The newest version of its own words; 0 where it was never rewritten.")
    pieces: int = Field(description="Of how many recorded pieces it is made, besides the words that vary.")
    recorded: int = Field(description="How many of them there are.")

    @classmethod
    def now(cls, worded: Worded) -> Self:
        """As it is said now."""
        return cls(
            **EntryOut.of(worded.entry).model_dump(),
            own=worded.own,
            passed_over=worded.passed_over,
            version=worded.version,
            pieces=len(worded.pieces),
            recorded=worded.recorded,
        )


class WhenOut(BaseModel):
    """When a sentence is heard or sent, for whoever reads it in one of the pages' languages."""

    fi: str
    sv: str
    en: str

    @classmethod
    def of(cls, note: Note) -> Self:
        """In every language."""
        return cls(fi=note.told[Written.FI], sv=note.told[Written.SV], en=note.told[Written.EN])


class SentenceOut(BaseModel):
    """A sentence in both languages, and when it is heard."""

    key: str
    chapter: Chapter
    when: WhenOut
    placeholders: list[str]
    fi: WordedOut
    sv: WordedOut

    @classmethod
    def of(cls, sentence: Sentence) -> Self:
        """One of a line's sentences."""
        return cls(
            key=sentence.key,
            chapter=sentence.note.chapter,
            when=WhenOut.of(sentence.note),
            placeholders=list(sentence.placeholders),
            fi=WordedOut.now(sentence.worded[Language.FI]),
            sv=WordedOut.now(sentence.worded[Language.SV]),
        )


class SentencesOut(BaseModel):
    """Every sentence of a line in the order of a call."""

    sentences: list[SentenceOut]


class EntryIn(Strict):
    """A sentence in other words."""

    say: list[Part] = Field(default=[], max_length=MOST_PARTS, description="Its parts; the line pauses between them.")
    again: list[Part] = Field(default=[], max_length=MOST_PARTS, description="A shorter repeat.")
    text: str | None = Field(None, max_length=LONGEST_TEXT, description="The words of a text message.")

    @property
    def entry(self) -> Entry:
        """The sentence, without stray spaces."""
        return plain_entry(self.say, self.again, self.text)


class RewriteIn(EntryIn):
    """A sentence in the line's own words."""

    version: int | None = Field(
        None, ge=0, le=LARGEST, description="The version that you have seen; refused if there is a newer one."
    )


class HearIn(EntryIn):
    """Words to be heard before they are saved."""

    repeat: bool = Field(False, description="Let the shorter repeat be heard.")


class HearQuery(Strict):
    """What of a sentence is to be heard."""

    repeat: bool = Field(False, description="The shorter repeat.")


class RewrittenOut(BaseModel):
    """The newest version after the change."""

    version: int


class VersionOut(BaseModel):
    """One version of a line's own words; without an entry, the line spoke as all lines do again."""

    version: int
    entry: EntryOut | None
    written_at: datetime
    written_by: str

    @classmethod
    def of(cls, version: Version) -> Self:
        """One of a history."""
        entry = None if version.entry is None else EntryOut.of(version.entry)
        return cls(version=version.version, entry=entry, written_at=version.written_at, written_by=version.written_by)


class VersionsOut(BaseModel):
    """The history of a sentence on a line, the newest version first."""

    versions: list[VersionOut]


class ShelfQuery(Strict):
    """Which pieces."""

    language: Language
    line: int | None = Field(None, ge=1, le=LARGEST, description="As this line says it; left out, as all lines do.")
    missing: bool = Field(False, description="Only what is not recorded yet.")


class PieceOut(BaseModel):
    """A piece to be recorded."""

    piece: str = Field(description="Its name: sixteen hexadecimal digits that change with its words.")
    text: str
    recorded_at: datetime | None


class StaleOut(BaseModel):
    """A recording of what no line says any more."""

    piece: str
    language: Language
    text: str

    @classmethod
    def of(cls, piece: Piece) -> Self:
        """One of them."""
        return cls(piece=piece.name, language=piece.language, text=piece.text)


class ShelfOut(BaseModel):
    """What is to be recorded, in the order in which it is read aloud; and of all languages, what has gone stale."""

    pieces: list[PieceOut]
    stale: list[StaleOut]

    @classmethod
    def of(cls, shelf: Shelf, stale: tuple[Piece, ...], *, missing: bool) -> Self:
        """All of it, or what is missing."""
        pieces = [
            PieceOut(piece=one.piece.name, text=one.piece.text, recorded_at=shelf.recorded.get(one.piece))
            for one in shelf.wanted
        ]
        kept = [one for one in pieces if not (missing and one.recorded_at)]
        return cls(pieces=kept, stale=[StaleOut.of(piece) for piece in stale])


class RecordingIn(Strict):
    """A piece as somebody spoke it."""

    piece: str = Field(pattern=r"^[0-9a-f]{16}$", description="The piece's name.")
    line: int | None = Field(None, ge=1, le=LARGEST, description="For this line alone; left out, for all lines.")
    sound: Base64Bytes = Field(description="WAV, FLAC, OGG or MP3 in base64; at most a minute and 12 megabytes.")


class TakenOut(BaseModel):
    """How long the piece lasts, once the silence around it is cut off; and how loud it was, in LUFS."""

    seconds: float
    loudness_before: float
