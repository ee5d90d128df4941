"""Open311 GeoReport v2: what is asked for, without whose it is; and a way in for programs that have a key.

No text, number, name or municipality leaves, whoever asked to be told to nobody is left out, and times are cut to the
hour, in what is shown and in what is asked by.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from admin.api.georeport import FORMS, LISTS, Value, definition, hour_of, mistake, request_row, service, written
from admin.api.problems import faults_of
from admin.auth import open_to_all
from admin.parts import address_here, now, transaction
from admin.public.form import NEED, Read, read
from admin.public.sending import MOST_OF_A_PROGRAM, has_leave, keep, was_sent
from tickets.intake import TicketRef
from tickets.network import Line, Network
from tickets.rights import Right
from tickets.ticket import Ticket
from tickets.tokens import Bearer, verify_token
from tickets.vocabulary import TicketStatus, Topic
from voice_prompts.language import Language

MOST_AT_ONCE: Final = 1000
LONGEST: Final = timedelta(days=90)
EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)
CHANGESET: Final = "2026-11-22T00:00:00Z"  # when what these pages say last changed
Day = Annotated[AwareDatetime, Field(ge=EARLIEST, le=LATEST)]

open311 = Blueprint("open311", __name__, url_prefix="/open311/v2")


class RequestQuery(BaseModel):
    """Which service requests to list, in GeoReport's words."""

    model_config = ConfigDict(extra="ignore")

    jurisdiction_id: int | None = Field(None, ge=1, lt=2**63)
    service_request_id: str | None = Field(None, pattern=r"^[\w,-]+$", max_length=4000)
    service_code: str | None = Field(None, max_length=1000)
    status: str | None = Field(None, pattern="^(open|closed)(,(open|closed))*$")
    start_date: Day | None = None
    end_date: Day | None = None


@open311.errorhandler(ValidationError)
def tell_faults(error: ValidationError) -> ResponseReturnValue:
    """Which parameter is wrong, and how."""
    return mistake(400, faults_of(error))


@open311.errorhandler(HTTPException)
def tell(error: HTTPException) -> ResponseReturnValue:
    """What else is wrong."""
    return mistake(error.code or 500, error.description or "")


@open311.get("/")
@open_to_all
def contents() -> ResponseReturnValue:
    """Say what there is."""
    return written(
        {"discovery": "discovery.json", "services": "services.json", "requests": "requests.json"}, "json", ""
    )


@open311.get("/discovery.<form>")
@open_to_all
def discovery(form: str) -> ResponseReturnValue:
    """Say which standard is spoken where, and where a key is had."""
    address = f"{address_here()}{open311.url_prefix}"
    endpoint: Value = {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": address,
        "changeset": CHANGESET,
        "type": "production",
        "formats": ["text/xml", "application/json"],
    }
    told: Value = {
        "changeset": CHANGESET,
        "contact": "",
        "key_service": "digilinja token --role neuvoja",
        "endpoints": [endpoint],
    }
    return written(told, _known(form), "discovery")


@open311.get("/services.<form>")
@open_to_all
def services(form: str) -> ResponseReturnValue:
    """List what can be asked for."""
    return written([service(topic) for topic in Topic], _known(form), "services")


@open311.get("/services/<code>.<form>")
@open_to_all
def one_service(code: str, form: str) -> ResponseReturnValue:
    """Show what may be told besides when this is asked for."""
    if code not in list(Topic):
        abort(404, "service_code: there is no such service")
    return written(definition(Topic(code)), _known(form), "service_definition")


@open311.get("/requests.<form>")
@open_to_all
def requests(form: str) -> ResponseReturnValue:
    """List what was asked for, newest first."""
    return _listed(RequestQuery.model_validate(request.args.to_dict()), _known(form))


@open311.post("/requests.<form>")
@open_to_all
def post_request(form: str) -> ResponseReturnValue:
    """Keep a matter that another program passes on, as the form does; the first time that suits is promised at once."""
    form = _known(form)
    with transaction() as rows:
        key = _key(rows)
        topic, asked = _topic(), _read()
        if asked.request is None:
            abort(400, "; ".join(f"{field}: {what}" for field, what in asked.mistakes.items()))
        wanted, source = replace(asked.request, topic=topic), f"open311:{key.token_id}:{now():%Y-%m-%d}"
        if not was_sent(rows, wanted, source) and not _has_leave(rows, wanted.number, key):
            abort(429, "phone: too many service requests")
        line = _first_line(rows, key.network_id)
        ticket = keep(rows, wanted, line, source, now=now(), chooses=False)
    return _posted(ticket, form)


