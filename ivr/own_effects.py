"""What the line does for a helper who rings it from their own phone, as values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from ivr.conversation import Effect
from scheduler.rota.asking import Granted, Wish


@dataclass(frozen=True, slots=True)
class OwnShift:
    """The next shift in which the helper has a place; `may_leave`: there is still time to leave it by oneself."""

    place_id: int
    starts_at: datetime
    confirmed: bool
    swap_offered: bool
    may_leave: bool


@dataclass(frozen=True, slots=True)
class OpenShift:
    """A shift that the helper may take a place in: a free one, or the one that somebody offers."""

    shift_id: int
    starts_at: datetime
    swap_place_id: int | None = None


@dataclass(frozen=True, slots=True)
class NextShift(Effect[OwnShift | None]):
    """When does the helper come next?"""

    key: ClassVar[str] = "next_shift"
    result: ClassVar[Any] = OwnShift | None


@dataclass(frozen=True, slots=True)
class OpenPlaces(Effect[tuple[OpenShift, ...]]):
    """Which free places may the helper take?"""

    key: ClassVar[str] = "open_places"
    result: ClassVar[Any] = tuple[OpenShift, ...]


@dataclass(frozen=True, slots=True)
class OpenSwaps(Effect[tuple[OpenShift, ...]]):
    """Which places that others offer may the helper take?"""

    key: ClassVar[str] = "open_swaps"
    result: ClassVar[Any] = tuple[OpenShift, ...]


@dataclass(frozen=True, slots=True)
class WishAboutPlace(Effect[str]):
    """Write down that the helper comes, or would leave the place; the result is where to look how it came out."""

    key: ClassVar[str] = "wish_about_place"
    result: ClassVar[Any] = str
    wish: Wish
    place_id: int


@dataclass(frozen=True, slots=True)
class WishToTake(Effect[str]):
    """Write down that the helper would take a place; the result is where to look how it came out."""

    key: ClassVar[str] = "wish_to_take"
    result: ClassVar[Any] = str
    shift: OpenShift


@dataclass(frozen=True, slots=True)
class HowItCame(Effect[Granted]):
    """Has somebody got to it, and what came of it?"""

    key: ClassVar[str] = "how_it_came"
    result: ClassVar[Any] = Granted
    wish_key: str


@dataclass(frozen=True, slots=True)
class AskCoordinator(Effect[bool]):
    """The helper asks for a person: the request goes to the coordinator at once, with a deadline."""

    key: ClassVar[str] = "ask_coordinator"
    result: ClassVar[Any] = bool
    ticket_id: int


OwnEffect = NextShift | OpenPlaces | OpenSwaps | WishAboutPlace | WishToTake | HowItCame
