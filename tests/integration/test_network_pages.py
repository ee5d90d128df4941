"""The pages of lines, the urgent bulletin, settings and connections: heard before it goes on, nothing half saved."""

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from flask import Flask

from admin.demo.data import DemoData
from admin.network.bulletin_words import ONLY_IN_OTHER, Ready, ready_words
from admin.network.lines import coming_holidays
from admin.parts import Parts
from scheduler.slots import HELSINKI
from tests.integration.signed_in_people import HOSTILE, Keeper, field
from tickets.vocabulary import Role
from voice_prompts.bulletin import BulletinWords
from voice_prompts.language import Language
from voice_prompts.ulaw import seconds_of, sound_in

WORDS = {"fi": "Palvelussa on tänään häiriö.", "sv": "Det är en störning i tjänsten i dag."}


@pytest.fixture
def keeper(app: Flask, parts: Parts, demo: DemoData, now: datetime) -> Keeper:
    return Keeper(app, parts, demo, now)


def until(keeper: Keeper, hours: float = 3) -> dict[str, str]:
    ends = (keeper.now + timedelta(hours=hours)).astimezone(HELSINKI)
    return {"until_day": f"{ends:%Y-%m-%d}", "until_time": f"{ends:%H:%M}"}


def heard_of(page: str) -> dict[str, str]:
    """What the form carries once its words have been heard."""
    button = re.search(r'name="heard" value="(\w+)"', page)
    assert button, "nothing can be put on yet"
    return {"heard": button[1], "seen": unescape(field(page, "seen"))}


def test_a_bulletin_is_heard_before_it_goes_on(keeper: Keeper) -> None:
    path, typed = "/admin/bulletins", {**WORDS, **until(keeper)}
    listening = keeper.sends(path, **typed)
    assert listening.status_code == 200
    assert keeper.fetch("SELECT count(*) FROM bulletin") == [(0,)]
    sounds = re.findall(r'<audio[^>]*src="([^"]+)"', listening.text)
    assert len(sounds) == 2
    for address in sounds:
        assert seconds_of(sound_in(keeper.client.get(address).data)) > 2
    page = keeper.does(path, **typed, **heard_of(listening.text))
    assert "Tiedote on käytössä" in page
    assert WORDS["fi"] in page
    assert WORDS["sv"] in page
    assert "Kaikki linjat" in page


def test_other_words_than_were_heard_do_not_go_on(keeper: Keeper) -> None:
    path, typed = "/admin/bulletins", {**WORDS, **until(keeper)}
    heard = heard_of(keeper.sends(path, **typed).text)
    answer = keeper.sends(path, **{**typed, "fi": "Kaikki on hyvin."}, **heard)
    assert answer.status_code == 200
    assert keeper.fetch("SELECT count(*) FROM bulletin") == [(0,)]


def test_it_is_taken_off_at_once(keeper: Keeper) -> None:
    path, typed = "/admin/bulletins", {**WORDS, **until(keeper)}
    keeper.does(path, **typed, **heard_of(keeper.sends(path, **typed).text))
    (on,) = keeper.fetch("SELECT id FROM bulletin WHERE ended_at IS NULL")[0]
    assert "Tiedote on lopetettu." in keeper.does(f"{path}/{on}/end")
    assert keeper.fetch("SELECT count(*) FROM bulletin WHERE ended_at IS NULL") == [(0,)]
    assert keeper.sends(f"{path}/{on}/end").status_code == 303
    assert keeper.sends(f"{path}/999999/end").status_code == 404


def test_of_two_who_put_one_on_the_second_sees_the_first_ones(keeper: Keeper) -> None:
    path, typed = "/admin/bulletins", {**WORDS, **until(keeper)}
    late = heard_of(keeper.sends(path, **typed).text)
    keeper.does(path, **typed, **heard_of(keeper.sends(path, **typed).text))
    page = keeper.is_told(path, **typed, **late)
    assert "Joku muu on muuttanut tiedotetta" in page
    assert keeper.fetch("SELECT count(*) FROM bulletin") == [(1,)]


