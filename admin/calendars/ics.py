"""Shifts as iCalendar (RFC 5545): the same bytes for the same rota, so that a calendar program fetches only what is new."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from icalendar import Calendar, Component, Event, Timezone, TimezoneDaylight, TimezoneStandard

from admin.calendars.words import FeedWord, said
from scheduler.rota.followed import OwnShift, RotaShift
from scheduler.slots import HELSINKI
from voice_prompts.language import Language

MAKER: Final = "-//Digilinja//Rota//FI"
EVERY_HOUR: Final = "PT1H"
W = FeedWord
ONLY: Final = {Language.FI: W.FINNISH_ONLY, Language.SV: W.SWEDISH_ONLY}


def own_calendar(shifts: Iterable[OwnShift], language: Language, host: str) -> bytes:
    """A helper's places, under ids that last as long as the place does."""
    events = [_own_event(shift, language, host) for shift in shifts]
    return calendar_of(said(language, W.OWN_CALENDAR), events)


def rota_calendar(shifts: Iterable[RotaShift], name: str, language: Language, host: str) -> bytes:
    """An organisation's rota; whoever follows it is not busy by it."""
    events = [_rota_event(shift, language, host) for shift in shifts]
    return calendar_of(said(language, W.ROTA, organisation=name), events)


def _own_event(shift: OwnShift, language: Language, host: str) -> Event:
    event = _event(f"place-{shift.place_id}@{host}", shift)
    event.add("summary", said(language, W.OWN_SHIFT_IN_SWAP if shift.swap_offered else W.OWN_SHIFT))
    lines = [_whose(shift.organisation, language)]
    if not shift.cancelled:
        lines.append(said(language, W.PROMISED, count=shift.promised))
        lines.append(said(language, W.CONFIRMED if shift.confirmed else W.NOT_CONFIRMED))
    event.add("description", "\n".join(lines))
    event.add("transp", "TRANSPARENT" if shift.cancelled else "OPAQUE")
    return event


def _rota_event(shift: RotaShift, language: Language, host: str) -> Event:
    event = _event(f"shift-{shift.shift_id}@{host}", shift)
    event.add("summary", said(language, W.ROTA_SHIFT, taken=shift.taken, needed=shift.needed))
    lines = [_whose(shift.organisation, language)]
    lines.append(said(language, W.PLACES, needed=shift.needed, most=shift.most, taken=shift.taken))
    if shift.swaps_offered:
        lines.append(said(language, W.SWAPS, count=shift.swaps_offered))
    if shift.language is not None:
        lines.append(said(language, ONLY[shift.language]))
    event.add("description", "\n".join(lines))
    event.add("transp", "TRANSPARENT")
    return event


def _whose(organisation: str | None, language: Language) -> str:
    return said(language, W.POOLED) if organisation is None else said(language, W.OF_ORGANISATION, name=organisation)


def _event(uid: str, shift: OwnShift | RotaShift) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", shift.changed_at)
    event.add("last-modified", shift.changed_at)
    event.add("sequence", shift.version)
    event.add("dtstart", on_the_wall(shift.during.begins))
    event.add("dtend", on_the_wall(shift.during.ends))
    event.add("status", "CANCELLED" if shift.cancelled else "CONFIRMED")
    return event


def on_the_wall(moment: datetime) -> datetime:
    """By Helsinki's clock; in UTC within the hour that autumn shows twice, whose second round no local time can name."""
    local = moment.astimezone(HELSINKI)
    return moment if local.fold else local


def calendar_of(name: str, events: Iterable[Component]) -> bytes:
    """A whole calendar of these events, under a name."""
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", " ".join(name.split()))  # no text by the standard, so no line break is escaped in it
    calendar.add("x-wr-timezone", HELSINKI.key)
    calendar.add("x-published-ttl", EVERY_HOUR)
    for component in (_helsinki(), *events):
        calendar.add_component(component)
    return bytes(calendar.to_ical())


def _helsinki() -> Timezone:
    """Summer time by the Union's rule, for every year to come: what icalendar makes by itself ends in some year."""
    zone, winter, summer = Timezone(), timedelta(hours=2), timedelta(hours=3)
    zone.add("tzid", HELSINKI.key)
    for part, name, before, after, begins, month in (
        (TimezoneDaylight(), "EEST", winter, summer, datetime(1997, 3, 30, 3), 3),  # noqa: DTZ001 - on the old wall
        (TimezoneStandard(), "EET", summer, winter, datetime(1996, 10, 27, 4), 10),  # noqa: DTZ001 - on the old wall
    ):
        part.add("tzname", name)
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("dtstart", begins)
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        zone.add_component(part)
    return zone
