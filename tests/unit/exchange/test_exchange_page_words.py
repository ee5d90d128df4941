"""The telephone page in three languages, what it keeps of a call, and the clock that it may hurry."""

import re
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from ivr.exchange.app import make_app
from ivr.exchange.page import words
from ivr.exchange.page.clockwork import LEAPS_S, SHORTLY_BEFORE_S, SPEEDS

PHONE = "/phone/+358401112233"
HELPER = "/phone/+358405556677"
PAGE = Path(words.__file__).parent
KNOWN = tomllib.loads((PAGE / "words.toml").read_text(encoding="utf-8"))


class Hurried:
    """A clock that remembers how it was turned."""

    def __init__(self):
        self.speed, self.leaps = 30.0, []

    def run_at(self, speed):
        self.speed = speed

    def leap(self, seconds):
        self.leaps.append(seconds)


@pytest.fixture
def tab(world):
    """A browser tab without a screen."""
    return make_app(world.exchange).test_client()


@pytest.fixture
def clock(world):
    """A clock that the page may turn."""
    world.exchange.clockwork = Hurried()
    return world.exchange.clockwork


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_word_is_there_in_every_language_with_the_same_places(language):
    assert KNOWN[language].keys() == KNOWN["fi"].keys()
    for key, sentence in KNOWN[language].items():
        assert re.findall(r"{\w+}", sentence) == re.findall(r"{\w+}", KNOWN["fi"][key]), key


def test_every_word_is_used_and_every_word_used_is_known():
    pages = "".join(path.read_text(encoding="utf-8") for path in (PAGE / "templates").glob("*.html"))
    scripts = "".join(path.read_text(encoding="utf-8") for path in (PAGE / "static").glob("*.js"))
    views = "".join(path.read_text(encoding="utf-8") for path in PAGE.glob("*.py"))
    used = set(re.findall(r"\bt\.(\w+)", pages)) | set(re.findall(r'word\("(\w+)"', scripts))
    used |= set(
        re.findall(r'"(line|other_end|you|refused\w*|callers|helpers|others|caller|volunteer|staff)"', scripts + views)
    )
    put_together = {key for key in KNOWN["fi"] if re.match(r"(status|sign|want)_|..-..$", key)}
    assert used | put_together == KNOWN["fi"].keys() - {"language"}


@pytest.mark.parametrize(("wish", "language"), [("fi", "fi"), ("sv", "sv"), ("en", "en"), ("tlh", "fi")])
def test_the_page_is_in_the_language_chosen_and_stays_so(tab, wish, language):
    assert f'<html lang="{language}">' in tab.get(f"{PHONE}?lang={wish}").text
    assert f'<html lang="{language}">' in tab.get("/phone").text


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("sv-FI,sv;q=0.9,en;q=0.8", "sv"), ("en-US,en;q=0.9", "fi"), ("de", "fi"), ("fi-FI,sv", "fi")],
)
def test_a_browser_that_likes_swedish_is_answered_in_it_and_english_is_asked_for(tab, accepted, language):
    assert f'<html lang="{language}">' in tab.get("/phone", headers={"Accept-Language": accepted}).text


def test_the_phones_stand_by_the_part_that_their_people_play(tab):
    book = [
        {"name": "Aino", "number": "+358401112233", "part": "caller"},
        {"name": "Birger", "number": "+358405556677", "part": "volunteer", "languages": ["fi", "sv"]},
        {"name": "Talo", "number": "+358405556688", "note": "ovella"},
    ]
    assert tab.post("/phone/directory", json=book).status_code == 200
    page = tab.get("/phone?lang=sv").text
    assert page.index("De som ringer") < page.index("Aino") < page.index("Hjälpare") < page.index("Birger")
    assert "frivillig hjälpare, fi + sv" in page
    assert page.index("Andra telefoner") < page.index("ovella")


@pytest.mark.parametrize("junk", [{"part": "king"}, {"languages": "fi"}, {"languages": 7}])
def test_a_phone_with_a_part_that_nobody_plays_is_refused(tab, junk):
    answer = tab.post("/phone/directory", json=[{"name": "Aino", "number": "+358401112233"} | junk])
    assert answer.status_code == 400
    assert answer.json["error"]


def test_a_hostile_name_is_only_a_name(tab):
    tab.post("/phone/directory", json=[{"name": "<script>alert(1)</script>", "number": "+358401112233"}])
    for page in ("/phone", PHONE, "/phone?number=<script>alert(1)</script>"):
        assert "<script>alert" not in tab.get(page).text


def test_whoever_rings_is_named_with_the_line_that_rings_them(world, tab):
    tab.post("/phone/directory", json=[{"name": "Helmi", "number": "+358405556677", "part": "staff"}])
    world.answers("/call", f'<Dial callerId="{world.line.number}"><Number>+358405556677</Number></Dial>')
    tab.post(f"{PHONE}/dial", json={"to": world.line.number})
    assert tab.get("/phone/ringing").json == {"numbers": [], "phones": []}
    world.clock.run_for(2)
    rung = {"number": "+358405556677", "name": "Helmi", "from": "Digituki"}
    assert tab.get("/phone/ringing").json == {"numbers": ["+358405556677"], "phones": [rung]}


