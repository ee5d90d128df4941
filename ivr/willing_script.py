"""Something else: a matter that fits no key, or somebody who would like to help others."""

from dataclasses import dataclass
from typing import Any, ClassVar

from ivr.conversation import Effect, Script, do
from ivr.dialogue import Paper, choose
from ivr.steps import Number
from ivr.times import promise_time
from tickets.vocabulary import Topic


@dataclass(frozen=True, slots=True)
class WelcomeWilling(Effect[bool]):
    """The coordinator is to ring whoever wants to help; no, where the network has times for it."""

    key: ClassVar[str] = "welcome_willing"
    result: ClassVar[Any] = bool
    ticket_id: int


def ask_what_else(paper: Paper) -> Script[None]:
    """1 goes on to help with some other matter; 2 wants to help."""
    pressed = yield from choose(paper, "something_else", paper.says("something_else"), "12")
    if pressed == "2":
        paper.topic = Topic.HALUAN_AUTTAA
        yield paper.says("willing_thanks")


def promise_what_comes(paper: Paper, ticket_id: int) -> Script[None]:
    """A time; or for whoever wants to help, that the coordinator rings them."""
    if paper.topic is not Topic.HALUAN_AUTTAA or not (yield from do(WelcomeWilling(ticket_id))):
        yield from promise_time(paper, ticket_id)
    elif paper.number:
        yield paper.says("willing_saved", whole=True, number=Number(paper.number))
    else:
        yield paper.says("request_saved_no_number", whole=True)
