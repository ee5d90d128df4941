"""The API's own description (OpenAPI 3.1), written from the shapes that the views use."""

from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from admin.api.shapes import Problem, TicketPage, TicketQuery

Json = dict[str, Any]
SHAPES: Final = "#/components/schemas/{model}"
PROBLEMS: Final = {"400": "A parameter is wrong.", "401": "No valid token.", "403": "The token's role may not."}


def describe(version: str, server: str | None) -> Json:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Digilinja", "version": version, "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"}},
        "servers": [{"url": server}] if server else [],
        "paths": {"/api/v1/tickets": {"get": _list_of_tickets()}},
        "components": {
            "schemas": _schemas(TicketPage, Problem),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


def _list_of_tickets() -> Json:
    return {
        "operationId": "listTickets",
        "summary": "Tickets of the token's network, newest first.",
        "parameters": _query(TicketQuery),
        "responses": {
            "200": _answer("Tickets.", "application/json", TicketPage),
            **{code: _answer(what, "application/problem+json", Problem) for code, what in PROBLEMS.items()},
        },
    }


def _query(shape: type[BaseModel]) -> list[Json]:
    schema = shape.model_json_schema(ref_template=SHAPES)
    enumerations = schema.get("$defs", {})
    return [
        {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "description": field.pop("description", ""),
            "schema": _inlined(field, enumerations),
        }
        for name, field in schema["properties"].items()
    ]


def _inlined(field: Json, definitions: Json) -> Json:
    """A parameter that may be left out is of its type or absent; null cannot be written in a query."""
    choices = [choice for choice in field.get("anyOf", [field]) if choice.get("type") != "null"]
    (choice,) = choices
    reference = choice.get("$ref")
    kept: Json = definitions[reference.rsplit("/", 1)[1]] if reference else choice
    return {key: value for key, value in kept.items() if key not in ("title", "description")}


def _answer(what: str, media_type: str, shape: type[BaseModel]) -> Json:
    schema = {"$ref": SHAPES.format(model=shape.__name__)}
    return {"description": what, "content": {media_type: {"schema": schema}}}


def _schemas(*shapes: type[BaseModel]) -> Json:
    _, whole = models_json_schema([(shape, "serialization") for shape in shapes], ref_template=SHAPES)
    definitions: Json = whole["$defs"]
    return definitions
