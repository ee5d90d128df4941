"""What each kind of job does: choose, ring, text; `telling` has how it is told by phone.

Each acts outside any transaction: what is intended is written first, what came of it afterwards.
A job that runs again after a crash looks for what it may have done already before it does it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.attempts import AttemptRef, begin_attempt, note_ringing, record_attempt_result
from scheduler.briefing import brief
from scheduler.choice import choose_helper, next_helper
from scheduler.coordination import needs_coordinator
from scheduler.counting import count_all
from scheduler.demand import reckon_all
from scheduler.errands import Errand, next_try_for, watching
from scheduler.grids import grid_of_callback, grid_of_place, grid_of_ticket
from scheduler.jobs import ClaimedJob, enqueue, put_off
from scheduler.letters import Letter, letter_of
from scheduler.notices import JobKind, Template, saved
from scheduler.outbox import Message, mark_failed, mark_sent, write_message
from scheduler.overdue import give_another_time, is_too_late
from scheduler.people.expiring import watch_papers
from scheduler.ports import TelephonyError
from scheduler.promises import book, has_asked_anew, offer, wish_of
from scheduler.records import Attempt, AttemptState, Callback, CallbackState
from scheduler.retries import after_failure, postpone
from scheduler.ringing import note_silent_helper
from scheduler.rota.by_phone import grant_wish
from scheduler.rota.news import HelperNews, remind
from scheduler.rota.working_out import fill_weeks
from scheduler.slots import HELSINKI
from scheduler.telling import tell, tell_instead, was_told
from scheduler.tools import Tools
from scheduler.waiting import join_line
from scheduler.waiting_tasks import WAITING_TASKS
from scheduler.willing import see_to_willing
from tickets.ticket import Ticket
from tickets.vocabulary import BOOKABLE, AttemptResult

Task = Callable[[Tools, ClaimedJob], None]
HELPER_RING = 30  # seconds
WATCH_AFTER = timedelta(minutes=3)
OPERATOR_AWAY = timedelta(minutes=10)  # so long a ring that was meant can still be in time
NOBODY_THERE = frozenset({13224, 21211, 21214, 21215, 21216, 21217})  # codes about the number itself
NIGHT_ENDS, NIGHT_BEGINS = 8, 21  # nobody is texted between, unless they have just rung us


def choose(tools: Tools, job: ClaimedJob) -> None:
    """Ten minutes before: who rings."""
    with tools.sessions.begin() as session:
        callback_id = job.payload["callback"]
        grid = grid_of_callback(session, callback_id)
        choose_helper(session, callback_id, now=tools.clock.now(), grid=grid)


def ring(tools: Tools, job: ClaimedJob) -> None:
    """The time has come: ring the helper, showing the line's number."""
    with tools.sessions.begin() as session:
        plan = _plan_ringing(session, tools, job)
    if plan is None:
        return
    try:
        call_sid = plan.found(tools) if job.attempts > 1 else None
        if call_sid is None:
            call_sid = tools.telephony.ring(
                to=plan.phone,
                shown=plan.shown,
                url=tools.urls.helper(plan.attempt.id),
                status_url=tools.urls.status_of(plan.attempt.id),
                seconds=HELPER_RING,
            )
    except TelephonyError as error:
        _could_not_ring(tools, plan.attempt, error)
        return
    with tools.sessions.begin() as session:
        note_ringing(session, plan.attempt.id, call_sid)
        enqueue(session, watching(plan.attempt.id, at=tools.clock.now() + WATCH_AFTER))


def text(tools: Tools, job: ClaimedJob) -> None:
    """Text the caller or the helper, in their language; once, whatever happens to this worker."""
    with tools.sessions.begin() as session:
        letter = letter_of(session, job.payload, tools.catalogue)
        if letter is None or _outdated(tools, job):
            return
        message = write_message(session, letter, job.key, now=tools.clock.now())
    if message.message_sid is not None:
        return
    try:
        sid = _find_text(tools, letter, message) if job.attempts > 1 else None
        sid = sid or _send(tools, letter, message)
    except TelephonyError as error:
        if not error.permanent:
            raise
        with tools.sessions.begin() as session:
            mark_failed(session, message.id, error.code, now=tools.clock.now())
            tell_instead(session, message.id, now=tools.clock.now())
        return
    with tools.sessions.begin() as session:
        mark_sent(session, message.id, sid, now=tools.clock.now())


def first_time(tools: Tools, job: ClaimedJob) -> None:
    """The caller is gone before a time was promised: the first one that the rota can keep."""
    ticket_id, now = job.payload["ticket"], tools.clock.now()
    with tools.sessions.begin() as session:
        if session.get_one(Ticket, ticket_id).status not in BOOKABLE:
            return  # it has one already, or somebody has seen to it
        grid = grid_of_ticket(session, ticket_id)
        if see_to_willing(session, ticket_id, now=now, grid=grid):
            return
        if has_asked_anew(session, ticket_id):  # two calls about one matter are one too many; a person tells them apart
            needs_coordinator(session, ticket_id, "asked_anew", now=now, grid=grid)
            return
        wish = wish_of(session, ticket_id)
        after: datetime | None = None
        while wish is not None:
            starts_at = offer(session, wish, after=after, now=now, grid=grid)
            if starts_at is None:
                if join_line(session, ticket_id, now=now) is not None:
                    enqueue(session, saved(ticket_id, now=now, template=Template.WAITING))
                return
            if book(session, ticket_id, None, starts_at, now=now, grid=grid, heard=False, actor="line"):
                return
            after = starts_at


