"""What is changed about somebody: who they are, their papers, role and commitment; they leave, or come back."""

from collections.abc import Callable
from dataclasses import replace

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from admin.auth import holder, signed_in
from admin.pages import said
from admin.parts import transaction
from admin.people.doing import Foreseen, NotDoneError, by, confirm, doing, done, settle
from admin.people.marks import require_as_seen
from admin.people.reading import Fields, Slip
from admin.people.views import identity_in, people, shown_person
from scheduler.people import leaving, persons
from scheduler.people.helpers import HelperChanged, Papers, change_helper
from scheduler.people.reach import PeopleRefusal
from tickets.rights import Right
from tickets.vocabulary import HelperKind, Role
from voice_prompts.language import Language

_Change = Callable[[Session], PeopleRefusal | None]
_Weighing = Callable[[Session], HelperChanged | leaving.Left | PeopleRefusal]


@people.post("/<int:person>/identity")
@signed_in(Right.KEEP_PEOPLE)
def edit(person: int) -> ResponseReturnValue:
    """Another name, address, number, or organisation."""
    fields = Fields(request.form)
    told = identity_in(fields)

    def change(session: Session) -> PeopleRefusal | None:
        def after(known: persons.Identity) -> persons.Identity:
            require_as_seen(known)
            return told if "organisation" in request.form else replace(told, organisation_id=known.organisation_id)

        return persons.edit_person(session, holder().network_id, person, after, who=holder(), **by())

    return _changed(person, "identity", fields, change)


@people.post("/<int:person>/papers")
@signed_in(Right.KEEP_PEOPLE)
def change_papers(person: int) -> ResponseReturnValue:
    """Another badge, other languages, another kind or organisation, away for a while; asked once more where it weighs."""
    fields = Fields(request.form)
    papers = _papers_in(fields)

    def after(known: Papers) -> Papers:
        assert papers is not None
        require_as_seen(known)
        return papers

    def change(session: Session) -> HelperChanged | PeopleRefusal:
        return change_helper(session, holder().network_id, person, after, who=holder(), **doing())

    return _weighed(person, "papers", fields, change)


@people.post("/<int:person>/role")
@signed_in(Right.KEEP_PEOPLE)
def give_role(person: int) -> ResponseReturnValue:
    """Another role."""
    fields = Fields(request.form)
    role = fields.one_of("role", Role)

    def change(session: Session) -> PeopleRefusal | None:
        assert role is not None
        return persons.give_role(session, holder().network_id, person, role, who=holder(), **by())

    return _changed(person, "role", fields, change)


@people.post("/<int:person>/commitment")
@signed_in(Right.KEEP_PEOPLE)
def sign_commitment(person: int) -> ResponseReturnValue:
    """The day on which the commitment to secrecy was signed; an empty one: it holds no more."""
    fields = Fields(request.form)
    day = fields.day("signed_on")

    def change(session: Session) -> PeopleRefusal | None:
        return persons.sign_commitment(session, holder().network_id, person, day, who=holder(), **by())

    return _changed(person, "commitment", fields, change)


@people.post("/<int:person>/leave")
@signed_in(Right.KEEP_PEOPLE)
def leave(person: int) -> ResponseReturnValue:
    """Somebody leaves; always asked once more, with what they leave behind."""

    def change(session: Session) -> leaving.Left | PeopleRefusal:
        return leaving.leave(session, holder().network_id, person, who=holder(), **doing())

    return _weighed(person, "leave", Fields(request.form), change, ask=True)


@people.post("/<int:person>/return")
@signed_in(Right.KEEP_PEOPLE)
def come_back(person: int) -> ResponseReturnValue:
    """Somebody who had left comes back."""

    def change(session: Session) -> PeopleRefusal | None:
        return leaving.come_back(session, holder().network_id, person, who=holder(), **doing())

    return _changed(person, "leave", Fields(request.form), change)


def _papers_in(fields: Fields) -> Papers | None:
    kind, organisation = fields.one_of("kind", HelperKind), fields.row("organisation")
    badge, languages = fields.day("badge_expires_on"), fields.several_of("languages", Language)
    if not languages:
        fields.mistakes["languages"] = Slip.CHOOSE
    if organisation is None:
        fields.mistakes.setdefault("organisation", Slip.CHOOSE)
    if fields.mistakes or kind is None or organisation is None:
        return None
    return Papers(organisation, languages, kind, badge, active="away" not in fields.sent)


def _changed(person: int, form: str, fields: Fields, change: _Change) -> ResponseReturnValue:
    if fields.mistakes:
        return shown_person(person, form, fields.mistakes, 422)
    try:
        with transaction() as session:
            done(change(session))
    except NotDoneError as refused:
        return shown_person(person, form, refused.mistakes, 422)
    return _back(person)


def _weighed(person: int, form: str, fields: Fields, change: _Weighing, *, ask: bool = False) -> ResponseReturnValue:
    if fields.mistakes:
        return shown_person(person, form, fields.mistakes, 422)
    try:
        ahead: Foreseen | None = settle(change, ask=ask)
    except NotDoneError as refused:
        return shown_person(person, form, refused.mistakes, 422)
    return _back(person) if ahead is None else confirm(ahead, url_for(".one", person=person))


def _back(person: int) -> ResponseReturnValue:
    said("people_changed")
    return redirect(url_for("people.one", person=person), 303)
