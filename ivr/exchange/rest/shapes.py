"""The JSON that Twilio shows of a call, a recording, a text and a number."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime

from ivr.exchange.leg import Leg
from ivr.exchange.office import Line, Office
from ivr.exchange.recordings import Recording, recording_url
from ivr.exchange.rest.paging import Json
from ivr.exchange.texts import Text
from ivr.exchange.values import CallStatus, Direction

API_VERSION = "2010-04-01"


def account_path(office: Office) -> str:
    """Where everything of the account stands."""
    return f"/{API_VERSION}/Accounts/{office.account_sid}"


_ALIKE_FOR_ALL: Json = {
    **dict.fromkeys(("answered_by", "annotation", "caller_name", "forwarded_from", "group_sid", "price", "trunk_sid")),
    "api_version": API_VERSION,
    "price_unit": "USD",
    "queue_time": "0",
}


def call_json(leg: Leg) -> Json:
    """A call; its duration in whole seconds from the answer."""
    uri = f"{account_path(leg.office)}/Calls/{leg.sid}"
    status = CallStatus.QUEUED if leg.status is CallStatus.INITIATED else leg.status
    line = leg.office.lines.get(leg.to_number if leg.direction is Direction.INBOUND else leg.from_number)
    return {
        "sid": leg.sid,
        "account_sid": leg.office.account_sid,
        "parent_call_sid": leg.parent.sid if leg.parent else None,
        "from": leg.from_number,
        "from_formatted": leg.from_number,
        "to": leg.to_number,
        "to_formatted": leg.to_number,
        "phone_number_sid": line.sid if line else None,
        "status": status.value,
        "direction": leg.direction.value,
        "date_created": _date(leg.created_at),
        "date_updated": _date(leg.updated_at),
        "start_time": _date(leg.started_at),
        "end_time": _date(leg.ended_at),
        "duration": str(round(leg.seconds)) if leg.status.over else None,
        **_ALIKE_FOR_ALL,
        "uri": f"{uri}.json",
        "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
    }


def recording_json(office: Office, recording: Recording) -> Json:
    """A recording; its duration in whole seconds, -1 until it is known, as at Twilio."""
    done = recording.status.value in ("completed", "absent")
    uri = f"{account_path(office)}/Recordings/{recording.sid}"
    return {
        "sid": recording.sid,
        "account_sid": office.account_sid,
        "call_sid": recording.call_sid,
        "conference_sid": None,
        "status": recording.status.value,
        "duration": str(recording.seconds) if done else "-1",
        "channels": 1,
        "source": "RecordVerb",
        "date_created": _date(recording.created_at),
        "date_updated": _date(recording.created_at),
        "start_time": _date(recording.created_at),
        "encryption_details": None,
        "error_code": None,
        "price": None,
        "price_unit": "USD",
        "api_version": API_VERSION,
        "media_url": recording_url(office, recording.sid),
        "uri": f"{uri}.json",
        "subresource_uris": {},
    }


def message_json(office: Office, text: Text) -> Json:
    """A text."""
    uri = f"{account_path(office)}/Messages/{text.sid}"
    return {
        "sid": text.sid,
        "account_sid": office.account_sid,
        "messaging_service_sid": None,
        "from": text.from_number,
        "to": text.to_number,
        "body": text.body,
        "status": text.status.value,
        "direction": text.direction,
        "num_segments": str(text.segments),
        "num_media": "0",
        "date_created": _date(text.created_at),
        "date_updated": _date(text.updated_at or text.created_at),
        "date_sent": _date(text.updated_at),
        "error_code": text.error_code,
        "error_message": "Landline or unreachable carrier" if text.error_code else None,
        "price": None,
        "price_unit": "USD",
        "api_version": API_VERSION,
        "uri": f"{uri}.json",
        "subresource_uris": {"media": f"{uri}/Media.json"},
    }


def number_json(office: Office, line: Line) -> Json:
    """A number of the account, with where its calls and texts go."""
    return {
        "sid": line.sid,
        "account_sid": office.account_sid,
        "phone_number": line.number,
        "friendly_name": line.name or line.number,
        "voice_url": line.voice_url,
        "voice_method": line.voice_method,
        "voice_fallback_url": line.voice_fallback_url,
        "voice_fallback_method": line.voice_fallback_method,
        "status_callback": line.status_callback,
        "status_callback_method": line.status_callback_method,
        "sms_url": line.sms_url,
        "sms_method": line.sms_method,
        "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
        "date_created": _date(line.created_at),
        "date_updated": _date(line.created_at),
        "status": "in-use",
        "origin": "twilio",
        "beta": False,
        "api_version": API_VERSION,
        "uri": f"{account_path(office)}/IncomingPhoneNumbers/{line.sid}.json",
    }


def _date(at: datetime | None) -> str | None:
    return format_datetime(at.astimezone(UTC)) if at is not None else None
