"""How many came, week by week, under the campaigns of those weeks; and figures from elsewhere beside them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from admin.auth import holder, signed_in
from admin.parts import now, transaction
from admin.reports.asked import whose
from admin.reports.told import Spans, told
from scheduler.slots import HELSINKI
from tickets.rights import Right
from tickets.statistics.dimensions import Dimension, Measure
from tickets.statistics.entries import CampaignCard, campaigns_of, indicators_of
from tickets.statistics.periods import Period
from tickets.statistics.reports import report

campaign_calendar = Blueprint("campaign_calendar", __name__, url_prefix="/admin/reports/calendar")
BACK: Final = 5
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


@campaign_calendar.get("")
@signed_in(Right.READ_STATISTICS)
def weeks() -> ResponseReturnValue:
    """Show a year's weeks with its campaigns."""
    year = year_asked_for()
    period = Period.read(f"{year}")
    with transaction() as session:
        about = (session, holder().network_id)
        table = report(*about, period, Dimension.WEEK, zone=HELSINKI, organisation_id=whose())
        campaigns = campaigns_of(*about, period.begins, period.until)
        indicators = indicators_of(*about, period.begins, period.until)
    bare = told(table, {}, (Measure.EVENTS,))
    shown = told(table, {}, (Measure.EVENTS,), _spans([line.value for line in bare.lines], campaigns))
    return render_template(
        "reports/calendar.html",
        year=year,
        years=years_offered(),
        told=shown,
        campaigns=campaigns,
        indicators=indicators,
    )


def _spans(mondays: Sequence[str], campaigns: Sequence[CampaignCard]) -> Spans:
    """Where each campaign lies among the weeks that are shown, in weeks."""
    if not mondays:
        return []
    first, until = date.fromisoformat(mondays[0]), date.fromisoformat(mondays[-1]) + WEEK
    shown = [(one.name, max(one.begins, first), min(one.ends + DAY, until)) for one in campaigns]
    return [(name, (begins - first) / WEEK, (ends - first) / WEEK) for name, begins, ends in shown if begins < ends]


def years_offered() -> Sequence[int]:
    """The years that one may choose from, this one first."""
    this = now().astimezone(HELSINKI).year
    return range(this, this - BACK, -1)


def year_asked_for() -> int:
    """The year of the address, else this one."""
    typed = request.args.get("year", "")
    return next((year for year in years_offered() if str(year) == typed), years_offered()[0])
