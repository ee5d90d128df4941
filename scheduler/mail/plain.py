"""What somebody wrote themselves: HTML as plain text, without what they quoted and how they sign. Pure."""

import re
from typing import Final

from bs4 import BeautifulSoup
from bs4.exceptions import ParserRejectedMarkup

LONGEST_HTML: Final = 400_000
_BLOCK: Final = re.compile(
    r"(</?(?:p|div|br|tr|li|ul|ol|table|blockquote|h[1-6]|pre|hr)\b)", re.IGNORECASE
)  # where a line ends
QUOTED: Final = ">"

# "On Tuesday Maija wrote:", in the three languages; it may break over two lines.
_INTRODUCED: Final = re.compile(
    r"^(?=.{8,300}$).*\b(?:wrote|kirjoitti|skrev|writes|kirjoittaa|skriver)\b[^\n]{0,80}:\s*$", re.IGNORECASE
)
# Below these lines some mailers put the whole of what is answered, without a mark on its lines.
_BELOW: Final = re.compile(
    r"^\s*(?:-{2,}\s*(?:original\s+message|alkuperäinen\s+viesti|ursprungligt\s+meddelande|forwarded\s+message|välitetty\s+viesti|"
    r"vidarebefordrat\s+meddelande)\s*-{2,}|_{20,})\s*$",
    re.IGNORECASE,
)
_HEAD: Final = re.compile(r"^\s*\*?(?:from|lähettäjä|från|avsändare)\*?:\s.*$", re.IGNORECASE)
_HEAD_GOES_ON: Final = re.compile(
    r"^\s*\*?(?:sent|date|to|subject|lähetetty|päivämäärä|vastaanottaja|aihe|skickat|datum|till|ämne)\*?:",
    re.IGNORECASE,
)
_SIGNATURE: Final = re.compile(r"^--\s*$")


def of_html(html: str) -> str:
    """HTML as the text that one reads, a line for each block."""
    lines = _BLOCK.sub(r"\n\1", re.sub(r"\s+", " ", html[:LONGEST_HTML]))
    try:
        soup = BeautifulSoup(f"{lines}\n", "html.parser")  # of one line alone it would ask whether it is a file
    except (ParserRejectedMarkup, RecursionError):
        return re.sub(r"<[^>]*>", " ", lines)
    for unread in (soup.head, soup.title):
        if unread is not None:
            unread.extract()
    return soup.get_text()


def tidy(text: str) -> str:
    """The same words without stray spaces, and with no more than one empty line on end."""
    lines = [
        re.sub(r"[^\S\n]+", " ", line).strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def unsigned(text: str) -> str:
    """What stands above the signature; all of it where there is nothing else."""
    lines = text.split("\n")
    ends = next((number for number, line in enumerate(lines) if _SIGNATURE.match(line)), len(lines))
    return "\n".join(lines[:ends]).strip() or text


def own_words(text: str) -> str:
    """What somebody added in an answer: neither what they answer nor their signature; all of it if nothing were left."""
    lines = text.split("\n")
    lines = lines[: _whole_letter_below(lines)]
    said = {number + ahead for number in range(len(lines)) for ahead in range(_introduces(lines, number))}
    kept = [line for number, line in enumerate(lines) if number not in said and not line.startswith(QUOTED)]
    return unsigned(tidy("\n".join(kept))) or text


def _whole_letter_below(lines: list[str]) -> int:
    """The line from which on the answered letter stands unmarked; past the last where there is none."""
    for number, line in enumerate(lines):
        following = [other for other in lines[number + 1 : number + 4] if other.strip()]
        if _BELOW.match(line) or (_HEAD.match(line) and any(map(_HEAD_GOES_ON.match, following))):
            return number
    return len(lines)


def _introduces(lines: list[str], number: int) -> int:
    """How many lines from here on only say whose words are quoted next: one, two, or none."""
    following = [line for line in lines[number + 1 : number + 4] if line.strip()]
    if _INTRODUCED.match(lines[number]):
        return int(not following or following[0].startswith(QUOTED))
    if len(following) < 2 or not lines[number].strip() or _INTRODUCED.match(following[0]):
        return 0
    both = f"{lines[number]} {lines[number + 1]}"
    return 2 if _INTRODUCED.match(both) and following[1].startswith(QUOTED) else 0
