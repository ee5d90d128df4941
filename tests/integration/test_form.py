"""The public form beyond its first page: what may be told besides, who is in a hurry, who wants to help, who wrote before."""

import re
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from admin.demo.data import DemoData
from admin.parts import Parts
from admin.public.seals import TicketSeal
from scheduler.jobs import Job
from scheduler.records import Callback
from tests.integration.forms import SECRET, filled, hidden, opened, run_first_time, send, tickets
from tickets.intake import Matter, open_ticket
from tickets.network import Network
from tickets.ticket import Ticket
from tickets.vocabulary import Channel, TicketStatus, Topic
from voice_prompts.language import Language

ALL_OF_IT = {
    "name": "Aino Esimerkki",
    "email": "Aino@Esimerkki.FI",
    "on_behalf": "1",
    "device": "ipad",
    "need_hearing": "1",
    "need_slowly": "1",
    "wished_form": "home",
    "heard_of_us": "library",
}


def by_mail(parts: Parts, now: datetime) -> int:
    """A matter that came by e-mail, without a number."""
    with parts.sessions.begin() as session:
        network = session.scalars(select(Network.id)).one()
        matter = Matter(
            network, None, Channel.EMAIL, Language.FI, None, key="email:1", topic=Topic.PUHELIN, another=True
        )
        return open_ticket(session, matter, now=now).id


def address_of(ticket_id: int, now: datetime) -> str:
    return f"/time/{TicketSeal(ticket_id, None, now).written(SECRET)}"


def test_whatever_is_told_besides_is_on_the_ticket_and_sealed_where_it_is_personal(
    client: FlaskClient, parts: Parts, demo: DemoData
) -> None:
    assert send(client, ALL_OF_IT).status_code == 303
    (ticket,) = tickets(parts)
    assert (ticket.device, ticket.on_behalf, ticket.wished_form, ticket.heard_of_us) == (
        "ipad",
        True,
        "home",
        "library",
    )
    assert ticket.access_needs == ["hearing", "slowly"]
    assert opened(parts, ticket.name_sealed) == "Aino Esimerkki"
    assert opened(parts, ticket.email_sealed) == "aino@esimerkki.fi"


def test_the_short_form_is_enough_and_the_language_of_help_is_not_that_of_the_page(
    client: FlaskClient, parts: Parts, demo: DemoData
) -> None:
    front = client.get("/?lang=en")
    client.post("/", data=filled(front, {"language": "sv", "postcode": "", "text": ""}))
    (ticket,) = tickets(parts)
    assert (ticket.language, ticket.device, ticket.on_behalf, ticket.name_sealed) == ("sv", None, None, None)
    assert (ticket.access_needs, ticket.wished_form, ticket.heard_of_us) == ([], None, None)


@pytest.mark.parametrize("mistake", [{"email": "aino(at)esimerkki"}, {"name": "x" * 101}])
def test_a_mistake_in_what_may_be_left_out_is_shown_unfolded_with_all_that_was_typed(
    client: FlaskClient, parts: Parts, demo: DemoData, mistake: dict[str, str]
) -> None:
    page = send(client, {**ALL_OF_IT, **mistake})
    assert page.status_code == 422
    assert "<details open>" in page.text
    assert re.search(rf'id="{next(iter(mistake))}-mistake"', page.text)
    for kept in ('value="ipad" selected', 'name="need_hearing" value="1" checked', 'value="home" selected'):
        assert kept in page.text
    assert tickets(parts) == []


def test_a_machine_that_sends_at_once_is_asked_to_look_again_and_a_quick_person_loses_nothing(
    client: FlaskClient, parts: Parts, demo: DemoData
) -> None:
    front = client.get("/?lang=fi")
    fields = {**filled(front), "seal": hidden(front, "seal")}
    page = client.post("/", data=fields)
    assert page.status_code == 422
    assert "hyvin nopeasti" in page.text
    assert "Näyttö on musta." in page.text
    assert tickets(parts) == []
    assert hidden(page, "seal") == fields["seal"]  # the same showing: a little later it is taken
    assert client.post("/", data=filled(page)).status_code == 303


def test_several_matters_of_one_person_stay_several_requests(client: FlaskClient, parts: Parts, demo: DemoData) -> None:
    for topic, another in (("PUHELIN", ""), ("TUNNIST", ""), ("PUHELIN", "1")):
        address = send(client, {"topic": topic, "another": another}).location
        offered = client.get(address)
        client.post(address, data={"csrf": hidden(offered, "csrf"), "starts_at": hidden(offered, "starts_at")})
    assert [ticket.status for ticket in tickets(parts)] == [TicketStatus.PROMISED] * 3
    with parts.sessions() as session:
        assert len({one.starts_at for one in session.scalars(select(Callback))}) == 3


