"""What the public pages hand out and get back: signed, so that nobody writes their own."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from itsdangerous import BadSignature, URLSafeSerializer

FORM_LIFE: Final = timedelta(hours=24)
FASTEST: Final = timedelta(seconds=3)  # nobody reads and fills the form in less; a machine does
TICKET_LIFE: Final = timedelta(days=30)
BOOKING_LIFE: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class FormSeal:
    """One showing of the form: sent twice it is still one request, and after a day it is shown anew."""

    name: str
    shown_at: datetime

    @classmethod
    def new(cls, now: datetime) -> Self:
        """A seal for a form that is shown now."""
        return cls(secrets.token_hex(8), now)

    def is_too_fresh(self, now: datetime) -> bool:
        """Whether nobody could have filled the form since it was shown."""
        return now - self.shown_at < FASTEST

    def written(self, secret: str) -> str:
        """The seal as a hidden field."""
        return str(_signer(secret, "form").dumps([self.name, int(self.shown_at.timestamp())]))

    @classmethod
    def read(cls, text: str, secret: str, now: datetime) -> Self | None:
        """The seal of a form that came back; None if it is forged or a day old."""
        try:
            name, shown_s = _signer(secret, "form").loads(text)
        except BadSignature:
            return None
        shown_at = datetime.fromtimestamp(shown_s, now.tzinfo)
        return cls(name, shown_at) if now - shown_at <= FORM_LIFE else None


@dataclass(frozen=True, slots=True)
class TicketSeal:
    """The right of whoever sent the form to choose a time for it, and to see the time that they chose."""

    ticket_id: int
    callback_id: int | None
    given_at: datetime

    def written(self, secret: str) -> str:
        """The seal as a part of an address."""
        return str(_signer(secret, "ticket").dumps([self.ticket_id, self.callback_id, int(self.given_at.timestamp())]))

    @classmethod
    def read(cls, text: str, secret: str, now: datetime) -> Self | None:
        """The seal in an address; None if it is forged or a month old."""
        try:
            ticket_id, callback_id, given_s = _signer(secret, "ticket").loads(text)
        except BadSignature:
            return None
        given_at = datetime.fromtimestamp(given_s, now.tzinfo)
        return cls(ticket_id, callback_id, given_at) if now - given_at <= TICKET_LIFE else None


@dataclass(frozen=True, slots=True)
class BookingSeal:
    """The right of whoever told a booking's number and code, or has just made it, to look at it and change it, for a while."""

    ticket_id: int
    given_at: datetime

    def written(self, secret: str) -> str:
        """The seal as a part of an address."""
        return str(_signer(secret, "booking").dumps([self.ticket_id, int(self.given_at.timestamp())]))

    @classmethod
    def read(cls, text: str, secret: str, now: datetime) -> Self | None:
        """The seal in an address; None if it is forged or some hours old."""
        try:
            ticket_id, given_s = _signer(secret, "booking").loads(text)
        except BadSignature:
            return None
        given_at = datetime.fromtimestamp(given_s, now.tzinfo)
        return cls(ticket_id, given_at) if now - given_at <= BOOKING_LIFE else None


def _signer(secret: str, salt: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=f"digilinja public {salt}")
