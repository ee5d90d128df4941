"""All that the page of one sentence shows: what is heard and whose voice it is, who recorded and who wrote what, and what stands beside."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import abort
from sqlalchemy.orm import Session

from admin.auth import holder
from admin.cases.story import who_did
from admin.parts import now
from admin.studio.hearing import Hearing, pieces_of
from admin.studio.sentences import Sentence, Worded, one_sentence
from admin.wording import spoken_language
from scheduler.people.names import names_of
from tickets.line_wording import Recorded, Version, history_of, takes_of
from tickets.network import Line
from voice_prompts.book import Entry
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language
from voice_prompts.pieces import Piece


@dataclass(frozen=True, slots=True)
class Facts:
    """A sentence of a line in one language, read for its page. `takes`: by a piece's name, what this line plays of it."""

    line: Line
    line_name: str
    sentence: Sentence
    said: Worded
    other: Worded
    common: Entry
    heard: tuple[Piece, ...]
    takes: Mapping[str, Recorded]
    history: tuple[Version, ...]
    names: Mapping[str, str]
    before: str | None
    after: str | None

    @property
    def next_piece(self) -> str | None:
        """The first piece that nobody has recorded yet; where all are there, the first one."""
        missing = (piece.name for piece in self.said.pieces if piece.name not in self.takes)
        return next(missing, self.said.pieces[0].name if self.said.pieces else None)

    @property
    def unrecorded(self) -> int:
        """How many pieces of what is heard now nobody has recorded; nought: a person's voice is heard."""
        return len({piece.name for piece in self.heard if piece.name not in self.takes})

    @property
    def fields(self) -> frozenset[str]:
        """The fields that the form of a sentence has: a text message is not spoken, and only a word has all."""
        entry = self.sentence.worded[Language.FI].entry
        return frozenset(name for name in ("say", "again", "text") if getattr(entry, name))

    def who(self, actor: str) -> str:
        """Somebody who wrote or recorded, by name."""
        return who_did(actor, self.names)


def facts_of(session: Session, line: Line, language: Language, key: str) -> Facts:
    """Read them."""
    common = Catalogue.load()
    sentence = one_sentence(session, common, line, key) or abort(404)
    said = sentence.worded[language]
    history = history_of(session, line.id, language, key)
    heard = pieces_of(session, common, line, Hearing(language, key), now=now())
    wanted = {piece.name for piece in (*said.pieces, *heard, *said.outdated)}
    takes = {take.piece.name: take for take in takes_of(session, line.id, sorted(wanted))}
    actors = {*(version.written_by for version in history), *(take.recorded_by for take in takes.values())}
    before, after = _neighbours(common, key)
    return Facts(
        line=line,
        line_name=line.name_in(spoken_language()),
        sentence=sentence,
        said=said,
        other=sentence.worded[Language.SV if language is Language.FI else Language.FI],
        common=common.entry(language, key),
        heard=heard,
        takes=takes,
        history=history,
        names=names_of(session, holder().network_id, actors),
        before=before,
        after=after,
    )


def _neighbours(common: Catalogue, key: str) -> tuple[str | None, str | None]:
    """The sentences before and after it in its chapter."""
    chapter = common.note(key).chapter
    keys = [None, *(one for one, note in common.in_order() if note.chapter is chapter), None]
    here = keys.index(key)
    return keys[here - 1], keys[here + 1]
