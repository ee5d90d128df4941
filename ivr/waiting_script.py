"""Waiting for a time: what a caller hears of it. Only what is known is said, and no wait is made up."""

from ivr.conversation import Script, ask, do
from ivr.dialogue import Paper
from ivr.effects import JoinLine, Place
from ivr.steps import MOMENT, Count, Number
from tickets.phone_numbers import takes_texts

MOST_COUNTED = 999


def stand_in_line(paper: Paper, ticket_id: int) -> Script[None]:
    """There was no time: the request waits, and the caller hears how many are before it."""
    yield from ask(MOMENT)
    place = yield from do(JoinLine(ticket_id))
    if place is not None:
        yield from tell_place(paper, place)
    elif paper.number:
        yield paper.says("request_saved", whole=True, number=Number(paper.number))


def tell_place(paper: Paper, place: Place) -> Script[None]:
    """How many wait before the caller in their language, when times open if that is known, and how we tell of one."""
    match place.before:
        case 0:
            yield paper.says("waiting_first", whole=True)
        case 1:
            yield paper.says("waiting_one", whole=True)
        case before:
            yield paper.says("waiting_more", whole=True, count=Count(min(before, MOST_COUNTED)))
    if place.opens is not None:
        yield paper.says("waiting_opens", whole=True, time=place.opens)
    if paper.number:
        key = "waiting_by_text" if takes_texts(paper.number) else "waiting_by_call"
        yield paper.says(key, whole=True, number=Number(paper.number))