def test_whoever_writes_one_language_lets_the_other_caller_be_told_in_their_own(keeper: Keeper) -> None:
    path, typed = "/admin/bulletins", {**WORDS, "sv": "", **until(keeper)}
    listening = keeper.sends(path, **typed)
    assert listening.status_code == 200
    assert "Ruotsi oli tyhjä" in listening.text
    assert listening.text.count("<audio") == 2
    (told,) = re.findall(r'name="sv"[^>]*>([^<]*)<', listening.text)
    assert "bara på finska" in told
    assert "bara på finska" in keeper.does(path, **{**typed, "sv": told}, **heard_of(listening.text))
    assert keeper.fetch("SELECT text_sv FROM bulletin") == [(told,)]
    finnish = keeper.sends(path, **{**typed, "fi": "", "sv": WORDS["sv"]})
    assert "Suomi oli tyhjä" in finnish.text
    assert "vain ruotsiksi" in finnish.text


def test_neither_language_is_told_beside_both(keeper: Keeper) -> None:
    page = keeper.is_told("/admin/bulletins", fi=" ", sv="", **until(keeper))
    assert page.count("Kirjoita tähän jotakin.") == 4  # beside each, and above


def test_every_ready_bulletin_is_filled_in_and_can_be_said_as_it_stands(keeper: Keeper) -> None:
    for code in Ready:
        page = keeper.sees(f"/admin/bulletins?ready={code}")
        words = {one: re.findall(rf'name="{one}"[^>]*>([^<]*)<', page)[0] for one in ("fi", "sv")}
        assert all(words.values()), code
        assert keeper.sends("/admin/bulletins", **words, **until(keeper)).text.count("<audio") == 2, code
    assert 'name="heard"' not in keeper.sees("/admin/bulletins?ready=%3Cscript%3E")
    standing_in = BulletinWords(*(ready_words(ONLY_IN_OTHER, one) for one in Language))
    assert standing_in.faults() == {}


def put_on(keeper: Keeper, **other: str) -> int:
    path, typed = "/admin/bulletins", {**WORDS, **until(keeper), **other}
    keeper.does(path, **typed, **heard_of(keeper.sends(path, **typed).text))
    return int(str(keeper.fetch("SELECT max(id) FROM bulletin")[0][0]))


def test_its_end_is_moved_and_its_words_stay(keeper: Keeper) -> None:
    on = put_on(keeper)
    page = keeper.sees("/admin/bulletins")
    assert page.count("<audio") == 2
    assert "Tiedotteen loppumisaika on muutettu" in keeper.does(f"/admin/bulletins/{on}/until", **until(keeper, 24))
    ((ends, words),) = keeper.fetch("SELECT ends_at, text_fi FROM bulletin")
    assert isinstance(ends, datetime)
    assert (ends - keeper.now, words) == (timedelta(hours=24), WORDS["fi"])
    assert keeper.fetch("SELECT kind FROM people_change ORDER BY id DESC LIMIT 1") == [("bulletin_moved",)]


WRONG_ENDS: list[tuple[dict[str, str], str]] = [
    ({"until_day": ""}, "Valitse päivä"),
    ({"until_day": HOSTILE}, "Valitse päivä"),
    ({"until_time": "9" * 10_000}, "Kirjoita kellonaika"),
    ({"until_time": "kohta\x00"}, "Kirjoita kellonaika"),
    ({"until_day": "2026-11-23"}, "on jo mennyt"),
    ({"until_day": "2027-01-23"}, "enintään neljätoista"),
]


def test_what_is_wrong_with_another_end_is_said_and_it_stays(keeper: Keeper) -> None:
    on = put_on(keeper)
    before = keeper.fetch("SELECT ends_at FROM bulletin")
    for wrong, told in WRONG_ENDS:
        page = keeper.is_told(f"/admin/bulletins/{on}/until", **{**until(keeper), **wrong})
        assert told in page, wrong
        assert f'id="end-{on}-until_day"' in page
        assert keeper.fetch("SELECT ends_at FROM bulletin") == before
    assert keeper.sends("/admin/bulletins/999999/until", **until(keeper)).status_code == 404
    keeper.does(f"/admin/bulletins/{on}/end")
    assert "on jo loppunut" in keeper.is_told(f"/admin/bulletins/{on}/until", **until(keeper))


