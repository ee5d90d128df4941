"""Mailboxes that people write to: added once they have opened, changed, left alone for a while, tried."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from admin.auth import holder, signed_in
from admin.mailbox_trial import something_waits
from admin.network.lines import require_network
from admin.network.mailbox_form import Asked, as_form, asked_in, beside, trouble_with
from admin.pages import said
from admin.parts import now, transaction
from admin.people.doing import FORM, by
from admin.people.reading import Fields
from admin.wording import spoken_language
from scheduler.mail.boxes import (
    BoxCard,
    BoxRefusal,
    account_of,
    add_mailbox,
    change_mailbox,
    mailboxes_of,
    pause_mailbox,
)
from scheduler.ports import MailAccount, MailboxError
from tickets.lines import lines_kept
from tickets.rights import Right

EVERYTHING = "connections.everything"
mailboxes = Blueprint("mailboxes", __name__, url_prefix="/admin/connections/mailboxes")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The form of a mailbox, or of one to be, with what was typed; never with a password."""

    card: BoxCard | None
    typed: MultiDict[str, str]
    mistakes: Mapping[str, str] = field(default_factory=dict)


@mailboxes.get("/new")
@signed_in(Right.KEEP_SETTINGS)
def blank() -> ResponseReturnValue:
    """Show the form of a mailbox to be read."""
    require_network()
    return _form(Sheet(None, MultiDict({"port": "993", "folder": "INBOX"})))


@mailboxes.post("/new")
@signed_in(Right.KEEP_SETTINGS)
def begin() -> ResponseReturnValue:
    """Open it once, and read it from now on."""
    require_network()
    fields = Fields(request.form)
    asked = asked_in(fields, new=True)
    _require_line(asked.line, fields)
    mistakes = fields.mistakes or trouble_with(asked.account)
    if mistakes:
        return _form(Sheet(None, request.form, mistakes)), 422
    with transaction() as session:
        made = add_mailbox(session, asked.line, asked.address, asked.account, **by())
    if made is None:
        return _form(Sheet(None, request.form, {"address": "mailbox_taken"})), 422
    return _done("connection_added")


@mailboxes.get("/<int:mailbox>")
@signed_in(Right.KEEP_SETTINGS)
def one(mailbox: int) -> ResponseReturnValue:
    """Show the form of a mailbox."""
    card = _card(mailbox)
    return _form(Sheet(card, as_form(card)))


@mailboxes.post("/<int:mailbox>")
@signed_in(Right.KEEP_SETTINGS)
def change(mailbox: int) -> ResponseReturnValue:
    """Open it as it would be once, and read it so from now on."""
    require_network()
    card, fields = _card(mailbox), Fields(request.form)
    if request.form.get("seen") != card.seal:
        return _form(Sheet(card, request.form, {FORM: f"mailbox_{BoxRefusal.CHANGED_MEANWHILE}"})), 422
    asked = asked_in(fields, known=_account(mailbox))
    _require_line(asked.line, fields)
    mistakes = fields.mistakes or trouble_with(asked.account) or _changed(card, asked)
    if mistakes:
        return _form(Sheet(card, request.form, mistakes)), 422
    return _done("network_changed")


@mailboxes.post("/<int:mailbox>/pause")
@signed_in(Right.KEEP_SETTINGS)
def pause(mailbox: int) -> ResponseReturnValue:
    """Leave it alone for a while; what comes meanwhile waits in it."""
    return _paused(mailbox, paused=True)


@mailboxes.post("/<int:mailbox>/resumption")
@signed_in(Right.KEEP_SETTINGS)
def resume(mailbox: int) -> ResponseReturnValue:
    """Read it again, and what has come meanwhile."""
    return _paused(mailbox, paused=False)


@mailboxes.post("/<int:mailbox>/trial")
@signed_in(Right.KEEP_SETTINGS)
def attempt(mailbox: int) -> ResponseReturnValue:
    """Open it and say whether anything unread lies there; nothing is taken."""
    require_network()
    card, account = _card(mailbox), _account(mailbox)
    try:
        waits = something_waits(account)
    except MailboxError as error:
        return _form(Sheet(card, as_form(card), beside(error.trouble))), 422
    if waits:
        said("mailbox_has_post")
    else:
        said("mailbox_is_empty")
    return redirect(url_for(".one", mailbox=mailbox), 303)


def _changed(card: BoxCard, asked: Asked) -> dict[str, str]:
    """Keep it so; a password that nobody typed is not written back over one that somebody else typed meanwhile."""
    account = asked.account if request.form.get("password") else replace(asked.account, password="")
    with transaction() as session:
        refusal = change_mailbox(session, card, asked.line, account, network_id=holder().network_id, **by())
    return {} if refusal is None else {FORM: f"mailbox_{refusal}"}


def _paused(mailbox: int, *, paused: bool) -> ResponseReturnValue:
    require_network()
    with transaction() as session:
        if not pause_mailbox(session, holder().network_id, mailbox, paused=paused, **by()):
            abort(404)
    return _done("network_changed")


def _require_line(line: int, fields: Fields) -> None:
    with transaction() as session:
        known = {row.id for row in lines_kept(session, holder().network_id) if row.terms.active}
    if line not in known:
        fields.mistakes["line"] = "people_choose"


def _card(mailbox: int) -> BoxCard:
    with transaction() as session:
        found = mailboxes_of(session, holder().network_id)
    return next((one for one in found if one.id == mailbox), None) or abort(404)


def _account(mailbox: int) -> MailAccount:
    with transaction() as session:
        return account_of(session, holder().network_id, mailbox) or abort(404)


def _form(sheet: Sheet) -> str:
    with transaction() as session:
        lines = lines_kept(session, holder().network_id)
    return render_template(
        "network/mailbox.html",
        card=sheet.card,
        typed=sheet.typed,
        mistakes=sheet.mistakes,
        lines=[(row.id, row.terms.name_in(spoken_language())) for row in lines if row.terms.active],
        now=now(),
    )


def _done(code: str) -> ResponseReturnValue:
    said(code)
    return redirect(url_for(EVERYTHING) + "#mailboxes", 303)
