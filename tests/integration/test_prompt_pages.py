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
from voice_prompts.chapters import Chapter
from voice_prompts.language import Language, Written
from voice_prompts.pieces import Piece, fragments
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

    def records(self, key: str) -> Piece:
        """A machine's voice, taken in as a person's, for the first piece of a sentence."""
        piece = Piece(Language.FI, fragments(Catalogue.load().entry(Language.FI, key).say[0])[0])
        sound = (io.BytesIO(Espeak().speak(piece)), "x.wav")
        assert self.sends(self.path(key, rest="/recording"), piece=piece.name, recording=sound).status_code == 303
        return piece

    def versions(self) -> int:
        with self.parts.sessions() as session:
            return int(session.scalar(text("SELECT count(*) FROM line_sentence")) or 0)


@pytest.fixture
def coordinator(client: FlaskClient, parts: Parts, demo: DemoData, now: datetime) -> Coordinator:
    return Coordinator(client, parts, now)


@pytest.mark.parametrize("reader", Written)
def test_a_chapter_has_its_sentences_side_by_side_with_a_play_button_and_when_they_are_heard(
    coordinator: Coordinator, reader: Written
) -> None:
    for chapter in Chapter:
        _has_its_sentences(coordinator, chapter, reader)


def _has_its_sentences(coordinator: Coordinator, chapter: Chapter, reader: Written) -> None:
    page, common = coordinator.sees(f"/admin/prompts?chapter={chapter}&lang={reader}"), Catalogue.load()
    keys = [key for key, note in common.in_order() if note.chapter is chapter]
    assert re.findall(r'<tr id="([^"]+)">', page) == keys
    for key in keys:
        for language in Language:
            entry = common.entry(language, key)
            assert all(part in page for part in entry.say)
            assert (f'src="{coordinator.path(key, language, "/sound")}"' in page) is bool(entry.say)
        assert f'<th scope="row">{common.note(key).told[reader]}' in page
    assert page.count('<audio controls preload="none"') == 2 * sum(
        bool(common.entry(Language.FI, key).say) for key in keys
    )


def test_the_first_page_has_the_chapters_and_their_numbers_and_no_sentence(coordinator: Coordinator) -> None:
    page, common = coordinator.sees(), Catalogue.load()
    assert "<audio" not in page
    rows = re.findall(
        r"<tr>\s*<th scope=\"row\">.*?chapter=(\w+)\".*?</th>\s*<td>(\d+)</td>(.*?)</tr>", page, re.DOTALL
    )
    assert [row[0] for row in rows] == list(Chapter)
    assert sum(int(row[1]) for row in rows) == len(common.keys())
    assert "0 / 7" in rows[0][2]
    assert "media-src 'self'" in coordinator.client.get("/admin/prompts").headers["Content-Security-Policy"]


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


def test_a_sentence_is_rewritten_marked_and_given_back(coordinator: Coordinator) -> None:
    page = coordinator.sees(coordinator.path())
    assert "Kiirettä ei ole." in page
    saved = coordinator.sends(coordinator.path(), version="0", say=f"\r\n{INTRO}\r\n\r\n", save="1")
    assert (saved.status_code, saved.location) == (303, coordinator.path())
    page = coordinator.sees(coordinator.path())
    assert "Omin sanoin" in page
    assert "Näin muut linjat sanovat sen" in page
    assert '<tr id="intro">' in coordinator.sees("/admin/prompts?show=changed")
    assert coordinator.sends(coordinator.path(), version="1", say=INTRO, common="1").status_code == 303
    page = coordinator.sees(coordinator.path())
    assert "Omin sanoin" not in page
    assert page.count(f'<p class="part">{INTRO}</p>') == 1  # in the history
    assert '<tr id="intro">' not in coordinator.sees("/admin/prompts?show=changed")
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
    for path in ("/admin/prompts?chapter=texts", coordinator.path("sms.booked")):
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


def test_earlier_words_are_brought_back_and_are_the_newest_version(coordinator: Coordinator) -> None:
    coordinator.sends(coordinator.path(), version="0", say=INTRO)
    coordinator.sends(coordinator.path(), version="1", say="Kiire ei ole meillä.")
    page = coordinator.sees(coordinator.path())
    assert 'name="restore" value="1"' in page
    assert 'name="restore" value="2"' not in page
    assert coordinator.sends(coordinator.path(), version="2", restore="1").status_code == 303
    assert f'<span lang="fi">{INTRO}</span></h1>' in coordinator.sees(coordinator.path())
    assert coordinator.versions() == 3
    stale = coordinator.sends(coordinator.path(), version="2", restore="2")
    assert (stale.status_code, coordinator.versions()) == (422, 3)
    assert "Joku muu on muuttanut lausetta" in stale.text
    for nonsense in ("99", str(10**30)):
        assert coordinator.sends(coordinator.path(), version="3", restore=nonsense).status_code == 404


def test_who_wrote_a_version_is_told(coordinator: Coordinator) -> None:
    coordinator.sends(coordinator.path(), version="0", say=INTRO)
    assert re.search(r"</time>, \w+", coordinator.sees(coordinator.path()))


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


def test_a_form_of_somebody_elses_making_changes_nothing(coordinator: Coordinator) -> None:
    for rest in ("", "/recording", "/recording/forgotten"):
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
        "/admin/prompts/999999/fi",
        "/admin/prompts/1/en",
        "/admin/prompts/1/pieces/0000000000000000/sound",
    ],
)
def test_what_is_not_there_is_not_shown(coordinator: Coordinator, path: str) -> None:
    assert coordinator.client.get(path).status_code == 404


def test_nobody_else_is_let_in(client: FlaskClient, parts: Parts, demo: DemoData, now: datetime) -> None:
    other = Coordinator(client, parts, now, Role.NEUVOJA)
    for path in (
        "/admin/prompts",
        "/admin/prompts?chapter=time",
        other.path(),
        other.path(rest="/sound"),
        f"/admin/prompts/{other.line}/fi",
    ):
        assert other.client.get(path).location.startswith("/sign-in")
    assert "/admin/prompts" not in other.client.get("/admin/").text


def test_a_coordinator_finds_the_page_from_the_queue(coordinator: Coordinator) -> None:
    assert 'href="/admin/prompts"' in coordinator.sees("/admin/")


@pytest.mark.parametrize(
    ("language", "title"), [("fi", "Mitä linja sanoo"), ("sv", "Vad linjen säger"), ("en", "What the line says")]
)
def test_the_page_speaks_three_languages(coordinator: Coordinator, language: str, title: str) -> None:
    assert f"<h1>{title}</h1>" in coordinator.sees(f"/admin/prompts?lang={language}")
