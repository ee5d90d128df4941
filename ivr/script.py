"""The caller's call, top to bottom, as one reads a play.

1 always goes forward, 9 repeats, 0 asks for a person. Nothing that was said is lost: what the
paper holds when the call ends, in whatever way, becomes a ticket.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from pydantic import TypeAdapter

from ivr.conversation import Entry, Script, do
from ivr.dialogue import ROUNDS, FellSilent, Paper, WantsPerson, choose, choose_language, key_in
from ivr.effects import (
    BookTime,
    HandOver,
    HeldPromise,
    LookUpCaller,
    MoveTime,
    OpenTicket,
)
from ivr.feedback_script import ask_whether_helped
from ivr.message_script import listen, take_message
from ivr.nearby_script import choose_what_more, offer_nearby
from ivr.number_script import settle_number
from ivr.numbers import Verdict, judge_caller
from ivr.offer_script import answer_offer
from ivr.steps import Key, Number, Postcode, Say
from ivr.times import first_time, give_time_to_request, go_through_times, say_that_it_stands
from ivr.willing_script import ask_what_else, promise_what_comes
from tickets.municipalities import of_postcode
from tickets.vocabulary import PHONE_TOPICS
from voice_prompts.bulletin import BulletinWords
from voice_prompts.language import Language, name_said
from voice_prompts.places import where

MOST_MATTERS = 4  # in one call


TURNS_OF_PAGE = (("another_matter", {"keys": "2"}), ("existing", {"keys": "4"}), ("existing_open", {"keys": "4"}))


@dataclass(frozen=True, slots=True)
class Answering:
    """What the line knows when it answers: its own name and languages, and who seems to ring.

    `nearby`: the network's directory has somewhere to go, so a caller may hear what is nearest. `bulletins`: those that were
    on when it answered, so that the whole call tells the same.
    """

    line_name: str
    languages: tuple[Language, Language]
    municipality: str | None
    caller: str
    nearby: bool = False
    other_name: str | None = None
    bulletins: tuple[BulletinWords, ...] = ()

    def name_in(self, language: Language) -> str:
        """The line's name as it is said in a language."""
        return name_said(language, self.line_name, self.other_name, first=self.languages[0])


def callers_call(line: Answering, paper: Paper) -> Script[None]:
    """From the first word to goodbye."""
    try:
        yield from greet(line, paper)
        yield from tell_bulletins(line, paper)
        yield from help_caller(line, paper)
    except WantsPerson:
        yield from tell_bulletins(line, paper)
        yield from a_person_will_ring(line, paper)
    except FellSilent:
        yield from tell_bulletins(line, paper)
        yield from keep_what_we_have(paper)
    yield paper.says("goodbye")


def greet(line: Answering, paper: Paper) -> Script[None]:
    """The caller's language first."""
    seen = judge_caller(line.caller)
    if seen.verdict is Verdict.OK:
        paper.number = seen.e164
    else:
        paper.shown = seen.e164
    menu = tuple(
        Say(language, "choose_language", {"key": Key(digit)}) for digit, language in enumerate(line.languages, start=1)
    )
    pressed = yield from choose_language(paper, menu)
    paper.language = line.languages[int(pressed) - 1]


def tell_bulletins(line: Answering, paper: Paper) -> Script[None]:
    """What every caller must know today, before all else and to its end; whoever chose no language hears it in the line's own."""
    if paper.has_heard_news:
        return
    paper.has_heard_news = True
    for one in line.bulletins:
        yield paper.says("bulletin", whole=True, bulletin=one.in_language(paper.language).rstrip("."))


def help_caller(line: Answering, paper: Paper) -> Script[None]:
    """Who has a time already hears it at once; everyone else hears who we are, and tells what the trouble is."""
    found = yield from do(LookUpCaller())
    knows_us = found.offered or found.promises or found.requests
    yield paper.says("this_is" if knows_us else "who_we_are", line=line.name_in(paper.language))
    known = yield from ask_whether_helped(paper, found)
    if known.offered is not None:
        paper.ticket_id = known.offered.ticket_id
        wants_more = yield from hear_offer(line, paper, known.offered)
    elif known.promises:
        wants_more = yield from go_through_times(paper, known.promises)
    elif known.requests and paper.number:
        wants_more = yield from give_time_to_request(paper, known.requests[0])
        if line.nearby and not wants_more and paper.held is None:
            yield from offer_nearby(paper)
    else:
        wants_more = yield from welcome(paper)
    while wants_more:
        yield from one_matter(line, paper)
        wants_more = paper.matter < MOST_MATTERS and (yield from asks_for_more(line, paper))


def hear_offer(line: Answering, paper: Paper, offered: HeldPromise) -> Script[bool]:
    """Who has waited and rings hears of the time that is kept free; then there may be something else."""
    yield from answer_offer(paper, offered)
    return (yield from asks_for_more(line, paper))


