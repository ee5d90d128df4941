"""What may be wrong with the sentences, found before anyone hears them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import combinations

from voice_prompts.book import Book, Entry, placeholders_of
from voice_prompts.faults import Fault, FaultKind, fault
from voice_prompts.language import Language
from voice_prompts.speech import spoken_key

MOST_OPTIONS = 4  # nought, eight and nine come on top
LONGEST_PART = 150  # letters that an old caller can keep in mind before a pause
MOST_SEGMENTS = 2
LONGEST_DETAILS = 190  # letters of a place's name, time, address and numbers in a text message

# The longest that each word of a text message can be, to count its segments.
LONGEST_WRITTEN: Mapping[str, str] = {
    "time": "ke 30.12.2026 klo 14.00",
    "until": "ke 30.12.2026 klo 14.00",
    "before": "ke 30.12.2026 klo 14.00",
    "code": "4721",
    "count": "999",
    "line": "+123 456 789 012 345",
    "details": "x" * LONGEST_DETAILS,
}
KNOWN_PLACEHOLDERS = frozenset(
    {
        "address",
        "before",
        "bulletin",
        "code",
        "count",
        "details",
        "key",
        "language",
        "line",
        "municipality",
        "number",
        "place",
        "postcode",
        "time",
        "topic",
        "until",
    }
)

_GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM7_DOUBLE = frozenset("^{}\\[~]|€")
_PRESS: Mapping[Language, str] = {Language.FI: "painakaa", Language.SV: "tryck"}
_FAMILIAR: Mapping[Language, frozenset[str]] = {
    Language.FI: frozenset({"sinä", "sinun", "sinut", "sinua", "sinulle", "sinulla", "paina", "voit"}),
    Language.SV: frozenset({"du", "dig", "din", "ditt", "dina"}),
}
_ABBREVIATIONS = frozenset(
    {"bl", "ca", "esim", "jne", "kl", "klo", "mfl", "mm", "nr", "nro", "osv", "puh", "tel", "tlf", "ym", "yms"}
)
_UNSAYABLE = re.compile(r"[^A-Za-zÅÄÖåäöÉé ,.:?!-]")
_CAPITALS = re.compile(r"\b[A-ZÅÄÖ]{2,}\b")


def faults_in(books: Mapping[Language, Book]) -> Iterator[Fault]:
    """Every fault: the file, the key, what is wrong and how to mend it."""
    for book in books.values():
        yield from _faults_of_cancel_words(book)
        for key, entry in book.entries.items():
            where = f"{book.file} [{key}]"
            yield from (replace(found, where=where) for found in _faults_of_entry(key, entry, book.language))
    for one, other in combinations(books.values(), 2):
        yield from _differences(one, other)


def faults_of_announced(text: str, language: Language) -> tuple[Fault, ...]:
    """What is wrong with one sentence of free words that a voice says to every caller: nothing varies in it, nothing is asked."""
    braced = tuple(fault(FaultKind.MISSHAPEN, braced=one) for one in sorted(set(re.findall(r"[{}]", text))))
    if _PRESS[language] in re.findall(r"[^\W\d_]+", text.lower()):
        return (*braced, fault(FaultKind.ASKS_FOR_KEYS, press=_PRESS[language]))
    return (*braced, *_faults_of_speech(re.sub(r"[{}]", "", text), language), *_faults_of_endings((text,)))


def faults_of_name(name: str) -> tuple[Fault, ...]:
    """What a voice could not read right in a line's name, which is said in a sentence."""
    return tuple(_faults_of_letters(_UNSAYABLE.findall(name)))


