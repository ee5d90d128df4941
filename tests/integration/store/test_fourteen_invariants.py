"""Each of the fourteen invariants has tests, and they fail when what guards it is taken away."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from scheduler import alerts, attempts, coverage, ledger, pools, promises
from scheduler.picture import Live
from scheduler.records import CallbackState
from scheduler.rota import candidates, editing, effects, holding, news, rules, swaps
from scheduler.rota.rules import ShiftTerms
from scheduler.slots import Span, span_on
from tests.integration.store.conftest import Town
from tests.integration.store.invariants import FOURTEEN
from tests.integration.store.rota import Rota
from tickets.vocabulary import TicketStatus

ROOT = Path(__file__).parents[3]
Takes = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Guard:
    """What stands behind an invariant; `remove` takes it away, and then the test of this name fails."""

    number: int
    test: str
    remove: Takes
    told: dict[str, object] = field(default_factory=dict)


def instead(where: object, name: str, other: object) -> Takes:
    """Something else in its place."""
    return lambda patch: patch.setattr(where, name, other)


def reworded(where: object, name: str, words: str, others: str) -> Takes:
    """A statement in other words."""
    statement = str(getattr(where, name).text)
    assert words in statement, f"{name} does not say {words}"
    return instead(where, name, text(statement.replace(words, others)))


def nothing(*_: object, **__: object) -> tuple[int, ...]:
    """Not looked at, not written."""
    return ()


def _by_an_own_rule(hold: ledger.Hold, **_: object) -> bool:
    return not hold.pools.needs(hold.span.begins)


def _by_the_hours_of_the_winter(day: date, begins: object, ends: object, *_: object) -> Span:
    usual = span_on(date(2026, 1, 1), begins, ends)  # type: ignore[arg-type]
    later = timedelta(days=(day - date(2026, 1, 1)).days)
    return Span(usual.begins + later, usual.ends + later)


_numbers = count()
_open = alerts._open  # its first condition is the network
GUARDS = (
    Guard(
        1,
        "test_a_time_that_is_full_is_not_booked_and_nothing_is_written",
        instead(promises, "admitted", lambda *_, **__: True),
    ),
    Guard(
        1,
        "test_a_helper_who_leaves_while_callers_book_leaves_no_promise_uncovered",
        instead(holding, "recheck", nothing),
    ),
    Guard(
        2,
        "test_a_full_shift_a_draft_and_a_second_place_at_the_same_time_are_refused",
        instead(rules, "overlaps", nothing),
    ),
    Guard(
        2,
        "test_whoever_has_another_place_at_the_new_time_loses_this_one_and_is_named",
        instead(editing, "overlaps", nothing),
    ),
    Guard(
        3,
        "test_the_last_place_goes_to_exactly_one_of_twelve_helpers_at_once",
        instead(ShiftTerms, "free", property(lambda _: 1)),
    ),
    Guard(4, "test_a_ticket_has_one_time_and_a_closed_one_none", instead(ledger, "BOOKABLE", frozenset(TicketStatus))),
    Guard(
        5, "test_what_is_offered_can_be_booked_until_the_rota_is_full", instead(promises, "admitted", _by_an_own_rule)
    ),
    Guard(
        6,
        "test_a_held_place_takes_one_helper_and_leaves_the_others",
        instead(Live, "counts", property(lambda live: live.state is CallbackState.PROMISED)),
    ),
    Guard(
        6,
        "test_a_hold_whose_time_is_over_takes_nothing_though_nobody_has_lapsed_it",
        reworded(pools, "_LOOK", "c.held_until > :now", "true"),
    ),
    Guard(
        7, "test_what_nobody_can_keep_any_more_is_a_deficit_until_somebody_comes", instead(holding, "recheck", nothing)
    ),
    Guard(7, "test_a_part_of_a_day_is_closed_and_opened_again", instead(effects, "recheck", nothing)),
    Guard(
        7,
        "test_a_deficit_and_its_alert_are_written_in_the_transaction_of_the_change",
        instead(coverage, "note_deficits", nothing),
    ),
    Guard(
        8,
        "test_of_twelve_who_take_a_swap_at_once_exactly_one_has_it",
        instead(holding, "_STILL_OFFERED", text("SELECT id FROM place WHERE id = :place FOR UPDATE")),
        {"attempt": 0},
    ),
    Guard(
        9,
        "test_an_offer_survives_an_edit_of_the_shift_it_is_about",
        reworded(editing, "_FOLLOW", "SET during", "SET swap_offered_at = NULL, during"),
    ),
    Guard(
        10,
        "test_of_two_helpers_who_press_one_at_once_one_has_it",
        reworded(attempts, "_TAKE", "AND state = 'ringing' AND EXISTS", "AND EXISTS"),
    ),
    Guard(
        11,
        "test_a_weekly_nine_o_clock_stays_nine_over_the_change_of_the_clock",
        instead(candidates, "span_on", _by_the_hours_of_the_winter),
        {"changes": (date(2026, 3, 25), 29)},
    ),
    Guard(
        12,
        "test_a_closure_of_another_network_closes_nothing_here",
        reworded(pools, "_LOOK", "WHERE l.network_id = n.id AND", "WHERE"),
    ),
    Guard(
        12,
        "test_an_alert_is_seen_by_one_and_by_nobody_of_another_network",
        instead(alerts, "_open", lambda *asked, **how: _open(*asked, **how)[1:]),
    ),
    Guard(
        13,
        "test_each_thing_that_a_person_does_is_written_down_once_and_what_is_refused_not_at_all",
        instead(swaps, "note_place", nothing),
    ),
    Guard(
        14,
        "test_two_workers_at_the_same_reminder_text_once",
        instead(news, "about_place", lambda place: f"place-{place}-{next(_numbers)}"),
    ),
)


def test_every_invariant_has_tests_and_each_of_them_exists() -> None:
    assert [invariant.number for invariant in FOURTEEN] == list(range(1, 15))
    for invariant in FOURTEEN:
        assert invariant.tests, invariant.sentence
        for test in invariant.tests:
            path, name = test.split("::")
            tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
            defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
            assert name in defined, f"{invariant.number}: {test}"


def test_every_invariant_has_a_guard_whose_removal_is_noticed() -> None:
    assert {guard.number for guard in GUARDS} == set(range(1, 15))


each_guard = pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: f"{guard.number}-{guard.test}")


@each_guard
def test_with_its_guard_the_test_passes(guard: Guard, town: Town, request: pytest.FixtureRequest) -> None:
    _test_of(guard, town, request)()


@each_guard
def test_without_its_guard_the_test_fails(
    guard: Guard, town: Town, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    test = _test_of(guard, town, request)
    guard.remove(monkeypatch)
    with pytest.raises((AssertionError, SQLAlchemyError, pytest.fail.Exception, ValueError)):
        test()


def _test_of(guard: Guard, town: Town, request: pytest.FixtureRequest) -> Callable[[], None]:
    """The test that the list names, with all that it asks for."""
    (named,) = [one for one in FOURTEEN[guard.number - 1].tests if one.endswith(f"::{guard.test}")]
    module = importlib.import_module(named.split("::")[0].removesuffix(".py").replace("/", "."))
    test = getattr(module, guard.test)
    own = {"rota": Rota(town), "soon": town.now + timedelta(minutes=30), **guard.told}
    if "office" in inspect.signature(test).parameters:
        own["office"] = module.Office(town)
    asked = {
        name: own[name] if name in own else request.getfixturevalue(name) for name in inspect.signature(test).parameters
    }
    return lambda: test(**asked)
