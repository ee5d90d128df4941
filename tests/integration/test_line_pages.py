"""A line is opened on its page, heard first; what is left to do at the operator is told; it is put out of use and back."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import text

from admin.demo.data import DemoData
from admin.parts import Parts
from admin.worker import worker
from scheduler.lines import line_tasks
from scheduler.mail.boxes import add_mailbox
from scheduler.ports import MailAccount, Telephony, TelephonyError
from tests.integration.signed_in_people import HOSTILE, Keeper, field
from tickets.bulletins import put_on
from tickets.directory import add_line, add_network
from tickets.vocabulary import Role
from voice_prompts.bulletin import BulletinWords
from voice_prompts.language import Language
from voice_prompts.ulaw import seconds_of, sound_in

NEW = "/admin/lines/new"
COORDINATORS = ("/admin/prompts", "/admin/bulletins", "/admin/calls", "/admin/desk")
LINE_PAGES = ("/admin/lines", "/admin/lines/1", "/admin/bulletins", "/admin/connections", "/admin/connections/mailboxes/1",
              "/admin/prompts", "/admin/calls", "/")  # fmt: skip
FIELDS = re.compile(r'<input[^>]* name="(?:seen|name|other_name)"[^>]*>')
TYPED = {
    "number": "02 555 0300",
    "name": "Naantalin digituki",
    "other_name": "Nådendals digistöd",
    "first_language": "fi",
    "municipality": "529",
    "active": "1",
}
ALL = "SELECT e164, name, other_name, first_language, municipality, active, hears_speech FROM line ORDER BY id"


@pytest.fixture
def keeper(app: Flask, parts: Parts, demo: DemoData, now: datetime) -> Keeper:
    return Keeper(app, parts, demo, now)


def heard_of(page: str) -> dict[str, str]:
    button = re.search(r'name="heard" value="(\w+)"', page)
    assert button, "nothing can be saved yet"
    return {"heard": button[1], "seen": unescape(field(page, "seen"))}


def opened(keeper: Keeper, **other: str) -> str:
    typed = {**TYPED, **other}
    return keeper.does(NEW, **typed, **heard_of(keeper.sends(NEW, **typed).text))


class Operator(Telephony):
    """An operator with some numbers; it may be away."""

    def __init__(self, *numbers: str, away: bool = False, permanent: bool = False) -> None:
        self.numbers, self.away, self.permanent = numbers, away, permanent
        self.told: list[tuple[str, dict[str, str]]] = []

    def connect_line(self, e164: str, **webhooks: str) -> bool:
        if self.away:
            raise TelephonyError("away", permanent=self.permanent)
        self.told.append((e164, webhooks))
        return e164 in self.numbers


def works(parts: Parts, operator: Operator, address: str = "http://127.0.0.1:8000") -> None:
    hands = worker(parts)
    tasks = {**hands.tasks, **line_tasks(address, {"voice_url": f"{address}/ivr/call"})}
    replace(hands, tools=replace(hands.tools, telephony=operator), tasks=tasks, reconcile_every=None).beat()


def test_a_line_is_heard_then_opened_and_its_page_tells_what_is_left_to_do(keeper: Keeper) -> None:
    listening = keeper.sends(NEW, **TYPED)
    assert listening.status_code == 200
    assert len(keeper.fetch(ALL)) == 2
    sounds = [unescape(address) for address in re.findall(r'<audio[^>]*src="([^"]+)"', listening.text)]
    assert len(sounds) == 2
    for address in sounds:
        assert seconds_of(sound_in(keeper.client.get(address).data)) > 1
    page = keeper.does(NEW, **TYPED, **heard_of(listening.text))
    assert "Linja on avattu" in page
    assert "Yhdistetään" in page
    assert "http://127.0.0.1:8000/ivr/call" in page
    assert keeper.fetch(ALL)[-1] == (
        "+35825550300", "Naantalin digituki", "Nådendals digistöd", "fi", "529", True, False
    )  # fmt: skip
    assert keeper.fetch("SELECT kind FROM people_change ORDER BY id DESC LIMIT 1") == [("line_opened",)]


def test_a_worker_tells_the_operator_and_the_pages_say_what_came_of_it(keeper: Keeper, parts: Parts) -> None:
    opened(keeper)
    operator = Operator()
    works(parts, operator)
    assert [number for number, _ in operator.told] == ["+35825550300"]
    line = keeper.fetch("SELECT max(id) FROM line")[0][0]
    path = f"/admin/lines/{line}"
    assert "Tilillä ei ole tätä numeroa" in keeper.sees(path)
    assert "Linja yhdistetään" in keeper.does(f"{path}/connection")
    works(parts, Operator("+35825550300"))
    assert "Puhelut ja tekstiviestit tulevat meille" in keeper.sees(path)
    assert "Yhdistetty" in keeper.sees("/admin/lines")
    assert keeper.fetch("SELECT count(*) FROM job WHERE kind = 'connect_line' AND state <> 'done'") == [(0,)]


def test_an_operator_that_is_away_is_asked_again_and_one_that_refuses_is_not(keeper: Keeper, parts: Parts) -> None:
    opened(keeper)
    works(parts, Operator(away=True))
    line = keeper.fetch("SELECT max(id) FROM line")[0][0]
    assert "Yritämme uudelleen" in keeper.sees(f"/admin/lines/{line}")
    assert keeper.fetch("SELECT state FROM job WHERE kind = 'connect_line'") == [("waiting",)]
    keeper.does(f"/admin/lines/{line}/connection")
    works(parts, Operator(away=True, permanent=True))
    assert "ei hyväksynyt" in keeper.sees(f"/admin/lines/{line}")
    assert ("buried",) in keeper.fetch("SELECT state FROM job WHERE kind = 'connect_line'")


def test_a_line_that_was_connected_before_the_address_changed_says_so(keeper: Keeper, parts: Parts) -> None:
    opened(keeper)
    works(parts, Operator("+35825550300"), "https://old.example.fi")
    line = keeper.fetch("SELECT max(id) FROM line")[0][0]
    assert "Osoite vaihtunut" in keeper.sees(f"/admin/lines/{line}")


def test_a_line_of_another_country_is_opened_and_one_of_no_municipality_asks(keeper: Keeper) -> None:
    page = opened(keeper, number="+46 8 123 456 78", municipality="", other_name="", hears_speech="1")
    assert "Linja on avattu" in page
    number, _, other, _, municipality, _, hears = keeper.fetch(ALL)[-1]
    assert (number, other, municipality, hears) == ("+46812345678", None, None, True)


WRONG: list[tuple[dict[str, str], str]] = [
    ({"number": ""}, "Kirjoita tähän"),
    ({"number": "12"}, "Tällaista puhelinnumeroa ei ole"),
    ({"number": HOSTILE}, "Tällaista puhelinnumeroa ei ole"),
    ({"number": "0\x00"}, "Tällaista puhelinnumeroa ei ole"),
    ({"number": "0" * 10_000}, "liian pitkä"),
    ({"number": "02 555 0100"}, "Tämä numero on jo linjalla"),
    ({"name": ""}, "Kirjoita tähän"),
    ({"name": "", "number": "12"}, "Tällaista puhelinnumeroa ei ole"),
    ({"name": "Linja 24"}, "vain kirjaimia"),
    ({"name": HOSTILE}, "vain kirjaimia"),
    ({"name": "x" * 10_000}, "liian pitkä"),
    ({"other_name": "<b>"}, "vain kirjaimia"),
    ({"municipality": "999"}, "Tällaista kuntaa ei ole"),
    ({"first_language": "en"}, "Valitse jokin"),
]


def test_what_is_wrong_with_a_new_line_is_said_and_none_is_opened(keeper: Keeper) -> None:
    for wrong, told in WRONG:
        answer = keeper.sends(NEW, **{**TYPED, **wrong})
        assert answer.status_code == 422, wrong
        assert told in answer.text, wrong
        assert "<script>alert" not in answer.text
        assert 'value="Nådendals digistöd"' in answer.text or "other_name" in wrong
        assert len(keeper.fetch(ALL)) == 2


def test_other_names_than_were_heard_are_not_kept(keeper: Keeper) -> None:
    heard = heard_of(keeper.sends(NEW, **TYPED).text)
    assert keeper.sends(NEW, **{**TYPED, "other_name": "Nådendals linje"}, **heard).status_code == 200
    assert len(keeper.fetch(ALL)) == 2
    line = keeper.fetch("SELECT min(id) FROM line")[0][0]
    seen = unescape(field(keeper.client.get(f"/admin/lines/{line}").text, "seen"))
    changed = {"seen": seen, "first_language": "fi", "active": "1", "name": "Toinen nimi"}
    assert keeper.sends(f"/admin/lines/{line}", **changed).status_code == 200
    assert keeper.fetch("SELECT name FROM line WHERE id = :line", line=line) != [("Toinen nimi",)]


def test_of_two_who_open_a_line_of_one_number_the_second_is_told(keeper: Keeper) -> None:
    late = heard_of(keeper.sends(NEW, **TYPED).text)
    opened(keeper)
    assert "Tämä numero on jo linjalla" in keeper.is_told(NEW, **TYPED, **late)
    assert len(keeper.fetch(ALL)) == 3


def test_a_line_is_put_out_of_use_and_back_and_is_then_connected_anew(keeper: Keeper) -> None:
    line = keeper.fetch("SELECT min(id) FROM line")[0][0]
    path = f"/admin/lines/{line}"
    page = keeper.client.get(path).text
    same = {name: unescape(field(page, name)) for name in ("name", "other_name", "seen")} | {"first_language": "fi"}
    assert "Ei käytössä" in keeper.does(path, **same)
    assert keeper.sends(f"{path}/connection").status_code == 404
    stale = keeper.is_told(path, **same, active="1")
    assert "Joku muu on muuttanut linjaa" in stale
    seen = unescape(field(keeper.client.get(path).text, "seen"))
    keeper.does(path, **{**same, "seen": seen}, active="1")
    assert keeper.fetch("SELECT active FROM line WHERE id = :line", line=line) == [(True,)]
    assert keeper.fetch("SELECT count(*) FROM job WHERE kind = 'connect_line'") == [(1,)]


@pytest.mark.parametrize(
    "asked", ["fi", "fi?name=", "en?name=Digituki", "fi?name=24", "fi?name=%3Cb%3E", "sv?name=%00"]
)
def test_a_name_that_no_line_could_have_sounds_like_nothing(keeper: Keeper, asked: str) -> None:
    assert keeper.gets(f"/admin/lines/sound/{asked}") == 404


@pytest.mark.parametrize("role", [Role.KOORDINAATTORI, Role.NEUVOJA, Role.YHDYSHENKILO, Role.ALUEKOORDINAATTORI])
def test_whoever_keeps_no_settings_opens_no_line(
    app: Flask, parts: Parts, demo: DemoData, now: datetime, role: Role
) -> None:
    somebody = Keeper(app, parts, demo, now, role)
    for path in (NEW, "/admin/lines/1", "/admin/lines/sound/fi?name=Digituki"):
        assert somebody.client.get(path).location.startswith("/sign-in"), path
    assert somebody.sends(NEW, **TYPED).status_code == 302
    assert somebody.sends("/admin/lines/1/connection").status_code == 302
    assert len(somebody.fetch(ALL)) == 2


def test_a_line_of_another_network_is_not_there(keeper: Keeper) -> None:
    with keeper.parts.sessions.begin() as session:
        other = add_network(session, "Muu seutu", now=keeper.now)
        line = add_line(session, other, "+35825550900", "Muun linja", Language.FI)
    assert keeper.gets(f"/admin/lines/{line}") == 404
    assert keeper.sends(f"/admin/lines/{line}/connection").status_code == 404
    assert "Tämä numero on jo linjalla" in keeper.is_told(NEW, **{**TYPED, "number": "02 555 0900"})
    assert "Muun linja" not in keeper.sees("/admin/lines")


def test_every_page_that_names_a_line_names_it_in_its_readers_language(
    app: Flask, parts: Parts, demo: DemoData, now: datetime
) -> None:
    finnish, swedish = "Esimerkkiseudun digituki", "Exempelnejdens digistöd"
    with parts.sessions.begin() as session:
        network, line = session.execute(text("SELECT network_id, min(id) FROM line GROUP BY network_id")).one()
        account = MailAccount("imap.example.fi", 993, "digituki", "x")
        add_mailbox(session, line, "digituki@example.fi", account, now=now, actor="test")
        words = BulletinWords("Palvelussa on häiriö.", "Det är en störning i tjänsten.")
        put_on(session, network, line, words, ends_at=now + timedelta(hours=3), now=now, actor="test")
        add_line(session, add_network(session, "Muu seutu", now=now), "+35825550900", "Muun linja", Language.FI)
    keepers = {role: Keeper(app, parts, demo, now, role) for role in (Role.PAAKAYTTAJA, Role.KOORDINAATTORI)}
    for path in LINE_PAGES:
        role = Role.KOORDINAATTORI if path.startswith(COORDINATORS) else Role.PAAKAYTTAJA
        for language, named in (("sv", swedish), ("en", finnish), ("fi", finnish)):
            page = keepers[role].sees(f"{path}?lang={language}")
            assert named in page, (path, language)
            other = finnish if named == swedish else swedish
            assert other not in FIELDS.sub("", page), (path, language)
