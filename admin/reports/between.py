"""Help given and received between municipalities, and whether both languages are served alike; for the whole network only."""

from datetime import date
from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from admin.auth import holder, signed_in
from admin.parts import now, transaction
from admin.reports.asked import ALL, Question, periods_offered, whose
from admin.reports.chart import Point, bars
from admin.reports.told import written
from admin.wording import municipality_name
from scheduler.parity import parity
from scheduler.slots import HELSINKI
from tickets.rights import Right
from tickets.statistics.between import help_between
from tickets.statistics.dimensions import Measure
from tickets.statistics.periods import Period

between = Blueprint("between", __name__, url_prefix="/admin/reports")
COMPARED: Final = (Measure.EVENTS, Measure.MEDIAN_WAIT, Measure.SAME_DAY_SHARE, Measure.KEPT_SHARE)


@between.get("/help")
@signed_in(Right.READ_STATISTICS)
def municipalities() -> ResponseReturnValue:
    """Show whose helpers helped whose people."""
    if whose() is not None:
        return _not_theirs()
    period = _period()
    with transaction() as session:
        found = help_between(session, holder().network_id, period)
    others = [one for one in found.pairs if one.giver != one.receiver]
    points = [
        Point(
            f"{municipality_name(one.giver) or '…'} → {municipality_name(one.receiver) or '…'}",
            one.events.number,
            written(one.events, Measure.EVENTS),
        )
        for one in others
    ]
    return render_template(
        "reports/help.html",
        found=found,
        picture=bars(sorted(points, key=lambda point: -(point.number or 0))) if points else None,
        period=period.name,
        periods=_periods(),
        written=written,
        measure=Measure.EVENTS,
    )


@between.get("/parity")
@signed_in(Right.READ_STATISTICS)
def languages() -> ResponseReturnValue:
    """Show both languages side by side in each bilingual municipality."""
    if whose() is not None:
        return _not_theirs()
    period = _period()
    with transaction() as session:
        found = parity(session, holder().network_id, period, zone=HELSINKI)
    return render_template(
        "reports/parity.html",
        found=found,
        period=period.name,
        periods=_periods(),
        measures=COMPARED,
        written=written,
    )


def _not_theirs() -> ResponseReturnValue:
    """Who sees one organisation's statistics has no part in this."""
    return render_template("reports/not_yours.html"), 403


def _period() -> Period:
    question = Question.read(request.args, _today())
    return Period.read(f"{_today().year}" if question.all_time else question.written)


def _periods() -> list[str]:
    return [one for one in periods_offered(_today()) if one != ALL]


def _today() -> date:
    return now().astimezone(HELSINKI).date()
