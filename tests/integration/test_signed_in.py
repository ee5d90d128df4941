"""Being signed in: for how long, on which devices, in which language, and until when others say so."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from admin.app import build
from admin.auth import SIGN_IN
from admin.demo.data import DemoData
from admin.parts import PARTS, Parts
from admin.settings import Settings
from admin.sign_in.devices import device_of
from scheduler.people.leaving import come_back, leave
from scheduler.people.persons import give_role
from scheduler.slots import Grid
from tests.integration.way_in import Clock, WayIn
from tickets.network import Network
from tickets.people import Person
from tickets.sign_ins import SEEN_EVERY, UNUSED_FOR, UNUSED_ON_OWN_PHONE, How, SignIn, begin_sign_in, end_sign_ins
from tickets.tokens import bearer_of_person, issue_token, revoke_token, verify_token
from tickets.vocabulary import PageLanguage, Role

PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Mobile Safari/537.36"
)


class Browsers:
    """Browsers of the demo's people."""

    def __init__(self, app: Flask, parts: Parts, clock: Clock) -> None:
        self.app, self.parts, self.clock = app, parts, clock

    def person(self, role: Role) -> int:
        with self.parts.sessions() as session:
            return session.scalars(select(Person.id).where(Person.role == role).order_by(Person.id).limit(1)).one()

    def of(self, role: Role, *, remembered: bool = False, device: str = "") -> FlaskClient:
        """A browser in which somebody of this role is signed in."""
        with self.parts.sessions.begin() as session:
            who = bearer_of_person(session, self.person(role))
            assert who is not None
            secret = begin_sign_in(session, who, How.CODE, device=device, remembered=remembered, now=self.clock.at)
        client = self.app.test_client()
        with client.session_transaction() as kept:
            kept[SIGN_IN], kept["csrf"] = secret, "word"
        return client


@pytest.fixture
def browsers(app: Flask, parts: Parts, clock: Clock, demo: DemoData) -> Browsers:
    """Browsers of the demo's people, at a time that is set by hand."""
    return Browsers(app, parts, clock)


def is_in(client: FlaskClient) -> bool:
    return client.get("/me").status_code == 200


@pytest.mark.parametrize(
    ("role", "remembered", "lasts"),
    [
        (Role.OPASTAJA, True, UNUSED_ON_OWN_PHONE),
        (Role.DIGITUKIJA, True, UNUSED_ON_OWN_PHONE),
        (Role.OPASTAJA, False, UNUSED_FOR),
        (Role.KOORDINAATTORI, True, UNUSED_FOR),  # a desk is everybody's
        (Role.NEUVOJA, True, UNUSED_FOR),
    ],
)
def test_a_sign_in_ends_when_nobody_has_used_it_for_so_long(
    browsers: Browsers, role: Role, remembered: bool, lasts: timedelta
) -> None:
    client = browsers.of(role, remembered=remembered)
    browsers.clock.at += lasts - timedelta(seconds=1)
    assert is_in(client)
    browsers.clock.at += lasts - timedelta(seconds=1)
    assert is_in(client)
    browsers.clock.at += lasts
    assert not is_in(client)


