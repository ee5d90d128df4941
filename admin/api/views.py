"""The routes below /api/v1/."""

from importlib.metadata import version

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from admin.api import problems
from admin.api.description import describe
from admin.api.shapes import TicketPage, TicketQuery
from admin.auth import COORDINATORS, bearer, holder, open_to_all
from admin.parts import parts, transaction
from admin.ticket_list import page_of_tickets

api = Blueprint("api", __name__, url_prefix="/api/v1")


@api.get("/tickets")
@bearer(*COORDINATORS)
def tickets() -> ResponseReturnValue:
    """List the network's tickets, newest first."""
    query = TicketQuery.model_validate(request.args.to_dict())
    with transaction() as session:
        page = page_of_tickets(
            session, holder().network_id, limit=query.limit, status=query.status, cursor=query.cursor
        )
        if page is None:
            return problems.problem(400, "Bad Request", "cursor: there is no such page")
        return Response(TicketPage.of(page).model_dump_json(), content_type="application/json")


@api.get("/openapi.json")
@open_to_all
def description() -> ResponseReturnValue:
    """Describe the API to other programs."""
    return jsonify(describe(version("digilinja"), parts().settings.public_url))
