"""The mailboxes of a network: put in, changed, rested, taken out, and read by one worker at a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from scheduler.errands import Errand
from scheduler.jobs import NewJob, enqueue
from scheduler.ports import MailAccount
from tickets.mailboxes import Mailbox, MailMessage, MailTrouble
from tickets.network import Line
from tickets.people_log import About, PeopleChangeKind, note_people
from tickets.store import cipher_of
from voice_prompts.language import Language

READ_WITHIN: Final = timedelta(minutes=4)  # a worker that has not finished by then has died; below the lease of its job


@dataclass(frozen=True, slots=True)
class Box:
    """A mailbox, and the line in whose name it is read."""

    id: int
    network_id: int
    line_id: int
    address: str
    first_language: Language
    municipality: str | None


class BoxRefusal(StrEnum):
    """Why a mailbox stays as it is; the pages have the words."""

    NOT_FOUND = "not_found"
    NO_SUCH_LINE = "no_such_line"
    CHANGED_MEANWHILE = "changed_meanwhile"


@dataclass(frozen=True, slots=True)
class BoxCard:
    """A mailbox as those see it who keep it: never with what opens it. A paused one is not read for a while."""

    id: int
    line_id: int
    address: str
    line: str
    host: str
    port: int
    user: str
    folder: str
    done_folder: str | None
    paused: bool
    read_at: datetime | None
    trouble: MailTrouble | None

    @property
    def seal(self) -> str:
        """What somebody saw of it when they began to change it."""
        return "|".join(map(str, (self.line_id, self.host, self.port, self.user, self.folder, self.done_folder)))


def add_mailbox(
    session: Session, line_id: int, address: str, account: MailAccount, *, now: datetime, actor: str
) -> int | None:
    """Read this mailbox from now on, each minute; None where one of this address is read already."""
    line = session.get_one(Line, line_id)
    added = session.scalar(
        insert(Mailbox)
        .values(
            network_id=line.network_id,
            line_id=line_id,
            address=address.lower(),
            host=account.host,
            port=account.port,
            user_name=account.user,
            password_sealed=cipher_of(session).seal(account.password),
            folder=account.folder,
            done_folder=account.done_folder,
            active=True,
            created_at=now,
        )
        .on_conflict_do_nothing()
        .returning(Mailbox.id)
    )
    if added is not None:
        enqueue(session, reading(added, at=now))
        kind, about = PeopleChangeKind.MAILBOX_ADDED, About()
        note_people(session, line.network_id, kind, about, actor=actor, now=now, mailbox=added, line=line_id)
    return added


def change_mailbox(
    session: Session, seen: BoxCard, line_id: int, account: MailAccount, *, network_id: int, now: datetime, actor: str
) -> BoxRefusal | None:
    """Read it otherwise, or for another line, from the next round on; `seen` is how it was when that was decided.

    Without a password in `account` the one that is kept by now opens it still.
    """
    row = session.get(Mailbox, seen.id, with_for_update=True, populate_existing=True)
    line = session.get(Line, line_id)
    if row is None or row.network_id != network_id or not row.active:
        return BoxRefusal.NOT_FOUND
    if line is None or line.network_id != network_id:
        return BoxRefusal.NO_SUCH_LINE
    if _card(row, line.name).seal != seen.seal:
        return BoxRefusal.CHANGED_MEANWHILE
    row.line_id, row.host, row.port, row.user_name = line_id, account.host, account.port, account.user
    row.folder, row.done_folder = account.folder, account.done_folder
    if account.password:
        row.password_sealed = cipher_of(session).seal(account.password)
    row.trouble = None
    session.flush()
    if not row.paused:
        enqueue(session, reading(row.id, at=now))
    kind = PeopleChangeKind.MAILBOX_CHANGED
    note_people(session, network_id, kind, About(), actor=actor, now=now, mailbox=row.id, line=line_id)
    return None


def pause_mailbox(
    session: Session, network_id: int, mailbox_id: int, *, paused: bool, now: datetime, actor: str
) -> bool:
    """Leave it alone for a while, or read it again; False where none of this number is read. Done twice it is done."""
    row = session.get(Mailbox, mailbox_id, with_for_update=True, populate_existing=True)
    if row is None or row.network_id != network_id or not row.active:
        return False
    if row.paused is not paused:
        row.paused = paused
        session.flush()
        kind = PeopleChangeKind.MAILBOX_CHANGED
        note_people(session, network_id, kind, About(), actor=actor, now=now, mailbox=mailbox_id, paused=paused)
        if not paused:
            enqueue(session, reading(mailbox_id, at=now))
    return True


def remove_mailbox(session: Session, network_id: int, mailbox_id: int, *, now: datetime, actor: str) -> bool:
    """Read it no more, and forget what opened it; False where none of this number is read."""
    mine = (Mailbox.id == mailbox_id) & (Mailbox.network_id == network_id) & Mailbox.active
    forgotten = {"active": False, "password_sealed": cipher_of(session).seal("")}
    gone = session.scalar(update(Mailbox).where(mine).values(forgotten).returning(Mailbox.id))
    taken = exists().where(MailMessage.mailbox_id == mailbox_id)
    if gone is not None:
        kind = PeopleChangeKind.MAILBOX_REMOVED
        note_people(session, network_id, kind, About(), actor=actor, now=now, mailbox=mailbox_id)
        session.execute(delete(Mailbox).where(Mailbox.id == mailbox_id, ~taken))
    return gone is not None


def mailboxes_of(session: Session, network_id: int) -> tuple[BoxCard, ...]:
    """The mailboxes that a network has read, the oldest first."""
    rows = session.execute(
        select(Mailbox, Line.name)
        .join(Line, Line.id == Mailbox.line_id)
        .where(Mailbox.network_id == network_id, Mailbox.active)
        .order_by(Mailbox.id)
    )
    return tuple(_card(row, line) for row, line in rows)


def account_of(session: Session, network_id: int, mailbox_id: int) -> MailAccount | None:
    """What opens a mailbox of a network, for whoever tries it; None where none of this number is read."""
    row = session.get(Mailbox, mailbox_id)
    return None if row is None or row.network_id != network_id or not row.active else opened(session, row)[1]


def own_addresses(session: Session) -> frozenset[str]:
    """The addresses that are ours: what comes from them is no caller's."""
    return frozenset(session.scalars(select(Mailbox.address)))


