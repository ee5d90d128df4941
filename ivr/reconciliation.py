"""What the operator knows and we do not: recordings to fetch, calls that ended, calls and texts that we missed.

Webhooks get lost, databases go away, workers die. Every few minutes the operator's own list is
compared with ours, and what is missing becomes a ticket like any other.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.calls import calls_not_over
from ivr.journal import Call, lock_call
from ivr.keeping import Keeping
from ivr.news import hang_up, take_in_recording
from ivr.numbers import judge_caller
from ivr.texts import heard_texts, take_late_text
from scheduler.errands import Errand, fetching, forgetting, watching
from scheduler.forgetting import FORGETTING_TASKS
from scheduler.jobs import ClaimedJob, enqueue, last_done
from scheduler.overdue import sweep
from scheduler.ports import OperatorCall, OperatorRecording, OperatorText, Ringing, TelephonyError
from scheduler.records import Attempt, AttemptState
from scheduler.tasks import Task
from scheduler.tools import Tools
from scheduler.transcripts import write_down, write_down_later
from tickets.directory import line_of
from tickets.intake import Matter, open_ticket
from tickets.recordings import attach_recording, keep_sound, mark_absent, recording_card
from tickets.vocabulary import Channel, RecordingState

log = structlog.get_logger()
LOOK_BACK, LONGEST_LOOK_BACK = timedelta(hours=6), timedelta(days=7)
WATCH_AGAIN = timedelta(minutes=10)
SOUND = "audio/wav"


def fetch(tools: Tools, job: ClaimedJob) -> None:
    """Bring a recording home, sealed; then it may be forgotten at the operator."""
    recording_sid, call_sid = job.payload["recording"], job.payload["call"]
    with tools.sessions() as session:
        card = recording_card(session, recording_sid)
        known = _is_known(session, call_sid)
    if card is None or card.state is not RecordingState.ANNOUNCED:
        return  # said again meanwhile, or here already
    sound = tools.telephony.fetch_recording(recording_sid)
    if sound is None:
        raise TelephonyError("the recording is not ready yet", permanent=False, expected=True)
    told = None if known else tools.telephony.call(call_sid)
    now = tools.clock.now()
    with tools.sessions.begin() as session:
        keep_sound(session, recording_sid, sound, SOUND)
        if told is not None:
            _take_in(session, told, now)
        enqueue(session, forgetting(recording_sid, now=now), *write_down_later(tools, recording_sid, now=now))


def forget(tools: Tools, job: ClaimedJob) -> None:
    """The message is safe with us: the operator need not keep it."""
    tools.telephony.delete_recording(job.payload["recording"])


def watch_attempt(tools: Tools, job: ClaimedJob) -> None:
    """A helper's call may have ended without our being told."""
    attempt_id = job.payload["attempt"]
    with tools.sessions() as session:
        attempt = session.get_one(Attempt, attempt_id)
    if attempt.state is AttemptState.ENDED or attempt.call_sid is None:
        return
    told = tools.telephony.call(attempt.call_sid)
    now = tools.clock.now()
    with tools.sessions.begin() as session:
        if told is not None and told.ringing is Ringing.GOING_ON:
            enqueue(session, watching(attempt_id, at=now + WATCH_AGAIN))
        else:
            Keeping(session, attempt_id, now).helper_hung_up()


def reconcile(tools: Tools, _job: ClaimedJob) -> None:
    """Compare the operator's calls, recordings and texts with ours, and hand over what has got stuck.

    One that cannot be read does not keep the others waiting.
    """
    with tools.sessions.begin() as session:
        sweep(session, now=tools.clock.now())
        since = _since(session, tools.clock.now())
    _see_to_calls(tools, since)
    for recording in tools.telephony.recordings_since(since):
        _guarded(recording.recording_sid, partial(_see_to, tools, recording))
    for text in _unheard(tools, tools.telephony.texts_since(since)):
        _guarded(text.message_sid, partial(_read, tools, text))


def _since(session: Session, now: datetime) -> datetime:
    """A little before the last comparison that came to its end: an outage may have been long."""
    last = last_done(session, Errand.RECONCILE) or now
    return max(now - LONGEST_LOOK_BACK, min(now, last) - LOOK_BACK)


