"""What a helper opens first: their calls of today, what waits for their word, and the one thing to do now."""

from flask import render_template
from flask.typing import ResponseReturnValue

from admin.auth import holder, signed_in
from admin.helper.day import Day, day_of
from admin.helper.who import helper, own_card
from admin.parts import now, transaction
from tickets.directory import HelperCard
from tickets.network import Helper
from tickets.rights import Right


@helper.get("/")
@signed_in(Right.TAKE_PLACES)
def today() -> ResponseReturnValue:
    """Show the helper's day."""
    card, day = _day()
    return render_template("helper/today.html", card=card, day=day)


@helper.get("/now")
@signed_in(Right.TAKE_PLACES)
def live() -> ResponseReturnValue:
    """The part of the day that changes by the minute, for the page that is open."""
    _, day = _day()
    return render_template("helper/day.html", day=day)


def _day() -> tuple[HelperCard, Day]:
    with transaction() as session:
        card = own_card(session)
        return card, day_of(session, session.get_one(Helper, card.id), holder().person_id, now=now())
