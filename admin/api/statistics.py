"""The statistics for programs: tables, the calendar, help between municipalities, parity, campaigns, figures from elsewhere."""

from dataclasses import astuple, fields
from typing import TypeVar

from admin.api.operations import Asked, Operations, Refused
from admin.api.rota_shapes import Made
from admin.api.statistics_shapes import (
    CalendarOut,
    CampaignIn,
    CampaignsOut,
    CsvFile,
    CsvQuery,
    FileQuery,
    HelpTableOut,
    IndicatorIn,
    IndicatorsOut,
    ParitiesOut,
    PeriodQuery,
    TableOut,
    TableQuery,
    XlsxFile,
)
from admin.auth import reaches_network
from admin.statistics.files import as_csv, as_xlsx
from admin.statistics.sheets import Names, Sheet, sheet_of
from scheduler.parity import parity
from tickets.rights import Right
from tickets.statistics.between import help_between
from tickets.statistics.dimensions import Dimension
from tickets.statistics.entries import (
    EntryRefusal,
    add_campaign,
    add_indicator,
    campaigns_of,
    change_campaign,
    change_indicator,
    indicators_of,
    remove_campaign,
    remove_indicator,
)
from tickets.statistics.periods import MONTH
from tickets.statistics.reports import report
from tickets.statistics.single_events import SingleEvent, single_events
from tickets.statistics.tables import Table
from tickets.view_log import Seen, note_view
from tickets.vocabulary import PageLanguage

T = TypeVar("T")
operations = Operations()


@operations.get("/statistics", Right.READ_STATISTICS)
def statistics(asked: Asked, query: TableQuery) -> TableOut:
    """A table of the statistics: of the network, or of one's own organisation where one may see no more."""
    table = _table(asked, query)
    return TableOut.of(table, Names(asked.session, asked.network_id, PageLanguage.FI).of(table))


@operations.get("/statistics/file.csv", Right.READ_STATISTICS)
def statistics_as_csv(asked: Asked, query: CsvQuery) -> CsvFile:
    """The same table as CSV."""
    sheet = _sheet(asked, query)
    content = as_csv(sheet.headings, sheet.rows, for_excel=query.excel)
    return CsvFile(f"digilinja-{query.by}-{query.period}.csv", content)


@operations.get("/statistics/file.xlsx", Right.READ_STATISTICS)
def statistics_as_xlsx(asked: Asked, query: FileQuery) -> XlsxFile:
    """The same table as a spreadsheet."""
    return XlsxFile(f"digilinja-{query.by}-{query.period}.xlsx", as_xlsx([_sheet(asked, query)]))


@operations.get("/statistics/events.csv", Right.READ_STATISTICS)
def single_events_of_a_month(asked: Asked, query: PeriodQuery) -> CsvFile:
    """Single events of a month, coarser where few are alike; for the whole network's statisticians, and each look is noted."""
    _of_the_whole_network()
    if query.asked_for.months != MONTH:
        raise Refused("not_a_month", "period: single events are told by the month, as 2026-11", status=400)
    note_view(asked.session, asked.holder, Seen.EXPORT, None, now=asked.now)
    events = single_events(asked.session, asked.network_id, query.asked_for)
    content = as_csv([field.name for field in fields(SingleEvent)], map(astuple, events))
    return CsvFile(f"digilinja-events-{query.period}.csv", content)


@operations.get("/statistics/calendar", Right.READ_STATISTICS)
def calendar_of_campaigns(asked: Asked, query: PeriodQuery) -> CalendarOut:
    """The weeks of a period with their volume, and what went on meanwhile."""
    period = query.asked_for
    weeks = _table(asked, TableQuery(period=query.period, by=Dimension.WEEK))
    about = (asked.session, asked.network_id, period.begins, period.until)
    return CalendarOut(
        weeks=TableOut.of(weeks, {row.value: row.value for row in weeks.rows}),
        campaigns=list(campaigns_of(*about)),
        indicators=list(indicators_of(*about)),
    )


