"""The rounds of the post: every mailbox is looked into each minute.

A message is put away only after what it became is committed. Whoever dies between the two finds it again, knows it by its
key, and only puts it away.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from scheduler.grids import grid_of
from scheduler.jobs import ClaimedJob
from scheduler.mail.boxes import Box, lease, own_addresses, readings, release
from scheduler.mail.reading import Heard, read
from scheduler.mail.taking import Taken, take
from scheduler.ports import Arrived, Mailbox, MailboxError, PostOffice
from scheduler.tools import Tools
from tickets.mailboxes import MailTrouble

log = structlog.get_logger()
AHEAD: Final = timedelta(minutes=5)
LATE: Final = timedelta(minutes=3)  # whoever is so late leaves it to the next round
AT_ONCE: Final = 30
LOOKED_AT: Final = 200  # of those that lie there, in one round
ALL: Final = 100_000
LONGEST: Final = timedelta(minutes=2)  # a round lasts; below the lease of the mailbox


def plan_rounds(tools: Tools, job: ClaimedJob) -> None:
    """Plan the rounds of the next minutes."""
    with tools.sessions.begin() as session:
        readings(session, job.run_at, job.run_at + AHEAD)


def read_mailbox(office: PostOffice, tools: Tools, job: ClaimedJob) -> None:
    """Look into a mailbox and take what is new."""
    now, mailbox_id = tools.clock.now(), int(job.payload["mailbox"])
    if now - job.run_at > LATE:
        return
    with tools.sessions.begin() as session:
        leased = lease(session, mailbox_id, now=now)
    if leased is None:
        return
    box, account = leased
    trouble: MailTrouble | None = MailTrouble.REFUSED
    try:
        with office.open(account) as mailbox:
            trouble = _take_all(tools, box, mailbox)
    except MailboxError as error:
        trouble = error.trouble
        log.warning("mailbox_not_read", mailbox=mailbox_id, trouble=trouble)
    finally:
        with tools.sessions.begin() as session:
            release(session, mailbox_id, trouble, now=tools.clock.now())


def _take_all(tools: Tools, box: Box, mailbox: Mailbox) -> MailTrouble | None:
    """Take what is unread; a message that the server will not show or put away, or that waits, stands in nobody's way."""
    trouble, taken, began = None, 0, tools.clock.now()
    for number in in_turn(mailbox.unread(ALL), began):
        if taken == AT_ONCE or tools.clock.now() > began + LONGEST:
            break
        try:
            taken += _take_one(tools, box, mailbox, number)
        except MailboxError as error:
            if error.trouble is MailTrouble.UNREACHABLE:
                raise
            trouble = error.trouble
    return trouble


def in_turn(numbers: Sequence[str], now: datetime) -> Sequence[str]:
    """Those to be looked at in this round, the oldest first; of very many, the next ones each minute, and so all of them."""
    if len(numbers) <= LOOKED_AT:
        return numbers
    rounds = -(-len(numbers) // LOOKED_AT)
    begins = int(now.timestamp() // 60) % rounds * LOOKED_AT
    return numbers[begins : begins + LOOKED_AT]


def _take_one(tools: Tools, box: Box, mailbox: Mailbox, number: str) -> bool:
    """Whether it was taken and put away."""
    arrived = mailbox.read(number)
    if arrived is None:
        return False
    try:
        became = _become(tools, box, arrived)
    except SQLAlchemyError:  # it lies there still, and the next round takes it; the others need not wait for it
        log.exception("mail_not_taken", mailbox=box.id)
        return False
    log.info("mail", mailbox=box.id, became=became)
    if became == Taken.TOO_MANY:
        return False  # it stays unread: another day takes it
    mailbox.put_away(number)
    return True


def _become(tools: Tools, box: Box, arrived: Arrived) -> str:
    """What the message became, in one transaction."""
    heard = read(arrived)
    if not isinstance(heard, Heard):
        return heard
    with tools.sessions.begin() as session:
        if heard.sender in own_addresses(session):
            return "own"
        return take(session, box, heard, now=tools.clock.now(), grid=grid_of(session, box.network_id))
