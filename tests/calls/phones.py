"""A phone call as a scenario tells it: sentences by their keys, keys pressed, words said."""

import re
from functools import cache
from typing import TYPE_CHECKING

from ivr.exchange import Call, Said, Waiting
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language

if TYPE_CHECKING:
    from tests.calls.days import Day


class Play:
    """One call, from the side of whoever holds the phone."""

    def __init__(self, call: Call, day: "Day") -> None:
        self.call, self.day = call, day

    def hears(self, *keys: str) -> "Play":
        """Let time pass until something is asked (or the call is over); each sentence was heard since the last time.

        Asked again right away, it is a silence: nothing is pressed, and time passes until the next question.
        """
        self.call.until_asked()
        heard = self.news()
        for key in keys:
            assert key in heard, f"{key} was not heard, but {heard}: {self.call.said[-4:]}"
        return self

    def does_not_hear(self, *keys: str) -> "Play":
        """None of these has been said in the whole call."""
        heard = set(keys) & set(self.keys)
        assert not heard, f"{heard} was heard: {self.keys}"
        return self

    def news(self) -> list[str]:
        """The keys of the sentences heard since this was last asked."""
        return [key_of(one) for one in self.call.news() if isinstance(one, Said)]

    def presses(self, keys: str) -> "Play":
        """Press keys."""
        self.call.press(keys)
        return self

    def says(self, words: str, seconds: float = 6) -> "Play":
        """Speak after the tone."""
        self.call.speak(words, seconds=seconds)
        return self

    def hangs_up(self) -> "Play":
        """Put the phone down, and let the network notice."""
        self.call.hang_up()
        self.day.passes(seconds=10)
        return self

    def talks(self, minutes: float = 12) -> "Play":
        """Talk with whoever was connected, and hang up."""
        assert self.call.until_asked() is Waiting.TALK
        self.day.passes(minutes=minutes)
        return self.hangs_up()

    def goes_forward(self, until: str = "") -> "Play":
        """Press 1 at every question and speak when asked to, until a sentence is heard or the call is over."""
        while self.call.until_asked() is not None:
            heard = self.news()
            if until and until in heard:
                return self
            if self.call.waiting_for is Waiting.RECORDING:
                self.says("Puhelin ei toimi.")
            elif self.call.waiting_for is Waiting.DIGITS:
                self.presses("1")
            else:
                return self
        assert not until or until in self.keys, f"{until} was never heard: {self.keys}"
        self.day.passes(seconds=5)
        return self

    @property
    def keys(self) -> list[str]:
        """Every sentence heard in this call."""
        return [key_of(one) for one in self.call.said]

    @property
    def languages(self) -> set[str]:
        """The languages in which this call has spoken."""
        return {one.language for one in self.call.said}

    def words_of(self, key: str) -> str:
        """What a sentence said when it was last heard."""
        return [one.text for one in self.call.said if key_of(one) == key][-1]


def key_of(said: Said) -> str:
    """The catalogue's key for a sentence that was heard."""
    words = " ".join(said.text.split())
    for key, pattern in _sentences(Language(said.language[:2])):
        if pattern.fullmatch(words):
            return key
    raise AssertionError(f"not a sentence of the catalogue: {said.text!r}")


@cache
def _sentences(language: Language) -> tuple[tuple[str, re.Pattern[str]], ...]:
    catalogue = Catalogue.load()
    spoken = [key for key in sorted(catalogue.keys()) if not key.startswith(("sms.", "topic.", "language."))]
    return tuple((key, _pattern(catalogue, language, key, again=again)) for again in (False, True) for key in spoken)


def _pattern(catalogue: Catalogue, language: Language, key: str, *, again: bool) -> re.Pattern[str]:
    blanks = {name: f"\x00{name}\x00" for name in catalogue.placeholders(key)}
    parts = catalogue.spoken(language, key, again=again, **blanks)
    return re.compile(re.sub(r"\x00\w+\x00", "(.+)", re.escape(" ".join(parts)).replace("\\\x00", "\x00")))
