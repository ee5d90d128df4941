"""Figures by whatever one asks: a picture, the table it is drawn from, and the same as a file."""

from collections.abc import Sequence
from datetime import date
from importlib.util import find_spec
from time import perf_counter
from typing import Final
from urllib.parse import urlencode

from babel.numbers import format_decimal
from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from admin.auth import holder, signed_in
from admin.parts import now, transaction
from admin.reports.asked import Question, periods_offered, whose
from admin.reports.told import told
from admin.statistics.files import as_csv, as_xlsx
from admin.statistics.sheets import Names, sheet_of
from admin.statistics.whole import as_file
from admin.wording import page_language
from scheduler.slots import HELSINKI
from tickets.rights import Right
from tickets.statistics.dimensions import Dimension, Measure
from tickets.statistics.periods import Period
from tickets.statistics.reports import report
from tickets.statistics.tables import Table

reports = Blueprint("reports", __name__, url_prefix="/admin/reports")
SPREADSHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES: Final = {"csv": "text/csv", "xlsx": SPREADSHEET, "parquet": "application/vnd.apache.parquet"}
# What most people ask, as the address of the page.
USUAL: Final = (
    ("this_year", {"by": "month"}),
    ("topics", {"by": "topic", "measure": "events"}),
    ("training", {"by": "topic", "measure": "training"}),
    ("feedback", {"by": "feedback", "measure": "events"}),
    ("municipalities", {"by": "municipality", "measure": "events"}),
)


@reports.get("")
@signed_in(Right.READ_STATISTICS)
def figures() -> ResponseReturnValue:
    """Show the form, and the report that it asks for; one of all years is fetched when the page is there."""
    question = _question()
    later = question.all_time and "now" not in request.args
    page = render_template(
        "reports/figures.html",
        question=question,
        periods=periods_offered(_today()),
        dimensions=Dimension,
        measures=Measure,
        usual=_usual(),
        later=later,
        **({"asked": _asked()} if later else _report(question)),
    )
    return page, 422 if question.mistakes else 200


@reports.get("/figures")
@signed_in(Right.READ_STATISTICS)
def part() -> ResponseReturnValue:
    """The report alone, for a page that is there already."""
    question = _question()
    return render_template("reports/report.html", question=question, **_report(question))


@reports.get("/figures.<suffix>")
@signed_in(Right.READ_STATISTICS)
def file(suffix: str) -> ResponseReturnValue:
    """The same table as a file: for Excel, or for programs."""
    if suffix not in offered():
        abort(404)
    question = _question()
    with transaction() as session:
        period = question.period(session, holder().network_id) or abort(404)
        table = _table(session, question, period)
        content = _content(suffix, table, Names(session, holder().network_id, page_language()))
    name = f"digilinja-{question.by}-{period.name}.{suffix}".replace("–", "-")
    return Response(content, mimetype=TYPES[suffix], headers={"Content-Disposition": f'attachment; filename="{name}"'})


def offered() -> Sequence[str]:
    """The kinds of file that can be made here: one for programs needs pyarrow."""
    return [suffix for suffix in TYPES if suffix != "parquet" or find_spec("pyarrow")]


def _report(question: Question) -> dict[str, object]:
    """What a template shows of a report: its lines and picture, and how long it took."""
    begun = perf_counter()
    with transaction() as session:
        period = question.period(session, holder().network_id)
        if period is None:
            return {"told": None}
        table = _table(session, question, period)
        names = Names(session, holder().network_id, page_language()).of(table)
    shown = told(table, names, question.measures)
    return {
        "told": shown,
        "seconds": perf_counter() - begun,
        "files": offered(),
        "asked": urlencode([*request.args.items(multi=True)]),
    }


def _table(session: Session, question: Question, period: Period) -> Table:
    about = (session, holder().network_id, period, question.by)
    return report(*about, zone=HELSINKI, organisation_id=whose())


def _content(suffix: str, table: Table, names: Names) -> bytes:
    match suffix:
        case "csv":
            sheet = sheet_of(table, names)
            return as_csv(sheet.headings, sheet.rows, for_excel=True)
        case "xlsx":
            return as_xlsx([sheet_of(table, names)])
        case _:
            return as_file(f".{suffix}", (table,), names)


def _usual() -> Sequence[tuple[str, str]]:
    year = f"{_today().year}"
    return [(name, "?" + urlencode({"period": year, **wanted})) for name, wanted in USUAL]


def _asked() -> str:
    return urlencode([*request.args.items(multi=True)])


def _question() -> Question:
    return Question.read(request.args, _today())


def _today() -> date:
    return now().astimezone(HELSINKI).date()


@reports.app_template_filter()
def told_number(number: float) -> str:
    """A figure from elsewhere as it is written here."""
    return str(format_decimal(number, locale=str(page_language())))
