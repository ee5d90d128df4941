"""The chapters of a call, and when each sentence in them is heard: what notes.toml tells those who rewrite and record it."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from voice_prompts.book import Book, CatalogueError, placeholders_of
from voice_prompts.faults import Fault, FaultKind, fault
from voice_prompts.language import Language, Written

FILE: Final = "notes.toml"


class Chapter(StrEnum):
    """Sentences that belong together, as the call goes; the pages have a heading for it under `prompt chapter`."""

    HELLO = "hello"
    TROUBLE = "trouble"
    MESSAGE = "message"
    NUMBER = "number"
    TIME = "time"
    WAITING = "waiting"
    NEARBY = "nearby"
    AGAIN = "again"
    HELPER = "helper"
    RESIDENT = "resident"
    OWN_PHONE = "own_phone"
    ASTRAY = "astray"
    TEXTS = "texts"
    STAFF_TEXTS = "staff_texts"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Note:
    """When a sentence is heard or sent, in each language in which somebody may read it; and the chapter that it stands in."""

    chapter: Chapter
    told: Mapping[Written, str]


Notes = Mapping[
    str, Note
]  # by key, or by the name of a group of words: "booked", "sms.booked", "topic"; in their order


def read_notes(folder: Path) -> Notes:
    """The notes of a folder; raises CatalogueError for a missing, broken or misshapen file."""
    try:
        tables = tomllib.loads((folder / FILE).read_text(encoding="utf-8"))
    except OSError as error:
        raise CatalogueError(f"{FILE}: cannot be read ({error.strerror}); put it back") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{FILE}: is not TOML ({error}); mend that line") from error
    if list(tables) != list(Chapter):
        raise CatalogueError(f"{FILE}: must have exactly the chapters {', '.join(Chapter)}, in this order")
    found: dict[str, Note] = {}
    for chapter in Chapter:
        for key, note in _notes(chapter, "", tables[chapter]):
            if key in found:
                raise CatalogueError(f"{FILE} [{chapter}.{key}]: stands in another chapter too; take one of them out")
            found[key] = note
    return found


def note_of(notes: Notes, key: str) -> Note | None:
    """What is told of a sentence: by itself, or with its group of words."""
    return notes.get(key) or notes.get(key.partition(".")[0])


def in_order(notes: Notes, book: Book) -> Iterator[tuple[str, Note]]:
    """Every sentence with its note, in the order of the call; words of one group as their file has them."""
    groups = {key.partition(".")[0] for key in book.entries if "." in key} & notes.keys()
    for key, note in notes.items():
        if key in groups:
            words = (word for word in book.entries if word.partition(".")[0] == key)
            yield from ((word, notes.get(word, note)) for word in words)
        elif key.partition(".")[0] not in groups:
            yield key, note


def faults_in_notes(notes: Notes, books: Mapping[Language, Book]) -> Iterator[Fault]:
    """Sentences that nobody is told of, notes in too few languages, and notes of what is not said."""
    entries = books[Language.FI].entries
    for key in entries:
        if note_of(notes, key) is None:
            yield Fault(FaultKind.NO_NOTE, {"languages": ", ".join(Written)}, where=f"{FILE} [{key}]")
    for key, note in notes.items():
        yield from (
            Fault(one.kind, one.words, where=f"{FILE} [{note.chapter}.{key}]") for one in _faults_of(key, note, books)
        )


def _faults_of(key: str, note: Note, books: Mapping[Language, Book]) -> Iterator[Fault]:
    entries = books[Language.FI].entries
    missing = [language for language in Written if language not in note.told]
    if missing:
        yield fault(FaultKind.NO_NOTE, languages=", ".join(missing))
    if key not in entries and not any(word.startswith(f"{key}.") for word in entries):
        yield fault(FaultKind.NOTE_OF_NOTHING)
        return
    known = entries[key].placeholders() if key in entries else frozenset()
    for name in sorted(placeholders_of(*note.told.values()) - known):
        yield fault(FaultKind.UNFILLED, word=name, known=", ".join(sorted(known)) or "none")


def _notes(chapter: Chapter, path: str, table: Mapping[str, object]) -> Iterator[tuple[str, Note]]:
    told = {name: text for name, text in table.items() if not isinstance(text, dict)}
    for name, text in told.items():
        if not path or name not in list(Written):
            raise CatalogueError(f"{FILE} [{chapter}.{path}]: unknown field “{name}”; use {', '.join(Written)}")
        if not isinstance(text, str) or not text.strip() or text != " ".join(text.split()):
            raise CatalogueError(f"{FILE} [{chapter}.{path}] {name}: must be a note, with single spaces only")
    if told:
        yield path, Note(chapter, {Written(name): str(text) for name, text in told.items()})
    for name, inner in table.items():
        if isinstance(inner, dict):
            yield from _notes(chapter, f"{path}.{name}" if path else name, inner)
