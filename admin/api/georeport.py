"""Open311 GeoReport v2 as it is written: services, requests and mistakes, in JSON and in XML."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Final, TypeAlias
from xml.etree import ElementTree as ET

from flask import Response, jsonify, request

from admin.wording import word
from tickets.ticket import Ticket
from tickets.vocabulary import AccessNeed, Device, HeardOfUs, HelpForm, Outcome, TicketStatus, Topic
from voice_prompts.language import Language

Value: TypeAlias = str | bool | int | Sequence["Value"] | Mapping[str, "Value"] | None
FORMS: Final = ("json", "xml")
# What one of a list is called in XML.
ONE_OF: Final[Mapping[str, str]] = {
    "services": "service",
    "service_requests": "request",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
    "errors": "error",
}
# What is said of nobody, not even without a name.
UNTOLD: Final = frozenset({Outcome.HAIRINTA, Outcome.HUIJAUSEPAILY})
# What may be told besides, as attributes: the kind of its words, and its codes.
LISTS: Final = {
    "device": ("device", tuple(Device)),
    "access_needs": ("access need", tuple(AccessNeed)),
    "wished_form": ("help form", tuple(HelpForm)),
    "heard_of_us": ("heard of us", tuple(HeardOfUs)),
}


def written(value: Value, form: str, root: str, status: int = 200) -> Response:
    """An answer in the format that was asked for."""
    if form == "xml":
        answer = Response(_as_xml(root, value), status, content_type="text/xml; charset=utf-8")
    else:
        answer = jsonify(value)
        answer.status_code = status
    answer.headers["Vary"] = "Accept-Language, Cookie"
    return answer


def mistake(status: int, description: str) -> Response:
    """What is wrong, as the standard has it."""
    form = "xml" if request.path.endswith(".xml") else "json"
    told = description or HTTPStatus(status).phrase
    return written([{"code": status, "description": told}], form, "errors", status)


def service(topic: Topic) -> Mapping[str, Value]:
    """A topic that may be asked about."""
    return {
        "service_code": topic.value,
        "service_name": word("topic", topic),
        "description": word("topic", topic),
        "metadata": True,
        "type": "realtime",
        "keywords": "",
        "group": "",
    }


def definition(topic: Topic) -> Mapping[str, Value]:
    """What may be told besides, each of which may be left out but the language in which we ring."""
    language = _listed("language", "language", tuple(Language), order=1, required=True)
    lists = [_listed(code, kind, codes, order=2 + place) for place, (code, (kind, codes)) in enumerate(LISTS.items())]
    return {"service_code": topic.value, "attributes": [language, *lists]}


def request_row(ticket: Ticket) -> Mapping[str, Value]:
    """One service request, without whose it is, where they live, what they said and at which minute."""
    topic = ticket.topic or Topic.MUU
    return {
        "service_request_id": ticket.code,
        "status": "closed" if ticket.status is TicketStatus.CLOSED else "open",
        "status_notes": None if ticket.outcome in UNTOLD else ticket.outcome,
        "service_name": word("topic", topic),
        "service_code": topic.value,
        "description": None,
        "agency_responsible": None,
        "service_notice": None,
        "requested_datetime": hour_of(ticket.created_at).isoformat(),
        "updated_datetime": hour_of(ticket.updated_at).isoformat(),
        "expected_datetime": None,
        "address": None,
        "address_id": None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def hour_of(moment: datetime) -> datetime:
    """The hour in which a moment lies: in a small place the minute is a name."""
    return moment.replace(minute=0, second=0, microsecond=0)


def _listed(code: str, kind: str, codes: Sequence[str], *, order: int, required: bool = False) -> Mapping[str, Value]:
    several = code == "access_needs"
    return {
        "variable": True,
        "code": code,
        "datatype": "multivaluelist" if several else "singlevaluelist",
        "required": required,
        "datatype_description": "",
        "order": order,
        "description": word("attribute", code),
        "values": [{"key": str(one), "name": word(kind, one)} for one in codes],
    }


def _as_xml(root: str, value: Value) -> bytes:
    xml: bytes = ET.tostring(_element(root, value), encoding="utf-8", xml_declaration=True)
    return xml


def _element(name: str, value: Value) -> ET.Element:
    element = ET.Element(name)
    if isinstance(value, Mapping):
        element.extend(_element(inner, each) for inner, each in value.items())
    elif isinstance(value, str | bool | int) or value is None:
        element.text = None if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    else:
        element.extend(_element(ONE_OF[name], each) for each in value)
    return element
