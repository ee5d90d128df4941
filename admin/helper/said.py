"""What a helper is told when something is done, or could not be; the next page has the words."""

from enum import StrEnum

from admin.pages import said
from scheduler.ringing import RingRefusal
from scheduler.rota.rules import Refusal


class HelperSaid(StrEnum):
    """Something that was done, or was gone when it was asked for."""

    NOTED = "noted"
    WORDS_FORGOTTEN = "words_forgotten"
    LINK_GIVEN = "link_given"
    LINK_GONE = "link_gone"
    DIRECTIONS_TEXTED = "directions_texted"
    NO_TEXTS = "no_texts"
    PLACE_GONE = "place_gone"
    OUTCOME_SAVED = "outcome_saved"
    OUTCOME_KNOWN = "outcome_known"
    TIME_PROMISED = "time_promised"
    TIME_GONE = "time_gone"
    CALL_TOLD = "call_told"
    SAY_WHAT_CAME = "ring_say_what_came"
    COMES = "comes"
    LEFT_SHIFT = "left_shift"
    SWAP_OFFERED = "swap_offered"
    SWAP_WITHDRAWN = "swap_withdrawn"
    SHIFT_TAKEN = "shift_taken"
    WAITS_FOR_SHIFT = "waits_for_shift"
    WAITS_NO_MORE = "waits_no_more"
    WISHES_KEPT = "wishes_kept"
    TIME_SAID = "time_said"
    TIME_TAKEN_BACK = "time_taken_back"
    FEED_CLOSED = "feed_closed"
    CALENDAR_ADDED = "calendar_added"
    CALENDAR_REMOVED = "calendar_removed"
    RULES_ACCEPTED = "rules_accepted"
    RULES_CHANGED = "rules_changed"


# A refusal is told under its own code, so that what stands in the way has a sentence of its own.
SAID = {*HelperSaid, *(f"ring_{one}" for one in RingRefusal), *(f"shift_{one}" for one in Refusal)}


def tell(code: HelperSaid) -> None:
    """Let the next page say it."""
    said(code)


def tell_ringing(refusal: RingRefusal) -> None:
    """Let the next page say why nobody is rung."""
    said(f"ring_{refusal}")


def tell_shift(refusal: Refusal) -> None:
    """Let the next page say what stands in the way of a shift."""
    said(f"shift_{refusal}")
