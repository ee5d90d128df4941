"""A mail server of the test's own on this machine: it keeps what it is handed, or refuses as it is told."""

from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Received:
    """What a mail server of this machine was handed, or how it refuses."""

    letters: list[tuple[list[str], Message]] = field(default_factory=list)
    refuses: str | None = None
    users: list[bytes] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - the server looks for this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.refuses is not None:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.letters.append((envelope.rcpt_tos, message_from_bytes(envelope.content)))
        return "250 OK"

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: object
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        self.users.append(given.login)
        return AuthResult(success=given.password == b"word")


class AnyPort(Controller):
    """A server on whichever port is free."""

    def __init__(self, handler: Received, **told: object) -> None:
        super().__init__(handler, port=0, **told)

    def _trigger_server(self) -> None:
        self.port = port_of(self)
        super()._trigger_server()


def port_of(controller: Controller) -> int:
    """Where it listens."""
    assert controller.server is not None
    return int(controller.server.sockets[0].getsockname()[1])
