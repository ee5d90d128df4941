"""Figures from elsewhere, such as the share of contacts that are digital: each with its source and the day of it."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin.api.statistics_shapes import IndicatorIn
from admin.auth import holder, signed_in
from admin.directory.mistakes import Mistakes
from admin.once import only_once
from admin.pages import said
from admin.parts import now, transaction
from admin.reports.calendar import year_asked_for, years_offered
from admin.reports.typed import REFUSED, Fields, read
from tickets.rights import Right
from tickets.statistics.entries import EntryRefusal, add_indicator, indicators_of, remove_indicator
from tickets.statistics.periods import Period
from tickets.tokens import actor_of

indicators = Blueprint("indicators", __name__, url_prefix="/admin/reports/indicators")


@indicators.get("")
@signed_in(Right.READ_STATISTICS)
def every_indicator() -> ResponseReturnValue:
    """Show a year's figures from elsewhere, and to whoever may enter one the form."""
    return _shown({}, {})


@indicators.post("")
@signed_in(Right.ENTER_STATISTICS)
def add() -> ResponseReturnValue:
    """A new figure; one without a source is none."""
    entry = read(IndicatorIn, request.form)
    if not isinstance(entry, IndicatorIn):
        return _shown(request.form, entry), 422
    back = url_for(".every_indicator", year=entry.begins.year)
    with transaction() as session:
        answer = add_indicator(session, holder().network_id, entry.new, now=now(), actor=actor_of(holder()))
        if isinstance(answer, EntryRefusal):
            return _shown(request.form, REFUSED[answer]), 422
        only_once(session, "indicator_saved", back)
    said("indicator_saved")
    return redirect(back, 303)


@indicators.post("/<int:indicator>/remove")
@signed_in(Right.ENTER_STATISTICS)
def remove(indicator: int) -> ResponseReturnValue:
    """The figure was wrong."""
    with transaction() as session:
        refusal = remove_indicator(session, holder().network_id, indicator)
    if refusal is not None:
        abort(404)
    said("indicator_removed")
    return redirect(url_for(".every_indicator"), 303)


def _shown(typed: Fields, mistakes: Mistakes) -> str:
    year = year_asked_for()
    period = Period.read(f"{year}")
    with transaction() as session:
        found = indicators_of(session, holder().network_id, period.begins, period.until)
    return render_template(
        "reports/indicators.html",
        found=found,
        year=year,
        years=years_offered(),
        typed=typed,
        mistakes=mistakes,
        may_enter=Right.ENTER_STATISTICS in holder().rights,
    )
