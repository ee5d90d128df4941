"""A small network to test in, built call by call: its people, its rota, its tickets."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import count

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session, sessionmaker

from scheduler.attempts import AttemptRef, begin_attempt, take
from scheduler.briefing import brief
from scheduler.choice import choose_helper
from scheduler.coverage import lock_slots
from scheduler.promises import Promise, book
from scheduler.rota.records import Closure
from scheduler.rota.shifts import NewShift, add_shift
from scheduler.slots import HELSINKI, Grid, Span, instant_of, phase_of
from tickets.directory import NewHelper, add_helper, add_line, add_network, add_organisation
from tickets.intake import Matter, open_ticket
from tickets.store import cipher_of
from tickets.vocabulary import Channel, HelperKind, Topic
from voice_prompts.language import Language

FI, SV = Language.FI, Language.SV
MOBILE, LANDLINE = "+358401234567", "+35822330000"


_HELD = text(r"""
INSERT INTO callback (ticket_id, slot_id, network_id, starts_at, during, language, topic, municipality, caller_mark,
    code_sealed, state, booked_at, held_until, times_moved, tries)
SELECT t.id, s.id, t.network_id, s.starts_at, tstzrange(s.starts_at, s.starts_at + interval '1 hour'), t.language, t.topic,
    t.municipality, ('x' || encode(substring(t.caller_index FROM 1 FOR 8), 'hex'))\:\:bit(64)\:\:bigint, :code, 'offered', :now,
    :until, 0, 0