def segments_of(text: str) -> int | None:
    """How many segments a text message takes; None when GSM-7 lacks one of its letters."""
    if set(text) - _GSM7 - _GSM7_DOUBLE:
        return None
    length = sum(2 if letter in _GSM7_DOUBLE else 1 for letter in text)
    return 1 if length <= 160 else -(-length // 153)


def keys_asked(parts: tuple[str, ...], language: Language) -> tuple[str, ...]:
    """The telephone keys that these parts offer, in their order: "1", "2", or "{key}"."""
    numerals, option = _numerals(language)
    return tuple(numerals.get(found, found) for part in parts for found in option.findall(part))


@cache
def _numerals(language: Language) -> tuple[Mapping[str, str], re.Pattern[str]]:
    """The keys by their names, and what an option that offers one looks like."""
    numerals = {spoken_key(digit, language): str(digit) for digit in range(10)}
    return numerals, re.compile(rf": {_PRESS[language]} (\{{key\}}|{'|'.join(numerals)})(?!\w)")


def _faults_of_entry(key: str, entry: Entry, language: Language) -> Iterator[Fault]:
    yield from _faults_of_shape(key, entry)
    unknown = entry.placeholders() - KNOWN_PLACEHOLDERS
    for name in sorted(unknown):
        yield fault(FaultKind.UNFILLED, word=name, known=", ".join(sorted(KNOWN_PLACEHOLDERS)))
    for braced in re.findall(r"\{[^}]*\}?|\}", " ".join((*entry.say, *entry.again, entry.text or ""))):
        if not re.fullmatch(r"\{[a-z_]+\}", braced):
            yield fault(FaultKind.MISSHAPEN, braced=braced)
    for field, parts in (("say", entry.say), ("again", entry.again)):
        yield from (replace(found, field=field) for found in _faults_of_parts(parts, language))
        if not _is_word(key):
            yield from (replace(found, field=field) for found in _faults_of_endings(parts))
    yield from _faults_of_again(entry, language)
    if key.startswith("sms.") and entry.text:
        yield from _faults_of_text(entry.text)


def _faults_of_shape(key: str, entry: Entry) -> Iterator[Fault]:
    """A text message has text, a word say and text, a spoken sentence say."""
    needed: tuple[str, ...]
    barred: tuple[str, ...]
    if key.startswith("sms."):
        needed, barred = ("text",), ("say", "again")
    elif _is_word(key):
        needed, barred = ("say", "text"), ("again",)
    else:
        needed, barred = ("say",), ("text",)
    for field in needed:
        if not getattr(entry, field):
            yield fault(FaultKind.FIELD_NEEDED, field_name=field)
    for field in barred:
        if getattr(entry, field):
            yield fault(FaultKind.FIELD_BARRED, field_name=field)


def _is_word(key: str) -> bool:
    return key.startswith(("topic.", "language."))


def _faults_of_parts(parts: tuple[str, ...], language: Language) -> Iterator[Fault]:
    for part in parts:
        yield from _faults_of_speech(part, language)
    numbered = [key for key in keys_asked(parts, language) if key not in {"0", "8", "9", "{key}"}]
    if len(numbered) > MOST_OPTIONS:
        yield fault(FaultKind.TOO_MANY_KEYS, count=len(numbered), most=MOST_OPTIONS)
    if numbered != sorted(set(numbered)):
        yield fault(FaultKind.KEYS_NOT_RISING, keys=", ".join(numbered))
    if numbered and numbered[0] != "1":
        yield fault(FaultKind.KEYS_NOT_FROM_ONE, first=numbered[0])


def _faults_of_letters(unsayable: Iterable[str]) -> Iterator[Fault]:
    """One fault for all that the voice cannot read, each told once."""
    if letters := sorted(set(unsayable)):
        yield fault(FaultKind.UNSAYABLE, letters=", ".join(letters))


def _faults_of_speech(part: str, language: Language) -> Iterator[Fault]:
    bare = re.sub(r"\{[^}]*\}", "", part)
    words = re.findall(r"[^\W\d_]+", bare.lower())
    yield from _faults_of_letters((*_UNSAYABLE.findall(bare), *_CAPITALS.findall(bare)))
    for short in sorted(_ABBREVIATIONS & set(words)):
        yield fault(FaultKind.ABBREVIATION, word=short)
    for familiar in sorted(_FAMILIAR[language] & set(words)):
        yield fault(FaultKind.FAMILIAR, word=familiar)
    if len(part) > LONGEST_PART:
        yield fault(FaultKind.TOO_LONG, begins=part[:30], count=len(part))
    if words.count(_PRESS[language]) != len(keys_asked((part,), language)):
        yield fault(FaultKind.KEY_BEFORE_OPTION, part=part, press=_PRESS[language])


def _faults_of_endings(parts: tuple[str, ...]) -> Iterator[Fault]:
    for part in parts:
        if not part.endswith((".", "?", "!")):
            yield fault(FaultKind.NO_END, part=part)


def _faults_of_again(entry: Entry, language: Language) -> Iterator[Fault]:
    if not entry.again:
        return
    for name in sorted(placeholders_of(*entry.again) - placeholders_of(*entry.say)):
        yield fault(FaultKind.NEW_IN_AGAIN, "again", word=name)
    if keys_asked(entry.again, language) != keys_asked(entry.say, language):
        yield fault(FaultKind.OTHER_KEYS_IN_AGAIN, "again")


def _faults_of_text(text: str) -> Iterator[Fault]:
    for name in sorted(placeholders_of(text) - LONGEST_WRITTEN.keys()):
        yield fault(FaultKind.NOT_IN_TEXTS, "text", word=name, known=", ".join(LONGEST_WRITTEN))
    filled = re.sub(r"\{([a-z_]+)\}", lambda found: LONGEST_WRITTEN.get(found[1], ""), text)
    segments = segments_of(filled)
    if segments is None:
        strange = "".join(sorted(set(filled) - _GSM7 - _GSM7_DOUBLE))
        yield fault(FaultKind.DEAR_LETTERS, "text", letters=strange)
    elif segments > MOST_SEGMENTS:
        yield fault(FaultKind.TOO_MANY_SEGMENTS, "text", count=segments, letters=len(filled), most=MOST_SEGMENTS)


def _faults_of_cancel_words(book: Book) -> Iterator[Fault]:
    where = f"{book.file} [words]"
    if not book.cancel_words:
        yield replace(fault(FaultKind.NO_CANCEL_WORDS), where=where)
    for word in book.cancel_words:
        if word != word.strip().upper():
            yield replace(fault(FaultKind.CANCEL_NOT_IN_CAPITALS, word=word), where=where)


def _differences(one: Book, other: Book) -> Iterator[Fault]:
    """What one language has and the other lacks."""
    for key in one.entries.keys() - other.entries.keys():
        yield replace(fault(FaultKind.MISSING, other=one.file), where=f"{other.file} [{key}]")
    for key in other.entries.keys() - one.entries.keys():
        yield replace(fault(FaultKind.MISSING, other=other.file), where=f"{one.file} [{key}]")
    for key in one.entries.keys() & other.entries.keys():
        found = _differences_of(key, one, other)
        yield from (replace(each, where=f"{other.file} [{key}]") for each in found)


def _differences_of(key: str, one: Book, other: Book) -> Iterator[Fault]:
    mine, yours = one.entries[key], other.entries[key]
    pairs = [("say", mine.say, yours.say), ("again", mine.again, yours.again)]
    for field, here, there in pairs:
        if bool(here) != bool(there):
            yield fault(FaultKind.ONE_LANGUAGE_ONLY, field_name=field)
        elif keys_asked(here, one.language) != keys_asked(there, other.language):
            yield fault(FaultKind.OTHER_KEYS, field, other=one.file)
    written = [("text", (mine.text or "",), (yours.text or "",))]
    for field, here, there in [*pairs, *written]:
        for name in sorted(placeholders_of(*here) ^ placeholders_of(*there)):
            yield fault(FaultKind.WORD_IN_ONE_LANGUAGE, field, word=name, other=one.file)
