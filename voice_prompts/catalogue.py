"""Every sentence of the line, loaded once, checked, and looked up by its key."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from voice_prompts.book import Book, CatalogueError, Entry, read_book
from voice_prompts.chapters import Note, Notes, faults_in_notes, in_order, note_of, read_notes
from voice_prompts.checks import faults_in
from voice_prompts.faults import Fault, FaultKind, fault
from voice_prompts.language import Language

__all__ = ["Catalogue", "CatalogueError", "Sentences", "problems"]

_HERE = Path(__file__).parent
Sentences = Mapping[tuple[Language, str], Entry]  # by language and key


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the line says and texts, in both languages; and when, for those who rewrite and record it."""

    books: Mapping[Language, Book]
    notes: Notes

    @classmethod
    def load(cls, folder: Path = _HERE) -> "Catalogue":
        """The checked sentences of a folder, read once; raises CatalogueError with every fault."""
        return _load(folder)

    @classmethod
    def read(cls, folder: Path = _HERE) -> "Catalogue":
        """The sentences as they stand, unchecked, for `problems`; raises CatalogueError if unreadable."""
        return cls({language: read_book(language, folder) for language in Language}, read_notes(folder))

    def with_sentences(self, changed: Sentences) -> "Catalogue":
        """The same catalogue with some sentences in other words; a key that there no longer is is passed over."""
        if not changed:
            return self
        return replace(self, books={language: self._changed(language, changed) for language in self.books})

    def in_own_words(self, own: Sentences) -> "Catalogue":
        """The same catalogue with a line's own sentences; one that no longer fits, because ours has changed, is passed over."""
        return self.with_sentences({where: entry for where, entry in own.items() if not self.faults_of(*where, entry)})

    def faults_of(self, language: Language, key: str, entry: Entry) -> tuple[Fault, ...]:
        """What would be wrong with a sentence in these words: in itself, and beside the other language's."""
        known = self.books[language].entries.get(key)
        if known is None:
            return (fault(FaultKind.UNKNOWN_KEY, key=key),)
        alone = {each: replace(book, entries={key: book.entries[key]}) for each, book in self.books.items()}
        alone[language] = replace(alone[language], entries={key: entry})
        return tuple(sorted(faults_in(alone), key=str))

    def _changed(self, language: Language, changed: Sentences) -> Book:
        book = self.books[language]
        own = {key: entry for (each, key), entry in changed.items() if each is language and key in book.entries}
        return replace(book, entries={**book.entries, **own})

    def keys(self) -> frozenset[str]:
        """Every key: "booked", "sms.booked", "topic.KELA", …"""
        return frozenset(self.books[Language.FI].entries)

    def in_order(self) -> Iterator[tuple[str, Note]]:
        """Every key with its note, in the order of a call."""
        return in_order(self.notes, self.books[Language.FI])

    def note(self, key: str) -> Note:
        """When a sentence is heard, and its chapter; raises CatalogueError where there is none."""
        note = note_of(self.notes, key)
        if note is None:
            raise CatalogueError(f"there is no note of “{key}”")
        return note

    def placeholders(self, key: str) -> frozenset[str]:
        """The words that a sentence needs."""
        return self.entry(Language.FI, key).placeholders()

    def spoken(self, language: Language, key: str, /, *, again: bool = False, **words: str) -> tuple[str, ...]:
        """The parts of a spoken sentence, filled; the line pauses between them.

        `again` gives the shorter repeat where there is one. The words must be those that the sentence
        has, and spelled out: a digit in one raises CatalogueError, for a voice would misread it.
        """
        entry = self.entry(language, key)
        if not entry.say:
            raise CatalogueError(f"“{key}” is not spoken; it is a text message")
        _require_words(key, entry, words)
        for name, word in words.items():
            if re.search(r"[0-9]", word):
                raise CatalogueError(f"“{key}”: {{{name}}} has digits; spell it by voice_prompts.speech")
        parts = entry.again if again and entry.again else entry.say
        return tuple(part.format_map(words) for part in parts)

    def text(self, language: Language, key: str, /, **words: str) -> str:
        """A text message, filled with words as they are written; or a topic's or language's written name."""
        entry = self.entry(language, key)
        if entry.text is None:
            raise CatalogueError(f"“{key}” is not written anywhere; it is a spoken sentence")
        _require_words(key, entry, words)
        return entry.text.format_map(words)

    def word(self, language: Language, key: str) -> str:
        """A topic or a language as it stands inside a spoken sentence: "topic.KELA", "language.sv"."""
        return " ".join(self.spoken(language, key))

    def cancel_words(self, language: Language) -> tuple[str, ...]:
        """What one may text to cancel a time, in capitals."""
        return self.books[language].cancel_words

    def is_thanks(self, texted: str) -> bool:
        """Whether a text says thanks or all right and nothing else; a heart or a thumb says it too, a question mark asks.

        "Apua, kiitos" and "hjälp, tack" ask for help: what may be wished for is in no list of ours, nor is any no.
        """
        words = set(re.findall(r"\w+", texted.casefold()))
        if "?" in texted or not texted.strip():
            return False
        meant = frozenset().union(*(book.thanks.meant for book in self.books.values()))
        beside = frozenset().union(*(book.thanks.beside for book in self.books.values()))
        return not words or (bool(words & meant) and words <= meant | beside)

    def words_said(self, language: Language) -> Mapping[str, str]:
        """What one may say instead of pressing a key, and which it means: "0" to "9", "yes", "no", or nothing by itself: "beside"."""
        return self.books[language].said

    def entry(self, language: Language, key: str) -> Entry:
        """A sentence as it stands in its file; raises CatalogueError where there is none."""
        try:
            return self.books[language].entries[key]
        except KeyError:
            raise CatalogueError(f"there is no sentence “{key}” in {language.value}.toml") from None


def problems(catalogue: Catalogue) -> tuple[str, ...]:
    """Everything that is wrong with the sentences, each with its file, key and mend; none when all is well."""
    found = (*faults_in(catalogue.books), *faults_in_notes(catalogue.notes, catalogue.books))
    return tuple(sorted(map(str, found)))


@cache
def _load(folder: Path) -> Catalogue:
    catalogue = Catalogue.read(folder)
    found = problems(catalogue)
    if found:
        raise CatalogueError("\n".join(found))
    return catalogue


def _require_words(key: str, entry: Entry, words: Mapping[str, str]) -> None:
    needed = entry.placeholders()
    if needed != words.keys():
        given = ", ".join(sorted(words)) or "none"
        raise CatalogueError(f"“{key}” needs the words {', '.join(sorted(needed)) or 'none'}, and got {given}")