WRONG_BULLETINS: list[tuple[dict[str, object], str]] = [
    ({"sv": "Störning 24.11."}, "24"),
    ({"fi": "Palvelussa on häiriö"}, "piste"),
    ({"fi": "x" * 10_000}, "Teksti on liian pitkä"),
    ({"fi": HOSTILE}, "Ääni"),
    ({"sv": WORDS["fi"]}, "samat sanat"),
    ({"until_time": "kohta"}, "Kirjoita kellonaika"),
    ({"until_time": "09:15+02:00"}, "Kirjoita kellonaika"),
    ({"until_day": ""}, "Valitse päivä"),
    ({"until_day": "2026-11-23"}, "on jo mennyt"),
    ({"until_day": "2027-11-23"}, "enintään neljätoista"),
    ({"line": "999999"}, "Valitse linja"),
    ({"line": "x"}, "Valitse jokin"),
]


def test_what_is_wrong_with_a_bulletin_is_said_and_it_stays_off(keeper: Keeper) -> None:
    for wrong, told in WRONG_BULLETINS:
        typed = {**WORDS, **until(keeper), **wrong}
        answer = keeper.sends("/admin/bulletins", **typed)
        if answer.status_code == 200:  # nothing is wrong with the words: it is told once it is to go on
            answer = keeper.sends("/admin/bulletins", **typed, **heard_of(answer.text))
        assert answer.status_code == 422
        assert told in answer.text
        assert "<script>alert" not in answer.text
        assert typed["until_time"] in answer.text
        assert keeper.fetch("SELECT count(*) FROM bulletin") == [(0,)]


@pytest.mark.parametrize("words", ["x", "", "eJw", "%00", "eNqLjlbyzslXMDTSU4rVUYgG4rzSnJxYAErsBpc="])
def test_an_address_that_we_did_not_make_sounds_like_nothing(keeper: Keeper, words: str) -> None:
    assert keeper.gets(f"/admin/bulletins/sound/fi/{words}") == 404
    assert keeper.gets(f"/admin/bulletins/sound/en/{words}") == 404


def a_line(keeper: Keeper) -> tuple[int, dict[str, str]]:
    line = int(str(keeper.fetch("SELECT min(id) FROM line")[0][0]))
    seen = field(keeper.sees(f"/admin/lines/{line}"), "seen")
    return line, {"seen": seen, "first_language": "fi", "active": "1"}


def test_a_line_is_changed_and_the_list_shows_it(keeper: Keeper) -> None:
    line, typed = a_line(keeper)
    path = f"/admin/lines/{line}"
    typed |= {"name": "Uusi nimi", "other_name": "Nytt namn", "municipality": "853", "hears_speech": "1"}
    page = keeper.does(path, **{**typed, **heard_of(keeper.sends(path, **typed).text)})
    assert "Uusi nimi" in page
    assert "Nytt namn" in keeper.sees("/admin/lines?lang=sv")
    keeper.sees("/admin/lines?lang=fi")
    assert "Turku" in page
    assert "näppäimet ja puhe" in page
    assert keeper.fetch("SELECT kind, details ->> 'line' FROM people_change ORDER BY id DESC LIMIT 1") == [
        ("line_changed", str(line))
    ]


WRONG_LINES: list[tuple[dict[str, object], str]] = [
    ({"name": ""}, "Kirjoita tähän"),
    ({"name": "x" * 81}, "liian pitkä"),
    ({"name": "Linja 24"}, "vain kirjaimia"),
    ({"name": HOSTILE}, "vain kirjaimia"),
    ({"other_name": "<b>"}, "vain kirjaimia"),
    ({"municipality": "999"}, "Tällaista kuntaa ei ole"),
    ({"first_language": "en"}, "Valitse jokin"),
]


def test_what_is_wrong_with_a_line_is_said_and_it_stays_as_it_is(keeper: Keeper) -> None:
    for wrong, told in WRONG_LINES:
        line, typed = a_line(keeper)
        before = keeper.fetch("SELECT name, municipality, first_language FROM line ORDER BY id")
        assert told in keeper.is_told(f"/admin/lines/{line}", **{**typed, "name": "Hyvä nimi", **wrong})
        assert keeper.fetch("SELECT name, municipality, first_language FROM line ORDER BY id") == before
    assert keeper.gets("/admin/lines/999999") == 404
    assert keeper.sends("/admin/lines/999999", **{**typed, "name": "Hyvä nimi"}).status_code == 404


