"""Whether rosters keep every hard rule of the nurse-rostering benchmark, and what they cost. Judges finished rosters only.

Written from the published rules alone and sharing nothing with what builds rosters, so that a mistake there is seen here.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby, pairwise

from tests.benchmarks.nrp import Contract, Instance, Roster

SATURDAY, SUNDAY = 5, 6  # the horizon begins on a Monday


def broken_rules(instance: Instance, rosters: dict[str, Roster]) -> list[str]:
    """Every hard rule that is broken, in words; empty when the rosters are allowed."""
    broken = [] if rosters.keys() == instance.staff.keys() else ["not everybody, or somebody else, has a roster"]
    for person, contract in instance.staff.items():
        broken += [f"{person}: {what}" for what in _broken(instance, person, contract, rosters.get(person, ()))]
    return broken


def penalty(instance: Instance, rosters: dict[str, Roster]) -> int:
    """What the rosters cost: wishes not met, shifts that were not wanted, people missing and people too many."""
    unmet = sum(w for (who, day, kind), w in instance.wishes.items() if rosters[who][day] != kind)
    unwanted = sum(w for (who, day, kind), w in instance.aversions.items() if rosters[who][day] == kind)
    uncovered = 0
    for cover in instance.cover:
        present = sum(roster[cover.day] == cover.kind for roster in rosters.values())
        uncovered += cover.under * max(0, cover.needed - present) + cover.over * max(0, present - cover.needed)
    return unmet + unwanted + uncovered


def _broken(instance: Instance, person: str, contract: Contract, roster: Roster) -> Iterator[str]:
    if len(roster) != instance.days:
        yield "the roster has not one entry a day"
        return
    if any(roster[day] is not None for day in instance.days_off.get(person, ())):
        yield "works on a day off"
    yield from _counts(instance, contract, roster)
    for today, tomorrow in pairwise(roster):
        if today is not None and tomorrow in instance.kinds[today].not_before:
            yield f"{tomorrow} after {today}"
    yield from _runs(contract, roster)


def _counts(instance: Instance, contract: Contract, roster: Roster) -> Iterator[str]:
    counts, most = Counter(kind for kind in roster if kind is not None), dict(contract.most_of)
    for kind, count in counts.items():
        if count > most.get(kind, instance.days):
            yield f"{count} times {kind}"
    minutes = sum(instance.kinds[kind].minutes * count for kind, count in counts.items())
    if not contract.least_minutes <= minutes <= contract.most_minutes:
        yield f"{minutes} minutes"
    weekends = {day // 7 for day, kind in enumerate(roster) if kind is not None and day % 7 in (SATURDAY, SUNDAY)}
    if len(weekends) > contract.most_weekends:
        yield f"{len(weekends)} weekends"


def _runs(contract: Contract, roster: Roster) -> Iterator[str]:
    day = 0
    for works, group in groupby(kind is not None for kind in roster):
        length = sum(1 for _ in group)
        inside = day > 0 and day + length < len(roster)
        if works and length > contract.longest_run:
            yield f"{length} days on end"
        if inside and works and length < contract.shortest_run:
            yield f"only {length} days on end"
        if inside and not works and length < contract.shortest_rest:
            yield f"only {length} days off on end"
        day += length
