"""The front page with its form, and the page on which a time is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin.auth import open_to_all
from admin.clock import within_reach
from admin.connection import network_address
from admin.csrf import csrf_word
from admin.pages import said
from admin.parts import now, parts, transaction
from admin.public import booking, statements
from admin.public.again import add_what_is_new, browser_mark, number_typed, one_at_a_time, promised_from, standing_of
from admin.public.form import NEED, TOPICS, Mistake, Read, Request, Typed, read, read_number
from admin.public.mending import TimeBefore, mend_number, mistyped, time_before
from admin.public.seals import FormSeal, TicketSeal
from admin.public.sending import FORM, has_leave, keep, no_longer_chosen_for, set_aside, was_sent
from admin.public.times import ON_THE_PAGE, booked, booked_here, has_a_time, learn_number
from admin.wording import spoken_language
from scheduler.free_times import free_times
from scheduler.grids import grid_of, grid_of_ticket
from scheduler.promises import book
from scheduler.waiting import join_line
from scheduler.willing import see_to_willing
from tickets.intake import TicketRef
from tickets.network import Line
from tickets.ticket import Ticket
from tickets.vocabulary import AccessNeed, Device, HeardOfUs, HelpForm, TicketStatus
from voice_prompts.language import Language

SENT: Final = "sent"  # in the visitor's cookie: which form was sent last, and what it made
BEFORE: Final = "before"  # likewise: what was sent instead of which ticket that has a time

public = Blueprint("public", __name__)
booking.add_to(public)
statements.add_to(public)


@dataclass(frozen=True, slots=True)
class LineShown:
    """A number to ring, under the line's name in the reader's language, and whose it is."""

    e164: str
    name: str
    municipality: str | None
    language: Language


@public.get("/")
@open_to_all
def front() -> ResponseReturnValue:
    """Say what the line is, and show the form; where several networks share the address, let the visitor say which."""
    with transaction() as rows:
        lines = _lines_to_choose(rows)
    if lines and _asked_line() is None:
        return render_template("public/lines.html", lines=lines)
    return _front(Read(Typed(language=spoken_language())), FormSeal.new(now()))


@public.post("/")
@open_to_all
def send() -> ResponseReturnValue:
    """Keep the request and go on to choosing a time; a machine that fills the hidden field is thanked and forgotten."""
    sent = read(request.form)
    seal = FormSeal.read(request.form.get("seal", ""), _secret(), now())
    if request.form.get("website"):
        return render_template("public/thanked.html")
    if seal is None:
        return _front(replace(sent, mistakes={"form": Mistake.STALE}), FormSeal.new(now())), 422
    if sent.request is None:
        return _front(sent, seal), 422
    if seal.is_too_fresh(now()) and SENT not in session:  # a person who went back mends one word, and that is quick
        return _front(replace(sent, mistakes={"form": Mistake.TOO_FAST}), seal), 422
    with transaction() as rows:
        again = was_sent(rows, sent.request, _source(rows, seal))
        may = again or has_leave(rows, sent.request.number, network_address(), now=now())
    if not may:
        return _front(replace(sent, mistakes={"form": Mistake.TOO_OFTEN}), seal), 429
    return _keep(sent.request, seal)


@public.get("/time/<seal>")
@open_to_all
def time(seal: str) -> ResponseReturnValue:
    """Offer one time after another, or show the one that was chosen; first ask for a number where there is none."""
    given = _seal_of(seal)
    after = _moment(request.args.get("after"))
    with transaction() as rows:
        if given.callback_id is not None:
            return _booked(rows, given.ticket_id, given.callback_id)
        elsewhere = _instead_of_times(rows, given.ticket_id)
        if elsewhere is not None:
            return elsewhere
        number = number_typed(rows, given.ticket_id, browser_mark(rows, csrf_word()), now=now())
        if number is not None and "number" in request.args:
            return render_template("public/number.html", typed=number, mistakes={}, changes=True)
        return _times(rows, given.ticket_id, seal, after)


@public.post("/time/<seal>")
@open_to_all
def choose(seal: str) -> ResponseReturnValue:
    """Promise the time that was chosen, once; if somebody was faster, offer the others. Or take the number asked for."""
    given = _seal_of(seal)
    if "number" in request.form:
        return _take_number(given.ticket_id, request.form["number"])
    starts_at = _moment(request.form.get("starts_at"))
    if starts_at is None:
        abort(400)
    with transaction() as rows:
        if _instead_of_times(rows, given.ticket_id) is not None:
            # Looked for after it: another press of the same button may have had its time in between.
            before = booked_here(rows, given.ticket_id)
            return redirect(url_for(".time", seal=seal), 303) if before is None else _to_times(given.ticket_id, before)
        grid = grid_of_ticket(rows, given.ticket_id)
        promise = book(rows, given.ticket_id, None, starts_at, now=now(), grid=grid, actor=ON_THE_PAGE)
        # None where the second press of a button came while the first was still at work.
        callback_id = booked_here(rows, given.ticket_id) if promise is None else promise.callback_id
        if callback_id is None:
            return _times(rows, given.ticket_id, seal, None, gone=starts_at), 409
    return _to_times(given.ticket_id, callback_id)


def _keep(asked: Request, seal: FormSeal) -> ResponseReturnValue:
    """To the times of its ticket; of the one that stands, where this browser has just asked for the same."""
    with transaction() as rows:
        line = _line(rows) or abort(404)
        browser = browser_mark(rows, csrf_word())
        one_at_a_time(rows, browser)
        source = _source(rows, seal)
        is_new = not was_sent(rows, asked, source) and not request.form.get("another")
        standing = standing_of(rows, asked, line, browser, now=now()) if is_new else None
        if standing is not None:
            add_what_is_new(rows, standing, asked, now=now(), grid=grid_of(rows, line.network_id))
            said("form_again")
            return _to_times(standing.id, booked_here(rows, standing.id))
        ticket = keep(rows, asked, line, source, now=now())
        _instead_of_the_last(rows, asked, seal, ticket, browser)
        callback = booked_here(rows, ticket.id)
    session[SENT] = (seal.name, ticket.id)
    return _to_times(ticket.id, callback)


def _instead_of_the_last(rows: Session, asked: Request, seal: FormSeal, ticket: TicketRef, browser: str) -> None:
    """What was sent before with a slip in it is over; a time that it has already stays until its sender cancels it."""
    name, earlier = session.get(SENT, ("", 0))
    is_slip = not request.form.get("another") and mistyped(rows, earlier, asked, browser, now=now())
    is_mended = earlier != ticket.id and (name == seal.name or is_slip)
    if not is_mended:
        return
    if set_aside(rows, earlier, ticket, now=now()):
        said("form_instead")
    elif is_slip:
        session[BEFORE] = (ticket.id, earlier)


def _time_before(rows: Session, ticket_id: int, browser: str) -> TimeBefore | None:
    instead, earlier = session.get(BEFORE, (0, 0))
    return time_before(rows, earlier, browser, now=now()) if instead == ticket_id else None


def _booked(rows: Session, ticket_id: int, callback_id: int) -> str:
    browser = browser_mark(rows, csrf_word())
    number, before = number_typed(rows, ticket_id, browser, now=now()), _time_before(rows, ticket_id, browser)
    own, promise = booking.sealed(ticket_id), booked(rows, callback_id)
    return render_template("public/booked.html", promise=promise, booking=own, number=number, before=before)


def _source(rows: Session, seal: FormSeal) -> str:
    """What names this sending: the form as it was shown, and the browser that sent it."""
    return f"{FORM}:{seal.name}:{browser_mark(rows, csrf_word())}"


def _instead_of_times(rows: Session, ticket_id: int) -> str | None:
    """What is shown where no time is to be chosen: it is over, promised, or the coordinator's; or we know no number."""
    ticket = rows.get(Ticket, ticket_id) or abort(404)
    if ticket.status is TicketStatus.CLOSED:
        return render_template("public/booked.html", promise=None)
    if has_a_time(rows, ticket_id):
        return render_template("public/taken.html")
    if ticket.caller_index is None:
        return render_template("public/number.html", typed="", mistakes={})
    if see_to_willing(rows, ticket_id, now=now(), grid=grid_of_ticket(rows, ticket_id)):
        return render_template("public/welcome.html")
    return None


