"""A helper's own calendar says when they are busy: read again and again, never more than it says, never lost by a fault."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, cast

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from admin.calendars.web import CalendarWeb
from scheduler.errands import Errand
from scheduler.jobs import Job, JobState
from scheduler.ports import Telephony, Urls
from scheduler.rota.busy import (
    CalendarRefusal,
    Fetch,
    add_calendar,
    calendars_of,
    clashes,
    reading,
    remove_calendar,
    take_busy_times,
)
from scheduler.rota.busy import read_calendar as read
from scheduler.rota.busy_times import CalendarTrouble, CalendarUnreadableError
from scheduler.rota.places import take_place
from scheduler.rota.rules import Refusal
from scheduler.rota.wishes import Availability, BusyCalendar
from scheduler.slots import Span, span_on
from scheduler.tools import Tools
from scheduler.worker import Worker
from tests.integration.store.conftest import Town
from tests.integration.test_calendar_web import answering, server, web
from tickets.directory import NewHelper, add_helper, add_network, add_organisation
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language

if TYPE_CHECKING:
    from voice_prompts.catalogue import Catalogue

URL = "https://calendar.example/secret-7f3a.ics"
HELPER = "helper:1"


class Elsewhere:
    """A calendar somewhere on the web, as long as it is there."""

    def __init__(self) -> None:
        self.ics = ics()
        self.trouble: CalendarTrouble | None = None
        self.asked: list[str] = []

    def fetch(self, url: str) -> bytes:
        self.asked.append(url)
        if self.trouble is not None:
            raise CalendarUnreadableError(self.trouble)
        return self.ics


class Hands:
    """The town's clock."""

    def __init__(self, town: Town) -> None:
        self.town = town

    def now(self) -> datetime:
        return self.town.now


def ics(*days: date, weekly: bool = False) -> bytes:
    """A calendar with an appointment from ten to half past eleven on these days."""
    rule = "RRULE:FREQ=WEEKLY\n" if weekly else ""
    events = (
        f"BEGIN:VEVENT\nUID:{day}\nDTSTART;TZID=Europe/Helsinki:{day:%Y%m%d}T100000\n"
        f"DTEND;TZID=Europe/Helsinki:{day:%Y%m%d}T113000\n{rule}END:VEVENT\n"
        for day in days
    )
    return ("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n" + "".join(events) + "END:VCALENDAR\n").encode()


def worker(town: Town, fetch: Fetch) -> Worker:
    """A worker that reads calendars, in the town's own time."""
    tools = Tools(town.sessions, Hands(town), cast("Telephony", None), cast("Catalogue", None), cast("Urls", None))
    return Worker(tools, {Errand.READ_CALENDAR: partial(read, fetch)}, reconcile_every=None)


def add(town: Town, helper: int, url: str = URL) -> int:
    """The helper lets their calendar be read."""
    with town.sessions.begin() as session:
        added = add_calendar(session, town.network, helper, url, actor=HELPER, now=town.now)
    assert added.calendar_id is not None
    return added.calendar_id


def busy(town: Town) -> list[object]:
    """When the helpers are busy, as the database has it."""
    return [at for (at,) in town.fetch("SELECT lower(during) FROM availability WHERE says = 'busy' ORDER BY during")]


@pytest.fixture
def elsewhere() -> Elsewhere:
    """An empty calendar."""
    return Elsewhere()


@pytest.fixture
def now() -> datetime:
    """Friday 27 March 2026, ten past nine in Helsinki: summer time begins on Sunday."""
    return datetime(2026, 3, 27, 7, 10, tzinfo=UTC)


@pytest.mark.parametrize("monday", [date(2026, 3, 23), date(2026, 10, 19)])
def test_a_weekly_appointment_is_read_by_the_clock_on_the_wall(town: Town, elsewhere: Elsewhere, monday: date) -> None:
    town.now = datetime.combine(monday, time(7), UTC)
    elsewhere.ics = ics(monday, weekly=True)
    add(town, town.helper())
    assert worker(town, elsewhere.fetch).beat() == 1
    weeks = [span_on(monday + timedelta(weeks=week), time(10), time(11, 30)).begins for week in range(8)]
    assert busy(town) == weeks
    assert {at.hour for at in weeks} == {7, 8}


