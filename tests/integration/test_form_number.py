"""A number that was mistyped on the form: nobody else's telephone may ring because of it."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import select
from werkzeug.test import TestResponse

from admin.demo.data import DemoData
from admin.parts import Parts
from admin.public.mending import is_slip
from scheduler.records import LIVE, Callback
from tests.integration.forms import filled, hidden, opened, run_first_time, send, tickets
from tickets.ticket import TicketEvent
from tickets.vocabulary import TicketStatus

SLIP, RIGHT = {"number": "050 555 0291"}, "+358505550201"


def chosen(client: FlaskClient, address: str) -> TestResponse:
    """The page after the first time was pressed."""
    offered = client.get(address)
    return client.post(address, data={"csrf": hidden(offered, "csrf"), "starts_at": hidden(offered, "starts_at")})


def promised_numbers(parts: Parts) -> list[str | None]:
    with parts.sessions() as session:
        live = set(session.scalars(select(Callback.ticket_id).where(Callback.state.in_(LIVE))))
    return [opened(parts, one.caller_sealed) for one in tickets(parts) if one.id in live]


def change(client: FlaskClient, address: str, number: str) -> TestResponse:
    page = client.get(f"{address}?number")
    return client.post(f"{address}?number", data={"csrf": hidden(page, "csrf"), "number": number})


def test_the_number_stands_beside_the_times_and_is_changed_before_one_is_chosen(
    client: FlaskClient, parts: Parts, demo: DemoData
) -> None:
    address = send(client, SLIP).location
    assert "Soitamme numeroon 050 555 0291." in client.get(address).text
    assert 'value="+358505550291"' in client.get(f"{address}?number").text
    again = client.get(change(client, address, "050 555 0201").location)
    assert "Soitamme numeroon 050 555 0201." in again.text
    chosen(client, address)
    run_first_time(parts)
    assert promised_numbers(parts) == [RIGHT]
    with parts.sessions() as session:
        refined = session.scalars(select(TicketEvent).where(TicketEvent.kind == "refined")).one()
        assert refined.details == {"fields": ["number"]}


def test_who_changed_the_number_and_goes_back_to_the_first_form_still_has_one_request(
    client: FlaskClient, parts: Parts, demo: DemoData
) -> None:
    fields = filled(client.get("/?lang=fi"), SLIP)
    address = client.post("/", data=fields).location
    change(client, address, "050 555 0201")
    again = client.get(client.post("/", data=fields).location)
    assert "Soitamme numeroon 050 555 0201." in again.text
    assert "Sinulla on myös aika" not in again.text
    assert len(tickets(parts)) == 1


@pytest.mark.parametrize("number", ["", "112", "0600 12345", "<script>", "5" * 10_000])
def test_a_number_that_cannot_be_rung_is_no_mend_and_stays_as_typed(
    client: FlaskClient, parts: Parts, demo: DemoData, number: str
) -> None:
    address = send(client).location
    refused = change(client, address, number)
    assert refused.status_code == 422
    assert f'value="{escape(number)}"' in refused.text
    assert 'id="number-mistake"' in refused.text
    assert "Jos numero on väärin, kirjoita oikea." in refused.text
    assert opened(parts, tickets(parts)[0].caller_sealed) == RIGHT


def test_a_number_whose_time_is_promised_is_not_changed_beneath_it(
    client: FlaskClient, parts: Parts, demo: DemoData
) -> None:
    address = send(client).location
    page = client.get(f"{address}?number")
    chosen(client, address)
    late = client.post(address, data={"csrf": hidden(page, "csrf"), "number": "050 555 0299"}, follow_redirects=True)
    assert "Aika on jo varattu" in late.text
    assert promised_numbers(parts) == [RIGHT]


def test_nobody_else_sees_or_changes_the_number(app: Flask, client: FlaskClient, parts: Parts, demo: DemoData) -> None:
    address = send(client).location
    stranger = app.test_client()
    page = stranger.get(f"{address}?number&lang=fi")
    assert "555 0201" not in page.text
    assert "Vaihda numero" not in page.text
    assert stranger.post(address, data={"csrf": hidden(page, "csrf"), "number": "050 555 0299"}).status_code == 303
    assert opened(parts, tickets(parts)[0].caller_sealed) == RIGHT


def test_who_goes_back_to_a_fresh_form_and_mends_a_slip_has_one_request(
    client: FlaskClient, parts: Parts, demo: DemoData
) -> None:
    send(client, SLIP)
    page = client.get(send(client).location)
    assert "Tämä tulee äsken lähettämäsi pyynnön tilalle." in page.text
    first, second = tickets(parts)
    assert (first.status, first.outcome) == (TicketStatus.CLOSED, "KAKSOISKAPPALE")
    run_first_time(parts)
    assert promised_numbers(parts) == [RIGHT]
    assert second.status is TicketStatus.OPEN


@pytest.mark.parametrize(
    "other",
    [
        {"number": "040 123 4567"},
        {**SLIP, "topic": "TUNNIST"},
        {**SLIP, "another": "1"},
        {**SLIP, "language": "sv"},
        {**SLIP, "text": "Tulostin ei tulosta."},
        {**SLIP, "name": "Toivo"},
    ],
)
def test_a_neighbour_at_the_same_computer_is_somebody_else(
    client: FlaskClient, parts: Parts, demo: DemoData, other: dict[str, str]
) -> None:
    send(client)
    send(client, other)
    assert [one.status for one in tickets(parts)] == [TicketStatus.OPEN] * 2


def test_who_chose_a_time_for_a_slip_is_led_to_cancelling_it(client: FlaskClient, parts: Parts, demo: DemoData) -> None:
    chosen(client, send(client, SLIP).location)
    address = send(client).location
    page = client.get(address)
    assert "numeroon 050 555 0291" in page.text
    booked = client.get(chosen(client, address).location)
    assert promised_numbers(parts) == ["+358505550291", RIGHT]
    way = re.search(r'href="(/booking/[^"]+/cancel)">Peru se aika', booked.text)
    assert way is not None
    sure = client.get(way[1])
    client.post(way[1], data={"csrf": hidden(sure, "csrf"), "seen": hidden(sure, "seen")})
    assert promised_numbers(parts) == [RIGHT]
    assert "Peru se aika" not in client.get(booked.request.path).text


@pytest.mark.parametrize(
    ("one", "other", "slip"),
    [
        ("+358505550201", "+358505550202", True),
        ("+358505550201", "+358505550210", True),
        ("+358505550201", "+35850555020", True),
        ("+358505550201", "+3585055550201", True),
        ("+358505550201", "+358505551342", False),
        ("+358505550201", "+35825550100", False),
    ],
)
def test_a_slip_is_two_digits_or_one_too_many_or_few(one: str, other: str, slip: bool) -> None:
    assert (is_slip(one, other), is_slip(other, one)) == (slip, slip)


def test_who_went_back_and_sends_the_mended_form_at_once_is_not_taken_for_a_machine(
    client: FlaskClient, parts: Parts, demo: DemoData
) -> None:
    send(client, SLIP)
    front = client.get("/?lang=fi")
    at_once = client.post("/", data={**filled(front), "seal": hidden(front, "seal")})
    assert at_once.status_code == 303
