"""Open311 GeoReport v2, reading only: what is asked for, without whose it is.

No text, number, name or municipality leaves, and times are cut to the hour: in a small place the minute is a name.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from admin.api.problems import problem
from admin.auth import open_to_all
from admin.parts import now, transaction
from admin.wording import word
from tickets.network import Network
from tickets.ticket import Ticket
from tickets.vocabulary import TicketStatus, Topic

MOST_AT_ONCE: Final = 1000
LONGEST: Final = timedelta(days=90)
EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
Row = dict[str, str | bool | None]
Day = Annotated[AwareDatetime, Field(ge=EARLIEST, le=LATEST)]

open311 = Blueprint("open311", __name__, url_prefix="/open311/v2")


class RequestQuery(BaseModel):
    """Which service requests to list, in GeoReport's words."""

    model_config = ConfigDict(extra="ignore")

    jurisdiction_id: int | None = Field(None, ge=1, lt=2**63)
    service_request_id: str | None = Field(None, pattern=r"^[\w,-]+$")
    service_code: str | None = None
    status: str | None = None
    start_date: Day | None = None
    end_date: Day | None = None


@open311.get("/")
@open_to_all
def contents() -> ResponseReturnValue:
    """Say what there is."""
    return jsonify({"services": "services.json", "requests": "requests.json"})


@open311.get("/services.<form>")
@open_to_all
def services(form: str) -> ResponseReturnValue:
    """List what can be asked for."""
    return _written([_service(topic) for topic in Topic], form, "services", "service")


@open311.get("/requests.<form>")
@open_to_all
def requests(form: str) -> ResponseReturnValue:
    """List what was asked for, newest first."""
    query = RequestQuery.model_validate(request.args.to_dict())
    return _listed(query, form)


@open311.get("/requests/<code>.<form>")
@open_to_all
def one_request(code: str, form: str) -> ResponseReturnValue:
    """Show one request."""
    query = RequestQuery.model_validate({**request.args.to_dict(), "service_request_id": code})
    return _listed(query, form)


def _listed(query: RequestQuery, form: str) -> ResponseReturnValue:
    with transaction() as session:
        network_id = _jurisdiction(session, query.jurisdiction_id)
        if network_id is None:
            return problem(400, "Bad Request", "jurisdiction_id: name one of the networks")
        wanted = [Ticket.network_id == network_id, *_conditions(query)]
        found = session.scalars(select(Ticket).where(*wanted).order_by(Ticket.id.desc()).limit(MOST_AT_ONCE))
        rows = [_request(ticket) for ticket in found]
    if query.service_request_id is not None and not rows:
        return problem(404, "Not Found", "there is no such service request")
    return _written(rows, form, "service_requests", "request")


def _jurisdiction(session: Session, asked: int | None) -> int | None:
    """The network asked for; where there is only one, none need be named."""
    networks = select(Network.id).limit(2)
    known = session.scalars(networks if asked is None else networks.where(Network.id == asked)).all()
    return known[0] if len(known) == 1 else None


def _conditions(query: RequestQuery) -> list[ColumnElement[bool]]:
    if query.service_request_id is not None:
        return [Ticket.code.in_(query.service_request_id.split(","))]
    ends = query.end_date or (query.start_date + LONGEST if query.start_date else None)
    begins = max(query.start_date or EARLIEST, (ends or now()) - LONGEST)
    wanted = [Ticket.created_at >= begins, *([] if ends is None else [Ticket.created_at <= ends])]
    if query.service_code is not None:
        codes = query.service_code.split(",")
        wanted.append(func.coalesce(Ticket.topic, Topic.MUU).in_([topic for topic in Topic if topic in codes]))
    if query.status in ("open", "closed"):
        wanted.append((Ticket.status == TicketStatus.CLOSED) == (query.status == "closed"))
    return wanted


def _service(topic: Topic) -> Row:
    return {
        "service_code": topic.value,
        "service_name": word("topic", topic),
        "description": word("topic", topic),
        "metadata": False,
        "type": "batch",
        "keywords": "",
        "group": "",
    }


def _request(ticket: Ticket) -> Row:
    topic = ticket.topic or Topic.MUU
    return {
        "service_request_id": ticket.code,
        "status": "closed" if ticket.status is TicketStatus.CLOSED else "open",
        "status_notes": ticket.outcome,
        "service_name": word("topic", topic),
        "service_code": topic.value,
        "description": None,
        "requested_datetime": _hour(ticket.created_at),
        "updated_datetime": _hour(ticket.updated_at),
        "address": None,
        "lat": None,
        "long": None,
    }


def _hour(moment: datetime) -> str:
    return moment.replace(minute=0, second=0, microsecond=0).isoformat()


def _written(rows: Sequence[Row], form: str, whole: str, part: str) -> ResponseReturnValue:
    if form == "json":
        return jsonify(rows)
    if form == "xml":
        return Response(_as_xml(rows, whole, part), content_type="text/xml; charset=utf-8")
    return problem(406, "Not Acceptable", "ask for .json or .xml")


def _as_xml(rows: Sequence[Row], whole: str, part: str) -> bytes:
    root = ET.Element(whole)
    for row in rows:
        entry = ET.SubElement(root, part)
        for name, value in row.items():
            text = str(value).lower() if isinstance(value, bool) else value
            ET.SubElement(entry, name).text = text
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written
