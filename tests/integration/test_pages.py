"""The pages as people use them: asking for a call, the coordinators' day, a helper's day."""

import re
from datetime import datetime, timedelta
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from admin.demo.data import DemoData
from admin.desk import needed
from admin.parts import Parts
from scheduler.records import Callback
from scheduler.slots import HELSINKI
from scheduler.waiting import line_of
from tests.integration.forms import ASKED, filled, hidden, send, tickets
from tickets.directory import add_line, add_network
from tickets.network import Network
from tickets.ticket import Ticket
from tickets.tokens import issue_token, revoke_token, verify_token
from tickets.vocabulary import Role, TicketStatus
from voice_prompts.language import Language


def agree(client: FlaskClient, page: TestResponse, address: str) -> TestResponse:
    return client.post(address, data={"csrf": hidden(page, "csrf"), "starts_at": hidden(page, "starts_at")})


def ask_and_agree(client: FlaskClient) -> TestResponse:
    address = send(client).location
    answer = agree(client, client.get(address), address)
    return client.get(answer.location)


def key_for(parts: Parts, now: datetime, role: Role, helper_id: int | None = None) -> str:
    with parts.sessions.begin() as session:
        network_id = session.scalars(select(Network.id)).one()
        return issue_token(session, network_id, role, now=now, helper_id=helper_id)


def sign_in(client: FlaskClient, token: str, to: str = "/admin/") -> TestResponse:
    page = client.get(f"/sign-in?to={to}")
    return client.post("/sign-in", data={"csrf": hidden(page, "csrf"), "to": to, "token": token})


def test_who_asks_by_the_form_is_promised_the_first_time_and_shown_the_code(
    client: FlaskClient, parts: Parts, demo: DemoData
) -> None:
    sent = send(client)
    offered = client.get(sent.location)
    assert hidden(offered, "starts_at") == "2026-11-24T07:45:00+00:00"
    assert "tiistai 24.11.2026 </span>klo 9.45</button>" in offered.text
    booked = client.get(agree(client, offered, sent.location).location)
    (ticket,) = tickets(parts)
    assert (ticket.status, ticket.channel, ticket.municipality) == (TicketStatus.PROMISED, "lomake", "853")
    assert "ti 24.11.2026 klo 9.45" in booked.text
    assert re.search(r">\d{4}</dd>", booked.text)


def test_later_days_begin_after_the_last_time_of_these(client: FlaskClient, demo: DemoData) -> None:
    address = send(client).location
    page = client.get(address)
    later = re.search(r'href="([^"]*after=[^"]*)"', page.text)
    assert later
    these, those = (re.findall(r'name="starts_at" value="([^"]*)"', one.text) for one in (page, client.get(later[1])))
    assert max(these) < min(those)


def test_the_request_is_kept_before_any_time_is_chosen(client: FlaskClient, parts: Parts, demo: DemoData) -> None:
    send(client)
    (ticket,) = tickets(parts)
    assert ticket.status is TicketStatus.OPEN


def test_a_form_that_is_sent_twice_is_one_request(client: FlaskClient, parts: Parts, demo: DemoData) -> None:
    front = client.get("/")
    fields = filled(front)
    client.post("/", data=fields)
    client.post("/", data=fields)
    assert len(tickets(parts)) == 1


