"""The rules that the network agrees on: their versions, from when they are asked for, who has accepted them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from admin.auth import holder, reaches_network, signed_in
from admin.pages import said
from admin.parts import transaction
from admin.people.doing import FORM, NotDoneError, confirm, doing, settle
from admin.people.reading import Fields
from scheduler.people.cards import PersonCard, people_of
from scheduler.people.reach import PeopleRefusal, beyond_reach
from scheduler.people.rules import (
    NewRules,
    RulesCard,
    RulesChanged,
    accept_rules,
    acceptances_of,
    ask_from,
    publish_rules,
    rules_of,
)
from tickets.rights import Right, Scope

LONGEST_RULES: Final = 50_000
rules = Blueprint("rules", __name__, url_prefix="/admin/rules")


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody and the newest rules; `at`: when they accepted them."""

    person: PersonCard
    at: datetime | None


@rules.get("")
@signed_in(Right.READ_BOARD, Right.KEEP_PEOPLE)
def everything() -> ResponseReturnValue:
    """Show the versions; to those who keep the people also who has accepted the newest."""
    return _shown({})


@rules.get("/new")
@signed_in(Right.KEEP_PEOPLE)
def blank() -> ResponseReturnValue:
    """Show the form for a new version, beginning with the words of the newest."""
    _require_network()
    with transaction() as session:
        newest = next(iter(rules_of(session, holder().network_id)), None)
    return render_template("people/rules_new.html", newest=newest, sent=None, mistakes={})


@rules.post("/new")
@signed_in(Right.KEEP_PEOPLE)
def publish() -> ResponseReturnValue:
    """Publish a new version; asked once more where somebody could not ring any longer."""
    _require_network()
    fields = Fields(request.form)
    new = NewRules(
        fields.text("text_fi", LONGEST_RULES, needed=True),
        fields.text("text_sv", LONGEST_RULES) or None,
        fields.day("required_from"),
    )

    def change(session: Session) -> RulesChanged | PeopleRefusal:
        return publish_rules(session, holder().network_id, new, who=holder(), **doing())

    try:
        ahead = None if fields.mistakes else settle(change)
    except NotDoneError as refused:
        fields.mistakes |= refused.mistakes
    if fields.mistakes:
        return render_template("people/rules_new.html", newest=None, sent=request.form, mistakes=fields.mistakes), 422
    return _done() if ahead is None else confirm(ahead, url_for(".blank"))


@rules.post("/<int:version>/requirement")
@signed_in(Right.KEEP_PEOPLE)
def ask_for(version: int) -> ResponseReturnValue:
    """Ask for a version from another day on, or no more."""
    _require_network()
    fields = Fields(request.form)
    day = fields.day("required_from")

    def change(session: Session) -> RulesChanged | PeopleRefusal:
        return ask_from(session, holder().network_id, version, day, who=holder(), **doing())

    try:
        ahead = None if fields.mistakes else settle(change)
    except NotDoneError as refused:
        if refused.refusal is PeopleRefusal.NOT_FOUND:
            abort(404)
        fields.mistakes |= refused.mistakes
    if fields.mistakes:
        return _shown(fields.mistakes), 422
    return _done() if ahead is None else confirm(ahead, url_for(".everything"))


@rules.post("/<int:version>/acceptance")
@signed_in(Right.READ_BOARD)
def accept(version: int) -> ResponseReturnValue:
    """Say that one keeps to the newest version; for oneself only."""
    with transaction() as session:
        answer = accept_rules(session, holder(), version, **doing())
    if answer is PeopleRefusal.NOT_FOUND:
        abort(404)
    if isinstance(answer, PeopleRefusal):
        return _shown({FORM: f"people_{answer}"}), 422
    said("people_rules_accepted")
    return redirect(url_for(".everything"), 303)


def _shown(mistakes: dict[str, str]) -> str:
    with transaction() as session:
        versions = rules_of(session, holder().network_id)
        standings = _standings(session, versions[0]) if versions and _keeps() else []
        own = _own(session, versions[0]) if versions else None
    return render_template(
        "people/rules.html",
        versions=versions,
        accepted=[one for one in standings if one.at is not None],
        missing=[one for one in standings if one.at is None],
        own=own,
        keeps=_keeps(),
        may=beyond_reach(holder(), None) is None,
        sent=request.form,
        mistakes=mistakes,
    )


def _standings(session: Session, newest: RulesCard) -> list[Standing]:
    who = holder()
    own = None if reaches_network(Right.KEEP_PEOPLE) else who.organisation_id
    found = acceptances_of(session, who.network_id, newest.version, organisation_id=own)
    at = {one.person_id: one.accepted_at for one in found}
    people = sorted(people_of(session, who, organisation_id=own), key=lambda one: one.name.casefold())
    return [Standing(person, at.get(person.id)) for person in people]


def _own(session: Session, newest: RulesCard) -> bool | None:
    """Whether whoever reads this has accepted the newest version; None for a program."""
    who = holder()
    if who.person_id is None:
        return None
    found = acceptances_of(session, who.network_id, newest.version)
    return any(one.person_id == who.person_id for one in found)


def _keeps() -> bool:
    return holder().may(Right.KEEP_PEOPLE) in (Scope.NETWORK, Scope.ORGANISATION)


def _require_network() -> None:
    """All share the rules: who keeps one organisation's people reads them, and writes none."""
    if beyond_reach(holder(), None) is not None:
        abort(403)


def _done() -> ResponseReturnValue:
    said("people_changed")
    return redirect(url_for(".everything"), 303)