def _times(rows: Session, ticket_id: int, seal: str, after: datetime | None, *, gone: datetime | None = None) -> str:
    """The free times, day by day; where there is none at all, the caller waits for one."""
    ticket = rows.get_one(Ticket, ticket_id)
    browser = browser_mark(rows, csrf_word())
    known, number = promised_from(rows, ticket, browser), number_typed(rows, ticket_id, browser, now=now())
    grid = grid_of_ticket(rows, ticket.id)
    free = free_times(rows, ticket, after=after, now=now(), grid=grid, without=(gone,), known=known)
    if not free.days and after is None and join_line(rows, ticket_id, now=now()) is not None:
        no_longer_chosen_for(rows, ticket_id)
    before = _time_before(rows, ticket_id, browser)
    shown = {"seal": seal, "later": after is not None, "gone": gone, "number": number, "before": before}
    return render_template("public/time.html", free=free, **shown)


def _take_number(ticket_id: int, typed: str) -> ResponseReturnValue:
    e164, mistake = read_number(typed)
    if e164 is None or mistake is not None:
        return _number_page(typed, mistake), 422
    with transaction() as rows:
        if not has_leave(rows, e164, network_address(), now=now()):
            return _number_page(typed, Mistake.TOO_OFTEN), 429
        learn_number(rows, ticket_id, e164, now=now())
        mend_number(rows, ticket_id, e164, browser_mark(rows, csrf_word()), now=now())
    return _to_times(ticket_id)


