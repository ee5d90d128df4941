"""The front page with its form, and the page on which a time is chosen."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin.auth import open_to_all
from admin.clock import aware
from admin.parts import now, parts, transaction
from admin.public.form import Mistake, Read, Request, Typed, read
from admin.public.seals import FormSeal, TicketSeal
from admin.public.times import booked, has_a_time
from admin.wording import spoken_language
from scheduler.promises import book, offer, wish_of
from scheduler.waiting import join_line
from tickets.intake import Matter, open_ticket
from tickets.limits import ask_leave
from tickets.network import Line
from tickets.vocabulary import PHONE_TOPICS, Channel

# A household asks a few times a day; an office or a library may send from one address for many.
MOST_OF_A_NUMBER: Final = 5
MOST_OF_AN_ADDRESS: Final = 60

public = Blueprint("public", __name__)


@public.get("/")
@open_to_all
def front() -> ResponseReturnValue:
    """Say what the line is, and show the form; where several networks share the address, let the visitor say which."""
    with transaction() as session:
        lines = _lines_to_choose(session)
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
        return redirect(url_for("public.front"))
    if seal is None:
        return _front(replace(sent, mistakes={"form": Mistake.STALE}), FormSeal.new(now())), 422
    if sent.request is None:
        return _front(sent, seal), 422
    if not _has_leave(sent.request):
        return _front(replace(sent, mistakes={"form": Mistake.TOO_OFTEN}), seal), 429
    with transaction() as session:
        line = _line(session) or abort(404)
        ticket = open_ticket(session, _matter(sent.request, line, seal), now=now())
    return _to_times(ticket.id)


@public.get("/time/<seal>")
@open_to_all
def time(seal: str) -> ResponseReturnValue:
    """Offer one time after another, or show the one that was chosen."""
    given = _seal_of(seal)
    after = _moment(request.args.get("after"))
    with transaction() as session:
        if given.callback_id is not None:
            return render_template("public/booked.html", promise=booked(session, given.callback_id))
        wish = wish_of(session, given.ticket_id) or abort(404)
        if has_a_time(session, given.ticket_id):
            return render_template("public/taken.html")
        found = offer(session, wish, after=after, now=now(), grid=parts().grid)
        if found is None and after is None:
            join_line(session, given.ticket_id, now=now())
    return render_template("public/time.html", offered=found, seal=seal, later=after is not None)


@public.post("/time/<seal>")
@open_to_all
def choose(seal: str) -> ResponseReturnValue:
    """Promise the time that was offered; if somebody was faster, offer the next."""
    given = _seal_of(seal)
    starts_at = _moment(request.form.get("starts_at"))
    if starts_at is None:
        abort(400)
    with transaction() as session:
        if has_a_time(session, given.ticket_id):
            return redirect(url_for(".time", seal=seal), 303)
        promise = book(session, given.ticket_id, None, starts_at, now=now(), grid=parts().grid)
    return _to_times(given.ticket_id, None if promise is None else promise.callback_id)


def _front(form: Read, seal: FormSeal) -> str:
    with transaction() as session:
        line = _line(session)
    topics = tuple(PHONE_TOPICS.values())
    return render_template("public/front.html", form=form, seal=seal.written(_secret()), line=line, topics=topics)


def _has_leave(asked: Request) -> bool:
    day, hour = timedelta(days=1), timedelta(hours=1)
    with transaction() as session:
        of_number = ask_leave(session, f"form {asked.number}", most=MOST_OF_A_NUMBER, per=day, now=now())
        address = f"form {request.remote_addr}"
        return ask_leave(session, address, most=MOST_OF_AN_ADDRESS, per=hour, now=now()) and of_number


def _asked_line() -> str | None:
    return request.values.get("line")


def _line(session: Session) -> Line | None:
    """The line in whose name the form is answered: the one that was asked for, else the first one in use."""
    lines = select(Line).where(Line.active).order_by(Line.id)
    asked = _asked_line()
    return session.scalars(lines if asked is None else lines.where(Line.e164 == f"+{asked}")).first()


def _lines_to_choose(session: Session) -> Sequence[Line]:
    """The lines in use, where they are not all of one network."""
    if session.scalars(select(func.count(Line.network_id.distinct())).where(Line.active)).one() < 2:
        return ()
    return session.scalars(select(Line).where(Line.active).order_by(Line.name, Line.id)).all()


def _matter(asked: Request, line: Line, seal: FormSeal) -> Matter:
    return Matter(
        network_id=line.network_id,
        line_id=line.id,
        channel=Channel.FORM,
        language=asked.language,
        caller=asked.number,
        key=f"form:{seal.name}",
        topic=asked.topic,
        municipality=asked.municipality or line.municipality,
        text=asked.text,
        another=True,  # a stranger who knows a number and its trouble must not come upon its owner's ticket
    )


def _to_times(ticket_id: int, callback_id: int | None = None) -> ResponseReturnValue:
    seal = TicketSeal(ticket_id, callback_id, now())
    return redirect(url_for("public.time", seal=seal.written(_secret())), 303)


def _seal_of(text: str) -> TicketSeal:
    return TicketSeal.read(text, _secret(), now()) or abort(404)


def _moment(text: str | None) -> datetime | None:
    try:
        return None if text is None else aware(text)
    except ValueError:
        abort(400)


def _secret() -> str:
    return parts().settings.secret_key
