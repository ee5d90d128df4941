"""What a coordinator opens in the morning and keeps open: the day at this moment."""

from collections.abc import Mapping
from datetime import date, datetime

from babel.dates import format_date
from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from admin.api.operations import Asked
from admin.api.reach import concerning
from admin.auth import grid, holder, signed_in
from admin.desk.needed import A_PAGE, alerts_for, unkept_for
from admin.desk.now import names_of, now_of, pillars
from admin.pages import said
from admin.parts import now as present
from admin.parts import transaction
from admin.people.reading import number_of
from admin.wording import page_language
from scheduler.alerts import alert_of, see_alert
from scheduler.rota.rules import local_day
from tickets.rights import Right
from tickets.vocabulary import PageLanguage

desk = Blueprint("desk", __name__, url_prefix="/admin")


@desk.get("/")
@signed_in(Right.LIST_TICKETS, Right.WATCH_PROMISES)
def now() -> ResponseReturnValue:
    """Show the day as it is now."""
    return _shown("desk/now.html")


@desk.get("/now")
@signed_in(Right.LIST_TICKETS, Right.WATCH_PROMISES)
def live() -> ResponseReturnValue:
    """The same without what stands around it: the page asks for it again and again."""
    return _shown("desk/live.html")


@desk.get("/now/pillars")
@signed_in(Right.SEE_ROTA)
def who_must_not_fall_ill() -> ResponseReturnValue:
    """On whom the promises of the next days hang."""
    with transaction() as session:
        asked = asked_of(session)
        found = pillars(asked)
        names = names_of(asked, (one.helper_id for several in found.values() for one in several))
    return render_template("desk/pillars.html", pillars=found, names=names)


@desk.get("/alerts")
@signed_in(Right.WATCH_PROMISES)
def every_alert() -> ResponseReturnValue:
    """Show all that somebody must hear of, the newest first, a page at a time."""
    before = number_of(request.args.get("before"))
    with transaction() as session:
        asked = asked_of(session)
        found = alerts_for(asked, A_PAGE + 1, before)
        names = names_of(asked, (one.helper_id for one in found))
    older = url_for(".every_alert", before=found[A_PAGE - 1].id) if len(found) > A_PAGE else None
    return render_template(
        "desk/alerts.html", alerts=found[:A_PAGE], older=older, before=before, names=names, may=_may()
    )


@desk.get("/unkept")
@signed_in(Right.WATCH_PROMISES)
def every_unkept() -> ResponseReturnValue:
    """Show all the promises that nobody can keep, the nearest first, a page at a time."""
    after = number_of(request.args.get("after"))
    with transaction() as session:
        asked = asked_of(session)
        found = unkept_for(asked, A_PAGE + 1, after)
    older = url_for(".every_unkept", after=found[A_PAGE - 1].callback_id) if len(found) > A_PAGE else None
    return render_template(
        "desk/unkept.html", unkept=found[:A_PAGE], moment=asked.now, older=older, after=after, may=_may()
    )


@desk.post("/alerts/<int:alert>/seen")
@signed_in(Right.WATCH_PROMISES)
def see(alert: int) -> ResponseReturnValue:
    """Somebody has seen an alert; the first one stands, and a second is told the same."""
    with transaction() as session:
        asked = asked_of(session)
        if alert_of(session, asked.network_id, alert, concerning(asked)) is None:
            abort(404)
        see_alert(session, asked.network_id, alert, asked.actor, now=asked.now)
    said("alert_seen")
    back = {"alerts": ".every_alert", "unkept": ".every_unkept"}.get(request.form.get("back", ""), ".now")
    return redirect(url_for(back), 303)


def asked_of(session: Session) -> Asked:
    """Who asks, as the use cases and the API's own rules of reach are told."""
    return Asked(session, holder(), present(), grid())


@desk.app_template_filter()
def iso_day(moment: datetime) -> str:
    """The day of a moment in Finland, as an address names it: 2026-11-24."""
    return local_day(moment).isoformat()


@desk.app_template_filter()
def day_in_full(day: date | datetime) -> str:
    """A day in full, in the reader's language: tiistai 24.11.2026."""
    local = local_day(day) if isinstance(day, datetime) else day
    pattern = "cccc d MMMM y" if page_language() is PageLanguage.EN else "cccc d.M.y"
    return format_date(local, pattern, locale=str(page_language()))


@desk.app_template_filter()
def on_a_day(day: date) -> str:
    """When something was, as a day in full within a sentence: sunnuntaina 22.11.2026."""
    weekday, _, rest = day_in_full(day).partition(" ")
    ending = {PageLanguage.FI: "na", PageLanguage.SV: "en den"}.get(page_language(), "")
    return f"{weekday}{ending} {rest}"


def _shown(page: str) -> str:
    with transaction() as session:
        found = now_of(asked_of(session))
    return render_template(page, now=found, may=_may(), lists=holder().may(Right.LIST_TICKETS) is not None)


def _may() -> Mapping[str, object]:
    return {"logs": holder().may(Right.LOG_MATTERS), "rota": holder().may(Right.SEE_ROTA)}
