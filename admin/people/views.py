"""Who belongs to the network: looked for, looked at, taken in."""

from dataclasses import replace
from datetime import date
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from admin.auth import holder, signed_in
from admin.pages import said
from admin.parts import address_here, now, transaction
from admin.people.doing import NotDoneError, by, done
from admin.people.marks import marks_of
from admin.people.reading import Fields, Slip, as_typed
from admin.people.sought import A_PAGE, Sought, expires_soon
from admin.wording import page_language
from scheduler.people.cards import PersonCard, people_named, people_of, person_card
from scheduler.people.doors import keys_of
from scheduler.people.helpers import Papers, join_as_helper
from scheduler.people.organisations import organisation_names
from scheduler.people.persons import Identity, add_person, checked_identity
from scheduler.people.reach import GIVES, PeopleRefusal, beyond_giving, beyond_reach
from scheduler.people.rules import accepted_by
from scheduler.rota.availability import Wishes, wishes_of
from scheduler.slots import HELSINKI
from tickets.people_log import Changed, changes_of
from tickets.rights import Right
from tickets.vocabulary import HELPER_ROLES, HelperKind, PageLanguage, Role
from voice_prompts.language import Language

LONGEST_NAME, LONGEST_ADDRESS, LONGEST_NUMBER = 200, 254, 40
LOG_LINES: Final = 30
people = Blueprint("people", __name__, url_prefix="/admin/people")


@people.get("")
@signed_in(Right.SEE_PEOPLE)
def everybody() -> ResponseReturnValue:
    """Show the people whom one may see, and those whose badge runs out soon."""
    sought, who = Sought.of(request.args), holder()
    with transaction() as session:
        cards = people_of(session, who, left=sought.left)
        organisations = organisation_names(session, who.network_id)
    found = sought.among(cards, today())
    shown = found[(sought.page - 1) * A_PAGE : sought.page * A_PAGE]
    expiring = sum(expires_soon(one, today()) for one in cards)
    more = len(found) > sought.page * A_PAGE
    lists = {"sought": sought, "people": shown, "found": len(found), "expiring": expiring, "more": more}
    return render_template("people/all.html", organisations=organisations, **lists, **vocabularies())


@people.get("/<int:person>")
@signed_in(Right.SEE_PEOPLE)
def one(person: int) -> ResponseReturnValue:
    """Show somebody: who they are, their papers, what was changed about them."""
    return shown_person(person)


@people.get("/new")
@signed_in(Right.KEEP_PEOPLE)
def blank() -> ResponseReturnValue:
    """Show the form for somebody new."""
    own, rings = holder().organisation_id, "no" if holder().organisation_id is None else "yes"
    return _form(as_typed({"organisation": own, "languages": [page_language()], "rings": rings}), {})


@people.post("/new")
@signed_in(Right.KEEP_PEOPLE)
def add() -> ResponseReturnValue:
    """Take somebody in; what was typed stays where something is wrong."""
    fields = Fields(request.form)
    try:
        made = _added(fields)
    except NotDoneError as refused:
        return _form(request.form, refused.mistakes), 422
    if made is None:
        return _form(request.form, fields.mistakes), 422
    said("people_added")
    return redirect(url_for(".one", person=made), 303)


@people.app_template_filter()
def on_day(day: date | None) -> str:
    """A day as it is written."""
    if day is None:
        return ""
    return day.isoformat() if page_language() is PageLanguage.EN else f"{day.day}.{day.month}.{day.year}"


def shown_person(
    person: int, form: str = "", mistakes: dict[str, str] | None = None, status: int = 200
) -> ResponseReturnValue:
    """Somebody's page; `form` is the one of its forms in which something is wrong, and keeps what was typed."""
    with transaction() as session:
        card = seen(session, person)
        told = {
            "card": card,
            "organisations": organisation_names(session, holder().network_id),
            "wishes": _wishes(session, card),
            "accepted": accepted_by(session, holder().network_id, card.id),
            "log": _log_of(session, card),
            "may": may_change(card),
            "marks": marks_of(card),
            "way_in": f"{address_here()}{url_for('sign_in.show')}",
            "keys": keys_of(session, holder().network_id, now=now(), person_id=card.id) if may_change(card) else (),
        }
        told["names"] = _actors(session, told["log"])
    page = render_template(
        "people/one.html",
        form=form,
        mistakes=mistakes or {},
        sent=request.form,
        today=today(),
        **told,
        **vocabularies(),
    )
    return page, status


