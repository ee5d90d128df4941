"""What the operator asks of us, by HTTP: each request verified, one transaction, one reply.

A caller never hears silence, an error page or English: whatever goes wrong in here, the reply is
TwiML that says so kindly, after saving what can be saved.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import structlog
from flask import Blueprint, Response, abort, request
from sqlalchemy import exc
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session
from twilio.twiml.messaging_response import MessagingResponse

from ivr import answering, fallback, news
from ivr.desk import Desk
from ivr.signature import is_from_operator
from ivr.texts import take_text
from ivr.turns import Reply, later_turn
from scheduler.ports import OperatorText
from tickets.errors import ContendedError

log = structlog.get_logger()
DATABASE_AWAY = (exc.OperationalError, exc.InterfaceError, exc.TimeoutError)
CONTENDED = frozenset({"40001", "40P01", "55P03"})  # serialisation, deadlock, lock not had in time: try again
SOUNDS = frozenset({"ivr.message", "ivr.prompt"})
TRIES = 3  # of one turn, when another writes the same thing first
R = TypeVar("R")


def blueprint(desk: Desk) -> Blueprint:
    """Every address that the operator knows."""
    views = Webhooks(desk)
    routes = Blueprint("ivr", __name__, url_prefix="/ivr")
    routes.before_request(views.refuse_strangers)
    routes.post("/call")(views.call)
    routes.post("/turn/<number>")(views.turn)
    routes.post("/helper/<int:attempt_id>")(views.helper)
    routes.post("/resident/<int:attempt_id>")(views.resident)
    routes.post("/announcement/<int:callback_id>")(views.announcement)
    routes.post("/offer/<int:callback_id>")(views.offer)
    routes.post("/change/<int:callback_id>")(views.change)
    routes.post("/fallback")(views.fallback)
    routes.post("/status")(views.status)
    routes.post("/recording")(views.recording)
    routes.post("/transcription")(views.transcription)
    routes.post("/sms")(views.sms)
    routes.get("/message/<token>.wav")(views.message)
    routes.get("/prompt/<token>.wav")(views.prompt)
    return routes


@dataclass(frozen=True, slots=True)
class Webhooks:
    """One view an address; each is one transaction."""

    desk: Desk

    def refuse_strangers(self) -> None:
        """403 to anything unsigned; a link to a sound carries its own seal."""
        known = is_from_operator(request, self.desk.addresses.public_url, self.desk.tokens)
        if request.endpoint not in SOUNDS and not known:
            abort(403)

    def call(self) -> Response:
        """A resident rings a line."""
        return self._spoken(lambda session: answering.answer_caller(session, self.desk, request.form))

    def helper(self, attempt_id: int) -> Response:
        """The helper whom we ring has answered."""
        return self._spoken(lambda session: answering.answer_helper(session, self.desk, request.form, attempt_id))

    def resident(self, attempt_id: int) -> Response:
        """The resident whom we ring has answered."""
        return self._spoken(lambda session: answering.answer_resident(session, self.desk, request.form, attempt_id))

    def announcement(self, callback_id: int) -> Response:
        """A resident whose number takes no texts has answered."""
        sorry = "sorry" in request.args
        return self._spoken(
            lambda session: answering.answer_announcement(session, self.desk, request.form, callback_id, sorry=sorry)
        )

    def offer(self, callback_id: int) -> Response:
        """Somebody who waits has answered."""
        return self._spoken(lambda session: answering.answer_offer(session, self.desk, request.form, callback_id))

    def change(self, callback_id: int) -> Response:
        """A resident whose time cannot be kept has answered."""
        return self._spoken(lambda session: answering.answer_change(session, self.desk, request.form, callback_id))

    def turn(self, number: str) -> Response:
        """Keys, a message or a talk: the answer that the call has waited for."""
        return self._spoken(
            lambda session: later_turn(
                session,
                request.form["CallSid"],
                int(number),
                request.form,
                self.desk.performing,
                self.desk.clock.now(),
            )
        )

    def fallback(self) -> Response:
        """Nothing else works: the static answer, which still records."""
        if "done" in request.args:
            return _twiml(fallback.thanks(self.desk.catalogue))
        return self._still_records()

    def status(self) -> Response:
        """News of a call."""
        return self._noted(lambda session: news.of_call(session, self.desk, request.form, request.args))

    def recording(self) -> Response:
        """News of a recording."""
        return self._noted(lambda session: news.of_recording(session, self.desk, request.form))

    def transcription(self) -> Response:
        """What the operator hears while a message is spoken."""
        return self._noted(lambda session: news.of_transcription(session, self.desk, request.form, request.args))

    def sms(self) -> Response:
        """A text, or news of one of ours."""
        if "message" in request.args:
            return self._noted(lambda session: news.of_text(session, self.desk, request.form, request.args["message"]))
        try:
            told = _text_of(request.form, self.desk.clock.now())
        except KeyError:
            return Response(status=400)
        try:
            answer = self._in_transaction(
                lambda session: take_text(session, self.desk.catalogue, told, now=told.sent_at)
            )
        except Exception:  # it stays with the operator, where the reconciliation finds it
            log.exception("text_not_taken", text=told.message_sid)
            answer = fallback.text_later(self.desk.catalogue)
        return _texted(answer)

    def message(self, token: str) -> Response:
        """The sound of a caller's message, to be played in a call."""
        return answering.play_message(self.desk, token)

    def prompt(self, token: str) -> Response:
        """A sentence in the voice of whoever recorded it."""
        spoken = self.desk.addresses.prompt_of(token) or abort(404)
        sound = self.desk.voices.sound(*spoken) or abort(404)
        return Response(sound, mimetype="audio/wav", headers={"Cache-Control": "private, max-age=3600"})

    def _spoken(self, take: Callable[[Session], Reply | None]) -> Response:
        """One turn, and what is heard: the reply, or that the number is not in use."""
        sid = request.form.get("CallSid")
        try:
            reply = self._in_transaction(take)
            if reply is None:
                return _twiml(fallback.not_in_use(self.desk.catalogue))
            renderer = self.desk.renderer(reply.call)
            body = renderer.render(reply.turn, reply.number, reply.at)
        except DATABASE_AWAY:
            log.exception("database_away", call=sid)
            return self._still_records()
        except Exception:
            log.exception("turn_failed", call=sid, path=request.path)
            return self._apologise()
        log.info("turn", call=sid, turn=reply.number, path=request.path)
        return _twiml(body)

    def _in_transaction(self, take: Callable[[Session], R]) -> R:
        for _ in range(TRIES - 1):
            try:
                with self.desk.sessions.begin() as session:
                    return take(session)
            except ContendedError:
                log.info("turn_contended", call=request.form.get("CallSid"))
            except exc.OperationalError as error:
                if getattr(error.orig, "sqlstate", None) not in CONTENDED:
                    raise
                log.info("turn_contended", call=request.form.get("CallSid"))
        with self.desk.sessions.begin() as session:
            return take(session)

    def _apologise(self) -> Response:
        """Save what the caller has told so far, then say that it was our fault."""
        try:
            with self.desk.sessions.begin() as session:
                language = answering.rescue(session, self.desk, request.form)
        except Exception:
            log.exception("rescue_failed", call=request.form.get("CallSid"))
            return self._still_records()
        return _twiml(fallback.apology(self.desk.catalogue, language))

    def _still_records(self) -> Response:
        return _twiml(fallback.still_records(self.desk.catalogue, self.desk.addresses))

    def _noted(self, take: Callable[[Session], None]) -> Response:
        """News that nobody listens to, noted."""
        try:
            self._in_transaction(take)
        except (KeyError, ValueError, NoResultFound) as error:
            log.warning("news_malformed", path=request.path, error=type(error).__name__)
            return Response(status=400)
        return _texted(None)


def _text_of(form: Mapping[str, str], now: datetime) -> OperatorText:
    return OperatorText(form["MessageSid"], form["From"], form["To"], form["Body"], now)


def _texted(answer: str | None) -> Response:
    response = MessagingResponse()
    if answer is not None:
        response.message(answer)
    return _twiml(str(response))


def _twiml(body: str) -> Response:
    return Response(body, mimetype="text/xml")
