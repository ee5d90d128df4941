"""A promise in deficit, seen to before its time: another time under the same code, or the truth that there is none.

The rota has a short grace to mend itself, and then nothing is said. Nobody is told in the night.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from scheduler.briefing import Brief
from scheduler.coordination import miss
from scheduler.hours import TEXTING, first_in, reaching
from scheduler.jobs import enqueue
from scheduler.notices import Template, tell_again, text
from scheduler.promises import TOLD_AHEAD, Later, Promise, move_to_next
from scheduler.retries import LATER
from scheduler.slots import Grid
from scheduler.waiting import join_line

GRACE: Final = timedelta(minutes=15)  # in which a helper may come back, or another one
AT_LEAST_AHEAD: Final = timedelta(hours=2)  # by then the caller has been told, if the deficit is known


def moment_to_tell(starts_at: datetime, since: datetime, grid: Grid, *, can_text: bool) -> datetime:
    """When the caller of a promise in deficit since then is told: after the grace, at once when the time is near, never at night.

    Who takes no texts is rung while the line is open, or, where that would be too late, in the morning before.
    """
    latest = starts_at - AT_LEAST_AHEAD
    for at in (since + GRACE, since):
        told = first_in(reaching(grid, can_text=can_text), at, grid)
        if told <= latest:
            return told
    at_once = first_in(reaching(grid, can_text=can_text), since, grid)
    return at_once if at_once <= starts_at - TOLD_AHEAD else first_in(TEXTING, since, grid)


class Mended(StrEnum):
    """What became of a promise that could not be kept."""

    MOVED = "moved"
    WAITING = "waiting"


def mend(session: Session, known: Brief, *, now: datetime, grid: Grid) -> Mended:
    """The caller of a promise in deficit is given another time and told; with none left, waits by the age of the request.

    Without a time the coordinator has the ticket too.
    """
    promise = _give_another(session, known, now, grid)
    if promise is not None:
        if not known.can_text:
            enqueue(session, tell_again(promise.callback_id, Template.REPLACED, 1, at=now))
        return Mended.MOVED
    miss(session, known.callback_id, "no_helper_left", now=now, grid=grid, news=None)
    join_line(session, known.ticket_id, now=now)
    if known.can_text:
        enqueue(session, text(known.callback_id, Template.NO_TIME, at=now))
    else:
        enqueue(session, tell_again(known.callback_id, Template.NO_TIME, 1, at=now))
    return Mended.WAITING


def _give_another(session: Session, known: Brief, now: datetime, grid: Grid) -> Promise | None:
    """The first time after the one that was promised: until then the caller may have made other plans."""
    for earliest in (max(known.starts_at, now), now + LATER):
        later = Later(earliest, template=Template.REPLACED, actor="line")
        promise = move_to_next(session, known.callback_id, later, now=now, grid=grid)
        if promise is not None:
            return promise
    return None