FROM ticket t JOIN slot s ON s.network_id = t.network_id AND s.starts_at = :starts_at WHERE t.id = :ticket RETURNING id
""")


@dataclass
class Town:
    """A network with one line and one organisation; every method commits."""

    sessions: sessionmaker[Session]
    now: datetime
    grid: Grid = field(default_factory=Grid)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        with self.sessions.begin() as session:
            self.network = add_network(session, "Esimerkkiseutu", now=self.now)
            self.line = add_line(session, self.network, "+358942450100", "Digituki", FI)
            self.organisation = add_organisation(session, self.network, "Turku", serves=["853"])

    def at(self, wall: str, days: int = 0) -> datetime:
        """A time of today (or so many days later) by the clock on the wall."""
        return instant_of(self.now.astimezone(HELSINKI).date() + timedelta(days=days), time.fromisoformat(wall))

    def helper(self, *languages: Language, kind: HelperKind = HelperKind.VOLUNTEER, **papers: object) -> int:
        """A helper of the organisation, who speaks Finnish unless said otherwise."""
        number = next(self.numbers)
        new = NewHelper(f"Auttaja {number}", f"+35850{number:07}", languages or (FI,), kind, **papers)  # type: ignore[arg-type]
        with self.sessions.begin() as session:
            return add_helper(session, self.organisation, new, now=self.now)

    def shift(
        self, begins: str, ends: str, *helpers: int, days: int = 0, published: bool = True, minutes: int = 60
    ) -> int:
        """A shift with these helpers in its places; its starts are an hour, or so many minutes, apart from `begins`."""
        during = Span(self.at(begins, days), self.at(ends, days))
        phase = phase_of(during.begins, timedelta(minutes=minutes))
        new = NewShift(during, phase, most=max(1, len(helpers)), call_minutes=minutes)
        with self.sessions.begin() as session:
            return add_shift(
                session, self.network, new, now=self.now, published=published, helpers=helpers, grid=Grid()
            )

    def close(self, begins: str, ends: str, organisation: int | None = None, days: int = 0) -> int:
        """A closure as a row, of the network or an organisation; nothing is checked anew by it."""
        with self.sessions.begin() as session:
            during = Range(self.at(begins, days), self.at(ends, days))
            closure = Closure(
                network_id=self.network, organisation_id=organisation, during=during, reason="", made_at=self.now
            )
            session.add(closure)
            session.flush()
            return closure.id

    def ticket(self, caller: str | None = None, **told: object) -> int:
        """A ticket of a caller of its own, about a phone, in Finnish, unless said otherwise."""
        number = next(self.numbers)
        matter = {
            "network_id": self.network,
            "line_id": self.line,
            "channel": Channel.PHONE,
            "language": FI,
            "caller": caller or f"+35840{number:07}",
            "key": f"call:CA{number}:1",
            "topic": Topic.PUHELIN,
        }
        with self.sessions.begin() as session:
            return open_ticket(session, Matter(**{**matter, **told}), now=self.now).id  # type: ignore[arg-type]

    def promise(self, wall: str, ticket: int | None = None, days: int = 0, **told: object) -> Promise:
        """A booked time; a ticket is opened for it unless one is given."""
        promised = self.book(wall, ticket or self.ticket(**told), days)
        assert promised is not None
        return promised

    def book(self, wall: str, ticket: int, days: int = 0) -> Promise | None:
        """Try to book a time for a ticket."""
        with self.sessions.begin() as session:
            return book(session, ticket, None, self.at(wall, days), now=self.now, grid=self.grid)

    def hold(self, wall: str, until: datetime, ticket: int | None = None, **told: object) -> int:
        """A place kept free for somebody who waits and has been offered this time; the callback's id."""
        ticket = ticket or self.ticket(**told)
        with self.sessions.begin() as session:
            lock_slots(session, self.network, [self.at(wall)])
            code = cipher_of(session).seal("1234")
            values = {"ticket": ticket, "starts_at": self.at(wall), "now": self.now, "until": until, "code": code}
            return int(session.execute(_HELD, values).scalar_one())

    def choose(self, promised: Promise) -> int | None:
        """Ten minutes before its time, choose who rings."""
        at = promised.starts_at - timedelta(minutes=10)
        with self.sessions.begin() as session:
            return choose_helper(session, promised.callback_id, now=at, grid=self.grid)

    def begin(self, promised: Promise, helper: int | None, number: int = 1, at: datetime | None = None) -> AttemptRef:
        """Write down that this helper is about to be rung."""
        assert helper is not None
        with self.sessions.begin() as session:
            attempt = begin_attempt(session, promised.callback_id, number, helper, now=at or promised.starts_at)
        assert attempt is not None
        return attempt

    def taken(self, promised: Promise, number: int = 1, at: datetime | None = None) -> AttemptRef:
        """The chosen helper is rung and presses 1; chosen first, if this is the first try."""
        if number == 1:
            self.choose(promised)
        with self.sessions.begin() as session:
            known = brief(session, promised.callback_id)
        assert known is not None
        assert known.helper is not None
        attempt = self.begin(promised, known.helper.id, number, at)
        with self.sessions.begin() as session:
            assert take(session, promised.callback_id, attempt.id, attempt.helper_id, now=at or promised.starts_at)
        return attempt

    def fetch(self, statement: str, **values: object) -> list[tuple[object, ...]]:
        """Rows, as the database has them."""
        with self.sessions() as session:
            return [tuple(row) for row in session.execute(text(statement), values)]

    def update(self, table: str, key: int, **values: object) -> None:
        """Change a row behind the line's back."""
        changes = ", ".join(f"{column} = :{column}" for column in values)
        with self.sessions.begin() as session:
            session.execute(text(f"UPDATE {table} SET {changes} WHERE id = :id"), {**values, "id": key})

    def jobs(self, state: str = "waiting") -> dict[str, datetime]:
        """The jobs in this state: key → when they run."""
        rows = self.fetch("SELECT key, run_at FROM job WHERE state = :state ORDER BY run_at, key", state=state)
        return {str(key): at for key, at in rows if isinstance(at, datetime)}

    def events(self, ticket: int) -> list[object]:
        """What happened to a ticket, in order."""
        return [
            kind for (kind,) in self.fetch("SELECT kind FROM ticket_event WHERE ticket_id = :t ORDER BY id", t=ticket)
        ]

    def state(self, callback: int) -> object:
        """Where a promise stands."""
        return self.fetch("SELECT state FROM callback WHERE id = :id", id=callback)[0][0]

    def status(self, ticket: int) -> object:
        """Where a ticket stands."""
        return self.fetch("SELECT status FROM ticket WHERE id = :id", id=ticket)[0][0]


@pytest.fixture
def town(sessions: sessionmaker[Session], now: datetime) -> Town:
    """A network without helpers or rota yet."""
    return Town(sessions, now)


@pytest.fixture
def grid() -> Grid:
    """The usual grid: every quarter of an hour, an hour each."""
    return Grid()


@pytest.fixture
def statements(engine: Engine) -> Iterator[list[str]]:
    """The SQL statements sent to the database; clear it to count from there."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)
