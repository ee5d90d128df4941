"""Autofill against trying every rota there is, in worlds small enough for that; and what holds in any world."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import chain, combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.autofill import Aim, Assignment, Gap, Held, Helper, Proposal, Reason, Shift, Spoken, Status, propose
from scheduler.slots import HELSINKI, Span
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language

MONDAY = datetime(2026, 11, 30, tzinfo=UTC)
CALM = timedelta(days=1)
CODES = ("091", "853")
Rota = frozenset[Assignment]


def hours(day: int, begins: int, ends: int) -> Span:
    return Span(MONDAY + timedelta(days=day, hours=begins), MONDAY + timedelta(days=day, hours=ends))


# Friday to Tuesday, so that a week ends within.
spans = st.builds(
    lambda day, begins, length: hours(day, begins, begins + length),
    st.integers(4, 8), st.sampled_from((7, 9, 10)), st.sampled_from((2, 3)),
)  # fmt: skip
either = st.none() | st.integers(1, 2)
spoken = st.sets(st.builds(Spoken, st.sampled_from(CODES), st.just(Language.SV)), max_size=2).map(frozenset)


@st.composite
def some_shifts(draw: st.DrawFn) -> tuple[Shift, ...]:
    count = draw(st.integers(1, 4))
    shifts = []
    for number in range(count):
        needed = draw(st.integers(0, 2))
        most = max(needed, draw(st.integers(1, 2)))
        language, kind = draw(st.sampled_from((None, None, Language.SV))), draw(st.none() | st.sampled_from(HelperKind))
        shifts.append(Shift(number, draw(spans), needed, most, draw(either), language, kind, draw(spoken)))
    return tuple(shifts)


@st.composite
def a_helper(draw: st.DrawFn, number: int, shifts: tuple[Shift, ...]) -> Helper:
    held = draw(st.lists(st.sampled_from(shifts), max_size=1))
    elsewhere = draw(st.lists(spans, max_size=1))
    holds = [Held(shift.during, shift.id) for shift in held]
    holds += [Held(span) for span in elsewhere if not any(meet(span, place.during) for place in holds)]
    return Helper(
        number,
        draw(st.integers(1, 2)),
        draw(st.sampled_from(HelperKind)),
        draw(st.sampled_from((frozenset({Language.FI}), frozenset(Language)))),
        serves=draw(st.sets(st.sampled_from(CODES)).map(frozenset)),
        can=tuple(draw(st.lists(spans, max_size=2))),
        cannot=tuple(draw(st.lists(spans, max_size=1))),
        busy=tuple(draw(st.lists(spans, max_size=1))),
        only_when_can=draw(st.sampled_from((False, False, True))),
        papers_until=draw(st.sampled_from((None, None, None, MONDAY + timedelta(days=6)))),
        wished=draw(st.none() | st.integers(0, 3)),
        most_per_week=draw(st.none() | st.integers(1, 3)),
        rest=timedelta(hours=draw(st.sampled_from((0, 0, 11, 30)))),
        holds=tuple(holds),
        done=draw(st.integers(0, 5)),
        wished_before=draw(st.integers(0, 5)),
    )


@st.composite
def worlds(draw: st.DrawFn) -> tuple[tuple[Shift, ...], tuple[Helper, ...]]:
    shifts = draw(some_shifts())
    return shifts, tuple(draw(a_helper(number, shifts)) for number in range(draw(st.integers(0, 3))))


def meet(one: Span, other: Span) -> bool:
    return one.begins < other.ends and other.begins < one.ends


def week(span: Span) -> tuple[int, int]:
    return span.begins.astimezone(HELSINKI).isocalendar()[:2]


class World:
    """The rules and aims once more, told from a finished rota alone."""

    def __init__(self, shifts: tuple[Shift, ...], helpers: tuple[Helper, ...]) -> None:
        self.shifts = {shift.id: shift for shift in shifts}
        self.helpers = {helper.id: helper for helper in helpers}
        self.weeks = {week(shift.during) for shift in shifts}
        self.held = {Assignment(h.shift, one.id) for one in helpers for h in one.holds if h.shift is not None}

    def new_places(self, helper: int, rota: Rota) -> list[Span]:
        return [self.shifts[place.shift].during for place in rota if place.helper == helper]

    def places(self, helper: int, rota: Rota) -> list[Span]:
        return [held.during for held in self.helpers[helper].holds] + self.new_places(helper, rota)

    def members(self, shift: int, rota: Rota) -> list[Helper]:
        return [self.helpers[place.helper] for place in self.held | rota if place.shift == shift]

    def may(self, place: Assignment) -> bool:
        shift, helper = self.shifts[place.shift], self.helpers[place.helper]
        away = any(meet(shift.during, span) for span in (*helper.cannot, *helper.busy))
        return (
            (shift.organisation is None or shift.organisation == helper.organisation)
            and (shift.kind is None or shift.kind == helper.kind)
            and (shift.language is None or shift.language in helper.languages)
            and (helper.papers_until is None or helper.papers_until >= shift.during.ends)
            and not away
            and (not helper.only_when_can or liked(shift.during, helper.can))
        )

    def allows(self, rota: Rota) -> bool:
        return (
            all(self.may(place) for place in rota)
            and not rota & self.held
            and all(self._fits_in(shift, rota) for shift in self.shifts)
            and all(self._is_bearable(helper, rota) for helper in self.helpers.values())
        )

    def _fits_in(self, shift: int, rota: Rota) -> bool:
        new = any(place.shift == shift for place in rota)
        return not new or len(self.members(shift, rota)) <= self.shifts[shift].most

    def _is_bearable(self, helper: Helper, rota: Rota) -> bool:
        new, held = self.new_places(helper.id, rota), [place.during for place in helper.holds]
        both = [*combinations(new, 2), *((one, other) for one in new for other in held)]
        rested = all(max(a.begins - b.ends, b.begins - a.ends) >= helper.rest for a, b in both)
        weeks = [week(span) for span in (*new, *held)]
        most = helper.most_per_week
        return rested and (most is None or all(weeks.count(week(span)) <= most for span in new))

    def score(self, rota: Rota) -> dict[Aim, int]:
        return {
            Aim.COVER: self._open_places(rota) + self._silence(rota),
            Aim.SOMEBODY: sum(
                length(shift.during)
                for shift in self.shifts.values() if shift.needed and not self.members(shift.id, rota)
            ),
            Aim.WISHES: sum(self._unwished(helper, rota) for helper in self.helpers.values()),
            Aim.REST: sum(self._short_rests(helper, rota) for helper in self.helpers.values()),
            Aim.FAIRNESS: sum(self._unfair(helper, rota) for helper in self.helpers.values()),
        }  # fmt: skip

    def _open_places(self, rota: Rota) -> int:
        return sum(
            max(0, shift.needed - len(self.members(shift.id, rota))) * length(shift.during)
            for shift in self.shifts.values()
        )

    def _silence(self, rota: Rota) -> int:
        first = min(shift.during.begins for shift in self.shifts.values())
        return sum(
            len(self.silent_at(first + timedelta(minutes=minute), rota)) for minute in range(0, 5 * 24 * 60, 60)
        ) * 60  # fmt: skip

    def silent_at(self, at: datetime, rota: Rota) -> set[Spoken]:
        running = [shift for shift in self.shifts.values() if shift.during.begins <= at < shift.during.ends]
        present = [
            helper for helper in self.helpers.values()
            if any(span.begins <= at < span.ends for span in self.places(helper.id, rota))
        ]  # fmt: skip
        wanted = {spoken for shift in running for spoken in shift.spoken}
        return {one for one in wanted if not any(heard(helper, one) for helper in present)}

    def _unwished(self, helper: Helper, rota: Rota) -> int:
        weeks = [week(span) for span in self.places(helper.id, rota)]
        unliked = sum(bool(helper.can) and not liked(span, helper.can) for span in self.new_places(helper.id, rota))
        if helper.wished is None:
            return unliked
        apart = [weeks.count(one) - helper.wished for one in self.weeks]
        return unliked + sum(3 * much if much > 0 else -2 * much for much in apart)

    def _short_rests(self, helper: Helper, rota: Rota) -> int:
        return self._soon(self.places(helper.id, rota)) - self._soon([place.during for place in helper.holds])

    def _soon(self, places: list[Span]) -> int:
        in_order = sorted(places, key=lambda span: span.begins)
        return sum(timedelta(0) <= after.begins - before.ends < CALM for before, after in pairwise(in_order))

    def _unfair(self, helper: Helper, rota: Rota) -> int:
        wished = 1 if helper.wished is None else helper.wished
        due = max(Fraction(1, 2), Fraction(helper.wished_before + wished * len(self.weeks)))
        return round(1000 * (helper.done + len(self.places(helper.id, rota)) - due) ** 2 / due)


def length(span: Span) -> int:
    return (span.ends - span.begins) // timedelta(minutes=1)


def heard(helper: Helper, one: Spoken) -> bool:
    return one.language in helper.languages and (not helper.serves or one.municipality in helper.serves)


def liked(span: Span, times: Iterable[Span]) -> bool:
    starts = [span.begins + timedelta(minutes=minute) for minute in range(0, length(span), 60)]
    return all(any(free.begins <= at and at + timedelta(hours=1) <= free.ends for free in times) for at in starts)


def every_rota(world: World) -> Iterator[Rota]:
    places = [Assignment(shift, helper) for shift in world.shifts for helper in world.helpers]
    possible = [place for place in places if world.allows(frozenset({place}))]
    subsets = chain.from_iterable(combinations(possible, size) for size in range(len(possible) + 1))
    return (rota for rota in map(frozenset, subsets) if world.allows(rota))


def values(proposal: Proposal) -> tuple[int, ...]:
    return tuple(one.value for one in proposal.reached)


@given(worlds())
@settings(max_examples=60)
def test_no_other_rota_that_the_rules_allow_serves_the_aims_better(
    world: tuple[tuple[Shift, ...], tuple[Helper, ...]],
) -> None:
    told = World(*world)
    proposal = propose(*world)
    assert told.allows(frozenset(proposal.places))
    assert proposal.status is Status.OPTIMAL
    assert values(proposal) == tuple(told.score(frozenset(proposal.places)).values())
    assert values(proposal) == min(tuple(told.score(rota).values()) for rota in every_rota(told))


def broken_by(world: World, shift: int, helper: int, rota: Rota) -> set[Reason]:
    """All rules that speak against this helper in this shift beside this rota."""
    wanted, person = world.shifts[shift], world.helpers[helper]
    places, away = world.places(helper, rota), (*person.cannot, *person.busy)
    near = [max(wanted.during.begins - span.ends, span.begins - wanted.during.ends) for span in places]
    same_week = sum(week(span) == week(wanted.during) for span in places)
    told = {
        Reason.NOBODY_FITS: wanted.organisation not in (None, person.organisation)
        or wanted.kind not in (None, person.kind),
        Reason.NO_SPEAKER: wanted.language is not None and wanted.language not in person.languages,
        Reason.NO_PAPERS: person.papers_until is not None and person.papers_until < wanted.during.ends,
        Reason.NOT_FREE: any(meet(wanted.during, span) for span in away)
        or (person.only_when_can and not liked(wanted.during, person.can)),
        Reason.ON_DUTY: any(gap < timedelta(0) for gap in near),
        Reason.RESTING: any(gap < person.rest for gap in near),
        Reason.AT_MOST: person.most_per_week is not None and same_week >= person.most_per_week,
        Reason.FULL: len(world.members(shift, rota)) >= wanted.most,
    }
    return {reason for reason, broken in told.items() if broken}


@given(worlds())
@settings(max_examples=40)
def test_a_gap_names_all_whom_only_its_reason_or_a_later_one_keeps_away(
    world: tuple[tuple[Shift, ...], tuple[Helper, ...]],
) -> None:
    told, proposal = World(*world), propose(*world)
    rota, order = frozenset(proposal.places), list(Reason)
    for gap in proposal.gaps:
        if gap.municipalities:
            continue
        members = {helper.id for helper in told.members(gap.shift, rota)}
        against = {one: broken_by(told, gap.shift, one, rota) for one in told.helpers if one not in members}
        assert all(against.values()), "somebody could simply have been added"
        first = {helper: min(order.index(reason) for reason in broken) for helper, broken in against.items()}
        last = max(first.values(), default=order.index(Reason.NOBODY_FITS))
        assert gap.reason is order[last]
        assert gap.helpers == tuple(sorted(helper for helper, place in first.items() if place == last))


@given(worlds())
@settings(max_examples=40)
def test_every_open_place_and_every_silence_has_its_gap_and_no_other_has_one(
    world: tuple[tuple[Shift, ...], tuple[Helper, ...]],
) -> None:
    told, proposal = World(*world), propose(*world)
    rota = frozenset(proposal.places)
    open_places = {
        shift.id: shift.needed - len(told.members(shift.id, rota))
        for shift in told.shifts.values() if shift.needed > len(told.members(shift.id, rota))
    }  # fmt: skip
    assert {gap.shift: gap.missing for gap in proposal.gaps if not gap.municipalities} == open_places
    silent: dict[Spoken, bool] = {}
    for shift in told.shifts.values():
        for minute in range(0, length(shift.during), 60):
            for spoken in told.silent_at(shift.during.begins + timedelta(minutes=minute), rota):
                silent[spoken] = True
    named = {Spoken(code, gap.language) for gap in proposal.gaps for code in gap.municipalities if gap.language}
    assert named == set(silent)


@given(worlds())
@settings(max_examples=40)
def test_a_silence_is_explained_by_what_keeps_away_those_who_would_be_understood(
    world: tuple[tuple[Shift, ...], tuple[Helper, ...]],
) -> None:
    told, proposal = World(*world), propose(*world)
    rota = frozenset(proposal.places)
    for gap in proposal.gaps:
        for code in gap.municipalities:
            assert gap.language is not None
            understood = [one for one in told.helpers.values() if heard(one, Spoken(code, gap.language))]
            if gap.reason not in (Reason.NOBODY_FITS, Reason.NO_SPEAKER):
                assert gap.helpers
                assert set(gap.helpers) <= {helper.id for helper in understood}
                assert all(is_kept_away(told, gap, helper, rota) for helper in gap.helpers)


def is_kept_away(told: World, gap: Gap, helper: int, rota: Rota) -> bool:
    during = told.shifts[gap.shift].during
    beside = [shift.id for shift in told.shifts.values() if meet(shift.during, during)]
    return any(gap.reason in broken_by(told, shift, helper, rota) for shift in beside)


@given(worlds())
@settings(max_examples=40)
def test_the_same_question_in_another_order_has_the_same_answer(
    world: tuple[tuple[Shift, ...], tuple[Helper, ...]],
) -> None:
    shifts, helpers = world
    assert propose(shifts[::-1], helpers[::-1]) == propose(shifts, helpers)


@given(worlds())
@settings(max_examples=40)
def test_what_is_proposed_and_then_held_leaves_no_more_to_cover(
    world: tuple[tuple[Shift, ...], tuple[Helper, ...]],
) -> None:
    shifts, helpers = world
    proposal, during = propose(shifts, helpers), {shift.id: shift.during for shift in shifts}
    accepted = tuple(
        replace(helper, holds=(*helper.holds, *(
            Held(during[place.shift], place.shift) for place in proposal.places if place.helper == helper.id
        ))) for helper in helpers
    )  # fmt: skip
    again = propose(shifts, accepted)
    assert values(again)[:2] == values(proposal)[:2]
