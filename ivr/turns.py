"""One turn of one call: lock the call, hear, replay, do what is new, write it down, reply.

A turn is one transaction, opened and committed by the webhook. A webhook that comes twice finds
its answer in the journal: it gets the same reply, and nothing is done again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from ivr.conversation import (
    Entry,
    Perform,
    Question,
    ScriptChanged,
    Turn,
    answered,
    turns_heard,
    up_to_turn,
)
from ivr.journal import LiveCall, NewCall, append, lock_call, open_call, read_journal
from ivr.spoken_keys import key_said
from ivr.stage import CHANGED, perform_play, refuse
from ivr.steps import Ask, Connect, Listen, Pressed, Spoke, Talked
from tickets.recordings import note_recording

KEYS = frozenset("0123456789")
Performing = Callable[[Session, LiveCall, datetime], Perform]


class UnknownCall(Exception):
    """A turn of a call that we never answered."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said now, after which turn, as seen from which moment, in which call."""

    turn: Turn
    number: int
    at: datetime
    call: LiveCall


def first_turn(session: Session, new: NewCall, performing: Performing, now: datetime) -> Reply:
    """The call is answered; asked twice, the line says the same."""
    call = open_call(session, new, now=now)
    if call is None:
        return later_turn(session, new.call_sid, 0, {}, performing, now)
    turn, _ = perform_play(call, (), performing(session, call, now))
    append(session, call, turn.written, place=0)
    return Reply(turn, 0, now, call)


def later_turn(
    session: Session,
    call_sid: str,
    number: int,
    form: Mapping[str, str],
    performing: Performing,
    now: datetime,
) -> Reply:
    """An answer: taken when it is the next one, and otherwise replied to as it was before."""
    call = lock_call(session, call_sid)
    if call is None:
        raise UnknownCall(call_sid)
    journal = read_journal(session, call)
    heard = turns_heard(journal)
    if number != heard + 1:
        return _as_before(call, journal, min(number, heard))
    perform = performing(session, call, now)

    def hear(question: Question[Any]) -> Entry | None:
        answer = answer_to(question, form)
        if isinstance(answer, Spoke) and answer.recording_sid:
            note_recording(session, call_sid, answer.recording_sid, turn=number, duration_s=answer.seconds, now=now)
        return answered(question, answer, now)

    try:
        turn, _ = perform_play(call, journal, perform, hear)
    except ScriptChanged:
        changed = Entry(CHANGED, None, now)
        turn, _ = perform_play(call, (*journal, changed), perform)
        append(session, call, (changed, *turn.written), place=len(journal))
        return Reply(turn, number, now, call)
    append(session, call, turn.written, place=len(journal))
    return Reply(turn, number, now, call)


def answer_to(question: Question[Any], form: Mapping[str, str]) -> object:
    """What the operator's parameters say in answer to a question; ValueError where they make no sense."""
    match question:
        case Listen():
            seconds = int(form.get("RecordingDuration") or 0)
            silent = form.get("RecordingDuration") == "0"
            sid = None if silent else form.get("RecordingSid") or None
            return Spoke(sid, seconds, ended="#" in form.get("Digits", ""))
        case Connect():
            return Talked(
                form.get("DialCallStatus", "failed"),
                {"true": True, "false": False}.get(form.get("DialBridged", "").lower()),
                int(form.get("DialCallDuration") or 0),
            )
        case Ask(said=True) if form.get("SpeechResult") and not form.get("Digits"):
            return Pressed(key_said(question.key, form["SpeechResult"]))
        case _:
            return Pressed("".join(key for key in form.get("Digits", "") if key in KEYS))


def _as_before(call: LiveCall, journal: tuple[Entry, ...], number: int) -> Reply:
    past = up_to_turn(journal, number)
    said_at = max((entry.heard_at for entry in past if entry.heard_at), default=call.started_at)
    turn, _ = perform_play(call, past, refuse)
    return Reply(turn, number, said_at, call)
