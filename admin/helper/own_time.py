"""A helper's own time: how much they want to do, when they can and cannot, and the calendars on both sides."""

from datetime import datetime, timedelta
from typing import Final

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from admin.auth import signed_in
from admin.calendars.views import address_of
from admin.clock import within_reach
from admin.helper.mistakes import HelperMistake
from admin.helper.said import HelperSaid, tell
from admin.helper.time_form import (
    LONGEST_WEEKS,
    WEEKDAYS,
    TimeRead,
    TimeTyped,
    WishesRead,
    WishesTyped,
    read_away,
    read_weekly,
    read_wishes,
)
from admin.helper.who import doing, helper, own_card
from admin.parts import address_here, now, transaction
from scheduler.rota.availability import (
    OWN_WORDS,
    Wishes,
    availability_of,
    clashes,
    set_availability,
    set_wishes,
    wishes_of,
)
from scheduler.rota.availability import say as say_of
from scheduler.rota.busy import CalendarRefusal, add_calendar, calendars_of, remove_calendar
from scheduler.rota.calendars import OpenedFeed, Whose, feed_of, open_feed, renew_feed, revoke_feed
from scheduler.slots import Span
from tickets.directory import HelperCard
from tickets.rights import Right

AHEAD: Final = timedelta(weeks=LONGEST_WEEKS + 1)
MOST: Final = 60
HOUR: Final = timedelta(hours=1)


@helper.get("/time")
@signed_in(Right.TAKE_PLACES)
def own_time() -> ResponseReturnValue:
    """Show what the helper has said of their time."""
    return _shown()


@helper.post("/time/wishes")
@signed_in(Right.TAKE_PLACES)
def wish() -> ResponseReturnValue:
    """Say how much one wants to do."""
    sent = read_wishes(request.form)
    if sent.wishes is None:
        return _shown(wishes=sent), 422
    with transaction() as session:
        card = own_card(session)
        set_wishes(session, card.network_id, card.id, sent.wishes, **doing().by)
    return _back(HelperSaid.WISHES_KEPT, "wishes")


@helper.post("/time/away")
@signed_in(Right.TAKE_PLACES)
def away() -> ResponseReturnValue:
    """Say that one can, or cannot, over some days."""
    sent = read_away(request.form, now())
    return (_shown(away=sent), 422) if sent.mistakes else _say(sent)


@helper.post("/time/weekly")
@signed_in(Right.TAKE_PLACES)
def weekly() -> ResponseReturnValue:
    """Say that one can, or cannot, on the same weekdays for some weeks."""
    sent = read_weekly(request.form, now())
    return (_shown(weekly=sent), 422) if sent.mistakes else _say(sent)


@helper.post("/time/taken-back")
@signed_in(Right.TAKE_PLACES)
def take_back() -> ResponseReturnValue:
    """Take back what one has said of a span."""
    begins, ends = _moment("begins"), _moment("ends")
    if begins >= ends:
        abort(400)
    with transaction() as session:
        card = own_card(session)
        set_availability(session, card.network_id, card.id, Span(begins, ends), (), **doing().by)
    return _back(HelperSaid.TIME_TAKEN_BACK, "said")


@helper.post("/time/feed")
@signed_in(Right.TAKE_PLACES)
def feed() -> ResponseReturnValue:
    """Open an address under which one's shifts can be followed, or another in place of it; it is shown this once."""
    with transaction() as session:
        card = own_card(session)
        opened = _open(session, card)
    return _shown(address=None if opened is None else address_of(address_here(), opened.token))


@helper.post("/time/feed/end")
@signed_in(Right.TAKE_PLACES)
def feed_end() -> ResponseReturnValue:
    """The address shows nothing from now on."""
    with transaction() as session:
        card = own_card(session)
        known = feed_of(session, card.network_id, card.id)
        if known is not None:
            revoke_feed(session, card.network_id, known.id, **doing().by)
    return _back(HelperSaid.FEED_CLOSED, "calendars")


@helper.post("/time/calendar")
@signed_in(Right.TAKE_PLACES)
def calendar() -> ResponseReturnValue:
    """Let one's own calendar say when one is busy."""
    address = request.form.get("address", "").strip()
    with transaction() as session:
        card = own_card(session)
        added = add_calendar(session, card.network_id, card.id, address, **doing().by)
    if added.refusal is CalendarRefusal.NOT_AN_ADDRESS:
        return _shown(typed_address=address), 422
    return _back(HelperSaid.CALENDAR_ADDED, "calendars")


@helper.post("/time/calendar/end")
@signed_in(Right.TAKE_PLACES)
def calendar_end() -> ResponseReturnValue:
    """Read one's own calendar no more, and forget what it said."""
    with transaction() as session:
        card = own_card(session)
        remove_calendar(session, card.network_id, card.id, **doing().by)
    return _back(HelperSaid.CALENDAR_REMOVED, "calendars")


def _say(sent: TimeRead) -> ResponseReturnValue:
    with transaction() as session:
        card = own_card(session)
        for stated in sent.stated:
            say_of(session, card.network_id, card.id, stated, **doing().by)
    return _back(HelperSaid.TIME_SAID, "said")


def _back(told: HelperSaid, anchor: str) -> ResponseReturnValue:
    tell(told)
    return redirect(url_for(".own_time", _anchor=anchor), 303)


def _open(session: Session, card: HelperCard) -> OpenedFeed | None:
    known, by = feed_of(session, card.network_id, card.id), doing().by
    if known is None:
        return open_feed(session, card.network_id, Whose(helper_id=card.id), **by)
    return renew_feed(session, card.network_id, known.id, **by)


def _shown(
    *,
    wishes: WishesRead | None = None,
    away: TimeRead | None = None,
    weekly: TimeRead | None = None,
    address: str | None = None,
    typed_address: str | None = None,
) -> str:
    moment = now()
    with transaction() as session:
        card = own_card(session)
        stated = availability_of(session, card.id, Span(moment, moment + AHEAD))
        held = clashes(session, card.id, Span(moment, moment + AHEAD), now=moment)
        own = wishes_of(session, card.network_id, card.id) or Wishes()
        calendars = calendars_of(session, card.network_id, card.id)
        followed = feed_of(session, card.network_id, card.id)
    mine = [one for one in stated if one.says in OWN_WORDS]
    return render_template(
        "helper/time.html",
        wishes=wishes or WishesRead(_typed(own)),
        away=away or TimeRead(TimeTyped()),
        weekly=weekly or TimeRead(TimeTyped()),
        stated=mine[:MOST],
        more=max(0, len(mine) - MOST),
        clashes=held,
        calendar=next(iter(calendars), None),
        feed=followed,
        address=address,
        typed_address=typed_address or "",
        address_mistakes={} if typed_address is None else {"address": HelperMistake.BAD_ADDRESS},
        weekdays=WEEKDAYS,
        says=OWN_WORDS,
    )


def _typed(own: Wishes) -> WishesTyped:
    rest = "" if own.rest is None else str(own.rest // HOUR)
    wished, most = ("" if number is None else str(number) for number in (own.wished_per_week, own.most_per_week))
    return WishesTyped(wished, most, rest)


def _moment(name: str) -> datetime:
    try:
        return within_reach(request.form.get(name, ""))
    except ValueError:
        abort(400)
