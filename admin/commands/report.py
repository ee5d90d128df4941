"""digilinja report"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as Lines

from admin.commands.ground import ground, network_named
from admin.errors import AdminError
from admin.statistics.sheets import Names, Sheet, sheet_of
from scheduler.slots import HELSINKI
from tickets.statistics.dimensions import AREAS, Dimension
from tickets.statistics.periods import YEAR, Period
from tickets.statistics.reading import reported_years
from tickets.statistics.reports import Tell, report
from tickets.vocabulary import PageLanguage

SHOWN_AFTER = 1.0  # seconds


def period_of(_context: click.Context, _parameter: click.Parameter, written: str | None) -> Period | None:
    """A period as it is written."""
    try:
        return None if written is None else Period.read(written)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command()
@click.option(
    "--period", callback=period_of, help="A month, a quarter or a year: 2026-11, 2026-Q4, 2026.  [default: all time]"
)
@click.option(
    "--by", type=click.Choice([by.value for by in Dimension]), default="month", show_default=True, help="Rows by what."
)
@click.option(
    "--language",
    type=click.Choice([one.value for one in PageLanguage]),
    default="en",
    show_default=True,
    help="In whose words.",
)
@click.option("--network", help="The network's name, where there are several.")
def command(period: Period | None, by: str, language: str, network: str | None) -> None:
    """Show the statistics by one thing; what is of fewer than five is not shown. Over all time it says how long it took."""
    with ground() as parts, parts.sessions() as session:
        network_id = network_named(session, network).id
        wanted = period or reported_years(session, network_id)
        if wanted is None:
            raise AdminError("Nothing is counted yet: the worker counts closed matters every five minutes")
        begun = perf_counter()
        with _telling(wanted, Dimension(by)) as tell:
            table = report(session, network_id, wanted, Dimension(by), zone=HELSINKI, tell=tell)
        sheet = sheet_of(table, Names(session, network_id, PageLanguage(language)))
    _show(sheet)
    if period is None:
        click.echo(f"{wanted.months} months in {perf_counter() - begun:.1f} s")


@contextmanager
def _telling(period: Period, by: Dimension) -> Iterator[Tell]:
    """A bar of what has been read, for whoever waits longer than a second."""
    years = max(1, period.months // YEAR) * (len(AREAS) + 1 if by in AREAS else 2)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:.0f} %"),
        TimeElapsedColumn(),
    )
    begun, progress = perf_counter(), Progress(*columns, console=Console(stderr=True), transient=True)
    task = progress.add_task("Reading", total=years)

    def tell() -> None:
        progress.advance(task)
        if perf_counter() - begun > SHOWN_AFTER:
            progress.start()

    try:
        yield tell
    finally:
        progress.stop()


def _show(sheet: Sheet) -> None:
    console = Console(width=None if Console().is_terminal else 200)
    lines = Lines(title=sheet.title)
    for place, heading in enumerate(sheet.headings):
        lines.add_column(heading, justify="right" if place else "left")
    for row in sheet.rows:
        lines.add_row(*("" if cell is None else f"{cell:g}" if isinstance(cell, float | int) else cell for cell in row))
    console.print(lines)
    for note in sheet.notes:
        console.print(note)
