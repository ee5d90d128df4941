"""Autofill tells a coordinator who could take which place, and why a place stays open."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.autofill import (
    Assignment,
    Gap,
    Held,
    Helper,
    Proposal,
    Reason,
    Shift,
    SolverMissingError,
    Spoken,
    Status,
    propose,
)
from scheduler.slots import Span
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language

FI, BOTH = frozenset({Language.FI}), frozenset(Language)
NIGHT = timedelta(hours=11)
HELSINKI_SPEAKS = frozenset({Spoken("091", Language.SV)})


def on(day: int, begins: int = 9, ends: int = 12) -> Span:
    """Hours in UTC, of a day counted from Monday 30 November 2026."""
    monday = datetime(2026, 11, 30, tzinfo=UTC)
    return Span(monday + timedelta(days=day, hours=begins), monday + timedelta(days=day, hours=ends))


def a_helper(number: int, **other: object) -> Helper:
    told: dict[str, object] = {"organisation": 1, "kind": HelperKind.VOLUNTEER, "languages": FI, **other}
    return Helper(id=number, **told)  # type: ignore[arg-type]


def pairs(proposal: Proposal) -> set[tuple[int, int]]:
    return {(place.shift, place.helper) for place in proposal.places}


def the_gap(proposal: Proposal) -> Gap:
    (gap,) = proposal.gaps
    return gap


def test_who_has_done_less_of_what_they_wished_over_the_months_is_proposed() -> None:
    eager = a_helper(1, wished=1, done=8, wished_before=10)
    rarely_asked = a_helper(2, wished=1, done=2, wished_before=10)
    assert pairs(propose([Shift(7, on(0))], [eager, rarely_asked])) == {(7, 2)}


def test_fairness_is_in_relation_to_wishes_and_not_to_hours() -> None:
    wants_much = a_helper(1, wished=3, done=6, wished_before=30)
    wants_little = a_helper(2, wished=1, done=5, wished_before=5)
    assert pairs(propose([Shift(7, on(0))], [wants_much, wants_little])) == {(7, 1)}


def test_a_needed_place_is_filled_even_by_somebody_who_wished_for_none() -> None:
    assert pairs(propose([Shift(7, on(0))], [a_helper(1, wished=0)])) == {(7, 1)}


def test_a_place_that_is_not_needed_goes_only_to_who_wishes_for_one() -> None:
    shift = Shift(7, on(0), needed=0, most=2)
    assert pairs(propose([shift], [a_helper(1, wished=1), a_helper(2, wished=0)])) == {(7, 1)}


def test_each_is_proposed_for_the_times_that_they_like() -> None:
    early = a_helper(1, wished=1, can=(on(0, 8, 13),))
    late = a_helper(2, wished=1, can=(on(0, 8, 9), on(0, 12, 18)))
    shifts = [Shift(1, on(0, 13, 16)), Shift(2, on(0, 9, 12))]
    assert pairs(propose(shifts, [early, late])) == {(2, 1), (1, 2)}


def test_two_times_that_touch_are_one_for_who_can_both() -> None:
    helper = a_helper(1, can=(on(0, 12, 15), on(0, 9, 12)), only_when_can=True)
    assert pairs(propose([Shift(7, on(0, 10, 14))], [helper])) == {(7, 1)}


def test_the_swedish_speaker_is_kept_for_the_shift_that_needs_one() -> None:
    swedish, finnish = a_helper(1, languages=BOTH, most_per_week=1), a_helper(2, most_per_week=1)
    anyone, in_swedish = Shift(1, on(0)), Shift(2, on(1), language=Language.SV)
    assert pairs(propose([anyone, in_swedish], [swedish, finnish])) == {(1, 2), (2, 1)}


def test_a_bilingual_municipality_weighs_as_much_as_a_place() -> None:
    swedish, finnish = a_helper(1, languages=BOTH, most_per_week=1), a_helper(2, most_per_week=1, wished=1)
    unserved, served = Shift(1, on(0)), Shift(2, on(1), spoken=HELSINKI_SPEAKS)
    assert pairs(propose([unserved, served], [swedish, finnish])) == {(1, 2), (2, 1)}


def test_a_swedish_speaker_in_a_shift_beside_it_is_enough() -> None:
    on_duty = a_helper(1, languages=BOTH, holds=(Held(on(0, 8, 16)),))
    proposal = propose([Shift(7, on(0), spoken=HELSINKI_SPEAKS)], [on_duty, a_helper(2)])
    assert pairs(proposal) == {(7, 2)}
    assert proposal.gaps == ()


def test_what_is_held_stays_and_is_not_proposed_again() -> None:
    holder = a_helper(1, wished=0, holds=(Held(on(0), 7),))
    proposal = propose([Shift(7, on(0), needed=1, most=1)], [holder, a_helper(2, wished=5)])
    assert proposal.places == ()
    assert [(share.helper, share.held, share.proposed) for share in proposal.shares] == [(1, 1, 0), (2, 0, 0)]


def test_a_place_held_in_another_rota_counts_for_the_week_and_for_the_night() -> None:
    shifts = [Shift(1, on(1, 6, 9)), Shift(2, on(2, 9, 12))]
    helper = a_helper(1, rest=NIGHT, most_per_week=2, holds=(Held(on(0, 18, 21)),))
    proposal = propose(shifts, [helper])
    assert pairs(proposal) == {(2, 1)}
    assert the_gap(proposal).reason is Reason.RESTING


def test_nobody_is_proposed_for_more_than_their_most_of_a_week() -> None:
    shifts = [Shift(1, on(0)), Shift(2, on(2)), Shift(3, on(4)), Shift(4, on(7))]
    proposal = propose(shifts, [a_helper(1, most_per_week=2, holds=(Held(on(6)),))])
    assert len(proposal.places) == 2
    assert {gap.reason for gap in proposal.gaps} == {Reason.AT_MOST}


def test_a_shift_that_holds_more_than_it_should_is_left_as_it_is() -> None:
    holders = [a_helper(number, holds=(Held(on(0), 7),)) for number in (1, 2)]
    shifts = [Shift(7, on(0), needed=1, most=1), Shift(8, on(1))]
    assert pairs(propose(shifts, [*holders, a_helper(3, wished=1)])) == {(8, 3)}


def test_a_municipality_is_not_understood_where_others_have_taken_all_places() -> None:
    shift = Shift(7, on(0), needed=1, most=1, spoken=HELSINKI_SPEAKS)
    finnish = a_helper(1, holds=(Held(on(0), 7),))
    gap = the_gap(propose([shift], [finnish, a_helper(2, languages=BOTH)]))
    assert (gap.reason, gap.helpers, gap.municipalities) == (Reason.FULL, (2,), ("091",))


def test_the_week_ends_when_it_does_on_the_wall_in_helsinki() -> None:
    # Sunday 22.30 in UTC is Monday in Helsinki.
    night = Span(datetime(2026, 12, 6, 22, 30, tzinfo=UTC), datetime(2026, 12, 6, 23, 30, tzinfo=UTC))
    helper = a_helper(1, most_per_week=1, holds=(Held(on(5)),))
    assert pairs(propose([Shift(7, night)], [helper])) == {(7, 1)}


def test_a_day_between_places_is_given_to_who_can_have_it() -> None:
    shifts = [Shift(1, on(0)), Shift(2, on(1)), Shift(3, on(4)), Shift(4, on(5))]
    proposal = propose(shifts, [a_helper(1, wished=2), a_helper(2, wished=2)])
    assert [share.short_rests for share in proposal.shares] == [0, 0]
    assert {share.proposed for share in proposal.shares} == {2}


def test_a_shift_with_somebody_comes_before_a_second_one_elsewhere() -> None:
    shifts = [Shift(1, on(0), needed=2, most=2), Shift(2, on(0), needed=2, most=2)]
    assert {place.shift for place in propose(shifts, [a_helper(1), a_helper(2)]).places} == {1, 2}


@pytest.mark.parametrize(
    ("shift", "other", "reason"),
    [
        (Shift(7, on(0), organisation=2), {}, Reason.NOBODY_FITS),
        (Shift(7, on(0), kind=HelperKind.STAFF), {}, Reason.NOBODY_FITS),
        (Shift(7, on(0), language=Language.SV), {}, Reason.NO_SPEAKER),
        (Shift(7, on(0)), {"papers_until": on(0).begins}, Reason.NO_PAPERS),
        (Shift(7, on(0)), {"cannot": (on(0, 11, 13),)}, Reason.NOT_FREE),
        (Shift(7, on(0)), {"busy": (on(0, 11, 13),)}, Reason.NOT_FREE),
        (Shift(7, on(0)), {"can": (on(0, 9, 11),), "only_when_can": True}, Reason.NOT_FREE),
        (Shift(7, on(0)), {"holds": (Held(on(0, 11, 13)),)}, Reason.ON_DUTY),
        (Shift(7, on(0)), {"holds": (Held(on(0, 13, 14)),), "rest": NIGHT}, Reason.RESTING),
        (Shift(7, on(0)), {"holds": (Held(on(3)),), "most_per_week": 1}, Reason.AT_MOST),
    ],
)
def test_an_open_place_says_what_keeps_the_last_one_away(
    shift: Shift, other: dict[str, object], reason: Reason
) -> None:
    proposal = propose([shift], [a_helper(1, **other)])
    assert proposal.gaps == (Gap(7, 1, reason, (1,), shift.language),)
    assert proposal.status is Status.OPTIMAL


def test_the_reason_is_about_those_who_came_closest() -> None:
    finnish = a_helper(1)
    away = a_helper(2, languages=BOTH, cannot=(on(0),))
    tired = a_helper(3, languages=BOTH, rest=NIGHT, holds=(Held(on(0, 13, 15)),))
    gap = the_gap(propose([Shift(7, on(0), language=Language.SV)], [finnish, away, tired]))
    assert (gap.reason, gap.helpers, gap.language) == (Reason.RESTING, (3,), Language.SV)


def test_a_municipality_that_is_not_understood_is_named_with_those_who_cannot_come() -> None:
    shift = Shift(7, on(0), spoken=frozenset({Spoken("091", Language.SV), Spoken("853", Language.SV)}))
    serves_turku = a_helper(2, languages=BOTH, serves=frozenset({"853"}), cannot=(on(0),))
    gaps = propose([shift], [a_helper(1), serves_turku]).gaps
    assert gaps == (
        Gap(7, 1, Reason.NO_SPEAKER, (1, 2), Language.SV, ("091",)),
        Gap(7, 1, Reason.NOT_FREE, (2,), Language.SV, ("853",)),
    )


def test_with_no_time_to_seek_nothing_is_proposed_and_that_is_said() -> None:
    proposal = propose([Shift(7, on(0))], [a_helper(1)], limit=timedelta(0))
    assert proposal.status is Status.BEST_FOUND
    assert pairs(proposal) == set()
    assert the_gap(proposal).reason is Reason.NOT_SOUGHT


def test_nothing_to_fill_is_filled_at_once() -> None:
    assert propose([], [a_helper(1)]).status is Status.OPTIMAL
    assert propose([Shift(7, on(0))], []).gaps == (Gap(7, 1, Reason.NOBODY_FITS),)


def test_without_the_solver_one_is_told_which_extra_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "highspy", None)
    with pytest.raises(SolverMissingError, match=r"digilinja\[autofill\]"):
        propose([Shift(7, on(0))], [a_helper(1)])


def test_the_solver_is_not_loaded_before_somebody_asks_for_a_proposal() -> None:
    program = "import sys, scheduler.autofill; sys.exit('highspy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_assignments_come_in_the_order_of_shifts_and_helpers() -> None:
    proposal = propose([Shift(2, on(0), 2, 2), Shift(1, on(3))], [a_helper(2), a_helper(1)])
    assert proposal.places == (Assignment(1, 1), Assignment(2, 1), Assignment(2, 2)) or proposal.places == (
        Assignment(1, 2), Assignment(2, 1), Assignment(2, 2),
    )  # fmt: skip
