"""Whatever shifts there are, a calendar program sees their very instants; and so do we in what it tells us."""

from datetime import UTC, datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from admin.calendars.ics import own_calendar, rota_calendar
from scheduler.rota.busy_times import busy_times
from scheduler.rota.followed import OwnShift, RotaShift
from scheduler.rota.rules import overlaps
from scheduler.slots import Span
from voice_prompts.language import Language

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
# Around the two nights on which the clock changes, and over the whole year.
CHANGES = (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC))
near_a_change = st.builds(
    lambda change, minutes: change + timedelta(minutes=minutes), st.sampled_from(CHANGES), st.integers(-300, 300)
)
any_time = st.integers(0, 400 * 24 * 60).map(lambda minutes: BEGIN + timedelta(minutes=minutes))
spans = st.builds(
    lambda begins, minutes: Span(begins, begins + timedelta(minutes=minutes)),
    near_a_change | any_time,
    st.integers(1, 12 * 60),
)
languages = st.sampled_from(Language)


def own(place_id: int, during: Span, *, cancelled: bool = False, name: str | None = None) -> OwnShift:
    """A place at that time."""
    return OwnShift(place_id, during, name, 2, False, False, cancelled, 1, BEGIN)


@settings(deadline=None)
@given(st.lists(spans, max_size=6), languages)
def test_a_helpers_calendar_has_the_very_instants(shifts: list[Span], language: Language) -> None:
    ics = own_calendar([own(number, span) for number, span in enumerate(shifts)], language, "linja.example.fi")
    read = Calendar.from_ical(ics).events
    assert [Span(event.start.astimezone(UTC), event.end.astimezone(UTC)) for event in read] == shifts
    assert [str(event["UID"]) for event in read] == [
        f"place-{number}@linja.example.fi" for number in range(len(shifts))
    ]
    assert own_calendar([own(number, span) for number, span in enumerate(shifts)], language, "linja.example.fi") == ics


@settings(deadline=None)
@given(st.text(max_size=80), spans, languages)
@example("Turku\nja ympäristö", Span(BEGIN, BEGIN + timedelta(hours=1)), Language.FI)
def test_any_name_of_an_organisation_comes_through_and_breaks_nothing(
    name: str, during: Span, language: Language
) -> None:
    shift = RotaShift(1, during, name, None, 1, 2, 1, 1, cancelled=False, version=3, changed_at=BEGIN)
    ics = rota_calendar([shift, shift], name, language, "linja.example.fi")
    read = Calendar.from_ical(ics)
    assert [event["SEQUENCE"] for event in read.events] == [3, 3]
    assert len(read.walk("VTIMEZONE")) == 1
    assert max(map(len, ics.split(b"\r\n"))) <= 75


@settings(deadline=None)
@given(st.lists(st.tuples(spans, st.booleans()), max_size=6), any_time)
def test_what_we_say_in_one_calendar_we_read_in_another(shifts: list[tuple[Span, bool]], now: datetime) -> None:
    ics = own_calendar(
        [own(number, span, cancelled=gone) for number, (span, gone) in enumerate(shifts)],
        Language.FI,
        "linja.example.fi",
    )
    read = busy_times(ics, now)
    held = [span for span, gone in shifts if not gone]
    assert all(any(overlaps(span, one) for one in held) for span in read)
    for span in held:
        if now + timedelta(days=1) < span.begins and span.ends < now + timedelta(days=55):
            assert any(one.begins <= span.begins and span.ends <= one.ends for one in read), span
