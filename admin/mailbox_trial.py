"""A mailbox is opened once before it is read, so that a slip shows at once; nothing is taken."""

from typing import Final

from admin.outside.imap import ImapOffice
from scheduler.ports import MailAccount

LATEST: Final = 1  # message that a trial asks for
PATIENCE_S: Final = 10.0  # for each word of the server: somebody sits and waits


def something_waits(account: MailAccount) -> bool:
    """Whether anything unread lies there; raises MailboxError where it does not open."""
    with ImapOffice(patience_s=PATIENCE_S).open(account) as mailbox:
        return bool(mailbox.unread(LATEST))