def test_holidays_of_the_coming_year_are_named_in_the_readers_language(keeper: Keeper) -> None:
    finnish = keeper.sees("/admin/lines")
    assert "6.12.2026" in finnish
    assert "Itsenäisyyspäivä" in finnish
    assert "Självständighetsdagen" in keeper.sees("/admin/lines?lang=sv")
    with keeper.app.test_request_context("/?lang=fi"):
        days = coming_holidays(keeper.now.date())
    assert 12 <= len(days) <= 20
    assert [one.day for one in days] == sorted(one.day for one in days)


def test_settings_are_changed_and_kept(keeper: Keeper) -> None:
    typed = {
        "seal": field(keeper.sees("/admin/settings"), "seal"),
        "alert_phone": "050 555 0777",
        "swedish_release_hours": "48",
        "minutes-TUNNIST": "90",
    }
    page = keeper.does("/admin/settings", **typed)
    assert "Asetukset on tallennettu." in page
    assert field(page, "swedish_release_hours") == "48"
    assert "+358505550777" in page
    kept = keeper.fetch("SELECT call_minutes, swedish_release_hours, asks_feedback FROM network")
    assert kept == [({"TUNNIST": 90}, 48, False)]
    assert "Joku muu on muuttanut asetuksia" in keeper.is_told("/admin/settings", **typed)


WRONG_SETTINGS: list[tuple[dict[str, object], str]] = [
    ({"alert_phone": "12"}, "Kirjoita numero muodossa"),
    ({"alert_phone": "9" * 10_000}, "liian pitkä"),
    ({"swedish_release_hours": ""}, "rajojen sisällä"),
    ({"swedish_release_hours": "1081"}, "rajojen sisällä"),
    ({"swedish_release_hours": "kaksi"}, "rajojen sisällä"),
    ({"minutes-KELA": "17"}, "15, 30, 45"),
    ({"minutes-KELA": "0"}, "rajojen sisällä"),
    ({"minutes-KELA": "9" * 40}, "rajojen sisällä"),
    ({"topic": "KELA"}, "Valitse jokin"),
    ({"minutes": "30"}, "Valitse jokin"),
    ({"topic": "KELA", "minutes": "17"}, "15, 30, 45"),
    ({"topic": HOSTILE, "minutes": "30"}, "Valitse jokin"),
]


def test_what_is_wrong_with_settings_is_said_and_they_stay(keeper: Keeper) -> None:
    for wrong, told in WRONG_SETTINGS:
        seal = field(keeper.sees("/admin/settings"), "seal")
        before = keeper.fetch("SELECT call_minutes, swedish_release_hours, asks_feedback FROM network")
        assert told in keeper.is_told("/admin/settings", **{"seal": seal, "swedish_release_hours": "48", **wrong})
        assert keeper.fetch("SELECT call_minutes, swedish_release_hours, asks_feedback FROM network") == before


def test_only_topics_that_differ_are_shown_and_one_more_is_added_or_taken_back(keeper: Keeper) -> None:
    plain = {"swedish_release_hours": "48"}
    page = keeper.sees("/admin/settings")
    assert 'name="minutes-' not in page
    page = keeper.does("/admin/settings", seal=field(page, "seal"), topic="TUNNIST", minutes="90", **plain)
    assert page.count('name="minutes-') == 1
    more = {"minutes-TUNNIST": "90", "topic": "KELA", "minutes": "30"}
    page = keeper.does("/admin/settings", seal=field(page, "seal"), **more, **plain)
    assert keeper.fetch("SELECT call_minutes FROM network") == [({"TUNNIST": 90, "KELA": 30},)]
    keeper.does("/admin/settings", seal=field(page, "seal"), **{"minutes-TUNNIST": "", "minutes-KELA": "30"}, **plain)
    assert keeper.fetch("SELECT call_minutes FROM network") == [({"KELA": 30},)]


