"""A booking looked at, moved and given back by whoever has its number and its code, as on the phone; and what they say of the help."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.auth import open_to_all
from admin.clock import within_reach
from admin.connection import network_address
from admin.csrf import csrf_word
from admin.pages import said
from admin.parts import now, parts, transaction
from admin.public.again import browser_mark, promised_from
from admin.public.form import Mistake, read_number
from admin.public.seals import BookingSeal
from admin.public.times import ON_THE_PAGE
from scheduler.bookings import Booking, booking_of, ticket_with_code
from scheduler.feedback import Helped, answer_on_page
from scheduler.free_times import free_times
from scheduler.grids import grid_of_ticket
from scheduler.promises import cancel, move
from tickets.limits import ask_leave
from tickets.network import Line
from tickets.ticket import Ticket

# Four digits are ten thousand codes: who tries so seldom needs years for one number.
MOST_OF_A_NUMBER: Final = 5  # an hour
MOST_OF_A_DAY: Final = 10
MOST_OF_AN_ADDRESS: Final = 30  # an hour
CODE_LENGTH: Final = 4
LONGEST_WORDS: Final = 1000


class BookingMistake(StrEnum):
    """What is wrong with what was typed; the page has the words under `mistake`."""

    CODE = "no_code"
    NOT_FOUND = "no_such_booking"
    TRIES = "too_many_tries"
    HELPED = "no_answer"
    WORDS = "too_many_words"


def add_to(public: Blueprint) -> None:
    """Give the residents' pages these."""
    public.add_url_rule("/booking", "booking", find)
    public.add_url_rule("/booking", "find_booking", look, methods=["POST"])
    public.add_url_rule("/booking/<seal>", "one_booking", one)
    public.add_url_rule("/booking/<seal>/time", "other_times", other_times)
    public.add_url_rule("/booking/<seal>/time", "move_booking", move_it, methods=["POST"])
    public.add_url_rule("/booking/<seal>/cancel", "sure", sure)
    public.add_url_rule("/booking/<seal>/cancel", "cancel_booking", cancel_it, methods=["POST"])
    public.add_url_rule("/feedback/<seal>", "feedback", feedback)
    public.add_url_rule("/feedback/<seal>", "give_feedback", give, methods=["POST"])


@open_to_all
def find() -> ResponseReturnValue:
    """Ask for the number and the code."""
    return _ask({})


@open_to_all
def look() -> ResponseReturnValue:
    """Find the booking; an unknown number and a wrong code are answered alike."""
    number, code = request.form.get("number", "").strip(), request.form.get("code", "").strip()
    e164, mistake = read_number(number)
    wrong: dict[str, StrEnum] = {} if mistake is None else {"number": mistake}
    if not (len(code) == CODE_LENGTH and code.isascii() and code.isdigit()):
        wrong["code"] = BookingMistake.CODE
    if wrong or e164 is None:
        return _ask(wrong or {"number": Mistake.NUMBER}, number, code), 422
    with transaction() as rows:
        may = _has_leave(rows, e164)
        networks = rows.scalars(select(Line.network_id).where(Line.active).distinct()).all()
        found = ticket_with_code(rows, networks, e164, code) if may else None
    if found is None:
        refusal = BookingMistake.NOT_FOUND if may else BookingMistake.TRIES
        return _ask({"code": refusal}, number, code), 422 if may else 429
    return redirect(url_for("public.one_booking", seal=sealed(found)), 303)


@open_to_all
def one(seal: str) -> ResponseReturnValue:
    """Show how the matter stands: the time, what can be done about it, or what follows."""
    with transaction() as rows:
        return _shown(_booking(rows, seal), seal)


@open_to_all
def other_times(seal: str) -> ResponseReturnValue:
    """Offer other times, day by day."""
    with transaction() as rows:
        return _times(rows, _booking(rows, seal), seal)


@open_to_all
def move_it(seal: str) -> ResponseReturnValue:
    """The old time stands until the new one does; if somebody was faster, offer others."""
    starts_at = _moment(request.form.get("starts_at")) or abort(400)
    with transaction() as rows:
        booking = _booking(rows, seal)
        if not _is_as_seen(booking) or booking.callback_id is None:
            return _shown(booking, seal, changed=True), 409
        moment, grid = now(), grid_of_ticket(rows, booking.ticket_id)
        if move(rows, booking.callback_id, None, starts_at, now=moment, grid=grid, actor=ON_THE_PAGE) is None:
            after = _booking(rows, seal)
            page = (
                _times(rows, after, seal, gone=starts_at) if _is_as_seen(after) else _shown(after, seal, changed=True)
            )
            return page, 409
    said("booking_moved")
    return redirect(url_for("public.one_booking", seal=seal), 303)


