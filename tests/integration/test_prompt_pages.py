"""The pages of the line's words, as a coordinator uses them: no script, nothing half saved, nothing typed lost."""

import base64
import io
import re
import zlib
from datetime import datetime
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from admin.demo.data import DemoData
from admin.parts import Parts
from admin.prompts.typed import folded, unfolded
from admin.studio.machine import Espeak
from tests.integration.test_desk_page import hidden
from tickets.network import Line, Network
from tickets.tokens import issue_token
from tickets.vocabulary import Role
from voice_prompts.book import Entry
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language
from voice_prompts.pieces import Piece
from voice_prompts.ulaw import seconds_of, sound_in

INTRO = "Täällä kiirettä ei ole."
HOSTILE = '</textarea><script>alert("x")</script>'


class Coordinator:
    """A coordinator who has signed in, at the demo's first line."""

    def __init__(self, client: FlaskClient, parts: Parts, now: datetime, role: Role = Role.KOORDINAATTORI) -> None:
        self.client, self.parts = client, parts
        with parts.sessions.begin() as session:
            network = session.scalars(select(Network.id)).one()
            self.line = session.scalars(select(Line.id).order_by(Line.id)).first()
            token = issue_token(session, network, role, now=now)
        client.post("/sign-in", data={"csrf": hidden(client.get("/sign-in"), "csrf"), "token": token})
        self.csrf = hidden(client.get("/sign-in?lang=fi"), "csrf")

    def path(self, key: str = "intro", language: str = "fi", rest: str = "") -> str:
        return f"/admin/prompts/{self.line}/{language}/{key}{rest}"

    def sees(self, path: str = "/admin/prompts") -> str:
        page = self.client.get(path)
        assert page.status_code == 200
        return unescape(page.text)

    def sends(self, path: str, **typed: object) -> TestResponse:
        return self.client.post(path, data={"csrf": self.csrf, **typed})

    def versions(self) -> int:
        with self.parts.sessions() as session:
            return int(session.scalar(text("SELECT count(*) FROM line_sentence")) or 0)


@pytest.fixture
def coordinator(client: FlaskClient, parts: Parts, demo: DemoData, now: datetime) -> Coordinator:
    return Coordinator(client, parts, now)


def test_every_sentence_stands_side_by_side_with_a_play_button_and_when_it_is_heard(coordinator: Coordinator) -> None:
    page, common = coordinator.sees(), Catalogue.load()
    places = []
    for key, entry in common.books[Language.FI].entries.items():
        places.append(page.index(f'<tr id="{key}">'))
        for language in Language:
            assert all(part in page for part in common.entry(language, key).say)
            assert (f'src="{coordinator.path(key, language, "/sound")}"' in page) is bool(entry.say)
        assert (entry.when or "") in page
    assert places == sorted(places)
    assert page.count('<audio controls preload="none"') == 2 * sum(
        bool(entry.say) for entry in common.books[Language.FI].entries.values()
    )
    assert "media-src 'self'" in coordinator.client.get("/admin/prompts").headers["Content-Security-Policy"]


def test_a_sentence_is_rewritten_marked_and_given_back(coordinator: Coordinator) -> None:
    page = coordinator.sees(coordinator.path())
    assert "Kiirettä ei ole." in page
    saved = coordinator.sends(coordinator.path(), version="0", say=f"\r\n{INTRO}\r\n\r\n", save="1")
    assert (saved.status_code, saved.location) == (303, coordinator.path())
    page = coordinator.sees(coordinator.path())
    assert "Omin sanoin" in page
    assert "Näin muut linjat sanovat sen" in page
    assert '<a href="#intro">' in coordinator.sees()
    assert coordinator.sends(coordinator.path(), version="1", say=INTRO, common="1").status_code == 303
    page = coordinator.sees(coordinator.path())
    assert "Omin sanoin" not in page
    assert page.count(INTRO) == 1  # in the history
    assert coordinator.versions() == 2


def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(coordinator: Coordinator) -> None:
    typed = "Klo 12 voit odottaa"
    answer = coordinator.sends(coordinator.path(), version="0", say=typed, save="1")
    page = unescape(answer.text)
    assert answer.status_code == 422
    for fault in ("“1”", "“klo” on lyhenne", "“voit” on liian tuttavallinen", "ei lopu pisteeseen"):
        assert page.count(fault) == 2, fault  # at the top, and beside the field
    assert f">\n{typed}</textarea>" in page
    assert '<div id="say-mistake"><p class="mistake">' in answer.text
    assert 'aria-describedby="say-hint say-mistake" aria-invalid="true"' in answer.text
    assert coordinator.versions() == 0