def test_when_all_is_taken_the_request_is_kept_and_that_is_said(
    client: FlaskClient, parts: Parts, demo: DemoData
) -> None:
    with parts.sessions.begin() as session:
        session.connection().exec_driver_sql("UPDATE place SET state = 'dropped', dropped_at = now()")
    page = client.get(send(client).location)
    assert "Vapaita aikoja ei nyt ole" in page.text
    assert len(tickets(parts)) == 1
    with parts.sessions() as session:
        assert [one.ticket_id for one in line_of(session, tickets(parts)[0].network_id)] == [tickets(parts)[-1].id]


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("number", "", "Kirjoita numero"),
        ("number", "040 1234", "ei ole kokonainen puhelinnumero"),
        ("number", "+46 70 123 45 67", "vain suomalaisiin numeroihin"),
        ("number", "0600 12345", "Emme voi soittaa tähän numeroon"),
        ("number", "soittakaa!", "ei ole kokonainen puhelinnumero"),
        ("postcode", "1234", "Tällaista postinumeroa ei ole"),
        ("topic", "", "mitä asiasi koskee"),
        ("topic", "PANKKI", "mitä asiasi koskee"),
        ("language", "en", "millä kielellä"),
        ("text", "x" * 2001, "liian pitkä"),
    ],
)
def test_a_mistake_is_shown_beside_its_field_and_nothing_typed_is_lost(
    client: FlaskClient, parts: Parts, demo: DemoData, field: str, typed: str, words: str
) -> None:
    page = send(client, {field: typed})
    assert page.status_code == 422
    assert re.search(rf'id="{field}-mistake">[^<]*{words}', page.text)
    assert ASKED["text"] in page.text or field == "text"
    assert tickets(parts) == []


def test_a_form_that_was_not_shown_by_us_or_lay_open_for_days_is_shown_again(
    client: FlaskClient, parts: Parts, demo: DemoData
) -> None:
    page = send(client, {"seal": "forged"})
    assert page.status_code == 422
    assert "liian kauan" in page.text
    assert tickets(parts) == []


def test_a_machine_that_fills_every_field_leaves_no_ticket(client: FlaskClient, parts: Parts, demo: DemoData) -> None:
    send(client, {"website": "https://example.com"})
    assert tickets(parts) == []


def test_nothing_is_changed_by_a_form_from_elsewhere(client: FlaskClient, parts: Parts, demo: DemoData) -> None:
    assert send(client, {"csrf": "guessed"}).status_code == 400
    assert tickets(parts) == []


def test_a_stranger_who_types_my_number_is_not_shown_my_time_or_code(app: Flask, demo: DemoData) -> None:
    mine = ask_and_agree(app.test_client())
    code = re.search(r">(\d{4})</dd>", mine.text)
    assert code
    stranger = app.test_client()
    shown = stranger.get(send(stranger).location)
    shown_next = stranger.get(send(stranger, {"topic": "PUHELIN"}).location)
    for page in (shown, shown_next):
        assert code[1] not in page.text


def test_a_seal_that_was_made_up_shows_nothing(client: FlaskClient, demo: DemoData) -> None:
    assert client.get("/time/made-up").status_code == 404
    assert client.post("/time/made-up", data={"csrf": "x"}).status_code == 400


@pytest.mark.parametrize(
    ("language", "heading"), [("fi", "Pyydä soittoa"), ("sv", "Be om ett samtal"), ("en", "Ask for a call")]
)
def test_the_front_page_speaks_the_readers_language(
    client: FlaskClient, demo: DemoData, language: str, heading: str
) -> None:
    assert heading in client.get("/", headers={"Accept-Language": language}).text
    assert heading in client.get(f"/?lang={language}").text
    assert heading in client.get("/").text  # remembered


def test_a_coordinator_signs_in_and_sees_who_waits_first(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime
) -> None:
    ask_and_agree(client)
    send(client, {"number": "050 555 0202"})
    with parts.sessions.begin() as session:
        waiting = session.scalars(select(Ticket).where(Ticket.status == TicketStatus.OPEN)).one()
        waiting.status, waiting.deadline = TicketStatus.WITH_COORDINATOR, now + timedelta(days=1)
    answer = sign_in(client, key_for(parts, now, Role.KOORDINAATTORI))
    assert answer.location == "/admin/"
    page = client.get("/admin/")
    promised, with_coordinator = (ticket.code for ticket in tickets(parts))
    assert page.text.index(with_coordinator) < page.text.index(promised)
    assert "Koordinaattorin pyynnöt" in page.text
    assert "0505550202" not in page.text.replace(" ", "")


