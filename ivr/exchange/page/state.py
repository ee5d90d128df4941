"""A phone as its page sees it: the call of the moment, and what happened since it last asked."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

from ivr.exchange.call import Call
from ivr.exchange.page.directory import spaced
from ivr.exchange.page.sounds import Sounds
from ivr.exchange.phones import Note, Phone
from ivr.exchange.switchboard import Exchange
from ivr.exchange.texts import Text
from ivr.exchange.values import (
    Apology,
    Beep,
    CallStatus,
    Connected,
    Direction,
    Done,
    Heard,
    NotInUse,
    Paused,
    Played,
    Pressed,
    RingingTone,
    Said,
    Spoken,
    Uttered,
)

Json = dict[str, object]
_WORDS: dict[type[Heard | Done], str] = {
    Said: "said",
    Played: "played",
    Paused: "paused",
    Spoken: "spoken",
    Beep: "beep",
    RingingTone: "ringing",
    Connected: "connected",
    Apology: "apology",
    NotInUse: "not-in-use",
    Pressed: "pressed",
    Uttered: "uttered",
}


def phone_state(exchange: Exchange, phone: Phone, sounds: Sounds, after: int) -> Json:
    """The exchange's clock, the live call if any, and the phone's notes after this one."""
    with exchange.office.lock:
        return {
            "clock": exchange.office.now().isoformat(timespec="seconds"),
            "speed": exchange.clockwork.speed if exchange.clockwork else None,
            "next": _moment(exchange.ahead()),
            "call": _call(exchange, phone.call) if phone.call else None,
            "last": len(phone.notes),
            "events": [_event(phone, note, sounds) for note in phone.notes[after:]],
        }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")


def name_of(exchange: Exchange, number: str) -> str:
    """The name of a line, or the number itself."""
    line = exchange.office.lines.get(number)
    return line.name if line and line.name else number


def _call(exchange: Exchange, call: Call) -> Json:
    return {
        "sid": call.sid,
        "status": call.status.value,
        "incoming": call.leg.direction is not Direction.INBOUND,
        "number": call.shown_number,
        "written": spaced(call.shown_number),
        "name": name_of(exchange, call.shown_number),
        "rings": call.rings_here,
        "answered": call.leg.answered,
        "waiting": call.waiting_for.value if call.waiting_for else None,
    }


def _event(phone: Phone, note: Note, sounds: Sounds) -> Json:
    event: Json = {
        "n": note.number,
        "at": note.at.isoformat(timespec="seconds"),
        "call": note.call_sid,
    }
    if isinstance(note.what, CallStatus):
        return event | {"type": "status", "status": note.what.value}
    if isinstance(note.what, Text):
        text = note.what
        other = text.to_number if text.from_number == phone.number else text.from_number
        shown = {"from": text.from_number, "to": text.to_number, "other": spaced(other), "text": text.body}
        return event | {"type": "text", **shown}
    name = sounds.name_of(note.what)
    sound = f"/phone/sound/{name}.wav" if name else None
    return event | {"sound": sound} | _heard(note.what)


def _heard(heard: Heard | Done) -> Json:
    shown: Json = {"type": _WORDS[type(heard)]}
    for field in fields(heard):
        if field.name not in ("sound", "pieces"):
            shown[field.name] = getattr(heard, field.name)
    return shown
