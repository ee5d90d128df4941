"""The pages of the way in and out: an address, the code that comes to it, or a key."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from admin.auth import let_out, open_to_all, whoever_is_signed_in
from admin.pages import said
from admin.parts import now, parts, transaction
from admin.sign_in.asking import Asked, WayInMistake, ask, ask_again, asked_for, typed_code
from admin.sign_in.demo import demo_people
from admin.sign_in.joining import ACCOUNT, join_page, joined
from admin.sign_in.ways import bring_in, own_page
from tickets.sign_in_codes import CodeTrouble, come_in_by, prove
from tickets.sign_ins import How
from tickets.tokens import verify_token

sign_in = Blueprint("sign_in", __name__)
Mistakes = Mapping[str, str]


@sign_in.get("/sign-in")
@open_to_all
def show() -> ResponseReturnValue:
    """Show the way in."""
    return _way_in(request.args.get("to"))


@sign_in.post("/sign-in")
@open_to_all
def enter() -> ResponseReturnValue:
    """Take an address to which a code is to be sent, or a key."""
    if "token" in request.form:
        return _enter_by_key(request.form["token"])
    typed, to = request.form.get("address", ""), own_page(request.form.get("to"))
    joins = "join" in request.form and ACCOUNT in session
    mistake = ask(typed, to, joins=joins)
    if mistake is not None and joins:
        return join_page(to, typed=typed, mistakes={"address": mistake}), 422
    if mistake is not None:
        return _way_in(to, typed=typed, mistakes={"address": mistake}), 422
    return redirect(url_for("sign_in.code"), 303)


@sign_in.get("/sign-in/code")
@open_to_all
def code() -> ResponseReturnValue:
    """Show where the code is typed."""
    asked = asked_for()
    return redirect(url_for("sign_in.show")) if asked is None else _code_page(asked)


@sign_in.post("/sign-in/code")
@open_to_all
def prove_it() -> ResponseReturnValue:
    """Take the code: one person comes in, one of several chooses as whom."""
    asked = asked_for()
    if asked is None:
        return _way_in(request.form.get("to"), mistakes={"address": CodeTrouble.TOO_OLD}), 422
    digits = typed_code()
    if digits is None:
        return _code_page(asked, {"code": WayInMistake.NOT_SIX}), 422
    with transaction() as rows:
        known = prove(rows, asked.code_id, digits, now=now())
        if isinstance(known, CodeTrouble):
            return _code_page(asked, {"code": known}), 422
        if len(known) > 1:
            return render_template(
                "sign_in/choose.html", known=known, own="own" in request.form, at=url_for("sign_in.choose")
            )
        return _come_in(rows, asked, known[0].person_id)


@sign_in.post("/sign-in/code/again")
@open_to_all
def again() -> ResponseReturnValue:
    """Have another code sent to the same address; the page takes the newest."""
    asked = asked_for()
    if asked is None:
        return redirect(url_for("sign_in.show"), 303)
    mistake = ask_again(asked)
    if mistake is not None:
        return _code_page(asked, {"code": mistake}), 422
    said("code_sent_again")
    return redirect(url_for("sign_in.code"), 303)


@sign_in.post("/sign-in/choose")
@open_to_all
def choose() -> ResponseReturnValue:
    """Come in as one of several: whoever works in more than one network."""
    asked = asked_for()
    if asked is None:
        return redirect(url_for("sign_in.show"), 303)
    with transaction() as rows:
        return _come_in(rows, asked, request.form.get("person", 0, type=int))


@sign_in.post("/sign-out")
@open_to_all
def leave() -> ResponseReturnValue:
    """Nobody is signed in here any more."""
    let_out()
    return redirect(url_for("sign_in.show"), 303)


def _enter_by_key(token: str) -> ResponseReturnValue:
    with transaction() as rows:
        who = verify_token(rows, token.strip(), now=now())
        if who is not None:
            return bring_in(rows, who, How.KEY, request.form.get("to"))
    return _way_in(request.form.get("to"), mistakes={"token": WayInMistake.NO_KEY}), 401


def _come_in(rows: Session, asked: Asked, person_id: int) -> ResponseReturnValue:
    who = come_in_by(rows, asked.code_id, person_id, now=now())
    if isinstance(who, CodeTrouble):
        return _code_page(asked, {"code": who}), 422
    is_joined = asked.joins and joined(rows, who)
    answer = bring_in(rows, who, How.CODE, asked.to, remembered="own" in request.form)
    if is_joined:
        said("account_joined")
    elif asked.joins:
        said("account_not_joined")
    return answer


def _code_page(asked: Asked, mistakes: Mistakes | None = None) -> str:
    return render_template("sign_in/code.html", asked=asked, mistakes=mistakes or {})


def _way_in(to: str | None, *, typed: str = "", mistakes: Mistakes | None = None) -> str:
    with transaction() as rows:
        people = demo_people(rows)
    return render_template(
        "sign_in/show.html",
        to=own_page(to),
        typed=typed,
        mistakes=mistakes or {},
        people=people,
        signed_in=whoever_is_signed_in(),
        by_mail=parts().settings.smtp is not None,
        by_key="key" in request.args or "token" in request.form,
        by_organisation=parts().settings.oidc is not None,
    )