def test_a_wrong_key_opens_nothing_and_a_revoked_one_closes_at_once(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime
) -> None:
    assert sign_in(client, "guessed").status_code == 401
    assert client.get("/admin/").location.startswith("/sign-in")
    token = key_for(parts, now, Role.KOORDINAATTORI)
    sign_in(client, token)
    assert client.get("/admin/").status_code == 200
    with parts.sessions.begin() as session:
        held = verify_token(session, token, now=now)
        assert held is not None
        revoke_token(session, held.network_id, held.token_id, now=now)
    assert client.get("/admin/").status_code == 302


def test_signing_in_leads_to_no_foreign_page(client: FlaskClient, parts: Parts, demo: DemoData, now: datetime) -> None:
    answer = sign_in(client, key_for(parts, now, Role.KOORDINAATTORI), to="https://example.com/admin/")
    assert answer.location == "/admin/"


def test_who_signs_out_is_shown_the_way_in_again(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime
) -> None:
    sign_in(client, key_for(parts, now, Role.KOORDINAATTORI))
    client.post("/sign-out", data={"csrf": hidden(client.get("/admin/"), "csrf")})
    assert client.get("/admin/").status_code == 302


def test_a_helper_sees_their_own_calls_and_shifts_and_not_the_queue(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime
) -> None:
    ask_and_agree(client)
    helper = next(helper for helper in demo.helpers if helper.quarter == 45 and "fi" in helper.languages)
    with parts.sessions.begin() as session:
        session.scalars(select(Callback)).one().assigned_helper_id = helper.id
    sign_in(client, key_for(parts, now, Role.OPASTAJA, helper.id), to="/helper/")
    page = client.get("/helper/")
    assert helper.name in page.text
    assert "ti 24.11.2026 klo 9.45" in page.text
    assert now.astimezone(HELSINKI).strftime("%-d.%-m.%Y klo 9.45") in page.text
    assert client.get("/admin/").status_code == 302


class Outline(HTMLParser):
    """What a page's structure needs for someone who does not see it."""

    def __init__(self) -> None:
        super().__init__()
        self.labelled: set[str] = set()
        self.fields: list[str] = []
        self.headings: list[int] = []
        self.pointed: list[str] = []
        self.ids: list[str] = []
        self.language = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids += [given["id"]] if "id" in given else []
        self.pointed += given.get("aria-describedby", "").split()
        self.language = given["lang"] if tag == "html" else self.language
        if tag == "label":
            self.labelled.add(given["for"])
        if tag in ("input", "textarea", "select") and given.get("type") != "hidden":
            self.fields.append(given["id"])
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))


@pytest.mark.parametrize("path", ["/", "/sign-in", "/no-such-page", "with mistakes", "offered", "queue", "day"])
def test_every_field_is_labelled_every_hint_exists_and_headings_go_down_in_order(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime, path: str
) -> None:
    page = _page(client, parts, demo, now, path)
    outline = Outline()
    outline.feed(page.text)
    assert outline.language in ("fi", "sv", "en")
    assert set(outline.fields) <= outline.labelled
    assert set(outline.pointed) <= set(outline.ids)
    assert len(outline.ids) == len(set(outline.ids))
    assert outline.headings[0] == 1
    assert outline.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(outline.headings, outline.headings[1:], strict=False))


def _page(client: FlaskClient, parts: Parts, demo: DemoData, now: datetime, path: str) -> TestResponse:
    if path == "with mistakes":
        return send(client, {"number": "", "postcode": "1", "topic": ""})
    if path == "offered":
        return client.get(send(client).location)
    if path == "queue":
        ask_and_agree(client)
        sign_in(client, key_for(parts, now, Role.KOORDINAATTORI))
        return client.get("/admin/")
    if path == "day":
        sign_in(client, key_for(parts, now, Role.OPASTAJA, demo.helpers[0].id), to="/helper/")
        return client.get("/helper/")
    return client.get(path)


