"""A helper rings the line from their own phone: their next shift, and those that lack people.

Whoever rings may show a number that is not theirs: so no name, no number and no matter of anybody is said, and each change
is texted to the helper's phone. A helper may need help too, and then the call is like any caller's.
"""

from dataclasses import dataclass

from ivr.conversation import Script, ask, do
from ivr.dialogue import FellSilent, Paper, WantsPerson, choose
from ivr.effects import OpenTicket
from ivr.own_effects import (
    AskCoordinator,
    HowItCame,
    NextShift,
    OpenPlaces,
    OpenShift,
    OpenSwaps,
    OwnShift,
    WishAboutPlace,
    WishToTake,
)
from ivr.script import Answering, callers_call
from ivr.steps import MOMENT, Ask, Number
from scheduler.rota.asking import Granted, Wish
from voice_prompts.language import Language

MOST_OPENINGS = 12  # in one call
LOOKS = 4  # how often we look whether a wish has been granted
BREATH = 2  # seconds between two looks


@dataclass(frozen=True, slots=True)
class OwnCall:
    """What the line knows when a helper rings it; `number` is the helper's, and the one that was shown."""

    line: Answering
    helper_id: int
    number: str
    language: Language


def helpers_own_call(own: OwnCall, paper: Paper) -> Script[None]:
    """1 for the shifts, 2 to ask for help as any caller does."""
    # What is pressed about shifts is no request: hanging up in the midst of it leaves none behind.
    mine = Paper(own.language)
    try:
        if (yield from choose(mine, "own_line", mine.says("own_line"), "12")) == "2":
            yield from callers_call(own.line, paper)
            return
        yield from see_to_shifts(mine)
    except WantsPerson:
        yield from ask_for_coordinator(own, paper)
    except FellSilent:
        pass  # whatever was changed has been texted
    yield mine.says("goodbye")


def see_to_shifts(mine: Paper) -> Script[None]:
    """The next shift first, then those that lack people."""
    shift = yield from do(NextShift())
    if shift is None:
        yield mine.says("own_no_shift")
        yield from go_through_openings(mine)
        return
    pressed = yield from hear_shift(mine, shift)
    if pressed == "1":
        yield from say_that_they_come(mine, shift)
    elif pressed == "2":
        yield from leave_shift(mine, shift)
    if pressed == "3" or (yield from choose(mine, "own_more", mine.says("own_more"), "12")) == "2":
        yield from go_through_openings(mine)


def hear_shift(mine: Paper, shift: OwnShift) -> Script[str]:
    """1 comes, 2 cannot, 3 would hear who else needs somebody."""
    if shift.swap_offered:
        yield mine.says("own_swap_waits")
    elif shift.confirmed:
        yield mine.says("own_confirmed_already")
    return (yield from choose(mine, "own_shift", mine.says("own_shift", time=shift.starts_at), "123"))


def say_that_they_come(mine: Paper, shift: OwnShift) -> Script[None]:
    """The helper comes; one who had asked for somebody else comes after all."""
    came = yield from granted(mine, (yield from do(WishAboutPlace(Wish.COME, shift.place_id))))
    if came is Granted.COMES:
        yield mine.says("own_confirmed", time=shift.starts_at)
    else:
        yield from say_what_came(mine, came)


def leave_shift(mine: Paper, shift: OwnShift) -> Script[None]:
    """In time the place is left; later somebody is sought, and until then it stays theirs. Asked twice, as 1 forgives."""
    menu = "own_leave_sure" if shift.may_leave else "own_swap_sure"
    if (yield from choose(mine, menu, mine.says(menu), "12")) == "1":
        yield from say_that_they_come(mine, shift)
        return
    came = yield from granted(mine, (yield from do(WishAboutPlace(Wish.LEAVE, shift.place_id))))
    yield from say_what_came(mine, came)


def go_through_openings(mine: Paper) -> Script[None]:
    """Shifts that lack people, one after another, the nearest first."""
    places = yield from do(OpenPlaces())
    yield from ask(MOMENT)
    swaps = yield from do(OpenSwaps())
    nearest = sorted((*places, *swaps), key=lambda shift: shift.starts_at)[:MOST_OPENINGS]
    for shift in nearest:
        menu = mine.says("own_opening", time=shift.starts_at)
        if (yield from choose(mine, "own_opening", menu, "12")) == "1":
            yield from take_shift(mine, shift)
            return
    yield mine.says("own_openings_over")


def take_shift(mine: Paper, shift: OpenShift) -> Script[None]:
    """Of several who take the last place one gets it, and the others hear so."""
    came = yield from granted(mine, (yield from do(WishToTake(shift))))
    if came is Granted.TAKEN:
        yield mine.says("own_taken", time=shift.starts_at)
    elif came is Granted.REFUSED:
        yield mine.says("own_not_taken")
    else:
        yield from say_what_came(mine, came)


def granted(mine: Paper, wish_key: str) -> Script[Granted]:
    """Wait a few breaths for what comes of a wish."""
    yield mine.says("own_moment")
    came = Granted.PENDING
    for _ in range(LOOKS):
        yield from ask(Ask("own_moment", wait=BREATH))
        came = yield from do(HowItCame(wish_key))
        if came is not Granted.PENDING:
            break
    return came


def say_what_came(mine: Paper, came: Granted) -> Script[None]:
    """The truth, or that it comes by text."""
    said = {Granted.LEFT: "own_left", Granted.SOUGHT: "own_swap_waits", Granted.PENDING: "own_by_text"}
    yield mine.says(said.get(came, "own_not_changed"))


def ask_for_coordinator(own: OwnCall, paper: Paper) -> Script[None]:
    """0: the coordinator rings; no time is promised for it, as helpers' time is the callers'."""
    paper.language, paper.number = own.language, own.number
    paper.wants_person = paper.wants_no_time = True
    paper.ticket_id = yield from do(OpenTicket(paper.draft()))
    yield from do(AskCoordinator(paper.ticket_id))
    yield paper.says("person_will_ring", whole=True, number=Number(own.number))
