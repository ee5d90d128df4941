"""What the operator tells us beside the calls: how they ended, which recordings are ready, which texts arrived.

News may be late, out of order, repeated or missing. Each piece is taken for what it says and
changes nothing that is known already; what never comes, the reconciliation finds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from ivr.desk import Desk
from ivr.journal import FROM_OUTSIDE, LiveCall, end_call, lock_call, read_journal
from ivr.keeping import Keeping
from ivr.matters import matter_of, waiting_messages
from ivr.stage import paper_of
from scheduler.errands import fetching, first_time_for, forgetting
from scheduler.jobs import enqueue
from scheduler.outbox import mark_delivered, mark_failed
from scheduler.telling import tell_instead
from tickets.intake import open_ticket
from tickets.recordings import attach_recording, mark_absent, note_recording
from tickets.transcripts import note_piece

OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
RINGS = frozenset({"ringing", "in-progress"})
UNDELIVERED = frozenset({"undelivered", "failed"})
Form = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Stretch:
    """What the operator says that it has heard."""

    transcript: str


_HEARD = TypeAdapter(Stretch)


def of_call(session: Session, desk: Desk, form: Form, about: Mapping[str, str]) -> None:
    """A call rings, is answered, or is over."""
    status, now = form["CallStatus"], desk.clock.now()
    if "resident" in about and status in RINGS:
        Keeping(session, int(about["resident"]), now).resident_rung()
    if status not in OVER:
        return
    call = lock_call(session, form["CallSid"])
    if call is not None and call.ended_at is None:
        hang_up(session, call, now)
    if "helper" in about:
        Keeping(session, int(about["helper"]), now).helper_hung_up()


def hang_up(session: Session, call: LiveCall, now: datetime) -> None:
    """A call is over; what a caller has told in it is kept, and rung back about if it can be."""
    end_call(session, call, now=now)
    if call.part in FROM_OUTSIDE:
        keep_what_was_told(session, call, now)


def keep_what_was_told(session: Session, call: LiveCall, now: datetime) -> None:
    """What the paper of an ended call says becomes a ticket, with its messages; news of these may come later still."""
    paper = paper_of(call, read_journal(session, call))
    ticket_id = paper.held.ticket_id if paper.held else paper.ticket_id
    if ticket_id is None:
        if not paper.spoken_to and not waiting_messages(session, call.call_sid):
            return
        ticket_id = open_ticket(session, matter_of(call, paper.draft(), unfinished=True), now=now).id
    attach_recording(session, call.call_sid, ticket_id)
    if paper.held is None and paper.number and paper.has_told and not paper.wants_no_time:
        enqueue(session, first_time_for(ticket_id, call.call_sid, now=now))


def of_recording(session: Session, desk: Desk, form: Form) -> None:
    """A recording is ready to be fetched, or there is none after all."""
    recording_sid, call_sid, now = form["RecordingSid"], form["CallSid"], desk.clock.now()
    if form.get("RecordingStatus") == "absent":
        mark_absent(session, recording_sid)
    elif form.get("RecordingDuration") == "0":  # the call took it for silence, too
        mark_absent(session, recording_sid)
        enqueue(session, forgetting(recording_sid, now=now))
    else:
        seconds = int(form.get("RecordingDuration") or 0)
        take_in_recording(session, call_sid, recording_sid, seconds=seconds, now=now)


def take_in_recording(session: Session, call_sid: str, recording_sid: str, *, seconds: int, now: datetime) -> None:
    """A recording lies at the operator: write it down, have it fetched; the ticket of a call that is over gets it."""
    note_recording(session, call_sid, recording_sid, turn=0, duration_s=seconds, now=now)
    enqueue(session, fetching(recording_sid, call_sid, now=now))
    # While the call goes on, its next turn or its end will say to which matter the message belongs.
    call = lock_call(session, call_sid)
    if call is not None and call.ended_at is not None and call.part in FROM_OUTSIDE:
        keep_what_was_told(session, call, now)


def of_transcription(session: Session, desk: Desk, form: Form, about: Mapping[str, str]) -> None:
    """The operator has heard a stretch of a message; what it only guesses at so far, and what we say, is left."""
    if form["TranscriptionEvent"] != "transcription-content" or form.get("Final", "true") != "true":
        return
    if form.get("Track", "inbound_track") != "inbound_track" or not desk.written_along:
        return
    said = _HEARD.validate_json(form["TranscriptionData"]).transcript
    if said.strip():
        where = (form["CallSid"], int(about["turn"]), int(form["SequenceId"]))
        note_piece(session, *where, said, now=desk.clock.now())


def of_text(session: Session, desk: Desk, form: Form, message: str) -> None:
    """A text of ours arrived, or did not."""
    status, message_id, now = form["MessageStatus"], int(message), desk.clock.now()
    if status == "delivered":
        mark_delivered(session, message_id, now=now)
    elif status in UNDELIVERED:
        mark_failed(session, message_id, int(form.get("ErrorCode") or 0), now=now)
        tell_instead(session, message_id, now=now)