def _number_page(typed: str, mistake: Mistake | None) -> str:
    changes = "number" in request.args
    return render_template("public/number.html", typed=typed, mistakes={"number": mistake}, changes=changes)


def _front(form: Read, seal: FormSeal) -> str:
    with transaction() as rows:
        line = _line(rows)
        siblings = () if line is None else _siblings(rows, line)
    return render_template(
        "public/front.html",
        form=form,
        seal=seal.written(_secret()),
        line=line,
        siblings=siblings,
        topics=TOPICS,
        needs=AccessNeed,
        need=NEED,
        another=bool(request.values.get("another")),
        lists={"device": Device, "wished_form": HelpForm, "heard_of_us": HeardOfUs},
    )


def _asked_line() -> str | None:
    return request.values.get("line")


def _line(rows: Session) -> Line | None:
    """The line in whose name the form is answered: the one that was asked for, else the first one in use."""
    lines = select(Line).where(Line.active).order_by(Line.id)
    asked = _asked_line()
    return rows.scalars(lines if asked is None else lines.where(Line.e164 == f"+{asked}")).first()


def _lines_to_choose(rows: Session) -> Sequence[Line]:
    """The lines in use, where they are not all of one network."""
    if rows.scalars(select(func.count(Line.network_id.distinct())).where(Line.active)).one() < 2:
        return ()
    return rows.scalars(select(Line).where(Line.active).order_by(Line.name, Line.id)).all()


def _siblings(rows: Session, line: Line) -> tuple[LineShown, ...]:
    """The lines in use of the network that answers here, the one that was asked for first."""
    found = rows.scalars(select(Line).where(Line.network_id == line.network_id, Line.active).order_by(Line.id)).all()
    ordered = sorted(found, key=lambda one: (one.id != line.id, one.id))
    return tuple(
        LineShown(one.e164, one.name_in(spoken_language()), one.municipality, one.first_language) for one in ordered
    )


def _to_times(ticket_id: int, callback_id: int | None = None) -> ResponseReturnValue:
    seal = TicketSeal(ticket_id, callback_id, now())
    return redirect(url_for("public.time", seal=seal.written(_secret())), 303)


def _seal_of(text: str) -> TicketSeal:
    return TicketSeal.read(text, _secret(), now()) or abort(404)


def _moment(text: str | None) -> datetime | None:
    try:
        return None if text is None else within_reach(text)
    except ValueError:
        abort(400)


def _secret() -> str:
    return parts().settings.secret_key
