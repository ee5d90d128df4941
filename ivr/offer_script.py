"""Times that we bring to a caller: one that has come free for who waits, and one in place of what cannot be kept."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from ivr.conversation import Script, ask, do
from ivr.dialogue import FellSilent, Paper, choose
from ivr.effects import BookTime, HeldPromise, RefuseOffer, TakeOffer
from ivr.steps import MOMENT, Code
from ivr.times import Wording, move_time, pick_time, say_that_it_stands, tell_promise
from voice_prompts.language import Language

TO_WAITER = Wording("offer_slot", "offer_next", "no_other_slot", "no_more_slots")


@dataclass(frozen=True, slots=True)
class Offered:
    """A time that is kept free for somebody who waits."""

    held: HeldPromise
    language: Language
    number: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A time that cannot be kept; `held` is the one in its place, None while there is none."""

    before: datetime
    code: str
    held: HeldPromise | None
    language: Language
    number: str


def offer_call(offered: Offered, paper: Paper) -> Script[None]:
    """We ring somebody who waits; a voicemail or silence leaves the time free for the next try."""
    paper.number = offered.number
    yield paper.says("offer_call")
    with suppress(FellSilent):
        yield from answer_offer(paper, offered.held)
        yield paper.says("callback_goodbye")


def answer_offer(paper: Paper, held: HeldPromise) -> Script[None]:
    """1 takes the time that is kept free, 2 looks for another; who takes none waits on."""
    pressed = yield from choose(paper, "offer_held", paper.says("offer_held", time=held.starts_at), "12")
    taken = (yield from do(TakeOffer(held.callback_id, held.starts_at))) if pressed == "1" else None
    if taken is None and pressed == "1":
        yield paper.says("slot_taken")
        yield from ask(MOMENT)
    if taken is None:
        taken = yield from pick_time(
            paper, held.ticket_id, lambda at: BookTime(held.ticket_id, at), TO_WAITER, leaving=held.starts_at
        )
    if taken is not None:
        yield from tell_promise(paper, taken, "booked")
        return
    yield from ask(MOMENT)
    yield from do(RefuseOffer(held.callback_id))
    yield paper.says("waiting_on", whole=True)


def change_call(changed: Changed, paper: Paper) -> Script[None]:
    """We ring before a time that cannot be kept: the other one stands, unless the caller chooses yet another."""
    paper.number, held, code = changed.number, changed.held, Code(changed.code)
    if held is None:
        for _ in range(2):  # it begins while the ear is reached
            yield paper.says("change_none", code=code, before=changed.before)
    else:
        menu = paper.says("change_offer", code=code, before=changed.before, time=held.starts_at)
        with suppress(FellSilent):
            if (yield from choose(paper, "change_offer", menu, "12")) == "1":
                yield from say_that_it_stands(paper, held, "change_taken")
            else:
                yield from move_time(paper, held)
    yield paper.says("callback_goodbye")
