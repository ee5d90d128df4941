"""The line's sentences found: by a word, by what is to be done, page by page."""

import re

import pytest

from tests.integration.prompt_room import Coordinator, coordinator
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language

__all__ = ["coordinator"]


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ("q=kiirettä", ["intro"]),
        ("q=ingen BRÅDSKA", ["intro", "more_time"]),
        ("q=sms.reminder", ["sms.reminder"]),
        ("q=ensimmäinen vapaa muu", ["offer_slot", "offer_next"]),
        ("q=ingen brådska&chapter=hello", ["intro"]),
        ("q=<script>", []),
        ("q=%00", None),
        ("q=" + "x" * 10_000, []),
        ("show=changed", []),
        ("show=stale", []),
        ("q=kiirettä&page=2", []),
    ],
)
def test_sentences_are_found_by_a_word_or_by_what_is_to_be_done(
    coordinator: Coordinator, asked: str, keys: list[str] | None
) -> None:
    page = coordinator.client.get(f"/admin/prompts?{asked}").text
    assert "<script>alert" not in page
    if keys is None:
        assert "0 / 7" in page  # nothing is looked for
    else:
        assert re.findall(r'<tr id="([^"]+)">', page) == keys


def test_a_note_is_found_in_the_readers_language_only(coordinator: Coordinator) -> None:
    asked = "/admin/prompts?q=the first free time"
    assert re.findall(r'<tr id="([^"]+)">', coordinator.sees(f"{asked}&lang=fi")) == []
    assert '<tr id="offer_slot">' in coordinator.sees(f"{asked}&lang=en")


def test_a_long_list_is_turned_page_by_page_and_each_sentence_stands_on_one(coordinator: Coordinator) -> None:
    seen: list[str] = []
    address: str | None = "/admin/prompts?show=unrecorded"
    while address:
        page = coordinator.sees(address)
        keys = re.findall(r'<tr id="([^"]+)">', page)
        assert 0 < len(keys) <= 25
        seen += keys
        older = re.search(r'href="([^"]+)" rel="next"', page)
        address = older[1] if older else None
    spoken = [key for key, _ in Catalogue.load().in_order() if Catalogue.load().entry(Language.FI, key).say]
    assert seen == spoken


@pytest.mark.parametrize("asked", ["chapter=narnia", "show=narnia", "page=0", "page=x", f"page={10**30}"])
def test_what_nobody_can_look_for_is_not_looked_for(coordinator: Coordinator, asked: str) -> None:
    assert "0 / 7" in coordinator.sees(f"/admin/prompts?{asked}")