def test_a_page_that_looks_for_news_by_itself_keeps_nobody_signed_in(browsers: Browsers) -> None:
    client = browsers.of(Role.KOORDINAATTORI)
    browsers.clock.at += UNUSED_FOR - timedelta(seconds=1)
    assert client.get("/me", headers={"HX-Request": "true"}).status_code == 200
    browsers.clock.at += timedelta(seconds=1)
    answer = client.get("/admin/", headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/admin/?a=b"})
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/sign-in?to=/admin/?a%3Db"


def test_that_somebody_is_there_is_written_down_once_in_a_while(browsers: Browsers, parts: Parts) -> None:
    client = browsers.of(Role.KOORDINAATTORI)
    begun = browsers.clock.at
    seen = []
    for _ in range(4):
        browsers.clock.at += SEEN_EVERY / 2
        client.get("/me")
        with parts.sessions() as session:
            seen.append((session.scalars(select(SignIn.seen_at)).one() - begun) / SEEN_EVERY)
    assert seen == [0, 1, 1, 2]


def test_what_a_browser_holds_is_not_in_the_database_and_nobody_makes_it_up(
    browsers: Browsers, parts: Parts, app: Flask
) -> None:
    client = browsers.of(Role.KOORDINAATTORI)
    with client.session_transaction() as kept:
        secret = kept[SIGN_IN]
    with parts.sessions() as session:
        row = session.scalars(select(SignIn)).one()
    assert secret.encode() not in row.secret_hash
    for made_up in ("", str(row.id), row.secret_hash.hex(), secret[:-1], "\x00"):
        other = app.test_client()
        with other.session_transaction() as kept:
            kept[SIGN_IN] = made_up
        assert not is_in(other)


def test_the_cookie_is_for_our_pages_only_and_for_no_script(
    app: Flask, parts: Parts, demo: DemoData, environment: dict[str, str], clock: Clock
) -> None:
    way = WayIn.of(app, parts, clock)
    way.comes_in(demo.helpers[0].phone)
    cookie = way.client.get("/me").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    over_https = build(Settings.read({**environment, "DIGILINJA_PUBLIC_URL": "https://linja.example"}))
    with over_https.test_client() as client:
        assert "Secure" in client.get("/sign-in").headers["Set-Cookie"]
    over_https.extensions[PARTS].engine.dispose()


def test_what_a_browser_held_before_opens_nothing_after(app: Flask, parts: Parts, demo: DemoData, clock: Clock) -> None:
    """Whoever planted a session in somebody's browser does not come in with them, nor keeps the word of its forms."""
    way = WayIn.of(app, parts, clock)
    way.shows("/sign-in")
    with way.client.session_transaction() as kept:
        kept["planted"], word = "yes", kept["csrf"]
    way.comes_in(demo.helpers[0].phone)
    way.shows("/me")
    with way.client.session_transaction() as kept:
        assert "planted" not in kept
        assert kept["csrf"] != word
        first = kept[SIGN_IN]
    way.comes_in(demo.helpers[1].phone)
    other = app.test_client()
    with other.session_transaction() as kept:
        kept[SIGN_IN] = first
    assert not is_in(other)


def test_one_page_shows_where_one_is_signed_in_and_ends_it(browsers: Browsers) -> None:
    desk, phone, other = (
        browsers.of(Role.KOORDINAATTORI, device=device) for device in ("Firefox, Windows", "Chrome, Android", "")
    )
    page = desk.get("/me?lang=fi").text
    assert page.index("Firefox, Windows") < page.index("Tämä laite")
    assert "Chrome, Android" in page
    assert "Tuntematon laite" in page
    assert len(re.findall(r"/me/sign-ins/\d+/end", page)) == 3
    assert desk.post("/me/sign-ins/end-others", data={"csrf": "word"}).status_code == 303
    assert [is_in(client) for client in (desk, phone, other)] == [True, False, False]


def test_nobody_ends_a_sign_in_of_somebody_else_from_their_own_page(browsers: Browsers, parts: Parts) -> None:
    mine, theirs = browsers.of(Role.NEUVOJA), browsers.of(Role.KOORDINAATTORI)
    with parts.sessions() as session:
        number = session.scalars(
            select(SignIn.id).where(SignIn.person_id == browsers.person(Role.KOORDINAATTORI))
        ).one()
    assert mine.post(f"/me/sign-ins/{number}/end", data={"csrf": "word"}).status_code == 303
    assert mine.post("/me/sign-ins/end-others", data={"csrf": "word"}).status_code == 303
    assert is_in(theirs)
    assert theirs.post(f"/me/sign-ins/{number}/end", data={"csrf": "word"}).location == "/sign-in"
    assert not is_in(theirs)


@pytest.mark.parametrize("path", ["/me/sign-ins/1/end", "/me/sign-ins/end-others", "/me/language", "/sign-out"])
def test_no_foreign_page_ends_anything(browsers: Browsers, path: str) -> None:
    client = browsers.of(Role.KOORDINAATTORI)
    assert client.post(path, data={"csrf": "guessed"}).status_code == 400
    assert is_in(client)


def test_whoever_signs_out_is_out_with_a_copy_of_the_cookie_too(browsers: Browsers, app: Flask) -> None:
    client = browsers.of(Role.KOORDINAATTORI)
    with client.session_transaction() as kept:
        before = dict(kept)
    client.post("/sign-out", data={"csrf": "word"})
    copy = app.test_client()
    with copy.session_transaction() as kept:
        kept.update(before)
    assert not is_in(copy)


def test_a_role_that_is_taken_away_counts_at_once(browsers: Browsers, parts: Parts) -> None:
    client = browsers.of(Role.NEUVOJA)
    assert client.get("/admin/desk").status_code == 200
    with parts.sessions.begin() as session:
        network = session.scalars(select(Network.id)).one()
        person = browsers.person(Role.NEUVOJA)
        told = {"who": None, "now": browsers.clock.at, "actor": "person:1"}
        assert give_role(session, network, person, Role.JASEN, **told) is None  # type: ignore[arg-type]
    assert client.get("/admin/desk").status_code == 302
    assert is_in(client)


def test_whoever_leaves_is_out_and_stays_out_when_they_come_back(browsers: Browsers, parts: Parts) -> None:
    client, person = browsers.of(Role.NEUVOJA), browsers.person(Role.NEUVOJA)
    told = {"who": None, "now": browsers.clock.at, "grid": Grid(), "actor": "person:1"}
    with parts.sessions.begin() as session:
        network = session.scalars(select(Network.id)).one()
        leave(session, network, person, **told)  # type: ignore[arg-type]
    assert not is_in(client)
    with parts.sessions.begin() as session:
        assert come_back(session, network, person, **told) is None  # type: ignore[arg-type]
    assert not is_in(client)


def test_whoever_keeps_people_ends_somebodys_sign_ins_and_nobody_else_does(browsers: Browsers) -> None:
    theirs, person = browsers.of(Role.NEUVOJA), browsers.person(Role.NEUVOJA)
    end = f"/admin/people/{person}/sign-ins/end"
    assert browsers.of(Role.JASEN).post(end, data={"csrf": "word"}).location.startswith("/sign-in")
    assert browsers.of(Role.YHDYSHENKILO).post(end, data={"csrf": "word"}).status_code == 403  # of another organisation
    assert is_in(theirs)
    assert browsers.of(Role.KOORDINAATTORI).post(end, data={"csrf": "word"}).status_code == 303
    assert not is_in(theirs)
    nobody = "/admin/people/999999/sign-ins/end"
    assert browsers.of(Role.KOORDINAATTORI).post(nobody, data={"csrf": "word"}).status_code == 404


def test_ending_a_persons_sign_ins_leaves_everybody_elses(browsers: Browsers, parts: Parts) -> None:
    theirs, others = browsers.of(Role.NEUVOJA), browsers.of(Role.KOORDINAATTORI)
    with parts.sessions.begin() as session:
        assert end_sign_ins(session, browsers.person(Role.NEUVOJA), now=browsers.clock.at) == 1
        assert end_sign_ins(session, browsers.person(Role.NEUVOJA), now=browsers.clock.at) == 0
    assert [is_in(theirs), is_in(others)] == [False, True]


def test_the_language_that_somebody_chose_is_theirs_wherever_they_sign_in(
    app: Flask, parts: Parts, demo: DemoData, clock: Clock
) -> None:
    helper = demo.helpers[0]
    first = WayIn.of(app, parts, clock)
    first.comes_in(helper.phone)
    first.shows("/me?lang=sv")
    second = WayIn.of(app, parts, clock)
    second.shows("/sign-in?lang=fi")
    second.comes_in(helper.phone)
    assert '<html lang="sv"' in second.shows("/me").text
    assert second.sends("/me/language", language="en").status_code == 303
    with parts.sessions() as session:
        assert (
            session.scalars(select(Person.page_language).where(Person.helper_id == helper.id)).one() is PageLanguage.EN
        )
    assert second.sends("/me/language", language="<script>").status_code == 400
    assert '<html lang="en"' in second.shows("/me").text


def test_a_key_that_is_taken_back_ends_what_was_signed_in_by_it(
    app: Flask, parts: Parts, demo: DemoData, clock: Clock
) -> None:
    with parts.sessions.begin() as session:
        network = session.scalars(select(Network.id)).one()
        token = issue_token(session, network, Role.KOORDINAATTORI, now=clock.at)
    way = WayIn.of(app, parts, clock)
    assert way.sends("/sign-in", token=token).location == "/admin/"
    assert "Ohjelman avain" in way.shows("/me?lang=fi").text
    with parts.sessions.begin() as session:
        held = verify_token(session, token, now=clock.at)
        assert held is not None
        assert held.token_id is not None
        revoke_token(session, network, held.token_id, now=clock.at)
    assert not way.is_in


def test_the_demos_people_are_nobody_elses_way_in(app: Flask, parts: Parts, demo: DemoData, clock: Clock) -> None:
    way = WayIn.of(app, parts, clock)
    assert "Kerttu" not in way.shows("/sign-in").text
    assert way.sends("/sign-in/demo", person="1").status_code == 404
    app.extensions[PARTS] = replace(app.extensions[PARTS], settings=replace(parts.settings, demo=True))
    page = way.shows("/sign-in?lang=fi").text
    assert page.count("/sign-in/demo") == len(demo.people) + len(demo.helpers)
    assert "Kerttu Koordinaattori" in page
    for wrong in ("", "999999", "<script>", "9" * 30):
        assert way.sends("/sign-in/demo", person=wrong).status_code in (400, 404)
    assert way.sends("/sign-in/demo", person=str(demo.people[0].id), to="/admin/desk").location == "/admin/desk"
    assert way.is_in


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (PHONE, "Chrome, Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Version/17.5 Mobile Safari/604.1",
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36 Edg/131.0",
            "Edge, Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Linux"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1 (KHTML, like Gecko) Version/17.4 Safari/605.1",
            "Safari, Mac",
        ),
        ("curl/8.0", ""),
        ("<script>alert(1)</script>", ""),
        ("", ""),
    ],
)
def test_a_device_is_named_in_two_words_or_not_at_all(user_agent: str, device: str) -> None:
    assert device_of(user_agent) == device
