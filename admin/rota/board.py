"""A week of the rota as its two tables show it: by helper, and by time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from admin.api.operations import Asked
from admin.api.reach import confined_to
from admin.people.choosing import fits
from admin.rota.people import LineShown, People, lines_shown, municipality_of, people_of
from admin.rota.view import View
from scheduler.rota.closures import ClosureCard, closures_of
from scheduler.rota.listing import PlaceCard, ShiftCard, next_begins, rota_of
from scheduler.rota.rules import HelperTerms, local_day, overlaps
from scheduler.rota.standing import Only, StartCard, standing
from scheduler.rota.terms import helper_terms
from scheduler.rota.wishes import Says
from scheduler.slots import DAY, HELSINKI, MINUTE, SATURDAY, Span, instant_of, is_holiday, starts_of
from tickets.directory import HelperCard
from tickets.rights import Right

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the week: what closes it, and whether it is today, over, or a public holiday."""

    date: date
    closures: tuple[ClosureCard, ...]
    is_today: bool
    is_over: bool
    is_holiday: bool

    @property
    def span(self) -> Span:
        """From midnight to midnight in Helsinki."""
        return Span(instant_of(self.date, time()), instant_of(self.date + DAY, time()))


@dataclass(frozen=True, slots=True)
class Away:
    """A time of a day when a helper said that they cannot, or is busy by their own calendar."""

    says: Says
    during: Span
    whole_day: bool


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in its shift."""

    place: PlaceCard
    shift: ShiftCard


@dataclass(frozen=True, slots=True)
class Cell:
    """A helper's day."""

    day: Day
    spots: tuple[Spot, ...]
    away: tuple[Away, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A helper's week: their days, how many places they hold in it, and how many they wished for."""

    helper: HelperCard
    cells: tuple[Cell, ...]
    held: int
    wished: int | None


@dataclass(frozen=True, slots=True)
class Week:
    """A week as it stands, whichever way it is shown."""

    view: View
    days: tuple[Day, ...]
    shifts: tuple[ShiftCard, ...]
    people: People
    lines: tuple[LineShown, ...]
    now: datetime

    def begin_on(self, day: Day) -> list[ShiftCard]:
        """The shifts that begin on a day."""
        return [shift for shift in self.shifts if local_day(shift.terms.during.begins) == day.date]

    def shift_at(self, start: datetime) -> ShiftCard | None:
        """The shift to look at about a start, one with room before one without."""
        there = [
            shift
            for shift in self.shifts
            if shift.published and start in starts_of(shift.terms.during, shift.phase, shift.call_minutes * MINUTE)
        ]
        return min(there, key=lambda shift: not shift.free, default=None)

    @property
    def drafts(self) -> int:
        """How many shifts nobody sees yet."""
        return sum(not shift.published for shift in self.shifts)

    @property
    def missing(self) -> int:
        """How many people the coming shifts still lack."""
        return sum(shift.missing for shift in self.shifts if shift.terms.during.ends > self.now)


def with_something_left(asked: Asked, view: View) -> View:
    """This week, or when nothing of it is left the next one that has shifts."""
    own = confined_to(asked, Right.SEE_ROTA) or view.organisation
    begins = next_begins(asked.session, asked.network_id, now=asked.now, organisation_id=own)
    day = local_day(asked.now if begins is None else max(begins, asked.now))
    return replace(view, monday=day - day.weekday() * DAY)


def week_of(asked: Asked, view: View) -> Week:
    """The shifts of a week with what closes its days."""
    own = confined_to(asked, Right.SEE_ROTA)
    shifts = rota_of(asked.session, asked.network_id, view.span, organisation_id=own or view.organisation)
    wanted = tuple(shift for shift in shifts if view.language is None or shift.terms.language in (None, view.language))
    closures = closures_of(asked.session, asked.network_id, view.span)
    days = [_day(day, closures, local_day(asked.now)) for day in view.days]
    used = {local_day(shift.terms.during.begins) for shift in wanted}
    shown = tuple(day for day in days if day.date.weekday() < SATURDAY or day.date in used)
    return Week(view, shown, wanted, people_of(asked), lines_shown(asked), asked.now)


def by_helper(asked: Asked, week: Week) -> tuple[Row, ...]:
    """A row for each helper whom the view is about, in the order of names; a page of them, and one more if there is more."""
    first = (week.view.page - 1) * A_PAGE
    helpers = _helpers(week)[first : first + A_PAGE + 1]
    terms = helper_terms(asked.session, asked.network_id, week.view.span, [one.id for one in helpers])
    known, spots = {one.id: one for one in terms}, _spots(week.shifts)
    return tuple(_row(helper, week, known[helper.id], spots.get(helper.id, [])) for helper in helpers)


def by_time(asked: Asked, week: Week) -> Mapping[time, Mapping[date, StartCard]]:
    """Each start of the week, by its hour on the wall and its day; the numbers are of whom the view is about."""
    view, own = week.view, asked.holder.organisation_id
    hidden = own is not None and own == view.organisation  # they see its tickets anyway
    only = Only(municipality_of(view, week.lines), view.organisation, view.language, hidden)
    cards = standing(asked.session, asked.network_id, view.span, now=asked.now, grid=asked.grid, only=only)
    rows: dict[time, dict[date, StartCard]] = {}
    for card in cards:
        local = card.starts_at.astimezone(HELSINKI)
        rows.setdefault(local.time(), {})[local.date()] = card
    return dict(sorted(rows.items()))


def _helpers(week: Week) -> list[HelperCard]:
    view, people = week.view, week.people
    municipality = municipality_of(view, week.lines)
    here = {place.helper_id for shift in week.shifts for place in shift.places}
    return [
        one
        for one in people.helpers.values()
        if (one.active or one.id in here)
        and view.organisation in (None, one.organisation_id)
        and (view.language is None or view.language in one.languages)
        and people.serving(one, municipality)
        and fits(view.name, one.name)
    ]


def _spots(shifts: Iterable[ShiftCard]) -> Mapping[int, list[Spot]]:
    spots: dict[int, list[Spot]] = {}
    for shift in shifts:
        for place in shift.places:
            spots.setdefault(place.helper_id, []).append(Spot(place, shift))
    return spots


def _row(helper: HelperCard, week: Week, terms: HelperTerms, spots: list[Spot]) -> Row:
    cells = tuple(
        Cell(
            day,
            tuple(spot for spot in spots if local_day(spot.shift.terms.during.begins) == day.date),
            tuple(_away(terms, day)),
        )
        for day in week.days
    )
    return Row(helper, cells, sum(len(cell.spots) for cell in cells), terms.wished_per_week)


def _away(terms: HelperTerms, day: Day) -> Iterable[Away]:
    for says, spans in ((Says.CANNOT, terms.cannot), (Says.BUSY, terms.busy)):
        for span in sorted(spans, key=lambda one: one.begins):
            if overlaps(span, day.span):
                within = Span(max(span.begins, day.span.begins), min(span.ends, day.span.ends))
                yield Away(says, within, within == day.span)


def _day(day: date, closures: Iterable[ClosureCard], today: date) -> Day:
    span = Span(instant_of(day, time()), instant_of(day + DAY, time()))
    closed = tuple(one for one in closures if overlaps(one.during, span))
    return Day(day, closed, day == today, day < today, is_holiday(day))
