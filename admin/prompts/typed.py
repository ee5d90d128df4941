"""What a coordinator typed into the form of a sentence; and words that travel in an address to be heard. Pure."""

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from admin.studio.sentences import plain_entry
from voice_prompts.book import Entry

LONGEST_ADDRESS: Final = 3000  # of what is folded
LONGEST_UNFOLDED: Final = 40_000  # bytes; what is larger was not made by us


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields as they were typed, one part of the sentence a line; shown again when something is wrong."""

    say: str = ""
    again: str = ""
    text: str = ""

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """A sentence as the form shows it."""
        return cls("\n".join(entry.say), "\n".join(entry.again), entry.text or "")

    @classmethod
    def sent(cls, form: Mapping[str, str]) -> Self:
        """A form that was sent in."""
        return cls(*(form.get(name, "") for name in ("say", "again", "text")))

    @property
    def entry(self) -> Entry:
        """The sentence that it means."""
        return plain_entry(self.say.splitlines(), self.again.splitlines(), self.text)


def folded(entry: Entry) -> str | None:
    """Words that are not saved, for an address; None where there are too many for one."""
    content = json.dumps([entry.say, entry.again, entry.text], ensure_ascii=False).encode()
    token = urlsafe_b64encode(zlib.compress(content, 9)).decode()
    return token if len(token) <= LONGEST_ADDRESS else None


def unfolded(token: str) -> Entry | None:
    """The words of an address; None for what we did not make."""
    unfolding = zlib.decompressobj()
    try:
        content = unfolding.decompress(urlsafe_b64decode(token.encode()), LONGEST_UNFOLDED)
        say, again, text = json.loads(content)
        return plain_entry(
            [str(part) for part in say], [str(part) for part in again], None if text is None else str(text)
        )
    except (ValueError, TypeError, zlib.error):
        return None
