"""The engine's answers against trying every possibility there is, in worlds small enough for that."""

from collections.abc import Iterator
from itertools import combinations, permutations

from hypothesis import example, given
from hypothesis import strategies as st

from scheduler.assignment import choose
from scheduler.matching import (
    Need,
    OnDuty,
    Plan,
    Rules,
    admissible,
    admits,
    at_risk,
    blocking,
    cover,
    irreplaceable,
    may_take,
)
from tickets.vocabulary import HelperKind, Topic
from voice_prompts.language import Language

CODES = ("091", "853", "445")
TOPICS = (None, Topic.PUHELIN, Topic.KELA, Topic.PANKKI, Topic.HALUAN_AUTTAA)
WISH = 99

languages = st.sampled_from([frozenset({Language.FI}), frozenset({Language.SV}), frozenset(Language)])
codes = st.sets(st.sampled_from(CODES)).map(frozenset)
lengths = st.sampled_from((30, 60, 90))
rules = st.builds(Rules, serves=st.dictionaries(st.integers(0, 2), codes))


def a_need(key: int) -> st.SearchStrategy[Need]:
    return st.builds(
        Need,
        st.just(key),
        st.sampled_from(Language),
        st.sampled_from(TOPICS),
        st.sampled_from((None, *CODES)),
        st.sets(st.integers(0, 4), max_size=2).map(frozenset),
        lengths,
    )


def a_helper(number: int) -> st.SearchStrategy[OnDuty]:
    return st.builds(
        OnDuty,
        st.just(number),
        st.integers(0, 2),
        languages,
        st.sampled_from(HelperKind),
        st.booleans() | st.just(True),
        lengths,
    )


needs = st.integers(0, 5).flatmap(lambda count: st.tuples(*(a_need(key) for key in range(count))))
pools = st.integers(0, 5).flatmap(lambda count: st.tuples(*(a_helper(number) for number in range(count))))


def every_way(left: tuple[Need, ...], pool: tuple[OnDuty, ...], rules: Rules) -> Iterator[dict[int, int]]:
    """Every assignment that gives each of these needs a helper of its own."""
    if not left:
        yield {}
        return
    first, *rest = left
    for helper in pool:
        if may_take(helper, first, rules):
            others = tuple(other for other in pool if other is not helper)
            for way in every_way(tuple(rest), others, rules):
                yield {first.key: helper.helper, **way}


def can_all_be_kept(some: tuple[Need, ...], pool: tuple[OnDuty, ...], rules: Rules) -> bool:
    return next(every_way(some, pool, rules), None) is not None


def assert_lawful(way: dict[int, int], some: tuple[Need, ...], pool: tuple[OnDuty, ...], rules: Rules) -> None:
    by_key, by_number = {need.key: need for need in some}, {helper.helper: helper for helper in pool}
    assert len(set(way.values())) == len(way), "one helper was given to two callers"
    assert all(may_take(by_number[helper], by_key[key], rules) for key, helper in way.items())


@given(needs, pools, rules)
def test_everyone_is_covered_exactly_when_some_way_covers_everyone(some, pool, rules) -> None:
    way = cover(some, pool, rules)
    assert (way is not None) == can_all_be_kept(some, pool, rules)
    if way is not None:
        assert set(way) == {need.key for need in some}
        assert_lawful(way, some, pool, rules)


@given(needs, pools, rules, a_need(WISH))
def test_a_time_is_offered_exactly_when_all_promises_and_the_new_one_can_be_kept(some, pool, rules, wish) -> None:
    assert admits(some, pool, rules, wish) == can_all_be_kept((*some, wish), pool, rules)


@given(needs, pools, rules)
def test_a_promise_once_made_keeps_a_helper_whoever_rings_later(some, pool, rules) -> None:
    plan, promised = Plan(pool, rules), []
    for need in some:
        if plan.place(need):
            promised.append(need)
        assert set(plan.held) == {need.key for need in promised}
        assert_lawful(plan.held, some, pool, rules)


@given(needs, pools, rules, st.tuples(*(a_need(WISH + number) for number in range(4))))
def test_one_search_tells_all_kinds_of_caller_what_asking_for_each_would(some, pool, rules, wishes) -> None:
    each = {wish.key for wish in wishes if admits(some, pool, rules, wish)}
    assert admissible(some, pool, rules, wishes) == each


