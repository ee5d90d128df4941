"""Texts (SMS): from the product to phones, and from phones to the product."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from ivr.exchange.faults import Kind
from ivr.exchange.mail import Letter, post
from ivr.exchange.messages import Lost, WebhookResponse
from ivr.exchange.process import Steps
from ivr.exchange.sms_reply import read_replies
from ivr.exchange.values import CallError

if TYPE_CHECKING:
    from ivr.exchange.office import Line, Office

_STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"})
_START_WORDS = frozenset({"START", "YES", "UNSTOP"})
_GSM_EXTRA = frozenset("åäöÅÄÖéèàùìòñüÜÑÉÆæØøß£¥§¤¡¿ÇΔΦΓΛΩΠΨΣΘΞ")


class TextStatus(StrEnum):
    """Where a text stands, in Twilio's words."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    RECEIVED = "received"


class TextFate(StrEnum):
    """What becomes of a text to a phone."""

    ARRIVE = "arrive"
    REFUSED = "refused"  # known to be a landline: 21614 at once
    UNDELIVERED = "undelivered"  # turns out to be one: 30006 later


@dataclass(slots=True, eq=False)
class Text:
    """One text."""

    sid: str
    from_number: str
    to_number: str
    body: str
    direction: str
    created_at: datetime
    status: TextStatus
    callback: str = ""
    error_code: int | None = None
    updated_at: datetime | None = None

    @property
    def segments(self) -> int:
        """How many texts it is paid as: 160 characters each in GSM-7, which has å ä ö; else 70."""
        plain = all(" " <= sign <= "~" or sign in _GSM_EXTRA or sign == "\n" for sign in self.body)
        one, many = (160, 153) if plain else (70, 67)
        return 1 if len(self.body) <= one else -(-len(self.body) // many)


def text_out(office: Office, text: Text) -> None:
    """Send a text of the product on its way to a phone."""
    office.texts[text.sid] = text
    office.agenda.after(0, lambda: _move(office, text, TextStatus.SENT))
    office.agenda.after(office.habits.text_seconds, lambda: _end(office, text))


def text_in(office: Office, sender: str, to: str, body: str) -> Text:
    """A phone sends a text to a line; STOP and START are heeded before the product sees them."""
    text = Text(office.new_sid("SM"), sender, to, body, "inbound", office.now(), TextStatus.RECEIVED)
    office.texts[text.sid] = text
    word = body.strip().upper()
    if word in _STOP_WORDS:
        office.opted_out.add((to, sender))
    elif word in _START_WORDS:
        office.opted_out.discard((to, sender))
    line = office.lines.get(to)
    if line is not None and line.sms_url:
        office.agenda.after(0, office.start(_hand_over(office, line, text)).start)
    return text


def _hand_over(office: Office, line: Line, text: Text) -> Steps[None]:
    answer, url = yield from post(_incoming(office, line, text))
    if isinstance(answer, Lost):
        office.alert(11205, f"sms: {answer.reason}", text.sid, url)
    elif answer.status >= 400:
        office.alert(11200, f"sms: status {answer.status}", text.sid, url)
    else:
        _reply_all(office, text, answer, url)


def _reply_all(office: Office, text: Text, answer: WebhookResponse, url: str) -> None:
    try:
        bodies = read_replies(answer)
    except CallError as error:
        office.alert(error.code, error.message, text.sid, url)
        return
    for body in bodies:
        _reply(office, text, body)


def _reply(office: Office, text: Text, body: str) -> None:
    """Answer a text with another."""
    sid, now = office.new_sid("SM"), office.now()
    answer = Text(sid, text.to_number, text.from_number, body, "outbound-reply", now, TextStatus.QUEUED)
    text_out(office, answer)


def _incoming(office: Office, line: Line, text: Text) -> Letter:
    params = {
        "MessageSid": text.sid,
        "SmsMessageSid": text.sid,
        "SmsSid": text.sid,
        "AccountSid": office.account_sid,
        "From": text.from_number,
        "To": text.to_number,
        "Body": text.body,
        "NumMedia": "0",
        "NumSegments": str(text.segments),
        "SmsStatus": "received",
        "ApiVersion": "2010-04-01",
        "FromCity": "",
        "FromCountry": "FI",
        "ToCountry": "FI",
    }
    return Letter(Kind.SMS, line.sms_method, line.sms_url, params, office.new_sid(""))


def _end(office: Office, text: Text) -> None:
    handset = office.handset(text.to_number)
    if handset.text_fate is TextFate.ARRIVE:
        handset.take_text(text)
        _move(office, text, TextStatus.DELIVERED)
    else:
        text.error_code = 30006
        _move(office, text, TextStatus.UNDELIVERED)


def _move(office: Office, text: Text, status: TextStatus) -> None:
    text.status, text.updated_at = status, office.now()
    if not text.callback:
        return
    params = {
        "MessageSid": text.sid,
        "SmsSid": text.sid,
        "MessageStatus": status.value,
        "SmsStatus": status.value,
        "AccountSid": office.account_sid,
        "From": text.from_number,
        "To": text.to_number,
        "ApiVersion": "2010-04-01",
    }
    if text.error_code is not None:
        params["ErrorCode"] = str(text.error_code)
    letter = Letter(Kind.SMS_STATUS, "POST", text.callback, params, office.new_sid(""))
    office.tell(letter)