@open_to_all
def sure(seal: str) -> ResponseReturnValue:
    """Ask once more: a slip of the finger must not cost a time."""
    with transaction() as rows:
        booking = _booking(rows, seal)
    if not booking.changeable:
        return _shown(booking, seal)
    return render_template("public/cancel.html", booking=booking, seal=seal)


@open_to_all
def cancel_it(seal: str) -> ResponseReturnValue:
    """Give the time back."""
    with transaction() as rows:
        booking = _booking(rows, seal)
        if not _is_as_seen(booking) or booking.callback_id is None:
            return _shown(booking, seal, changed=True), 409
        grid = grid_of_ticket(rows, booking.ticket_id)
        if not cancel(rows, booking.callback_id, now=now(), actor=ON_THE_PAGE, grid=grid):
            return _shown(_booking(rows, seal), seal, changed=True), 409
    said("booking_cancelled")
    return redirect(url_for("public.one_booking", seal=seal), 303)


@open_to_all
def feedback(seal: str) -> ResponseReturnValue:
    """Ask whether they were helped, or thank for the answer."""
    with transaction() as rows:
        return _feedback(_booking(rows, seal), seal)


@open_to_all
def give(seal: str) -> ResponseReturnValue:
    """Keep the answer, once; who was not helped comes back to the coordinator."""
    helped, words = request.form.get("helped", ""), request.form.get("words", "").strip()
    known = {str(int(one)): one for one in Helped}
    wrong = {"helped": BookingMistake.HELPED} if helped not in known else {}
    wrong |= {"words": BookingMistake.WORDS} if len(words) > LONGEST_WORDS else {}
    with transaction() as rows:
        booking = _booking(rows, seal, lock=True)
        if not booking.asks_feedback or booking.feedback is not None:
            return _feedback(booking, seal)
        if wrong:
            return _feedback(booking, seal, wrong, helped, words), 422
        grid = grid_of_ticket(rows, booking.ticket_id)
        answer_on_page(rows, booking.ticket_id, known[helped], words, now=now(), grid=grid)
    said("feedback_given")
    return redirect(url_for("public.feedback", seal=seal), 303)


def sealed(ticket_id: int) -> str:
    """The right to a booking for whoever has just shown that it is theirs."""
    return BookingSeal(ticket_id, now()).written(parts().settings.secret_key)


def _has_leave(rows: Session, e164: str) -> bool:
    """Every try is counted, wrong or right, by number and by where it comes from."""
    tries = (
        ask_leave(rows, f"booking {e164}", most=MOST_OF_A_NUMBER, per=timedelta(hours=1), now=now()),
        ask_leave(rows, f"booking day {e164}", most=MOST_OF_A_DAY, per=timedelta(days=1), now=now()),
        ask_leave(
            rows, f"booking from {network_address()}", most=MOST_OF_AN_ADDRESS, per=timedelta(hours=1), now=now()
        ),
    )
    return all(tries)


def _booking(rows: Session, seal: str, *, lock: bool = False) -> Booking:
    given = BookingSeal.read(seal, parts().settings.secret_key, now())
    if given is None:
        abort(404)
    return booking_of(rows, given.ticket_id, now=now(), lock=lock) or abort(404)


def _is_as_seen(booking: Booking) -> bool:
    """Whether the form was sent from a page that showed what still stands."""
    return booking.changeable and request.form.get("seen") == f"{booking.callback_id} {booking.starts_at}"


def _ask(mistakes: Mapping[str, StrEnum], number: str = "", code: str = "") -> str:
    return render_template("public/find.html", mistakes=mistakes, number=number, code=code)


def _shown(booking: Booking, seal: str, *, changed: bool = False) -> str:
    return render_template("public/booking.html", booking=booking, seal=seal, changed=changed)


def _times(rows: Session, booking: Booking, seal: str, *, gone: datetime | None = None) -> str:
    if not booking.changeable:
        return _shown(booking, seal)
    after = _moment(request.args.get("after"))
    ticket = rows.get_one(Ticket, booking.ticket_id)
    known = promised_from(rows, ticket, browser_mark(rows, csrf_word()))
    left_out = (booking.starts_at, gone)
    grid = grid_of_ticket(rows, ticket.id)
    free = free_times(rows, ticket, after=after, now=now(), grid=grid, without=left_out, known=known)
    shown = {"free": free, "later": after is not None, "gone": gone}
    return render_template("public/move.html", booking=booking, seal=seal, **shown)


def _feedback(
    booking: Booking, seal: str, mistakes: Mapping[str, StrEnum] | None = None, helped: str = "", words: str = ""
) -> str:
    typed = {"mistakes": mistakes or {}, "helped": helped, "words": words}
    return render_template("public/feedback.html", booking=booking, seal=seal, **typed)


def _moment(text: str | None) -> datetime | None:
    try:
        return None if text is None else within_reach(text)
    except ValueError:
        abort(400)
