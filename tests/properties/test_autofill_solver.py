"""The solver, aim after aim, against trying every way to say yes or no."""

from datetime import timedelta
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.autofill.solver import Programme

VARIABLES = 7
LIMIT = timedelta(seconds=60)

costs = st.lists(st.integers(0, 6), min_size=VARIABLES, max_size=VARIABLES)
# Of these at least so many: what cannot all be had by halves.
rows = st.lists(
    st.tuples(st.sets(st.integers(0, VARIABLES - 1), min_size=2, max_size=5), st.integers(1, 2)), min_size=3, max_size=7
)


@given(st.lists(costs, min_size=2, max_size=3), rows)
@settings(max_examples=150)
def test_each_aim_is_as_good_as_the_ones_before_it_let_it_be(
    aims: list[list[int]], rows: list[tuple[set[int], int]]
) -> None:
    programme = Programme()
    for _ in range(VARIABLES):
        programme.variable()
    for members, least in rows:
        programme.row([(member, 1) for member in members], least=least)
    reached = []
    for aim in aims:
        found = programme.least(dict(enumerate(aim)), LIMIT)
        assert found is not None
        assert found.cost == found.bound
        reached.append(found.cost)
        programme.keep()
    allowed = [
        way
        for way in product((0, 1), repeat=VARIABLES)
        if all(sum(way[member] for member in members) >= least for members, least in rows)
    ]
    assert reached == min([sum(c * x for c, x in zip(aim, way, strict=True)) for aim in aims] for way in allowed)
