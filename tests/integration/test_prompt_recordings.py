"""A person's voice on the line: taken in piece by piece, heard, found stale, thrown away."""

import io
import re
from html import unescape

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from admin.studio.machine import Espeak
from tests.integration.prompt_room import INTRO, Coordinator, coordinator
from tickets.network import Line
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language
from voice_prompts.pieces import Piece
from voice_prompts.ulaw import seconds_of, sound_in

__all__ = ["coordinator"]


def test_a_recording_is_taken_in_and_heard(coordinator: Coordinator) -> None:
    words = Catalogue.load().entry(Language.FI, "intro").say[0]
    piece = Piece(Language.FI, words)
    spoken = io.BytesIO(Espeak().speak(piece) + bytes(300_000))  # larger than a form may be
    sent = coordinator.sends(coordinator.path(rest="/recording"), piece=piece.name, recording=(spoken, "intro.wav"))
    assert sent.status_code == 303
    page = coordinator.sees(coordinator.path())
    assert '<p class="mark">Äänitetty</p>' in page
    assert "Kuullaan ihmisen ääni." in page
    assert coordinator.client.get(coordinator.path(rest="/sound")).status_code == 200
    heard = coordinator.client.get(f"/admin/prompts/{coordinator.line}/pieces/{piece.name}/sound")
    assert seconds_of(sound_in(heard.data)) > 0.3
    assert "1 / 7" in coordinator.sees()


@pytest.mark.parametrize(("piece", "told"), [("0" * 16, "Tätä palaa ei enää sanota"), (None, "Tiedosto ei ole ääntä")])
def test_what_is_no_recording_is_told_and_not_kept(coordinator: Coordinator, piece: str | None, told: str) -> None:
    name = piece or Piece(Language.FI, Catalogue.load().entry(Language.FI, "intro").say[0]).name
    for sound in ({"recording": (io.BytesIO(b"waves"), "x.wav")}, {}):
        answer = coordinator.sends(coordinator.path(rest="/recording"), piece=name, **sound)
        assert answer.status_code == 422
        assert told in answer.text


def test_a_recording_is_thrown_away_and_the_machine_speaks_again(coordinator: Coordinator) -> None:
    piece = coordinator.records("intro")
    page = coordinator.sees(coordinator.path())
    assert "Poista tämä äänite kaikilta linjoilta" in page
    gone = coordinator.sends(coordinator.path(rest="/recording/forgotten"), piece=piece.name)
    assert gone.status_code == 303
    assert "Kone puhuu: yhtä palaa ei ole äänitetty." in coordinator.sees(coordinator.path())
    again = coordinator.sends(coordinator.path(rest="/recording/forgotten"), piece=piece.name)
    assert again.status_code == 422
    assert "Kone puhuu" in again.text


def test_words_that_were_changed_after_they_were_recorded_are_stale_and_told_so(coordinator: Coordinator) -> None:
    coordinator.records("intro")
    coordinator.sends(coordinator.path(), version="0", say=INTRO)
    page = coordinator.sees(coordinator.path())
    assert "Äänite on aiemmista sanoista, eikä sitä soiteta" in page
    assert "Äänitetty aiempiin sanoihin" in page
    assert re.findall(r'<tr id="([^"]+)">', coordinator.sees("/admin/prompts?show=stale")) == ["intro"]
    other = coordinator.client.get("/admin/prompts").text
    assert f"/admin/prompts?line={coordinator.line}&amp;chapter=hello&amp;show=stale" in other
    coordinator.sends(coordinator.path(), version="1", common="1")
    assert re.findall(r'<tr id="([^"]+)">', coordinator.sees("/admin/prompts?show=stale")) == []


def test_what_is_heard_is_told_piece_by_piece(coordinator: Coordinator) -> None:
    coordinator.records("offer_slot")
    page = coordinator.sees(coordinator.path("offer_slot"))
    heard = page.partition('<ol class="pieces">')[2].partition("</ol>")[0]
    told = re.findall(r'<span lang="fi">([^<]+)</span>\s*<(\w+)', heard)
    assert told[0] == ("Voimme soittaa", "audio")
    assert ("huomenna", "span") in told  # of the example: nobody has recorded it
    assert "Kone puhuu" in page


