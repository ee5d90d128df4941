"""When somebody is busy by their own calendar (RFC 5545). Pure; `now` is an argument."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from enum import StrEnum
from math import prod
from typing import Final

from icalendar import Calendar, Component, Event
from recurring_ical_events import of

from scheduler.rota.rules import merged
from scheduler.slots import DAY, HELSINKI, Span, instant_of

AHEAD_DAYS: Final = 8 * 7  # so far ahead is a calendar read
MOST_EVENTS: Final = 20_000
MOST_REPEATED: Final = 1_000
MOST_A_DAY: Final = 24  # times that one event may come in a day
FREE: Final = "FREE"  # Outlook's own word beside TRANSP
# A day or week that is filtered by these may never come, and dateutil would look for it until the year 9999: half a minute.
# Calendar programs write them with a month or a year.
# A month or a year that is filtered twice may never come either; each such rule may cost three seconds, so not many.
MOST_FILTERED: Final = 50
NOT_OF_DAYS: Final = frozenset({"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS", "BYEASTER"})


class CalendarTrouble(StrEnum):
    """Why a calendar could not be read; the words are under `calendar trouble` in admin/translations."""

    NOT_HTTPS = "not_https"
    NOT_PUBLIC = "not_public"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    MOVED_TOO_OFTEN = "moved_too_often"
    TOO_SLOW = "too_slow"
    TOO_LARGE = "too_large"
    TOO_MANY_EVENTS = "too_many_events"
    NOT_A_CALENDAR = "not_a_calendar"


class CalendarUnreadableError(Exception):
    """A helper's own calendar could not be read this time; `trouble` says why."""

    def __init__(self, trouble: CalendarTrouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


def busy_times(ics: bytes, now: datetime) -> tuple[Span, ...]:
    """The spans that a calendar fills from today up to eight weeks on, in UTC, in order and apart.

    What is cancelled or leaves its owner free does not count. A day without hours is one of Helsinki's, and so is the
    clock of a time without a zone. Raises CalendarUnreadableError: who is busy must not look free for a fault in the file.
    """
    if not ics.lstrip(b"\xef\xbb\xbf \t\r\n").upper().startswith(b"BEGIN:VCALENDAR"):
        raise CalendarUnreadableError(CalendarTrouble.NOT_A_CALENDAR)
    try:
        return merged(_spans(ics, now))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
        # Whatever others write into such a file, the library may stumble over it in its own way.
        raise CalendarUnreadableError(CalendarTrouble.NOT_A_CALENDAR) from error


def _spans(ics: bytes, now: datetime) -> Iterable[Span]:
    calendar = Calendar.from_ical(ics)
    if not isinstance(calendar, Calendar):
        raise CalendarUnreadableError(CalendarTrouble.NOT_A_CALENDAR)
    _refuse_too_many(calendar.walk("VEVENT"))
    today = now.astimezone(HELSINKI).date()
    begins, ends = (instant_of(day, time(0)) for day in (today, today + AHEAD_DAYS * DAY))
    found = of(calendar).between(begins.astimezone(HELSINKI), ends.astimezone(HELSINKI))
    spans = [_span(event) for event in found if isinstance(event, Event) and _fills_time(event)]
    return [span for span in spans if begins < span.ends and span.begins < ends]


def _refuse_too_many(events: list[Component]) -> None:
    rules = [rule for event in events for rule in _rules(event)]
    often = any(_times_a_day(rule) > MOST_A_DAY for rule in rules)
    filtered = sum(_is_filtered_twice(rule) for rule in rules)
    if len(events) > MOST_EVENTS or len(rules) > MOST_REPEATED or filtered > MOST_FILTERED or often:
        raise CalendarUnreadableError(CalendarTrouble.TOO_MANY_EVENTS)
    if any(_may_never_come(rule) for rule in rules):
        raise CalendarUnreadableError(CalendarTrouble.NOT_A_CALENDAR)


def _may_never_come(rule: dict[str, list[object]]) -> bool:
    days_or_weeks = any(str(word).upper() in ("DAILY", "WEEKLY") for word in rule.get("FREQ", []))
    return days_or_weeks and any(part.upper() in NOT_OF_DAYS for part in rule)


def _is_filtered_twice(rule: dict[str, list[object]]) -> bool:
    days = ("BYMONTH", "BYDAY", *NOT_OF_DAYS)
    return sum(part.upper() in days for part in rule) > 1


def _rules(event: Component) -> list[dict[str, list[object]]]:
    rule = event.get("RRULE", [])
    return rule if isinstance(rule, list) else [rule]


def _times_a_day(rule: dict[str, list[object]]) -> int:
    if any(str(word).upper() in ("SECONDLY", "MINUTELY", "HOURLY") for word in rule.get("FREQ", [])):
        return MOST_A_DAY + 1
    return prod(max(1, len(rule.get(part, []))) for part in ("BYHOUR", "BYMINUTE", "BYSECOND"))


def _fills_time(event: Event) -> bool:
    free = str(event.get("TRANSP", "")).upper() == "TRANSPARENT"
    free = free or str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() == FREE
    return not free and str(event.get("STATUS", "")).upper() != "CANCELLED" and event.start != event.end


def _span(event: Event) -> Span:
    begins, ends = sorted((_moment(event.start), _moment(event.end)))
    return Span(begins, ends)


def _moment(at: date) -> datetime:
    if not isinstance(at, datetime):
        return instant_of(at, time(0))
    if at.tzinfo is None:
        return instant_of(at.date(), at.time())
    return at.astimezone(UTC)