def test_it_is_read_over_the_web_and_again_hours_later(town: Town) -> None:
    """The whole way, from an address on this machine that only a test can allow."""
    calendar = add(town, town.helper())
    with server(cal=answering(ics(date(2026, 3, 30)))) as address:
        with town.sessions.begin() as session:
            session.get_one(BusyCalendar, calendar).url_sealed = session.info["cipher"].seal(f"{address}/cal")
        hands = worker(town, web().fetch)
        assert hands.beat() == 1
        assert busy(town) == [span_on(date(2026, 3, 30), time(10), time(12)).begins]
        assert hands.beat() == 0
        town.now += timedelta(hours=5)
        assert hands.beat() == 1
    town.now += timedelta(hours=5)
    assert worker(town, CalendarWeb().fetch).beat() == 1  # and the product's own way in refuses it
    assert town.fetch("SELECT failed FROM busy_calendar") == [("not_https",)]


def test_what_it_says_now_takes_the_place_of_what_it_said(town: Town, elsewhere: Elsewhere) -> None:
    add(town, town.helper())
    hands = worker(town, elsewhere.fetch)
    for days in ((30, 31), (31,), ()):
        elsewhere.ics = ics(*(date(2026, 3, day) for day in days))
        hands.beat()
        assert [at.day for at in busy(town) if isinstance(at, datetime)] == list(days)
        town.now += timedelta(hours=5)


def test_only_what_changed_is_written_down_and_by_the_calendar(town: Town, elsewhere: Elsewhere) -> None:
    elsewhere.ics = ics(date(2026, 3, 30))
    add(town, town.helper())
    for _ in range(3):
        worker(town, elsewhere.fetch).beat()
        town.now += timedelta(hours=5)
    assert town.fetch("SELECT kind, actor, details FROM rota_change ORDER BY id") == [
        ("calendar_added", HELPER, {"calendar": 1}),
        ("availability_set", "calendar", {"added": 1, "removed": 0}),
    ]


@pytest.mark.parametrize("broken", [CalendarTrouble.REFUSED, CalendarTrouble.NOT_A_CALENDAR])
def test_a_broken_calendar_keeps_what_it_said_and_says_why(
    town: Town, elsewhere: Elsewhere, broken: CalendarTrouble
) -> None:
    elsewhere.ics = ics(date(2026, 3, 30))
    add(town, town.helper())
    worker(town, elsewhere.fetch).beat()
    town.now += timedelta(hours=5)
    elsewhere.trouble, elsewhere.ics = (broken, b"") if broken is CalendarTrouble.REFUSED else (None, b"<html>")
    worker(town, elsewhere.fetch).beat()
    with town.sessions() as session:
        (card,) = calendars_of(session, town.network)
    assert (card.trouble, card.spans, card.read_at) == (broken, 1, town.now - timedelta(hours=5))
    elsewhere.trouble, elsewhere.ics = None, ics()
    town.now += timedelta(hours=5)
    worker(town, elsewhere.fetch).beat()
    with town.sessions() as session:
        (card,) = calendars_of(session, town.network)
    assert (card.trouble, card.spans, card.read_at) == (None, 0, town.now)


def test_a_fault_of_ours_does_not_end_the_reading_for_ever(town: Town) -> None:
    def falls_over(_url: str) -> bytes:
        raise RuntimeError

    calendar = add(town, town.helper())
    worker(town, falls_over).beat()
    waiting = town.jobs()
    assert set(waiting) == {f"read_calendar:calendar-{calendar}:{number}" for number in (1, 2)}
    assert timedelta(hours=4) <= waiting[f"read_calendar:calendar-{calendar}:2"] - town.now < timedelta(hours=5)


def test_calendars_added_together_are_not_read_together_for_ever(town: Town, elsewhere: Elsewhere) -> None:
    for _ in range(5):
        add(town, town.helper())
    worker(town, elsewhere.fetch).beat()
    assert len(set(town.jobs().values())) > 1


