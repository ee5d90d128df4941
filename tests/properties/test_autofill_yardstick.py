"""The nurse-rostering solver against trying all rosters, in instances small enough for that."""

from datetime import timedelta
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.benchmarks.nrp import Contract, Cover, Instance, Kind, Roster
from tests.benchmarks.nrp_check import broken_rules, penalty
from tests.benchmarks.nrp_solve import solve

KINDS = {"E": Kind(480, frozenset()), "L": Kind(240, frozenset({"E"}))}
DAYS = 4
contracts = st.builds(
    Contract,
    st.builds(lambda early, late: (("E", early), ("L", late)), st.integers(0, DAYS), st.integers(0, DAYS)),
    st.sampled_from((960, 1440, 1920)),
    st.sampled_from((0, 0, 480)),
    st.integers(1, 4),
    st.integers(1, 2),
    st.integers(1, 3),
    st.integers(0, 1),
)
requests = st.dictionaries(
    st.tuples(st.sampled_from("AB"), st.integers(0, DAYS - 1), st.sampled_from("EL")), st.integers(1, 4), max_size=4
)


@st.composite
def instances(draw: st.DrawFn) -> Instance:
    days_off = {person: frozenset(draw(st.sets(st.integers(0, DAYS - 1), max_size=1))) for person in "AB"}
    cover = tuple(
        Cover(day, kind, draw(st.integers(0, 2)), draw(st.integers(1, 9)), draw(st.integers(0, 3)))
        for day in range(DAYS)
        for kind in KINDS
    )
    return Instance(DAYS, KINDS, {"A": draw(contracts), "B": draw(contracts)}, days_off, draw(requests), {}, cover)


@given(instances(), requests)
@settings(max_examples=25)
def test_no_rosters_that_the_rules_allow_cost_less(
    instance: Instance, aversions: dict[tuple[str, int, str], int]
) -> None:
    instance = Instance(
        DAYS, instance.kinds, instance.staff, instance.days_off, instance.wishes, aversions, instance.cover
    )
    possible = {person: allowed(instance, person) for person in instance.staff}
    if not all(possible.values()):
        return
    solved = solve(instance, timedelta(seconds=60))
    assert broken_rules(instance, solved.rosters) == []
    assert penalty(instance, solved.rosters) == solved.cost == solved.bound
    both = product(possible["A"], possible["B"])
    assert solved.cost == min(penalty(instance, {"A": one, "B": other}) for one, other in both)


def allowed(instance: Instance, person: str) -> list[Roster]:
    rosters = product((None, *KINDS), repeat=DAYS)
    nobody: Roster = (None,) * DAYS
    return [
        roster
        for roster in rosters
        if not any(b.startswith(person) for b in broken_rules(instance, {"A": nobody, "B": nobody, person: roster}))
    ]
