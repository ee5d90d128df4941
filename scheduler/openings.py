"""When times will open that nobody can have yet: what is truly known of a wait, and nothing else."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from scheduler.pools import look, mark_of
from scheduler.promises import wish_of
from scheduler.slots import DAY, Grid, Span, instant_of, may_offer, windows

LOOKED_AHEAD: Final = timedelta(days=28)  # beyond the days that can be promised now


def next_opening(session: Session, ticket_id: int, *, now: datetime, grid: Grid) -> datetime | None:
    """When the rota's next time for this ticket comes into the booking window; None when it has none. Two statements."""
    wish = wish_of(session, ticket_id)
    if wish is None:
        return None
    reached = windows(now, grid)[-1].ends
    span, mark = Span(reached, reached + LOOKED_AHEAD), mark_of(wish.caller_index)
    pools = look(session, wish.network_id, span, grid, now=now, mark=mark, ticket=ticket_id)
    for start in pools.on_duty:
        if pools.admits(start, wish.need, grid):
            opens = _comes_into_reach(start, now, grid, pools.closed_days)
            if opens is not None:
                return opens
    return None


def _comes_into_reach(start: datetime, now: datetime, grid: Grid, closed_days: Collection[date]) -> datetime | None:
    """The window moves on once a day, when the last start of the day that notice reaches can no longer be promised."""
    day = now.astimezone(grid.tz).date()
    while (moves_on := instant_of(day, grid.closes, grid.tz) - grid.notice) < start:
        if moves_on > now and may_offer(start, moves_on, grid, closed_days):
            return moves_on
        day += DAY
    return None
