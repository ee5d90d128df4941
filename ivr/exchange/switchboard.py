"""The exchange itself: it owns the state, runs what is due, and hands out phones and lines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Self

from ivr.exchange.faults import Faults
from ivr.exchange.mail import Courier, Mail, Posted, directly
from ivr.exchange.messages import Deliver
from ivr.exchange.office import Habits, Line, Office
from ivr.exchange.page.clockwork import Clockwork
from ivr.exchange.phones import Phone
from ivr.exchange.recordings import Recording
from ivr.exchange.timers import Agenda, VirtualClock
from ivr.exchange.values import Alert
from ivr.exchange.voice import SilentVoice, Voice


class Exchange:
    """A telephone exchange with an account, lines and phones."""

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        deliver: Deliver,
        *,
        now: Callable[[], datetime],
        timer: Callable[[], float],
        voice: Voice | None = None,
        habits: Habits | None = None,
    ) -> None:
        agenda = Agenda(timer)
        self.faults = Faults()
        self.office = Office(
            account_sid=account_sid,
            auth_token=auth_token,
            now=now,
            agenda=agenda,
            faults=self.faults,
            mail=Mail(auth_token, agenda, directly(deliver), self.faults),
            voice=voice or SilentVoice(),
            habits=habits or Habits(),
            handset=self.phone,
        )
        self.phones: dict[str, Phone] = {}
        self.clockwork: Clockwork | None = None  # where somebody may hurry the time
        self.ahead: Callable[[], datetime | None] = lambda: (
            None
        )  # when the next call has been promised, where that is known
        self._drive: Callable[[Callable[[], bool], float], bool] = _stand_still

    @classmethod
    def on(
        cls,
        clock: VirtualClock,
        deliver: Deliver,
        *,
        account_sid: str = "AC" + "0" * 32,
        auth_token: str = "",
        habits: Habits | None = None,
    ) -> Self:
        """An exchange for tests, whose phones turn this clock when they wait."""
        exchange = cls(account_sid, auth_token or "exchange", deliver, now=clock.now, timer=clock.timer, habits=habits)
        clock.add(exchange)
        exchange._drive = lambda condition, within: clock.run_until(condition, within=within)
        return exchange

    def deliver_by(self, courier: Courier) -> None:
        """Let webhooks go this way from now on."""
        self.office.mail.courier = courier

    # Time.

    def next_event_at(self) -> float | None:
        """When the next thing happens, in timer seconds; None if nothing will."""
        with self.office.lock:
            return self.office.agenda.next_at()

    def run_due(self) -> int:
        """Run everything that is due by now, and say how much that was."""
        ran = 0
        while True:
            with self.office.lock:
                timer = self.office.agenda.pop_due()
                if timer is None or timer.action is None:
                    return ran
                timer.action()
            ran += 1

    @property
    def engaged(self) -> bool:
        """Whether anybody is in a call."""
        with self.office.lock:
            return any(phone.call is not None for phone in self.phones.values())

    @property
    def next_in_s(self) -> float | None:
        """In how many seconds the next promised call is due, where that is known."""
        at = self.ahead()
        return None if at is None else (at - self.office.now()).total_seconds()

    # What there is.

    def phone(self, number: str) -> Phone:
        """The phone with this number; there is one behind every number."""
        with self.office.lock:
            if number not in self.phones:
                self.phones[number] = Phone(self.office, number, self._turn)
            return self.phones[number]

    def add_line(
        self,
        number: str,
        voice_url: str,
        *,
        name: str = "",
        fallback_url: str = "",
        status_url: str = "",
        sms_url: str = "",
    ) -> Line:
        """Give the account a number, and say where its calls and texts are answered."""
        with self.office.lock:
            line = Line(
                sid=self.office.new_sid("PN"),
                number=number,
                name=name,
                voice_url=voice_url,
                voice_fallback_url=fallback_url,
                status_callback=status_url,
                sms_url=sms_url,
                created_at=self.office.now(),
            )
            self.office.lines[number] = line
            return line

    @property
    def lines(self) -> tuple[Line, ...]:
        """The account's numbers."""
        return tuple(self.office.lines.values())

    @property
    def errors(self) -> tuple[Alert, ...]:
        """What the product did wrong so far, as Twilio's debugger would list it."""
        return tuple(self.office.alerts)

    @property
    def recordings(self) -> tuple[Recording, ...]:
        """The recordings kept here, oldest first."""
        return tuple(self.office.recordings.values())

    @property
    def posted(self) -> tuple[Posted, ...]:
        """Every webhook that left the exchange, in order."""
        return tuple(self.office.mail.posted)

    def _turn(self, condition: Callable[[], bool], within: float) -> bool:
        return self._drive(condition, within)


def _stand_still(condition: Callable[[], bool], _within: float) -> bool:
    """Without a virtual clock nobody here can make time pass."""
    return condition()