def _guarded(sid: str, see_to: Callable[[], None]) -> None:
    try:
        see_to()
    except TelephonyError:
        raise
    except Exception:
        log.exception("not_reconciled", sid=sid)


ERRANDS: Mapping[str, Task] = {
    Errand.FETCH: fetch,
    Errand.FORGET: forget,
    Errand.TRANSCRIBE: write_down,
    Errand.WATCH: watch_attempt,
    Errand.RECONCILE: reconcile,
    **FORGETTING_TASKS,
}


def _see_to_calls(tools: Tools, since: datetime) -> None:
    """Those that came to our lines and are over; then whichever of ours we still take to go on."""
    calls = {told.call_sid: told for told in tools.telephony.calls_since(since)}
    for told in calls.values():
        if told.inbound and told.ringing is not Ringing.GOING_ON:
            _guarded(told.call_sid, partial(_settle, tools, told))
    with tools.sessions() as session:
        not_over = calls_not_over(session, now=tools.clock.now())
    for call_sid in not_over:
        _guarded(call_sid, partial(_end_if_over, tools, call_sid, calls.get(call_sid)))


def _settle(tools: Tools, told: OperatorCall) -> None:
    """A call that is over: end ours if nobody told us, and take in one that never reached us."""
    now = tools.clock.now()
    with tools.sessions.begin() as session:
        call = lock_call(session, told.call_sid)
        if call is None:
            _take_in(session, told, now)
        elif call.ended_at is None:
            hang_up(session, call, now)


def _end_if_over(tools: Tools, call_sid: str, told: OperatorCall | None) -> None:
    """No leg goes on for ever because nobody told us of its end; the operator is asked about one that it did not list."""
    told = told or tools.telephony.call(call_sid)
    if told is not None and told.ringing is Ringing.GOING_ON:
        return
    now = tools.clock.now()
    with tools.sessions.begin() as session:
        call = lock_call(session, call_sid)
        if call is not None and call.ended_at is None:
            hang_up(session, call, now)


def _see_to(tools: Tools, told: OperatorRecording) -> None:
    """A recording of ours that is not here yet; the account may have others, which are nobody's business here."""
    if told.empty:
        with tools.sessions.begin() as session:
            mark_absent(session, told.recording_sid)
        return
    with tools.sessions() as session:
        known = recording_card(session, told.recording_sid)
        ours = known is not None or _is_known(session, told.call_sid)
    if not ours:
        call = tools.telephony.call(told.call_sid)
        with tools.sessions() as session:
            ours = call is not None and line_of(session, call.called) is not None
    now = tools.clock.now()
    with tools.sessions.begin() as session:
        if ours and known is None:
            take_in_recording(session, told.call_sid, told.recording_sid, seconds=told.seconds, now=now)
        elif known is not None and known.state is RecordingState.ANNOUNCED and not known.discarded:
            enqueue(session, fetching(told.recording_sid, told.call_sid, now=now))
        elif known is not None:
            enqueue(session, forgetting(told.recording_sid, now=now))


def _unheard(tools: Tools, texts: tuple[OperatorText, ...]) -> list[OperatorText]:
    with tools.sessions() as session:
        heard = heard_texts(session, [text.message_sid for text in texts])
    return [text for text in texts if text.message_sid not in heard]


def _read(tools: Tools, told: OperatorText) -> None:
    """A text that a caller sent while nobody here could take it."""
    with tools.sessions.begin() as session:
        take_late_text(session, tools.catalogue, told, now=tools.clock.now())


def _take_in(session: Session, told: OperatorCall, now: datetime) -> None:
    """A call that our own systems never saw through: who rang which line, and what was recorded."""
    line, caller = line_of(session, told.called), judge_caller(told.caller).e164
    if line is None:
        return
    matter = Matter(
        line.network_id,
        line.id,
        Channel.PHONE,
        line.first_language,
        caller,
        key=f"call:{told.call_sid}:1",
    )
    ticket = open_ticket(session, matter, now=now)
    attach_recording(session, told.call_sid, ticket.id)


def _is_known(session: Session, call_sid: str) -> bool:
    return session.scalar(select(Call.id).where(Call.call_sid == call_sid)) is not None
