"""What may be wrong with a sentence, as data: which fault, where, and the words that its mend names."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class FaultKind(StrEnum):
    """A fault; the coordinators' pages have words of their own for each, under `prompt fault`."""

    UNKNOWN_KEY = "unknown_key"
    MISSING = "missing"
    FIELD_NEEDED = "field_needed"
    FIELD_BARRED = "field_barred"
    ONE_LANGUAGE_ONLY = "one_language_only"
    OTHER_KEYS = "other_keys"
    WORD_IN_ONE_LANGUAGE = "word_in_one_language"
    UNFILLED = "unfilled"
    MISSHAPEN = "misshapen"
    TOO_MANY_KEYS = "too_many_keys"
    KEYS_NOT_RISING = "keys_not_rising"
    KEYS_NOT_FROM_ONE = "keys_not_from_one"
    UNSAYABLE = "unsayable"
    ABBREVIATION = "abbreviation"
    FAMILIAR = "familiar"
    TOO_LONG = "too_long"
    KEY_BEFORE_OPTION = "key_before_option"
    NO_END = "no_end"
    NEW_IN_AGAIN = "new_in_again"
    OTHER_KEYS_IN_AGAIN = "other_keys_in_again"
    NOT_IN_TEXTS = "not_in_texts"
    DEAR_LETTERS = "dear_letters"
    TOO_MANY_SEGMENTS = "too_many_segments"
    NO_CANCEL_WORDS = "no_cancel_words"
    CANCEL_NOT_IN_CAPITALS = "cancel_not_in_capitals"
    ASKS_FOR_KEYS = "asks_for_keys"
    NO_NOTE = "no_note"
    NOTE_OF_NOTHING = "note_of_nothing"


_F = FaultKind
_TOLD: Final[Mapping[FaultKind, str]] = MappingProxyType(
    {
        _F.UNKNOWN_KEY: "there is no sentence “{key}”; `digilinja prompts list` shows those there are",
        _F.MISSING: "is missing; {other} has it",
        _F.FIELD_NEEDED: "has no “{field_name}”; write it",
        _F.FIELD_BARRED: "has “{field_name}”, which is not used here; take it out",
        _F.ONE_LANGUAGE_ONLY: "“{field_name}” is in one language only; write it in both or in neither",
        _F.OTHER_KEYS: "offers other telephone keys than {other}; offer the same",
        _F.WORD_IN_ONE_LANGUAGE: "{{{word}}} is in one language only; {other} must match",
        _F.UNFILLED: "nobody fills {{{word}}}; use one of {known}",
        _F.MISSHAPEN: "“{braced}” is no placeholder; write a plain {{word}}",
        _F.TOO_MANY_KEYS: "offers {count} keys; at most {most} are kept in mind",
        _F.KEYS_NOT_RISING: "offers the keys {keys}; say each once, in rising order",
        _F.KEYS_NOT_FROM_ONE: "offers {first} first; 1 always goes forward, so begin with it",
        _F.UNSAYABLE: "the voice cannot read “{letters}” right; spell it in words",
        _F.ABBREVIATION: "“{word}” is short for something; write the whole word",
        _F.FAMILIAR: "“{word}” is too familiar; callers are addressed as “te” and “ni”",
        _F.TOO_LONG: "“{begins}…” has {count} letters; split it where one draws breath",
        _F.KEY_BEFORE_OPTION: "“{part}” does not say the option first, then the key: “…: {press} …”",
        _F.NO_END: "“{part}” has no end; close it with a full stop, so that the voice falls",
        _F.NEW_IN_AGAIN: "{{{word}}} is not in say; a repeat says nothing new",
        _F.OTHER_KEYS_IN_AGAIN: "offers other keys than say; a repeat offers the same",
        _F.NOT_IN_TEXTS: "a text message has no {{{word}}}; use {known}",
        _F.DEAR_LETTERS: "“{letters}” would make the message dearer and shorter; use plain letters",
        _F.TOO_MANY_SEGMENTS: "takes {count} segments when filled ({letters} letters); at most {most}",
        _F.NO_CANCEL_WORDS: "cancel is empty; say how one cancels by text",
        _F.CANCEL_NOT_IN_CAPITALS: "cancel “{word}” must be in capitals, as it is compared so",
        _F.ASKS_FOR_KEYS: "“{press}” asks for a key, and none is heard here; say only what callers must know",
        _F.NO_NOTE: "has no note in {languages}; write when it is heard",
        _F.NOTE_OF_NOTHING: "is a note of what is not said; take it out",
    }
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: of which field of the sentence ("say", "again", "text"; of none: the whole), and in which file and under which key."""

    kind: FaultKind
    words: Mapping[str, str]
    field: str = ""
    where: str = ""

    def __str__(self) -> str:
        """In English, with its mend, as the command line tells it."""
        place = " ".join(part for part in (self.where, self.field) if part)
        told = _TOLD[self.kind].format_map(self.words)
        return f"{place}: {told}" if place else told


def fault(kind: FaultKind, field: str = "", **words: object) -> Fault:
    """A fault whose place is not known yet."""
    return Fault(kind, {name: str(word) for name, word in words.items()}, field)
