"""Organisations: whom they serve, by their own municipalities and by agreement."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from admin.auth import holder, signed_in
from admin.pages import said
from admin.parts import transaction
from admin.people.doing import Foreseen, NotDoneError, StaleError, by, confirm, doing, done, settle
from admin.people.marks import SEEN, mark_of, require_as_seen
from admin.people.reading import Fields
from admin.wording import spoken_language
from scheduler.people.organisations import (
    Area,
    OrganisationCard,
    change_organisation,
    open_organisation,
    organisations_of,
)
from scheduler.people.reach import PeopleRefusal, beyond_reach
from scheduler.rota.effects import Effect
from tickets.municipalities import Municipality, all_municipalities, by_code
from tickets.rights import Right

LONGEST_NAME: Final = 200
MOST_FOUND: Final = 60
CHOICE: Final = "serves-"
organisations = Blueprint("organisations", __name__, url_prefix="/admin/organisations")


class Served(StrEnum):
    """How an organisation serves a municipality; the words stand under `served`."""

    NO = "no"
    OWN = "own"
    AGREED = "agreed"


@dataclass(frozen=True, slots=True)
class Choice:
    """A municipality in the form, and how it is served as far as has been typed."""

    place: Municipality
    served: Served


@organisations.get("")
@signed_in(Right.SEE_PEOPLE)
def everything() -> ResponseReturnValue:
    """Show the organisations and whom they serve."""
    with transaction() as session:
        found = organisations_of(session, holder().network_id)
    may = {one.id for one in found if beyond_reach(holder(), one.id) is None}
    return render_template("people/organisations.html", organisations=found, may=may, may_add=_may_add())


@organisations.get("/new")
@signed_in(Right.KEEP_PEOPLE)
def blank() -> ResponseReturnValue:
    """Show the form for another organisation."""
    return _form(None, "", {}, {})


@organisations.post("/new")
@signed_in(Right.KEEP_PEOPLE)
def add() -> ResponseReturnValue:
    """Let an organisation join; looking for municipalities changes nothing."""
    if "find" in request.form:
        return _typed_form(None, {})
    return _saved(None, _open)


@organisations.get("/<int:organisation>")
@signed_in(Right.KEEP_PEOPLE)
def one(organisation: int) -> ResponseReturnValue:
    """Show the form of an organisation."""
    area = _card(organisation).area
    chosen = {**dict.fromkeys(area.agreed, Served.AGREED), **dict.fromkeys(area.serves, Served.OWN)}
    return _form(organisation, area.name, chosen, {}, seen=mark_of(area))


@organisations.post("/<int:organisation>")
@signed_in(Right.KEEP_PEOPLE)
def change(organisation: int) -> ResponseReturnValue:
    """Another name or other municipalities; asked once more where a promise loses its helper by it."""
    if "find" in request.form:
        return _typed_form(organisation, {})
    return _saved(organisation, lambda area: _changed(organisation, area))


def _open(area: Area) -> Foreseen | None:
    with transaction() as session:
        done(open_organisation(session, holder().network_id, area, who=holder(), **by()))
    return None


def _changed(organisation: int, area: Area) -> Foreseen | None:
    def after(known: Area) -> Area:
        require_as_seen(known)
        return area

    def change(session: Session) -> Effect | PeopleRefusal:
        whose = (session, holder().network_id, organisation)
        return change_organisation(*whose, after, who=holder(), **doing())

    return settle(change)


def _saved(organisation: int | None, save: Callable[[Area], Foreseen | None]) -> ResponseReturnValue:
    fields = Fields(request.form)
    name, chosen = fields.text("name", LONGEST_NAME, needed=True), _chosen(request.form)
    if fields.mistakes:
        return _typed_form(organisation, fields.mistakes)
    area = Area(name, _of(chosen, Served.OWN), _of(chosen, Served.AGREED))
    try:
        ahead = save(area)
    except NotDoneError as refused:
        if refused.refusal is PeopleRefusal.NOT_FOUND:
            abort(404)
        return _typed_form(organisation, refused.mistakes)
    if ahead is not None:
        return confirm(ahead, url_for(".everything"))
    said("people_changed")
    return redirect(url_for(".everything"), 303)


def _typed_form(organisation: int | None, mistakes: dict[str, str]) -> ResponseReturnValue:
    seen = request.form.get(SEEN, "")
    present = None if organisation is None else _card(organisation).area
    stale = present if mistakes == StaleError().mistakes else None
    seen = seen if stale is None else mark_of(stale)
    typed = (request.form.get("name", "")[:1000], _chosen(request.form))
    page = _form(organisation, *typed, mistakes, seen=seen, present=stale)
    return page, 422 if mistakes else 200


def _form(
    organisation: int | None,
    name: str,
    chosen: Mapping[str, Served],
    mistakes: dict[str, str],
    *,
    seen: str = "",
    present: Area | None = None,
) -> str:
    wanted = request.form.get("wanted", "")[:100]
    found = [place for place in _found(wanted) if place.code not in chosen] if "find" in request.form else []
    return render_template(
        "people/organisation.html",
        organisation=organisation,
        name=name,
        chosen=_in_order(Choice(place, served) for code, served in chosen.items() if (place := by_code(code))),
        found=found[:MOST_FOUND],
        more=max(0, len(found) - MOST_FOUND),
        wanted=wanted,
        looked="find" in request.form,
        served=Served,
        seen=seen,
        present=present,
        mistakes=mistakes,
    )


def _found(wanted: str) -> Sequence[Municipality]:
    """Municipalities whose name, sub-region or region begins so, in either language."""
    begins = wanted.strip().casefold()
    if not begins:
        return ()
    places = (
        place for place in all_municipalities() if any(name.casefold().startswith(begins) for name in _names(place))
    )
    return sorted(places, key=lambda place: place.name_in(spoken_language()))


def _names(place: Municipality) -> Sequence[str]:
    areas = (place.subregion, place.region)
    return (place.name_fi, place.name_sv, *(name for area in areas for name in (area.name_fi, area.name_sv)))


def _chosen(form: MultiDict[str, str]) -> dict[str, Served]:
    """The municipalities that were chosen; one that there is not is passed over."""
    told = {name.removeprefix(CHOICE): how for name, how in form.items() if name.startswith(CHOICE)}
    served = (Served.OWN, Served.AGREED)
    return {code: Served(how) for code, how in told.items() if how in served and by_code(code) is not None}


def _of(chosen: Mapping[str, Served], served: Served) -> tuple[str, ...]:
    return tuple(sorted(code for code, how in chosen.items() if how is served))


def _in_order(choices: Iterable[Choice]) -> list[Choice]:
    return sorted(choices, key=lambda one: one.place.name_in(spoken_language()))


def _card(organisation: int) -> OrganisationCard:
    """One that whoever asks may change; others are not there."""
    if beyond_reach(holder(), organisation) is not None:
        abort(404)
    with transaction() as session:
        found = organisations_of(session, holder().network_id)
    return next((one for one in found if one.id == organisation), None) or abort(404)


def _may_add() -> bool:
    return beyond_reach(holder(), None) is None
