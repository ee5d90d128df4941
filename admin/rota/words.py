"""Days and hours as the rota writes them, in the reader's language."""

from datetime import date, datetime, time, timedelta
from typing import Final

from babel.dates import format_date, format_datetime

from admin.rota.room import rota
from admin.wording import clock, page_language
from scheduler.slots import HELSINKI, Span
from tickets.vocabulary import PageLanguage
from voice_prompts.language import Language
from voice_prompts.speech import day_in_short

LONG: Final = {PageLanguage.FI: "cccc d.M.y", PageLanguage.SV: "cccc d.M.y", PageLanguage.EN: "cccc d MMM y"}


@rota.app_template_filter()
def rota_day(day: date | datetime) -> str:
    """A day as the head of a column: ti 24.11."""
    if page_language() is PageLanguage.EN:
        return format_date(_local(day), "EEE d MMM", locale="en")
    return day_in_short(_local(day), Language(page_language()))


@rota.app_template_filter()
def rota_long_day(day: date | datetime) -> str:
    """A day in full: tiistai 24.11.2026."""
    return format_date(_local(day), LONG[page_language()], locale=str(page_language()))


@rota.app_template_filter()
def rota_hours(span: Span) -> str:
    """From when to when, on the wall: 9.00–15.00."""
    return f"{clock(span.begins)}–{clock(span.ends)}"


@rota.app_template_filter()
def rota_time(span: Span) -> str:
    """A shift's day and hours: ti 24.11. 9.00–15.00."""
    return f"{rota_day(span.begins)} {rota_hours(span)}"


@rota.app_template_filter()
def rota_span(span: Span) -> str:
    """A longer time: its days, and its hours where it does not run from midnight to midnight."""
    first, last = rota_local(span.begins), rota_local(span.ends)
    if first.date() == last.date():
        return f"{rota_long_day(span.begins)} {rota_hours(span)}"
    if first.time() == last.time() == time():
        last_day = rota_last_day(span.ends)
        days = rota_long_day(span.begins), rota_long_day(last_day)
        return days[0] if first.date() == last_day else " – ".join(days)
    return " – ".join(f"{rota_long_day(moment)} {clock(moment)}" for moment in (span.begins, span.ends))


@rota.app_template_filter()
def rota_wall(moment: time) -> str:
    """An hour on the wall: 9.15."""
    pattern = "HH:mm" if page_language() is PageLanguage.EN else "H.mm"
    return format_datetime(datetime.combine(date(2026, 1, 1), moment), pattern, locale="en")


@rota.app_template_filter()
def rota_local(moment: datetime) -> datetime:
    """A moment as it is in Helsinki, for fields that want a day or an hour."""
    return moment.astimezone(HELSINKI)


@rota.app_template_filter()
def rota_last_day(ends: datetime) -> date:
    """The last day of a span that ends at a moment: at midnight it is the day before."""
    return _local(ends - timedelta(microseconds=1))


def _local(day: date | datetime) -> date:
    return day.astimezone(HELSINKI).date() if isinstance(day, datetime) else day
