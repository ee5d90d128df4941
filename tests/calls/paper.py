"""A play on paper: its words for the stage, its two columns, and what is read back from them."""

import os
import textwrap
from pathlib import Path

from tests.calls.tongues import sentences_in
from voice_prompts.language import Language

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
        "text_from": "lähettää tekstiviestin",
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
        "text_from": "skickar ett textmeddelande",
        "at": "Tiden går: ",
        "spoken": "Skrivaren fungerar inte.",
        "other_voice": "[på finska] ",
    },
}


def in_columns(speaker: str, words: str) -> str:
    """Who, and what; long speeches go on below, a little to the right of their first word."""
    return textwrap.fill(words, LONGEST, initial_indent=f"{speaker:<{WIDTH}}", subsequent_indent=" " * (WIDTH + 2))


def compare(name: str, written: str) -> None:
    """Hold a play against the paper it was written on, or write it anew."""
    path = FOLDER / name
    if os.environ.get("DIGILINJA_WRITE_PLAYS"):
        FOLDER.mkdir(exist_ok=True)
        path.write_text(written, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == written, f"DIGILINJA_WRITE_PLAYS=1 writes {name} anew; then read it"


def spoken_on(paper: str, language: Language) -> set[tuple[str, bool]]:
    """Which sentences a play has in its own language, by key and whether in the shorter form."""
    heard: set[tuple[str, bool]] = set()
    for speech in _speeches(paper):
        for words in (speech, speech.partition(": ")[2]):  # a text has its number and time before it
            heard |= {(sentence.key, sentence.again) for sentence in sentences_in(words, language)}
    return heard


def _speeches(paper: str) -> list[str]:
    """What stands in the second column, each speech in one line again."""
    speeches: list[str] = []
    for line in paper.splitlines():
        if line.startswith(" " * (WIDTH + 2)):
            speeches[-1] += " " + line.strip()
        else:
            speeches.append(line[WIDTH:].strip())
    return speeches
