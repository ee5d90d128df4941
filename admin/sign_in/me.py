"""Who one is here: name, role, the language of the pages, and where one is signed in."""

from flask import Blueprint, Flask, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin.auth import anybody_signed_in, holder, let_out
from admin.pages import said
from admin.parts import now, transaction
from admin.wording import choose_language
from scheduler.people.doors import end_own_other_sign_ins, end_own_sign_in
from scheduler.people.doors import forget_account as forget
from scheduler.people.persons import identity_of
from tickets.outside_accounts import bound_since
from tickets.people import Person
from tickets.sign_ins import sign_ins_of
from tickets.tokens import Bearer, actor_of
from tickets.vocabulary import PageLanguage

me = Blueprint("me", __name__)


def show_who_it_is(app: Flask) -> None:
    """Let every page say in its head who is signed in."""
    app.jinja_env.globals["my_name"] = my_name


def my_name() -> str:
    """The name of whoever reads this page; nothing of a program, or of somebody who is not signed in."""
    who = g.get("bearer")
    if not isinstance(who, Bearer) or who.person_id is None:
        return ""
    with transaction() as rows:
        return identity_of(rows, rows.get_one(Person, who.person_id)).name


@me.get("/me")
@anybody_signed_in
def show() -> ResponseReturnValue:
    """Show somebody who they are here."""
    who = holder()
    with transaction() as rows:
        person = None if who.person_id is None else rows.get_one(Person, who.person_id)
        return render_template(
            "sign_in/me.html",
            who=who,
            identity=None if person is None else identity_of(rows, person),
            sign_ins=sign_ins_of(rows, who, now=now()),
            account_since=None if person is None else bound_since(rows, person.id),
        )


@me.post("/me/language")
@anybody_signed_in
def choose() -> ResponseReturnValue:
    """Read the pages in another language, here and wherever they sign in."""
    chosen, who = request.form.get("language", ""), holder()
    if chosen not in tuple(PageLanguage):
        abort(400)
    if who.person_id is not None:
        with transaction() as rows:
            rows.get_one(Person, who.person_id).page_language = PageLanguage(chosen)
    choose_language(PageLanguage(chosen))
    said("language_chosen")
    return redirect(url_for("me.show"), 303)


@me.post("/me/sign-ins/<int:sign_in_id>/end")
@anybody_signed_in
def end(sign_in_id: int) -> ResponseReturnValue:
    """End one of one's own; the one by which they ask is signing out."""
    if sign_in_id == holder().sign_in_id:
        let_out()
        return redirect(url_for("sign_in.show"), 303)
    with transaction() as rows:
        ended = end_own_sign_in(rows, holder(), sign_in_id, now=now())
    if ended:
        said("sign_in_ended")
    else:
        said("sign_in_was_ended")
    return redirect(url_for("me.show"), 303)


@me.post("/me/sign-ins/end-others")
@anybody_signed_in
def end_others() -> ResponseReturnValue:
    """End all but the one by which they ask."""
    with transaction() as rows:
        end_own_other_sign_ins(rows, holder(), now=now())
    said("other_sign_ins_ended")
    return redirect(url_for("me.show"), 303)


@me.post("/me/account/forget")
@anybody_signed_in
def forget_account() -> ResponseReturnValue:
    """Forget which account of their organisation is theirs."""
    who = holder()
    if who.person_id is not None:
        with transaction() as rows:
            forget(rows, who.person_id, now=now(), actor=actor_of(who))
    said("account_forgotten")
    return redirect(url_for("me.show"), 303)
