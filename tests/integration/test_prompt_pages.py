"""The pages of the line's words, as a coordinator uses them: no script, nothing half saved, nothing typed lost."""

import re
from datetime import datetime
from html import unescape

import pytest
from flask.testing import FlaskClient

from admin.demo.data import DemoData
from admin.parts import Parts
from tests.integration.prompt_room import INTRO, Coordinator, coordinator
from tickets.vocabulary import Role
from voice_prompts.catalogue import Catalogue
from voice_prompts.chapters import Chapter
from voice_prompts.language import Language, Written

__all__ = ["coordinator"]
HOSTILE = '</textarea><script>alert("x")</script>'


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
    for fault in ("”1, 2”", "”klo” on lyhenne", "”voit” on liian tuttavallinen", "ei lopu pisteeseen"):
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
