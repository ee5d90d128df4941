"""Any call, whatever is pressed, said or not said in it: it ends well, and replaying it changes nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.addresses import Addresses
from ivr.conversation import (
    Effect,
    Entry,
    Question,
    Script,
    Turn,
    answered,
    play,
    silence,
    turns_heard,
    up_to_turn,
)
from ivr.dialogue import Paper
from ivr.effects import (
    BookTime,
    CancelTime,
    DiscardMessage,
    FindTime,
    HandOver,
    HeldPromise,
    JoinLine,
    KnownCaller,
    LookUpCaller,
    MessageArrived,
    MoveTime,
    OpenRequest,
    OpenTicket,
    Place,
    PromiseNow,
    PromiseStands,
    RefuseOffer,
    TakeOffer,
)
from ivr.feedback_script import GiveFeedback
from ivr.line_voices import LineVoice
from ivr.nearby_script import FindNearby, TextNearby
from ivr.script import Answering, callers_call
from ivr.stage import recall, refuse
from ivr.steps import Listen, Pressed, Say, Spoke
from ivr.twiml import Renderer
from ivr.willing_script import WelcomeWilling
from tickets.near import Named, Near, NearKind, Nearness
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
STEP = timedelta(minutes=15)
MOST_TURNS = 400
RENDERER = Renderer(LineVoice(Catalogue.load()), Addresses("http://line.test", "a secret of the tests"))
SAVED = {
    "request_saved",
    "request_saved_soon",
    "request_saved_no_number",
    "request_saved_plain",
    "person_will_ring",
    "willing_saved",
    "no_slot",
    "waiting_on",
}
OFFERED = HeldPromise(77, 9, NOW + timedelta(hours=3), "4721")
LIBRARY = Near(
    NearKind.POINT,
    1,
    Nearness.MUNICIPALITY,
    Named("Esimerkkikirjasto 10 ry", Language.FI),
    None,
    Named("Mallikatu 12\u201314 B 3", Language.FI),
    "853",
    "+35825550123",
    None,
)
STOP = Near(
    NearKind.OCCASION,
    2,
    Nearness.NETWORK,
    Named("Exempelbussen", Language.SV),
    Named("Salutorget", Language.SV),
    None,
    None,
    None,
    None,
    starts_at=NOW + timedelta(days=1),
    ends_at=NOW + timedelta(days=1, hours=2),
    must_register=True,
)
CALLERS = ["+358401112233", "+35822330000", "+46701234567", "anonymous", "", "+266696687", "+35811", "rubbish"]


@dataclass
class World:
    """What the line knows and what it has done, without a database."""

    known: KnownCaller = field(default_factory=KnownCaller)
    free: int = 10_000  # how many starts are free
    losing: int = 0  # so many bookings are lost to somebody quicker
    arrived: bool = True
    lasting: bool = True  # else a time is lost while the caller listens
    tickets: list[OpenTicket] = field(default_factory=list)
    live: dict[int, datetime] = field(default_factory=dict)  # callback → time
    of: dict[int, int] = field(default_factory=dict)  # callback → ticket
    waiting: dict[int, int] = field(default_factory=dict)  # ticket → place in line
    opens: datetime | None = None
    nearby: tuple[Near, ...] = ()
    reopened: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        for held in self.known.promises:
            self._promise(held.callback_id, held.ticket_id, held.starts_at)

    def perform(self, effect: Effect[Any]) -> object:
        """Do it, as the database would."""
        match effect:
            case LookUpCaller():
                return self.known
            case OpenTicket():
                self.tickets.append(effect)
                return 100 + effect.draft.matter
            case FindTime(_, after):
                return self._find(after or NOW)
            case BookTime(ticket_id, at):
                return self._book(200 + ticket_id, ticket_id, at)
            case MoveTime(callback_id, ticket_id, at):
                return self._book(callback_id, ticket_id, at)
            case JoinLine() | TakeOffer() | RefuseOffer():
                return self._wait(effect)
            case CancelTime(callback_id):
                return self.live.pop(callback_id, None) is not None
            case PromiseStands(ticket_id):
                return self._promise_now(ticket_id)
            case GiveFeedback() | WelcomeWilling() | MessageArrived() | DiscardMessage() | HandOver():
                return self._hear(effect)
            case _:
                return self._guide(effect)

    def _guide(self, effect: Effect[Any]) -> object:
        match effect:
            case FindNearby():
                return self.nearby
            case TextNearby(ticket_id, _, near_id):
                assert ticket_id
                assert near_id in {near.id for near in self.nearby}
                return True
            case _:
                raise AssertionError(f"a caller's call has no {effect!r}")

    def _hear(self, effect: Effect[bool]) -> bool:
        if isinstance(effect, GiveFeedback):
            self.reopened |= {effect.ticket_id} if effect.helped == 3 else set()
            return effect.helped == 3
        return self.arrived or not isinstance(effect, MessageArrived)

    def _wait(self, effect: JoinLine | TakeOffer | RefuseOffer) -> object:
        match effect:
            case JoinLine(ticket_id):
                return Place(self.waiting.setdefault(ticket_id, len(self.waiting)), self.opens)
            case TakeOffer(callback_id, at):
                return self._book(callback_id, OFFERED.ticket_id, at)
            case RefuseOffer():
                return True

    def _promise_now(self, ticket_id: int) -> PromiseNow:
        (callback_id,) = [key for key in self.live if self.of[key] == ticket_id]
        if self.lasting:
            return PromiseNow(HeldPromise(callback_id, ticket_id, self.live[callback_id], "4721"))
        del self.live[callback_id]
        return PromiseNow()

    def _find(self, after: datetime) -> datetime | None:
        number = (after - NOW) // STEP + 1
        return NOW + number * STEP if number <= self.free else None

    def _book(self, callback_id: int, ticket_id: int, at: datetime) -> HeldPromise | None:
        if self.losing > 0:
            self.losing -= 1
            return None
        self._promise(callback_id, ticket_id, at)
        return HeldPromise(callback_id, ticket_id, at, "4721")

    def _promise(self, callback_id: int, ticket_id: int, at: datetime) -> None:
        assert ticket_id not in {self.of[key] for key in self.live if key != callback_id}
        self.live[callback_id], self.of[callback_id] = at, ticket_id


@dataclass
class Heard:
    """A call so far: its journal, and every reply."""

    line: Answering
    world: World
    journal: list[Entry] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)

    def script(self) -> tuple[Script[None], Paper]:
        """The play, from its beginning."""
        paper = Paper(self.line.languages[0])
        return callers_call(self.line, paper), paper

    def begin(self) -> None:
        """The line answers."""
        self._take(silence)

    def answer(self, answer: Callable[[Question[Any]], object]) -> None:
        """The caller does something, or nothing."""
        at = NOW + timedelta(seconds=10 * len(self.turns))
        self._take(lambda question: answered(question, answer(question), at))

    @property
    def asked(self) -> Question[Any] | None:
        """What the line waits for; None when the call is over."""
        return self.turns[-1].asked

    @property
    def keys(self) -> list[str]:
        """Every sentence of the call."""
        return [one.key for turn in self.turns for one in turn.said if isinstance(one, Say)]

    def _take(self, hear: Callable[[Question[Any]], Entry | None]) -> None:
        turn = play(self.script()[0], self.journal, self.world.perform, hear)
        self.journal.extend(turn.written)
        self.turns.append(turn)


def spoken(sid: str | None) -> Callable[[Question[Any]], object]:
    """Somebody speaks, or does not; at any other question it is a silence."""
    return lambda question: Spoke(sid, 4 if sid else 0) if isinstance(question, Listen) else Pressed("")


def pressed(keys: str) -> Callable[[Question[Any]], object]:
    """Keys; where a message is recorded, a word is spoken instead."""
    return lambda question: Spoke("RE1", 4) if isinstance(question, Listen) else Pressed(keys)


def play_call(line: Answering, world: World, answers: Sequence[Callable[[Question[Any]], object]]) -> Heard:
    """A call in which these things happen; nothing more is done after the last of them."""
    call = Heard(line, world)
    call.begin()
    for answer in answers:
        if call.asked is None:
            break
        call.answer(answer)
    return call


def then(call: Heard, answer: Callable[[Question[Any]], object]) -> Heard:
    """From now on the caller does the same at every question, until the call is over."""
    while call.asked is not None:
        assert len(call.turns) < MOST_TURNS, call.keys[-20:]
        call.answer(answer)
    return call


one_key = st.sampled_from("0123456789")
keys = st.one_of(one_key, one_key, st.text("0123456789", max_size=15), st.sampled_from(["20100", "0401112233", "112"]))
answers = st.one_of(keys.map(pressed), st.sampled_from([spoken("RE1"), spoken("RE2"), spoken(None)]))
lines = st.builds(
    Answering,
    st.just("Esimerkkiseudun digituki"),
    st.sampled_from([(Language.FI, Language.SV), (Language.SV, Language.FI)]),
    st.sampled_from([None, "853"]),
    st.sampled_from(CALLERS),
    st.booleans(),
)
promises = st.lists(
    st.integers(1, 3).map(lambda number: HeldPromise(number, number, NOW + number * STEP, "1234")),
    max_size=2,
    unique_by=lambda held: held.callback_id,
)
known = st.one_of(
    st.just(KnownCaller()),
    promises.map(lambda held: KnownCaller(tuple(held))),
    st.sampled_from(
        [
            KnownCaller((), (OpenRequest(9),)),
            KnownCaller((), (OpenRequest(9, Place(2)),)),
            KnownCaller(offered=OFFERED),
            KnownCaller(feedback=9),
        ]
    ),
)
worlds = st.builds(
    World,
    known=known,
    free=st.sampled_from([0, 1, 3, 10_000]),
    losing=st.integers(0, 5),
    arrived=st.booleans(),
    lasting=st.booleans(),
    opens=st.sampled_from([None, NOW + timedelta(days=2)]),
    nearby=st.sampled_from([(), (LIBRARY,), (LIBRARY, STOP), (LIBRARY, STOP, replace(LIBRARY, id=3, phone="116117"))]),
)


@settings(max_examples=400, deadline=None)
@given(lines, worlds, st.lists(answers, max_size=40))
def test_any_call_ends_in_a_goodbye_and_in_something_kept(
    line: Answering, world: World, told: list[Callable[[Question[Any]], object]]
) -> None:
    call = then(play_call(line, world, told), spoken(None))
    assert call.keys[-1] == "goodbye"
    known = world.known
    assert world.tickets or known.promises or known.requests or known.offered or world.reopened
    if not world.live:
        assert SAVED & set(call.keys) or "cancelled" in call.keys


@settings(max_examples=200, deadline=None)
@given(lines, worlds, st.lists(answers, max_size=40))
def test_hanging_up_anywhere_leaves_a_paper_with_all_that_was_told(
    line: Answering, world: World, told: list[Callable[[Question[Any]], object]]
) -> None:
    call = play_call(line, world, told)
    script, paper = call.script()
    recall(script, call.journal)
    assert paper.spoken_to or not any(entry.value.get("keys") for entry in answers_in(call))
    held_here = [key for key in world.live if world.of[key] == paper.ticket_id]
    if held_here and call.asked is not None:
        assert paper.held is not None
        assert paper.held.callback_id in world.live
    for opened in world.tickets[-1:]:
        if opened.draft.matter == paper.matter:
            assert opened.draft.topic == paper.topic


def answers_in(call: Heard) -> list[Entry]:
    """What the caller pressed."""
    return [entry for entry in call.journal if isinstance(entry.value, dict) and "keys" in entry.value]


@settings(max_examples=300, deadline=None)
@given(
    lines.filter(lambda line: line.caller in CALLERS[:2]),
    st.builds(World, known=known, losing=st.integers(0, 3)),
    st.lists(answers, max_size=12),
)
def test_one_always_goes_forward_to_a_time(
    line: Answering, world: World, told: list[Callable[[Question[Any]], object]]
) -> None:
    call = play_call(line, world, told)
    if call.asked is None:
        return
    then(call, pressed("1"))
    assert call.keys[-1] == "goodbye"
    if "willing_saved" in call.keys or (not world.tickets and "cancelled" in call.keys):
        return  # they want to help, or gave it back before
    assert world.live
    if world.tickets:
        asked_without = {"request_saved", "request_saved_soon"} & set(call.keys) and not any(
            entry.key == "find_time" for entry in call.journal
        )
        assert 100 + world.tickets[-1].draft.matter in {world.of[key] for key in world.live} or asked_without


@settings(max_examples=200, deadline=None)
@given(lines, worlds, st.lists(answers, max_size=30))
def test_replaying_any_prefix_gives_the_same_reply_and_an_unchanged_journal(
    line: Answering, world: World, told: list[Callable[[Question[Any]], object]]
) -> None:
    call = play_call(line, world, told)
    assert turns_heard(call.journal) == len(call.turns) - 1
    for number, before in enumerate(call.turns):
        again = play(call.script()[0], up_to_turn(call.journal, number), refuse)
        assert again.written == ()
        assert (again.said, again.asked) == (before.said, before.asked)


@settings(max_examples=150, deadline=None)
@given(lines, worlds, st.lists(answers, max_size=30))
def test_a_turn_that_comes_twice_is_answered_with_the_same_words(
    line: Answering, world: World, told: list[Callable[[Question[Any]], object]]
) -> None:
    world.arrived = False  # links to messages are sealed anew each time
    call = play_call(line, world, told)
    for number, first in enumerate(call.turns):
        past = up_to_turn(call.journal, number)
        at = max((entry.heard_at for entry in past if entry.heard_at), default=NOW)
        again = play(call.script()[0], past, refuse)
        assert RENDERER.render(again, number, at) == RENDERER.render(first, number, at)


@settings(max_examples=150, deadline=None)
@given(lines, worlds, st.lists(answers, max_size=30))
def test_every_reply_can_be_spoken_and_nothing_is_asked_without_a_question(
    line: Answering, world: World, told: list[Callable[[Question[Any]], object]]
) -> None:
    call = play_call(line, world, told)
    for number, turn in enumerate(call.turns):
        said = RENDERER.render(turn, number, NOW)
        assert len(said.encode()) < 64_000
        assert ("<Hangup" in said) is (turn.asked is None)
        assert {one.language for one in turn.said if isinstance(one, Say)} <= set(Language)
