"""The network's lines, what they tell about hours and holidays, and the form of one line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import holidays
from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from admin.auth import holder, signed_in
from admin.pages import said
from admin.parts import now, parts, transaction
from admin.people.doing import FORM, by
from admin.people.reading import Fields, as_typed
from admin.people.views import today
from admin.wording import page_language, spoken_language
from scheduler.rota.closures import closures_of
from scheduler.slots import Span, is_working_day
from tickets.lines import LONGEST_NAME, LineRefusal, LineRow, LineTerms, change_line, lines_kept
from tickets.municipalities import all_municipalities
from tickets.rights import Right, Scope
from tickets.vocabulary import PageLanguage
from voice_prompts.language import Language

SATURDAY: Final = 5
A_YEAR: Final = timedelta(days=365)
CLOSURES: Final = "rota_closures.every"
NAMED_IN: Final = {PageLanguage.FI: "fi", PageLanguage.SV: "sv_FI", PageLanguage.EN: "en_US"}
FIELD_OF: Final = {
    LineRefusal.NO_NAME: "name",
    LineRefusal.TOO_LONG: "name",
    LineRefusal.UNSAYABLE: "name",
    LineRefusal.UNKNOWN_MUNICIPALITY: "municipality",
}
lines = Blueprint("lines", __name__, url_prefix="/admin/lines")


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day of the coming year on which nobody is rung, and what it is called; `weekend`: as on any such day."""

    day: date
    name: str
    weekend: bool


@lines.get("")
@signed_in(Right.EDIT_PROMPTS, Right.KEEP_SETTINGS)
def everything() -> ResponseReturnValue:
    """Show the lines, when callbacks happen, and the days of the coming year on which none does."""
    with transaction() as session:
        found = lines_kept(session, holder().network_id)
        closures = closures_of(session, holder().network_id, Span(now(), now() + A_YEAR))
    return render_template(
        "network/lines.html",
        lines=found,
        grid=parts().grid,
        holidays=coming_holidays(today()),
        closures=closures,
        closures_url=url_for(CLOSURES) if CLOSURES in current_app.view_functions else None,
        may=may_keep(),
    )


@lines.get("/<int:line>")
@signed_in(Right.KEEP_SETTINGS)
def one(line: int) -> ResponseReturnValue:
    """Show the form of a line."""
    row = _row(line)
    return _form(row, _as_form(row.terms), {})


@lines.post("/<int:line>")
@signed_in(Right.KEEP_SETTINGS)
def change(line: int) -> ResponseReturnValue:
    """Let a line be otherwise, from the next call on."""
    require_network()
    fields = Fields(request.form)
    terms = _terms_in(fields)
    if terms is None:
        return _form(_row(line), request.form, fields.mistakes), 422
    seen = request.form.get("seen", "")
    with transaction() as session:
        found = change_line(
            session, holder().network_id, line, lambda known: terms if seal_of(known) == seen else None, **by()
        )
    if found is LineRefusal.NOT_FOUND:
        abort(404)
    if found is not None:
        return _form(_row(line), request.form, {FIELD_OF.get(found, FORM): f"line_{found}"}), 422
    said("network_changed")
    return redirect(url_for(".everything"), 303)


def coming_holidays(first: date) -> Sequence[Holiday]:
    """The holidays of the coming year in the reader's language; those on weekends too, as people ask about them."""
    years = (first.year, first.year + 1)
    named = holidays.country_holidays("FI", years=years, language=NAMED_IN[page_language()])
    inside = sorted((day, name) for day, name in named.items() if first <= day < first + A_YEAR)
    return [Holiday(day, name, day.weekday() >= SATURDAY) for day, name in inside if not is_working_day(day)]


def seal_of(terms: LineTerms) -> str:
    """What somebody saw of a line when they began to change it."""
    return "|".join(str(getattr(terms, name)) for name in terms.__slots__)


def may_keep() -> bool:
    """Whether whoever reads this may change what holds for the whole network."""
    who = holder()
    scope = who.may(Right.KEEP_SETTINGS)
    return scope is Scope.NETWORK or (scope is Scope.ORGANISATION and who.organisation_id is None)


def require_network() -> None:
    """What all share is changed by who works for all."""
    if not may_keep():
        abort(403)


def _terms_in(fields: Fields) -> LineTerms | None:
    name, other = fields.text("name", LONGEST_NAME, needed=True), fields.text("other_name", LONGEST_NAME)
    first = fields.one_of("first_language", Language)
    municipality = fields.sent.get("municipality", "") or None
    if fields.mistakes or first is None:
        return None
    active, hears = "active" in fields.sent, "hears_speech" in fields.sent
    return LineTerms(" ".join(name.split()), " ".join(other.split()) or None, first, municipality, active, hears)


def _form(row: LineRow, typed: MultiDict[str, str], mistakes: dict[str, str]) -> str:
    names = ((place.code, place.name_in(spoken_language())) for place in all_municipalities())
    places = sorted(names, key=lambda pair: pair[1])
    return render_template(
        "network/line.html",
        row=row,
        typed=typed,
        mistakes=mistakes,
        places=places,
        languages=list(Language),
        seen=seal_of(row.terms),
    )


def _as_form(terms: LineTerms) -> MultiDict[str, str]:
    ticked = {name: "1" for name in ("active", "hears_speech") if getattr(terms, name)}
    told = {name: getattr(terms, name) for name in ("name", "other_name", "first_language", "municipality")}
    return as_typed({**told, **ticked})


def _row(line: int) -> LineRow:
    with transaction() as session:
        found = lines_kept(session, holder().network_id)
    return next((row for row in found if row.id == line), None) or abort(404)
