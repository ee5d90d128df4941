"""What the owner of an entry of the directory is written when it is due for review."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from admin.wording import word_in
from scheduler.reviews import Due, ReviewLetter
from tickets.vocabulary import PageLanguage
from voice_prompts.language import Language

REVIEW: Final = "review"


class ReviewWord(StrEnum):
    """A sentence of the letter; each has its words under `review` in admin/translations."""

    SUBJECT = "subject"
    GREETING = "greeting"
    CLOSING = "closing"
    POINT = "point"
    MATERIAL = "material"


def write_review(language: Language, due: Sequence[Due]) -> ReviewLetter:
    """The letter in the owner's language, one line an entry."""
    lines = [
        f"- {_said(language, ReviewWord(one.entry))}: {one.name} ({one.code}), {one.by.day}.{one.by.month}.{one.by.year}"
        for one in due
    ]
    parts = (_said(language, ReviewWord.GREETING), "\n".join(lines), _said(language, ReviewWord.CLOSING))
    return ReviewLetter(_said(language, ReviewWord.SUBJECT), "\n\n".join(parts) + "\n")


def _said(language: Language, sentence: ReviewWord) -> str:
    return word_in(PageLanguage(language), REVIEW, sentence)
