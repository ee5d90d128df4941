"""A scenario as a play on paper: who says, presses and reads what, in the order in which it happens.

The plays stand in tests/calls/plays, one in each language, so that somebody whose mother tongue it is can read and correct
them without reading code. `DIGILINJA_WRITE_PLAYS=1` writes them anew; without it a test compares.
"""

from dataclasses import dataclass, field
from datetime import datetime

from ivr.exchange import Beep, Call, Paused, Phone, Played, Said, Waiting
from tests.calls.days import LANDLINE, LINE, MOBILE, SWEDISH_LINE, Day
from tests.calls.paper import WIDTH, WORDS, in_columns
from tests.calls.phones import key_of
from tests.calls.tongues import faults_in, sentences_in
from voice_prompts.language import Language
from voice_prompts.speech import written_number, written_time

DIGIT_OF = {Language.FI: "1", Language.SV: "2"}
LINE_OF = {Language.FI: LINE, Language.SV: SWEDISH_LINE}
# Said in both languages, each in its own voice; and names, which are read in a voice of theirs.
IN_BOTH = frozenset(
    {"choose_language", "fallback_greeting", "fallback_record", "fallback_thanks", "not_in_use", "sms.later"}
    | {"nearby_name", "nearby_place", "nearby_address"}
)


@dataclass
class Stage:
    """A day on which a play in one language is given, and the paper that it is written on."""

    day: Day
    language: Language
    paper: list[str] = field(default_factory=list)
    texts_seen: dict[str, int] = field(default_factory=dict)
    unread: list[tuple[datetime, str, str]] = field(default_factory=list)

    @property
    def digit(self) -> str:
        """The key for this play's language, on the line that opens in Finnish."""
        return DIGIT_OF[self.language]

    @property
    def own_line(self) -> str:
        """The line that opens in the language of the play."""
        return LINE_OF[self.language]

    def words(self, key: str, **filled: object) -> str:
        """A stage direction."""
        return WORDS[self.language][key].format(**filled)

    def in_words(self, finnish: str, swedish: str) -> str:
        """What somebody says or texts, in the language of the play."""
        return finnish if self.language is Language.FI else swedish

    def helper(self, begins: str = "09:30", ends: str = "14:30", *, days: int = 0) -> Phone:
        """A helper who speaks the language of the play."""
        return self.day.helper(begins, ends, self.language, days=days)

    def dials(self, number: str = MOBILE, who: str = "caller", line: str = LINE, **how: object) -> "Actor":
        """Somebody rings the line."""
        self.paper += ["", f"{self.words(who)} ({written_number(number)}) {self.words('rings_line')}."]
        return Actor(self, self.day.exchange.phone(number).dial(line, **how), who).listens()

    def begins(self, number: str = MOBILE, **how: object) -> "Actor":
        """Somebody rings the line and chooses the language of the play."""
        return self.dials(number, **how).presses(self.digit)

    def is_rung(self, number: str, who: str, within: float = 9000, *, aloud: bool = True) -> "Actor":
        """Somebody's phone rings, and they pick up; what they hear then is written down if `aloud`."""
        call = self.day.rings(number, within).call
        actor = Actor(self, call, who)
        if not aloud:
            return actor.skips()
        self.time_is(self.day.now)
        self.paper.append(f"{self.words(who)} ({written_number(number)}): {self.words('is_rung')}.")
        return actor.listens()

    def passes(self, **span: float) -> None:
        """Let time pass, and read what was texted meanwhile."""
        self.day.passes(**span)
        self.reads()

    def has_passed(self, **span: float) -> None:
        """Let time pass before the play begins; what was texted until then is not in it."""
        self.day.passes(**span)
        self.texts_seen = {number: len(phone.texts) for number, phone in self.day.exchange.phones.items()}

    def until(self, moment: datetime) -> None:
        """Let time pass until this moment, and read what was texted meanwhile."""
        self.day.until(moment)
        self.reads()

    def sends(self, body: str, number: str = MOBILE, who: str = "caller", line: str = LINE) -> None:
        """Somebody texts the line."""
        self.reads()
        self.paper += ["", f"{self.words(who)} ({written_number(number)}) {self.words('text_from')}: {body}"]
        self.day.phone(number).text(line, body)
        self.passes(seconds=15)

    def reads(self) -> None:
        """Write down the texts that have come since, in the order in which they came."""
        for number, phone in self.day.exchange.phones.items():
            new = phone.texts[self.texts_seen.get(number, 0) :]
            self.texts_seen[number] = len(phone.texts)
            self.unread += [(text.created_at, number, text.body) for text in new]
        for at, number, body in sorted(self.unread):
            for words, language in _in_languages(body, self.language):
                self.must_be_right(words, language)
            first, *more = body.splitlines()
            written = f"→ {written_number(number)}, {written_time(at, self.language)}: {first}"
            self.paper += ["", in_columns(self.words("text_to"), written), *(in_columns("", line) for line in more)]
        self.unread.clear()

    def time_is(self, moment: datetime) -> None:
        """Write down what the clock shows."""
        self.reads()
        self.paper += ["", f"— {self.words('at')}{written_time(moment, self.language)} —", ""]

    def must_be_right(self, words: str, language: Language) -> None:
        """What is heard or read is a sentence in its language, and only what is for all is in the other one's."""
        faults = faults_in(words, language)
        assert not faults, faults
        if language is not self.language:
            keys = {sentence.key for sentence in sentences_in(words, language)}
            assert keys & IN_BOTH, f"{keys} in {language.name} in a play in {self.language.name}"

    def written(self, title: str) -> str:
        """The play."""
        self.passes(seconds=10)
        return "\n".join([title, "=" * len(title), *self.paper, ""])


