"""What the relay refuses, and what its cards say: vocabularies and values that everything else here shares."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from tickets.anonymised import Shown
from tickets.e_services import EService
from tickets.relays import RelayState
from tickets.vocabulary import TicketStatus

UNCLAIMED_DAYS: Final = 3
CLAIMED_DAYS: Final = 7
# Only what has no time and no owner is asked of the network.
RELAYABLE: Final = (
    TicketStatus.OPEN,
    TicketStatus.UNFINISHED,
    TicketStatus.AWAITING_OUTCOME,
    TicketStatus.WITH_COORDINATOR,
)


class RelayRefusal(StrEnum):
    """Why something is not done with a relay; the values are in the API."""

    NOT_FOUND = "not_found"
    NOT_RELAYABLE = "not_relayable"  # the ticket has a time or an owner, or is closed
    ALREADY_RELAYED = "already_relayed"
    CHANGED = "changed"  # the ticket tells something else than what was previewed
    NOBODY_MAY_TAKE = "nobody_may_take"
    ALREADY_TAKEN = "already_taken"
    NOT_OPEN = "not_open"
    NOT_A_PERSON = "not_a_person"
    TOPIC_NOT_ALLOWED = "topic_not_allowed"
    OTHER_LANGUAGE = "other_language"
    BADGE_EXPIRED = "badge_expired"
    RULES_NOT_ACCEPTED = "rules_not_accepted"
    OWN_PUZZLE = "own_puzzle"


@dataclass(frozen=True, slots=True)
class RelayCard:
    """A relay as a member of the network reads it. `words` are staff's own and stand in puzzles only."""

    id: int
    number: str
    state: RelayState
    shown: Shown
    words: str | None
    e_service: EService | None
    preferred: str | None  # names of organisations
    asked_by: str | None
    is_puzzle: bool
    published_at: datetime | None
    over_at: datetime | None


@dataclass(frozen=True, slots=True)
class Terms:
    """Days until the coordinator hears of what nobody took, and days that whoever takes a case has for it."""

    unclaimed_days: int = UNCLAIMED_DAYS
    claimed_days: int = CLAIMED_DAYS


@dataclass(frozen=True, slots=True)
class Names:
    """What codes in a relay are called in one network: its e-services, and its organisations."""

    e_services: Mapping[str, EService]
    organisations: Mapping[int, str]
