"""The API's own blueprint, its list of tickets, and its description."""

from importlib.metadata import version

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from admin.api.description import describe
from admin.api.operations import Asked, Operations, Refused
from admin.api.shapes import TicketPage, TicketQuery
from admin.auth import COORDINATORS, open_to_all
from admin.parts import parts
from admin.ticket_list import page_of_tickets

BASE = "/api/v1"

api = Blueprint("api", __name__, url_prefix=BASE)
operations = Operations(api)


@operations.get("/tickets", *COORDINATORS)
def tickets(asked: Asked, query: TicketQuery) -> TicketPage:
    """Tickets of the token's network, newest first."""
    page = page_of_tickets(asked.session, asked.network_id, limit=query.limit, status=query.status, cursor=query.cursor)
    if page is None:
        raise Refused("no_such_page", "cursor: there is no such page", status=400)
    return TicketPage.of(page)


@api.get("/openapi.json")
@open_to_all
def description() -> ResponseReturnValue:
    """Describe the API to other programs."""
    return jsonify(describe(operations.all, BASE, version("digilinja"), parts().settings.public_url))