def test_one_piece_after_another_is_recorded_until_all_are_there(coordinator: Coordinator) -> None:
    path = f"/admin/prompts/{coordinator.line}/fi"
    page = coordinator.sees(path)
    first, aloud = (
        re.findall(r'name="piece" value="(\w+)"', page),
        re.findall(r'class="aloud" lang="fi">([^<]+)<', page),
    )
    assert Piece(Language.FI, aloud[0]).name == first[0]
    later = unescape(re.findall(r'href="([^"]+)">Jätä myöhemmäksi', coordinator.client.get(path).text)[0])
    assert re.findall(r'name="piece" value="(\w+)"', coordinator.sees(later)) != first
    spoken = io.BytesIO(Espeak().speak(Piece(Language.FI, aloud[0])))
    sent = coordinator.sends(path, piece=first[0], recording=(spoken, "x.wav"), alone="1")
    assert (sent.status_code, sent.location) == (303, f"{path}?after={first[0]}&alone=1")
    page = coordinator.sees(sent.location)
    assert re.findall(r'name="piece" value="(\w+)"', page) != first
    assert re.search(r'name="alone"[^>]* checked', page)
    assert re.search(r"1/\d+ palaa", page)
    refused = coordinator.sends(path, piece="0" * 16, recording=(io.BytesIO(b"x"), "x.wav"))
    assert (refused.status_code, "Tätä palaa ei enää sanota" in refused.text) == (422, True)


def test_more_than_a_recording_is_not_read(coordinator: Coordinator) -> None:
    whole = b"--x\r\n" + bytes(13 * 1024 * 1024)
    form = {"data": whole, "content_type": "multipart/form-data; boundary=x"}
    answer = coordinator.client.post(coordinator.path(rest="/recording"), **form)
    assert answer.status_code == 413
    assert coordinator.sends(coordinator.path(), say="a" * 300_000).status_code == 413


def test_the_microphone_is_lent_to_the_page_of_one_sentence_and_to_no_other(coordinator: Coordinator) -> None:
    def microphone(answer: TestResponse) -> str:
        return answer.headers["Permissions-Policy"].rpartition("microphone=")[2]

    rules = coordinator.client.application.url_map.iter_rules()
    others = [rule.rule for rule in rules if not rule.arguments and "GET" in (rule.methods or ())]
    assert {"/admin/prompts", "/admin/", "/"} <= set(others)
    stranger = coordinator.client.application.test_client()  # is sent to the way in, by an answer of the same page
    assert {path for path in others if microphone(stranger.get(path)) != "()"} == set()
    for path in ("/admin/prompts", coordinator.path(rest="/sound")):
        assert microphone(coordinator.client.get(path)) == "()"
    assert microphone(coordinator.client.get(coordinator.path())) == "(self)"
    for refused in (
        coordinator.sends(coordinator.path(), say="12"),
        coordinator.sends(coordinator.path(rest="/recording")),
    ):
        assert (refused.status_code, microphone(refused)) == (422, "(self)")


def test_stale_recordings_are_listed_and_thrown_away(coordinator: Coordinator) -> None:
    words = Catalogue.load().entry(Language.FI, "intro").say[0]
    piece = Piece(Language.FI, words)
    sound = (io.BytesIO(Espeak().speak(piece)), "x.wav")
    coordinator.sends(coordinator.path(rest="/recording"), piece=piece.name, recording=sound)
    assert "Niitä ei ole." in coordinator.sees()
    with coordinator.parts.sessions() as session:
        lines = list(session.scalars(select(Line.id)))
    for line in lines:
        coordinator.sends(f"/admin/prompts/{line}/fi/intro", say=INTRO)
    assert f'<li lang="fi">{words}</li>' in coordinator.sees()
    assert coordinator.sends("/admin/prompts/stale").status_code == 303
    assert "Niitä ei ole." in coordinator.sees()
