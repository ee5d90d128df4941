"""A hold and the night at the same moment: either it is held in time, or it is said that nothing is left."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

from scheduler.forgetting import forget_sounds_outside
from tests.integration.store.conftest import Town
from tests.integration.store.nights import Night
from tickets.contents import add_note, write_down_message
from tickets.forgetting import THE_LINE, due_tickets, forget_tickets
from tickets.holds import HoldRefusal, place_hold
from tickets.retention import Kept, terms_of
from tickets.ticket import Ticket

LONG = timedelta(days=400)


def _hold(town: Town, ticket: int) -> HoldRefusal | None:
    with town.sessions.begin() as session:
        return place_hold(session, ticket, "Kantelu", town.now + LONG, now=town.now, actor="person:1")


def test_a_hold_that_comes_while_the_night_has_the_ticket_hears_that_nothing_is_left(town: Town) -> None:
    ticket = Night(town).closed()
    town.now += LONG
    with ThreadPoolExecutor(1) as pool:
        with town.sessions.begin() as session:
            terms = terms_of(session, town.network)
            ids = due_tickets(session, town.network, Kept.TEXT, terms, now=town.now, limit=10)
            assert ids == [ticket]
            hold = pool.submit(_hold, town, ticket)  # waits for the ticket
            forget_sounds_outside(session, ids, now=town.now)
            forget_tickets(session, ids, Kept.TEXT, now=town.now, actor=THE_LINE)
        assert hold.result() is HoldRefusal.NOTHING_LEFT


def _write(town: Town, ticket: int, message: int, *looked: Event) -> tuple[int | None, bool]:
    with town.sessions.begin() as session:
        found = session.get_one(Ticket, ticket)
        for look in looked:
            look.set()
        doing = {"now": town.now, "actor": "person:1"}
        noted = add_note(session, found, "Aino soitti vielä", **doing)  # type: ignore[arg-type]
        return noted, write_down_message(session, found, message, "Täällä Aino", **doing)  # type: ignore[arg-type]


def test_what_is_written_while_the_night_has_the_ticket_does_not_survive_it(town: Town) -> None:
    ticket = Night(town).closed()
    ((message,),) = town.fetch("SELECT min(id) FROM recording WHERE ticket_id = :ticket", ticket=ticket)
    town.now += LONG
    looked = Event()
    with ThreadPoolExecutor(1) as pool:
        with town.sessions.begin() as session:
            terms = terms_of(session, town.network)
            ids = due_tickets(session, town.network, Kept.TEXT, terms, now=town.now, limit=10)
            written = pool.submit(
                _write, town, ticket, message, looked
            )  # has seen it as it was, and waits for the ticket
            assert looked.wait(10)
            forget_tickets(session, ids, Kept.TEXT, now=town.now, actor=THE_LINE)
        assert written.result() == (None, False)
    assert town.fetch("SELECT FROM note") == []
    assert town.fetch("SELECT FROM recording WHERE transcript_sealed IS NOT NULL") == []


def test_a_hold_that_is_being_placed_is_passed_over_by_the_night_and_stands(town: Town) -> None:
    ticket = Night(town).closed()
    town.now += LONG
    placed, looked = Event(), Event()

    def hold_slowly() -> HoldRefusal | None:
        with town.sessions.begin() as session:
            answer = place_hold(session, ticket, "Kantelu", town.now + LONG, now=town.now, actor="person:1")
            placed.set()
            assert looked.wait(10)
            return answer

    with ThreadPoolExecutor(1) as pool:
        hold = pool.submit(hold_slowly)
        assert placed.wait(10)
        Night(town).falls(town.now)
        looked.set()
        assert hold.result() is None
    Night(town).falls(town.now)
    assert town.fetch("SELECT FROM note")


def test_two_workers_in_one_night_forget_each_ticket_once(town: Town) -> None:
    night = Night(town)
    tickets = [night.closed() for _ in range(6)]
    town.now += LONG
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: Night(town).falls(town.now), range(3)))
    assert [town.events(ticket).count("anonymised") for ticket in tickets] == [1] * 6