def test_who_goes_away_without_choosing_gets_the_first_time_and_is_told_so_beforehand(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime
) -> None:
    page = client.get(send(client).location)
    assert "puolen tunnin kuluessa" in page.text
    with parts.sessions() as session:
        (job,) = session.scalars(select(Job).where(Job.kind == "first_time")).all()
        assert timedelta(minutes=29) < job.run_at - now < timedelta(minutes=32)
    run_first_time(parts)
    (ticket,) = tickets(parts)
    assert ticket.status is TicketStatus.PROMISED
    with parts.sessions() as session:
        assert session.scalar(text("SELECT count(*) FROM job WHERE payload ->> 'template' = 'booked'")) == 1


def test_who_waits_for_a_time_is_not_told_twice_of_it(client: FlaskClient, parts: Parts, demo: DemoData) -> None:
    with parts.sessions.begin() as session:
        session.connection().exec_driver_sql("UPDATE place SET state = 'dropped', dropped_at = now()")
    assert "Vapaita aikoja ei nyt ole" in client.get(send(client).location).text
    with parts.sessions() as session:
        assert session.scalars(select(Job.state).where(Job.kind == "first_time")).all() == ["cancelled"]


def test_who_wants_to_help_is_promised_no_time_but_the_coordinators_call(
    client: FlaskClient, parts: Parts, demo: DemoData
) -> None:
    page = client.get(send(client, {"topic": "HALUAN_AUTTAA", "text": "Osaan ruotsia."}).location)
    assert "Verkoston koordinaattori soittaa sinulle" in page.text
    (ticket,) = tickets(parts)
    assert (ticket.topic, ticket.status) == ("HALUAN_AUTTAA", TicketStatus.WITH_COORDINATOR)
    assert ticket.deadline is not None
    with parts.sessions() as session:
        assert session.scalars(select(Callback)).all() == []
        assert session.scalar(text("SELECT count(*) FROM waiting")) == 0


def test_who_wrote_an_email_is_asked_for_a_number_before_a_time(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime
) -> None:
    address = address_of(by_mail(parts, now), now)
    page = client.get(f"{address}?lang=fi")
    assert "Mihin numeroon soitamme?" in page.text
    wrong = client.post(address, data={"csrf": hidden(page, "csrf"), "number": "0600 12345"})
    assert wrong.status_code == 422
    assert 'value="0600 12345"' in wrong.text
    told = client.post(address, data={"csrf": hidden(page, "csrf"), "number": "050 555 0201"})
    offered = client.get(told.location)
    assert "tiistai 24.11.2026 </span>klo 9.45" in offered.text
    (ticket,) = tickets(parts)
    assert (opened(parts, ticket.caller_sealed), ticket.can_text) == ("+358505550201", True)


def test_a_number_that_asked_for_the_same_before_is_taken_all_the_same(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime
) -> None:
    send(client)
    ticket_id = by_mail(parts, now)
    with parts.sessions.begin() as session:
        session.get_one(Ticket, ticket_id).line_id = session.scalars(select(Ticket.line_id).order_by(Ticket.id)).first()
    address = address_of(ticket_id, now)
    page = client.get(address)
    assert client.post(address, data={"csrf": hidden(page, "csrf"), "number": "050 555 0201"}).status_code == 303
    assert len({ticket.matter for ticket in tickets(parts)}) == 2


def test_the_link_of_a_matter_that_is_closed_offers_no_times(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime
) -> None:
    address = send(client).location
    with parts.sessions.begin() as session:
        ticket = session.scalars(select(Ticket)).one()
        ticket.status, ticket.closed_at = TicketStatus.CLOSED, now
    page = client.get(f"{address}?lang=fi")
    assert "pyydä uusi soitto" in page.text
    assert "starts_at" not in page.text


def test_no_time_is_promised_to_whom_nobody_can_ring(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime
) -> None:
    rung = client.get(send(client).location)
    address = address_of(by_mail(parts, now), now)
    typed = {"csrf": hidden(client.get(address), "csrf"), "starts_at": hidden(rung, "starts_at")}
    answer = client.post(address, data=typed)
    assert (answer.status_code, answer.location) == (303, address)
    with parts.sessions() as session:
        assert session.scalars(select(Callback)).all() == []
