"""A form that comes twice: from the same browser it is one matter, from another it is a stranger's and tells nothing."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from admin.demo.data import DemoData
from admin.parts import Parts
from scheduler.promises import book
from scheduler.records import Callback
from scheduler.slots import Grid
from tests.integration.forms import filled, hidden, opened, run_first_time, send, sent_at_once, tickets
from tickets.store import cipher_of
from tickets.ticket import Note, Ticket, TicketEvent
from tickets.vocabulary import TicketStatus

SAME = "Pyysit samaa jo äsken"


def notes(parts: Parts) -> list[tuple[str, str]]:
    with parts.sessions() as session:
        found = session.scalars(select(Note).order_by(Note.id))
        return [(note.author, cipher_of(session).open(note.text_sealed)) for note in found]


def starts(page: TestResponse) -> list[str]:
    return re.findall(r'name="starts_at" value="([^"]*)"', page.text)


def asks_and_agrees(client: FlaskClient, changes: dict[str, str] | None = None, nth: int = 0) -> TestResponse:
    """Send the form, press a time, and see it."""
    address = send(client, changes).location
    offered = client.get(address)
    agreed = {"csrf": hidden(offered, "csrf"), "starts_at": starts(offered)[nth]}
    return client.get(client.post(address, data=agreed).location)


def test_who_fills_the_form_again_is_shown_the_time_that_stands(
    client: FlaskClient, parts: Parts, demo: DemoData
) -> None:
    first = asks_and_agrees(client)
    again = client.get(send(client).location)
    code = re.search(r'<dd class="time">(\d{4})</dd>', first.text)
    assert code is not None
    assert (SAME in again.text, "Aika on varattu sinulle" in again.text, code[1] in again.text) == (True, True, True)
    assert "Katso, siirrä tai peru varaus" in again.text
    assert len(tickets(parts)) == 1
    assert notes(parts) == []


def test_other_words_of_the_same_matter_are_a_note_on_it_once_and_other_choices_are_on_the_ticket(
    client: FlaskClient, parts: Parts, demo: DemoData
) -> None:
    asks_and_agrees(client)
    for _ in range(2):
        send(client, {"text": "Nyt soittoääni katosi.", "device": "ipad", "name": "Aino", "email": "a@example.fi"})
    (ticket,) = tickets(parts)
    assert notes(parts) == [("caller", "Nyt soittoääni katosi.")]
    with parts.sessions() as session:
        opened = [cipher_of(session).open(one or "") for one in (ticket.name_sealed, ticket.email_sealed)]
    assert (ticket.device, *opened) == ("ipad", "Aino", "a@example.fi")
    assert ticket.municipality == "853"


def test_what_was_left_out_the_second_time_stays_as_it_was(client: FlaskClient, parts: Parts, demo: DemoData) -> None:
    send(client, {"name": "Aino", "device": "ipad"})
    send(client, {"text": "", "postcode": ""})
    (ticket,) = tickets(parts)
    with parts.sessions() as session:
        assert cipher_of(session).open(ticket.name_sealed or "") == "Aino"
        assert cipher_of(session).open(ticket.text_sealed or "") == "Näyttö on musta."
    assert (ticket.device, ticket.municipality) == ("ipad", "853")


def test_who_sent_it_before_choosing_a_time_goes_on_choosing(client: FlaskClient, parts: Parts, demo: DemoData) -> None:
    send(client)
    page = client.get(send(client, {"text": "Näppäimet eivät toimi."}).location)
    assert SAME in page.text
    assert starts(page)
    assert len(tickets(parts)) == 1


def test_who_goes_back_after_choosing_and_sends_the_same_page_again_sees_the_time(
    client: FlaskClient, parts: Parts, demo: DemoData
) -> None:
    fields = filled(client.get("/?lang=fi"))
    address = client.post("/", data=fields).location
    offered = client.get(address)
    client.post(address, data={"csrf": hidden(offered, "csrf"), "starts_at": starts(offered)[0]})
    again = client.get(client.post("/", data=fields).location)
    assert "Aika on varattu sinulle" in again.text
    changed = client.get(client.post("/", data={**fields, "text": "Ja ääni katkeaa."}).location)
    assert "Aika on varattu sinulle" in changed.text
    assert (len(tickets(parts)), notes(parts)) == (1, [("caller", "Ja ääni katkeaa.")])


def test_two_posts_of_one_form_at_the_same_time_are_one_request(app: Flask, parts: Parts, demo: DemoData) -> None:
    browser = app.test_client()
    fields = filled(browser.get("/?lang=fi"))
    cookie = browser.get_cookie("digilinja")
    assert cookie is not None
    assert sent_at_once(app, cookie.value, [fields] * 4) == [303] * 4
    assert len(tickets(parts)) == 1
    with parts.sessions() as session:
        assert len(session.scalars(select(TicketEvent)).all()) == 1


def test_a_form_that_is_sent_again_and_again_uses_up_no_leave_and_is_never_refused(
    client: FlaskClient, parts: Parts, demo: DemoData
) -> None:
    fields = filled(client.get("/?lang=fi"))
    assert [client.post("/", data=fields).status_code for _ in range(7)] == [303] * 7
    others = [send(client, {"text": f"Asia {number}", "another": "1"}).status_code for number in range(5)]
    assert others == [303] * 4 + [429]
    assert client.post("/", data=fields).status_code == 303
    assert len(tickets(parts)) == 5


def test_who_goes_back_and_mends_the_form_has_one_open_request_with_the_new_words(
    client: FlaskClient, parts: Parts, demo: DemoData
) -> None:
    front = client.get("/?lang=fi")
    client.post("/", data=filled(front))
    client.post("/", data=filled(front, {"number": "050 555 0299"}))
    first, second = tickets(parts)
    assert (first.status, first.outcome) == (TicketStatus.CLOSED, "KAKSOISKAPPALE")
    assert (second.status, opened(parts, second.caller_sealed)) == (TicketStatus.OPEN, "+358505550299")
    run_first_time(parts)
    with parts.sessions() as session:
        assert [one.ticket_id for one in session.scalars(select(Callback))] == [second.id]


def test_two_tabs_that_send_at_once_make_one_request(app: Flask, parts: Parts, demo: DemoData) -> None:
    first = app.test_client()
    tabs = [filled(first.get("/?lang=fi"), {"text": f"Välilehti {number}"}) for number in range(3)]
    cookie = first.get_cookie("digilinja")
    assert cookie is not None
    answers = sent_at_once(app, cookie.value, tabs)
    (ticket,) = tickets(parts)
    with parts.sessions() as session:
        written = {cipher_of(session).open(ticket.text_sealed or ""), *(words for _, words in notes(parts))}
    assert answers == [303] * 3
    assert written == {f"Välilehti {number}" for number in range(3)}


@pytest.mark.parametrize(
    "changes", [{"topic": "TUNNIST"}, {"number": "050 555 0299"}, {"language": "sv"}, {"another": "1"}]
)
def test_another_number_matter_or_language_and_whoever_says_so_is_another_request(
    client: FlaskClient, parts: Parts, demo: DemoData, changes: dict[str, str]
) -> None:
    asks_and_agrees(client)
    page = client.get(send(client, changes).location)
    assert SAME not in page.text
    assert starts(page)
    assert len(tickets(parts)) == 2


def test_the_way_to_another_matter_says_so_on_the_form(client: FlaskClient, demo: DemoData) -> None:
    booked = asks_and_agrees(client)
    assert 'href="/?another=1#ask"' in booked.text
    assert hidden(client.get("/?another=1"), "another") == "1"
    refused = send(client, {"another": "1", "number": ""})
    assert hidden(refused, "another") == "1"


def test_what_is_over_or_hours_old_is_not_what_stands(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime
) -> None:
    send(client)
    with parts.sessions.begin() as session:
        session.scalars(select(Ticket)).one().created_at = now - timedelta(hours=3)
    assert SAME not in client.get(send(client).location).text
    assert len(tickets(parts)) == 2


def test_who_booked_sees_the_number_that_is_rung_and_nobody_else_who_has_the_link(
    app: Flask, client: FlaskClient, parts: Parts, demo: DemoData
) -> None:
    mine = asks_and_agrees(client)
    assert "050 555 0201" in mine.text
    assert re.search(r'href="/booking/[^"]+/cancel">Peru aika</a>', mine.text), "what to do if it is wrong"
    theirs = app.test_client().get(mine.request.path)
    assert "Aika on varattu sinulle" in theirs.text
    assert "555 0201" not in theirs.text
    with parts.sessions.begin() as session:
        session.execute(text("UPDATE ticket SET created_at = created_at - interval '3 hours'"))
    assert "555 0201" not in client.get(mine.request.path).text, "not to whoever sits at the computer later"


def test_a_stranger_with_the_same_number_and_matter_is_treated_as_if_nobody_had_asked(
    app: Flask, client: FlaskClient, parts: Parts, demo: DemoData
) -> None:
    mine = asks_and_agrees(client)
    code = re.search(r'<dd class="time">(\d{4})</dd>', mine.text)
    assert code is not None
    stranger, nobody = app.test_client(), app.test_client()
    seen = stranger.get(send(stranger).location)
    other = nobody.get(send(nobody, {"number": "050 555 0299"}).location)
    assert starts(seen) == starts(other), "a time that is missing would tell when the other one is rung"
    assert SAME not in seen.text
    assert code[1] not in seen.text
    assert len(tickets(parts)) == 3


def test_a_stranger_who_hits_on_my_time_is_told_what_anybody_is_who_comes_too_late(
    app: Flask, client: FlaskClient, parts: Parts, demo: DemoData
) -> None:
    asks_and_agrees(client)
    stranger = app.test_client()
    address = send(stranger).location
    offered = stranger.get(address)
    pressed = starts(offered)[0]
    refused = stranger.post(address, data={"csrf": hidden(offered, "csrf"), "starts_at": pressed})
    assert (refused.status_code, "Tämä aika ei ole enää vapaa" in refused.text) == (409, True)
    assert pressed not in starts(refused)
    with parts.sessions() as session:
        assert len(session.scalars(select(Callback)).all()) == 1


def test_my_own_other_time_leaves_a_gap_in_my_own_list(client: FlaskClient, demo: DemoData) -> None:
    address = send(client).location
    offered = client.get(address)
    taken = starts(offered)[0]
    client.post(address, data={"csrf": hidden(offered, "csrf"), "starts_at": taken})
    assert taken not in starts(client.get(send(client, {"topic": "TUNNIST"}).location))


def test_a_time_that_the_owner_of_the_number_took_by_phone_is_not_shown_to_who_sends_the_form_again(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime
) -> None:
    offered = client.get(send(client).location)
    with parts.sessions.begin() as session:
        ticket = session.scalars(select(Ticket.id)).one()
        starts_at = datetime.fromisoformat(starts(offered)[0])
        assert book(session, ticket, None, starts_at, now=now, grid=Grid())
    page = client.get(send(client).location)
    assert "Aika on jo varattu" in page.text
    assert "<dd" not in page.text


def test_a_time_lost_between_showing_and_pressing_is_told_and_others_are_shown(
    app: Flask, client: FlaskClient, parts: Parts, demo: DemoData
) -> None:
    address = send(client).location
    offered = client.get(address)
    pressed = starts(offered)[0]
    with parts.sessions.begin() as session:
        session.connection().exec_driver_sql(
            "UPDATE place SET state = 'dropped', dropped_at = now() WHERE lower(during) < '2026-11-25'"
        )
    lost = client.post(address, data={"csrf": hidden(offered, "csrf"), "starts_at": pressed})
    assert (lost.status_code, "Tämä aika ei ole enää vapaa" in lost.text) == (409, True)
    others = starts(lost)
    assert min(others) > "2026-11-25"
    taken = client.post(address, data={"csrf": hidden(lost, "csrf"), "starts_at": others[0]})
    assert "Aika on varattu sinulle" in client.get(taken.location).text


def test_what_was_added_is_told_on_the_tickets_story(client: FlaskClient, parts: Parts, demo: DemoData) -> None:
    asks_and_agrees(client)
    send(client, {"text": "Lisäksi tulostin.", "device": "ipad"})
    with parts.sessions() as session:
        kinds = session.scalars(select(TicketEvent.kind).order_by(TicketEvent.id)).all()
    assert [kind.value for kind in kinds] == ["opened", "promised", "refined", "noted"]
