"""What helpers ask for from their own phones: to come, to leave a place, to take one.

A call shows any number that its caller likes, so nothing is done silently: each change is texted to the helper's own phone,
which the number that was shown cannot answer for. It is done by a job, as a turn of a call is too short for it; the call
looks how it came out.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from scheduler.errands import Errand
from scheduler.grids import grid_of_helper
from scheduler.jobs import ClaimedJob, JobState, NewJob, enqueue
from scheduler.notices import JobKind
from scheduler.rota.asking import Granted, Wish
from scheduler.rota.holding import Answer
from scheduler.rota.news import HelperNews, about_place
from scheduler.rota.places import confirm_place, drop_place, place_ref, take_place
from scheduler.rota.rules import Refusal
from scheduler.rota.swaps import offer_swap, take_swap, withdraw_swap
from scheduler.slots import Grid
from scheduler.tools import Tools


def about_place_wish(wish: Wish, place_id: int, helper_id: int, said: str, *, now: datetime) -> NewJob:
    """To come, or to leave; `said` is the call or the text in which it was asked for, so that twice is once."""
    key = f"{Errand.HELPER_WISH}:{about_place(place_id)}:{wish}:{said}"
    return NewJob(Errand.HELPER_WISH, key, now, {"wish": wish.value, "helper": helper_id, "place": place_id})


def take_wish(
    network_id: int, shift_id: int, helper_id: int, said: str, *, now: datetime, swap_place_id: int | None = None
) -> NewJob:
    """To take a place in a shift: a free one, or the one that somebody offers."""
    key = f"{Errand.HELPER_WISH}:shift-{shift_id}:{Wish.TAKE}:{said}"
    payload = {"wish": Wish.TAKE.value, "helper": helper_id, "network": network_id, "shift": shift_id}
    return NewJob(Errand.HELPER_WISH, key, now, payload | ({"swap": swap_place_id} if swap_place_id else {}))


def grant_wish(tools: Tools, job: ClaimedJob) -> None:
    """Do it by the rules that hold for everybody, and text the helper what came of it."""
    now, wish = tools.clock.now(), Wish(job.payload["wish"])
    with tools.sessions.begin() as session:
        grid = grid_of_helper(session, job.payload["helper"])
        match wish:
            case Wish.COME:
                news = _come(session, job, now)
            case Wish.LEAVE:
                news = _leave(session, job, now, grid)
            case Wish.TAKE:
                news = _take(session, job, now, grid)
        if news is not None:
            enqueue(session, news)


def how_it_came(session: Session, key: str) -> Granted:
    """What has come of a wish that was written down under this key. One statement."""
    row = session.execute(_OUTCOME, {"key": key}).first()
    if row is None or row.job != JobState.DONE:
        return Granted.PENDING
    return _OUTCOMES[Wish(row.wish)](row)


_OUTCOME = text("""
SELECT j.state AS job, j.payload->>'wish' AS wish, p.state = 'dropped' AS dropped, p.swap_offered_at IS NOT NULL AS offered,
    p.confirmed_at IS NOT NULL AS confirmed, EXISTS (
        SELECT FROM place t WHERE t.shift_id = CAST(j.payload->>'shift' AS bigint) AND t.state = 'held'
            AND t.helper_id = CAST(j.payload->>'helper' AS bigint)) AS taken
FROM job j LEFT JOIN place p ON p.id = CAST(j.payload->>'place' AS bigint) WHERE j.key = :key
""")


def _came(row: Row[Any]) -> Granted:
    return Granted.COMES if row.confirmed and not row.dropped and not row.offered else Granted.REFUSED


def _left(row: Row[Any]) -> Granted:
    if row.dropped:
        return Granted.LEFT
    return Granted.SOUGHT if row.offered else Granted.REFUSED


def _taken(row: Row[Any]) -> Granted:
    return Granted.TAKEN if row.taken else Granted.REFUSED


_OUTCOMES: Final = {Wish.COME: _came, Wish.LEAVE: _left, Wish.TAKE: _taken}


def _come(session: Session, job: ClaimedJob, now: datetime) -> NewJob | None:
    place_id, helper_id = job.payload["place"], job.payload["helper"]
    place = place_ref(session, place_id)
    if place is not None and place.swap_offered:
        withdraw_swap(session, place_id, helper_id, now=now)
    return _told(job, confirm_place(session, place_id, helper_id, now=now), HelperNews.CONFIRMED, now)


def _leave(session: Session, job: ClaimedJob, now: datetime, grid: Grid) -> NewJob | None:
    place_id, helper_id = job.payload["place"], job.payload["helper"]
    answer = drop_place(session, place_id, now=now, grid=grid, helper_id=helper_id)
    if answer.refusal is not Refusal.TOO_LATE:
        return _told(job, answer, HelperNews.DROPPED, now)
    answer = offer_swap(session, place_id, helper_id, now=now, grid=grid)
    return None if answer.passed_to else _told(job, answer, HelperNews.SWAP_SOUGHT, now)  # else they are told already


def _take(session: Session, job: ClaimedJob, now: datetime, grid: Grid) -> NewJob | None:
    network_id, shift_id, helper_id = (job.payload[name] for name in ("network", "shift", "helper"))
    actor = f"helper:{helper_id}"
    if "swap" in job.payload:
        answer = take_swap(session, network_id, job.payload["swap"], helper_id, now=now, grid=grid, actor=actor)
        taken = None  # the one who hands over and the one who takes are told with the handing over
    else:
        answer = take_place(session, network_id, shift_id, helper_id, now=now, grid=grid, actor=actor)
        taken = _told(job, answer, HelperNews.TOOK, now)
    return taken if answer.refusal is None else _not_taken(job, now)


def _told(job: ClaimedJob, answer: Answer, news: HelperNews, now: datetime) -> NewJob | None:
    """At once, also late in the evening: the helper has just rung or texted."""
    if answer.place_id is None:
        return None
    payload = {"template": news.value, "place": answer.place_id}
    return NewJob(JobKind.TEXT, f"{JobKind.TEXT}:{about_place(answer.place_id)}:{news}:{job.id}", now, payload)


def _not_taken(job: ClaimedJob, now: datetime) -> NewJob:
    news, shift_id, helper_id = HelperNews.NOT_TAKEN, job.payload["shift"], job.payload["helper"]
    payload = {"template": news.value, "shift": shift_id, "helper": helper_id}
    return NewJob(JobKind.TEXT, f"{JobKind.TEXT}:shift-{shift_id}:{news}:{job.id}", now, payload)
