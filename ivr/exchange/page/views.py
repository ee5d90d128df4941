"""The pages and the JSON of the telephones."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, request, send_from_directory
from werkzeug.wrappers import Response as AnyResponse

from ivr.exchange.call import Call
from ivr.exchange.leg import Speech
from ivr.exchange.page.directory import Entry, international, read_entries, spaced
from ivr.exchange.page.sounds import Sounds
from ivr.exchange.page.state import Json, phone_state
from ivr.exchange.phones import Phone
from ivr.exchange.switchboard import Exchange
from ivr.exchange.wav import at_telephone_rate, wav_of

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "media-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_LANGUAGES = ("fi-FI", "sv-SE", "en-US")


def make_page(exchange: Exchange) -> Blueprint:
    """The telephones of this exchange."""
    blueprint = Blueprint("page", __name__, url_prefix="/phone", template_folder="templates")
    blueprint.add_app_template_filter(spaced)
    sounds = Sounds(exchange.office.voice)
    _add_pages(blueprint, exchange)
    _add_listening(blueprint, exchange, sounds)
    _add_starting(blueprint, exchange)
    _add_acting(blueprint, exchange)
    _add_speaking(blueprint, exchange)

    @blueprint.after_request
    def protect(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return blueprint


def _add_pages(blueprint: Blueprint, exchange: Exchange) -> None:
    directory: list[Entry] = []

    @blueprint.get("")
    def choose() -> str | AnyResponse:
        typed = request.args.get("number", "")
        number = international(typed)
        if number:
            return redirect(f"/phone/{number}")
        return render_template("choose.html", directory=directory, lines=exchange.lines, mistyped=typed)

    @blueprint.get("/ringing")
    def ringing() -> Json:
        rung = [number for number, phone in list(exchange.phones.items()) if phone.call and phone.call.rings_here]
        return {"numbers": rung}

    @blueprint.post("/directory")
    def set_directory() -> tuple[Json, int]:
        try:
            directory[:] = read_entries(request.get_json())
        except ValueError as error:
            return {"error": str(error)}, 400
        return {"phones": len(directory)}, 200

    @blueprint.get("/<number>")
    def show(number: str) -> str:
        phone = _phone(exchange, number)
        entry = next((one for one in directory if one.number == number), None)
        return render_template("phone.html", phone=phone, entry=entry, lines=exchange.lines)

    @blueprint.get("/static/<path:name>")
    def static(name: str) -> Response:
        return send_from_directory(f"{blueprint.root_path}/static", name, max_age=0)


def _add_listening(blueprint: Blueprint, exchange: Exchange, sounds: Sounds) -> None:
    @blueprint.get("/<number>/events")
    def events(number: str) -> Json:
        after = request.args.get("after", 0, type=int)
        return phone_state(exchange, _phone(exchange, number), sounds, max(0, after))

    @blueprint.get("/sound/<name>.wav")
    def sound(name: str) -> Response:
        wav = sounds.wav(name)
        if wav is None:
            abort(404)
        return Response(wav, mimetype="audio/wav", headers={"Cache-Control": "max-age=3600"})


def _add_starting(blueprint: Blueprint, exchange: Exchange) -> None:
    @blueprint.post("/<number>/dial")
    def dial(number: str) -> tuple[Json, int]:
        to = international(_sent("to"))
        phone = _phone(exchange, number)
        if to is None:
            return {"error": "not a number"}, 400
        if phone.call is not None:
            return {"error": "in a call already"}, 409
        return {"sid": phone.dial(to, withheld=_sent("withheld") == "yes").sid}, 201

    @blueprint.post("/<number>/text")
    def text(number: str) -> tuple[Json, int]:
        to, body = international(_sent("to")), _sent("text")
        if to is None or not body:
            return {"error": "a text needs a number and words"}, 400
        _phone(exchange, number).text(to, body)
        return {}, 201


def _add_acting(blueprint: Blueprint, exchange: Exchange) -> None:
    @blueprint.post("/<number>/<any(answer, decline, hang_up, press, speaking, say):act>")
    def do(number: str, act: str) -> tuple[Json, int]:
        call = _phone(exchange, number).call
        if call is None:
            return {"error": "no call"}, 409
        cut = call.leg.takes_keys
        try:
            _act(call, act)
        except ValueError as error:
            return {"error": str(error)}, 400
        return {"cut": cut}, 200


def _add_speaking(blueprint: Blueprint, exchange: Exchange) -> None:
    @blueprint.post("/<number>/sound")
    def speak_sound(number: str) -> tuple[Json, int]:
        call = _phone(exchange, number).call
        if call is None or request.mimetype != "audio/wav":
            return {"error": "no call, or no WAV"}, 409
        try:
            samples = at_telephone_rate(request.get_data())
        except ValueError as error:
            return {"error": str(error)}, 400
        call.finish_speaking(Speech("", len(samples) / 8000, wav_of(samples)))
        return {}, 200


def _act(call: Call, act: str) -> None:
    match act:
        case "answer":
            call.answer()
        case "decline":
            call.decline()
        case "hang_up":
            call.hang_up()
        case "press":
            call.press(_sent("keys"))
        case "speaking":
            call.begin_to_speak()
        case _:
            _say(call)


def _say(call: Call) -> None:
    text, language = _sent("text"), _sent("language")
    if language not in _LANGUAGES:
        raise ValueError(f"nobody here speaks {language!r}")
    call.finish_speaking(call.speech(text, None, language) if text else None)


def _phone(exchange: Exchange, number: str) -> Phone:
    known = international(number)
    if known != number:
        abort(404)
    return exchange.phone(number)


def _sent(name: str) -> str:
    """A field of the JSON sent; JSON alone, so that no foreign page can send it unasked."""
    sent = request.get_json()
    return str(sent.get(name, "")) if isinstance(sent, dict) else ""
