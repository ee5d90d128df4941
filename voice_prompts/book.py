"""One language's sentences, as its TOML file holds them."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voice_prompts.language import Language

_FIELDS = frozenset({"say", "again", "text"})
_WORDS = "words"  # the one table that holds no sentence: what people may text and say to us
_MEANINGS = frozenset({*"0123456789", "yes", "no", "beside"})
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class CatalogueError(Exception):
    """The sentences cannot be used; the message names the file, the key and the mend, a line for each."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One sentence, text message or word."""

    say: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    text: str | None = None

    def placeholders(self) -> frozenset[str]:
        """The {words} that the sentence needs."""
        return placeholders_of(*self.say, *self.again, self.text or "")


@dataclass(frozen=True, slots=True)
class Thanks:
    """The words of a text that says thanks or all right and nothing else: those that say so, and those that may stand beside."""

    meant: frozenset[str]
    beside: frozenset[str]


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that is said and texted in one language; a key has dots where its table has them."""

    language: Language
    entries: Mapping[str, Entry]
    cancel_words: tuple[str, ...]
    said: Mapping[str, str]  # what a caller says, and the key that it means: "0" to "9", "yes", "no", "beside"
    thanks: Thanks

    @property
    def file(self) -> str:
        """The file in which this book is mended."""
        return file_of(self.language)


def read_book(language: Language, folder: Path) -> Book:
    """Read one language's file; raises CatalogueError for a missing, broken or misshapen one."""
    file = file_of(language)
    try:
        tables = tomllib.loads((folder / file).read_text(encoding="utf-8"))
    except OSError as error:
        raise CatalogueError(f"{file}: cannot be read ({error.strerror}); put it back") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{file}: is not TOML ({error}); mend that line") from error
    words = tables.pop(_WORDS, {})
    texted = _word_lists(file, words)
    cancel, said = (
        _parts(f"{file} [{_WORDS}] cancel", texted["cancel"]),
        _said(f"{file} [{_WORDS}.said]", texted["said"]),
    )
    return Book(language, dict(_entries(file, "", tables)), cancel, said, _thanks(file, texted["thanks"]))


def file_of(language: Language) -> str:
    """The name of a language's file."""
    return f"{language.value}.toml"


def placeholders_of(*sentences: str) -> frozenset[str]:
    """The {words} in these sentences."""
    return frozenset(name for sentence in sentences for name in _PLACEHOLDER.findall(sentence))


def _entries(file: str, path: str, table: Mapping[str, object]) -> Iterator[tuple[str, Entry]]:
    """The table's own sentence, then those of the tables inside it, as [topic.KELA]."""
    fields = {name: value for name, value in table.items() if not isinstance(value, dict)}
    if fields and not path:
        raise CatalogueError(f"{file}: “{min(fields)}” stands above the first [key]; move it under its own")
    if fields:
        yield path, _entry(file, path, fields)
    for name, inner in table.items():
        if isinstance(inner, dict):
            yield from _entries(file, f"{path}.{name}" if path else name, inner)


def _entry(file: str, key: str, fields: Mapping[str, object]) -> Entry:
    where = f"{file} [{key}]"
    for name in sorted(fields.keys() - _FIELDS):
        raise CatalogueError(f"{where}: unknown field “{name}”; use {', '.join(sorted(_FIELDS))}, or take it out")
    return Entry(
        say=_parts(f"{where} say", fields.get("say")),
        again=_parts(f"{where} again", fields.get("again")),
        text=_sentence(f"{where} text", fields.get("text")),
    )


def _word_lists(file: str, words: object) -> Mapping[str, Any]:
    where = f"{file} [{_WORDS}]"
    if (
        not isinstance(words, dict)
        or words.keys() != {"cancel", "said", "thanks"}
        or not all(isinstance(words[table], dict) for table in ("said", "thanks"))
    ):
        raise CatalogueError(
            f"{where}: must hold exactly cancel = [...], and the tables [{_WORDS}.said] and [{_WORDS}.thanks]"
        )
    return words


def _thanks(file: str, table: Mapping[str, object]) -> Thanks:
    where = f"{file} [{_WORDS}.thanks]"
    if table.keys() != {"meant", "beside"}:
        raise CatalogueError(f"{where}: must hold exactly the lists meant and beside")
    return Thanks(*(frozenset(_parts(f"{where} {name}", table[name])) for name in ("meant", "beside")))


def _said(where: str, table: Mapping[str, object]) -> Mapping[str, str]:
    if table.keys() != _MEANINGS:
        raise CatalogueError(f"{where}: must hold exactly the lists {', '.join(sorted(_MEANINGS))}")
    meant: dict[str, str] = {}
    for meaning, listed in table.items():
        for said in _parts(f"{where} {meaning}", listed):
            if said in meant or said != said.lower():
                raise CatalogueError(f"{where}: “{said}” must stand there once, in small letters")
            meant[said] = meaning
    return meant


def _parts(where: str, value: object) -> tuple[str, ...]:
    """One sentence, or a list of them, as parts; none where the field is absent."""
    if value is None:
        return ()
    parts = value if isinstance(value, list) else [value]
    if not parts:
        raise CatalogueError(f"{where}: is empty; write a sentence or take the field out")
    return tuple(part for part in (_sentence(where, each) for each in parts) if part is not None)


def _sentence(where: str, value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        raise CatalogueError(f"{where}: must be text in quotes, and not empty")
    if value != " ".join(value.split()):
        raise CatalogueError(f"{where}: has a stray space or line break; write single spaces only")
    return value