def welcome(paper: Paper) -> Script[bool]:
    """Somebody new: there is time, and there is a way past all choices."""
    yield paper.says("intro")
    yield paper.says("human")
    yield paper.says("repeat_hint")
    return True


def one_matter(line: Answering, paper: Paper) -> Script[None]:
    """What, where, in the caller's own words, to which number – and when we ring."""
    yield from ask_topic(paper)
    yield from ask_municipality(line, paper)
    if paper.number is None:  # whom we cannot ring need not tell us more before we can
        yield from settle_number(paper, line.caller)
    yield from take_message(paper)
    yield from settle_number(paper, line.caller)
    paper.ticket_id = yield from do(OpenTicket(paper.draft()))
    yield from promise_what_comes(paper, paper.ticket_id)


def asks_for_more(line: Answering, paper: Paper) -> Script[bool]:
    """One call may carry several matters; each becomes a ticket of its own."""
    pressed = yield from choose_what_more(paper, nearby=line.nearby)
    if pressed == "2":
        paper.turn_page()
    return pressed == "2"


def ask_topic(paper: Paper) -> Script[None]:
    """Four keys; the helper refines them on the ticket."""
    pressed = yield from choose(paper, "topic", paper.says("topic_choice"), "1234")
    paper.topic = PHONE_TOPICS[int(pressed)]
    if pressed == "3":  # whoever rings about accounts may just have been deceived
        yield paper.says("scam", whole=True)
    elif pressed == "4":
        yield paper.says("emergency", whole=True)
        yield from ask_what_else(paper)


def ask_municipality(line: Answering, paper: Paper) -> Script[None]:
    """The line's own municipality, or the caller's postcode, asked once; it may always be skipped."""
    paper.municipality = paper.municipality or line.municipality
    if paper.asked_where:
        return
    paper.asked_where = True
    menu = paper.says("postcode")
    for _ in range(ROUNDS):
        if paper.municipality:
            return
        keys = yield from key_in(paper, "postcode", menu, 5)
        if keys == "1":
            return
        menu = yield from look_up_postcode(paper, keys)


def look_up_postcode(paper: Paper, keys: str) -> Script[Say]:
    """The place is read back; a wrong one gives the sentence that asks anew."""
    place = of_postcode(keys)
    if place is None:
        return paper.says("postcode_unknown", postcode=Postcode(keys))
    there = where(place.name_in(paper.language), paper.language)
    readback = paper.says("postcode_is", postcode=Postcode(keys), municipality=there)
    if (yield from choose(paper, "postcode_is", readback, "12")) == "1":
        paper.municipality, paper.postcode = place.code, keys
    return paper.says("postcode")


def a_person_will_ring(line: Answering, paper: Paper) -> Script[None]:
    """0: no more choices. The first time that the rota can keep is the caller's."""
    paper.wants_person, paper.wants_no_time = True, False
    if paper.held is None and paper.number is None:
        with suppress(WantsPerson, FellSilent):  # then it is kept without a number, and the caller is told so
            yield from settle_number(paper, line.caller)
    yield from keep_what_we_have(paper)


def keep_what_we_have(paper: Paper) -> Script[None]:
    """Three silences or wrong keys never end a call with nothing: a plain request is saved."""
    if paper.held is not None:
        yield from say_that_it_stands(paper, paper.held)
        return
    if paper.ticket_id is None:
        paper.ticket_id = yield from do(OpenTicket(paper.draft(), unfinished=not paper.wants_person))
    if paper.number is None:
        yield paper.says("request_saved_no_number", whole=True)
        return
    key = "person_will_ring" if paper.wants_person else "request_saved"
    if not paper.has_told and (yield from do(HandOver(paper.ticket_id))):
        key = "request_saved_soon"
    yield paper.says(key, whole=True, number=Number(paper.number))
    if paper.has_told and not paper.wants_no_time:
        yield from first_time(paper, paper.ticket_id)


def salvage(paper: Paper, journal: Sequence[Entry]) -> None:
    """A time that the journal has promised for the present matter stands, though the replay no longer gets that far."""
    held: object = None
    for entry in journal:
        if entry.key in (BookTime.key, MoveTime.key) and entry.value is not None:
            held = entry.value
        elif (entry.key, entry.value) in TURNS_OF_PAGE:
            held = None
    if held is not None:
        paper.held = TypeAdapter(HeldPromise).validate_python(held)


def after_change(paper: Paper, *, takes_message: bool) -> Script[None]:
    """A deploy changed this play under a live call: apologise, keep everything, take a message."""
    yield paper.says("changed", whole=True)
    if takes_message and paper.held is not None:
        yield from say_that_it_stands(paper, paper.held, whole=True)
    elif takes_message:
        yield paper.says("record", whole=True)
        told = paper.recordings
        yield from listen(paper)
        paper.recordings = paper.recordings or told
        paper.ticket_id = yield from do(OpenTicket(paper.draft()))
        yield paper.says("request_saved_plain", whole=True)
    yield paper.says("goodbye")
