"""Sounds that the phones in browsers fetch: prompts, played files, what the other end says."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable

from ivr.exchange.values import Done, Heard, Played, Said, Spoken, Uttered
from ivr.exchange.voice import Voice

MOST_SOUNDS = 1000


class Sounds:
    """The latest sounds by name; a prompt is only made when somebody listens to it."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._lock = threading.Lock()
        self._makers: OrderedDict[str, Callable[[], bytes]] = OrderedDict()

    def name_of(self, heard: Heard | Done) -> str | None:
        """The name of what was heard, or None if it has no sound of its own."""
        if isinstance(heard, Said):
            said = heard
            return self._keep(
                f"{said.language} {said.pieces}".encode(),
                lambda: self._voice.wav(said.pieces, said.language),
            )
        if isinstance(heard, Played | Spoken | Uttered) and heard.sound:
            sound = heard.sound
            return self._keep(sound, lambda: sound)
        return None

    def wav(self, name: str) -> bytes | None:
        """The sound with this name, or None if it is not known any more."""
        with self._lock:
            make = self._makers.get(name)
        return make() if make is not None else None

    def _keep(self, content: bytes, make: Callable[[], bytes]) -> str:
        name = hashlib.sha256(content).hexdigest()[:24]
        with self._lock:
            self._makers[name] = make
            self._makers.move_to_end(name)
            while len(self._makers) > MOST_SOUNDS:
                self._makers.popitem(last=False)
        return name
