"""However often and by whichever way a matter is told, it is one ticket, and nothing of it is lost."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tickets.directory import add_line, add_network
from tickets.intake import MOST_WRITTEN, Matter, TicketRef, open_ticket
from tickets.recordings import attach_recording, discard_recordings, note_recording, recordings_of
from tickets.store import cipher_of
from tickets.ticket import Ticket, TicketEvent
from tickets.vocabulary import (
    AccessNeed,
    Channel,
    Device,
    EventKind,
    HeardOfUs,
    HelpForm,
    TicketStatus,
    Topic,
)
from voice_prompts.language import Language

MOBILE, LANDLINE = "+358401234567", "+35822330000"
Opens = Callable[..., TicketRef]


@pytest.fixture
def matter(session: Session, now: datetime) -> Matter:
    """A call on the first line of a network, about a phone."""
    network = add_network(session, "Esimerkkiseutu", now=now)
    line = add_line(session, network, "+358942450100", "Digituki", Language.FI)
    session.commit()
    return Matter(network, line, Channel.PHONE, Language.FI, MOBILE, "call:CA1:1", topic=Topic.PUHELIN)


@pytest.fixture
def opens(session: Session, matter: Matter, now: datetime) -> Opens:
    """Tell the matter, with these changes."""

    def tell(**changes: object) -> TicketRef:
        return open_ticket(session, replace(matter, **changes), now=now)  # type: ignore[arg-type]

    return tell


def test_a_matter_becomes_a_ticket_with_a_code_and_an_event(session: Session, opens: Opens, now: datetime) -> None:
    ref = opens(municipality="853", text="Ruutu on musta")
    ticket = session.get_one(Ticket, ref.id)
    assert ref.code == ticket.code
    assert re.fullmatch(r"DL-[2-9A-HJKMNP-Z]{5}", ref.code)
    assert (ticket.status, ticket.topic, ticket.municipality) == (TicketStatus.OPEN, Topic.PUHELIN, "853")
    assert (ticket.channel, ticket.language, ticket.created_at) == (Channel.PHONE, Language.FI, now)
    assert _events(session, ref) == [EventKind.OPENED]


def test_number_and_text_are_sealed_in_the_row(session: Session, opens: Opens) -> None:
    ticket = session.get_one(Ticket, opens(text="Ruutu on musta").id)
    cipher = cipher_of(session)
    assert ticket.caller_sealed is not None
    assert MOBILE[4:] not in ticket.caller_sealed
    assert cipher.open(ticket.caller_sealed) == MOBILE
    assert ticket.text_sealed is not None
    assert cipher.open(ticket.text_sealed) == "Ruutu on musta"
    assert ticket.caller_index == cipher.index_of(MOBILE)


def test_only_a_mobile_is_texted(session: Session, opens: Opens) -> None:
    assert session.get_one(Ticket, opens().id).can_text
    assert not session.get_one(Ticket, opens(key="call:CA2:1", caller=LANDLINE).id).can_text


def test_the_same_key_again_is_the_same_ticket_and_adds_nothing(session: Session, opens: Opens) -> None:
    first = opens()
    assert opens(topic=Topic.MUU) == first
    assert _events(session, first) == [EventKind.OPENED]


def test_a_caller_who_rings_again_about_the_same_matter_refines_the_ticket(session: Session, opens: Opens) -> None:
    first = opens()
    again = opens(key="call:CA2:1", municipality="853", language=Language.SV)
    assert again == first
    ticket = session.get_one(Ticket, first.id, populate_existing=True)
    assert (ticket.municipality, ticket.language) == ("853", Language.SV)
    assert _events(session, first) == [EventKind.OPENED, EventKind.RANG_AGAIN]
    assert opens(key="call:CA2:1") == first
    assert len(_events(session, first)) == 2


def test_what_is_written_later_comes_below_what_was_written_before(session: Session, opens: Opens) -> None:
    first = opens(key="text:SM1", channel=Channel.TEXT, topic=None, text="Tulostin ei toimi")
    for key, said in (("text:SM2", "Se on uusi"), ("text:SM2", "Se on uusi"), ("text:SM3", "x" * MOST_WRITTEN)):
        again = opens(key=key, channel=Channel.TEXT, topic=None, text=said)
        assert again == first
        kept = cipher_of(session).open(str(session.get_one(Ticket, first.id, populate_existing=True).text_sealed))
        if key == "text:SM2":
            assert kept == "Tulostin ei toimi\nSe on uusi"
    assert kept == "x" * MOST_WRITTEN


def test_two_texts_at_once_are_both_kept(
    sessions: sessionmaker[Session], session: Session, opens: Opens, matter: Matter, now: datetime
) -> None:
    first = opens(key="text:SM0", channel=Channel.TEXT, topic=None, text="nolla")
    session.commit()
    at_once = Barrier(4)

    def write(said: str) -> TicketRef:
        with sessions.begin() as own:
            at_once.wait(timeout=20)
            told = replace(matter, key=f"text:{said}", channel=Channel.TEXT, topic=None, text=said)
            return open_ticket(own, told, now=now)

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(write, ["yksi", "kaksi", "kolme", "neljä"])) == {first}
    kept = cipher_of(session).open(str(session.get_one(Ticket, first.id, populate_existing=True).text_sealed))
    assert sorted(kept.split("\n")) == ["kaksi", "kolme", "neljä", "nolla", "yksi"]


def test_a_ticket_without_a_topic_is_adopted_by_the_next_call_that_names_one(session: Session, opens: Opens) -> None:
    first = opens(topic=None, abandoned=True)
    assert session.get_one(Ticket, first.id).status is TicketStatus.UNFINISHED
    assert opens(key="call:CA2:1", topic=Topic.TUNNIST) == first
    ticket = session.get_one(Ticket, first.id, populate_existing=True)
    assert (ticket.topic, ticket.matter, ticket.status) == (Topic.TUNNIST, "TUNNIST", TicketStatus.OPEN)


def test_hanging_up_before_a_topic_adds_to_what_is_open_already(opens: Opens) -> None:
    first = opens()
    assert opens(key="call:CA2:1", topic=None, abandoned=True) == first


def test_one_who_has_a_time_and_hangs_up_at_once_gets_no_second_ticket(session: Session, opens: Opens) -> None:
    first = opens()
    session.get_one(Ticket, first.id).status = TicketStatus.PROMISED
    session.flush()
    assert opens(key="call:CA2:1", topic=None, abandoned=True) == first
    assert session.get_one(Ticket, first.id, populate_existing=True).status is TicketStatus.PROMISED


def test_one_who_has_a_time_and_names_the_same_topic_gets_another_ticket(session: Session, opens: Opens) -> None:
    first = opens()
    session.get_one(Ticket, first.id).status = TicketStatus.PROMISED
    session.flush()
    assert opens(key="call:CA2:1") != first


def test_another_matter_is_another_ticket_even_about_the_same_topic(session: Session, opens: Opens) -> None:
    refs = [opens(key=f"call:CA{number}:1", another=number > 1) for number in (1, 2, 3)]
    assert len(set(refs)) == 3
    assert [session.get_one(Ticket, ref.id).matter for ref in refs] == ["PUHELIN", "PUHELIN-2", "PUHELIN-3"]


def test_a_request_on_one_line_does_not_block_a_request_on_another(
    session: Session, opens: Opens, matter: Matter
) -> None:
    other = add_line(session, matter.network_id, "+358942450101", "Digistöd", Language.SV)
    assert opens() != opens(key="call:CA2:1", line_id=other)


def test_other_topics_other_callers_and_withheld_numbers_do_not_mix(opens: Opens) -> None:
    told: list[dict[str, object]] = [
        {},
        {"topic": Topic.TIETOKONE},
        {"caller": LANDLINE},
        {"caller": None},
        {"caller": None},
    ]
    refs = {opens(key=f"call:CA{number}:1", **changes) for number, changes in enumerate(told)}
    assert len(refs) == len(told)


def test_a_closed_matter_is_opened_as_a_new_ticket(session: Session, opens: Opens, now: datetime) -> None:
    first = opens()
    ticket = session.get_one(Ticket, first.id)
    ticket.status, ticket.closed_at = TicketStatus.CLOSED, now
    session.flush()
    assert opens(key="call:CA2:1") != first


def test_the_message_goes_with_the_matter(session: Session, opens: Opens, now: datetime) -> None:
    for turn, sid in enumerate(("RE1", "RE2", "RE3")):
        note_recording(session, "CA1", sid, turn=turn, duration_s=12, now=now)
    discard_recordings(session, ["RE1"])
    ref = opens(recordings=("RE2",))
    assert [card.recording_sid for card in recordings_of(session, ref.id)] == ["RE2"]
    assert attach_recording(session, "CA1", ref.id) == ("RE3",)


def test_the_same_matter_told_at_once_from_eight_sides_is_one_ticket(
    sessions: sessionmaker[Session], matter: Matter, now: datetime
) -> None:
    start = Barrier(8)

    def tell(number: int) -> TicketRef:
        with sessions.begin() as session:
            start.wait()
            key = matter.key if number % 2 else f"call:CA{number}:1"
            return open_ticket(session, replace(matter, key=key), now=now)

    with ThreadPoolExecutor(8) as callers:
        assert len(set(callers.map(tell, range(8)))) == 1


def test_what_is_told_besides_is_added_to_the_ticket_that_there_is_and_what_is_not_told_stays(
    session: Session, opens: Opens
) -> None:
    opens(device=Device.IPAD, access_needs=(AccessNeed.HEARING,), topics=(Topic.KELA,))
    told = {"name": "Aino", "email": "Aino@example.fi", "on_behalf": True}
    asked = {"wished_form": HelpForm.HOME, "heard_of_us": HeardOfUs.LIBRARY}
    again = opens(key="form:1", **told, **asked)
    session.expire_all()
    ticket, cipher = session.get_one(Ticket, again.id), cipher_of(session)
    assert [cipher.open(str(sealed)) for sealed in (ticket.name_sealed, ticket.email_sealed)] == [
        "Aino",
        "Aino@example.fi",
    ]
    assert ticket.email_index == cipher.index_of("aino@example.fi")
    assert (ticket.on_behalf, ticket.wished_form, ticket.heard_of_us) == (True, *asked.values())
    assert (ticket.device, ticket.access_needs, ticket.topics) == (Device.IPAD, ["hearing"], ["KELA"])
    opens(key="form:2", device=Device.ANDROID, on_behalf=False, access_needs=(AccessNeed.SIGHT,))
    session.expire_all()
    assert (ticket.device, ticket.on_behalf, ticket.access_needs) == (Device.ANDROID, False, ["sight"])
    assert ticket.name_sealed is not None


def test_opening_and_refining_a_ticket_take_two_statements_each(opens: Opens, statements: list[str]) -> None:
    statements.clear()
    opens()
    assert len(statements) == 2
    opens(key="call:CA2:1")
    assert len(statements) == 4


def _events(session: Session, ref: TicketRef) -> list[EventKind]:
    rows = session.scalars(select(TicketEvent.kind).where(TicketEvent.ticket_id == ref.id).order_by(TicketEvent.id))
    return list(rows)
