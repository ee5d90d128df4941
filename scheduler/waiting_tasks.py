"""What the jobs about waiting callers and broken promises do."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from scheduler.alerts import Alert, resolve_alerts
from scheduler.briefing import brief
from scheduler.errands import Errand
from scheduler.grids import grid_of, grid_of_callback
from scheduler.jobs import ClaimedJob, put_off
from scheduler.mending import mend, moment_to_tell
from scheduler.offers import lapse, lapse_overdue, offer_time
from scheduler.ports import TelephonyError
from scheduler.records import CallbackState
from scheduler.tools import Tools
from scheduler.waiting import WaitingState, line_of, put_back

RESIDENT_RING: Final = 40  # seconds
LOOK_BACK: Final = timedelta(minutes=10)


def offer_what_is_free(tools: Tools, job: ClaimedJob) -> None:
    """There may be a time: whoever has waited longest is offered it first, each in a transaction of their own."""
    network_id, now = job.payload["network"], tools.clock.now()
    with tools.sessions.begin() as session:
        lapse_overdue(session, now=now)
        put_back(session, network_id)
        line, grid = line_of(session, network_id), grid_of(session, network_id)
    in_vain = set[tuple[object, ...]]()  # who asks for the same as somebody for whom there was nothing
    for one in line:
        kind = (one.language, one.topic, one.municipality, one.can_text)
        if one.state is not WaitingState.WAITING or kind in in_vain:
            continue
        with tools.sessions.begin() as session:
            offered = offer_time(session, one, now=now, grid=grid)
        if not offered and not one.has_other_time and not one.times_offered:
            in_vain.add(kind)


def let_lapse(tools: Tools, job: ClaimedJob) -> None:
    """An offer was not answered in its time."""
    with tools.sessions.begin() as session:
        grid = grid_of_callback(session, job.payload["callback"])
        lapse(session, job.payload["callback"], "unanswered", now=tools.clock.now(), grid=grid)


def ring_with_offer(tools: Tools, job: ClaimedJob) -> None:
    """Ring a waiting caller who takes no texts; while the time is held, it is tried again."""
    with tools.sessions() as session:
        known = brief(session, job.payload["callback"])
    if known is None or known.line is None or known.caller is None or known.state is not CallbackState.OFFERED:
        return
    since = job.run_at - LOOK_BACK
    if job.attempts > 1 and tools.telephony.find_call(to=known.caller, shown=known.line.e164, since=since):
        return
    try:
        tools.telephony.ring(
            to=known.caller,
            shown=known.line.e164,
            url=tools.urls.offer(known.callback_id),
            status_url=tools.urls.status,
            seconds=RESIDENT_RING,
        )
    except TelephonyError as error:
        if not error.permanent:
            raise
        with tools.sessions.begin() as session:
            grid = grid_of_callback(session, known.callback_id)
            lapse(session, known.callback_id, "unreachable", now=tools.clock.now(), grid=grid)


def see_to_deficit(tools: Tools, job: ClaimedJob) -> None:
    """A promise lost its helper: when the grace is over and it still has none, its caller is given another time."""
    now = tools.clock.now()
    with tools.sessions.begin() as session:
        resolve_alerts(session, now=now)
        known, alert = brief(session, job.payload["callback"]), session.get_one(Alert, job.payload["alert"])
        if known is None or known.state is not CallbackState.DEFICIT or alert.resolved_at is not None:
            return  # covered meanwhile, or covered and lost anew: then that is another alert's matter
        grid = grid_of_callback(session, known.callback_id)
        at = moment_to_tell(known.starts_at, alert.at, grid, can_text=known.can_text)
        if at > now and now < known.starts_at:
            put_off(session, job, until=at)
            return
        mend(session, known, now=now, grid=grid)
        resolve_alerts(session, now=now)


Task = Callable[[Tools, ClaimedJob], None]
WAITING_TASKS: Mapping[str, Task] = {
    Errand.FREED: offer_what_is_free,
    Errand.LAPSE: let_lapse,
    Errand.OFFER_CALL: ring_with_offer,
    Errand.MEND: see_to_deficit,
}
