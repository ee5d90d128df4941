"""A weekly nine o'clock is nine o'clock from the template to the helper's calendar, in the weeks before and after a change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar

from scheduler.promises import offer, wish_of
from scheduler.rota.calendars import Whose, open_feed
from scheduler.rota.candidates import Days
from scheduler.rota.publishing import Publication, publish
from scheduler.rota.templates import Weekly, add_template, add_template_shift
from scheduler.slots import DAY, HELSINKI, Span, instant_of
from tests.integration.store.conftest import Town
from voice_prompts.language import Language
from voice_prompts.speech import spoken_time

NINE, NOON, NIGHT = time(9), time(12), time(21)
HOUR = timedelta(hours=1)
WHO = "coordinator:7"


@pytest.fixture(params=[date(2026, 3, 29), date(2026, 10, 25)], ids=["spring", "autumn"])
def change(request: pytest.FixtureRequest) -> date:
    """The Sunday on which the clock changes."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def now(change: date) -> datetime:
    """The Tuesday before it, at eight."""
    return instant_of(change - 5 * DAY, time(8))


def test_the_same_hour_is_published_offered_promised_spoken_and_followed(
    town: Town, client: FlaskClient, change: date
) -> None:
    """Wednesdays and Sundays from nine to twelve: the Sunday is the one on which the clock changes."""
    helper = town.helper()
    weekly = Weekly("FREQ=WEEKLY;BYDAY=WE,SU", change - 28 * DAY, NINE, NOON, helpers=(helper,))
    days = [change - 4 * DAY, change, change + 3 * DAY]
    spans = _published(town, days[0], days[-1], weekly)
    assert [(_wall(span.begins), _wall(span.ends)) for span in spans] == [(_on(day, 9), _on(day, 12)) for day in days]
    ticket = town.ticket()
    assert [_wall(start) for start in _offered(town, ticket)] == [
        _on(day, hour) for day in days for hour in (9, 10, 11)
    ]
    promised = [_promised(town, instant_of(day, NINE)) for day in days]
    for language, hour in ((Language.FI, "kello yhdeksän"), (Language.SV, "klockan nio")):
        told = [spoken_time(start, now=None, language=language) for start in promised]
        assert [hour in words for words in told] == [True] * 3, told
    assert [(_wall(span.begins), _wall(span.ends)) for span in _followed(town, client, helper)] == [
        (_on(day, 9), _on(day, 12)) for day in days
    ]


def test_days_and_nights_that_meet_on_the_wall_are_offered_hour_by_hour_with_no_gap_and_no_double(
    town: Town, client: FlaskClient, change: date
) -> None:
    by_day, by_night = town.helper(), town.helper()
    light = Weekly("FREQ=DAILY", change - DAY, NINE, NIGHT, helpers=(by_day,))
    spans = _published(
        town, change - DAY, change, light, Weekly("FREQ=DAILY", change - DAY, NIGHT, NINE, helpers=(by_night,))
    )
    night_of_the_change = HOUR if change.month == 10 else -HOUR
    assert [span.ends - span.begins for span in spans] == [
        12 * HOUR,
        12 * HOUR + night_of_the_change,
        12 * HOUR,
        12 * HOUR,
    ]
    offered = list(_offered(town, town.ticket()))
    assert {later - start for start, later in pairwise(offered)} == {HOUR}
    assert offered[0] == instant_of(change - DAY, NINE)
    assert offered[-1] + HOUR == instant_of(change + DAY, NINE)
    assert len(offered) == 48 + night_of_the_change // HOUR
    followed = sorted(
        (*_followed(town, client, by_day), *_followed(town, client, by_night)), key=lambda span: span.begins
    )
    assert followed == spans


def _published(town: Town, first: date, last: date, *weeklies: Weekly) -> list[Span]:
    """The rota of these days; the hours of its shifts, in order."""
    with town.sessions.begin() as session:
        template = add_template(session, town.network, "Viikko", now=town.now, actor=WHO)
        assert isinstance(template, int)
        for weekly in weeklies:
            add_template_shift(session, town.network, template, weekly, now=town.now, actor=WHO)
        how = {"now": town.now, "grid": town.grid, "actor": WHO}
        made = publish(session, town.network, template, Days(first, last), **how)  # type: ignore[arg-type]
    assert isinstance(made, Publication)
    assert [shift.coming for shift in made.made if not shift.coming] == [], "everybody is there"
    return sorted((shift.new.during for shift in made.made), key=lambda span: span.begins)


def _offered(town: Town, ticket: int) -> Iterator[datetime]:
    """Every time that a caller hears who always wants the next one."""
    with town.sessions() as session:
        wish, after = wish_of(session, ticket), None
        assert wish is not None
        while (after := offer(session, wish, after=after, now=town.now, grid=town.grid)) is not None:
            yield after


def _promised(town: Town, start: datetime) -> datetime:
    ticket = town.ticket()
    wall = f"{start.astimezone(HELSINKI):%H:%M}"
    booked = town.book(wall, ticket, (start.astimezone(HELSINKI).date() - town.now.astimezone(HELSINKI).date()).days)
    assert booked is not None
    assert booked.starts_at == start
    return booked.starts_at


def _followed(town: Town, client: FlaskClient, helper: int) -> list[Span]:
    """The helper's shifts as a calendar program reads them."""
    with town.sessions.begin() as session:
        feed = open_feed(session, town.network, Whose(helper_id=helper), actor=WHO, now=town.now)
    assert feed is not None
    calendar = Calendar.from_ical(client.get(f"/calendar/{feed.token}.ics").data)
    assert isinstance(calendar, Calendar)
    return [Span(event.start.astimezone(UTC), event.end.astimezone(UTC)) for event in calendar.events]


def _on(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour))


def _wall(moment: datetime) -> datetime:
    return moment.astimezone(HELSINKI).replace(tzinfo=None)