def test_doing_the_same_reading_twice_says_nothing_twice(town: Town, elsewhere: Elsewhere) -> None:
    elsewhere.ics = ics(date(2026, 3, 30))
    calendar = add(town, town.helper())
    town.shift("10:00", "12:00", 1, days=3)
    hands = worker(town, elsewhere.fetch)
    hands.beat()
    with town.sessions.begin() as session:
        again = session.scalars(select(Job).where(Job.key == reading(calendar, 1, at=town.now).key)).one()
        again.state = JobState.WAITING
    hands.beat()
    assert len(busy(town)) == 1
    assert [key for key in town.jobs() if key.startswith("read_calendar")] == ["read_calendar:calendar-1:2"]
    assert town.fetch("SELECT count(*) FROM alert") == [(1,)]


def test_a_held_place_at_a_busy_time_is_reported_once_and_kept(town: Town, elsewhere: Elsewhere) -> None:
    helper = town.helper()
    shift = town.shift("10:00", "12:00", helper, days=3)
    town.shift("12:00", "14:00", helper, days=3)
    elsewhere.ics = ics(date(2026, 3, 30))
    add(town, helper)
    for _ in range(3):
        worker(town, elsewhere.fetch).beat()
        town.now += timedelta(hours=5)
    assert town.fetch("SELECT state FROM place") == [("held",), ("held",)]
    assert town.fetch("SELECT kind, shift_id, details FROM alert") == [("busy", shift, {"place": 1, "helper": helper})]
    with town.sessions() as session:
        (clash,) = clashes(session, town.network, now=town.now)
        assert (clash.shift_id, clash.helper_id) == (shift, helper)
        assert clashes(session, town.network, now=town.now + timedelta(days=4)) == ()
        assert clashes(session, town.network + 1, now=town.now) == ()
    town.update("shift", shift, version=2)  # its time was changed: that is another matter
    worker(town, elsewhere.fetch).beat()
    assert town.fetch("SELECT count(*) FROM alert") == [(2,)]


def test_the_report_is_over_when_the_helper_is_free_again_and_back_when_they_are_not(
    town: Town, elsewhere: Elsewhere
) -> None:
    helper = town.helper()
    town.shift("10:00", "12:00", helper, days=3)
    add(town, helper)
    for days, over in (((30,), False), ((), True), ((30,), False)):
        elsewhere.ics = ics(*(date(2026, 3, day) for day in days))
        worker(town, elsewhere.fetch).beat()
        town.now += timedelta(hours=5)
        assert town.fetch("SELECT resolved_at IS NOT NULL FROM alert") == [(over,)]
    with town.sessions.begin() as session:
        remove_calendar(session, town.network, helper, actor=HELPER, now=town.now)
    assert town.fetch("SELECT resolved_at FROM alert") == [(town.now,)]


def test_who_is_busy_takes_no_place_then(town: Town, elsewhere: Elsewhere) -> None:
    helper, shift = town.helper(), town.shift("10:00", "12:00", days=3)
    elsewhere.ics = ics(date(2026, 3, 30))
    add(town, helper)
    worker(town, elsewhere.fetch).beat()
    with town.sessions.begin() as session:
        answer = take_place(session, town.network, shift, helper, now=town.now, grid=town.grid, actor=HELPER)
    assert answer.refusal is Refusal.BUSY


def test_a_removed_calendar_takes_along_what_it_said_and_is_read_no_more(town: Town, elsewhere: Elsewhere) -> None:
    helper, other = town.helper(), town.helper()
    elsewhere.ics = ics(date(2026, 3, 30))
    for owner in (helper, other):
        add(town, owner)
    worker(town, elsewhere.fetch).beat()
    with town.sessions.begin() as session:
        assert remove_calendar(session, town.network, helper, actor=HELPER, now=town.now)
        assert not remove_calendar(session, town.network, helper, actor=HELPER, now=town.now)
    assert town.fetch("SELECT helper_id FROM availability") == [(other,)]
    assert list(town.jobs()) == ["read_calendar:calendar-2:2"]


def test_a_reading_that_comes_back_after_the_removal_changes_nothing(town: Town) -> None:
    helper = town.helper()
    calendar = add(town, helper)
    with town.sessions.begin() as session:
        remove_calendar(session, town.network, helper, actor=HELPER, now=town.now)
        take_busy_times(session, calendar, [Span(town.now, town.now + timedelta(hours=1))], now=town.now)
    assert busy(town) == []


