"""What stands in a followed calendar, in the language of whoever follows it."""

from enum import StrEnum
from typing import Final

from admin.wording import word_in
from tickets.vocabulary import PageLanguage
from voice_prompts.language import Language

FEED: Final = "feed"


class FeedWord(StrEnum):
    """A sentence of a followed calendar; each has its words under `feed` in admin/translations."""

    OWN_CALENDAR = "own_calendar"
    ROTA = "rota"
    OWN_SHIFT = "own_shift"
    OWN_SHIFT_IN_SWAP = "own_shift_in_swap"
    ROTA_SHIFT = "rota_shift"
    PROMISED = "promised"
    CONFIRMED = "confirmed"
    NOT_CONFIRMED = "not_confirmed"
    PLACES = "places"
    SWAPS = "swaps"
    SWEDISH_ONLY = "swedish_only"
    FINNISH_ONLY = "finnish_only"
    OF_ORGANISATION = "of_organisation"
    POOLED = "pooled"
    STOPS = "stops"
    STOPS_IN = "stops_in"
    REGISTER_BY = "register_by"
    ASK_BY = "ask_by"


def said(language: Language, sentence: FeedWord, **places: str | int) -> str:
    """A sentence with its places filled."""
    return word_in(PageLanguage(language), FEED, sentence) % places
