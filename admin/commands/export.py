"""digilinja export"""

from pathlib import Path

import click

from admin.commands.ground import ground, network_named
from admin.commands.report import period_of
from admin.errors import AdminError
from admin.statistics.sheets import Names
from admin.statistics.whole import all_tables, as_file, suffix_of
from scheduler.slots import HELSINKI
from tickets.statistics.periods import Period
from tickets.vocabulary import PageLanguage


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--period", callback=period_of, required=True, help="A month, a quarter or a year: 2026-11, 2026-Q4, 2026."
)
@click.option(
    "--language",
    type=click.Choice([one.value for one in PageLanguage]),
    default="fi",
    show_default=True,
    help="A spreadsheet's words.",
)
@click.option("--network", help="The network's name, where there are several.")
def command(file: Path, period: Period, language: str, network: str | None) -> None:
    """Write a period's statistics by everything to FILE: .xlsx for people; .csv or .parquet for programs, in codes."""
    suffix = suffix_of(str(file))
    with ground() as parts, parts.sessions() as session:
        network_id = network_named(session, network).id
        tables = all_tables(session, network_id, period, zone=HELSINKI)
        content = as_file(suffix, tables, Names(session, network_id, PageLanguage(language)))
    written = file.with_name(f"{file.name}.part")
    try:
        written.write_bytes(content)
        written.replace(file)
    except OSError as error:
        raise AdminError(f"{file} cannot be written: {error.strerror}") from error
    click.echo(f"{file}: {len(tables)} tables of {period.name}")
