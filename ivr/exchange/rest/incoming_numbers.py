"""REST: the account's numbers, and where their calls and texts are answered."""

from __future__ import annotations

from flask import Blueprint, request

from ivr.exchange.numbers import is_e164
from ivr.exchange.office import Line, Office
from ivr.exchange.rest.errors import not_found, refused
from ivr.exchange.rest.form import Form
from ivr.exchange.rest.paging import PAGING, Json, page_of
from ivr.exchange.rest.shapes import number_json

_URLS = {
    "VoiceUrl": "voice_url",
    "VoiceFallbackUrl": "voice_fallback_url",
    "StatusCallback": "status_callback",
    "SmsUrl": "sms_url",
}
_METHODS = {
    "VoiceMethod": "voice_method",
    "VoiceFallbackMethod": "voice_fallback_method",
    "StatusCallbackMethod": "status_callback_method",
    "SmsMethod": "sms_method",
}
_SETTINGS = ("FriendlyName", *_URLS, *_METHODS)


def add_number_routes(blueprint: Blueprint, office: Office) -> None:
    """Answer /IncomingPhoneNumbers and /IncomingPhoneNumbers/{sid}."""

    @blueprint.get("/IncomingPhoneNumbers.json")
    def list_numbers() -> Json:
        Form(request.args, ("PhoneNumber", "FriendlyName", *PAGING))
        with office.lock:
            found = [line for line in office.lines.values() if _wanted(line)]
            return page_of(request, "incoming_phone_numbers", found, lambda line: number_json(office, line))

    @blueprint.post("/IncomingPhoneNumbers.json")
    def buy_number() -> tuple[Json, int]:
        form = Form(request.form, ("PhoneNumber", *_SETTINGS))
        with office.lock:
            return number_json(office, _bought(office, form)), 201

    @blueprint.get("/IncomingPhoneNumbers/<sid>.json")
    def show_number(sid: str) -> Json:
        with office.lock:
            return number_json(office, _line(office, sid))

    @blueprint.post("/IncomingPhoneNumbers/<sid>.json")
    def change_number(sid: str) -> Json:
        form = Form(request.form, _SETTINGS)
        with office.lock:
            line = _line(office, sid)
            _set(line, form)
            return number_json(office, line)

    @blueprint.delete("/IncomingPhoneNumbers/<sid>.json")
    def release_number(sid: str) -> tuple[str, int]:
        with office.lock:
            del office.lines[_line(office, sid).number]
        return "", 204


def _wanted(line: Line) -> bool:
    number = request.args.get("PhoneNumber", line.number)
    return number == line.number and request.args.get("FriendlyName", line.name) == line.name


def _bought(office: Office, form: Form) -> Line:
    number = form.needed("PhoneNumber", 21421)
    if not is_e164(number):
        raise refused(21421, f"PhoneNumber {number} is invalid")
    if number in office.lines:
        raise refused(21422, f"PhoneNumber {number} is not available")
    line = Line(office.new_sid("PN"), number, created_at=office.now())
    _set(line, form)
    office.lines[number] = line
    return line


def _line(office: Office, sid: str) -> Line:
    for line in office.lines.values():
        if line.sid == sid:
            return line
    raise not_found(f"/IncomingPhoneNumbers/{sid}.json")


def _set(line: Line, form: Form) -> None:
    for name, field in _URLS.items():
        if name in form:
            setattr(line, field, form.url(name, 21402))
    for name, field in _METHODS.items():
        if name in form:
            setattr(line, field, form.method(name))
    line.name = form.text("FriendlyName", line.name)