@operations.get("/statistics/help", Right.READ_STATISTICS)
def help_given_and_received(asked: Asked, query: PeriodQuery) -> HelpTableOut:
    """Whose helpers helped whose people."""
    _of_the_whole_network()
    return HelpTableOut.of(help_between(asked.session, asked.network_id, query.asked_for))


@operations.get("/statistics/parity", Right.READ_STATISTICS)
def parity_of_languages(asked: Asked, query: PeriodQuery) -> ParitiesOut:
    """Whether Finnish and Swedish speakers are covered and rung alike, in each bilingual municipality."""
    _of_the_whole_network()
    return ParitiesOut.of(parity(asked.session, asked.network_id, query.asked_for, zone=asked.grid.tz))


@operations.get("/campaigns", Right.READ_STATISTICS)
def campaigns(asked: Asked, query: PeriodQuery) -> CampaignsOut:
    """The campaigns of a period."""
    period = query.asked_for
    return CampaignsOut(campaigns=list(campaigns_of(asked.session, asked.network_id, period.begins, period.until)))


@operations.post("/campaigns", Right.ENTER_STATISTICS)
def enter_a_campaign(asked: Asked, body: CampaignIn) -> Made:
    """A new campaign; what came in its days counts for it from now on."""
    return Made(id=_done(add_campaign(asked.session, asked.network_id, body.new)))


@operations.patch("/campaigns/{campaign}", Right.ENTER_STATISTICS)
def change_a_campaign(asked: Asked, campaign: int, body: CampaignIn) -> None:
    """The campaign was different."""
    _done(change_campaign(asked.session, asked.network_id, campaign, body.new))


@operations.delete("/campaigns/{campaign}", Right.ENTER_STATISTICS)
def take_a_campaign_back(asked: Asked, campaign: int) -> None:
    """There was no such campaign."""
    _done(remove_campaign(asked.session, asked.network_id, campaign))


@operations.get("/indicators", Right.READ_STATISTICS)
def indicators(asked: Asked, query: PeriodQuery) -> IndicatorsOut:
    """The figures from elsewhere about a period."""
    period = query.asked_for
    return IndicatorsOut(indicators=list(indicators_of(asked.session, asked.network_id, period.begins, period.until)))


@operations.post("/indicators", Right.ENTER_STATISTICS)
def enter_an_indicator(asked: Asked, body: IndicatorIn) -> Made:
    """A new figure, with its source."""
    return Made(id=_done(add_indicator(asked.session, asked.network_id, body.new, **asked.by)))


@operations.patch("/indicators/{indicator}", Right.ENTER_STATISTICS)
def correct_an_indicator(asked: Asked, indicator: int, body: IndicatorIn) -> None:
    """The figure was written down wrongly; the log keeps what it was."""
    _done(change_indicator(asked.session, asked.network_id, indicator, body.new, **asked.by))


@operations.delete("/indicators/{indicator}", Right.ENTER_STATISTICS)
def take_an_indicator_back(asked: Asked, indicator: int) -> None:
    """There was no such figure."""
    _done(remove_indicator(asked.session, asked.network_id, indicator, **asked.by))


def _table(asked: Asked, query: TableQuery) -> Table:
    mine = None if reaches_network(Right.READ_STATISTICS) else asked.holder.organisation_id or 0
    about = (asked.session, asked.network_id, query.asked_for, query.by)
    return report(*about, zone=asked.grid.tz, organisation_id=mine)


def _sheet(asked: Asked, query: FileQuery) -> Sheet:
    return sheet_of(_table(asked, query), Names(asked.session, asked.network_id, query.language))


def _of_the_whole_network() -> None:
    if not reaches_network(Right.READ_STATISTICS):
        raise Refused("whole_network_only", "who sees one organisation's statistics has no part in this", status=403)


def _done(answer: T | EntryRefusal) -> T:
    if isinstance(answer, EntryRefusal):
        raise Refused(answer, status=404 if answer is EntryRefusal.NOT_FOUND else 409)
    return answer
