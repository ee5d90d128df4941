"""The time of a ticket, from its page: promised, moved, given back, or waited for."""

from datetime import datetime
from typing import Final

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from admin.auth import grid, signed_in
from admin.cases.blueprint import cases
from admin.cases.doing import Sent, do, doing, kind_of, reached, sent
from admin.cases.reading import promised_for
from admin.clock import within_reach
from admin.pages import said
from admin.parts import now, transaction
from admin.told import seal_of
from scheduler.cases import Doing
from scheduler.desk import DeskRefusal, book_time, wait_for_time
from scheduler.free_times import free_times
from scheduler.promises import Promise
from scheduler.times import cancel_time, move_time
from scheduler.waiting import Standing
from tickets.rights import Right
from tickets.ticket import Ticket

BOOKS: Final = (Right.BOOK_TIMES,)


@cases.get("/tickets/<code>/time")
@signed_in(Right.BOOK_TIMES)
def time(code: str) -> ResponseReturnValue:
    """Offer the free times, day by day, instead of the one that is promised where there is one."""
    return _page(code)


@cases.post("/tickets/<code>/time")
@signed_in(Right.BOOK_TIMES)
def promise(code: str) -> ResponseReturnValue:
    """Promise the time that suits, or move the promise there; if somebody was faster, offer others."""
    starts_at = _moment(request.form.get("starts_at")) or abort(400)
    instead, heard = request.form.get("instead", type=int), "heard" in request.form
    with transaction() as session:
        ticket = reached(session, code, Right.BOOK_TIMES)
        if instead is None:
            made = book_time(session, ticket, starts_at, doing(), heard=heard)
        else:
            made = move_time(session, ticket, instead, starts_at, doing(), heard=heard)
    if not isinstance(made, Promise):
        return _page(code, sent("time", refusal=made))
    said("case_time" if instead is None else "case_moved")
    return redirect(url_for(".one", code=code, seal=seal_of(ticket, made.callback_id)), 303)


@cases.post("/tickets/<code>/time/cancel")
@signed_in(Right.BOOK_TIMES)
def cancel(code: str) -> ResponseReturnValue:
    """Give the time back; the matter ends with it, unless it goes on."""
    callback, heard = request.form.get("callback", type=int) or abort(400), "heard" in request.form

    def give_back(session: Session, ticket: Ticket, doing: Doing) -> DeskRefusal | None:
        return cancel_time(session, ticket, callback, doing, heard=heard, goes_on="goes_on" in request.form)

    return do(code, "cancelled", BOOKS, give_back, _page)


@cases.post("/tickets/<code>/time/waiting")
@signed_in(Right.BOOK_TIMES)
def wait(code: str) -> ResponseReturnValue:
    """No time suits: the caller waits for one."""

    def join(session: Session, ticket: Ticket, doing: Doing) -> DeskRefusal | None:
        waits = wait_for_time(session, ticket, doing)
        return None if isinstance(waits, Standing) else waits

    return do(code, "waits", BOOKS, join, _page)


def _page(code: str, came: Sent | None = None) -> ResponseReturnValue:
    after = _moment(request.args.get("after"))
    with transaction() as session:
        ticket = reached(session, code, Right.BOOK_TIMES)
        promised = promised_for(session, ticket)
        without = (None if promised is None else promised.starts_at,)
        free = free_times(session, ticket, after=after, now=now(), grid=grid(), without=without)
    page = render_template(
        "cases/time.html",
        ticket=ticket,
        promised=promised,
        free=free,
        later=after is not None,
        came=came,
        kind_of=kind_of,
    )
    return page, 200 if came is None else came.status


def _moment(text: str | None) -> datetime | None:
    try:
        return None if text is None else within_reach(text)
    except ValueError:
        abort(400)