@given(needs, pools, rules, a_need(WISH))
def test_the_blocking_set_is_a_proof_that_the_time_cannot_be_offered(some, pool, rules, wish) -> None:
    plan = Plan(pool, rules)
    promised = tuple(need for need in some if plan.place(need))
    blocked = blocking(promised, pool, rules, wish)
    assert (blocked is None) == admits(promised, pool, rules, wish)
    if blocked is not None:
        short = [need for need in (*promised, wish) if need.key in blocked.needs]
        takers = {helper.helper for helper in pool for need in short if may_take(helper, need, rules)}
        assert wish.key in blocked.needs
        assert takers == blocked.helpers
        assert len(takers) == len(short) - 1


@given(needs, pools, rules, st.data())
def test_the_choice_is_the_cheapest_that_keeps_as_many_promises_as_can_be(some, pool, rules, data) -> None:
    prices = data.draw(
        st.fixed_dictionaries({(n.key, h.helper): st.integers(-3, 6) for n in some for h in pool}), label="prices"
    )
    chosen = choose(some, pool, rules, lambda need, helper: prices[need.key, helper.helper])

    assert_lawful(chosen, some, pool, rules)
    assert len(chosen) == most_that_can_be_kept(some, pool, rules)
    kept = tuple(need for need in some if need.key in chosen)
    cheapest = min(sum(prices[pair] for pair in way.items()) for way in every_way(kept, pool, rules))
    assert sum(prices[pair] for pair in chosen.items()) == cheapest


@given(st.lists(st.lists(st.integers(0, 50), min_size=6, max_size=6), min_size=1, max_size=5))
@example([[21, 33, 6, 0, 22, 20], [20, 16, 18, 10, 18, 17], [8, 8, 20, 7, 35, 20], [19, 42, 48, 28, 25, 32]])
def test_the_choice_is_the_cheapest_where_everybody_may_take_everything(prices) -> None:
    some = [Need(key, Language.FI) for key in range(len(prices))]
    pool = [OnDuty(number, 0, frozenset(Language), HelperKind.STAFF) for number in range(6)]
    chosen = choose(some, pool, Rules(), lambda need, helper: prices[need.key][helper.helper])
    ways = permutations(range(6), len(prices))
    assert sum(prices[key][helper] for key, helper in chosen.items()) == min(
        sum(row[helper] for row, helper in zip(prices, way, strict=True)) for way in ways
    )


@given(needs, pools, rules)
def test_where_not_all_can_be_kept_the_earlier_promise_stays(some, pool, rules) -> None:
    chosen = choose(some, pool, rules, lambda need, helper: 0)
    kept: tuple[Need, ...] = ()
    for need in some:
        if can_all_be_kept((*kept, need), pool, rules):
            kept = (*kept, need)
    assert set(chosen) == {need.key for need in kept}


@given(needs, pools, rules)
def test_the_promises_at_risk_are_as_few_as_can_be_and_the_last_that_must_be_kept(some, pool, rules) -> None:
    risked = at_risk(some, pool, rules)
    assert len(risked) == len(some) - most_that_can_be_kept(some, pool, rules)
    kept = tuple(need.key for need in some if need.key not in risked)
    # Of all the largest sets that can be kept: none has, at the first place where the two differ, one to be kept earlier.
    assert kept == min(
        tuple(need.key for need in chosen)
        for chosen in combinations(some, len(kept))
        if can_all_be_kept(chosen, pool, rules)
    )


@given(needs, pools, rules)
def test_a_helper_is_irreplaceable_exactly_when_fewer_are_kept_without_them(some, pool, rules) -> None:
    missed = {
        helper.helper
        for helper in pool
        if most_that_can_be_kept(some, tuple(other for other in pool if other is not helper), rules)
        < most_that_can_be_kept(some, pool, rules)
    }
    assert irreplaceable(some, pool, rules) == missed


def most_that_can_be_kept(some: tuple[Need, ...], pool: tuple[OnDuty, ...], rules: Rules) -> int:
    return max(
        size
        for size in range(len(some) + 1)
        if any(can_all_be_kept(chosen, pool, rules) for chosen in combinations(some, size))
    )