def test_a_program_is_told_and_its_secret_is_shown_once(keeper: Keeper) -> None:
    answer = keeper.sends("/admin/connections/webhooks", address="https://example.com/hook", events=["opened"])
    assert answer.status_code == 200
    secret = re.search(r"<code>(whsec_[^<]+)</code>", answer.text)
    assert secret is not None
    page = keeper.sees("/admin/connections")
    assert secret[1] not in page
    assert "example.com" in page
    assert "/hook" not in page
    (webhook,) = keeper.fetch("SELECT id FROM webhook")[0]
    assert "Sille ei ole vielä kerrottu mitään." in keeper.sees(f"/admin/connections/webhooks/{webhook}")
    assert keeper.sends(f"/admin/connections/webhooks/{webhook}/resumption").status_code == 303
    assert "example.com" not in keeper.does(f"/admin/connections/webhooks/{webhook}/removal")
    assert keeper.gets("/admin/connections/webhooks/999999") == 404


WRONG_CONNECTIONS: list[tuple[str, dict[str, str], str]] = [
    ("webhooks", {"address": ""}, "Kirjoita tähän"),
    ("webhooks", {"address": "http://example.com"}, "alkaa https://"),
    ("webhooks", {"address": HOSTILE}, "alkaa https://"),
    ("webhooks", {"address": "https://example.com/" + "x" * 10_000}, "liian pitkä"),
    (
        "channels",
        {"name": "", "kind": "teams", "told": "fi", "address": "https://example.com"},
        "Kirjoita tähän",
    ),
    ("channels", {"name": "X", "kind": "email", "told": "fi", "address": "ei osoite"}, "on @"),
    ("channels", {"name": "X", "kind": "fax", "told": "fi", "address": "https://example.com"}, "Valitse jokin"),
    ("terms", {"unclaimed_days": "0", "claimed_days": "5"}, "rajojen sisällä"),
    ("terms", {"unclaimed_days": "", "claimed_days": "61"}, "rajojen sisällä"),
]


def test_what_is_wrong_with_a_connection_is_said_and_none_is_made(keeper: Keeper) -> None:
    for path, typed, told in WRONG_CONNECTIONS:
        assert told in keeper.is_told(f"/admin/connections/{path}", **typed)
        assert keeper.fetch("SELECT count(*) FROM webhook") == [(0,)]
        assert keeper.fetch("SELECT count(*) FROM relay_channel") == [(0,)]
        assert keeper.fetch("SELECT count(*) FROM relay_terms") == [(0,)]


def test_a_channel_is_added_and_removed_and_days_are_set(keeper: Keeper) -> None:
    page = keeper.does(
        "/admin/connections/channels", name="Tiimi", kind="email", told="both", address="tiimi@example.fi"
    )
    assert "Tiimi" in page
    assert "tiimi@example.fi" not in page
    (channel,) = keeper.fetch("SELECT id FROM relay_channel")[0]
    assert "Tiimi" not in keeper.does(f"/admin/connections/channels/{channel}/removal")
    assert field(keeper.does("/admin/connections/terms", unclaimed_days="3", claimed_days="9"), "claimed_days") == "9"


@pytest.mark.parametrize("role", [Role.NEUVOJA, Role.YHDYSHENKILO, Role.ALUEKOORDINAATTORI])
def test_others_are_shown_the_way_in(app: Flask, parts: Parts, demo: DemoData, now: datetime, role: Role) -> None:
    somebody = Keeper(app, parts, demo, now, role)
    for path in ("bulletins", "lines", "settings", "connections"):
        assert somebody.client.get(f"/admin/{path}").location.startswith("/sign-in"), path


def test_a_coordinator_puts_bulletins_on_and_keeps_no_settings(
    app: Flask, parts: Parts, demo: DemoData, now: datetime
) -> None:
    kerttu = Keeper(app, parts, demo, now, Role.KOORDINAATTORI)
    typed = {**WORDS, **until(kerttu)}
    kerttu.does("/admin/bulletins", **typed, **heard_of(kerttu.sends("/admin/bulletins", **typed).text))
    assert "Linjat ja ajat" in kerttu.sees("/admin/lines")
    assert kerttu.client.get("/admin/settings").location.startswith("/sign-in")
    assert kerttu.client.get("/admin/lines/1").location.startswith("/sign-in")
