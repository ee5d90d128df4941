"""What is written by e-mail, in the three languages."""

import ast
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from voice_prompts.book import CatalogueError, placeholders_of
from voice_prompts.language import Written
from voice_prompts.letters import _small_words as small_words
from voice_prompts.letters import language_of, letters, paragraph

MAIL = Path(__file__).parents[3] / "scheduler" / "mail"
KNOWN = {"ticket", "link", "line", "time", "names", "code"}
FAMILIAR = {
    Written.FI: {"sinä", "sinun", "sinulle", "voit", "haluat"},
    Written.SV: {"du", "dig", "din", "ditt", "dina"},
}


def constants() -> Iterator[str]:
    for path in MAIL.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


@pytest.mark.parametrize(("one", "other"), list(combinations(Written, 2)))
def test_every_language_has_the_same_paragraphs_with_the_same_places_to_fill(one: Written, other: Written) -> None:
    here, there = (
        {key: placeholders_of(entry.text or "") for key, entry in letters(each).items()} for each in (one, other)
    )
    assert here == there


@pytest.mark.parametrize("language", Written)
def test_each_paragraph_is_one_that_somebody_writes_with_words_that_somebody_fills(language: Written) -> None:
    used = set(constants())
    for key, entry in letters(language).items():
        assert key in used, key
        assert entry.text
        assert entry.when
        assert entry.placeholders() <= KNOWN
        assert entry.text == " ".join(entry.text.split())


@pytest.mark.parametrize("language", FAMILIAR)
def test_whoever_writes_is_addressed_as_te_and_ni(language: Written) -> None:
    said = {word.strip(".,:?").lower() for entry in letters(language).values() for word in (entry.text or "").split()}
    assert said & FAMILIAR[language] == set()


@pytest.mark.parametrize("language", Written)
def test_no_letter_asks_for_what_we_never_ask_for_and_each_says_so(language: Written) -> None:
    never = {Written.FI: "pankkitunnuksia", Written.SV: "bankkoder", Written.EN: "bank codes"}[language]
    assert never in paragraph(language, "safety")
    assert not any(never in (entry.text or "") for key, entry in letters(language).items() if key != "safety")


def test_a_paragraph_needs_its_words_and_no_others() -> None:
    assert "DL-7K3MH" in paragraph(Written.SV, "added", ticket="DL-7K3MH")
    with pytest.raises(CatalogueError, match="needs the words ticket"):
        paragraph(Written.SV, "added")
    with pytest.raises(CatalogueError, match="no paragraph “addd”"):
        paragraph(Written.SV, "addd")


@pytest.mark.parametrize(("one", "other"), list(combinations(Written, 2)))
def test_a_small_word_tells_one_language_only(one: Written, other: Written) -> None:
    assert small_words()[one] & small_words()[other] == set()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hei, en saa puhelinta auki, ja äiti kysyy mitä tehdä.", Written.FI),
        ("Hejsan! Surfplattan startar inte längre. Vad ska jag göra?", Written.SV),
        ("I cannot log in to the tax office.", Written.EN),
        ("Det går inte att logga in på Kanta", Written.SV),
        ("Tulostin jumissa, voisiko joku neuvoa?", Written.FI),
        ("Samsung A51", None),
        ("", None),
        ("hei hej", None),
    ],
)
def test_small_words_show_the_language(text: str, language: Written | None) -> None:
    assert language_of(text) is language
