"""An operation of the API: a plain function whose types are what it takes and gives, and its own description.

The function is given who asks and the session; its parameters named in the path come next, then `query` or `body`. A read
never writes and a change is one transaction. What a person may well do wrong is raised as `Refused`, and nothing is kept.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from http import HTTPMethod
from inspect import signature
from typing import Any, ClassVar, Final, TypedDict, get_type_hints

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session

from admin.auth import bearer, grid, holder
from admin.parts import now, transaction
from scheduler.slots import Grid
from tickets.rights import Right
from tickets.tokens import Bearer, actor_of

JSON: Final = "application/json"


class Refused(Exception):
    """What was asked for cannot be done; `code` is a word of a vocabulary, and nothing has been changed."""

    def __init__(self, code: str, detail: str | None = None, *, status: int = 409) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.status = status


class By(TypedDict):
    """The keywords that every change takes: when, and by whom."""

    now: datetime
    actor: str


class Doing(By):
    """The keywords of a change that matches promises anew."""

    grid: Grid


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, when, and the transaction in which they are answered."""

    session: Session
    holder: Bearer
    now: datetime
    grid: Grid

    @property
    def network_id(self) -> int:
        """The network that everything is looked for in."""
        return self.holder.network_id

    @property
    def by(self) -> By:
        """Who does it and when, as a use case is told."""
        return {"now": self.now, "actor": self.actor}

    @property
    def doing(self) -> Doing:
        """Who does it, when, and on which grid."""
        return {**self.by, "grid": self.grid}

    @property
    def actor(self) -> str:
        """How the rota's log and the tickets' events name who asked: by a number, never by a name."""
        return actor_of(self.holder)


@dataclass(frozen=True, slots=True)
class Download:
    """A file as an answer; each kind of file is a class of its own, which says its media type."""

    name: str
    content: bytes
    media_type: ClassVar[str] = "application/octet-stream"


Gives = type[BaseModel] | type[Download] | None


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation as the description shows it; `name` is the function's."""

    name: str
    method: HTTPMethod
    path: str
    summary: str
    parameters: Mapping[str, type]
    query: type[BaseModel] | None
    body: type[BaseModel] | None
    gives: Gives


Handler = Callable[..., BaseModel | Download | None]


class Operations:
    """Operations that belong together, as a module declares them."""

    def __init__(self) -> None:
        self.all: list[Operation] = []
        self._views: list[Callable[..., ResponseReturnValue]] = []

    def register_on(self, blueprint: Blueprint) -> None:
        """Let them be asked for below this blueprint's address."""
        for operation, view in zip(self.all, self._views, strict=True):
            blueprint.add_url_rule(_flask_path(operation), operation.name, view, methods=[operation.method])

    def get(self, path: str, *rights: Right) -> Callable[[Handler], Handler]:
        """A question for whoever has one of these rights."""
        return self._register(HTTPMethod.GET, path, rights)

    def post(self, path: str, *rights: Right, most: int | None = None) -> Callable[[Handler], Handler]:
        """A change for whoever has one of these rights; `most` bytes where more may be sent than to other operations."""
        return self._register(HTTPMethod.POST, path, rights, most)

    def patch(self, path: str, *rights: Right) -> Callable[[Handler], Handler]:
        """An edit for whoever has one of these rights."""
        return self._register(HTTPMethod.PATCH, path, rights)

    def put(self, path: str, *rights: Right) -> Callable[[Handler], Handler]:
        """What whoever has one of these rights may write anew as a whole."""
        return self._register(HTTPMethod.PUT, path, rights)

    def delete(self, path: str, *rights: Right) -> Callable[[Handler], Handler]:
        """What whoever has one of these rights may take away."""
        return self._register(HTTPMethod.DELETE, path, rights)

    def _register(
        self, method: HTTPMethod, path: str, rights: tuple[Right, ...], most: int | None = None
    ) -> Callable[[Handler], Handler]:
        def register(handler: Handler) -> Handler:
            operation = _operation(handler, method, path)
            self.all.append(operation)
            self._views.append(bearer(*rights)(_view(handler, operation, most)))
            return handler

        return register


def _operation(handler: Handler, method: HTTPMethod, path: str) -> Operation:
    hints = get_type_hints(handler)
    given = [name for name in signature(handler).parameters if name not in ("asked", "query", "body")]
    summary = (handler.__doc__ or "").strip().partition("\n")[0]
    gives = hints["return"]
    return Operation(
        handler.__name__,
        method,
        path,
        summary,
        {name: hints[name] for name in given},
        hints.get("query"),
        hints.get("body"),
        None if gives is type(None) else gives,
    )


def _view(handler: Handler, operation: Operation, most: int | None) -> Callable[..., ResponseReturnValue]:
    @wraps(handler)
    def view(**given: Any) -> ResponseReturnValue:
        if most is not None:
            request.max_content_length = most
        if operation.query is not None:
            given["query"] = operation.query.model_validate(request.args.to_dict())
        if operation.body is not None:
            given["body"] = operation.body.model_validate_json(request.get_data() or b"{}")
        try:
            with transaction() as session:
                return _response(handler(Asked(session, holder(), now(), grid()), **given))
        except (DataError, OverflowError) as error:
            raise Refused("out_of_range", "a number, day or text is none that can be kept", status=400) from error

    return view


def _response(answer: BaseModel | Download | None) -> Response:
    if isinstance(answer, Download):
        named = {"Content-Disposition": f'attachment; filename="{answer.name}"', "Cache-Control": "no-store"}
        return Response(answer.content, content_type=answer.media_type, headers=named)
    return Response(status=204) if answer is None else Response(answer.model_dump_json(), content_type=JSON)


def _flask_path(operation: Operation) -> str:
    path = operation.path
    for name, kind in operation.parameters.items():
        converter = "int:" if kind is int else ""
        path = path.replace(f"{{{name}}}", f"<{converter}{name}>")
    return path