def seen(session: Session, person: int) -> PersonCard:
    """Somebody whom one may see; others are not there."""
    card = person_card(session, holder().network_id, person)
    if card is None or beyond_reach(holder(), card.organisation_id, Right.SEE_PEOPLE) is not None:
        abort(404)
    return card


def may_change(card: PersonCard) -> bool:
    """Whether whoever reads this may change somebody."""
    who = holder()
    return beyond_reach(who, card.organisation_id) is None and beyond_giving(who, card.role) is None


def today() -> date:
    """The day, in Finland."""
    return now().astimezone(HELSINKI).date()


def identity_in(fields: Fields) -> Identity:
    """Who somebody is, as it was typed."""
    return Identity(
        fields.text("name", LONGEST_NAME, needed=True),
        fields.text("email", LONGEST_ADDRESS) or None,
        fields.text("phone", LONGEST_NUMBER) or None,
        fields.row("organisation"),
    )


def vocabularies() -> dict[str, object]:
    """The lists to choose from: the roles only those that one may give."""
    gives = GIVES.get(holder().role, frozenset())
    return {
        "roles": [role for role in Role if role in gives and role not in HELPER_ROLES],
        "all_roles": list(Role),
        "kinds": list(HelperKind),
        "languages": list(Language),
    }


def _added(fields: Fields) -> int | None:
    who, identity = holder(), identity_in(fields)
    if "rings" in fields.sent and fields.sent["rings"] == "yes":
        return _helper_added(fields, identity)
    role = fields.one_of("role", Role)
    if fields.mistakes or role is None:
        _note_refusals(fields, identity)
        return None
    with transaction() as session:
        return done(add_person(session, who.network_id, identity, role, who=who, **by()))


def _helper_added(fields: Fields, identity: Identity) -> int | None:
    who, kind, badge = holder(), fields.one_of("kind", HelperKind), fields.day("badge_expires_on")
    languages = fields.several_of("languages", Language)
    if not languages:
        fields.mistakes["languages"] = Slip.CHOOSE
    if identity.organisation_id is None:
        fields.mistakes.setdefault("organisation", f"people_{PeopleRefusal.NEEDS_ORGANISATION}")
    if identity.phone is None:
        fields.mistakes.setdefault("phone", f"people_{PeopleRefusal.NEEDS_PHONE}")
    if fields.mistakes or kind is None or identity.organisation_id is None:
        _note_refusals(fields, identity)
        return None
    papers = Papers(identity.organisation_id, languages, kind, badge)
    with transaction() as session:
        return done(join_as_helper(session, who.network_id, identity, papers, who=who, **by()))


def _note_refusals(fields: Fields, identity: Identity) -> None:
    """What else would be refused of how they are reached, so that all of it is told at once."""
    who, told = holder(), replace(identity, name=identity.name or "?")
    with transaction() as session:
        for one in (replace(told, phone=None), replace(told, email=None)):
            refusal = checked_identity(session, who.network_id, one, None, who)
            if isinstance(refusal, PeopleRefusal):
                for name, code in NotDoneError(refusal).mistakes.items():
                    fields.mistakes.setdefault(name, code)


def _form(typed: MultiDict[str, str], mistakes: dict[str, str]) -> str:
    with transaction() as session:
        organisations = organisation_names(session, holder().network_id)
    return render_template(
        "people/new.html", typed=typed, mistakes=mistakes, organisations=organisations, **vocabularies()
    )


def _wishes(session: Session, card: PersonCard) -> Wishes | None:
    return None if card.helper is None else wishes_of(session, holder().network_id, card.helper.helper_id)


def _log_of(session: Session, card: PersonCard) -> tuple[Changed, ...]:
    if beyond_reach(holder(), card.organisation_id) is not None:
        return ()
    return changes_of(session, holder().network_id, person_id=card.id, limit=LOG_LINES)


def _actors(session: Session, log: object) -> dict[str, str]:
    """The names of those who changed something, by actor."""
    assert isinstance(log, tuple)
    ids = {int(one.actor.removeprefix("person:")) for one in log if one.actor.startswith("person:")}
    named = people_named(session, holder().network_id, ids)
    return {f"person:{key}": name for key, name in named.items()}