def readings(session: Session, begins: datetime, ends: datetime) -> None:
    """Each mailbox is to be read once in each minute from `begins` up to `ends`."""
    whole = begins.replace(second=0, microsecond=0)
    minutes = range(int((ends - whole) / timedelta(minutes=1)) + 1)
    for mailbox_id in session.scalars(select(Mailbox.id).where(Mailbox.active, ~Mailbox.paused)).all():
        enqueue(session, *(reading(mailbox_id, at=whole + timedelta(minutes=minute)) for minute in minutes))


def reading(mailbox_id: int, *, at: datetime) -> NewJob:
    """Look into a mailbox; once a minute, however often it is asked for."""
    key = f"{Errand.READ_MAILBOX}:mailbox-{mailbox_id}:{at:%Y%m%dT%H%M}"
    return NewJob(Errand.READ_MAILBOX, key, at, {"mailbox": mailbox_id})


def lease(session: Session, mailbox_id: int, *, now: datetime) -> tuple[Box, MailAccount] | None:
    """The mailbox is this worker's to read; None while another reads it, or it is read no more."""
    free = or_(Mailbox.busy_until.is_(None), Mailbox.busy_until <= now)
    row = session.scalar(
        update(Mailbox)
        .where(Mailbox.id == mailbox_id, Mailbox.active, ~Mailbox.paused, free)
        .values(busy_until=now + READ_WITHIN)
        .returning(Mailbox)
    )
    return None if row is None else opened(session, row)


def opened(session: Session, row: Mailbox) -> tuple[Box, MailAccount]:
    """A mailbox, and what opens it."""
    line = session.get_one(Line, row.line_id)
    box = Box(row.id, row.network_id, row.line_id, row.address, line.first_language, line.municipality)
    password = cipher_of(session).open(row.password_sealed)
    return box, MailAccount(row.host, row.port, row.user_name, password, row.folder, row.done_folder)


def release(session: Session, mailbox_id: int, trouble: MailTrouble | None, *, now: datetime) -> None:
    """The worker is done with it: it was read, or why not."""
    read = {"trouble": trouble} if trouble is not None else {"trouble": None, "read_at": now}
    session.execute(update(Mailbox).where(Mailbox.id == mailbox_id).values(busy_until=None, **read))


def _card(row: Mailbox, line: str) -> BoxCard:
    where = (row.host, row.port, row.user_name, row.folder, row.done_folder)
    return BoxCard(row.id, row.line_id, row.address, line, *where, row.paused, row.read_at, row.trouble)
