"""Everything below /api/v1/, and its description."""

from functools import cache
from importlib.metadata import version

from flask import Blueprint, Response, json
from flask.typing import ResponseReturnValue

from admin.api import (
    bulletins,
    cases,
    common,
    desk,
    directory,
    feedback,
    insight,
    lines,
    organisations,
    people,
    places,
    prompts,
    proposals,
    registered,
    relay,
    rota,
    saved_views,
    settings,
    statistics,
    tickets,
    webhooks,
)
from admin.api.description import describe
from admin.api.operations import JSON
from admin.auth import open_to_all
from admin.parts import parts

BASE = "/api/v1"
OPERATIONS = (
    tickets.operations,
    cases.operations,
    saved_views.operations,
    rota.operations,
    proposals.operations,
    places.operations,
    insight.operations,
    statistics.operations,
    people.operations,
    organisations.operations,
    common.operations,
    desk.operations,
    registered.operations,
    relay.operations,
    webhooks.operations,
    prompts.operations,
    bulletins.operations,
    lines.operations,
    settings.operations,
    directory.operations,
    feedback.operations,
)

api = Blueprint("api", __name__, url_prefix=BASE)
for operations in OPERATIONS:
    operations.register_on(api)


@api.get("/openapi.json")
@open_to_all
def description() -> ResponseReturnValue:
    """Describe the API to other programs."""
    return Response(_described(parts().settings.public_url), mimetype=JSON)


@cache
def _described(server: str | None) -> str:
    """Worked out once: it takes a second, anybody may ask for it, and nothing in it changes while the process runs."""
    all_of_them = [operation for operations in OPERATIONS for operation in operations.all]
    return json.dumps(describe(all_of_them, BASE, version("digilinja"), server))
