"""A case of one's own: read, with its message played; notes, links, places near the caller; whose it is, where it may be seen."""

from typing import Final

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin.auth import holder, signed_in
from admin.helper.mistakes import HelperMistake, TextRead, text_in
from admin.helper.reading import case_view
from admin.helper.said import HelperSaid, tell
from admin.helper.who import doing, helper, own_case
from admin.parts import now, transaction
from scheduler.directions import Texted, text_directions
from scheduler.sight import NoContact, contact_of
from scheduler.slots import HELSINKI
from tickets.contents import add_note
from tickets.given import give_material
from tickets.near import NearKind
from tickets.rights import Right
from tickets.view_log import Seen, note_view

SAID_OF: Final = {
    Texted.TEXTED: HelperSaid.DIRECTIONS_TEXTED,
    Texted.NO_TEXTS: HelperSaid.NO_TEXTS,
    Texted.UNKNOWN: HelperSaid.PLACE_GONE,
}


@helper.get("/cases/<code>")
@signed_in(Right.READ_TICKETS)
def case(code: str) -> ResponseReturnValue:
    """Show a case with all that is said in it; the look is written down."""
    return _shown(code)


@helper.post("/cases/<code>/notes")
@signed_in(Right.WORK_TICKETS)
def note(code: str) -> ResponseReturnValue:
    """Write something down on the case."""
    typed = text_in(request.form.get("text", ""))
    if typed.mistake is not None:
        return _shown(code, typed), 422
    with transaction() as session:
        ticket = own_case(session, code, Right.WORK_TICKETS)
        noted = add_note(session, ticket, typed.text, **doing().by)
    tell(HelperSaid.WORDS_FORGOTTEN if noted is None else HelperSaid.NOTED)
    return redirect(url_for(".case", code=code, _anchor="notes"), 303)


@helper.post("/cases/<code>/materials")
@signed_in(Right.WORK_TICKETS)
def give(code: str) -> ResponseReturnValue:
    """Write down that the caller was told of a link."""
    with transaction() as session:
        ticket = own_case(session, code, Right.WORK_TICKETS)
        given = give_material(session, ticket, request.form.get("material", ""), **doing().by)
    tell(HelperSaid.LINK_GIVEN if given else HelperSaid.LINK_GONE)
    return redirect(url_for(".case", code=code, _anchor="links"), 303)


@helper.post("/cases/<code>/directions")
@signed_in(Right.WORK_TICKETS)
def directions(code: str) -> ResponseReturnValue:
    """Text the caller where to go; asked twice on a day, it is one text."""
    kind = next((kind for kind in NearKind if kind == request.form.get("kind")), None)
    place = request.form.get("place", type=int)
    if kind is None or place is None or not 0 < place < 2**63:
        abort(400)
    does = doing()
    asked_in = f"{does.actor}-{does.now.astimezone(HELSINKI).date()}".replace(":", "-")
    with transaction() as session:
        ticket = own_case(session, code, Right.WORK_TICKETS)
        texted = text_directions(session, ticket.id, kind, place, asked_in=asked_in, now=does.now)
    tell(SAID_OF[texted])
    return redirect(url_for(".case", code=code, _anchor="places"), 303)


@helper.post("/cases/<code>/contact")
@signed_in(Right.READ_TICKETS)
def contact(code: str) -> ResponseReturnValue:
    """Show whose matter it is to whoever has it and is bound to secrecy; the look is written down before."""
    with transaction() as session:
        ticket = own_case(session, code)
        found = contact_of(session, holder(), ticket, now=now())
    if isinstance(found, NoContact):
        return render_template("helper/no_contact.html", ticket=ticket, reason=found), 403
    return render_template("helper/contact.html", ticket=ticket, contact=found)


def _shown(code: str, typed: TextRead | None = None) -> str:
    with transaction() as session:
        ticket = own_case(session, code)
        note_view(session, holder(), Seen.TICKET, ticket.id, now=now())
        view = case_view(session, holder(), ticket, now=now())
    may_work = holder().may(Right.WORK_TICKETS) is not None
    mistakes: dict[str, HelperMistake] = {} if typed is None or typed.mistake is None else {"text": typed.mistake}
    text = "" if typed is None else typed.text
    return render_template("helper/case.html", view=view, typed=text, mistakes=mistakes, may_work=may_work)
