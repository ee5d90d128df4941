"""What a line says, sentence by sentence and side by side in both languages; and how a coordinator changes it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from textwrap import shorten
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from tickets.line_wording import Version, catalogue_of, history_of, recorded_on, rewrite, versions_of
from tickets.network import Line
from voice_prompts.book import Entry
from voice_prompts.catalogue import Catalogue
from voice_prompts.chapters import Note
from voice_prompts.faults import Fault
from voice_prompts.language import Language
from voice_prompts.pieces import Piece, fragments

LONGEST_OPENING: Final = 70  # letters by which a sentence is known in a list


class WordingRefusal(StrEnum):
    """Why a sentence stays as it is, other than for its words; the pages have the words under `wording refusal`."""

    CHANGED_MEANWHILE = "changed_meanwhile"
    NOT_REWRITTEN = "not_rewritten"
    TOO_LONG_TO_HEAR = "too_long_to_hear"


@dataclass(frozen=True, slots=True)
class Worded:
    """A sentence in one language as a line says it now. `passed_over`: the line has words of its own that no longer fit.

    `outdated`: pieces that somebody recorded for earlier words of it, and that it no longer has.
    """

    language: Language
    entry: Entry
    version: int
    own: bool
    passed_over: bool
    pieces: tuple[Piece, ...]
    recorded: int
    outdated: tuple[Piece, ...] = ()

    @property
    def opening(self) -> str:
        """How it begins, by which people know it."""
        return shorten(next(iter((*self.entry.say, self.entry.text or ""))), LONGEST_OPENING, placeholder=" …")

    @property
    def stale(self) -> bool:
        """Whether a person once spoke it and a machine does now, or its own words wait to be mended."""
        return self.passed_over or (bool(self.outdated) and not self.wholly_recorded)

    @property
    def wholly_recorded(self) -> bool:
        """Whether all that does not vary in it is recorded."""
        return 0 < len(self.pieces) == self.recorded


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in both languages, its chapter and when it is heard."""

    key: str
    note: Note
    placeholders: tuple[str, ...]
    worded: Mapping[Language, Worded]


@dataclass(frozen=True, slots=True)
class Editor:
    """Who changes a sentence, when, and which version they saw; None: they do not say."""

    actor: str
    now: datetime
    seen: int | None = None


def lines_of(session: Session, network_id: int) -> tuple[Line, ...]:
    """The network's lines, in the order in which they were opened."""
    return tuple(session.scalars(select(Line).where(Line.network_id == network_id).order_by(Line.id)))


def line_of(session: Session, network_id: int, line_id: int) -> Line | None:
    """One of them."""
    return session.scalars(select(Line).where(Line.network_id == network_id, Line.id == line_id)).one_or_none()


def sentences(session: Session, common: Catalogue, line: Line) -> tuple[Sentence, ...]:
    """Every sentence of a line in the order of a call. Two statements."""
    versions, recorded = versions_of(session, line.id), recorded_on(session, line.id)
    newest = {where: several[0].entry for where, several in versions.items()}
    spoken = common.in_own_words({where: entry for where, entry in newest.items() if entry is not None})
    return tuple(
        Sentence(
            key,
            note,
            tuple(sorted(common.placeholders(key))),
            {each: _worded(spoken, common, versions.get((each, key), ()), recorded, each, key) for each in Language},
        )
        for key, note in common.in_order()
    )


def one_sentence(session: Session, common: Catalogue, line: Line, key: str) -> Sentence | None:
    """One of them."""
    return next((one for one in sentences(session, common, line) if one.key == key), None)


def reword(
    session: Session, common: Catalogue, line: Line, where: tuple[Language, str], entry: Entry | None, editor: Editor
) -> tuple[Fault, ...] | WordingRefusal | None:
    """Let a line say it so, or with None as all lines do; what is wrong with the words, or why not. Nothing is half saved."""
    session.refresh(line, with_for_update=True)  # of two who change it at once, the other one is told
    language, key = where
    versions = history_of(session, line.id, language, key)
    if editor.seen is not None and editor.seen != (versions[0].version if versions else 0):
        return WordingRefusal.CHANGED_MEANWHILE
    has_own = bool(versions) and versions[0].entry is not None
    if not has_own and entry is None:
        return WordingRefusal.NOT_REWRITTEN
    if has_own and entry == versions[0].entry:
        return None
    ours = common.books[language].entries.get(key)
    if entry is not None and ours is not None and _words_of(entry) == _words_of(ours):
        if not has_own:
            return None
        entry = None
    faults = rewrite(session, line.id, language, key, entry, common=common, now=editor.now, actor=editor.actor)
    return faults or None


def spoken_by(session: Session, common: Catalogue, line: Line) -> Catalogue:
    """What a line says, in its own words where it has some."""
    return catalogue_of(session, common, line.id, line.wording_version)


def plain_entry(say: Collection[str], again: Collection[str], text: str | None) -> Entry:
    """A sentence from what somebody typed: no line breaks, no stray spaces, no empty parts."""
    return Entry(say=_plain(say), again=_plain(again), text=next(iter(_plain([text or ""])), None))


def _plain(parts: Collection[str]) -> tuple[str, ...]:
    tidy = (" ".join(part.split()) for part in parts)
    return tuple(part for part in tidy if part)


def _words_of(entry: Entry) -> tuple[tuple[str, ...], tuple[str, ...], str | None]:
    return entry.say, entry.again, entry.text


def _worded(
    spoken: Catalogue,
    common: Catalogue,
    versions: Sequence[Version],
    recorded: Collection[str],
    language: Language,
    key: str,
) -> Worded:
    entry = spoken.entry(language, key)
    has_own = bool(versions) and versions[0].entry is not None
    is_own = has_own and _words_of(entry) != _words_of(common.entry(language, key))
    pieces = _pieces(language, entry)
    before = [common.entry(language, key), *(one.entry for one in versions if one.entry is not None)]
    earlier = dict.fromkeys(piece for one in before for piece in _pieces(language, one) if piece not in pieces)
    return Worded(
        language,
        entry,
        version=versions[0].version if versions else 0,
        own=is_own,
        passed_over=has_own and not is_own,
        pieces=pieces,
        recorded=sum(piece.name in recorded for piece in pieces),
        outdated=tuple(piece for piece in earlier if piece.name in recorded),
    )


@lru_cache(maxsize=2048)
def _pieces(language: Language, entry: Entry) -> tuple[Piece, ...]:
    texts = dict.fromkeys(text for part in (*entry.say, *entry.again) for text in fragments(part))
    return tuple(Piece(language, text) for text in texts)
