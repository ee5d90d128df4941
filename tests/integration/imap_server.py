"""A mailbox of the test's own, behind an IMAP4 server that knows just the commands that a reader of mail sends."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

CRLF = b"\r\n"


@dataclass
class Folder:
    """Messages by their number, and which of them have been seen."""

    messages: dict[int, bytes] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)


@dataclass
class ImapServer:
    """What lies in the mailbox. `dies_before` names a command at which the line goes dead; `says` what was asked for."""

    user: str = "digituki"
    password: str = 'word "quoted"'
    folders: dict[str, Folder] = field(default_factory=lambda: {"INBOX": Folder(), "Luetut": Folder()})
    dies_before: str | None = None
    knows_move: bool = True
    claims_size: int | None = None
    said: list[str] = field(default_factory=list)
    port: int = 0

    def arrives(self, raw: bytes) -> int:
        inbox = self.folders["INBOX"]
        number = max(inbox.messages, default=100) + 1
        inbox.messages[number] = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        return number

    @property
    def unread(self) -> list[int]:
        inbox = self.folders["INBOX"]
        return sorted(inbox.messages.keys() - inbox.seen)


@contextmanager
def serving(server: ImapServer) -> Iterator[ImapServer]:
    """The server, answering on a port of this machine."""

    class Conversation(_Conversation):
        box = server

    with _Listener(("127.0.0.1", 0), Conversation) as listener:
        server.port = listener.server_address[1]
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        listener.shutdown()
        thread.join()


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


class _Conversation(socketserver.StreamRequestHandler):
    box: ImapServer
    folder: Folder | None = None

    def handle(self) -> None:
        self._tell(b"* OK here")
        for line in self.rfile:
            tag, _, rest = line.strip().decode().partition(" ")
            words = rest.split(" ", 2)
            command = " ".join(words[:2] if words[0].upper() == "UID" else words[:1]).upper()
            argument = rest[len(command) :].strip()
            self.box.said.append(command)
            if command == self.box.dies_before:
                return
            answer = getattr(self, "_" + command.replace(" ", "_").lower())(argument)
            self._tell(f"{tag} {answer}".encode())
            if command == "LOGOUT":
                return

    def _tell(self, line: bytes) -> None:
        self.wfile.write(line + CRLF)

    def _capability(self, _: str) -> str:
        self._tell(b"* CAPABILITY IMAP4rev1" + (b" MOVE" if self.box.knows_move else b""))
        return "OK done"

    def _login(self, argument: str) -> str:
        given = re.fullmatch(r'"((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)"', argument)
        names = [re.sub(r"\\(.)", r"\1", name) for name in given.groups()] if given else []
        return "OK welcome" if names == [self.box.user, self.box.password] else "NO [AUTHENTICATIONFAILED] no"

    def _select(self, argument: str) -> str:
        self.folder = self.box.folders.get(argument.strip('"'))
        if self.folder is None:
            return "NO [NONEXISTENT] no such folder"
        self._tell(f"* {len(self.folder.messages)} EXISTS".encode())
        return "OK [READ-WRITE] selected"

    def _uid_search(self, argument: str) -> str:
        assert argument == "(UNSEEN)", argument
        assert self.folder is not None
        found = sorted(self.folder.messages.keys() - self.folder.seen, reverse=True)
        self._tell(f"* SEARCH {' '.join(map(str, found))}".encode())
        return "OK done"

    def _uid_fetch(self, argument: str) -> str:
        assert self.folder is not None
        asked = re.fullmatch(r"(\d+) \(BODY\.PEEK\[(HEADER)?\] UID FLAGS RFC822\.SIZE\)", argument)
        assert asked, argument
        raw = self.folder.messages.get(int(asked[1]))
        if raw is None:
            return "OK nothing there"
        body = raw.partition(CRLF * 2)[0] + CRLF * 2 if asked[2] else raw
        size = self.box.claims_size or len(raw)
        head = f"* 1 FETCH (UID {asked[1]} FLAGS () RFC822.SIZE {size} BODY[{asked[2] or ''}] {{{len(body)}}}"
        self.wfile.write(head.encode() + CRLF + body)
        self._tell(b")")
        return "OK done"

    def _uid_store(self, argument: str) -> str:
        assert self.folder is not None
        number, flag = re.fullmatch(r"(\d+) \+FLAGS \(?(\\Seen|\\Deleted)\)?", argument).groups()  # type: ignore[union-attr]
        if flag == "\\Seen":
            self.folder.seen.add(int(number))
        else:
            self.folder.messages.pop(int(number))
        return "OK done"

    def _uid_copy(self, argument: str) -> str:
        number, folder = self._sorted_to(argument)
        assert self.folder is not None
        folder.messages[number] = self.folder.messages[number]
        return "OK done"

    def _uid_move(self, argument: str) -> str:
        assert self.folder is not None
        self._uid_copy(argument)
        self.folder.messages.pop(self._sorted_to(argument)[0])
        return "OK done"

    def _sorted_to(self, argument: str) -> tuple[int, Folder]:
        number, name = argument.split(" ", 1)
        return int(number), self.box.folders[name.strip('"')]

    def _expunge(self, _: str) -> str:
        return "OK done"

    def _logout(self, _: str) -> str:
        self._tell(b"* BYE")
        return "OK bye"
