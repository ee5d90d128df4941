"""Sentences sought by a word, by their chapter, or by what is to be done about them; and how many of each there are. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from admin.studio.sentences import Sentence, Worded
from voice_prompts.chapters import Chapter
from voice_prompts.language import Language, Written

ON_A_PAGE: Final = 25


class Standing(StrEnum):
    """What may have to be done about a sentence; the pages have the words under `prompt standing`."""

    CHANGED = "changed"
    STALE = "stale"
    UNRECORDED = "unrecorded"


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody looks for; nothing of it: they want to see the chapters."""

    words: str = ""
    chapter: Chapter | None = None
    standing: Standing | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is looked for."""
        return not self.words.strip() and self.chapter is None and self.standing is None


@dataclass(frozen=True, slots=True)
class Counted:
    """How many sentences a chapter has, of how many something is to be known, and how many are recorded in each language."""

    chapter: Chapter
    sentences: int
    standing: Mapping[Standing, int]
    spoken: int
    recorded: Mapping[Language, int]


def found(told: Iterable[Sentence], sought: Sought, reader: Written) -> tuple[Sentence, ...]:
    """Those that fit, in the order of a call: every word looked for stands in the sentence, its key or its note."""
    words = sought.words.casefold().split()
    return tuple(
        one
        for one in told
        if sought.chapter in (None, one.note.chapter)
        and (sought.standing is None or _stands(one, sought.standing))
        and all(word in _written(one, reader) for word in words)
    )


def counted(told: Iterable[Sentence]) -> tuple[Counted, ...]:
    """The chapters, each with its numbers."""
    by_chapter: dict[Chapter, list[Sentence]] = {chapter: [] for chapter in Chapter}
    for one in told:
        by_chapter[one.note.chapter].append(one)
    return tuple(_counted(chapter, several) for chapter, several in by_chapter.items())


def _counted(chapter: Chapter, several: list[Sentence]) -> Counted:
    return Counted(
        chapter,
        len(several),
        {standing: sum(_stands(one, standing) for one in several) for standing in Standing},
        sum(bool(one.worded[Language.FI].pieces) for one in several),
        {language: sum(one.worded[language].wholly_recorded for one in several) for language in Language},
    )


def _stands(sentence: Sentence, standing: Standing) -> bool:
    """In one language or the other."""
    return any(_has(worded, standing) for worded in sentence.worded.values())


def _has(worded: Worded, standing: Standing) -> bool:
    match standing:
        case Standing.CHANGED:
            return worded.own or worded.passed_over
        case Standing.STALE:
            return worded.stale
        case Standing.UNRECORDED:
            return bool(worded.pieces) and not worded.wholly_recorded


def _written(sentence: Sentence, reader: Written) -> str:
    entries = (worded.entry for worded in sentence.worded.values())
    parts = (part for entry in entries for part in (*entry.say, *entry.again, entry.text or ""))
    return " ".join((sentence.key, sentence.note.told[reader], *parts)).casefold()
