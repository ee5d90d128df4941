"""What holds of the rota's rules for any shifts, helpers and spans."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from scheduler.rota.rules import (
    HelperTerms,
    Refusal,
    ShiftTerms,
    in_week_of,
    local_day,
    merged,
    overlaps,
    refusals,
    rested,
    without,
)
from scheduler.slots import Span
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language

# Two weeks around each change of the clock.
BEGINNINGS = (datetime(2026, 3, 22, tzinfo=UTC), datetime(2026, 10, 18, tzinfo=UTC))
QUARTER = timedelta(minutes=15)


@st.composite
def spans(draw: st.DrawFn, longest: int = 40) -> Span:
    begins = draw(st.sampled_from(BEGINNINGS)) + QUARTER * draw(st.integers(0, 4 * 24 * 14))
    return Span(begins, begins + QUARTER * draw(st.integers(1, longest)))


def apart(held: list[Span]) -> tuple[Span, ...]:
    kept: list[Span] = []
    for span in held:
        if not any(overlaps(span, other) for other in kept):
            kept.append(span)
    return tuple(kept)


PLACES = st.lists(spans(), max_size=8).map(apart)
RESTS = st.one_of(st.none(), st.integers(0, 48).map(lambda hours: timedelta(hours=hours)))


def quarters(span: Span) -> set[datetime]:
    return {span.begins + QUARTER * number for number in range((span.ends - span.begins) // QUARTER)}


def covered(spanned: tuple[Span, ...]) -> set[datetime]:
    return set().union(*(quarters(span) for span in spanned))


@given(st.lists(spans(), max_size=10))
def test_merged_spans_are_the_same_time_in_order_and_apart(given_spans: list[Span]) -> None:
    joined = merged(given_spans)
    assert covered(joined) == covered(tuple(given_spans))
    assert all(one.ends < other.begins for one, other in pairwise(joined))


@given(st.lists(spans(), max_size=6), spans())
def test_what_is_left_outside_a_hole_is_all_but_the_hole(given_spans: list[Span], hole: Span) -> None:
    assert covered(without(given_spans, hole)) == covered(tuple(given_spans)) - quarters(hole)


@given(spans(), PLACES, RESTS)
def test_rest_is_asked_between_days_in_hours_that_pass_and_never_within_one(
    during: Span, held: tuple[Span, ...], rest: timedelta | None
) -> None:
    enough = timedelta(hours=11) if rest is None else rest
    others = [other for other in held if not overlaps(during, other)]
    gaps = [
        other.begins - during.ends if other.begins >= during.ends else during.begins - other.ends
        for other in others
        if local_day(other.begins) != local_day(during.begins)
    ]
    assert rested(during, others, rest) == all(gap >= enough for gap in gaps)


@given(spans(), PLACES, st.integers(0, 8))
def test_whoever_keeps_to_the_rules_never_has_more_in_a_week_than_they_said(
    first: Span, wanted: tuple[Span, ...], most: int
) -> None:
    helper = HelperTerms(1, 1, frozenset({Language.FI}), HelperKind.VOLUNTEER, most_per_week=most, rest=timedelta())
    for during in (first, *wanted):
        shift = ShiftTerms(1, during, published=True, cancelled=False, needed=1, most=1, held=0)
        if not refusals(shift, helper, now=BEGINNINGS[0] - QUARTER):
            helper = replace(helper, held=(*helper.held, during))
    assert all(in_week_of(during, helper.held) <= most for during in helper.held)
    assert not any(overlaps(one, other) for one in helper.held for other in helper.held if one is not other)


@given(spans(), PLACES, PLACES, PLACES, st.integers(0, 3), st.integers(0, 3))
def test_less_time_taken_never_makes_a_place_harder_to_have(
    during: Span, held: tuple[Span, ...], cannot: tuple[Span, ...], busy: tuple[Span, ...], most: int, taken: int
) -> None:
    helper = HelperTerms(
        1, 1, frozenset({Language.FI}), HelperKind.VOLUNTEER, held=held, cannot=cannot, busy=busy, most_per_week=2
    )
    shift = ShiftTerms(1, during, published=True, cancelled=False, needed=0, most=most, held=taken)
    standing = set(refusals(shift, helper, now=BEGINNINGS[0] - QUARTER))
    lighter = replace(helper, held=held[1:], cannot=cannot[1:], busy=busy[1:])
    assert set(refusals(shift, lighter, now=BEGINNINGS[0] - QUARTER)) <= standing
    assert (Refusal.FULL in standing) == (taken >= most)
