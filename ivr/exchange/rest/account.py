"""REST: signing in to the account, and the routes under it."""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, request

from ivr.exchange.office import Office
from ivr.exchange.rest.calls import add_call_routes
from ivr.exchange.rest.errors import RestError, not_found, shown
from ivr.exchange.rest.incoming_numbers import add_number_routes
from ivr.exchange.rest.messages import add_message_routes
from ivr.exchange.rest.paging import Json
from ivr.exchange.rest.recordings import add_recording_routes
from ivr.exchange.rest.shapes import account_path


def make_rest(office: Office) -> Blueprint:
    """The REST API of one account."""
    blueprint = Blueprint("rest", __name__, url_prefix="/2010-04-01/Accounts/<account>")

    @blueprint.url_value_preprocessor
    def take_account(_endpoint: str | None, values: dict[str, str] | None) -> None:
        _sign_in(office, (values or {}).pop("account", ""))

    blueprint.register_error_handler(RestError, shown)
    add_call_routes(blueprint, office)
    add_message_routes(blueprint, office)
    add_recording_routes(blueprint, office)
    add_number_routes(blueprint, office)
    return blueprint


def make_account_route(office: Office) -> Blueprint:
    """The account itself."""
    blueprint = Blueprint("account", __name__)
    blueprint.register_error_handler(RestError, shown)

    @blueprint.get("/2010-04-01/Accounts/<account>.json")
    def show_account(account: str) -> Json:
        _sign_in(office, account)
        return {
            "sid": office.account_sid,
            "friendly_name": "Exchange",
            "status": "active",
            "type": "Full",
            "uri": f"{account_path(office)}.json",
        }

    @blueprint.route("/2010-04-01/<path:rest>", methods=["GET", "POST", "PUT", "DELETE"])
    def nowhere(rest: str) -> Response:
        raise not_found(f"/2010-04-01/{rest}")

    return blueprint


def _sign_in(office: Office, account: str) -> None:
    media = request.method == "GET" and "/Recordings/RE" in request.path
    if media and office.habits.public_media and not request.path.endswith(".json"):
        return
    given = request.authorization
    known = (
        given is not None
        and given.type == "basic"
        and given.username == office.account_sid
        and hmac.compare_digest(given.password or "", office.auth_token)
    )
    if not known:
        raise RestError(401, 20003, "Authenticate")
    if account != office.account_sid:
        raise not_found(f"/Accounts/{account}")
