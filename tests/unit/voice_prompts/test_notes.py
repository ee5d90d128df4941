"""When each sentence is heard, told to people in their own language; and the order of a call, which all files share."""

import re
from pathlib import Path

import pytest

import voice_prompts
from voice_prompts.catalogue import Catalogue, CatalogueError
from voice_prompts.chapters import Chapter
from voice_prompts.language import Language, Written

CATALOGUE = Catalogue.load()
IN_ORDER = tuple(CATALOGUE.in_order())
FOLDER = Path(voice_prompts.__file__).parent


def test_every_sentence_stands_in_one_chapter_and_no_chapter_is_empty() -> None:
    keys = [key for key, _ in IN_ORDER]
    assert len(keys) == len(set(keys))
    assert set(keys) == CATALOGUE.keys()
    assert list(dict.fromkeys(note.chapter for _, note in IN_ORDER)) == list(Chapter)


@pytest.mark.parametrize("language", Language)
def test_the_sentences_stand_in_the_order_of_the_notes_under_a_heading_for_each_chapter(language: Language) -> None:
    book = CATALOGUE.books[language]
    assert list(book.entries) == [key for key, _ in IN_ORDER]
    file = (FOLDER / book.file).read_text(encoding="utf-8")
    headed = re.findall(r"^# ── .*\n(?:#.*\n|\n)*\[([\w.]+)\]", file, re.MULTILINE)
    first = [next(key for key, note in IN_ORDER if note.chapter is chapter) for chapter in Chapter]
    assert headed == [*first, "words"]


@pytest.mark.parametrize(("key", "note"), IN_ORDER, ids=[key for key, _ in IN_ORDER])
def test_a_note_is_told_in_each_language_in_words_and_not_by_other_sentences_keys(key: str, note: object) -> None:
    told = CATALOGUE.note(key).told
    assert note == CATALOGUE.note(key)
    assert len({told[language] for language in Written}) == len(Written)
    named = set(re.findall(r"\w+", " ".join(re.sub(r"\{\w+\}", "", text) for text in told.values())))
    assert {word for word in named if "_" in word} == set()
    assert all(text.endswith((".", "”.")) for text in told.values())


def test_a_word_of_a_group_has_the_groups_note_unless_it_has_its_own() -> None:
    assert CATALOGUE.note("topic.KELA") is CATALOGUE.note("topic.VERO")
    assert CATALOGUE.note("topic.PUHELIN") is not CATALOGUE.note("topic.KELA")
    with pytest.raises(CatalogueError, match="no note of “narnia”"):
        CATALOGUE.note("narnia")