def test_reading_and_replacing_at_once_never_stand_in_each_others_way(town: Town) -> None:
    """Each locks the calendar and its helper; in whatever order, neither waits for the other for ever."""
    helper = town.helper()
    calendar, rounds = [add(town, helper)], 40

    def reads() -> None:
        for number in range(rounds):
            begins = town.now + timedelta(hours=number)
            with town.sessions.begin() as session:
                take_busy_times(session, calendar[-1], [Span(begins, begins + timedelta(hours=1))], now=town.now)

    def replaces() -> None:
        while len(calendar) <= rounds:
            calendar.append(add(town, helper))

    with ThreadPoolExecutor(2) as pool:
        for work in [pool.submit(reads), pool.submit(replaces)]:
            work.result()
    assert town.fetch("SELECT count(*) FROM busy_calendar") == [(1,)]
    assert town.fetch("SELECT count(*) FROM availability WHERE calendar_id <> :c", c=calendar[-1]) == [(0,)]


def test_another_address_takes_the_place_of_the_first(town: Town, elsewhere: Elsewhere) -> None:
    helper = town.helper()
    elsewhere.ics = ics(date(2026, 3, 30))
    add(town, helper)
    worker(town, elsewhere.fetch).beat()
    second = add(town, helper, "webcal://Other.example/b.ics")
    assert busy(town) == []
    assert list(town.jobs()) == [f"read_calendar:calendar-{second}:1"]
    worker(town, elsewhere.fetch).beat()
    assert elsewhere.asked == [URL, "https://Other.example/b.ics"]


def test_the_address_is_nowhere_in_the_open(town: Town, elsewhere: Elsewhere) -> None:
    add(town, town.helper())
    worker(town, elsewhere.fetch).beat()
    rows = [town.fetch(f"SELECT {table}::text FROM {table}") for table in ("busy_calendar", "job", "rota_change")]
    assert "7f3a" not in str(rows)


@pytest.mark.parametrize(
    "address",
    [
        "http://calendar.example/a.ics", "ftp://calendar.example/a", "file:///etc/passwd", "calendar.example", "", "https://",
        "https://me:secret@calendar.example/a.ics", "https://calendar.example:99999/a.ics", "https://calendar.example/a b",
        "https://calendar.example/\r\nX: y", "https://" + "a" * 3000,
    ],
)  # fmt: skip
def test_what_is_no_address_to_fetch_by_https_is_not_taken(town: Town, address: str) -> None:
    helper = town.helper()
    with town.sessions.begin() as session:
        added = add_calendar(session, town.network, helper, address, actor=HELPER, now=town.now)
    assert added.refusal is CalendarRefusal.NOT_AN_ADDRESS
    assert town.jobs() == {}


def test_nobody_of_another_network_can_be_given_a_calendar_or_lose_it(town: Town) -> None:
    """Invariant 12."""
    with town.sessions.begin() as session:
        elsewhere = add_network(session, "Muualla", now=town.now)
        theirs = add_organisation(session, elsewhere, "Kemi")
        new = NewHelper("Vieras", "+358507654321", (Language.FI,), HelperKind.STAFF)
        stranger = add_helper(session, theirs, new, now=town.now)
        added = add_calendar(session, town.network, stranger, URL, actor=HELPER, now=town.now)
        assert added.refusal is CalendarRefusal.NO_SUCH_HELPER
        assert add_calendar(session, elsewhere, stranger, URL, actor=HELPER, now=town.now).calendar_id is not None
        assert calendars_of(session, town.network) == ()
        assert not remove_calendar(session, town.network, stranger, actor=HELPER, now=town.now)
        assert session.scalar(select(func.count()).select_from(BusyCalendar)) == 1


def test_the_schema_itself_keeps_busy_times_and_their_calendar_together(town: Town) -> None:
    add(town, town.helper())
    during = "[2026-03-30T07:00:00Z, 2026-03-30T08:00:00Z)"
    for says, calendar in (("busy", None), ("can", 1)):
        with pytest.raises(IntegrityError, match="ck_availability_calendar"), town.sessions.begin() as session:
            session.add(
                Availability(
                    helper_id=1, during=func.cast(during, Availability.during.type), says=says, calendar_id=calendar
                )
            )
