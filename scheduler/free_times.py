"""Free times to choose from, day by day: what the call offers one after another, for an eye that sees several at once."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Final

from sqlalchemy.orm import Session

from scheduler.promises import offerable, wish_of
from scheduler.slots import Grid
from tickets.ticket import Ticket

MOST_DAYS: Final = 5
SHOWN_OF_A_DAY: Final = 6


@dataclass(frozen=True, slots=True)
class FreeDay:
    """A day with free times: a few of them from morning to evening, and those between."""

    day: date
    shown: tuple[datetime, ...]
    others: tuple[datetime, ...]

    @property
    def starts(self) -> list[datetime]:
        """All of them, from morning to evening."""
        return sorted((*self.shown, *self.others))


@dataclass(frozen=True, slots=True)
class FreeTimes:
    """The next days that have free times; `last` is the last of these, `more` whether there are days after them."""

    days: tuple[FreeDay, ...] = ()
    last: datetime | None = None
    more: bool = False


def free_times(
    session: Session,
    ticket: Ticket,
    *,
    after: datetime | None,
    now: datetime,
    grid: Grid,
    without: Collection[datetime | None] = (),
    known: Collection[int] | None = None,
) -> FreeTimes:
    """The free times for this ticket on the next few days; none where nobody can be rung. At most four statements.

    `without` are starts to leave out. Of the caller's other promises, which must not overlap, only those that are `known`
    to whoever looks are left room for: a gap in the list would tell a stranger of the rest. None leaves room for all.
    """
    wish = wish_of(session, ticket.id)
    if ticket.caller_index is None or wish is None:
        return FreeTimes()
    found = offerable(session, wish, after=after, now=now, grid=grid, known=known)
    return by_day(_starts(((start, is_kept) for start, is_kept in found if start not in without), grid), grid)


def by_day(starts: Iterable[datetime], grid: Grid) -> FreeTimes:
    """These starts, in their order, by the days on which they are; of each day a few are put first. Pure."""
    days = [(day, tuple(ones)) for day, ones in groupby(starts, lambda start: _day(start, grid))]
    shown = days[:MOST_DAYS]
    if not shown:
        return FreeTimes()
    return FreeTimes(tuple(_free_day(*each) for each in shown), shown[-1][1][-1], len(days) > MOST_DAYS)


def _starts(found: Iterable[tuple[datetime, bool]], grid: Grid) -> Sequence[datetime]:
    """All starts of the first days that have any, and the first one of the day after these.

    As in `offer`, what is kept for those who will ring in Swedish is shown only to whom there is nothing else.
    """
    spared, kept, days = list[datetime](), list[datetime](), set[date]()
    for start, is_kept in found:
        if is_kept:
            kept.append(start)
            continue
        spared.append(start)
        days.add(_day(start, grid))
        if len(days) > MOST_DAYS:
            break
    return spared or kept


def _day(start: datetime, grid: Grid) -> date:
    return start.astimezone(grid.tz).date()


def _free_day(day: date, starts: Sequence[datetime]) -> FreeDay:
    shown = spread(starts, SHOWN_OF_A_DAY)
    return FreeDay(day, shown, tuple(start for start in starts if start not in shown))


def spread(starts: Sequence[datetime], most: int) -> tuple[datetime, ...]:
    """So many of these from the first to the last, as evenly as they lie. Pure."""
    if len(starts) <= most:
        return tuple(starts)
    return tuple(starts[round(number * (len(starts) - 1) / (most - 1))] for number in range(most))