@pytest.mark.parametrize("path", ["/", "/healthz", "/no-such-page", "/api/v1/tickets", "/static/digilinja.css"])
def test_every_answer_tells_the_browser_to_trust_nothing_else(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        headers = answer.headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert path.startswith("/static/") or headers["Cache-Control"] == "no-store"


def test_who_sends_the_form_over_and_over_is_asked_to_ring_instead(
    client: FlaskClient, parts: Parts, demo: DemoData
) -> None:
    for _ in range(5):
        assert send(client, {"another": "1"}).status_code == 303
    refused = send(client, {"another": "1"})
    assert refused.status_code == 429
    assert "Soita sen sijaan linjalle" in refused.text
    assert len(tickets(parts)) == 5
    assert send(client, {"number": "050 555 0202"}).status_code == 303


def test_a_stranger_who_knows_my_number_and_my_trouble_does_not_come_upon_my_request(
    app: Flask, client: FlaskClient, parts: Parts, demo: DemoData
) -> None:
    send(client)
    send(app.test_client(), {"text": "Minä olen joku muu."})
    mine, theirs = tickets(parts)
    assert (mine.caller_index, mine.topic) == (theirs.caller_index, theirs.topic)
    assert mine.matter != theirs.matter


def test_where_two_networks_share_the_address_the_visitor_says_whose_line_they_mean(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime
) -> None:
    with parts.sessions.begin() as session:
        other = add_network(session, "Toinen seutu", now=now)
        add_line(session, other, "+358942450199", "Toisen linja", Language.FI)
    page = client.get("/?lang=fi").text
    assert "Valitse linjasi" in page
    assert "Toisen linja" in page
    front = client.get("/?lang=fi&line=358942450199")
    fields = filled(front, {"line": hidden(front, "line")})
    assert client.post("/", data=fields).status_code == 303
    (ticket,) = tickets(parts)
    assert ticket.network_id == other


@pytest.mark.parametrize(
    "path", ["/?line=%00", "/relay/%00", "/admin/desk/%00", "/admin/relay?before=99999999999999999999"]
)
def test_what_no_row_can_hold_is_no_mistake_of_ours(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime, path: str
) -> None:
    sign_in(client, key_for(parts, now, Role.KOORDINAATTORI))
    assert client.get(path).status_code == 400


@pytest.mark.parametrize(
    ("role", "page"),
    [
        (Role.JASEN, "/admin/relay"),
        (Role.YHDYSHENKILO, "/admin/people"),
        (Role.PAAKAYTTAJA, "/admin/people"),
        (Role.NEUVOJA, "/admin/"),
    ],
)
def test_everybody_comes_to_the_page_with_which_their_work_begins(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime, role: Role, page: str
) -> None:
    assert sign_in(client, key_for(parts, now, role), to="").location == page
    assert client.get(page).status_code == 200


def test_whoever_may_not_see_the_page_that_they_wanted_comes_to_one_that_is_theirs(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime
) -> None:
    for role in (Role.TIETOSUOJAVASTAAVA, Role.ALUEKOORDINAATTORI):
        for to in ("", "/admin/"):
            page = client.get(sign_in(client, key_for(parts, now, role), to=to).location)
            assert page.status_code == 200


def test_what_is_due_first_is_shown_however_much_has_come_since_and_the_rest_is_led_to(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(needed, "SHOWN", 2)
    for number in ("050 555 0201", "040 123 4567", "044 987 6543"):
        send(client, {"number": number})
    with parts.sessions.begin() as session:
        for days, ticket in enumerate(session.scalars(select(Ticket).order_by(Ticket.id)), start=1):
            ticket.status, ticket.deadline = TicketStatus.WITH_COORDINATOR, now + timedelta(days=days)
    first, second, third = (ticket.code for ticket in tickets(parts))
    sign_in(client, key_for(parts, now, Role.KOORDINAATTORI))
    page = client.get("/admin/").text
    assert [code in page for code in (first, second, third)] == [True, True, False]
    assert "/admin/tickets?state=with_coordinator" in page
