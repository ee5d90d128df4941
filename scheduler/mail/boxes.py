"""The mailboxes of a network: put in, taken out, and read by one worker at a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from scheduler.errands import Errand
from scheduler.jobs import NewJob, enqueue
from scheduler.ports import MailAccount
from tickets.mailboxes import Mailbox, MailMessage, MailTrouble
from tickets.network import Line
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


@dataclass(frozen=True, slots=True)
class BoxCard:
    """A mailbox as operators see it: never with what opens it."""

    id: int
    address: str
    line: str
    host: str
    folder: str
    read_at: datetime | None
    trouble: MailTrouble | None


def add_mailbox(session: Session, line_id: int, address: str, account: MailAccount, *, now: datetime) -> int | None:
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
    return added


def remove_mailbox(session: Session, network_id: int, mailbox_id: int) -> bool:
    """Read it no more, and forget what opened it; False where none of this number is read."""
    mine = (Mailbox.id == mailbox_id) & (Mailbox.network_id == network_id) & Mailbox.active
    forgotten = {"active": False, "password_sealed": cipher_of(session).seal("")}
    gone = session.scalar(update(Mailbox).where(mine).values(forgotten).returning(Mailbox.id))
    taken = exists().where(MailMessage.mailbox_id == mailbox_id)
    if gone is not None:
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
    return tuple(
        BoxCard(row.id, row.address, line, row.host, row.folder, row.read_at, row.trouble) for row, line in rows
    )


def own_addresses(session: Session) -> frozenset[str]:
    """The addresses that are ours: what comes from them is no caller's."""
    return frozenset(session.scalars(select(Mailbox.address)))


def readings(session: Session, begins: datetime, ends: datetime) -> None:
    """Each mailbox is to be read once in each minute from `begins` up to `ends`."""
    whole = begins.replace(second=0, microsecond=0)
    minutes = range(int((ends - whole) / timedelta(minutes=1)) + 1)
    for mailbox_id in session.scalars(select(Mailbox.id).where(Mailbox.active)).all():
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
        .where(Mailbox.id == mailbox_id, Mailbox.active, free)
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