@open311.get("/requests/<code>.<form>")
@open_to_all
def one_request(code: str, form: str) -> ResponseReturnValue:
    """Show one request."""
    query = RequestQuery.model_validate({**request.args.to_dict(), "service_request_id": code})
    return _listed(query, _known(form))


def _known(form: str) -> str:
    return form if form in FORMS else abort(406, "ask for .json or .xml")


def _listed(query: RequestQuery, form: str) -> ResponseReturnValue:
    with transaction() as rows:
        wanted = [Ticket.network_id == _jurisdiction(rows, query.jurisdiction_id), *_conditions(query)]
        shown = select(Ticket).where(Ticket.non_disclosure.is_(False), *wanted)
        found = rows.scalars(shown.order_by(Ticket.id.desc()).limit(MOST_AT_ONCE))
        listed = [request_row(ticket) for ticket in found]
    if query.service_request_id is not None and not listed:
        abort(404, "service_request_id: there is no such service request")
    return written(listed, form, "service_requests")


def _jurisdiction(rows: Session, asked: int | None) -> int:
    """The network asked for; where there is only one, none need be named."""
    networks = select(Network.id).limit(2)
    known = rows.scalars(networks if asked is None else networks.where(Network.id == asked)).all()
    if len(known) != 1:
        abort(400 if asked is None else 404, "jurisdiction_id: name one of the networks")
    return known[0]


def _conditions(query: RequestQuery) -> list[ColumnElement[bool]]:
    if query.service_request_id is not None:
        return [Ticket.code.in_(query.service_request_id.split(","))]
    ends = query.end_date or (query.start_date + LONGEST if query.start_date else None)
    begins = max(query.start_date or EARLIEST, (ends or now()) - LONGEST)
    # By the hour that is shown: whoever may ask by the minute learns the minute.
    first = hour_of(begins) if begins == hour_of(begins) else hour_of(begins) + HOUR
    wanted = [Ticket.created_at >= first, *([] if ends is None else [Ticket.created_at < hour_of(ends) + HOUR])]
    if query.service_code is not None:
        codes = query.service_code.split(",")
        wanted.append(func.coalesce(Ticket.topic, Topic.MUU).in_([topic for topic in Topic if topic in codes]))
    if query.status in ("open", "closed"):
        wanted.append((Ticket.status == TicketStatus.CLOSED) == (query.status == "closed"))
    return wanted


def _key(rows: Session) -> Bearer:
    """Whose key this is; 403 without one that may log matters, and in another network than its own."""
    given = request.form.get("api_key") or (request.authorization.token if request.authorization else None)
    key = verify_token(rows, given, now=now()) if given else None
    if key is None or key.may(Right.LOG_MATTERS) is None:
        abort(403, "api_key: it is missing, or may not log matters")
    if request.form.get("jurisdiction_id") not in (None, "", str(key.network_id)):
        abort(404, "jurisdiction_id: this key is for another network")
    return key


def _has_leave(rows: Session, number: str, key: Bearer) -> bool:
    return has_leave(rows, number, f"key-{key.token_id}", now=now(), hourly=MOST_OF_A_PROGRAM)


def _topic() -> Topic:
    code = request.form.get("service_code", "")
    if not code:
        abort(400, "service_code: say which service")
    return Topic(code) if code in list(Topic) else abort(404, "service_code: there is no such service")


def _read() -> Read:
    """What was posted, read as the form's fields are."""
    told = request.form
    attributes = {name: told.get(f"attribute[{name}]", "") for name in ("language", *LISTS)}
    needs = [*told.getlist("attribute[access_needs]"), *told.getlist("attribute[access_needs][]")]
    fields = {
        **attributes,
        **{f"{NEED}{need}": "1" for need in needs},
        "language": attributes["language"] or Language.FI,
        "topic": Topic.MUU,
        "postcode": told.get("zipcode", ""),
        "number": told.get("phone", ""),
        "text": told.get("description", ""),
        "name": f"{told.get('first_name', '')} {told.get('last_name', '')}",
        "email": told.get("email", ""),
    }
    return read(fields)


def _first_line(rows: Session, network_id: int) -> Line:
    lines = select(Line).where(Line.network_id == network_id, Line.active).order_by(Line.id).limit(1)
    return rows.scalars(lines).first() or abort(409, "no line of this network is open yet")


def _posted(ticket: TicketRef, form: str) -> ResponseReturnValue:
    told = {"service_request_id": ticket.code, "service_notice": None, "account_id": None}
    return written([told], form, "service_requests")
