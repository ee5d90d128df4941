"""Mistakes as JSON (RFC 9457), for every route below /api/."""

from http import HTTPStatus

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from admin.api.mends import mend_of
from admin.api.operations import Refused
from admin.api.said import said
from admin.api.shapes import Problem


def problem(status: int, title: str, detail: str | None = None, code: str | None = None) -> Response:
    """An answer that says what is wrong."""
    body = Problem(title=title, status=status, detail=detail, code=code).model_dump_json(exclude_none=True)
    response = Response(body, status, content_type="application/problem+json")
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def of_exception(error: HTTPException) -> Response:
    """What Flask found wrong: no such route, method, token or right."""
    said = error.description if error.description != type(error).description else None
    answer = problem(error.code or 500, error.name, said)
    for name, value in error.get_headers():
        if name not in answer.headers:
            answer.headers[name] = value
    return answer


def of_parameters(error: ValidationError) -> Response:
    """Which parameter is wrong, and how."""
    return problem(400, "Bad Request", faults_of(error))


def faults_of(error: ValidationError) -> str:
    """Each wrong parameter by its name, and what is wrong with it."""
    told = [(".".join(map(str, fault["loc"])), said(fault)) for fault in error.errors()]
    return "; ".join(f"{where}: {what}" if where else what for where, what in told)


def asked_by_a_program() -> bool:
    """Whether the request is for the API."""
    return request.path.startswith(("/api/", "/open311/"))


def answer_programs_in_json(app: Flask) -> None:
    """Let wrong parameters become a problem wherever they are found."""

    @app.errorhandler(Refused)
    def refuse(error: Refused) -> ResponseReturnValue:
        return problem(error.status, HTTPStatus(error.status).phrase, error.detail or mend_of(error.code), error.code)

    @app.errorhandler(ValidationError)
    def tell(error: ValidationError) -> ResponseReturnValue:
        return of_parameters(error)
