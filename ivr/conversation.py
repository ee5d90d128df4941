"""A call is a script replayed over its journal: durable execution in small.

A script is a generator. It yields `Speech` (said, and on it goes), `Effect`s (done once, their
result journalled) and `Question`s (the turn ends; the answer comes with the next webhook).
Replaying the journal brings any worker to the very place where the call stands.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar, Generic, TypeVar, cast

from pydantic import JsonValue, TypeAdapter

A = TypeVar("A")
R = TypeVar("R")


class Speech:
    """Something the line says or plays; the script goes on at once."""

    __slots__ = ()


class Question(Generic[A]):
    """Something that ends the turn: the script goes on with the answer of the next webhook."""

    __slots__ = ()
    key: str
    answer: ClassVar[type[Any]]


class Effect(Generic[R]):
    """Something done once: performed when first met, and from then on read in the journal."""

    __slots__ = ()
    key: ClassVar[str]
    result: ClassVar[Any]


Step = Speech | Question[Any] | Effect[Any]
Script = Generator[Step, object, R]
Perform = Callable[[Effect[Any]], object]
Hear = Callable[[Question[Any]], "Entry | None"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal: an answer (with the time it was heard) or an effect's result."""

    key: str
    value: JsonValue
    heard_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """Where the call stands: what is said now, what is asked, what has to be journalled, and upon which question it follows."""

    said: tuple[Speech, ...]
    asked: Question[Any] | None
    written: tuple[Entry, ...] = ()
    after: Question[Any] | None = None


class ScriptChanged(Exception):
    """The journal and the script tell different stories: a deploy changed the script mid-call."""


def ask(question: Question[A]) -> Script[A]:
    """End the turn with a question, and give the script its answer."""
    return cast(A, (yield question))


def do(effect: Effect[R]) -> Script[R]:
    """Have an effect performed, once in the life of the call, and give the script its result."""
    return cast(R, (yield effect))


def silence(_question: Question[Any]) -> Entry | None:
    """Nothing new was heard."""
    return None


def play(script: Script[None], journal: Sequence[Entry], perform: Perform, hear: Hear = silence) -> Turn:
    """Replay the script over its journal, hear what is new, and go on to where it has to wait.

    Raises `ScriptChanged` where an entry does not fit the step that the script has reached.
    """
    entries, said, written = iter(journal), list[Speech](), list[Entry]()
    answer, after = cast(object, None), cast("Question[Any] | None", None)
    while True:
        try:
            step = script.send(answer)
        except StopIteration:
            _nothing_left(entries)
            return Turn(tuple(said), None, tuple(written), after)
        answer = None
        if isinstance(step, Speech):
            said.append(step)
            continue
        entry = _next_entry(entries, step.key)
        if entry is None:
            if isinstance(step, Question):
                entry, hear = hear(step), silence
            else:
                entry = Entry(step.key, _freeze(step.result, perform(step)))
            if entry is None:
                return Turn(tuple(said), cast(Question[Any], step), tuple(written), after)
            written.append(entry)
        if isinstance(step, Question):
            after = step
            said.clear()
        answer = _thaw(step.answer if isinstance(step, Question) else step.result, entry)


def answered(question: Question[A], answer: A, heard_at: datetime) -> Entry:
    """The journal's line for an answer to a question."""
    return Entry(question.key, _freeze(question.answer, answer), heard_at)


def up_to_turn(journal: Sequence[Entry], turn: int) -> tuple[Entry, ...]:
    """The journal as it stood when turn `turn` had been replied to (0 is the call's first reply)."""
    answers = 0
    for place, entry in enumerate(journal):
        if entry.heard_at is not None:
            answers += 1
            if answers > turn:
                return tuple(journal[:place])
    return tuple(journal)


def turns_heard(journal: Sequence[Entry]) -> int:
    """How many answers the journal holds: the number of the last turn."""
    return sum(entry.heard_at is not None for entry in journal)


def _next_entry(entries: Iterator[Entry], key: str) -> Entry | None:
    entry = next(entries, None)
    if entry is not None and entry.key != key:
        raise ScriptChanged(f"the journal has {entry.key!r} where the script has {key!r}")
    return entry


def _nothing_left(entries: Iterator[Entry]) -> None:
    for entry in entries:
        raise ScriptChanged(f"the journal goes on with {entry.key!r} where the script has ended")


def _freeze(kind: Any, value: object) -> JsonValue:
    return cast(JsonValue, _adapter(kind).dump_python(value, mode="json"))


def _thaw(kind: Any, entry: Entry) -> object:
    try:
        return _adapter(kind).validate_python(entry.value)
    except ValueError as misfit:
        raise ScriptChanged(f"{entry.key!r} no longer reads as {kind}") from misfit


@lru_cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
