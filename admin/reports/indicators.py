"""Figures from elsewhere, such as the share of contacts that are digital: each with its source and the day of it."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin.api.statistics_shapes import IndicatorIn
from admin.auth import holder, signed_in
from admin.directory.mistakes import Mistakes
from admin.once import only_once
from admin.pages import said
from admin.parts import transaction
from admin.people.doing import by
from admin.people.marks import mark_of
from admin.reports.calendar import year_asked_for, years_offered
from admin.reports.told import typed_number
from admin.reports.typed import REFUSED, Fields, read
from admin.wording import page_language
from tickets.rights import Right
from tickets.statistics.entries import (
    EntryRefusal,
    IndicatorCard,
    add_indicator,
    change_indicator,
    indicator_of,
    indicators_of,
    remove_indicator,
)
from tickets.statistics.periods import Period

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
    entry = read(IndicatorIn, request.form, page_language())
    if not isinstance(entry, IndicatorIn):
        return _shown(request.form, entry), 422
    back = url_for(".every_indicator", year=entry.begins.year)
    with transaction() as session:
        answer = add_indicator(session, holder().network_id, entry.new, **by())
        if isinstance(answer, EntryRefusal):
            return _shown(request.form, REFUSED[answer]), 422
        only_once(session, "indicator_saved", back)
    said("indicator_saved")
    return redirect(back, 303)


@indicators.get("/<int:indicator>")
@signed_in(Right.ENTER_STATISTICS)
def one_indicator(indicator: int) -> ResponseReturnValue:
    """Show a figure's form as it stands."""
    with transaction() as session:
        card = indicator_of(session, holder().network_id, indicator) or abort(404)
    return _form(card, _typed_of(card), {})


@indicators.post("/<int:indicator>")
@signed_in(Right.ENTER_STATISTICS)
def change(indicator: int) -> ResponseReturnValue:
    """The figure was written down wrongly; whoever did not see how it is now is shown that first."""
    entry = read(IndicatorIn, request.form, page_language())
    with transaction() as session:
        card = indicator_of(session, holder().network_id, indicator, held=True) or abort(404)
        if mark_of(card) != request.form.get("seen"):
            return _form(card, request.form, {}, stale=True), 409
        if not isinstance(entry, IndicatorIn):
            return _form(card, request.form, entry), 422
        refusal = change_indicator(session, holder().network_id, indicator, entry.new, **by())
    if refusal is not None:
        return _form(card, request.form, REFUSED[refusal]), 422
    said("indicator_saved")
    return redirect(url_for(".every_indicator", year=entry.begins.year), 303)


@indicators.post("/<int:indicator>/remove")
@signed_in(Right.ENTER_STATISTICS)
def remove(indicator: int) -> ResponseReturnValue:
    """There was no such figure."""
    with transaction() as session:
        refusal = remove_indicator(session, holder().network_id, indicator, **by())
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


def _form(card: IndicatorCard, typed: Fields, mistakes: Mistakes, *, stale: bool = False) -> str:
    return render_template(
        "reports/indicator.html", card=card, seen=mark_of(card), typed=typed, mistakes=mistakes, stale=stale
    )


def _typed_of(card: IndicatorCard) -> Fields:
    value = typed_number(card.value)
    days = {name: getattr(card, name).isoformat() for name in ("begins", "ends", "source_date")}
    return {"name": card.name, "value": value, "unit": card.unit, "area": card.area, "source": card.source, **days}