@pytest.mark.parametrize(("language", "word"), [("sv", "är en förkortning"), ("en", "is short for something")])
def test_faults_are_told_in_the_readers_language(coordinator: Coordinator, language: str, word: str) -> None:
    answer = coordinator.sends(coordinator.path(rest=f"?lang={language}"), say="Klo on nyt.", save="1")
    assert word in answer.text


def test_hostile_words_are_shown_as_words(coordinator: Coordinator) -> None:
    answer = coordinator.sends(coordinator.path(), version="0", say=HOSTILE, save="1")
    assert answer.status_code == 422
    assert "<script>" not in answer.text
    assert HOSTILE in unescape(answer.text)
    text_message = "{time} {code} {line} <script>alert(1)</script>"
    assert coordinator.sends(coordinator.path("sms.booked"), version="0", text=text_message).status_code == 303
    for path in ("/admin/prompts", coordinator.path("sms.booked")):
        page = coordinator.client.get(path).text
        assert "<script>" not in page
        assert "&lt;script&gt;" in page


def test_of_two_who_change_it_at_once_the_second_loses_nothing_that_was_typed(coordinator: Coordinator) -> None:
    coordinator.sends(coordinator.path(), version="0", say=INTRO)
    answer = coordinator.sends(coordinator.path(), version="0", say="Kiire ei ole meillä.")
    assert answer.status_code == 422
    assert "Joku muu on muuttanut lausetta" in answer.text
    assert ">\nKiire ei ole meillä.</textarea>" in unescape(answer.text)
    assert coordinator.versions() == 1


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


def test_a_recording_is_taken_in_and_heard(coordinator: Coordinator) -> None:
    words = Catalogue.load().entry(Language.FI, "intro").say[0]
    piece = Piece(Language.FI, words)
    spoken = io.BytesIO(Espeak().speak(piece) + bytes(300_000))  # larger than a form may be
    sent = coordinator.sends(coordinator.path(rest="/recording"), piece=piece.name, recording=(spoken, "intro.wav"))
    assert sent.status_code == 303
    assert '<p class="mark">Äänitetty</p>' in coordinator.sees(coordinator.path())
    assert coordinator.client.get(coordinator.path(rest="/sound")).status_code == 200


@pytest.mark.parametrize(("piece", "told"), [("0" * 16, "Tätä palaa ei enää sanota"), (None, "Tiedosto ei ole ääntä")])
def test_what_is_no_recording_is_told_and_not_kept(coordinator: Coordinator, piece: str | None, told: str) -> None:
    name = piece or Piece(Language.FI, Catalogue.load().entry(Language.FI, "intro").say[0]).name
    for sound in ({"recording": (io.BytesIO(b"waves"), "x.wav")}, {}):
        answer = coordinator.sends(coordinator.path(rest="/recording"), piece=name, **sound)
        assert answer.status_code == 422
        assert told in answer.text


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


def test_a_form_of_somebody_elses_making_changes_nothing(coordinator: Coordinator) -> None:
    for rest in ("", "/recording"):
        assert coordinator.client.post(coordinator.path(rest=rest), data={"say": INTRO}).status_code == 400
    assert coordinator.client.post("/admin/prompts/stale").status_code == 400
    assert coordinator.versions() == 0


@pytest.mark.parametrize(
    "path",
    [
        "/admin/prompts?line=999999",
        "/admin/prompts/999999/fi/intro",
        "/admin/prompts/1/en/intro",
        "/admin/prompts/1/fi/narnia",
    ],
)
def test_what_is_not_there_is_not_shown(coordinator: Coordinator, path: str) -> None:
    assert coordinator.client.get(path).status_code == 404


def test_nobody_else_is_let_in(client: FlaskClient, parts: Parts, demo: DemoData, now: datetime) -> None:
    other = Coordinator(client, parts, now, Role.NEUVOJA)
    for path in ("/admin/prompts", other.path(), other.path(rest="/sound")):
        assert other.client.get(path).location.startswith("/sign-in")
    assert "/admin/prompts" not in other.client.get("/admin/").text


def test_a_coordinator_finds_the_page_from_the_queue(coordinator: Coordinator) -> None:
    assert 'href="/admin/prompts"' in coordinator.sees("/admin/")


@pytest.mark.parametrize(
    ("language", "title"), [("fi", "Mitä linja sanoo"), ("sv", "Vad linjen säger"), ("en", "What the line says")]
)
def test_the_page_speaks_three_languages(coordinator: Coordinator, language: str, title: str) -> None:
    assert f"<h1>{title}</h1>" in coordinator.sees(f"/admin/prompts?lang={language}")
