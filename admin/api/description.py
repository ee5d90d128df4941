"""The API's own description (OpenAPI 3.1), written from the operations themselves."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from admin.api.operations import JSON, Download, Operation
from admin.api.shapes import Problem

Json = dict[str, Any]
Named = Mapping[tuple[type[Any], JsonSchemaMode], Json]  # a shape, as it is given or taken, and the reference to it
GIVEN: Final[JsonSchemaMode] = "serialization"
TAKEN: Final[JsonSchemaMode] = "validation"
SHAPES: Final = "#/components/schemas/{model}"
PROBLEMS: Final = {
    "400": "A parameter is wrong.",
    "401": "No valid token.",
    "403": "The token's role may not.",
    "404": "There is no such thing in this network.",
    "409": "It cannot be done; `code` says why, and nothing has changed.",
    "413": "More was sent than is read at once.",
}
# A time on the wall has no offset from UTC; what JSON Schema calls a time has one.
ON_THE_WALL: Final = {"type": "string", "pattern": r"^\d{2}:\d{2}(:\d{2})?$"}


def describe(operations: Iterable[Operation], base: str, version: str, server: str | None) -> Json:
    """The whole description; the operations' paths lie below `base`."""
    operations = tuple(operations)
    named, schemas = _schemas(operations)
    paths: Json = {}
    for operation in operations:
        paths.setdefault(base + operation.path, {})[operation.method.lower()] = _described(operation, named)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Digilinja", "version": version, "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"}},
        "servers": [{"url": server}] if server else [],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


def _described(operation: Operation, named: Named) -> Json:
    described: Json = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [*map(_in_path, operation.parameters.items()), *_in_query(operation.query)],
        "responses": {
            **_done(operation, named),
            **{
                code: _answer(what, "application/problem+json", named[Problem, GIVEN])
                for code, what in PROBLEMS.items()
            },
        },
    }
    if operation.body is not None:
        described["requestBody"] = {"required": True, **_content(JSON, named[operation.body, TAKEN])}
    return described


def _done(operation: Operation, named: Named) -> Json:
    if operation.gives is None:
        return {"204": {"description": "Done."}}
    if issubclass(operation.gives, Download):
        return {"200": {"description": "The file.", "content": {operation.gives.media_type: {}}}}
    return {"200": _answer("Done.", JSON, named[operation.gives, GIVEN])}


def _in_path(parameter: tuple[str, type]) -> Json:
    name, kind = parameter
    schema = {"type": "integer"} if kind is int else {"type": "string"}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _in_query(shape: type[BaseModel] | None) -> list[Json]:
    if shape is None:
        return []
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


def _answer(what: str, media_type: str, reference: Json) -> Json:
    return {"description": what, **_content(media_type, reference)}


def _content(media_type: str, reference: Json) -> Json:
    return {"content": {media_type: {"schema": reference}}}


def _schemas(operations: tuple[Operation, ...]) -> tuple[Named, Json]:
    """Where each shape is described, and the descriptions; two shapes of one name are told apart by their modules."""
    given = {shape for operation in operations if (shape := operation.gives) and issubclass(shape, BaseModel)} | {
        Problem
    }
    taken = {operation.body for operation in operations if operation.body is not None}
    by_name = [(shape, GIVEN) for shape in given] + [(shape, TAKEN) for shape in taken]
    ordered = sorted(by_name, key=lambda each: (each[0].__name__, each[0].__module__))
    named, whole = models_json_schema(ordered, ref_template=SHAPES)
    return named, {name: _with_times(shape) for name, shape in whole["$defs"].items()}


def _with_times(shape: Any) -> Any:
    """A part of a schema, in which a time is one on the wall."""
    if isinstance(shape, list):
        return [_with_times(part) for part in shape]
    if not isinstance(shape, dict):
        return shape
    told = {name: _with_times(part) for name, part in shape.items()}
    if shape.get("format") != "time":
        return told
    return {**{name: part for name, part in told.items() if name != "format"}, **ON_THE_WALL}
