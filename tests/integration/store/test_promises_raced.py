"""Many hands at once: the database decides, each thing happens once, and nobody waits for ever."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.attempts import AttemptRef, begin_attempt, record_attempt_result, take
from scheduler.choice import choose_helper, next_helper
from scheduler.ledger import hold_for_move
from scheduler.promises import Promise, book, cancel, move, offer, wish_of
from scheduler.retries import after_failure
from scheduler.rota.places import drop_place, places_of
from scheduler.slots import Grid
from tickets.vocabulary import AttemptResult
from voice_prompts.language import Language

# Somebody in this database waits for another; what other test processes wait for is theirs.
WAITING = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
if TYPE_CHECKING:
    from tests.integration.store.conftest import Town

FI, SV = Language.FI, Language.SV
MOBILE = "+358401234567"
T = TypeVar("T")


def test_the_last_place_of_a_slot_goes_to_exactly_one_of_ten_callers(town: Town) -> None:
    town.shift("13:00", "14:00", town.helper())
    tickets = [town.ticket() for _ in range(10)]
    promised = _at_once([lambda t=ticket: town.book("13:00", t) for ticket in tickets])
    assert sum(promise is not None for promise in promised) == 1
    assert town.fetch("SELECT count(*) FROM callback") == [(1,)]
    assert Counter(town.status(ticket) for ticket in tickets) == {"promised": 1, "open": 9}


def test_three_helpers_keep_three_promises_and_the_swedish_one_is_not_spent(town: Town) -> None:
    town.shift("13:00", "14:00", town.helper(FI), town.helper(FI), town.helper(FI, SV))
    tickets = [town.ticket(language=language) for language in (FI, FI, FI, FI, SV, SV, SV, SV)]
    _at_once([lambda t=ticket: town.book("13:00", t) for ticket in tickets])
    languages = [language for (language,) in town.fetch("SELECT language FROM callback")]
    assert len(languages) == 3
    assert languages.count("sv") <= 1


def test_one_ticket_is_booked_once_even_at_different_times(town: Town) -> None:
    town.shift("10:00", "15:00", town.helper())
    ticket = town.ticket()
    booked = _at_once([lambda h=hour: town.book(f"{h}:00", ticket) for hour in (10, 11, 12, 13, 14)])
    assert sum(promise is not None for promise in booked) == 1


def test_one_caller_gets_one_of_two_overlapping_times(town: Town) -> None:
    for begins, ends in (("10:00", "11:00"), ("10:15", "11:15"), ("10:30", "11:30"), ("10:45", "11:45")):
        town.shift(begins, ends, town.helper())
    tickets = [town.ticket(MOBILE, another=True) for _ in range(4)]
    booked = _at_once(
        [
            lambda s=start, t=ticket: town.book(s, t)
            for start, ticket in zip(("10:00", "10:15", "10:30", "10:45"), tickets, strict=True)
        ]
    )
    assert sum(promise is not None for promise in booked) == 1


def test_two_who_swap_into_each_others_full_slots_both_stay_and_none_waits_for_ever(town: Town) -> None:
    town.shift("10:00", "12:00", town.helper())
    one, two = town.promise("10:00"), town.promise("11:00")

    def change(callback_id: int, to: str) -> object:
        with town.sessions.begin() as session:
            return move(session, callback_id, None, town.at(to), now=town.now, grid=town.grid)

    moved = _at_once([lambda: change(one.callback_id, "11:00"), lambda: change(two.callback_id, "10:00")])
    assert moved == [None, None]
    assert town.fetch("SELECT state FROM callback") == [("promised",), ("promised",)]


def test_of_two_helpers_who_press_one_at_once_one_has_it(town: Town) -> None:
    helpers = [town.helper() for _ in range(4)]
    town.shift("10:00", "11:00", *helpers)
    promised = town.promise("10:00")
    attempts = []
    for helper in helpers:
        town.update("callback", promised.callback_id, assigned_helper_id=helper)
        attempts.append(town.begin(promised, helper))

    def press_one(attempt: int, helper: int) -> bool:
        with town.sessions.begin() as session:
            return take(session, promised.callback_id, attempt, helper, now=town.at("10:00"))

    took = _at_once([lambda a=attempt: press_one(a.id, a.helper_id) for attempt in attempts])
    assert sorted(took) == [False, False, False, True]
    winner = attempts[took.index(True)].helper_id
    assert town.fetch("SELECT state, assigned_helper_id FROM callback") == [("talking", winner)]
    assert town.events(promised.ticket_id).count("taken") == 1


def test_the_same_ring_job_run_twice_writes_one_attempt(town: Town) -> None:
    town.shift("10:00", "11:00", town.helper())
    promised = town.promise("10:00")
    helper = town.choose(promised)
    assert helper is not None

    def begin() -> int | None:
        with town.sessions.begin() as session:
            attempt = begin_attempt(session, promised.callback_id, 1, helper, now=town.at("10:00"))
            return attempt and attempt.id

    assert len(set(_at_once([begin] * 6))) == 1
    assert town.events(promised.ticket_id).count("attempt_begun") == 1


def test_all_choose_jobs_of_a_slot_at_once_give_everyone_a_helper_of_their_own(town: Town) -> None:
    town.shift("10:00", "11:00", *(town.helper(FI, SV) for _ in range(6)))
    promised = [town.promise("10:00") for _ in range(6)]

    def choose(callback_id: int) -> int | None:
        with town.sessions.begin() as session:
            return choose_helper(session, callback_id, now=town.at("09:50"), grid=town.grid)

    assert None not in _at_once([lambda p=promise: choose(p.callback_id) for promise in promised])
    assert len(set(town.fetch("SELECT assigned_helper_id FROM callback"))) == 6


def test_helpers_who_decline_at_once_are_each_followed_by_another(town: Town) -> None:
    town.shift("10:00", "11:00", *(town.helper() for _ in range(6)))
    promised = [town.promise("10:00") for _ in range(3)]
    chosen = [town.choose(promise) for promise in promised]
    attempts = [town.begin(promise, helper) for promise, helper in zip(promised, chosen, strict=True)]

    def decline(attempt: AttemptRef) -> int | None:
        with town.sessions.begin() as session:
            record_attempt_result(session, attempt.id, AttemptResult.AUTTAJA_KIELTAYTYI, now=town.at("10:00"))
            return next_helper(session, attempt.callback_id, now=town.at("10:00"), grid=town.grid)

    following = _at_once([lambda a=attempt: decline(a) for attempt in attempts])
    assert None not in following
    assert len({*chosen, *following}) == 6


def test_two_words_that_the_caller_did_not_answer_cost_one_try(town: Town) -> None:
    town.shift("10:00", "11:00", town.helper())
    promised = town.promise("10:00")
    town.taken(promised)

    def fail() -> object:
        with town.sessions.begin() as session:
            return after_failure(session, promised.callback_id, now=town.at("10:02"), grid=town.grid)

    assert sum(result is not None for result in _at_once([fail] * 4)) == 1
    assert town.fetch("SELECT tries FROM callback") == [(1,)]


def test_a_caller_who_moves_while_a_try_fails_and_finds_a_time_does_not_stand_in_its_way(town: Town) -> None:
    town.shift("10:00", "15:00", town.helper())
    promised = town.promise("10:00")
    _fail(town, promised, 1, "10:02")
    town.taken(promised, number=2, at=town.at("10:12"))
    with town.sessions.begin() as moving, ThreadPoolExecutor() as hands:
        assert (
            hold_for_move(moving, promised.callback_id, town.at("13:00"), None, now=town.at("10:14"), grid=town.grid)
            is not None
        )
        failing = hands.submit(_fail, town, promised, 2, "10:14")  # wants the same slot, and waits for it
        _until_somebody_waits(town)
        moving.execute(text("SET LOCAL lock_timeout = '2s'"))
        moving.execute(text("SELECT FROM callback WHERE id = :id FOR UPDATE"), {"id": promised.callback_id})
        moving.commit()
        assert failing.result(timeout=20) is not None


def _fail(town: Town, promised: Promise, number: int, wall: str) -> object:
    if number == 1:
        town.taken(promised)
    with town.sessions.begin() as session:
        return after_failure(session, promised.callback_id, now=town.at(wall), grid=town.grid)


def _until_somebody_waits(town: Town) -> None:
    for _ in range(2000):
        if town.fetch(WAITING):
            return
    raise AssertionError("nobody waits for the slot")


def test_cancelled_and_moved_at_once_is_one_of_the_two(town: Town) -> None:
    town.shift("10:00", "15:00", town.helper())
    promised = town.promise("10:00")

    def give_back() -> object:
        with town.sessions.begin() as session:
            return cancel(session, promised.callback_id, now=town.now, grid=Grid()) or None

    def change() -> object:
        with town.sessions.begin() as session:
            return move(session, promised.callback_id, None, town.at("14:00"), now=town.now, grid=town.grid)

    assert sum(done is not None for done in _at_once([give_back, change])) == 1


def test_a_helper_who_leaves_while_callers_book_leaves_no_promise_uncovered(town: Town) -> None:
    """Whichever comes first: either the time is not promised any more, or the promise is known to be in deficit."""
    helper = town.helper()
    town.shift("10:00", "15:00", helper)
    with town.sessions() as session:
        (place,) = places_of(session, helper, since=town.now)
    tickets = [town.ticket() for _ in range(5)]

    def leave() -> object:
        with town.sessions.begin() as session:
            return drop_place(session, place.id, now=town.now, grid=town.grid)

    hours = enumerate(tickets, start=10)
    _at_once([leave, *(lambda h=hour, t=ticket: town.book(f"{h}:00", t) for hour, ticket in hours)])
    assert town.fetch("SELECT count(*) FROM callback WHERE state = 'promised'") == [(0,)]


def test_forty_callers_at_once_fill_the_rota_and_nobody_is_promised_twice(town: Town) -> None:
    town.shift("10:00", "15:00", *(town.helper() for _ in range(4)))
    tickets = [town.ticket() for _ in range(40)]

    def ring_up(ticket: int) -> bool:
        with town.sessions() as session:
            while (at := _first_time(session, town, ticket)) is not None:
                promised = book(session, ticket, None, at, now=town.now, grid=town.grid)
                session.commit()
                if promised is not None:
                    return True
        return False

    with ThreadPoolExecutor(8) as callers:
        assert sum(callers.map(ring_up, tickets)) == 20
    assert town.fetch("SELECT starts_at, count(*) FROM callback GROUP BY starts_at ORDER BY starts_at") == [
        (town.at(f"{hour}:00"), 4) for hour in range(10, 15)
    ]


def _first_time(session: Session, town: Town, ticket: int) -> object:
    wish = wish_of(session, ticket)
    assert wish is not None
    at = offer(session, wish, after=None, now=town.now, grid=town.grid)
    session.commit()
    return at


def _at_once(acts: list[Callable[[], T]]) -> list[T]:
    """Everyone starts at the same moment; what came of it, in order."""
    start = Barrier(len(acts))

    def act(number: int) -> T:
        start.wait()
        return acts[number]()

    with ThreadPoolExecutor(len(acts)) as hands:
        return list(hands.map(act, range(len(acts))))
