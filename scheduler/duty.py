"""Who is on duty at which start, and what the organisations have agreed, out of what the database tells.

Both are asked for at every offer and change seldom, and a network may have thousands of helpers. So what was read before is
known by its own words, and not read again.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from scheduler.boundaries import DEFAULT, with_changes
from scheduler.matching import OnDuty, Rules
from scheduler.slots import MINUTE, Grid, Span, starts_of
from tickets.municipalities import by_code, in_region
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language

Closures = Mapping[int | None, tuple[Span, ...]]  # organisation, or None for all → when

Calls = Mapping[int, tuple[Span, ...]]  # helper → the hours of the callbacks that they are on the phone about


def on_duty(
    together: Iterable[list[Any]], closed: Closures, calls: Calls, span: Span, grid: Grid
) -> dict[datetime, tuple[OnDuty, ...]]:
    """The pool of each start in `span`, the earliest first.

    `together` are places of the same hours: begin and end (seconds), phase, length of a call (minutes), the shift's
    organisation, and the papers of all who hold them. Who is on the phone about a callback of another start is not free
    before its hours are over, whatever the rota says since.
    """
    pools: defaultdict[datetime, list[OnDuty]] = defaultdict(list)
    for begins, ends, phase, minutes, organisation, papers in together:
        during = Span(datetime.fromtimestamp(begins, UTC), datetime.fromtimestamp(ends, UTC))
        for start in starts_of(during, phase, minutes * MINUTE):
            if span.begins <= start < span.ends and not _shut(start, closed, None, organisation):
                helpers = _helpers(papers, minutes, start.astimezone(grid.tz).date())
                there = (each for each in helpers if not (closed and _shut(start, closed, each.organisation)))
                pools[start] += (each for each in there if not (calls and _on_the_phone(each, start, calls)))
    return {start: tuple(pools[start]) for start in sorted(pools) if pools[start]}


@lru_cache(maxsize=64)
def rules_of(network: str, organisations: str) -> Rules:
    """What has been agreed: the network's changes to the boundaries, and of each organisation id, codes and changes."""
    shared = with_changes(DEFAULT, json.loads(network))
    serves: dict[int, frozenset[str]] = {}
    own: dict[int, frozenset[str]] = {}
    region: dict[int, frozenset[str]] = {}
    boundaries = {}
    for key, served, agreed, changes in json.loads(organisations):
        serves[key] = frozenset(served) | frozenset(agreed) if served else frozenset()
        own[key] = frozenset(served)
        places = [place for code in served if (place := by_code(code))]
        region[key] = frozenset[str]().union(*(in_region(place.region.code) for place in places))
        boundaries[key] = with_changes(shared, changes)
    return Rules(serves, own, region, boundaries)


@lru_cache(maxsize=512)
def _helpers(papers: str, minutes: int, day: date) -> tuple[OnDuty, ...]:
    return tuple(_helper(minutes, day, *helper.split("|")) for helper in papers.split(";"))


def _helper(minutes: int, day: date, key: str, organisation: str, languages: str, *papers: str) -> OnDuty:
    kind, rules_accepted, papers_until = papers
    spoken = frozenset(Language(code) for code in languages.split(",") if code)
    valid = rules_accepted == "t" and (not papers_until or day <= date.fromisoformat(papers_until))
    return OnDuty(int(key), int(organisation), spoken, HelperKind(kind), valid, minutes)


def _on_the_phone(helper: OnDuty, start: datetime, calls: Calls) -> bool:
    ends = start + helper.minutes * MINUTE
    return any(
        call.begins != start and call.begins < ends and start < call.ends for call in calls.get(helper.helper, ())
    )


def _shut(start: datetime, closed: Closures, *whose: int | None) -> bool:
    return any(one.begins <= start < one.ends for who in whose for one in closed.get(who, ()))
