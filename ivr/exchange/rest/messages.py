"""REST: sending and seeing texts."""

from __future__ import annotations

from flask import Blueprint, Request, request

from ivr.exchange.numbers import is_e164, is_sender_name
from ivr.exchange.office import Office
from ivr.exchange.rest.errors import not_found, refused
from ivr.exchange.rest.form import Form
from ivr.exchange.rest.paging import PAGING, Json, happened_within, page_of
from ivr.exchange.rest.shapes import message_json
from ivr.exchange.texts import Text, TextFate, TextStatus, text_out

MOST_CHARACTERS = 1600
_CREATE = ("To", "From", "Body", "StatusCallback")
_FILTERS = ("To", "From", *(f"DateSent{sign}" for sign in ("", "<", ">")), *PAGING)


def add_message_routes(blueprint: Blueprint, office: Office) -> None:
    """Answer /Messages and /Messages/{sid}."""

    @blueprint.post("/Messages.json")
    def send_text() -> tuple[Json, int]:
        form = Form(request.form, _CREATE)
        with office.lock:
            text = _text(office, form)
            text_out(office, text)
            return message_json(office, text), 201

    @blueprint.get("/Messages.json")
    def list_texts() -> Json:
        Form(request.args, _FILTERS)
        with office.lock:
            found = [text for text in reversed(office.texts.values()) if _wanted(request, text)]
            return page_of(request, "messages", found, lambda text: message_json(office, text))

    @blueprint.get("/Messages/<sid>.json")
    def show_text(sid: str) -> Json:
        with office.lock:
            if sid not in office.texts:
                raise not_found(f"/Messages/{sid}.json")
            return message_json(office, office.texts[sid])


def _text(office: Office, form: Form) -> Text:
    to, sender = form.needed("To", 21604), form.needed("From", 21603)
    body = form.needed("Body", 21602)
    if len(body) > MOST_CHARACTERS:
        raise refused(21617, f"The message body exceeds the {MOST_CHARACTERS} character limit")
    _check_sender(office, sender)
    _check_receiver(office, sender, to)
    return Text(
        sid=office.new_sid("SM"),
        from_number=sender,
        to_number=to,
        body=body,
        direction="outbound-api",
        created_at=office.now(),
        status=TextStatus.QUEUED,
        callback=form.url("StatusCallback", 21609),
    )


def _check_sender(office: Office, sender: str) -> None:
    if is_e164(sender):
        if sender not in office.lines:
            raise refused(21606, f"The From number {sender} may not send messages to this number")
    elif not is_sender_name(sender):
        raise refused(21212, f"The From number {sender} is not a valid phone number")


def _check_receiver(office: Office, sender: str, to: str) -> None:
    if not is_e164(to):
        raise refused(21211, f"The 'To' number {to} is not a valid phone number")
    if not office.may_call(to):
        raise refused(21408, f"Permission to send an SMS has not been enabled for {to}")
    if (sender, to) in office.opted_out:
        raise refused(21610, "Attempt to send to unsubscribed recipient")
    if office.handset(to).text_fate is TextFate.REFUSED:
        raise refused(21614, f"'To' number {to} is not a valid mobile number")


def _wanted(request: Request, text: Text) -> bool:
    filters = {"To": text.to_number, "From": text.from_number}
    if any(request.args.get(name, value) != value for name, value in filters.items()):
        return False
    return happened_within(request, "DateSent", text.updated_at or text.created_at)
