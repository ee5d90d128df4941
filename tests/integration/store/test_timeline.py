"""What happened to a ticket is told in order, and once however often it is written."""

from datetime import timedelta

from sqlalchemy.orm import Session, sessionmaker

from tests.integration.store.conftest import Town
from tickets.timeline import note_event, timeline_of
from tickets.vocabulary import EventKind


def test_what_happened_is_told_oldest_first(town: Town, sessions: sessionmaker[Session]) -> None:
    ticket, other = town.ticket(), town.ticket()
    later = town.now + timedelta(minutes=3)
    with sessions.begin() as session:
        assert note_event(session, ticket, EventKind.NOTED, "person:1", now=later, note=7)
        assert note_event(session, other, EventKind.NOTED, "person:1", now=later, note=8)
        told = timeline_of(session, ticket)
    assert [one.kind for one in told] == [EventKind.OPENED, EventKind.NOTED]
    assert (told[1].at, told[1].actor, told[1].details) == (later, "person:1", {"note": 7})


def test_what_is_written_twice_under_one_key_happened_once(town: Town, sessions: sessionmaker[Session]) -> None:
    ticket = town.ticket()
    with sessions.begin() as session:
        assert note_event(session, ticket, EventKind.FEEDBACK, "caller", now=town.now, key="sms:SM1")
        assert not note_event(session, ticket, EventKind.FEEDBACK, "caller", now=town.now, key="sms:SM1")
        assert note_event(session, ticket, EventKind.FEEDBACK, "caller", now=town.now)
    assert town.events(ticket).count(EventKind.FEEDBACK) == 2
