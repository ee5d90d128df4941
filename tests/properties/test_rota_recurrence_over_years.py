"""A weekly nine o'clock is nine o'clock in any week of any year, over both changes of the clock."""

from collections import Counter
from datetime import date, time, timedelta
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from scheduler.rota.recurrence import Rule, RuleRefused, read_rule
from scheduler.slots import DAY, HELSINKI, span_on

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
NINE, NOON = time(9), time(12)
days = st.dates(date(2025, 1, 1), date(2029, 12, 31))
quarters = st.integers(0, 95).map(lambda number: time(number // 4, number % 4 * 15))


def rule_of(text: str, first_day: date) -> Rule:
    rule = read_rule(text, first_day)
    assert isinstance(rule, Rule), rule
    return rule


@given(days, st.sets(st.sampled_from(WEEKDAYS), min_size=1), st.integers(1, 4), st.integers(0, 400))
def test_weekly_days_are_those_that_a_calendar_shows(first_day, names, every, length) -> None:
    rule = rule_of(f"FREQ=WEEKLY;INTERVAL={every};BYDAY={','.join(sorted(names))}", first_day)
    monday = first_day - first_day.weekday() * DAY
    expected = [
        day
        for day in (first_day + number * DAY for number in range(length + 1))
        if WEEKDAYS[day.weekday()] in names and (day - monday).days // 7 % every == 0
    ]
    assert list(rule.days(first_day, first_day + length * DAY)) == expected


@given(days, st.integers(0, 300), st.integers(0, 60), st.integers(0, 60))
def test_to_look_at_a_part_is_to_see_a_part_of_the_same_days(first_day, length, skip, more) -> None:
    rule = rule_of("FREQ=WEEKLY;BYDAY=MO,TH;COUNT=30", first_day)
    last = first_day + length * DAY
    whole = list(rule.days(first_day, last + more * DAY))
    begins = first_day + skip * DAY
    assert list(rule.days(begins, last)) == [day for day in whole if begins <= day <= last]
    assert len(whole) <= 30


@given(days, quarters, quarters)
@example(date(2026, 3, 22), NINE, NOON)
@example(date(2026, 10, 18), NINE, NOON)
@example(date(2026, 3, 22), time(22), time(6))
@example(date(2026, 10, 18), time(22), time(6))
def test_weekly_hours_stay_the_same_on_the_wall_with_no_gap_and_no_double(first_day, begins, ends) -> None:
    rule = rule_of("FREQ=WEEKLY", first_day)
    came = list(rule.days(first_day, first_day + timedelta(weeks=60)))
    assert all(later - day == timedelta(weeks=1) for day, later in pairwise(came))
    for day in came:
        span = span_on(day, begins, ends)
        local = span.begins.astimezone(HELSINKI)
        skipped = day.month == 3 and day.day > 24 and day.weekday() == 6 and begins.hour == 3
        assert (local.date(), local.time()) == (day, time(4) if skipped else begins)
        night = span.ends.astimezone(HELSINKI)
        assert night.date() == (day if ends > begins else day + DAY)


@given(st.dates(date(2025, 3, 1), date(2029, 11, 30)) | st.sampled_from([SPRING, AUTUMN]), st.integers(1, 23))
@example(SPRING - DAY, 22)
@example(AUTUMN - DAY, 22)
def test_day_and_night_shifts_that_meet_on_the_wall_cover_every_minute_once(first_day, hour) -> None:
    daily = rule_of("FREQ=DAILY;COUNT=4", first_day)
    edges = [time(hour), time((hour + 8) % 24), time((hour + 16) % 24)]
    spans = sorted(
        (
            span_on(day + (DAY if begins < edges[0] else 0 * DAY), begins, ends)
            for day in daily.days(first_day, first_day + 9 * DAY)
            for begins, ends in zip(edges, [*edges[1:], edges[0]], strict=True)
        ),
        key=lambda span: span.begins,
    )
    assert all(span.ends == later.begins for span, later in pairwise(spans))
    length = spans[-1].ends - spans[0].begins
    assert length in (timedelta(hours=96 + change) for change in (-1, 0, 1))


def test_the_two_nights_of_2026_are_an_hour_shorter_and_an_hour_longer() -> None:
    lengths = Counter(
        (span := span_on(day, time(22), time(6))).ends - span.begins
        for first in (date(2026, 3, 27), date(2026, 10, 23))
        for day in rule_of("FREQ=DAILY;COUNT=3", first).days(first, first + 9 * DAY)
    )
    assert lengths == {timedelta(hours=8): 4, timedelta(hours=7): 1, timedelta(hours=9): 1}


@given(st.text(max_size=40) | st.from_regex(r"FREQ=(DAILY|WEEKLY);(BYDAY|INTERVAL|COUNT|UNTIL)=[A-Z0-9,+-]{0,9}"), days)
def test_whatever_is_typed_is_read_or_refused(text, first_day) -> None:
    assert isinstance(read_rule(text, first_day), Rule | RuleRefused)
