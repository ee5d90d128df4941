"""The yardstick of autofill: the public nurse-rostering instances are read, judged and solved as their rules say."""

from datetime import timedelta
from itertools import product

import pytest

from tests.benchmarks.nrp import Cover, Instance, Roster, read
from tests.benchmarks.nrp_check import broken_rules, penalty
from tests.benchmarks.nrp_solve import solve

TEXT = """# A comment
SECTION_HORIZON
# days
7

SECTION_SHIFTS
E,480,
L,240,E

SECTION_STAFF
# ID, MaxShifts, MaxTotalMinutes, MinTotalMinutes, MaxConsecutiveShifts, MinConsecutiveShifts, MinConsecutiveDaysOff, MaxWeekends
A,E=7|L=2,2160,960,3,2,2,1
B,E=0|L=7,1200,480,4,1,1,0

SECTION_DAYS_OFF
A,0
B,2,3

SECTION_SHIFT_ON_REQUESTS
A,1,E,2
B,4,L,3

SECTION_SHIFT_OFF_REQUESTS
A,2,L,1
B,1,L,4

SECTION_COVER
0,E,1,100,1
0,L,1,100,1
1,E,1,100,1
1,L,1,50,2
5,E,2,100,1
6,L,0,100,7
"""
ALLOWED: dict[str, Roster] = {
    "A": (None, "E", "E", None, None, "E", "E"),
    "B": ("L", "L", None, None, "L", None, None),
}


def with_roster(person: str, *entries: str | None) -> dict[str, Roster]:
    return {**ALLOWED, person: entries}


def every_allowed(instance: Instance, person: str) -> list[Roster]:
    alone = {**{other: ALLOWED[other] for other in instance.staff}}
    rosters = product((None, *instance.kinds), repeat=instance.days)
    return [r for r in rosters if not any(b.startswith(person) for b in broken_rules(instance, {**alone, person: r}))]


def test_an_instance_is_read_as_it_is_written() -> None:
    instance = read(TEXT)
    assert (instance.days, instance.kinds["L"].not_before) == (7, {"E"})
    assert instance.staff["A"].most_of == (("E", 7), ("L", 2))
    assert instance.staff["B"].most_weekends == 0
    assert instance.days_off == {"A": {0}, "B": {2, 3}}
    assert instance.wishes["B", 4, "L"] == 3
    assert instance.cover[3] == Cover(1, "L", 1, 50, 2)


def test_an_allowed_roster_costs_what_it_leaves_open_and_what_was_not_wished() -> None:
    instance = read(TEXT)
    assert broken_rules(instance, ALLOWED) == []
    # Nobody early on Monday, one instead of two on Saturday, and B works a shift that they would rather not.
    assert penalty(instance, ALLOWED) == 100 + 100 + 4


@pytest.mark.parametrize(
    ("rosters", "rule"),
    [
        (with_roster("A", "E", "E", None, None, None, None, None), "A: works on a day off"),
        (with_roster("A", None, "L", "E", None, None, None, None), "A: E after L"),
        (with_roster("A", None, "L", "L", None, None, "L", "L"), "A: 4 times L"),
        (with_roster("B", "E", "L", None, None, None, None, None), "B: 1 times E"),
        (with_roster("A", None, "E", "E", "E", None, None, "E"), None),
        (with_roster("A", None, "E", None, None, None, "E", "E"), "A: only 1 days on end"),
        (with_roster("A", None, "E", "E", None, "E", "E", None), "A: only 1 days off on end"),
        (with_roster("A", None, "E", "E", "E", "E", None, None), "A: 4 days on end"),
        (with_roster("A", None, None, "E", None, None, None, None), "A: 480 minutes"),
        (with_roster("B", "L", "L", None, None, None, "L", None), "B: 1 weekends"),
        (with_roster("B", "L"), "B: the roster has not one entry a day"),
        ({"A": ALLOWED["A"]}, "not everybody, or somebody else, has a roster"),
    ],
)
def test_the_judge_sees_each_broken_rule(rosters: dict[str, Roster], rule: str | None) -> None:
    broken = broken_rules(read(TEXT), rosters)
    assert broken == [] if rule is None else rule in broken


def test_what_is_solved_is_allowed_and_nothing_allowed_costs_less() -> None:
    instance = read(TEXT)
    solved = solve(instance, timedelta(seconds=60))
    possible = product(every_allowed(instance, "A"), every_allowed(instance, "B"))
    assert broken_rules(instance, solved.rosters) == []
    assert penalty(instance, solved.rosters) == solved.cost == solved.bound
    assert solved.cost == min(penalty(instance, {"A": one, "B": other}) for one, other in possible)
