"""The pages of the telephones, and what each shows."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, abort, redirect, render_template, request, send_from_directory
from werkzeug.wrappers import Response as AnyResponse

from ivr.exchange.page.acting import add_acting, phone_with
from ivr.exchange.page.clockwork import LEAPS_S, SPEEDS
from ivr.exchange.page.directory import Entry, international, read_entries, spaced
from ivr.exchange.page.sounds import Sounds
from ivr.exchange.page.state import Json, name_of, phone_state
from ivr.exchange.page.words import LANGUAGES, all_words, chosen_language, words_in
from ivr.exchange.switchboard import Exchange

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "media-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_COOKIE = "phone_language"
_A_YEAR_S = 365 * 24 * 3600


def make_page(exchange: Exchange) -> Blueprint:
    """The telephones of this exchange."""
    blueprint = Blueprint("page", __name__, url_prefix="/phone", template_folder="templates")
    blueprint.add_app_template_filter(spaced)
    directory: list[Entry] = []
    _add_pages(blueprint, exchange, directory)
    _add_book(blueprint, exchange, directory)
    _add_listening(blueprint, exchange, Sounds(exchange.office.voice))
    add_acting(blueprint, exchange)
    _add_words(blueprint)

    @blueprint.after_request
    def protect(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return blueprint


def _add_words(blueprint: Blueprint) -> None:
    @blueprint.context_processor
    def words() -> dict[str, object]:
        language = _language()
        names = [(code, all_words()[code]["language"]) for code in LANGUAGES]
        return {"t": words_in(language), "language": language, "languages": names}

    @blueprint.after_request
    def keep(response: Response) -> Response:
        if request.args.get("lang") in LANGUAGES:
            response.set_cookie(_COOKIE, request.args["lang"], _A_YEAR_S, path="/phone", samesite="Lax", httponly=True)
        return response


def _add_pages(blueprint: Blueprint, exchange: Exchange, directory: Sequence[Entry]) -> None:
    @blueprint.get("")
    def choose() -> str | AnyResponse:
        typed = request.args.get("number", "")
        number = international(typed)
        if number:
            return redirect(f"/phone/{number}")
        return render_template("choose.html", groups=_grouped(directory), lines=exchange.lines, mistyped=typed)

    @blueprint.get("/<number>")
    def show(number: str) -> str:
        phone = phone_with(exchange, number)
        return render_template(
            "phone.html",
            phone=phone,
            entry=_entry(directory, number),
            lines=exchange.lines,
            clockwork=exchange.clockwork,
            speeds=SPEEDS,
            leaps=LEAPS_S,
        )

    @blueprint.get("/static/<path:name>")
    def static(name: str) -> Response:
        return send_from_directory(f"{blueprint.root_path}/static", name, max_age=0)


def _add_book(blueprint: Blueprint, exchange: Exchange, directory: list[Entry]) -> None:
    @blueprint.get("/ringing")
    def ringing() -> Json:
        calls = {number: phone.call for number, phone in list(exchange.phones.items())}
        rung = {number: call for number, call in calls.items() if call is not None and call.rings_here}
        phones = [_rung(exchange, directory, number, call.shown_number) for number, call in rung.items()]
        return {"numbers": list(rung), "phones": phones}

    @blueprint.post("/directory")
    def set_directory() -> tuple[Json, int]:
        try:
            directory[:] = read_entries(request.get_json())
        except ValueError as error:
            return {"error": str(error)}, 400
        return {"phones": len(directory)}, 200


def _add_listening(blueprint: Blueprint, exchange: Exchange, sounds: Sounds) -> None:
    @blueprint.get("/<number>/events")
    def events(number: str) -> Json:
        after = request.args.get("after", 0, type=int)
        return phone_state(exchange, phone_with(exchange, number), sounds, max(0, after))

    @blueprint.get("/sound/<name>.wav")
    def sound(name: str) -> Response:
        wav = sounds.wav(name)
        if wav is None:
            abort(404)
        return Response(wav, mimetype="audio/wav", headers={"Cache-Control": "max-age=3600"})


def _language() -> str:
    return chosen_language(request.args.get("lang"), request.cookies.get(_COOKIE), request.accept_languages)


def _entry(directory: Sequence[Entry], number: str) -> Entry | None:
    return next((one for one in directory if one.number == number), None)


def _grouped(directory: Sequence[Entry]) -> Sequence[tuple[str, Sequence[Entry]]]:
    """The phones by whose they are, in the words of the page; those without a part last."""
    groups = (
        ("callers", [one for one in directory if one.part and not one.part.helps]),
        ("helpers", [one for one in directory if one.part and one.part.helps]),
        ("others", [one for one in directory if one.part is None]),
    )
    return [(word, entries) for word, entries in groups if entries]


def _rung(exchange: Exchange, directory: Sequence[Entry], number: str, caller: str) -> Json:
    entry = _entry(directory, number)
    return {"number": number, "name": entry.name if entry else spaced(number), "from": name_of(exchange, caller)}
