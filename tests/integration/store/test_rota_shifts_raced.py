"""Coordinators and helpers change the same rota while callers book: every promise stays covered, nobody waits for ever."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, time
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from scheduler.pools import look
from scheduler.promises import book
from scheduler.rota.batches import undo
from scheduler.rota.candidates import Days
from scheduler.rota.closures import Closed, NewClosure, close, reopen
from scheduler.rota.editing import Edit, LostPlace, cancel_shift, edit_shift, take_back
from scheduler.rota.effects import foreseen, hold_helpers
from scheduler.rota.listing import rota_of, shift_card
from scheduler.rota.places import drop_place, take_place
from scheduler.rota.publishing import Publication, publish
from scheduler.rota.rules import Refusal
from scheduler.rota.templates import Weekly, add_template, add_template_shift
from scheduler.slots import Span
from tests.integration.store.rota import Rota, until_somebody_waits

if TYPE_CHECKING:
    from tests.integration.store.conftest import Town

HANDS = 6
WALLS = ("10:00", "10:30", "11:00", "11:30", "12:00", "12:30", "13:00")


@pytest.mark.parametrize("seed", range(3))
def test_whoever_changes_the_rota_at_once_leaves_no_promise_uncovered_and_no_place_too_many(
    town: Town, seed: int
) -> None:
    helpers = [town.helper() for _ in range(6)]
    for begins in WALLS[:4]:
        town.update("shift", town.shift(begins, "13:30", days=1), most=2)
    hands = [_Hand(town, helpers, random.Random(f"{seed}:{number}")) for number in range(HANDS)]
    with ThreadPoolExecutor(HANDS) as pool:
        both = Barrier(HANDS)
        for done in [pool.submit(hand.works, both) for hand in hands]:
            done.result()
    _everything_holds(town)


def test_a_place_is_taken_in_the_shift_as_it_is_and_not_as_it_was(town: Town) -> None:
    helper = town.helper()
    shift = town.shift("10:00", "12:00", days=1)
    meeting = Barrier(2)

    def takes() -> None:
        with town.sessions.begin() as session:
            meeting.wait()
            trace = {"now": town.now, "grid": town.grid, "actor": f"helper:{helper}"}
            take_place(session, town.network, shift, helper, **trace)

    def moves() -> None:
        with town.sessions.begin() as session:
            meeting.wait()
            _edit(session, town, shift, "12:00", "14:00")

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(takes), pool.submit(moves)]:
            done.result()
    assert town.fetch("SELECT during FROM place") == town.fetch("SELECT during FROM shift")


Change = Callable[[Session, "Town", int], object]


def _shortens(session: Session, town: Town, shift: int) -> object:
    return _edit(session, town, shift, "11:00", "12:00")


def _cancels(session: Session, town: Town, shift: int) -> object:
    return cancel_shift(session, town.network, shift, now=town.now, grid=town.grid, actor="line")


def _closes(session: Session, town: Town, shift: int) -> object:
    closure = NewClosure(Span(town.at("10:00", 1), town.at("11:00", 1)), "Tauko")
    return close(session, town.network, closure, now=town.now, grid=town.grid, actor="line")


def _undoes(session: Session, town: Town, shift: int) -> object:
    made = "INSERT INTO rota_batch (network_id, kind, made_at, actor) VALUES (%s, 'publish', %s, 'line') RETURNING id"
    batch = session.connection().exec_driver_sql(made, (town.network, town.now)).scalar_one()
    session.connection().exec_driver_sql("UPDATE shift SET batch_id = %s WHERE id = %s", (batch, shift))
    session.connection().exec_driver_sql("UPDATE place SET batch_id = %s WHERE shift_id = %s", (batch, shift))
    return undo(session, town.network, batch, now=town.now, grid=town.grid, actor="line")


@pytest.mark.parametrize("change", [_shortens, _cancels, _closes, _undoes])
def test_a_change_waits_for_the_booking_that_is_being_made_and_sees_it(
    session: Session, town: Town, change: Change
) -> None:
    shift = town.shift("10:00", "12:00", town.helper(), days=1)
    ticket = town.ticket()
    promised = book(session, ticket, None, town.at("10:00", 1), now=town.now, grid=town.grid)
    assert promised is not None
    with town.sessions() as impatient:
        impatient.connection().exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
        with pytest.raises(OperationalError, match="lock timeout"):
            change(impatient, town, shift)
    session.commit()
    with town.sessions.begin() as patient:
        change(patient, town, shift)
    assert town.state(promised.callback_id) == "deficit"


def test_a_change_of_a_draft_takes_no_slot_after_its_shift(session: Session, town: Town) -> None:
    draft = town.shift("10:00", "12:00", town.helper(), days=1, published=False)
    shift = shift_card(session, town.network, draft)
    assert shift is not None
    edit = Edit(replace(shift.terms, most=2), shift.version)
    edit_shift(session, town.network, draft, edit, now=town.now, grid=town.grid, actor="line")
    (place,) = shift.places
    lost = LostPlace(place.id, draft, place.helper_id, Refusal.CANCELLED)
    batch = _batch(session, town)
    take_back(session, town.network, [lost], now=town.now, grid=town.grid, actor="line", batch_id=batch)
    assert session.connection().exec_driver_sql("SELECT count(*) FROM slot").scalar_one() == 0


def test_an_edit_holds_who_waits_and_who_is_in_it_in_one_order(town: Town) -> None:
    waits, holds = town.helper(), town.helper()
    shift = town.shift("10:00", "12:00", holds, days=1)
    Rota(town).wait(shift, waits)

    def widens() -> None:
        with town.sessions.begin() as session:
            terms = shift_card(session, town.network, shift)
            assert terms is not None
            edit = Edit(replace(terms.terms, most=2), terms.version)
            edit_shift(session, town.network, shift, edit, now=town.now, grid=town.grid, actor="line")

    with ThreadPoolExecutor(1) as pool, town.sessions() as another:
        hold_helpers(another, town.network, [waits])
        done = pool.submit(widens)
        until_somebody_waits(town)
        another.connection().exec_driver_sql("SET LOCAL lock_timeout = '2s'")
        hold_helpers(another, town.network, [holds])  # nobody has it who waits for us
        another.rollback()
        done.result()
    assert Rota(town).who(shift) == [holds, waits]


def _batch(session: Session, town: Town) -> int:
    made = "INSERT INTO rota_batch (network_id, kind, made_at, actor) VALUES (%s, 'autofill', %s, 'line') RETURNING id"
    return int(session.connection().exec_driver_sql(made, (town.network, town.now)).scalar_one())


class _Hand:
    """Somebody who does one thing after another, whatever it is; each in a transaction of its own."""

    def __init__(self, town: Town, helpers: list[int], dice: random.Random) -> None:
        self.town, self.helpers, self.dice = town, helpers, dice
        self.batches: list[int] = []

    def works(self, together: Barrier) -> None:
        together.wait()
        deeds: list[Callable[[Session], object]] = [
            self.takes, self.takes, self.takes, self.drops, self.edits, self.cancels, self.closes, self.asks, self.publishes, self.undoes,
        ]  # fmt: skip
        for _ in range(8):
            self.town.book(self.dice.choice(WALLS), self.town.ticket(), days=1)
            with self.town.sessions.begin() as session:
                self.dice.choice(deeds)(session)

    def takes(self, session: Session) -> object:
        return take_place(
            session, self.town.network, self._shift(session), self.dice.choice(self.helpers), **self._trace
        )

    def drops(self, session: Session) -> object:
        held = self.town.fetch("SELECT id FROM place WHERE state = 'held'")
        return held and drop_place(session, self.dice.choice(held)[0], now=self.town.now, grid=self.town.grid)  # type: ignore[arg-type]

    def edits(self, session: Session) -> object:
        begins, ends = sorted(self.dice.sample(WALLS, 2))
        return _edit(session, self.town, self._shift(session), begins, ends)

    def cancels(self, session: Session) -> object:
        return self.dice.random() < 0.3 and cancel_shift(
            session, self.town.network, self._shift(session), **self._trace
        )

    def asks(self, session: Session) -> object:
        return foreseen(session, lambda: self.cancels(session))

    def closes(self, session: Session) -> object:
        closure = NewClosure(Span(self.town.at("11:00", 1), self.town.at("12:00", 1)), "Tauko")
        closed = close(session, self.town.network, closure, **self._trace)
        assert isinstance(closed, Closed)
        return self.dice.random() < 0.8 and reopen(session, self.town.network, closed.closure_id, **self._trace)

    def publishes(self, session: Session) -> object:
        name = f"{self.dice.random()}"
        template = add_template(session, self.town.network, name, now=self.town.now, actor="line")
        weekly = Weekly("FREQ=DAILY", date(2026, 11, 25), time(10), time(13), most=6, helpers=tuple(self.helpers))
        assert isinstance(template, int)
        add_template_shift(session, self.town.network, template, weekly, now=self.town.now, actor="line")
        days = Days(date(2026, 11, 25), date(2026, 11, 25))
        made = publish(session, self.town.network, template, days, **self._trace)
        assert isinstance(made, Publication)
        assert made.batch_id is not None
        self.batches.append(made.batch_id)
        return made

    def undoes(self, session: Session) -> object:
        return self.batches and undo(session, self.town.network, self.batches.pop(), **self._trace)

    def _shift(self, session: Session) -> int:
        span = Span(self.town.at("00:00", 1), self.town.at("00:00", 2))
        ids = [card.id for card in rota_of(session, self.town.network, span, cancelled=True)]
        return self.dice.choice(ids)

    @property
    def _trace(self) -> dict[str, object]:
        return {"now": self.town.now, "grid": self.town.grid, "actor": "coordinator:liisa"}


def _edit(session: Session, town: Town, shift: int, begins: str, ends: str) -> object:
    card = shift_card(session, town.network, shift)
    assert card is not None
    terms = replace(card.terms, during=Span(town.at(begins, 1), town.at(ends, 1)))
    return edit_shift(
        session, town.network, shift, Edit(terms, card.version), now=town.now, grid=town.grid, actor="line"
    )


def _everything_holds(town: Town) -> None:
    crowded = (
        "SELECT s.id FROM shift s WHERE s.most < (SELECT count(*) FROM place WHERE shift_id = s.id AND state = 'held')"
    )
    assert town.fetch(crowded) == []
    astray = (
        "SELECT p.id FROM place p JOIN shift s ON s.id = p.shift_id WHERE p.state = 'held' AND p.during <> s.during"
    )
    assert town.fetch(astray) == []
    gone = "SELECT p.id FROM place p JOIN shift s ON s.id = p.shift_id WHERE p.state = 'held' AND s.cancelled_at IS NOT NULL"
    assert town.fetch(gone) == []
    states = {state for (state,) in town.fetch("SELECT state FROM callback")}
    assert states <= {"promised", "deficit"}
    with town.sessions() as session:
        span = Span(town.at("00:00", 1), town.at("00:00", 2))
        pools = look(session, town.network, span, town.grid, now=town.now)
        for start, promised in pools.live.items():
            kept = sum(live.state == "promised" for live in promised)
            assert kept <= len(pools.on_duty.get(start, ())), start  # all speak the same language and take everything