@dataclass
class Actor:
    """One call of the play, from the side of whoever holds the phone."""

    stage: Stage
    call: Call
    who: str

    def listens(self) -> "Actor":
        """Hear what the line says until it waits for something, and write it down."""
        self.call.until_asked()
        self._write_news()
        return self

    @property
    def asked(self) -> str:
        """The sentence that was heard last."""
        return key_of(self.call.said[-1])

    def skips(self) -> "Actor":
        """Hear what the line says, which another play has written down."""
        self.call.until_asked()
        self.call.news()
        return self

    def presses(self, keys: str) -> "Actor":
        """Press keys, and listen."""
        return self.takes(keys).listens()

    def takes(self, keys: str) -> "Actor":
        """Press keys while something happens elsewhere; what is said then is heard later."""
        self._acts(f"{self.stage.words('presses')} {' '.join(keys)}")
        self.call.press(keys)
        return self

    def says(self, words: str = "", seconds: float = 6) -> "Actor":
        """Speak after the tone, and listen."""
        spoken = words or self.stage.words("spoken")
        self._acts(f"{self.stage.words('says')}: {spoken}")
        self.call.speak(spoken, seconds=seconds)
        return self.listens()

    def is_silent(self) -> "Actor":
        """Press nothing, and listen."""
        self._acts(self.stage.words("silent"))
        return self.listens()

    def goes_forward(self, *, until: str = "") -> "Actor":
        """Press 1 at every question and speak when asked to, until a question is asked or the call is over."""
        while self.call.waiting_for is not None and self.asked != until:
            if self.call.waiting_for is Waiting.TALK:
                return self
            if self.call.waiting_for is Waiting.RECORDING:
                self.says()
            else:
                self.presses("1")
        return self

    def talks(self, minutes: float = 12) -> "Actor":
        """Talk with whoever was connected, and hang up."""
        assert self.call.until_asked() is Waiting.TALK
        self._write_news()
        self.stage.paper.append(self.stage.words("talk"))
        self.stage.day.passes(minutes=minutes)
        return self.hangs_up()

    def hangs_up(self) -> "Actor":
        """Put the phone down, and let the network notice."""
        self._acts(self.stage.words("hangs_up"))
        self.call.hang_up()
        self.stage.day.passes(seconds=10)
        return self

    def _acts(self, what: str) -> None:
        self.stage.paper.append(f"{self.stage.words(self.who):<{WIDTH}}{what}")

    def _write_news(self) -> None:
        told = [one for one in self.call.news() if isinstance(one, Said | Paused | Played | Beep)]
        for number, heard in enumerate(told):
            speaker = self.stage.words("line") if number == 0 else ""
            self.stage.paper.append(in_columns(speaker, self._heard(heard)))

    def _heard(self, heard: Said | Paused | Played | Beep) -> str:
        match heard:
            case Said(text, voice):
                language = Language(voice[:2])
                self.stage.must_be_right(text, language)
                return text if language is self.stage.language else self.stage.words("other_voice") + text
            case Paused(seconds):
                return self.stage.words("pause", seconds=round(seconds))
            case Played():
                return self.stage.words("message")
            case Beep():
                return self.stage.words("tone")


def _in_languages(body: str, language: Language) -> list[tuple[str, Language]]:
    """A text in its languages: one text is in both, each on a line of its own."""
    lines = body.split("\n")
    if len(lines) != 2:
        return [(body, language)]
    return list(zip(lines, sorted(Language, key=lambda one: sentences_in(lines[0], one) == ()), strict=True))


__all__ = ["LANDLINE", "LINE", "MOBILE", "Actor", "Stage"]
