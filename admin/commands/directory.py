"""digilinja directory"""

from datetime import datetime
from pathlib import Path
from uuid import UUID

import click
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from admin.api.directory_out import GatheringOut, MaterialOut, PointOut
from admin.api.said import said
from admin.commands.ground import ground, network_named, settings
from admin.directory.lists import Fate, listed, put_list
from admin.directory_file import Kind, Sheet, read_sheet, refuse, write_directory
from admin.errors import AdminError
from admin.service_description import Listed, describe_service

KINDS = [kind.value for kind in Kind]


@click.group()
def command() -> None:
    """Keep the directory: referral points, gatherings, material."""


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--network", help="The network's name, where there are several.")
@click.option("--preview", is_flag=True, help="Say what would be taken in, and change nothing.")
def take_in(file: Path, network: str | None, preview: bool) -> None:
    """Take a spreadsheet in (CSV): all of it, or where a line is wrong, nothing."""
    try:
        sheet = read_sheet(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise AdminError(f"{file.name}: not in UTF-8; save it as “CSV UTF-8”") from error
    with ground() as parts, parts.sessions() as session:
        network_id = network_named(session, network).id
        put_all(session, network_id, sheet, parts.clock.now())
        if preview:
            click.echo(f"{len(sheet.rows)} entries would be taken in. Nothing was changed.")
            return
        session.commit()
    click.echo(f"{len(sheet.rows)} entries are in the directory.")


@command.command("export")
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--network", help="The network's name, where there are several.")
def give_out(kind: str, network: str | None) -> None:
    """Write all entries of a kind as a spreadsheet (CSV) that can be taken in again."""
    with ground() as parts, parts.sessions() as session:
        shown = listed(session, Kind(kind), network_named(session, network).id, parts.clock.now())
    click.echo(write_directory(Kind(kind), shown), nl=False)


@command.command("list")
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--overdue", is_flag=True, help="Only what somebody should have looked at again by now.")
@click.option("--network", help="The network's name, where there are several.")
def show(kind: str, overdue: bool, network: str | None) -> None:
    """Show the entries of a kind."""
    with ground() as parts, parts.sessions() as session:
        shown = listed(session, Kind(kind), network_named(session, network).id, parts.clock.now())
    rows = [entry for entry in shown if not overdue or getattr(entry, "overdue", False)]
    table = Table("code", "kind", "name", "municipality", "review due", title=None if rows else "nothing there")
    for entry in rows:
        table.add_row(*_line(entry))
    console = Console()
    (console if console.is_terminal else Console(width=160)).print(table)


@command.command("ptv")
@click.option("--organisation", required=True, type=click.UUID, help="The organisation's identifier in PTV.")
@click.option("--general-description", type=click.UUID, help="The general description that the service follows.")
@click.option("--service-class", "classes", multiple=True, help="Needed without a general description; up to four.")
@click.option("--ontology-term", "terms", multiple=True, help="Needed without a general description; up to ten.")
@click.option("--network", help="The network's name, where there are several.")
@click.option("--json", "as_json", is_flag=True, help="As it is sent to PTV; else what it holds.")
def describe(
    organisation: UUID,
    general_description: UUID | None,
    classes: tuple[str, ...],
    terms: tuple[str, ...],
    network: str | None,
    as_json: bool,
) -> None:
    """Describe the service as the Finnish Service Catalogue (PTV, Open API v11) takes it in, as drafts."""
    listed = Listed(organisation, general_description, classes, terms)
    with ground() as parts, parts.sessions() as session:
        try:
            told = describe_service(session, network_named(session, network).id, listed, settings().public_url)
        except ValidationError as error:
            raise AdminError(
                "; ".join(
                    said(fault).replace("general_description:", "--general-description:") for fault in error.errors()
                )
            ) from error
    if as_json:
        click.echo(told.model_dump_json(indent=2))
        return
    click.echo(
        f"1 service, {len(told.phone_channels)} by phone, {len(told.electronic_channels)} on the web; all drafts."
    )


def put_all(session: Session, network_id: int, sheet: Sheet, now: datetime) -> None:
    """Put a file in; DirectoryFileError with every mistake, and then nothing may be committed."""
    refuse([f"line {one.line}, {told}" for one in sheet.wrong for told in one.told])
    mistakes = list[str]()
    for line in put_list(session, network_id, sheet, now).of(Fate.WRONG):
        what = line.told or "there is no such thing in this network"
        mistakes.extend(f"line {line.line}, {column}: {what}" for column in line.mistakes or ())
    refuse(mistakes)


def _line(entry: PointOut | MaterialOut | GatheringOut) -> tuple[str, ...]:
    if isinstance(entry, MaterialOut):
        return entry.code, entry.kind, entry.title, "", str(entry.review_due)
    due = "" if isinstance(entry, GatheringOut) else str(entry.review_due)
    return entry.code, entry.kind, entry.name_fi or entry.name_sv or "", entry.municipality or "", due
