"""Who waits, in which order; a hold takes a helper's hour and no more; and of many hands at once each gets one thing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from scheduler.alerts import alerts_of, note_short_shifts, resolve_alerts, see_alert
from scheduler.deficits import deficits_of
from scheduler.hours import TEXTING, Hours, first_in, later_in, reaching
from scheduler.mending import AT_LEAST_AHEAD, GRACE, moment_to_tell
from scheduler.offers import lapse, offer_time, take_offer
from scheduler.promises import TOLD_AHEAD, book
from scheduler.rota.places import release_place
from scheduler.slots import HELSINKI, MINUTE, Grid
from scheduler.waiting import join_line, keep_looking, line_of, standing
from voice_prompts.language import Language

if TYPE_CHECKING:
    from tests.integration.store.conftest import Town

FI, SV = Language.FI, Language.SV
GRID = Grid()


def waits(town: Town, **told: object) -> int:
    """Somebody for whom there was no time; the ticket."""
    ticket = town.ticket(**told)
    with town.sessions.begin() as session:
        assert join_line(session, ticket, now=town.now)
    return ticket


def offer_to(town: Town, ticket: int, at: datetime | None = None) -> bool:
    """Look for a time for somebody who waits."""
    with town.sessions.begin() as session:
        (one,) = [one for one in line_of(session, town.network) if one.ticket_id == ticket]
        return offer_time(session, one, now=at or town.now, grid=town.grid)


def live(town: Town) -> list[tuple[object, ...]]:
    """Tickets with a time that holds, and how."""
    return town.fetch(
        "SELECT ticket_id, state FROM callback WHERE state IN ('offered', 'promised', 'deficit') ORDER BY id"
    )


def the_callback(town: Town) -> int:
    """The newest callback."""
    return int(str(town.fetch("SELECT max(id) FROM callback")[0][0]))


def lose(town: Town, helper: int) -> None:
    """A coordinator takes a helper out of the only place."""
    (place,) = town.fetch("SELECT id FROM place WHERE helper_id = :helper AND state = 'held'", helper=helper)
    with town.sessions.begin() as session:
        release_place(session, town.network, int(str(place[0])), now=town.now, grid=town.grid, actor="coordinator:a")


def test_within_a_language_the_oldest_request_comes_first_however_late_it_joined(session: Session, town: Town) -> None:
    first, second, swedish = town.ticket(), waits(town), waits(town, language=SV)
    town.update("ticket", first, created_at=town.now - timedelta(days=1))
    assert join_line(session, first, now=town.now)
    session.commit()
    assert [one.ticket_id for one in line_of(session, town.network)] == [first, second, swedish]
    known = {ticket: standing(session, ticket) for ticket in (first, second, swedish)}
    assert [place and place.before for place in known.values()] == [0, 1, 0]


def test_joining_twice_is_one_place_in_the_line_and_one_event(session: Session, town: Town) -> None:
    ticket = waits(town)
    assert join_line(session, ticket, now=town.now)
    session.commit()
    assert town.fetch("SELECT count(*) FROM waiting") == [(1,)]
    assert town.events(ticket).count("waiting") == 1


def test_who_has_a_time_or_no_number_does_not_wait(session: Session, town: Town) -> None:
    town.shift("13:00", "14:00", town.helper())
    promised = town.promise("13:00")
    assert join_line(session, promised.ticket_id, now=town.now) is None
    town.update("ticket", promised.ticket_id, caller_sealed=None, caller_index=None)
    assert join_line(session, promised.ticket_id, now=town.now) is None


def test_who_is_seen_to_by_a_person_waits_no_more(session: Session, town: Town) -> None:
    ticket = waits(town)
    town.update("ticket", ticket, status="closed", closed_at=town.now)
    keep_looking(session, now=town.now)
    session.commit()
    assert (line_of(session, town.network), standing(session, ticket)) == ((), None)
    assert town.fetch("SELECT state FROM waiting") == [("left",)]


def test_a_hold_takes_one_helper_of_the_slot_and_not_the_slot(town: Town) -> None:
    town.shift("13:00", "14:00", town.helper(), town.helper())
    assert offer_to(town, waits(town))
    assert town.book("13:00", town.ticket()) is not None
    assert town.book("13:00", town.ticket()) is None
    assert [state for _, state in live(town)] == ["offered", "promised"]


def test_a_hold_ends_with_its_time_even_if_no_worker_lives_to_see_it(session: Session, town: Town) -> None:
    town.shift("13:00", "14:00", town.helper())
    assert offer_to(town, waits(town))
    (until,) = town.fetch("SELECT held_until FROM callback")[0]
    assert until == town.at("11:10")  # two of the hours in which the caller can be texted
    assert book(session, town.ticket(), None, town.at("13:00"), now=town.at("11:09"), grid=town.grid) is None
    assert book(session, town.ticket(), None, town.at("13:00"), now=town.at("11:10"), grid=town.grid) is not None


def test_a_hold_never_reaches_into_the_notice(town: Town) -> None:
    town.shift("10:30", "11:30", town.helper())
    assert offer_to(town, waits(town))
    assert town.fetch("SELECT held_until FROM callback") == [(town.at("10:00"),)]


def test_a_time_that_leaves_no_time_to_answer_is_not_offered(town: Town) -> None:
    town.shift("10:00", "11:00", town.helper())
    assert not offer_to(town, waits(town), at=town.at("09:20"))
    assert live(town) == []


def test_an_offer_taken_is_one_promise_however_often_it_is_taken(session: Session, town: Town) -> None:
    town.shift("13:00", "14:00", town.helper())
    ticket = waits(town)
    assert offer_to(town, ticket)
    taken = [take_offer(session, the_callback(town), town.at("13:00"), now=town.now, grid=town.grid) for _ in range(2)]
    session.commit()
    assert taken[0] == taken[1]
    assert live(town) == [(ticket, "promised")]
    assert town.status(ticket) == "promised"
    assert town.events(ticket).count("promised") == 1


def test_an_offer_that_lapsed_cannot_be_taken_and_its_time_is_not_offered_to_them_again(
    session: Session, town: Town
) -> None:
    town.shift("13:00", "14:00", town.helper())
    ticket = waits(town)
    assert offer_to(town, ticket)
    assert lapse(session, the_callback(town), "refused", now=town.now, grid=town.grid)
    assert not lapse(session, the_callback(town), "refused", now=town.now, grid=town.grid)
    assert take_offer(session, the_callback(town), town.at("13:00"), now=town.now, grid=town.grid) is None
    session.commit()
    assert not offer_to(town, ticket)
    assert offer_to(town, waits(town))


def test_who_books_another_time_has_one_time_and_leaves_the_line(town: Town) -> None:
    town.shift("13:00", "15:00", town.helper())
    ticket, other = waits(town), waits(town)
    assert offer_to(town, ticket)
    assert town.book("14:00", ticket) is not None
    assert live(town) == [(ticket, "promised")]
    assert town.fetch("SELECT state FROM waiting ORDER BY ticket_id") == [("booked",), ("waiting",)]
    assert [key for key in town.jobs() if key.startswith("freed:")]
    assert offer_to(town, other)


def test_the_last_place_goes_to_one_of_those_who_wait_and_those_who_ring(town: Town) -> None:
    town.shift("13:00", "14:00", town.helper())
    waiting, ringing = [waits(town) for _ in range(4)], [town.ticket() for _ in range(4)]
    acts: list[Callable[[], object]] = [lambda t=ticket: offer_to(town, t) for ticket in waiting]
    acts += [lambda t=ticket: town.book("13:00", t) for ticket in ringing]
    _at_once(acts)
    assert len(live(town)) == 1


def test_one_who_waits_is_offered_one_time_by_many_workers(town: Town) -> None:
    town.shift("12:00", "15:00", town.helper(), town.helper())
    ticket = waits(town)
    assert sum(_at_once([lambda: offer_to(town, ticket)] * 6)) == 1
    assert live(town) == [(ticket, "offered")]


def test_taken_and_lapsed_at_once_is_one_of_the_two(town: Town) -> None:
    town.shift("13:00", "14:00", town.helper())
    ticket = waits(town)
    assert offer_to(town, ticket)
    callback = the_callback(town)

    def take() -> object:
        with town.sessions.begin() as session:
            return take_offer(session, callback, town.at("13:00"), now=town.now, grid=town.grid)

    def let_go() -> object:
        with town.sessions.begin() as session:
            return lapse(session, callback, "unanswered", now=town.now, grid=town.grid) or None

    assert sum(done is not None for done in _at_once([take, let_go])) == 1
    assert town.fetch("SELECT state FROM waiting") == [("booked",) if live(town) else ("waiting",)]


def test_when_a_helper_leaves_the_promise_stays_and_the_hold_goes_and_waits_again(session: Session, town: Town) -> None:
    first, second = town.helper(), town.helper()
    town.shift("13:00", "14:00", first, second)
    ticket = waits(town)
    assert offer_to(town, ticket)
    promised = town.promise("13:00")
    lose(town, first)
    assert live(town) == [(promised.ticket_id, "promised")]
    keep_looking(session, now=town.now)
    session.commit()
    assert [one.state for one in line_of(session, town.network)] == ["waiting"]
    assert [key for key in town.jobs() if key.startswith("freed:")]


def test_a_deficit_and_its_alert_are_written_in_the_transaction_of_the_change(town: Town) -> None:
    helper = town.helper()
    town.shift("13:00", "14:00", helper)
    promised = town.promise("13:00")
    lose(town, helper)
    with town.sessions() as session:
        (deficit,) = deficits_of(session, town.network)
        (alert,) = alerts_of(session, town.network)
        assert (deficit.callback_id, deficit.since) == (promised.callback_id, alert.at)
        assert (alert.kind, alert.starts_at) == ("deficit", promised.starts_at)
    assert f"mend:callback-{promised.callback_id}:1" in town.jobs()
    town.shift("13:00", "14:00", town.helper())
    assert town.state(promised.callback_id) == "promised"


def test_an_alert_is_seen_by_one_and_by_nobody_of_another_network(session: Session, town: Town) -> None:
    helper = town.helper()
    town.shift("13:00", "14:00", helper)
    town.promise("13:00")
    lose(town, helper)
    (alert,) = alerts_of(session, town.network)
    assert not see_alert(session, town.network + 1, alert.id, "coordinator:b", now=town.now)
    assert see_alert(session, town.network, alert.id, "coordinator:a", now=town.now)
    assert not see_alert(session, town.network, alert.id, "coordinator:b", now=town.now)
    session.commit()
    assert alerts_of(session, town.network) == ()
    assert [one.seen_by for one in alerts_of(session, town.network, seen=True)] == ["coordinator:a"]
    assert alerts_of(session, town.network + 1, seen=True, resolved=True) == ()


def test_a_shift_of_tomorrow_that_lacks_people_is_one_alert_for_each_version(session: Session, town: Town) -> None:
    shift = town.shift("09:00", "15:00", town.helper(), days=1)
    town.shift("09:00", "15:00", town.helper(), days=3)
    town.update("shift", shift, needed=2, most=2)
    for version in (1, 1, 2):
        town.update("shift", shift, version=version)
        note_short_shifts(session, now=town.now)
        session.commit()
    assert town.fetch("SELECT key, kind FROM alert ORDER BY id") == [
        (f"short:shift-{shift}:1", "short"),
        (f"short:shift-{shift}:2", "short"),
    ]
    town.update("shift", shift, needed=1)
    resolve_alerts(session, now=town.now)
    session.commit()
    assert alerts_of(session, town.network) == ()


moments = st.integers(0, 365 * 24 * 60).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + minutes * MINUTE)
some_hours = st.sampled_from([TEXTING, reaching(GRID, can_text=False)])


@given(moments, some_hours, st.timedeltas(timedelta(0), timedelta(hours=30)))
def test_so_many_hours_later_is_within_hours_and_no_earlier_than_the_clock(
    at: datetime, hours: Hours, span: timedelta
) -> None:
    begins, ends = first_in(hours, at, GRID), later_in(hours, at, span, GRID)
    assert at <= begins <= ends
    assert ends - begins >= span
    for moment in (begins, ends):
        wall = moment.astimezone(HELSINKI).time()
        assert hours.opens <= wall <= hours.closes
    assert first_in(hours, begins, GRID) == begins


@given(moments, st.timedeltas(timedelta(minutes=1), timedelta(days=12)), st.booleans())
def test_a_deficit_is_told_by_day_after_the_grace_where_there_is_time_for_it(
    since: datetime, ahead: timedelta, can_text: bool
) -> None:
    starts_at = since + ahead
    told = moment_to_tell(starts_at, since, GRID, can_text=can_text)
    assert told >= since
    assert TEXTING.opens <= told.astimezone(HELSINKI).time() <= TEXTING.closes
    calm = first_in(TEXTING, since + GRACE, GRID)
    if first_in(reaching(GRID, can_text=can_text), since + GRACE, GRID) <= starts_at - AT_LEAST_AHEAD:
        assert told >= since + GRACE
    elif first_in(TEXTING, since, GRID) <= starts_at - TOLD_AHEAD:
        assert told <= max(starts_at - TOLD_AHEAD, calm)


def _at_once(acts: list[Callable[[], object]]) -> list[object]:
    start = Barrier(len(acts))

    def act(number: int) -> object:
        start.wait()
        return acts[number]()

    with ThreadPoolExecutor(len(acts)) as hands:
        return list(hands.map(act, range(len(acts))))
