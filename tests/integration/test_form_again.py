"""The public pages when something odd is sent to them: a button pressed twice, times beyond any calendar, a machine's form."""

from datetime import datetime
from threading import Barrier, Thread
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from admin.demo.data import DemoData
from admin.parts import Parts
from scheduler.promises import book
from scheduler.records import Callback
from scheduler.slots import Grid
from tests.integration.forms import hidden, send
from tickets.store import cipher_of
from tickets.ticket import Ticket

BEYOND = ["9999-12-31T23:59:59+00:00", "9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00+05:00", "2500-01-01T12:00:00Z"]


def promised(parts: Parts) -> tuple[Callback, str]:
    """The one promise that there is, and its code."""
    with parts.sessions() as session:
        callback = session.scalars(select(Callback)).one()
        return callback, cipher_of(session).open(callback.code_sealed)


@pytest.mark.parametrize("moment", BEYOND)
def test_a_time_beyond_any_calendar_is_not_understood_and_breaks_nothing(
    client: FlaskClient, parts: Parts, demo: DemoData, moment: str
) -> None:
    address = send(client).location
    page = client.get(address)
    later = client.get(f"{address}?after={quote(moment)}")
    assert (later.status_code, "Tätä ei voitu lukea" in later.text) == (400, True)
    chosen = client.post(address, data={"csrf": hidden(page, "csrf"), "starts_at": moment})
    assert chosen.status_code == 400
    assert client.get(address).status_code == 200


def test_who_presses_yes_twice_sees_the_time_and_the_code_both_times(
    client: FlaskClient, parts: Parts, demo: DemoData
) -> None:
    address = send(client).location
    offered = client.get(address)
    agreed = {"csrf": hidden(offered, "csrf"), "starts_at": hidden(offered, "starts_at")}
    first, second = (client.get(client.post(address, data=agreed).location) for _ in range(2))
    _, code = promised(parts)
    assert code in first.text
    assert second.text == first.text


def test_who_presses_yes_twice_at_once_has_one_time_and_sees_it_both_times(
    app: Flask, client: FlaskClient, parts: Parts, demo: DemoData
) -> None:
    address = send(client).location
    offered = client.get(address)
    agreed = {"csrf": hidden(offered, "csrf"), "starts_at": hidden(offered, "starts_at")}
    cookie = client.get_cookie("digilinja")
    assert cookie is not None
    barrier, pages = Barrier(4), list[str]()

    def press() -> None:
        browser = app.test_client()
        browser.set_cookie("digilinja", cookie.value)
        barrier.wait()
        pages.append(browser.post(address, data=agreed, follow_redirects=True).text)

    hands = [Thread(target=press) for _ in range(4)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    _, code = promised(parts)
    assert [code in page for page in pages] == [True] * 4


def test_a_time_that_was_not_chosen_on_the_page_is_not_shown_there(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime
) -> None:
    address = send(client).location
    offered = client.get(address)
    starts_at = hidden(offered, "starts_at")
    with parts.sessions.begin() as session:  # whoever owns the number has rung
        ticket = session.scalars(select(Ticket.id)).one()
        assert book(session, ticket, None, datetime.fromisoformat(starts_at), now=now, grid=Grid())
    data = {"csrf": hidden(offered, "csrf"), "starts_at": starts_at}
    page = client.post(address, data=data, follow_redirects=True)
    assert "Aika on jo varattu" in page.text
    assert promised(parts)[1] not in page.text


def test_a_choice_that_is_in_no_list_is_pointed_at_beside_its_field(
    client: FlaskClient, parts: Parts, demo: DemoData
) -> None:
    page = send(client, {"device": "toaster"})
    assert page.status_code == 422
    assert 'id="device-mistake">Tätä vaihtoehtoa ei ole luettelossa' in page.text
    assert "<details open>" in page.text
    assert "Näyttö on musta." in page.text
    with parts.sessions() as session:
        assert session.scalars(select(Ticket)).all() == []


def test_whoever_filled_the_field_that_nobody_sees_is_thanked_and_told_that_nothing_was_saved(
    client: FlaskClient, demo: DemoData
) -> None:
    page = send(client, {"website": "https://example.com"})
    assert page.status_code == 200
    assert "<h1>Kiitos</h1>" in page.text
    assert "Mitään ei tallennettu" in page.text


def test_a_page_that_takes_no_such_thing_and_a_form_that_is_too_long_say_so(
    client: FlaskClient, demo: DemoData
) -> None:
    client.get("/?lang=fi")
    way = client.delete("/")
    assert (way.status_code, "Tämä sivu ei ota vastaan" in way.text) == (405, True)
    long = send(client, {"text": "a" * 3_000_000})
    assert (long.status_code, "lyhennä ja lähetä uudelleen" in long.text) == (413, True)
