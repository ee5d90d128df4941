"""Lines of work that wait: for time to pass, for a signal, for a webhook's answer.

A line of work is a generator. It yields `Wait` or `Send` and is resumed with what came of it, so that
a call reads from top to bottom although it lasts minutes and many calls run at once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar, cast

from ivr.exchange.messages import Lost, WebhookResponse
from ivr.exchange.values import CallOverError

if TYPE_CHECKING:
    from ivr.exchange.mail import Letter, Mail
    from ivr.exchange.timers import Agenda, Timer

T = TypeVar("T")


class Signal:
    """Something that reaches a call from outside: a key, a voice, an answer."""

    __slots__ = ()
    lasting = False  # a lasting signal waits until it is wanted; any other is lost


@dataclass(frozen=True, slots=True)
class Wait:
    """Wait so many seconds (None: for ever) or until a wanted signal comes."""

    seconds: float | None
    wanted: tuple[type[Signal], ...]


@dataclass(frozen=True, slots=True)
class Send:
    """Send a letter and wait for its answer."""

    letter: Letter


Steps = Generator[Wait | Send, object, T]


def wait(seconds: float | None, *wanted: type[Signal]) -> Steps[Signal | None]:
    """Wait for one of these signals; None when the time is up first."""
    return cast("Signal | None", (yield Wait(seconds, wanted)))


def send(letter: Letter) -> Steps[WebhookResponse | Lost]:
    """Send a letter and return its answer, or how it was lost."""
    return cast("WebhookResponse | Lost", (yield Send(letter)))


class Process:
    """One running line of work."""

    def __init__(self, agenda: Agenda, mail: Mail, steps: Steps[None]) -> None:
        self._agenda = agenda
        self._mail = mail
        self._steps = steps
        self._waiting: Wait | None = None
        self._timer: Timer | None = None
        self._step = 0  # answers to an earlier step come too late
        self._running = False
        self._started = False
        self._ended = False
        self._inbox: deque[Signal] = deque()
        self._interruption: Exception | None = None

    def start(self) -> None:
        """Begin, and go on as far as nothing need be waited for."""
        if self._started or self._ended:
            return
        self._started = True
        self._run(lambda: self._steps.send(None))

    def signal(self, signal: Signal) -> None:
        """Hand in a signal; one that nobody waits for is lost, unless it is a lasting one."""
        if self._waiting is not None and isinstance(signal, self._waiting.wanted):
            self._resume(signal)
        elif signal.lasting and not self._ended:
            self._inbox.append(signal)

    def interrupt(self, reason: Exception) -> None:
        """Throw this into the work, wherever it waits."""
        if not self._started:
            self._ended = True
        if self._ended:
            return
        if self._running:
            self._interruption = reason
            return
        self._stop_waiting()
        self._run(lambda: self._steps.throw(reason))

    def _resume(self, value: object) -> None:
        self._stop_waiting()
        self._run(lambda: self._steps.send(value))

    def _stop_waiting(self) -> None:
        self._step += 1
        self._waiting = None
        if self._timer is not None:
            self._timer.call_off()
            self._timer = None

    def _run(self, move: Callable[[], Wait | Send]) -> None:
        # A loop, not recursion: an answer or a signal may be there at once.
        next_move: Callable[[], Wait | Send] | None = move
        while next_move is not None:
            command = self._advance(next_move)
            next_move = None if command is None else self._begin(command)

    def _advance(self, move: Callable[[], Wait | Send]) -> Wait | Send | None:
        self._running = True
        try:
            return move()
        except (StopIteration, CallOverError):
            self._ended = True
            return None
        finally:
            self._running = False

    def _begin(self, command: Wait | Send) -> Callable[[], Wait | Send] | None:
        interruption, self._interruption = self._interruption, None
        if interruption is not None:
            return partial(self._steps.throw, interruption)
        if isinstance(command, Wait):
            return self._begin_waiting(command)
        return self._begin_sending(command.letter)

    def _begin_waiting(self, command: Wait) -> Callable[[], Wait | Send] | None:
        for signal in self._inbox:
            if isinstance(signal, command.wanted):
                self._inbox.remove(signal)
                return partial(self._steps.send, signal)
        self._waiting = command
        if command.seconds is not None:
            self._timer = self._agenda.after(command.seconds, lambda: self._resume(None))
        return None

    def _begin_sending(self, letter: Letter) -> Callable[[], Wait | Send] | None:
        self._step += 1
        step = self._step
        answers: list[WebhookResponse | Lost] = []
        self._running = True  # an answer that comes at once is taken up by the loop

        def take(answer: WebhookResponse | Lost) -> None:
            if self._running:
                answers.append(answer)
            elif step == self._step and not self._ended:
                self._resume(answer)

        try:
            self._mail.send(letter, take)
        finally:
            self._running = False
        if self._interruption is not None:
            interruption, self._interruption = self._interruption, None
            self._step += 1
            return partial(self._steps.throw, interruption)
        return partial(self._steps.send, answers[0]) if answers else None
