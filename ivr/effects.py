"""What the line does during a call, as values: the script asks, the performer does."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from ivr.conversation import Effect
from tickets.vocabulary import Outcome, Topic
from voice_prompts.language import Language


@dataclass(frozen=True, slots=True)
class HeldPromise:
    """A time that the caller has: which promise, of which ticket, when, and its code."""

    callback_id: int
    ticket_id: int
    starts_at: datetime
    code: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the line of those who wait for a time: how many are before, and when times open, if that is known."""

    before: int
    opens: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A request that has been saved but has no time yet; its place, where it waits for one."""

    ticket_id: int
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class KnownCaller:
    """What the line already has of this caller: what is kept free for them, times, then requests without a time.

    `feedback` is a closed ticket about which they are asked, this once, whether they were helped.
    """

    promises: tuple[HeldPromise, ...] = ()
    requests: tuple[OpenRequest, ...] = ()
    offered: HeldPromise | None = None
    feedback: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A matter as far as it has been told: what a ticket is made of."""

    matter: int
    language: Language
    topic: Topic | None
    municipality: str | None
    number: str | None
    recordings: tuple[str, ...]
    another: bool = False


@dataclass(frozen=True, slots=True)
class LookUpCaller(Effect[KnownCaller]):
    """What does the line already know of the number that rings?"""

    key: ClassVar[str] = "look_up_caller"
    result: ClassVar[Any] = KnownCaller


@dataclass(frozen=True, slots=True)
class OpenTicket(Effect[int]):
    """Write the matter down as a ticket; the result is the ticket's id."""

    key: ClassVar[str] = "open_ticket"
    result: ClassVar[Any] = int
    draft: Draft
    unfinished: bool = False


@dataclass(frozen=True, slots=True)
class HandOver(Effect[bool]):
    """Nothing was told: the coordinator rings by the end of the next working day; no, where more is known of it."""

    key: ClassVar[str] = "hand_over"
    result: ClassVar[Any] = bool
    ticket_id: int


@dataclass(frozen=True, slots=True)
class FindTime(Effect[datetime | None]):
    """The first time after `after` that the rota can keep for this ticket."""

    key: ClassVar[str] = "find_time"
    result: ClassVar[Any] = datetime | None
    ticket_id: int
    after: datetime | None = None


@dataclass(frozen=True, slots=True)
class BookTime(Effect[HeldPromise | None]):
    """Promise the time; nothing when somebody else was quicker."""

    key: ClassVar[str] = "book_time"
    result: ClassVar[Any] = HeldPromise | None
    ticket_id: int
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class MoveTime(Effect[HeldPromise | None]):
    """Promise another time in place of the one that is held; nothing when it was lost meanwhile."""

    key: ClassVar[str] = "move_time"
    result: ClassVar[Any] = HeldPromise | None
    callback_id: int
    ticket_id: int
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class CancelTime(Effect[bool]):
    """Give the time back, at the caller's wish."""

    key: ClassVar[str] = "cancel_time"
    result: ClassVar[Any] = bool
    callback_id: int


@dataclass(frozen=True, slots=True)
class PromiseNow:
    """The time that a matter has now, if it has one; `closed` where nobody will ring about it any more."""

    held: HeldPromise | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class PromiseStands(Effect[PromiseNow]):
    """Before a time is said once more: is it still the one that this matter has?"""

    key: ClassVar[str] = "promise_stands"
    result: ClassVar[Any] = PromiseNow
    ticket_id: int


@dataclass(frozen=True, slots=True)
class JoinLine(Effect[Place | None]):
    """There is no time: let the request wait for one; nothing when it cannot, or has one."""

    key: ClassVar[str] = "join_line"
    result: ClassVar[Any] = Place | None
    ticket_id: int


@dataclass(frozen=True, slots=True)
class TakeOffer(Effect[HeldPromise | None]):
    """Take the time that is kept free; nothing when it is over."""

    key: ClassVar[str] = "take_offer"
    result: ClassVar[Any] = HeldPromise | None
    callback_id: int
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class RefuseOffer(Effect[bool]):
    """Leave the time that is kept free to the next one, and wait on."""

    key: ClassVar[str] = "refuse_offer"
    result: ClassVar[Any] = bool
    callback_id: int


@dataclass(frozen=True, slots=True)
class MessageArrived(Effect[bool]):
    """Has this part of the caller's message come from the operator, so that it can be played?"""

    key: ClassVar[str] = "message_arrived"
    result: ClassVar[Any] = bool
    recording_sid: str


@dataclass(frozen=True, slots=True)
class DiscardMessage(Effect[bool]):
    """The caller wants to say it again: forget what was recorded, all parts of it."""

    key: ClassVar[str] = "discard_message"
    result: ClassVar[Any] = bool
    recordings: tuple[str, ...]


class AfterTalk(StrEnum):
    """What the line does after it rang the resident."""

    TALKED = "talked"
    LATER = "later"
    AGAIN = "again"
    NEW_TIME = "new_time"
    LAST_TRY = "last_try"


class Taking(StrEnum):
    """What a helper hears who pressed 1."""

    YOURS = "yours"
    TAKEN = "taken"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class TakeCallback(Effect[Taking]):
    """The helper pressed 1: is the callback theirs? Of two who press at once, one gets it."""

    key: ClassVar[str] = "take_callback"
    result: ClassVar[Any] = Taking


@dataclass(frozen=True, slots=True)
class DeclineCallback(Effect[bool]):
    """Not now, or nobody there: the next helper by matching is rung."""

    key: ClassVar[str] = "decline_callback"
    result: ClassVar[Any] = bool
    answered: bool


@dataclass(frozen=True, slots=True)
class Ending:
    """How a connection ended for the helper; `tries` counts those that the resident did not answer."""

    after: AfterTalk
    tries: int


@dataclass(frozen=True, slots=True)
class EndTalk(Effect[Ending]):
    """The connection is over: write down whether two people talked, and plan what follows."""

    key: ClassVar[str] = "end_talk"
    result: ClassVar[Any] = Ending
    status: str
    bridged: bool | None
    seconds: int


@dataclass(frozen=True, slots=True)
class HasLaterTime(Effect[bool]):
    """Will the rota have somebody for the next try, two hours from now or more?"""

    key: ClassVar[str] = "has_later_time"
    result: ClassVar[Any] = bool
    ticket_id: int


@dataclass(frozen=True, slots=True)
class SaveOutcome(Effect[bool]):
    """How the matter ended, in the helper's words of one key."""

    key: ClassVar[str] = "save_outcome"
    result: ClassVar[Any] = bool
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class LeaveOpen(Effect[bool]):
    """The resident cannot talk now and wants none of the free times: the coordinator sees to it."""

    key: ClassVar[str] = "leave_open"
    result: ClassVar[Any] = bool


@dataclass(frozen=True, slots=True)
class ResidentReady(Effect[bool]):
    """The resident pressed 1: a person answered, and the two are joined."""

    key: ClassVar[str] = "resident_ready"
    result: ClassVar[Any] = bool
