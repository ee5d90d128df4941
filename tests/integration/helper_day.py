"""A helper's day in the making: promises of theirs, and what the telephone does about them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import select, text

from admin.parts import Parts
from scheduler.attempts import begin_attempt, end_talk, note_caller_rung, note_ringing, take
from scheduler.promises import book
from scheduler.slots import Grid
from tickets.intake import Matter, open_ticket
from tickets.network import Line, Network
from tickets.ticket import Ticket
from tickets.vocabulary import Channel, Topic
from voice_prompts.language import Language

NUMBERS = count(1)
MINUTE = timedelta(minutes=1)
CALLER = "+358401234567"


@dataclass(frozen=True)
class Promised:
    """A promise that was made, by its numbers; `code` is the ticket's."""

    callback: int
    ticket: int
    code: str
    secret: str


class HelperDay:
    """Promises to callers for which one helper was chosen."""

    def __init__(self, parts: Parts, helper: int, now: datetime) -> None:
        self.parts, self.helper, self.now = parts, helper, now
        with parts.sessions() as session:
            self.network: int = session.scalars(select(Network.id)).one()
            self.line = session.scalars(select(Line.id).order_by(Line.id)).first()

    def ticket(
        self,
        topic: Topic = Topic.PUHELIN,
        language: Language = Language.FI,
        caller: str = CALLER,
        said: str | None = "Puhelin ei soi.",
    ) -> str:
        """A matter of somebody, nobody's yet; its code."""
        key = f"call:HD{next(NUMBERS)}:1"
        told = Matter(
            self.network, self.line, Channel.PHONE, language, caller, key, topic=topic, municipality="853", text=said
        )
        with self.parts.sessions.begin() as session:
            return open_ticket(session, told, now=self.now - timedelta(days=1)).code

    def promise(
        self,
        minutes: int = 5,
        topic: Topic = Topic.PUHELIN,
        language: Language = Language.FI,
        caller: str = CALLER,
        said: str | None = "Puhelin ei soi.",
    ) -> Promised:
        """A promise so many minutes from now, booked yesterday; this helper was chosen for it."""
        code = self.ticket(topic, language, caller, said)
        starts_at = self.now + minutes * MINUTE
        with self.parts.sessions.begin() as session:
            ticket = session.scalars(select(Ticket).where(Ticket.code == code)).one()
            made = book(session, ticket.id, None, starts_at, now=self.now - timedelta(days=1), grid=Grid())
            assert made is not None
            chosen = {"helper": self.helper, "id": made.callback_id}
            session.execute(text("UPDATE callback SET assigned_helper_id = :helper WHERE id = :id"), chosen)
        return Promised(made.callback_id, ticket.id, code, made.code)

    def rings(self, promised: Promised, number: int = 1) -> int:
        """The line rings the helper; the attempt."""
        with self.parts.sessions.begin() as session:
            attempt = begin_attempt(session, promised.callback, number, self.helper, now=self.parts.clock.now())
            assert attempt is not None
            note_ringing(session, attempt.id, f"CA{next(NUMBERS):032}")
        return attempt.id

    def takes(self, promised: Promised, attempt: int) -> None:
        """The helper presses 1, and the caller's phone rings."""
        now = self.parts.clock.now()
        with self.parts.sessions.begin() as session:
            assert take(session, promised.callback, attempt, self.helper, now=now)
            note_caller_rung(session, promised.callback, now=now)

    def talked(self, promised: Promised) -> None:
        """They have talked; the ticket waits for how it went."""
        with self.parts.sessions.begin() as session:
            assert end_talk(session, promised.callback, now=self.parts.clock.now())

    def kept(self, minutes: int = 5, **about: object) -> Promised:
        """A promise that was kept, and of which nobody has said how it went."""
        promised = self.promise(minutes, **about)  # type: ignore[arg-type]
        self.takes(promised, self.rings(promised))
        self.talked(promised)
        return promised

    def rows(self, statement: str, **values: object) -> list[tuple[object, ...]]:
        """Rows, as the database has them."""
        with self.parts.sessions() as session:
            return [tuple(row) for row in session.execute(text(statement), values)]

    def one(self, statement: str, **values: object) -> object:
        """One value of one row."""
        ((value,),) = self.rows(statement, **values)
        return value
