"""What a person does with a telephone on its page: dials, answers, presses, speaks, hurries the clock."""

from __future__ import annotations

from flask import Blueprint, abort, request

from ivr.exchange.call import Call, require_keys
from ivr.exchange.leg import Speech
from ivr.exchange.page.clockwork import NothingAheadError, StillEngagedError, turn
from ivr.exchange.page.directory import international
from ivr.exchange.page.state import Json
from ivr.exchange.phones import Phone
from ivr.exchange.switchboard import Exchange
from ivr.exchange.values import Pressed, Uttered
from ivr.exchange.wav import at_telephone_rate, wav_of

_SPOKEN = ("fi-FI", "sv-SE", "en-US")


def add_acting(blueprint: Blueprint, exchange: Exchange) -> None:
    """The routes of all that can be done."""
    _add_starting(blueprint, exchange)
    _add_doing(blueprint, exchange)
    _add_speaking(blueprint, exchange)
    _add_hurrying(blueprint, exchange)


def phone_with(exchange: Exchange, number: str) -> Phone:
    """The phone of a number written in full; 404 for anything else."""
    if international(number) != number:
        abort(404)
    return exchange.phone(number)


def _add_starting(blueprint: Blueprint, exchange: Exchange) -> None:
    @blueprint.post("/<number>/dial")
    def dial(number: str) -> tuple[Json, int]:
        to = international(_sent("to"))
        phone = phone_with(exchange, number)
        if to is None:
            return {"error": "not a number", "word": "refused_number"}, 400
        if phone.call is not None:
            return {"error": "in a call already", "word": "refused_engaged"}, 409
        return {"sid": phone.dial(to, withheld=_sent("withheld") == "yes").sid}, 201

    @blueprint.post("/<number>/text")
    def text(number: str) -> tuple[Json, int]:
        to, body = international(_sent("to")), _sent("text")
        if to is None or not body:
            return {"error": "a text needs a number and words", "word": "refused_text"}, 400
        phone_with(exchange, number).text(to, body)
        return {}, 201


def _add_doing(blueprint: Blueprint, exchange: Exchange) -> None:
    @blueprint.post("/<number>/<any(answer, decline, hang_up, press, speaking, say):act>")
    def do(number: str, act: str) -> tuple[Json, int]:
        phone = phone_with(exchange, number)
        call = phone.call
        if call is None:
            return _no_call()
        cut = call.leg.takes_keys
        try:
            _act(phone, call, act)
        except ValueError as error:
            return {"error": str(error), "word": "refused"}, 400
        return {"cut": cut}, 200


def _add_speaking(blueprint: Blueprint, exchange: Exchange) -> None:
    @blueprint.post("/<number>/sound")
    def speak_sound(number: str) -> tuple[Json, int]:
        phone = phone_with(exchange, number)
        call = phone.call
        if call is None or request.mimetype != "audio/wav":
            return _no_call()
        try:
            samples = at_telephone_rate(request.get_data())
            language = _spoken(request.args.get("language") or _SPOKEN[0])
        except ValueError as error:
            return {"error": str(error), "word": "refused"}, 400
        _utter(phone, call, Speech("", len(samples) / 8000, wav_of(samples), language))
        return {}, 200


def _add_hurrying(blueprint: Blueprint, exchange: Exchange) -> None:
    @blueprint.post("/time")
    def hurry() -> tuple[Json, int]:
        if exchange.clockwork is None:
            abort(404)
        try:
            turn(exchange.clockwork, request.get_json(), engaged=exchange.engaged, next_in_s=exchange.next_in_s)
        except StillEngagedError:
            return {"error": "somebody is in a call", "word": "refused_leap"}, 409
        except NothingAheadError:
            return {"error": "nothing comes next", "word": "refused_next"}, 409
        except ValueError as error:
            return {"error": str(error), "word": "refused"}, 400
        return {"speed": exchange.clockwork.speed}, 200


def _act(phone: Phone, call: Call, act: str) -> None:
    match act:
        case "answer":
            call.answer()
        case "decline":
            call.decline()
        case "hang_up":
            call.hang_up()
        case "press":
            _press(phone, call, _sent("keys"))
        case "speaking":
            call.begin_to_speak()
        case _:
            _say(phone, call)


def _press(phone: Phone, call: Call, keys: str) -> None:
    require_keys(keys)
    phone.remember(Pressed(keys), call)
    call.press(keys)


def _say(phone: Phone, call: Call) -> None:
    text, language = _sent("text"), _spoken(_sent("language"))
    if text:
        _utter(phone, call, call.speech(text, None, language))
    else:
        call.finish_speaking(None)


def _utter(phone: Phone, call: Call, speech: Speech) -> None:
    phone.remember(Uttered(speech.text, speech.seconds, speech.language, speech.wav), call)
    call.finish_speaking(speech)


def _spoken(language: str) -> str:
    if language not in _SPOKEN:
        raise ValueError(f"nobody here speaks {language!r}")
    return language


def _no_call() -> tuple[Json, int]:
    return {"error": "no call, or no WAV", "word": "refused_no_call"}, 409


def _sent(name: str) -> str:
    """A field of the JSON sent; JSON alone, so that no foreign page can send it unasked."""
    sent = request.get_json()
    return str(sent.get(name, "")) if isinstance(sent, dict) else ""
