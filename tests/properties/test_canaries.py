"""Whoever looks for canaries finds them, however they were spelled; else a test that finds none would say nothing."""

import json
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime
from html import escape
from quopri import encodestring
from urllib.parse import quote_plus

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy.orm import Session, sessionmaker

from tests.properties.canaries import Canaries, Planted, canaries, matters, plant, sung
from tickets.directory import add_network
from tickets.intake import Matter, TicketRef
from tickets.store import cipher_of
from tickets.ticket import Ticket
from voice_prompts.language import Language
from voice_prompts.speech import spoken_number, written_number

SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in capitals": str.upper,
    "in JSON": json.dumps,
    "in HTML": escape,
    "in an address": quote_plus,
    "letter by letter": " ".join,
    "in base64": lambda text: b64encode(text.encode()).decode(),
    "in quoted-printable": lambda text: encodestring(text.encode()).decode(),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@given(canaries())
def test_each_of_them_is_found_in_each_spelling(spelling: str, sings: Canaries) -> None:
    planted = Planted(TicketRef(1, "DL-7K3MH"), sings)
    spell = SPELLINGS[spelling]
    for told, token in zip(
        (sings.name, sings.email, sings.words, sings.spoken, sings.noted), sings.tokens, strict=True
    ):
        assert token in sung(planted, spell(told).encode())


@given(canaries())
def test_the_number_is_found_however_it_is_written_or_said(sings: Canaries) -> None:
    planted = Planted(TicketRef(1, "DL-7K3MH"), sings)
    national = "0" + sings.phone.removeprefix("+358")
    told = [sings.phone, national, written_number(sings.phone), "-".join(national), f"tel:{sings.phone}"]
    for spelled in told + [spoken_number(sings.phone, language) for language in Language]:
        assert sung(planted, f"{{{spelled}}}"), spelled
    assert sung(planted, f"posti {sings.postcode}") == {sings.postcode}
    assert sung(planted, "dl-7k3mh")


@given(canaries())
def test_what_says_nothing_of_them_is_silent(sings: Canaries) -> None:
    silent = '{"at":"2026-11-24T09:10:00+02:00","topic":"PUHELIN","number":"V-23456","id":123456}'
    assert sung(Planted(TicketRef(1, "DL-7K3MH"), sings), silent) == set()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10)
@given(matter=matters(), sings=canaries())
def test_a_planted_caller_is_in_the_store_sealed(
    sessions: sessionmaker[Session], now: datetime, matter: Matter, sings: Canaries
) -> None:
    with sessions() as session:
        network = add_network(session, "Seutu", now=now)
        planted = plant(session, network, matter, sings, now=now)
        ticket = session.get(Ticket, planted.ticket.id)
        assert ticket is not None
        cipher = cipher_of(session)
        kept = [ticket.name_sealed, ticket.text_sealed, ticket.caller_sealed, ticket.email_sealed]
        assert len(sung(planted, *(cipher.open(sealed) for sealed in kept if sealed))) >= 4
        assert sung(planted, *(sealed for sealed in kept if sealed)) == set()
