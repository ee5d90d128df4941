"""A town with a mailbox, which its worker reads and answers without a network."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from sqlalchemy import text

from scheduler.errands import Errand
from scheduler.jobs import ClaimedJob
from scheduler.mail.answering import answer
from scheduler.mail.boxes import add_mailbox
from scheduler.mail.rounds import read_mailbox
from scheduler.ports import MailAccount, Telephony, Urls
from scheduler.tools import Tools
from tests.integration.post import BOX, Office, Outgoing
from tests.integration.store.conftest import Town
from tickets.store import cipher_of
from voice_prompts.catalogue import Catalogue

ACCOUNT = MailAccount("mail.example.fi", 993, "digituki", "word")
LINK = "https://linja.example.fi/answer/seal"


@dataclass
class Clock:
    moment: datetime

    def now(self) -> datetime:
        return self.moment


@dataclass
class Post:
    """A town with a mailbox, its worker's hands, and a mail server that takes all."""

    town: Town
    office: Office = field(default_factory=Office)
    out: Outgoing = field(default_factory=Outgoing)

    def __post_init__(self) -> None:
        self.clock = Clock(self.town.now)
        self.box = self.add(self.town.line, BOX)

    def add(self, line: int, address: str) -> int:
        with self.town.sessions.begin() as session:
            added = add_mailbox(session, line, address, ACCOUNT, now=self.town.now, actor="test")
        assert added is not None
        return added

    def arrives(self, raw: bytes, box: int | None = None) -> None:
        """A letter comes; the mailbox is read, and whatever is to be answered is."""
        self.office.arrives(raw)
        self.read(box)
        self.answers()

    def read(self, box: int | None = None) -> None:
        job = self._job(Errand.READ_MAILBOX, {"mailbox": box or self.box})
        read_mailbox(self.office, self._tools(self.out), job)

    def answers(self, out: Outgoing | None = None, *, mute: bool = False) -> None:
        waiting = self.town.fetch(
            "SELECT payload FROM job WHERE kind = 'answer_mail' AND state = 'waiting' ORDER BY id"
        )
        for (payload,) in waiting:
            job = self._job(Errand.ANSWER_MAIL, cast("dict[str, int]", payload))
            answer(lambda _ticket, _at: LINK, self._tools(None if mute else out or self.out), job)
        self.change("UPDATE job SET state = 'done', finished_at = now() WHERE kind = 'answer_mail'")

    def change(self, statement: str, **values: object) -> None:
        with self.town.sessions.begin() as session:
            session.execute(text(statement), values)

    def tickets(self) -> list[tuple[object, ...]]:
        return self.town.fetch("SELECT id, code, status, language FROM ticket ORDER BY id")

    def told(self, ticket: int) -> str:
        ((sealed,),) = self.town.fetch("SELECT text_sealed FROM ticket WHERE id = :t", t=ticket)
        return self._opened(sealed)

    def notes(self, ticket: int) -> list[str]:
        rows = self.town.fetch(
            "SELECT text_sealed FROM note WHERE ticket_id = :t AND author = 'caller' ORDER BY id", t=ticket
        )
        return [self._opened(sealed) for (sealed,) in rows]

    def _opened(self, sealed: object) -> str:
        with self.town.sessions() as session:
            return cipher_of(session).open(str(sealed))

    def _tools(self, out: Outgoing | None) -> Tools:
        nobody = cast("Telephony", None)
        return Tools(self.town.sessions, self.clock, nobody, Catalogue.load(), cast("Urls", None), out)

    def _job(self, kind: Errand, payload: dict[str, int]) -> ClaimedJob:
        return ClaimedJob(1, f"{kind}:1", kind, payload, self.clock.moment, 1)
