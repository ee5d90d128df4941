"""The matching step alone: what an offer and a choice cost without the database."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from scheduler.assignment import Costs, choose
from scheduler.matching import Need, OnDuty, Plan, Rules, admits
from scheduler.slots import Grid, Span, starts_of
from tests.benchmarks.measure import Measured, milliseconds
from tickets.vocabulary import PHONE_TOPICS, HelperKind
from voice_prompts.language import Language

BEGINS = datetime(2026, 11, 24, 7, tzinfo=UTC)
GRID = Grid()
CODES = tuple(f"{number:03}" for number in range(30))


def measure() -> Iterator[Measured]:
    """A day's bookings one after another, and single slots of growing size."""
    helpers, rules = _helpers(200), _rules()
    pools, calls = _day(helpers), _needs(500)
    yield Measured(
        "matching: a day of 500 bookings × 200 helpers", milliseconds(lambda: _book(pools, calls, rules)), "ms"
    )
    few, many = _offer_beside(5, rules), _offer_beside(50, rules)
    yield Measured("matching: one offer beside 5 promises", few, "ms")
    yield Measured("matching: one offer beside 50 promises", many, "ms")
    pool, needs = _helpers(100), _needs(50)
    yield Measured(
        "matching: choose for 50 callers among 100",
        milliseconds(lambda: choose(needs, pool, rules, Costs(rules).of)),
        "ms",
    )


def _offer_beside(promises: int, rules: Rules) -> float:
    pool = _helpers(2 * promises)
    plan = Plan(pool, rules)
    promised = [need for need in _needs(2 * promises) if plan.place(need)][:promises]
    wish = Need(-1, Language.SV)
    return milliseconds(lambda: admits(promised, pool, rules, wish))


def _book(pools: dict[datetime, list[OnDuty]], calls: list[Need], rules: Rules) -> int:
    plans = {start: Plan(pool, rules) for start, pool in pools.items()}
    return sum(any(plan.place(need) for plan in plans.values()) for need in calls)


def _day(helpers: list[OnDuty]) -> dict[datetime, list[OnDuty]]:
    pools: dict[datetime, list[OnDuty]] = {}
    for helper in helpers:
        phase = helper.helper % 4 * GRID.step
        during = Span(BEGINS + phase, BEGINS + phase + timedelta(hours=3))
        for start in starts_of(during, phase // timedelta(minutes=1), GRID.call):
            pools.setdefault(start, []).append(helper)
    return dict(sorted(pools.items()))


def _helpers(count: int) -> list[OnDuty]:
    drawn = Random(1)
    return [
        OnDuty(
            number,
            number % 10,
            frozenset(Language) if drawn.random() < 0.1 else frozenset({Language.FI}),
            HelperKind.STAFF if drawn.random() < 0.3 else HelperKind.VOLUNTEER,
        )
        for number in range(count)
    ]


def _needs(count: int) -> list[Need]:
    drawn, topics = Random(2), list(PHONE_TOPICS.values())
    return [
        Need(
            key,
            Language.SV if drawn.random() < 0.05 else Language.FI,
            drawn.choice(topics),
            drawn.choice(CODES),
        )
        for key in range(count)
    ]


def _rules() -> Rules:
    # Each organisation serves a third of the municipalities, one of ten serves all.
    return Rules(serves={number: frozenset(CODES[number * 2 :][:10]) for number in range(9)})
