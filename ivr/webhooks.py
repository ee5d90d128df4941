"""What the operator asks of us, by HTTP: each request verified, one transaction, one reply.

A caller never hears silence, an error page or English: whatever goes wrong in here, the reply is
TwiML that says so kindly, after saving what can be saved.
"""

from collections.abc import Callable
from typing import TypeVar

import structlog
from flask import Blueprint, Response, abort, request
from sqlalchemy.exc import InterfaceError, NoResultFound, OperationalError, TimeoutError
from sqlalchemy.orm import Session
from twilio.twiml.messaging_response import MessagingResponse

from ivr import answering, fallback, news
from ivr.desk import Desk
from ivr.signature import is_from_operator
from ivr.texts import take_text
from ivr.turns import Reply, later_turn
from tickets.errors import ContendedError

log = structlog.get_logger()
DATABASE_AWAY = (OperationalError, InterfaceError, TimeoutError)
TRIES = 3  # of one turn, when another writes the same thing first
R = TypeVar("R")


def blueprint(desk: Desk) -> Blueprint:
    """Every address that the operator knows."""
    routes = Blueprint("ivr", __name__, url_prefix="/ivr")

    @routes.before_request
    def refuse_strangers() -> None:
        if request.endpoint != "ivr.message" and not is_from_operator(request, desk.addresses.public_url, desk.tokens):
            abort(403)

    @routes.post("/call")
    def call() -> Response:
        return _spoken(desk, lambda session: answering.answer_caller(session, desk, request.form))

    @routes.post("/helper/<int:attempt_id>")
    def helper(attempt_id: int) -> Response:
        return _spoken(desk, lambda session: answering.answer_helper(session, desk, request.form, attempt_id))

    @routes.post("/resident/<int:attempt_id>")
    def resident(attempt_id: int) -> Response:
        return _spoken(desk, lambda session: answering.answer_resident(session, desk, request.form, attempt_id))

    @routes.post("/announcement/<int:callback_id>")
    def announcement(callback_id: int) -> Response:
        sorry = "sorry" in request.args
        return _spoken(
            desk,
            lambda session: answering.answer_announcement(session, desk, request.form, callback_id, sorry=sorry),
        )

    @routes.post("/turn/<number>")
    def turn(number: str) -> Response:
        def take(session: Session) -> Reply:
            sid = request.form["CallSid"]
            return later_turn(session, sid, int(number), request.form, desk.performing, desk.clock.now())

        return _spoken(desk, take)

    @routes.post("/fallback")
    def still_here() -> Response:
        if "done" in request.args:
            return _twiml(fallback.thanks(desk.catalogue))
        return _twiml(fallback.still_records(desk.catalogue, desk.addresses))

    @routes.post("/status")
    def status() -> Response:
        return _noted(desk, lambda session: news.of_call(session, desk, request.form, request.args))

    @routes.post("/recording")
    def recording() -> Response:
        return _noted(desk, lambda session: news.of_recording(session, desk, request.form))

    @routes.post("/sms")
    def sms() -> Response:
        if "message" in request.args:
            message_id = int(request.args["message"])
            return _noted(desk, lambda session: news.of_text(session, desk, request.form, message_id))
        return _noted(desk, lambda session: take_text(session, desk, request.form))

    @routes.get("/message/<token>.wav")
    def message(token: str) -> Response:
        return answering.play_message(desk, token)

    return routes


def _spoken(desk: Desk, take: Callable[[Session], Reply | None]) -> Response:
    """One turn, and what the caller hears: the reply, or that the number is not in use."""
    try:
        reply = _in_transaction(desk, take)
        if reply is None:
            return _twiml(fallback.not_in_use(desk.catalogue))
        body = desk.renderer.render(reply.turn, reply.number, reply.at)
    except DATABASE_AWAY:
        log.exception("database_away", call=request.form.get("CallSid"))
        return _twiml(fallback.still_records(desk.catalogue, desk.addresses))
    except Exception:
        log.exception("turn_failed", call=request.form.get("CallSid"), path=request.path)
        return _apologise(desk)
    log.info("turn", call=request.form.get("CallSid"), turn=reply.number, path=request.path)
    return _twiml(body)


def _in_transaction(desk: Desk, take: Callable[[Session], R]) -> R:
    for _ in range(TRIES - 1):
        try:
            with desk.sessions.begin() as session:
                return take(session)
        except ContendedError:
            log.info("turn_contended", call=request.form.get("CallSid"))
    with desk.sessions.begin() as session:
        return take(session)


def _apologise(desk: Desk) -> Response:
    """Save what the caller has told so far, then say that it was our fault."""
    try:
        with desk.sessions.begin() as session:
            language = answering.rescue(session, desk, request.form)
    except Exception:
        log.exception("rescue_failed", call=request.form.get("CallSid"))
        return _twiml(fallback.still_records(desk.catalogue, desk.addresses))
    return _twiml(fallback.apology(desk.catalogue, language))


def _noted(desk: Desk, take: Callable[[Session], str | None]) -> Response:
    """News that nobody listens to, noted; and what is texted back, if anything."""
    try:
        answer = _in_transaction(desk, take)
    except (KeyError, ValueError, NoResultFound) as error:
        log.warning("news_malformed", path=request.path, error=type(error).__name__)
        return Response(status=400)
    response = MessagingResponse()
    if answer is not None:
        response.message(answer)
    return _twiml(str(response))


def _twiml(body: str) -> Response:
    return Response(body, mimetype="text/xml")
