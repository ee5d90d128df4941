"""What the line says and plays, in the time it takes."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from ivr.exchange.faults import Kind
from ivr.exchange.leg import Goto, Leg
from ivr.exchange.mail import post
from ivr.exchange.messages import Lost
from ivr.exchange.process import Signal, Steps, wait
from ivr.exchange.recordings import sound_of
from ivr.exchange.ssml import Say
from ivr.exchange.twiml import Play, Prompt
from ivr.exchange.values import Paused, Played, Said
from ivr.exchange.wav import linear, seconds_of

SHORTEST = 0.1  # so that an endless loop of nothing still lets time pass


def perform_prompt(leg: Leg, prompt: Prompt, *wanted: type[Signal]) -> Steps[Signal | None]:
    """Say, play or pause; a wanted signal cuts it short and is returned."""
    if isinstance(prompt, Say):
        return (yield from _say(leg, prompt, *wanted))
    if isinstance(prompt, Play):
        return (yield from _play(leg, prompt, *wanted))
    leg.hear(Paused(prompt.seconds))
    return (yield from wait(prompt.seconds, *wanted))


def _say(leg: Leg, say: Say, *wanted: type[Signal]) -> Steps[Signal | None]:
    seconds = max(SHORTEST, leg.office.voice.seconds(say.pieces, say.language))
    said = Said(say.text, say.language, say.voice, seconds, say.pieces)
    for _ in _times(say.loop):
        leg.hear(said)
        signal = yield from wait(seconds, *wanted)
        if signal is not None:
            return signal
    return None


def _play(leg: Leg, play: Play, *wanted: type[Signal]) -> Steps[Signal | None]:
    url = leg.absolute(play.url)
    sound = yield from _fetch(leg, url)
    if sound is None:
        return None
    seconds = max(SHORTEST, seconds_of(sound))
    for _ in _times(play.loop):
        leg.hear(Played(url, seconds, sound))
        signal = yield from wait(seconds, *wanted)
        if signal is not None:
            return signal
    return None


def _fetch(leg: Leg, url: str) -> Steps[bytes | None]:
    """The sound behind a URL; what cannot be fetched is put down and passed over."""
    own = sound_of(leg.office, url)
    if own is not None:
        return own
    answer, _ = yield from post(leg.letter(Goto(url, "GET", Kind.MEDIA)))
    if isinstance(answer, Lost) or answer.status != 200:
        what = answer.reason if isinstance(answer, Lost) else f"status {answer.status}"
        leg.office.alert(11200, f"Play: {what}", leg.sid, url)
        return None
    if not answer.content_type.startswith("audio/"):
        leg.office.alert(13322, f"Play: {answer.content_type} is no sound", leg.sid, url)
        return None
    return linear(answer.body)


def _times(loop: int) -> Iterable[int]:
    return itertools.count() if loop == 0 else range(loop)
