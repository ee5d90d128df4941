"""The way in for e-mail: mailboxes elsewhere, read by IMAP."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from imaplib import IMAP4
from typing import Final

from certifi import where
from imap_tools import AND, BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted, MailMessage
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from admin.outside.mail import ON_THIS_MACHINE
from scheduler.ports import Arrived, MailAccount, MailboxError
from tickets.mailboxes import MailTrouble

PATIENCE_S: Final = 20.0  # for each word of the server
LARGEST: Final = 8 * 1024 * 1024  # bytes; of a larger message only the head is read
STARTTLS: Final = 143


class RawMessage(MailMessage):
    """A message as the server has it: the library would read it at once, and there are some that nobody can read."""

    def __init__(self, fetch_data: list[bytes | tuple[bytes, bytes]]) -> None:
        self.raw, self._raw_uid_data, self._raw_flag_data = self._get_message_data_parts(fetch_data)


class ImapOffice:
    """Opens mailboxes; a password goes over a network only under TLS."""

    def __init__(self, *, patience_s: float = PATIENCE_S, trust: ssl.SSLContext | None = None) -> None:
        self._patience_s = patience_s
        self._trust = trust or ssl.create_default_context(cafile=where())

    @contextmanager
    def open(self, account: MailAccount) -> Iterator["ImapMailbox"]:
        """Open a mailbox for a while; raises MailboxError."""
        try:
            box = self._connected(account)
        except (OSError, IMAP4.error, ImapToolsError) as error:
            raise MailboxError(MailTrouble.UNREACHABLE) from error
        box.email_message_class = RawMessage
        try:
            _enter(box, account)
            yield ImapMailbox(box, account.done_folder)
        finally:
            _leave(box)

    def _connected(self, account: MailAccount) -> BaseMailBox:
        host, port = account.host, account.port
        if host in ON_THIS_MACHINE:
            return MailBoxUnencrypted(host, port, timeout=self._patience_s)
        if port == STARTTLS:
            return MailBoxStartTls(host, port, timeout=self._patience_s, ssl_context=self._trust)
        return MailBox(host, port, timeout=self._patience_s, ssl_context=self._trust)


class ImapMailbox:
    """A mailbox that is open; nothing in it is thrown away by us."""

    def __init__(self, box: BaseMailBox, done_folder: str | None) -> None:
        self._box = box
        self._done_folder = done_folder

    def unread(self, most: int) -> tuple[str, ...]:
        """The numbers of the messages that nobody has dealt with, the oldest first."""
        with _troubled():
            numbers = self._box.uids(AND(seen=False), charset=None)
        return tuple(sorted(numbers, key=int)[:most])

    def read(self, number: str) -> Arrived | None:
        """One message, left as unread as it was; nothing if it is gone."""
        with _troubled():
            head = next(self._fetch(number, headers_only=True), None)
            if head is None:
                return None
            size, raw = head
            if size > LARGEST:
                return Arrived(raw, whole=False)
            found = next(self._fetch(number, headers_only=False), None)
        return None if found is None else Arrived(found[1], whole=True)

    def put_away(self, number: str) -> None:
        """Move it where it belongs, else mark it as seen."""
        with _troubled():
            # Not by the library's own `flag`, which also throws away whatever somebody else had marked as deleted.
            answer, _ = self._box.client.uid("STORE", number, "+FLAGS", r"(\Seen)")
            if answer == "OK" and self._done_folder is not None:
                self._box.move(number, self._done_folder)
        if answer != "OK":
            raise MailboxError(MailTrouble.REFUSED)

    def _fetch(self, number: str, *, headers_only: bool) -> Iterator[tuple[int, bytes]]:
        """The size of a message and its head, or all of it."""
        for message in self._box.fetch(uid_list=number, mark_seen=False, headers_only=headers_only):
            assert isinstance(message, RawMessage)
            yield message.size_rfc822, message.raw


def _enter(box: BaseMailBox, account: MailAccount) -> None:
    try:
        box.login(account.user, account.password, initial_folder=account.folder)
    except MailboxFolderSelectError as error:
        raise MailboxError(MailTrouble.NO_FOLDER) from error
    except (MailboxLoginError, UnicodeError) as error:
        raise MailboxError(MailTrouble.LOG_IN_REFUSED) from error
    except IMAP4.abort as error:
        raise MailboxError(MailTrouble.UNREACHABLE) from error
    except (IMAP4.error, ImapToolsError) as error:
        raise MailboxError(MailTrouble.LOG_IN_REFUSED) from error
    except OSError as error:
        raise MailboxError(MailTrouble.UNREACHABLE) from error


def _leave(box: BaseMailBox) -> None:
    """Say goodbye and hang up; a line that has gone dead is hung up all the same."""
    with suppress(OSError, IMAP4.error, ImapToolsError):
        box.logout()
    with suppress(OSError):
        box.client.shutdown()


@contextmanager
def _troubled() -> Iterator[None]:
    try:
        yield
    except (IMAP4.abort, OSError) as error:
        raise MailboxError(MailTrouble.UNREACHABLE) from error
    except (IMAP4.error, ImapToolsError, ValueError) as error:
        raise MailboxError(MailTrouble.REFUSED) from error
