"""Words are heard before they are saved, from an address that we made and from no other."""

import base64
import re
import zlib
from html import unescape

import pytest

from admin.prompts.typed import folded, unfolded
from tests.integration.prompt_room import Coordinator, coordinator
from voice_prompts.book import Entry
from voice_prompts.language import Language
from voice_prompts.pieces import Piece
from voice_prompts.ulaw import seconds_of, sound_in

__all__ = ["coordinator"]


def test_words_are_heard_before_they_are_saved(coordinator: Coordinator) -> None:
    words = "Täällä ei ole kiirettä, ei tänään eikä huomenna, eikä koskaan muulloinkaan."
    page = coordinator.sends(coordinator.path(), version="0", say=words, listen="1")
    assert page.status_code == 200
    (address,) = re.findall(r'src="([^"]*words=[^"]*)"', unescape(page.text))
    tried, said = coordinator.client.get(address), coordinator.client.get(coordinator.path(rest="/sound"))
    assert tried.content_type == said.content_type == "audio/wav"
    assert seconds_of(sound_in(tried.data)) > 2 * seconds_of(sound_in(said.data)) > 0.5
    assert coordinator.client.get(address, headers={"Range": "bytes=0-99"}).status_code == 206
    assert coordinator.versions() == 0


def test_what_is_too_long_to_be_heard_says_so_and_stays(coordinator: Coordinator) -> None:
    answer = coordinator.sends(coordinator.path(), say=_unlike(400), listen="1")
    assert answer.status_code == 422
    assert "Näin pitkää ei voi kuunnella" in answer.text


def _unlike(count: int) -> str:
    """Lines that no packing makes short."""
    digits = "".join(Piece(Language.FI, str(number)).name for number in range(count))
    letters = "".join(chr(97 + int(digit, 16)) for digit in digits)
    return "\n".join(f"{letters[at : at + 100]}." for at in range(0, len(letters), 100))


@pytest.mark.parametrize("words", ["x", "", "eJw", "é", "%00", folded(Entry(say=("Klo 12.",))) or ""])
def test_an_address_that_we_did_not_make_sounds_like_nothing(coordinator: Coordinator, words: str) -> None:
    assert coordinator.client.get(coordinator.path(rest="/sound"), query_string={"words": words}).status_code == 404


def test_an_address_that_unfolds_without_end_is_not_unfolded() -> None:
    bomb = base64.urlsafe_b64encode(zlib.compress(b'[["' + b"a" * 50_000_000 + b'"],[],null]')).decode()
    assert unfolded(bomb) is None
    entry = Entry(say=("Hei.", "Moi."), again=("Hei.",), text="Terve")
    assert unfolded(folded(entry) or "") == entry
