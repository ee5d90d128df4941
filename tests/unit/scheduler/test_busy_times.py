"""When somebody is busy by their own calendar, whatever program wrote it."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.rota.busy_times import CalendarTrouble, CalendarUnreadableError, busy_times
from scheduler.slots import HELSINKI, Span, span_on

NOW = datetime(2026, 3, 16, 7, 10, tzinfo=UTC)  # a Monday
HEAD = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Somebody//Else//EN\n"
MORNING = "DTSTART;TZID=Europe/Helsinki:20260317T090000\nDTEND;TZID=Europe/Helsinki:20260317T100000\n"


def calendar(*events: str) -> bytes:
    """A calendar of these events, each without its frame."""
    framed = (f"BEGIN:VEVENT\nUID:{number}\n{event}\nEND:VEVENT\n" for number, event in enumerate(events))
    return (HEAD + "".join(framed) + "END:VCALENDAR\n").encode()


def busy(*events: str, now: datetime = NOW) -> list[str]:
    """The spans, by the clock on the wall in Helsinki."""
    return [
        f"{span.begins.astimezone(HELSINKI):%d.%m. %H.%M}–{span.ends.astimezone(HELSINKI):%H.%M}"
        for span in busy_times(calendar(*events), now)
    ]


@pytest.mark.parametrize(
    ("first", "now", "utc_hours"),
    [
        (date(2026, 3, 16), NOW, [7, 7, 6, 6, 6, 6, 6, 6]),
        (date(2026, 10, 12), datetime(2026, 10, 12, 4, tzinfo=UTC), [6, 6, 7, 7, 7, 7, 7, 7]),
    ],
)
def test_a_weekly_nine_oclock_stays_at_nine_over_both_changes(first: date, now: datetime, utc_hours: list[int]) -> None:
    weekly = (
        f"DTSTART;TZID=Europe/Helsinki:{first:%Y%m%d}T090000\nDTEND;TZID=Europe/Helsinki:{first:%Y%m%d}T100000\n"
        "RRULE:FREQ=WEEKLY"
    )
    spans = busy_times(calendar(weekly), now)
    assert [span.begins.hour for span in spans] == utc_hours
    assert spans == tuple(span_on(first + timedelta(weeks=week), time(9), time(10)) for week in range(8))


def test_a_daily_event_by_a_zone_of_its_own_follows_that_zone_through_the_change() -> None:
    # New York changes its clocks on 8 March 2026, three weeks before Helsinki: 9.00 there is 15.00 here until then.
    daily = "DTSTART;TZID=America/New_York:20260316T090000\nDURATION:PT30M\nRRULE:FREQ=DAILY;UNTIL=20260330T235959Z"
    found = busy(daily)
    assert (found[0], found[-1]) == ("16.03. 15.00–15.30", "30.03. 16.00–16.30")


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_day_without_hours_is_a_whole_day_in_helsinki(day: date) -> None:
    now = datetime.combine(day - timedelta(days=3), time(9), UTC)
    assert busy_times(calendar(f"DTSTART;VALUE=DATE:{day:%Y%m%d}"), now) == (span_on(day, time(0), time(0)),)


def test_a_time_without_a_zone_is_one_of_helsinkis() -> None:
    assert busy("DTSTART:20260330T090000\nDTEND:20260330T100000") == ["30.03. 09.00–10.00"]


@pytest.mark.parametrize(
    "free", ["TRANSP:TRANSPARENT", "STATUS:CANCELLED", "X-MICROSOFT-CDO-BUSYSTATUS:FREE", "transp:transparent"]
)
def test_what_leaves_its_owner_free_does_not_count(free: str) -> None:
    assert busy(MORNING + free) == []
    assert busy(MORNING + "STATUS:TENTATIVE") == ["17.03. 09.00–10.00"]


def test_one_week_of_a_series_that_was_moved_or_left_out_is_so_here() -> None:
    weekly = MORNING + "RRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;TZID=Europe/Helsinki:20260331T090000"
    moved = (
        "RECURRENCE-ID;TZID=Europe/Helsinki:20260324T090000\n"
        "DTSTART;TZID=Europe/Helsinki:20260324T130000\nDTEND;TZID=Europe/Helsinki:20260324T140000"
    )
    text = calendar(weekly, moved).replace(b"UID:1\n", b"UID:0\n")
    starts = [f"{span.begins.astimezone(HELSINKI):%d.%m. %H.%M}" for span in busy_times(text, NOW)]
    assert starts == ["17.03. 09.00", "24.03. 13.00", "07.04. 09.00"]


def test_spans_that_touch_or_overlap_are_one() -> None:
    later = MORNING.replace("T090000", "T093000").replace("T100000", "T110000")
    touching = MORNING.replace("T090000", "T110000").replace("T100000", "T120000")
    assert busy(touching, MORNING, later) == ["17.03. 09.00–12.00"]


def test_only_from_today_and_eight_weeks_on() -> None:
    past = MORNING.replace("20260317", "20260315")
    today = MORNING.replace("20260317", "20260316").replace("T090000", "T010000").replace("T100000", "T020000")
    last, beyond = (MORNING.replace("20260317", day) for day in ("20260510", "20260511"))
    assert busy(past, today, last, beyond) == ["16.03. 01.00–02.00", "10.05. 09.00–10.00"]


def test_a_long_absence_that_has_begun_already_is_kept_whole() -> None:
    (span,) = busy_times(calendar("DTSTART;VALUE=DATE:20260201\nDTEND;VALUE=DATE:20270101"), NOW)
    assert span == Span(
        span_on(date(2026, 2, 1), time(0), time(0)).begins, span_on(date(2027, 1, 1), time(0), time(0)).begins
    )


@pytest.mark.parametrize(
    ("file", "trouble"),
    [
        (b"", CalendarTrouble.NOT_A_CALENDAR),
        (b"<html>Sign in</html>", CalendarTrouble.NOT_A_CALENDAR),
        (calendar(MORNING)[:-30], CalendarTrouble.NOT_A_CALENDAR),
        (calendar("DTSTART:some day"), CalendarTrouble.NOT_A_CALENDAR),
        (calendar("SUMMARY:no time at all"), CalendarTrouble.NOT_A_CALENDAR),
        (calendar(MORNING + "RRULE:FREQ=SOMETIMES"), CalendarTrouble.NOT_A_CALENDAR),
        (calendar(MORNING + "RRULE:FREQ=SECONDLY"), CalendarTrouble.TOO_MANY_EVENTS),
        (
            calendar(MORNING + "RRULE:FREQ=DAILY;BYMINUTE=" + ",".join(map(str, range(60)))),
            CalendarTrouble.TOO_MANY_EVENTS,
        ),
        (calendar(*[MORNING + "RRULE:FREQ=DAILY"] * 1001), CalendarTrouble.TOO_MANY_EVENTS),
        (calendar(MORNING + "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), CalendarTrouble.NOT_A_CALENDAR),
        (calendar(MORNING + "RRULE:FREQ=WEEKLY;BYYEARDAY=400"), CalendarTrouble.NOT_A_CALENDAR),
        (
            calendar(*[MORNING + "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"] * 51),
            CalendarTrouble.TOO_MANY_EVENTS,
        ),
    ],
    ids=[
        *("empty", "a page", "cut off", "no date", "no time", "no rule", "every second", "every minute", "too many"),
        *("a day that never comes", "a week that never comes", "years that never come"),
    ],
)
def test_a_file_that_cannot_be_trusted_says_why(file: bytes, trouble: CalendarTrouble) -> None:
    with pytest.raises(CalendarUnreadableError) as refused:
        busy_times(file, NOW)
    assert refused.value.trouble is trouble


PIECES = st.sampled_from(
    ["BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTIMEZONE", "TZID:X", "UID:1", "DTSTART:20260317T090000", "DTEND:20260316T090000",
     "DTSTART;VALUE=DATE:20260317", "DURATION:PT1H", "DURATION:-P9999D", "RRULE:FREQ=DAILY;COUNT=3", "RRULE:FREQ=WEEKLY;BYDAY=XX",
     "RRULE:FREQ=DAILY;UNTIL=1", "RECURRENCE-ID:20260317T090000", "EXDATE:x", "DTEND;TZID=X:20260317T090000", "STATUS:",
     "DTSTART;TZID=Nowhere:99991231T235959", "RDATE;VALUE=PERIOD:20260317T090000Z/PT1H", ":", "X", "\x00"]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=20), max_size=12))
def test_no_file_does_more_than_be_refused(pieces: list[str]) -> None:
    text = HEAD + "BEGIN:VEVENT\n" + "\n".join(pieces) + "\nEND:VEVENT\nEND:VCALENDAR\n"
    try:
        spans = busy_times(text.encode(errors="replace"), NOW)
    except CalendarUnreadableError:
        return
    assert all(span.begins < span.ends for span in spans)
    assert all(one.ends < other.begins for one, other in pairwise(spans))
