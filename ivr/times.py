"""The scenes of the call that are about time: offering, keeping, moving, giving back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ivr.conversation import Effect, Question, Script, ask, do
from ivr.dialogue import Paper, choose
from ivr.effects import (
    BookTime,
    CancelTime,
    FindTime,
    HeldPromise,
    MoveTime,
    OpenRequest,
    PromiseStands,
)
from ivr.steps import MOMENT, Ask, Code, Number, Pause, Pressed
from ivr.waiting_script import stand_in_line, tell_place
from tickets.phone_numbers import takes_texts

HELSINKI = ZoneInfo("Europe/Helsinki")
PEN = 4  # seconds in which one is found
MOST_LOST = 5  # times that somebody else took meanwhile, before we stop looking
MOST_OFFERS = 40  # in one matter; a caller who wants none of them is rung without a time


@dataclass(frozen=True, slots=True)
class Wording:
    """The sentences in which times are offered, and the breath between two turns in which nothing is asked."""

    first: str
    following: str
    none: str
    all_heard: str
    breath: Question[Pressed] = MOMENT


TO_CALLER = Wording("offer_slot", "offer_next", "no_slot", "no_more_slots")
TO_MOVER = Wording("offer_slot", "offer_next", "no_other_slot", "no_more_slots_moving")
TO_HELPER = Wording("helper_rebook", "helper_rebook", "helper_no_slot", "helper_no_more_slots")
# Before the two are joined the operator follows no redirect: the shortest question takes its place.
TO_RESIDENT = replace(TO_MOVER, all_heard="no_more_slots", breath=Ask("moment", wait=1))
Promising = Callable[[datetime], Effect[HeldPromise | None]]


def promise_time(paper: Paper, ticket_id: int) -> Script[None]:
    """Times one after another until one suits; only what the rota can keep is offered."""
    held = yield from pick_time(paper, ticket_id, lambda at: BookTime(ticket_id, at))
    if held is not None:
        yield from tell_promise(paper, held, "booked")
    elif not paper.wants_no_time:
        yield from stand_in_line(paper, ticket_id)
    elif paper.number:
        yield paper.says("request_saved", whole=True, number=Number(paper.number))


def go_through_times(paper: Paper, promises: Sequence[HeldPromise]) -> Script[bool]:
    """Each time the caller has: keep, move, cancel – or, at any of them, another matter."""
    for held in promises:
        paper.held = held
        menu = paper.says("existing", time=held.starts_at)
        pressed = yield from choose(paper, "existing", menu, "1234")
        if pressed == "1":
            if (yield from say_that_it_stands(paper, held)):
                yield paper.says("existing_code", code=Code(held.code))
        elif pressed == "2":
            yield from move_time(paper, held)
        elif pressed == "3":
            yield from cancel_time(paper, held)
        else:
            paper.turn_page()
            return True
    return False


def move_time(paper: Paper, held: HeldPromise) -> Script[None]:
    """The old time is the caller's until the new one is."""

    def instead(at: datetime) -> MoveTime:
        return MoveTime(held.callback_id, held.ticket_id, at)

    moved = yield from pick_time(paper, held.ticket_id, instead, TO_MOVER, leaving=held.starts_at)
    if moved is None:
        yield from say_that_it_stands(paper, held)
    else:
        yield from tell_promise(paper, moved, "moved")


def cancel_time(paper: Paper, held: HeldPromise) -> Script[None]:
    """Asked once more, for a slip of the finger must not cost a time."""
    sure = paper.says("cancel_sure", time=held.starts_at)
    if (yield from choose(paper, "cancel_sure", sure, "12")) == "1":
        yield from say_that_it_stands(paper, held)
        return
    yield from do(CancelTime(held.callback_id))
    yield paper.says("cancelled", whole=True)


