"""The sentences in the order of a call, as the files of the catalogue have them, under headings."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language


class Chapter(StrEnum):
    """A heading over sentences that belong together; the pages have its words under `prompt chapter`."""

    HELLO = "hello"
    TROUBLE = "trouble"
    MESSAGE = "message"
    NUMBER = "number"
    TIME = "time"
    AGAIN = "again"
    ASTRAY = "astray"
    HELPER = "helper"
    OWN_PHONE = "own_phone"
    RESIDENT = "resident"
    TEXTS = "texts"
    WORDS = "words"


# The sentence with which each begins.
BEGINS: Final = {
    "choose_language": Chapter.HELLO,
    "topic_choice": Chapter.TROUBLE,
    "record_choice": Chapter.MESSAGE,
    "confirm_number": Chapter.NUMBER,
    "offer_slot": Chapter.TIME,
    "feedback_before": Chapter.AGAIN,
    "more_time": Chapter.ASTRAY,
    "helper_intro": Chapter.HELPER,
    "own_line": Chapter.OWN_PHONE,
    "callback_intro": Chapter.RESIDENT,
    "sms.booked": Chapter.TEXTS,
    "language.fi": Chapter.WORDS,
}


def in_order(catalogue: Catalogue) -> Iterator[tuple[str, Chapter]]:
    """Every sentence's key, and the heading that it stands under."""
    chapter = Chapter.HELLO
    for key in catalogue.books[Language.FI].entries:
        chapter = BEGINS.get(key, chapter)
        yield key, chapter