def find_next_helper(tools: Tools, job: ClaimedJob) -> None:
    """A helper cannot keep the promise: the next one by matching, unless somebody is at it already."""
    callback_id, now = job.payload["callback"], tools.clock.now()
    going_on = select(Attempt.id).where(Attempt.callback_id == callback_id, Attempt.state != AttemptState.ENDED)
    with tools.sessions.begin() as session:
        if session.scalar(select(going_on.exists())) is False:
            next_helper(session, callback_id, now=now, grid=grid_of_callback(session, callback_id))


def try_again(tools: Tools, job: ClaimedJob) -> None:
    """The caller was not reached: the next try, the next time, or the coordinator; each try counts once."""
    callback_id, result = job.payload["callback"], AttemptResult(job.payload["result"])
    with tools.sessions.begin() as session:
        if session.get_one(Callback, callback_id).tries < job.payload["try"]:
            grid = grid_of_callback(session, callback_id)
            after_failure(session, callback_id, now=tools.clock.now(), grid=grid, result=result)


def another_time(tools: Tools, job: ClaimedJob) -> None:
    """The caller asked for another time when rung; one who took none is given the first that will do, and told it."""
    callback_id = job.payload["callback"]
    with tools.sessions.begin() as session:
        if session.get_one(Callback, callback_id).state is CallbackState.TALKING:
            postpone(session, callback_id, now=tools.clock.now(), grid=grid_of_callback(session, callback_id))


def remind_helper(tools: Tools, job: ClaimedJob) -> None:
    """The evening before a shift: its helper is reminded, if the place is still theirs and still at that time."""
    with tools.sessions.begin() as session:
        place_id = job.payload["place"]
        grid = grid_of_place(session, place_id)
        remind(session, place_id, job.payload["version"], now=tools.clock.now(), grid=grid)


TASKS: Mapping[str, Task] = {
    JobKind.CHOOSE: choose,
    JobKind.RING: ring,
    JobKind.TEXT: text,
    JobKind.TELL: tell,
    Errand.FIRST_TIME: first_time,
    Errand.NEXT: find_next_helper,
    Errand.FAILED: try_again,
    Errand.POSTPONE: another_time,
    Errand.EXPECT: reckon_all,
    Errand.COUNT: count_all,
    Errand.REMIND: remind_helper,
    Errand.AUTOFILL: fill_weeks,
    Errand.HELPER_WISH: grant_wish,
    Errand.PAPERS: watch_papers,
    Errand.WAS_TOLD: was_told,
    Errand.SILENT_HELPER: note_silent_helper,
    **WAITING_TASKS,
}


@dataclass(frozen=True, slots=True)
class _Ringing:
    attempt: AttemptRef
    phone: str
    shown: str

    def found(self, tools: Tools) -> str | None:
        # The worker before us may have rung and died: the operator knows.
        return tools.telephony.find_call(to=self.phone, shown=self.shown, since=self.attempt.intended_at)


def _plan_ringing(session: Session, tools: Tools, job: ClaimedJob) -> _Ringing | None:
    callback_id, now = job.payload["callback"], tools.clock.now()
    known = brief(session, callback_id)
    # Where calls are short, the helper's next one comes before the hour is nearly over.
    if known is not None and (is_too_late(known.starts_at, now) or now >= known.ends_at):
        if known.state is CallbackState.PROMISED:
            give_another_time(session, known, now=now, grid=grid_of_callback(session, callback_id))
        return None
    if known is not None and known.helper is None:
        choose_helper(session, callback_id, now=now, grid=grid_of_callback(session, callback_id))
        known = brief(session, callback_id)
    if known is None or known.helper is None or known.line is None:
        return None
    attempt = begin_attempt(session, callback_id, job.payload["try"], known.helper.id, now=now)
    if attempt is None or attempt.call_sid is not None:
        return None
    return _Ringing(attempt, known.helper.phone, known.line.e164)


def _could_not_ring(tools: Tools, attempt: AttemptRef, error: TelephonyError) -> None:
    """Wait for the operator as long as the promise can still be kept; a number that is wrong is the next helper's turn."""
    now, unreachable = tools.clock.now(), error.code in NOBODY_THERE
    if not unreachable and now - attempt.intended_at < OPERATOR_AWAY:
        raise TelephonyError(str(error), permanent=False, code=error.code) from error
    result = AttemptResult.AUTTAJA_EI_VASTANNUT if unreachable else AttemptResult.KATKESI
    with tools.sessions.begin() as session:
        if not record_attempt_result(session, attempt.id, result, now=now):
            return
        if unreachable:
            grid = grid_of_callback(session, attempt.callback_id)
            next_helper(session, attempt.callback_id, now=now, grid=grid)
        else:
            enqueue(session, next_try_for(attempt.callback_id, attempt.number, result, now=now))


def _find_text(tools: Tools, letter: Letter, message: Message) -> str | None:
    return tools.telephony.find_text(
        to=letter.phone, shown=letter.line.e164, body=letter.body, since=message.created_at
    )


def _send(tools: Tools, letter: Letter, message: Message) -> str:
    return tools.telephony.text(
        to=letter.phone,
        shown=letter.line.e164,
        body=letter.body,
        status_url=tools.urls.text_status(message.id),
    )


def _outdated(tools: Tools, job: ClaimedJob) -> bool:
    """A reminder that comes too late is dropped; other late news waits for the morning."""
    now = tools.clock.now()
    if not is_too_late(job.run_at, now):
        return False
    if job.payload["template"] in (Template.REMINDER, HelperNews.REMINDER):
        return True
    local = now.astimezone(HELSINKI)
    if NIGHT_ENDS <= local.hour < NIGHT_BEGINS:
        return False
    morning = local.replace(hour=NIGHT_ENDS, minute=0, second=0, microsecond=0)
    with tools.sessions.begin() as session:
        put_off(session, job, until=morning if morning > local else morning + timedelta(days=1))
    return True