def test_what_one_did_oneself_is_told_again_to_a_page_opened_later(world, tab):
    world.answers("/call", '<Gather action="/turn" numDigits="1"><Say>Hei.</Say></Gather>')
    world.answers("/turn", '<Record action="/done"/>')
    tab.post(f"{PHONE}/dial", json={"to": world.line.number})
    world.clock.run_for(1)
    tab.post(f"{PHONE}/press", json={"keys": "x"})
    tab.post(f"{PHONE}/press", json={"keys": "1"})
    world.clock.run_for(1)
    tab.post(f"{PHONE}/say", json={"text": "Skrivaren krånglar", "language": "sv-SE"})
    told = [event for event in tab.get(f"{PHONE}/events").json["events"] if event["type"] in ("pressed", "uttered")]
    assert [event.get("keys") or (event["text"], event["language"]) for event in told] == [
        "1",
        ("Skrivaren krånglar", "sv-SE"),
    ]
    assert tab.get(told[1]["sound"]).data[:4] == b"RIFF"


def test_what_the_other_end_said_comes_with_its_language(world, tab):
    world.answers("/call", f'<Dial callerId="{world.line.number}"><Number>+358405556677</Number></Dial>')
    tab.post(f"{PHONE}/dial", json={"to": world.line.number})
    world.clock.run_for(2)
    tab.post(f"{HELPER}/answer", json={})
    tab.post(f"{HELPER}/say", json={"text": "God dag", "language": "sv-SE"})
    tab.post(f"{PHONE}/say", json={"text": "Hyvää päivää", "language": "fi-FI"})
    heard = {page: tab.get(f"{page}/events").json["events"] for page in (PHONE, HELPER)}
    spoken = {page: [e["language"] for e in events if e["type"] == "spoken"] for page, events in heard.items()}
    assert spoken == {PHONE: ["sv-SE"], HELPER: ["fi-FI"]}


@pytest.mark.usefixtures("clock")
def test_the_page_shows_how_fast_time_runs_and_what_it_may_be_made_to_do(tab):
    assert tab.get(f"{PHONE}/events").json["speed"] == 30
    page = tab.get(PHONE).text
    assert all(f'data-speed="{speed}"' in page for speed in SPEEDS)
    assert all(f'data-leap="{leap}"' in page for leap in LEAPS_S)


def test_time_is_hurried_and_leapt_over(tab, clock):
    assert tab.post("/phone/time", json={"speed": 60}).json == {"speed": 60}
    assert tab.post("/phone/time", json={"leap": 3600}).status_code == 200
    assert clock.leaps == [3600]


@pytest.mark.parametrize(
    "wish",
    [{}, [], "60", {"speed": 0}, {"speed": -1}, {"speed": True}, {"speed": "60"}, {"leap": -300}, {"leap": 1e30}],
)
def test_time_does_nothing_that_the_page_does_not_show(tab, clock, wish):
    assert tab.post("/phone/time", json=wish).status_code == 400
    assert (clock.speed, clock.leaps) == (30, [])


def test_no_time_is_leapt_over_while_somebody_is_in_a_call(world, tab, clock):
    world.answers("/call", "<Say>Hei</Say>")
    tab.post(f"{PHONE}/dial", json={"to": world.line.number})
    refused = tab.post("/phone/time", json={"leap": 300})
    assert (refused.status_code, refused.json["word"]) == (409, "refused_leap")
    assert clock.leaps == []
    tab.post(f"{PHONE}/hang_up", json={})
    assert tab.post("/phone/time", json={"leap": 300}).status_code == 200


def test_time_goes_to_shortly_before_the_next_promised_call(world, tab, clock):
    due = world.exchange.office.now() + timedelta(hours=2)
    world.exchange.ahead = lambda: due
    assert tab.get(f"{PHONE}/events").json["next"] == due.isoformat(timespec="seconds")
    assert tab.post("/phone/time", json={"leap": "next"}).status_code == 200
    assert clock.leaps == [7200 - SHORTLY_BEFORE_S]


@pytest.mark.parametrize("in_s", [None, 0, SHORTLY_BEFORE_S, -60])
def test_there_is_no_way_to_a_call_that_nobody_has_promised_or_that_comes_at_once(world, tab, clock, in_s):
    now = world.exchange.office.now()
    world.exchange.ahead = lambda: None if in_s is None else now + timedelta(seconds=in_s)
    refused = tab.post("/phone/time", json={"leap": "next"})
    assert (refused.status_code, refused.json["word"]) == (409, "refused_next")
    assert clock.leaps == []


def test_nobody_goes_to_the_next_promised_call_out_of_another(world, tab, clock):
    world.answers("/call", "<Say>Hei</Say>")
    tab.post(f"{PHONE}/dial", json={"to": world.line.number})
    due = world.exchange.office.now() + timedelta(hours=2)
    world.exchange.ahead = lambda: due
    assert tab.post("/phone/time", json={"leap": "next"}).json["word"] == "refused_leap"
    assert clock.leaps == []


def test_where_the_clock_is_the_worlds_own_nobody_turns_it(tab):
    assert tab.post("/phone/time", json={"speed": 60}).status_code == 404
    assert "data-speed" not in tab.get(PHONE).text
    assert tab.get(f"{PHONE}/events").json["speed"] is None
