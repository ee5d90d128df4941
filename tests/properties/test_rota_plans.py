"""Whatever week is published, nobody is put in two places at once, and nobody beyond what they or the shift allow."""

from datetime import UTC, date, datetime, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from scheduler.rota.closures import ClosureCard
from scheduler.rota.plans import Candidate, PlannedShift, Verdict, plan_days, seated
from scheduler.rota.rules import HelperTerms, overlaps, rested, week_of
from scheduler.rota.writing import NewShift
from scheduler.slots import DAY, HELSINKI, Span, is_holiday
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language

MONDAY = datetime(2026, 11, 30, tzinfo=HELSINKI).astimezone(UTC)
HELPERS = (1, 2, 3, 4)
minutes = st.integers(0, 14 * 24 * 4).map(lambda quarters: timedelta(minutes=15 * quarters))
spans = st.builds(lambda late, length: Span(MONDAY + late, MONDAY + late + length), minutes, st.integers(1, 40).map(lambda q: timedelta(minutes=15 * q)))  # fmt: skip
languages = st.sampled_from([None, *Language])


@st.composite
def candidates(draw: st.DrawFn) -> Candidate:
    during, helpers = draw(spans), draw(st.lists(st.sampled_from([*HELPERS, 99]), max_size=4, unique=True))
    new = NewShift(during, most=draw(st.integers(0, 3)), needed=0, language=draw(languages))
    return Candidate(new, tuple(helpers), during.begins.astimezone(HELSINKI).date(), 1)


@st.composite
def people(draw: st.DrawFn) -> list[HelperTerms]:
    return [
        HelperTerms(
            key,
            1,
            frozenset(draw(st.sets(st.sampled_from(Language), min_size=1))),
            HelperKind.VOLUNTEER,
            badge_expires_on=draw(st.none() | st.just(date(2026, 12, 4))),
            most_per_week=draw(st.none() | st.integers(0, 3)),
            held=tuple(draw(st.lists(spans, max_size=1))),
            cannot=tuple(draw(st.lists(spans, max_size=1))),
        )
        for key in HELPERS
    ]


def planned(week: list[Candidate], helpers: list[HelperTerms], closures: list[ClosureCard]) -> tuple[PlannedShift, ...]:
    return seated(plan_days(week, closures, now=MONDAY + DAY), helpers, closures, now=MONDAY + DAY)


@given(st.lists(candidates(), max_size=8), people())
def test_nobody_is_seated_where_they_may_not_sit(week: list[Candidate], helpers: list[HelperTerms]) -> None:
    plan = planned(week, helpers, [])
    assert [shift.candidate for shift in plan] == week
    known = {helper.id: helper for helper in helpers}
    for shift in plan:
        assert len(shift.coming) <= shift.new.most
        for helper in (known[key] for key in shift.coming):
            assert shift.new.language in {None, *helper.languages}
            assert not any(overlaps(shift.new.during, span) for span in helper.cannot)
    for helper in helpers:
        mine = [shift.new.during for shift in plan if helper.id in shift.coming]
        assert not any(overlaps(one, other) for one, other in combinations([*mine, *helper.held], 2) if one in mine)
        assert all(rested(one, [*(other for other in mine if other != one), *helper.held]) for one in mine)
        if helper.most_per_week is not None:
            weeks = [week_of(during.begins) for during in mine]
            assert all(weeks.count(week) <= helper.most_per_week for week in weeks)


@given(st.lists(candidates(), max_size=8), people(), spans, st.sampled_from([None, 1]))
def test_every_shift_has_a_verdict_and_only_the_made_ones_have_people(
    week: list[Candidate], helpers: list[HelperTerms], shut: Span, organisation: int | None
) -> None:
    closure = ClosureCard(1, Span(shut.begins - DAY, shut.ends), "", organisation, lifted=False)
    for shift in planned(week, helpers, [closure]):
        during = shift.new.during
        closed = organisation is None and closure.during.begins <= during.begins and during.ends <= closure.during.ends
        if during.ends <= MONDAY + DAY:
            expected = Verdict.PAST
        elif is_holiday(shift.candidate.day):
            expected = Verdict.HOLIDAY
        else:
            expected = Verdict.CLOSED if closed else Verdict.MADE
        assert shift.verdict is expected
        assert len(shift.helpers) == (len(shift.candidate.helpers) if expected is Verdict.MADE else 0)
        assert all(seat.why_not is not None for seat in shift.helpers if seat.helper_id not in shift.coming)
        assert all(seat.closed == overlaps(during, closure.during) for seat in shift.helpers if seat.helper_id != 99)
