"""<Record>: a beep, a person's message, and what the product learns of it."""

from __future__ import annotations

from ivr.exchange.faults import Kind
from ivr.exchange.leg import Goto, Key, Leg, SpeechBegan, SpeechEnded
from ivr.exchange.mail import post
from ivr.exchange.process import Steps, wait
from ivr.exchange.recordings import Recording, RecordingStatus, Tape, recording_url
from ivr.exchange.twiml import Record
from ivr.exchange.values import Beep, CallOverError, Waiting

BEEP_SECONDS = 0.6


def record(leg: Leg, verb: Record) -> Steps[Goto | None]:
    """Where the message leads; None when nobody said anything, for then Twilio just goes on."""
    if verb.play_beep:
        leg.hear(Beep())
        yield from wait(BEEP_SECONDS)
    recording = _begin(leg, verb)
    tape = Tape(leg.office.agenda.timer())
    leg.ask(Waiting.RECORDING)
    try:
        digits = yield from _listen(leg, verb, tape)
    except CallOverError:
        tape.run_to(leg.office.agenda.timer())
        if _keep(leg, verb, recording, tape):
            # The product is told where the message is, but nobody hears its answer.
            yield from post(leg.letter(_action(leg, verb, recording, "hangup")))
        raise
    finally:
        leg.ask(None)
    if not _keep(leg, verb, recording, tape):
        return None
    return _action(leg, verb, recording, digits)


def _begin(leg: Leg, verb: Record) -> Recording:
    recording = Recording(leg.office.new_sid("RE"), leg.sid, leg.office.now())
    leg.office.recordings[recording.sid] = recording
    _tell(leg, verb, recording)
    return recording


def _listen(leg: Leg, verb: Record, tape: Tape) -> Steps[str]:
    """Let the tape run until the message ends; returns the key that ended it, if one did."""
    timer = leg.office.agenda.timer
    end = timer() + verb.max_length
    while (left := end - timer()) > 0:
        patience = left if tape.speaking else min(left, verb.timeout)
        signal = yield from wait(patience, Key, SpeechBegan, SpeechEnded)
        if isinstance(signal, SpeechBegan):
            tape.begin(signal.speech, timer())
        elif isinstance(signal, SpeechEnded):
            tape.end(signal.speech, timer())
        elif not isinstance(signal, Key):
            break
        elif signal.digit in verb.finish_on_key:
            tape.run_to(timer())
            return signal.digit
    tape.run_to(timer())
    return ""


def _keep(leg: Leg, verb: Record, recording: Recording, tape: Tape) -> bool:
    """Make the recording from the tape, ready a little later; False when there is nothing on it."""
    recording.stretches = tape.cut(trim=verb.trim)
    if not recording.stretches:
        recording.status = RecordingStatus.ABSENT
        _tell(leg, verb, recording)
        return False
    recording.status = RecordingStatus.PROCESSING

    def ready() -> None:
        recording.status = RecordingStatus.COMPLETED
        _tell(leg, verb, recording)

    leg.office.agenda.after(leg.office.habits.recording_ready_seconds, ready)
    return True


def _action(leg: Leg, verb: Record, recording: Recording, digits: str) -> Goto:
    params = (
        ("RecordingUrl", recording_url(leg.office, recording.sid)),
        ("RecordingSid", recording.sid),
        ("RecordingDuration", str(recording.seconds)),
        ("Digits", digits),
    )
    return Goto(leg.absolute(verb.action), verb.method, Kind.ACTION, params)


def _tell(leg: Leg, verb: Record, recording: Recording) -> None:
    if not verb.status_url or recording.status.value not in verb.status_events:
        return
    params = {
        "AccountSid": leg.office.account_sid,
        "CallSid": leg.sid,
        "RecordingSid": recording.sid,
        "RecordingUrl": recording_url(leg.office, recording.sid),
        "RecordingStatus": recording.status.value,
        "RecordingDuration": str(recording.seconds),
        "RecordingChannels": "1",
        "RecordingSource": "RecordVerb",
    }
    leg.tell_apart(leg.absolute(verb.status_url), verb.status_method, Kind.RECORDING, params)
