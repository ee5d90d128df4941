"""The network's lines, what they tell about hours and holidays; a line is opened, changed, put out of use and back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import holidays
from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin.auth import holder, reaches_network, signed_in
from admin.network.line_form import (
    LONGEST_NUMBER,
    Sheet,
    as_form,
    form_of,
    mistaken,
    print_of,
    state_of,
    terms_in,
    wrong_with,
)
from admin.pages import said
from admin.parts import now, transaction
from admin.people.doing import by
from admin.people.marks import mark_of
from admin.people.reading import Fields, as_typed
from admin.people.views import today
from admin.sounds import played
from admin.studio.machine import Espeak
from admin.wording import page_language, spoken_language
from scheduler.lines import change_line, connect, open_line
from scheduler.rota.closures import closures_of
from scheduler.slots import Span, is_working_day
from tickets.lines import LONGEST_NAME, LineRefusal, LineRow, LineTerms, lines_kept, refusal_of
from tickets.rights import Right
from tickets.vocabulary import PageLanguage
from voice_prompts.catalogue import Catalogue
from voice_prompts.checks import faults_of_name
from voice_prompts.language import Language
from voice_prompts.ulaw import wav_of

SATURDAY: Final = 5
A_YEAR: Final = timedelta(days=365)
CLOSURES: Final = "rota_closures.every"
NAMED_IN: Final = {PageLanguage.FI: "fi", PageLanguage.SV: "sv_FI", PageLanguage.EN: "en_US"}
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
        lines=[(row, row.terms.name_in(spoken_language()), state_of(row)) for row in found],
        hours=holder().hours,
        holidays=coming_holidays(today()),
        closures=closures,
        closures_url=url_for(CLOSURES) if CLOSURES in current_app.view_functions else None,
        may=may_keep(),
    )


@lines.get("/new")
@signed_in(Right.KEEP_SETTINGS)
def blank() -> ResponseReturnValue:
    """Show the form of a line to be."""
    require_network()
    first = {"first_language": spoken_language(), "active": "1"}
    return form_of(Sheet(None, as_typed(first)))


@lines.post("/new")
@signed_in(Right.KEEP_SETTINGS)
def begin() -> ResponseReturnValue:
    """Let its names be heard; and once they have been, open the line."""
    require_network()
    fields = Fields(request.form)
    number, terms = fields.text("number", LONGEST_NUMBER, needed=True), terms_in(fields)
    wrong = {**wrong_with(number, terms), **fields.mistakes}
    if wrong or terms is None:
        return form_of(Sheet(None, request.form, wrong)), 422
    if request.form.get("heard") != print_of(terms):
        return form_of(Sheet(None, request.form, heard=terms))
    with transaction() as session:
        made = open_line(session, holder().network_id, number, terms, **by())
    if isinstance(made, LineRefusal):
        return form_of(Sheet(None, request.form, mistaken(made))), 422
    said("line_opened")
    return redirect(url_for(".one", line=made), 303)


@lines.get("/<int:line>")
@signed_in(Right.KEEP_SETTINGS)
def one(line: int) -> ResponseReturnValue:
    """Show the form of a line, and what is still to be done so that it is answered."""
    row = _row(line)
    return form_of(Sheet(row, as_form(row.terms)))


@lines.post("/<int:line>")
@signed_in(Right.KEEP_SETTINGS)
def change(line: int) -> ResponseReturnValue:
    """Let a line be otherwise, from the next call on; another name is heard first."""
    require_network()
    row, fields = _row(line), Fields(request.form)
    terms = terms_in(fields)
    if terms is None:
        return form_of(Sheet(row, request.form, fields.mistakes)), 422
    if (wrong := refusal_of(terms)) is not None:
        return form_of(Sheet(row, request.form, mistaken(wrong))), 422
    if print_of(terms) not in (print_of(row.terms), request.form.get("heard")):
        return form_of(Sheet(row, request.form, heard=terms))
    if (refusal := _changed(line, terms)) is not None:
        return form_of(Sheet(_row(line), request.form, mistaken(refusal))), 422
    said("network_changed")
    return redirect(url_for(".everything"), 303)


@lines.post("/<int:line>/connection")
@signed_in(Right.KEEP_SETTINGS)
def connect_again(line: int) -> ResponseReturnValue:
    """Have the operator told anew where the line is answered."""
    require_network()
    with transaction() as session:
        if not connect(session, holder().network_id, line, now=now()):
            abort(404)
    said("line_connecting")
    return redirect(url_for(".one", line=line), 303)


@lines.get("/sound/<language>")
@signed_in(Right.KEEP_SETTINGS)
def sound(language: str) -> ResponseReturnValue:
    """How a voice says a line's name on the telephone."""
    name = " ".join(request.args.get("name", "").split())
    if language not in list(Language) or not 0 < len(name) <= LONGEST_NAME or faults_of_name(name):
        abort(404)
    said_in = Language(language)
    spoken = Catalogue.load().spoken(said_in, "this_is", line=name)
    return played(wav_of(Espeak().say(spoken, said_in)))


def coming_holidays(first: date) -> Sequence[Holiday]:
    """The holidays of the coming year in the reader's language; those on weekends too, as people ask about them."""
    years = (first.year, first.year + 1)
    named = holidays.country_holidays("FI", years=years, language=NAMED_IN[page_language()])
    inside = sorted((day, name) for day, name in named.items() if first <= day < first + A_YEAR)
    return [Holiday(day, name, day.weekday() >= SATURDAY) for day, name in inside if not is_working_day(day)]


def may_keep() -> bool:
    """Whether whoever reads this may change what holds for the whole network."""
    return reaches_network(Right.KEEP_SETTINGS)


def require_network() -> None:
    """What all share is changed by who works for all."""
    if not may_keep():
        abort(403)


def _changed(line: int, terms: LineTerms) -> LineRefusal | None:
    seen = request.form.get("seen", "")
    with transaction() as session:
        found = change_line(
            session, holder().network_id, line, lambda known: terms if mark_of(known) == seen else None, **by()
        )
    return abort(404) if found is LineRefusal.NOT_FOUND else found


def _row(line: int) -> LineRow:
    with transaction() as session:
        found = lines_kept(session, holder().network_id)
    return next((row for row in found if row.id == line), None) or abort(404)
