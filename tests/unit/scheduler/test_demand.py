"""What the coming weeks are expected to bring, from what the last ones brought."""

import pytest

from scheduler.demand import Hour, expect
from voice_prompts.language import Language

FI, SV = Language.FI, Language.SV


def test_a_language_is_expected_as_often_as_it_was_heard() -> None:
    counts = {Hour(FI, 0, 9): 80, Hour(FI, 1, 10): 40, Hour(SV, 2, 9): 4}
    expected = expect(counts, weeks=8)
    assert sum(calls for hour, calls in expected.items() if hour.language is FI) == pytest.approx(15)
    assert sum(calls for hour, calls in expected.items() if hour.language is SV) == pytest.approx(0.5)


def test_few_calls_are_spread_over_the_hours_at_which_others_ring_and_many_stay_where_they_were() -> None:
    few = expect({Hour(FI, 0, 9): 800, Hour(SV, 4, 12): 1}, weeks=8)
    assert few[Hour(SV, 0, 9)] > 0.03
    assert few[Hour(SV, 4, 12)] == pytest.approx((1 + 4 * (1 / 8) * (1 / 801)) / 12)
    many = expect({Hour(FI, 0, 9): 100, Hour(SV, 4, 12): 100}, weeks=8)
    assert many[Hour(SV, 4, 12)] > 4 * many[Hour(SV, 0, 9)]


def test_a_line_without_history_expects_nothing() -> None:
    assert expect({}, weeks=1) == {}
