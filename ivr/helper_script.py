"""The two calls that keep a promise, as plays: the helper's, and the resident's before they meet.

The helper takes the callback, hears what it is about, is connected, and says how it went. The
resident hears the code first, so as to know that it is us, and presses 1 to talk.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from ivr.conversation import Script, ask, do
from ivr.dialogue import FellSilent, Paper, choose
from ivr.effects import (
    AfterTalk,
    BookTime,
    DeclineCallback,
    EndTalk,
    HasLaterTime,
    LeaveOpen,
    MessageArrived,
    MoveTime,
    ResidentReady,
    SaveOutcome,
    TakeCallback,
    Taking,
)
from ivr.steps import MOMENT, Bridge, Code, Connect, Count, PlayMessage
from ivr.times import TO_HELPER, TO_RESIDENT, pick_time, tell_promise
from tickets.vocabulary import Outcome, Topic
from voice_prompts.language import Language

MOST_LISTENINGS = 3
ROUNDS_FOR_HELPER = 2  # before it is known that nobody is there: the promise bears four voicemails in a row

REFERRALS = {
    "1": Outcome.OHJATTU_LAHI,
    "2": Outcome.OHJATTU_VIRANOMAINEN,
    "3": Outcome.OHJATTU_PALVELUNTARJOAJA,
    "4": Outcome.OHJATTU_HUOLTO,
}
OTHERS = {
    "1": Outcome.EI_VOIDA_TEHDA_PUOLESTA,
    "2": Outcome.HUIJAUSEPAILY,
    "3": Outcome.SIIRRETTY,
    "4": Outcome.EI_DIGITUKEA,
}


@dataclass(frozen=True, slots=True)
class Task:
    """What a helper is rung about; the resident's number is for the operator's ears only."""

    attempt_id: int
    callback_id: int
    ticket_id: int
    starts_at: datetime
    code: str
    topic: Topic | None
    resident_language: Language
    resident_number: str
    line_number: str
    helper_language: Language
    recordings: tuple[str, ...] = ()


def helpers_call(task: Task, paper: Paper) -> Script[None]:
    """Ring → take it → meet the resident → say how it went."""
    try:
        taken = yield from offer_task(task, paper)
    except FellSilent:  # nobody there, or a voicemail: it must never take a call
        yield from do(DeclineCallback(answered=False))
        return
    if taken:
        yield from connect(task, paper)
    yield paper.says("helper_thanks")


def offer_task(task: Task, paper: Paper) -> Script[bool]:
    """1 takes the callback, 2 plays the message first, 3 is "not now"."""
    yield paper.says("helper_intro", time=task.starts_at, topic=task.topic or Topic.MUU)
    yield paper.says("helper_language", language=task.resident_language)
    pressed = yield from choose(paper, "helper_options", paper.says("helper_options"), "123", ROUNDS_FOR_HELPER)
    for listened in range(1, MOST_LISTENINGS + 1):
        if pressed != "2":
            break
        yield from play_message(task, paper)
        keys = "123" if listened < MOST_LISTENINGS else "13"
        pressed = yield from choose(paper, "helper_options", paper.says("helper_options"), keys)
    if pressed == "1":
        return (yield from take(paper))
    yield from do(DeclineCallback(answered=True))
    yield paper.says("helper_not_now")
    return False


def take(paper: Paper) -> Script[bool]:
    """Of two helpers who press 1 at once, one hears that the other was quicker."""
    taking = yield from do(TakeCallback())
    if taking is not Taking.YOURS:
        yield paper.says(f"helper_{taking}")
    return taking is Taking.YOURS


def play_message(task: Task, paper: Paper) -> Script[None]:
    """The resident's own words, where there are any and as far as they have come."""
    parts: list[PlayMessage] = []
    for sid in task.recordings:
        arrived = yield from do(MessageArrived(sid))
        parts += [PlayMessage(sid)] * arrived
    yield paper.says("helper_message" if parts else "helper_no_message")
    yield from parts


