"""What the product answers to a text: <Response> with any number of <Message>s."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from ivr.exchange.attributes import Attributes, refuse_children, refuse_text, require_name
from ivr.exchange.messages import WebhookResponse
from ivr.exchange.values import CallError


def read_replies(answer: WebhookResponse) -> tuple[str, ...]:
    """The texts to send back; raises CallError with Twilio's code for what is no TwiML."""
    if not answer.body:
        return ()
    if answer.content_type.partition(";")[0].strip() not in ("text/xml", "application/xml"):
        raise CallError(12300, f"content type {answer.content_type!r} is no TwiML")
    try:
        root = ET.XML(answer.body)
    except ET.ParseError as error:
        raise CallError(12100, f"TwiML is not XML: {error}") from error
    require_name(root, "Response")
    refuse_text(root)
    return tuple(_read_message(element) for element in root)


def _read_message(element: ET.Element) -> str:
    require_name(element, "Message")
    Attributes(element, ())
    refuse_children(element)
    return (element.text or "").strip()
