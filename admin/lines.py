"""Tells the operator where each line's calls and texts are answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from admin.parts import Parts
from ivr.addresses import Addresses
from ivr.twilio_phone import TwilioPhone
from scheduler.ports import TelephonyError
from tickets.network import Line


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
    addresses = Addresses(parts.settings.public_url or "", parts.settings.secret_key)
    with parts.sessions.begin() as session:
        lines = session.scalars(select(Line).where(Line.active).order_by(Line.id)).all()
    return [Connection(line.e164, line.name, _connect(phone, line.e164, addresses)) for line in lines]


def _connect(phone: TwilioPhone, e164: str, addresses: Addresses) -> str | None:
    try:
        known = phone.connect_line(
            e164,
            voice_url=addresses.call,
            voice_method="POST",
            voice_fallback_url=addresses.fallback,
            voice_fallback_method="POST",
            status_callback=addresses.status,
            status_callback_method="POST",
            sms_url=addresses.text,
            sms_method="POST",
        )
    except TelephonyError as error:
        return str(error)
    return None if known else "the account has no such number: buy it or port it there first"