def say_that_it_stands(paper: Paper, held: HeldPromise, key: str = "kept", *, whole: bool = False) -> Script[bool]:
    """A time that the caller keeps is looked at once more: it may have been moved or lost while they listened."""
    now = yield from do(PromiseStands(held.ticket_id))
    if now.held is not None and now.held.starts_at == held.starts_at:
        yield paper.says(key, whole=whole, time=held.starts_at)
        return True
    if now.held is not None:
        paper.held = now.held
        yield paper.says("time_changed", whole=True, time=now.held.starts_at, code=Code(now.held.code))
    elif now.closed:
        yield paper.says("cancelled", whole=True)
    else:
        yield paper.says("time_lost", whole=True, time=held.starts_at)
        if paper.number:
            yield paper.says("request_saved", whole=True, number=Number(paper.number))
        else:
            yield paper.says("request_saved_plain", whole=True)
    return False


def give_time_to_request(paper: Paper, request: OpenRequest) -> Script[bool]:
    """A request that waits without a time may get one now; it is never made twice."""
    if request.place is not None:
        yield paper.says("waiting_still")
        yield from tell_place(paper, request.place)
    pressed = yield from choose(paper, "existing_open", paper.says("existing_open"), "14")
    if pressed == "4":
        paper.turn_page()
        return True
    paper.ticket_id = request.ticket_id
    yield from promise_time(paper, request.ticket_id)
    return False


def first_time(paper: Paper, ticket_id: int) -> Script[None]:
    """No choices: the first time that the rota can keep, told twice."""
    for _ in range(MOST_LOST):
        starts_at = yield from do(FindTime(ticket_id))
        if starts_at is None:
            yield from stand_in_line(paper, ticket_id)
            return
        yield from ask(MOMENT)
        held = yield from do(BookTime(ticket_id, starts_at))
        if held is not None:
            yield from tell_promise(paper, held, "booked")
            return
        yield from ask(MOMENT)


def pick_time(
    paper: Paper,
    ticket_id: int,
    promising: Promising,
    wording: Wording = TO_CALLER,
    leaving: datetime | None = None,
) -> Script[HeldPromise | None]:
    """Times one after another until one is taken; never the one that the caller wants to leave."""
    offer, after, refused = wording.first, None, False
    for _ in range(MOST_OFFERS):
        starts_at = yield from do(FindTime(ticket_id, after))
        if starts_at is None and not refused:
            yield paper.says(wording.none, whole=True)
            return None
        if starts_at is None:
            if not (yield from wants_to_hear_again(paper, wording)):
                return None
            offer, after, refused = wording.first, None, False
        elif starts_at == leaving:
            after = starts_at
            yield from ask(wording.breath)
        else:
            answer = yield from offer_time(paper, starts_at, offer, promising)
            if isinstance(answer, HeldPromise):
                return answer
            if answer is None:
                yield paper.says("slot_taken")
                yield from ask(wording.breath)
            offer, after, refused = wording.following, answer or after, refused or answer is not None
    paper.wants_no_time = True
    return None


def offer_time(
    paper: Paper, starts_at: datetime, offer: str, promising: Promising
) -> Script[HeldPromise | datetime | None]:
    """1 takes the time, 2 hears the next one, 3 another day; nothing when somebody else was quicker."""
    pressed = yield from choose(paper, "offer_slot", paper.says(offer, time=starts_at), "123")
    if pressed != "1":
        return starts_at if pressed == "2" else _evening_of(starts_at)
    return (yield from do(promising(starts_at)))


def wants_to_hear_again(paper: Paper, wording: Wording) -> Script[bool]:
    """All the times have been heard: once more, or none of them."""
    pressed = yield from choose(paper, "no_more_slots", paper.says(wording.all_heard), "12")
    paper.wants_no_time = pressed == "2"
    return pressed == "1"


def tell_promise(paper: Paper, held: HeldPromise, key: str) -> Script[None]:
    """The time and the code, twice, with time to find a pen."""
    paper.held = held
    yield paper.says(f"{key}_pen", whole=True)
    yield Pause(PEN)
    for sentence in (key, "booked_again"):
        yield paper.says(sentence, whole=True, time=held.starts_at, code=Code(held.code))
    if paper.number and takes_texts(paper.number):
        yield paper.says("text_follows")


def _evening_of(at: datetime) -> datetime:
    day = at.astimezone(HELSINKI)
    return (day + timedelta(days=1)).replace(hour=0, minute=0) - timedelta(minutes=1)
