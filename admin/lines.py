"""Tells the operator where each line's calls and texts are answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from admin.parts import Parts
from ivr.addresses import Addresses
from ivr.twilio_phone import TwilioPhone
from scheduler.lines import connect_now
from tickets.network import Line, LineTrouble

UNKNOWN: Final = "the account has no such number: buy it or port it there first"


@dataclass(frozen=True, slots=True)
class Connection:
    """What became of one line: connected, unknown to the operator, or why not."""

    e164: str
    name: str
    trouble: str | None


def telephone(parts: Parts) -> TwilioPhone:
    """The operator, with the newest of our tokens."""
    settings = parts.settings
    assert settings.account_sid is not None
    return TwilioPhone(
        account_sid=settings.account_sid, auth_token=settings.auth_tokens[0], api_url=settings.twilio_api_url
    )


def connect_lines(parts: Parts) -> Sequence[Connection]:
    """Give every line in use its webhooks at the operator."""
    phone = telephone(parts)
    with parts.sessions.begin() as session:
        lines = session.scalars(select(Line).where(Line.active).order_by(Line.id)).all()
    return [Connection(line.e164, line.name, _connect(parts, phone, line)) for line in lines]


def _connect(parts: Parts, phone: TwilioPhone, line: Line) -> str | None:
    public_url = parts.settings.public_url or ""
    webhooks = Addresses(public_url, parts.settings.secret_key).webhooks
    trouble, said = connect_now(parts.sessions, parts.clock, phone, line, public_url=public_url, webhooks=webhooks)
    if said is not None:
        return str(said)
    return UNKNOWN if trouble is LineTrouble.NO_SUCH_NUMBER else None
