"""Figures by whatever one asks: a picture, the table it is drawn from, and the same as a file."""

from collections.abc import Sequence
from datetime import date
from importlib.util import find_spec
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from admin.auth import holder, signed_in
from admin.parts import now, transaction
from admin.reports.asked import Question, periods_offered, whose
from admin.reports.told import in_words, told, told_number
from admin.statistics.files import as_csv, as_xlsx
from admin.statistics.sheets import Names, sheet_of
from admin.statistics.whole import as_file
from admin.wording import page_language
from scheduler.counting import counted_until
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
    """Show the form, and the report that it asks for."""
    question = _question()
    page = render_template(
        "reports/figures.html",
        question=question,
        periods=periods_offered(_today()),
        dimensions=Dimension,
        measures=Measure,
        usual=_usual(),
        **_report(question),
    )
    return page, 422 if question.mistakes else 200


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
    """What a template shows of a report: its lines and picture, and up to when it was counted."""
    with transaction() as session:
        period = question.period(session, holder().network_id)
        if period is None:
            return {"told": None}
        table = _table(session, question, period)
        names = Names(session, holder().network_id, page_language()).of(table)
        counted = counted_until(session)
    shown = told(table, names, question.measures)
    return {
        "told": shown,
        "counted": counted,
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


def _question() -> Question:
    return Question.read(request.args, _today())


def _today() -> date:
    return now().astimezone(HELSINKI).date()


@reports.app_template_filter()
def period_words(written: str) -> str:
    """A period of the form, such as 2026-Q4, as people write it."""
    return in_words(Period.read(written))


reports.add_app_template_filter(told_number)
