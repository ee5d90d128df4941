"""Which days a rule names, and what is said of a rule that names none."""

from datetime import date

import pytest

from scheduler.rota.recurrence import Rule, RuleFault, RuleRefused, read_rule

MONDAY = date(2026, 11, 23)


def days(text: str, first_day: date = MONDAY, last: date = date(2026, 12, 31)) -> list[str]:
    rule = read_rule(text, first_day)
    assert isinstance(rule, Rule), rule
    return [f"{day:%-d.%-m.}" for day in rule.days(first_day, last)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,WE;COUNT=4", ["23.11.", "25.11.", "30.11.", "2.12."]),
        ("RRULE:FREQ=WEEKLY;COUNT=2", ["23.11.", "30.11."]),
        ("freq=weekly;interval=2;byday=mo", ["23.11.", "7.12.", "21.12."]),
        ("FREQ=WEEKLY;BYDAY=TU;UNTIL=20261201", ["24.11.", "1.12."]),
        ("FREQ=WEEKLY;BYDAY=TU;UNTIL=20261130T220000Z", ["24.11.", "1.12."]),  # midnight in Helsinki
        ("FREQ=MONTHLY;BYDAY=1TU", ["1.12."]),
        ("FREQ=MONTHLY;BYDAY=-1FR", ["27.11.", "25.12."]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", ["30.11.", "31.12."]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", ["30.11.", "31.12."]),
        ("FREQ=DAILY;BYDAY=SA;BYMONTH=12", ["5.12.", "12.12.", "19.12.", "26.12."]),
        ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=6", ["6.12."]),
    ],
)
def test_the_days_that_a_rule_names(text: str, expected: list[str]) -> None:
    assert days(text) == expected


def test_the_first_day_comes_only_if_the_rule_names_it() -> None:
    assert days("FREQ=WEEKLY;BYDAY=TU;COUNT=1") == ["24.11."]


def test_a_count_begins_at_the_first_day_and_not_where_one_looks() -> None:
    rule = read_rule("FREQ=DAILY;COUNT=3", MONDAY)
    assert isinstance(rule, Rule)
    assert list(rule.days(date(2026, 11, 25), date(2027, 1, 1))) == [date(2026, 11, 25)]
    assert list(rule.days(date(2026, 11, 26), date(2027, 1, 1))) == []


def test_the_29th_of_february_comes_in_leap_years() -> None:
    assert days("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", last=date(2033, 1, 1)) == ["29.2.", "29.2."]


@pytest.mark.parametrize(
    ("text", "fault", "part"),
    [
        ("", RuleFault.UNREADABLE, ""),
        ("every monday", RuleFault.UNREADABLE, "EVERY MONDAY"),
        ("FREQ=WEEKLY;", RuleFault.UNREADABLE, ""),
        ("BYDAY=MO", RuleFault.NO_FREQUENCY, "FREQ"),
        ("FREQ=FORTNIGHTLY", RuleFault.BAD_VALUE, "FREQ=FORTNIGHTLY"),
        ("FREQ=SECONDLY", RuleFault.TOO_OFTEN, "FREQ=SECONDLY"),
        ("FREQ=HOURLY;INTERVAL=24", RuleFault.TOO_OFTEN, "FREQ=HOURLY"),
        ("FREQ=WEEKLY;BYHOUR=9", RuleFault.UNKNOWN_PART, "BYHOUR"),
        ("FREQ=WEEKLY;BYMONTHDAY=13", RuleFault.UNKNOWN_PART, "BYMONTHDAY"),
        ("FREQ=YEARLY;BYEASTER=0", RuleFault.UNKNOWN_PART, "BYEASTER"),
        ("FREQ=WEEKLY;COLOUR=RED", RuleFault.UNKNOWN_PART, "COLOUR"),
        ("FREQ=WEEKLY;FREQ=DAILY", RuleFault.PART_TWICE, "FREQ=DAILY"),
        ("FREQ=WEEKLY;INTERVAL=0", RuleFault.BAD_VALUE, "INTERVAL=0"),
        ("FREQ=WEEKLY;INTERVAL=53", RuleFault.BAD_VALUE, "INTERVAL=53"),
        ("FREQ=WEEKLY;INTERVAL=1,2", RuleFault.BAD_VALUE, "INTERVAL=1,2"),
        ("FREQ=WEEKLY;BYDAY=MA", RuleFault.BAD_VALUE, "BYDAY=MA"),
        ("FREQ=WEEKLY;BYDAY=1MO", RuleFault.BAD_VALUE, "BYDAY=1MO"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", RuleFault.BAD_VALUE, "BYMONTHDAY=32"),
        ("FREQ=DAILY;BYMONTH=13", RuleFault.BAD_VALUE, "BYMONTH=13"),
        ("FREQ=WEEKLY;COUNT=0", RuleFault.BAD_VALUE, "COUNT=0"),
        ("FREQ=WEEKLY;COUNT=-1", RuleFault.BAD_VALUE, "COUNT=-1"),
        ("FREQ=WEEKLY;COUNT=99999999", RuleFault.TOO_MANY, "COUNT=99999999"),
        ("FREQ=WEEKLY;UNTIL=TOMORROW", RuleFault.BAD_VALUE, "UNTIL=TOMORROW"),
        ("FREQ=WEEKLY;UNTIL=20261122", RuleFault.ENDS_BEFORE, "UNTIL=20261122"),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20261231", RuleFault.TWO_ENDS, "COUNT"),
        ("FREQ=WEEKLY;BYDAY=TU;UNTIL=20261123", RuleFault.NEVER, "FREQ=WEEKLY;BYDAY=TU"),
        ("FREQ=DAILY;INTERVAL=7;BYDAY=TU", RuleFault.NEVER, "FREQ=DAILY;INTERVAL=7;BYDAY=TU"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", RuleFault.NEVER, "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused_by_its_part(text: str, fault: RuleFault, part: str) -> None:
    assert read_rule(text, MONDAY) == RuleRefused(fault, part)
