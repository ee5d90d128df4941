"""What the demo's exchange must know: its lines, where they are answered, and whose phones there are to be."""

from collections.abc import Sequence
from typing import Final

import requests
from sqlalchemy import select

from admin.demo.people import residents
from admin.errors import AdminError
from admin.lines import connect_lines
from admin.parts import Parts
from tickets.directory import helpers_of
from tickets.network import Line, Network

PATIENCE_S: Final = 20
Entry = dict[str, str | list[str]]


def introduce(parts: Parts, exchange_url: str) -> None:
    """Give the exchange our lines and a phone book."""
    with parts.sessions.begin() as session:
        lines = session.scalars(select(Line).where(Line.active).order_by(Line.id)).all()
    for line in lines:
        _give_number(parts, line)
    trouble = [f"{line.e164}: {line.trouble}" for line in connect_lines(parts) if line.trouble]
    if trouble:
        raise AdminError(f"The exchange refuses a line: {trouble[0]}")
    requests.post(f"{exchange_url}/phone/directory", json=_phone_book(parts), timeout=PATIENCE_S).raise_for_status()


def _give_number(parts: Parts, line: Line) -> None:
    settings = parts.settings
    account = settings.account_sid or ""
    requests.post(
        f"{settings.twilio_api_url}/2010-04-01/Accounts/{account}/IncomingPhoneNumbers.json",
        data={"PhoneNumber": line.e164, "FriendlyName": line.name},
        auth=(account, settings.auth_tokens[0]),
        timeout=PATIENCE_S,
    ).raise_for_status()


def _phone_book(parts: Parts) -> Sequence[Entry]:
    callers: list[Entry] = [{"name": who.name, "number": who.phone, "part": "caller"} for who in residents()]
    with parts.sessions.begin() as session:
        helpers: list[Entry] = [
            {
                "name": card.name,
                "number": card.phone,
                "part": card.kind.value,
                "languages": [language.value for language in card.languages],
            }
            for network_id in session.scalars(select(Network.id))
            for card in helpers_of(session, network_id)
        ]
    return callers + helpers
