"""A scenario as a play on paper: who says, presses and reads what, in the order in which it happens.

The plays stand in tests/calls/plays, one in each language, so that somebody whose mother tongue it is can read and correct
them without reading code. `DIGILINJA_WRITE_PLAYS=1` writes them anew; without it a test compares.
"""

import os
import textwrap
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ivr.exchange import Beep, Call, Paused, Phone, Played, Said, Waiting
from tests.calls.days import LANDLINE, LINE, MOBILE, Day
from voice_prompts.language import Language
from voice_prompts.speech import written_number, written_time

FOLDER = Path(__file__).parent / "plays"
WIDTH, LONGEST = 22, 120

WORDS = {
    Language.FI: {
        "line": "LINJA",
        "caller": "SOITTAJA",
        "helper": "AUTTAJA",
        "resident": "SOITTAJA",
        "rings_line": "soittaa linjalle",
        "is_rung": "puhelin soi, ja hän vastaa",
        "presses": "painaa",
        "says": "puhuu",
        "silent": "on hiljaa",
        "hangs_up": "sulkee puhelimen",
        "talk": "(He puhuvat keskenään.)",
        "message": "(soittajan oma viesti)",
        "pause": "(tauko {seconds} s)",
        "tone": "(äänimerkki)",
        "text_to": "TEKSTIVIESTI",
        "text_from": "vastaa tekstiviestillä",
        "at": "Kello kulkee: ",
        "spoken": "Tulostin ei toimi.",
        "other_voice": "[ruotsiksi] ",
    },
    Language.SV: {
        "line": "LINJEN",
        "caller": "DEN SOM RINGER",
        "helper": "HJÄLPAREN",
        "resident": "DEN SOM RINGDE",
        "rings_line": "ringer linjen",
        "is_rung": "telefonen ringer, och personen svarar",
        "presses": "trycker",
        "says": "talar",
        "silent": "är tyst",
        "hangs_up": "lägger på",
        "talk": "(De talar med varandra.)",
        "message": "(meddelandet från den som ringde)",
        "pause": "(paus {seconds} s)",
        "tone": "(ton)",
        "text_to": "TEXTMEDDELANDE",
        "text_from": "svarar med ett textmeddelande",
        "at": "Tiden går: ",
        "spoken": "Skrivaren fungerar inte.",
        "other_voice": "[på finska] ",
    },
}
DIGIT_OF = {Language.FI: "1", Language.SV: "2"}


@dataclass
class Stage:
    """A day on which a play in one language is given, and the paper that it is written on."""

    day: Day
    language: Language
    paper: list[str] = field(default_factory=list)
    texts_seen: dict[str, int] = field(default_factory=dict)

    @property
    def digit(self) -> str:
        """The key for this play's language, on the line that opens in Finnish."""
        return DIGIT_OF[self.language]

    def words(self, key: str, **filled: object) -> str:
        """A stage direction."""
        return WORDS[self.language][key].format(**filled)

    def helper(self, begins: str = "09:30", ends: str = "14:30", *, days: int = 0) -> Phone:
        """A helper who speaks the language of the play."""
        return self.day.helper(begins, ends, self.language, days=days)

    def dials(self, number: str = MOBILE, **how: object) -> "Actor":
        """Somebody rings the line."""
        self.paper += ["", f"{self.words('caller')} ({written_number(number)}) {self.words('rings_line')}."]
        return Actor(self, self.day.exchange.phone(number).dial(LINE, **how), "caller").listens()

    def begins(self, number: str = MOBILE, **how: object) -> "Actor":
        """Somebody rings the line and chooses the language of the play."""
        return self.dials(number, **how).presses(self.digit)

    def is_rung(self, number: str, who: str, within: float = 9000) -> "Actor":
        """Somebody's phone rings, and they pick up."""
        call = self.day.rings(number, within).call
        self.time_is(self.day.now)
        self.paper.append(f"{self.words(who)} ({written_number(number)}): {self.words('is_rung')}.")
        return Actor(self, call, who).listens()

    def passes(self, **span: float) -> None:
        """Let time pass, and read what was texted meanwhile."""
        self.day.passes(**span)
        self.reads()

    def until(self, moment: datetime) -> None:
        """Let time pass until this moment, and read what was texted meanwhile."""
        self.day.until(moment)
        self.reads()

    def sends(self, body: str, number: str = MOBILE) -> None:
        """Somebody texts the line."""
        self.paper += ["", f"{self.words('caller')} ({written_number(number)}) {self.words('text_from')}: {body}"]
        self.day.phone(number).text(LINE, body)
        self.passes(seconds=15)

    def reads(self) -> None:
        """Write down the texts that have come since."""
        for number, phone in sorted(self.day.exchange.phones.items()):
            for text in phone.texts[self.texts_seen.get(number, 0) :]:
                self.paper += ["", in_columns(f"{self.words('text_to')}", f"→ {written_number(number)}: {text.body}")]
            self.texts_seen[number] = len(phone.texts)

    def time_is(self, moment: datetime) -> None:
        """Write down what the clock shows."""
        self.reads()
        self.paper += ["", f"— {self.words('at')}{written_time(moment, self.language)} —", ""]

    def written(self, title: str) -> str:
        """The play."""
        self.reads()
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
        """Press 1 at every question and speak when asked to, until a sentence begins so or the call is over."""
        while self.call.waiting_for is not None and not (until and self._last().startswith(until)):
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

    def _last(self) -> str:
        return self.call.said[-1].text if self.call.said else ""

    def _acts(self, what: str) -> None:
        self.stage.paper.append(f"{self.stage.words(self.who):<{WIDTH}}{what}")

    def _write_news(self) -> None:
        told = [one for one in self.call.news() if isinstance(one, Said | Paused | Played | Beep)]
        for number, heard in enumerate(told):
            speaker = self.stage.words("line") if number == 0 else ""
            self.stage.paper.append(in_columns(speaker, self._heard(heard)))

    def _heard(self, heard: Said | Paused | Played | Beep) -> str:
        match heard:
            case Said(text, language):
                own = language.startswith(self.stage.language)
                return text if own else self.stage.words("other_voice") + text
            case Paused(seconds):
                return self.stage.words("pause", seconds=round(seconds))
            case Played():
                return self.stage.words("message")
            case Beep():
                return self.stage.words("tone")


def in_columns(speaker: str, words: str) -> str:
    """Who, and what; long speeches go on below, under their first word."""
    return textwrap.fill(words, LONGEST, initial_indent=f"{speaker:<{WIDTH}}", subsequent_indent=" " * WIDTH)


def compare(stage: Stage, name: str, title: str) -> None:
    """Hold the play against the paper it was written on, or write it anew."""
    path, written = FOLDER / f"{name}.{stage.language}.txt", stage.written(title)
    if os.environ.get("DIGILINJA_WRITE_PLAYS"):
        FOLDER.mkdir(exist_ok=True)
        path.write_text(written, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == written, f"DIGILINJA_WRITE_PLAYS=1 writes {path.name} anew; then read it"


__all__ = ["LANDLINE", "LINE", "MOBILE", "Actor", "Stage", "compare"]