def connect(task: Task, paper: Paper) -> Script[None]:
    """The line's own number is all that either of the two sees."""
    yield paper.says("helper_connecting", code=Code(task.code))
    meeting = Connect("connect", task.resident_number, task.line_number, task.attempt_id)
    talked = yield from ask(meeting)
    ending = yield from do(EndTalk(talked.status, talked.bridged, talked.seconds))
    match ending.after:
        case AfterTalk.TALKED:
            yield from ask_outcome(task, paper)
        case AfterTalk.AGAIN:
            yield paper.says("helper_no_answer", count=Count(ending.tries))
        case AfterTalk.NEW_TIME:
            yield from ask(MOMENT)
            later = yield from do(HasLaterTime(task.ticket_id))
            yield paper.says("helper_no_answer", count=Count(ending.tries)) if later else paper.says("helper_last_try")
        case AfterTalk.LATER:
            yield paper.says("helper_resident_later")
        case AfterTalk.LAST_TRY:
            yield paper.says("helper_last_try")


def ask_outcome(task: Task, paper: Paper) -> Script[None]:
    """One key, or two; a helper who just hangs up leaves the ticket waiting for it."""
    try:
        pressed = yield from choose(paper, "helper_outcome", paper.says("helper_outcome"), "1234")
        if pressed == "1":
            yield from do(SaveOutcome(Outcome.RATKAISTU))
        elif pressed == "2":
            yield from book_again(task, paper)
        elif pressed == "3":
            yield from refine_outcome(paper, "helper_referred", REFERRALS)
        else:
            yield from refine_outcome(paper, "helper_other", OTHERS)
    except FellSilent:
        yield paper.says("helper_outcome_later")
        return
    yield paper.says("helper_outcome_saved")


def refine_outcome(paper: Paper, menu: str, outcomes: dict[str, Outcome]) -> Script[None]:
    """Where to, or why not: the codes that the network learns from."""
    pressed = yield from choose(paper, menu, paper.says(menu), "1234")
    yield from do(SaveOutcome(outcomes[pressed]))


def book_again(task: Task, paper: Paper) -> Script[None]:
    """The matter needs more: another time for the same ticket, which the resident is told."""
    yield from do(SaveOutcome(Outcome.OSITTAIN_JATKOAIKA))
    yield from ask(MOMENT)
    held = yield from pick_time(paper, task.ticket_id, lambda at: BookTime(task.ticket_id, at), TO_HELPER)
    if held is not None:
        yield paper.says("helper_rebooked", time=held.starts_at)


def residents_leg(task: Task, paper: Paper) -> Script[None]:
    """The code first; then 1 joins the two, and 2 finds another time."""
    menu = paper.says("callback_intro", code=Code(task.code))
    try:
        pressed = yield from choose(paper, "callback", menu, "012")
    except FellSilent:  # a voicemail, or an ear that has gone: no connection is made
        return
    if pressed != "2":
        yield from do(ResidentReady())
        yield paper.says("callback_connecting")
        yield from ask(Bridge())
        return
    yield from find_another_time(task, paper)
    yield paper.says("callback_goodbye")


def find_another_time(task: Task, paper: Paper) -> Script[None]:
    """Times one after another; whoever falls silent or hangs up is given one afterwards, by a job."""
    paper.number, held = task.resident_number, None
    with suppress(FellSilent):
        held = yield from pick_time(
            paper, task.ticket_id, lambda at: MoveTime(task.callback_id, task.ticket_id, at), TO_RESIDENT
        )
    if held is not None:
        yield from tell_promise(paper, held, "moved")
        return
    if paper.wants_no_time:
        yield from do(LeaveOpen())
    yield paper.says("callback_later_open")


@dataclass(frozen=True, slots=True)
class News:
    """A time to be told to a resident whose number takes no texts."""

    starts_at: datetime | None
    code: str
    language: Language


def announcement(news: News, paper: Paper) -> Script[None]:
    """The time and the code, or that a promise could not be kept; twice, for it begins while the ear is reached."""
    for _ in range(2):
        if news.starts_at is None:
            yield paper.says("tell_sorry")
        else:
            yield paper.says("tell_time", time=news.starts_at, code=Code(news.code))
    yield paper.says("callback_goodbye")
