"""digilinja directory"""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import click
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from admin.api.directory_out import GatheringOut, MaterialOut, PointOut
from admin.api.directory_shapes import GatheringIn, MaterialIn, PointIn
from admin.api.said import said
from admin.commands.ground import ground, network_named, settings
from admin.directory_file import Kind, Row, Shape, read_directory, refuse, write_directory
from admin.errors import AdminError
from admin.service_description import Listed, describe_service
from scheduler.gatherings import put_gathering
from scheduler.rota.recurrence import RuleRefused
from scheduler.slots import HELSINKI
from tickets.entries import EntryRefusal, entries, put_material, put_point
from tickets.gatherings import Gathering
from tickets.materials import Material
from tickets.points import ReferralPoint

KINDS = [kind.value for kind in Kind]
COLUMN = {
    EntryRefusal.UNKNOWN_ORGANISATION: "organisation",
    EntryRefusal.UNKNOWN_OWNER: "owner",
    EntryRefusal.UNKNOWN_E_SERVICE: "e_service",
}


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
        rows = read_directory(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise AdminError(f"{file.name}: not in UTF-8; save it as “CSV UTF-8”") from error
    with ground() as parts, parts.sessions() as session:
        network_id = network_named(session, network).id
        put_all(session, network_id, rows, parts.clock.now())
        if preview:
            click.echo(f"{len(rows)} entries would be taken in. Nothing was changed.")
            return
        session.commit()
    click.echo(f"{len(rows)} entries are in the directory.")


@command.command("export")
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--network", help="The network's name, where there are several.")
def give_out(kind: str, network: str | None) -> None:
    """Write all entries of a kind as a spreadsheet (CSV) that can be taken in again."""
    with ground() as parts, parts.sessions() as session:
        shown = _shown(session, Kind(kind), network_named(session, network).id, _today(parts.clock.now()))
    click.echo(write_directory(Kind(kind), shown), nl=False)


@command.command("list")
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--overdue", is_flag=True, help="Only what somebody should have looked at again by now.")
@click.option("--network", help="The network's name, where there are several.")
def show(kind: str, overdue: bool, network: str | None) -> None:
    """Show the entries of a kind."""
    with ground() as parts, parts.sessions() as session:
        shown = _shown(session, Kind(kind), network_named(session, network).id, _today(parts.clock.now()))
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


def put_all(session: Session, network_id: int, rows: Sequence[Row], now: datetime) -> None:
    """Put the rows of a file in; DirectoryFileError with every mistake, and then nothing may be committed."""
    mistakes = list[str]()
    for row in rows:
        answer = _put(session, network_id, row.entry, now)
        if isinstance(answer, RuleRefused):
            mistakes.append(f"line {row.line}, rrule: {answer.part}: {answer.fault.value.replace('_', ' ')}")
        elif isinstance(answer, EntryRefusal):
            mistakes.append(f"line {row.line}, {COLUMN[answer]}: there is no such thing in this network")
    refuse(mistakes)


def _put(session: Session, network_id: int, entry: Shape, now: datetime) -> int | EntryRefusal | RuleRefused:
    match entry:
        case PointIn():
            return put_point(session, network_id, entry.facts(_today(now)), now=now)
        case MaterialIn():
            return put_material(session, network_id, entry.facts(_today(now)), now=now)
        case GatheringIn():
            return put_gathering(session, network_id, entry.facts(), now=now)


def _shown(
    session: Session, kind: Kind, network_id: int, today: date
) -> Sequence[PointOut] | Sequence[MaterialOut] | Sequence[GatheringOut]:
    match kind:
        case Kind.POINTS:
            return [PointOut.of(row, today) for row in entries(session, ReferralPoint, network_id)]
        case Kind.MATERIALS:
            return [MaterialOut.of(row, today) for row in entries(session, Material, network_id)]
        case Kind.GATHERINGS:
            held = entries(session, Gathering, network_id)
            return [GatheringOut.of(row, ()) for row in held if row.cancelled_at is None]


def _line(entry: PointOut | MaterialOut | GatheringOut) -> tuple[str, ...]:
    if isinstance(entry, MaterialOut):
        return entry.code, entry.kind, entry.title, "", str(entry.review_due)
    due = "" if isinstance(entry, GatheringOut) else str(entry.review_due)
    return entry.code, entry.kind, entry.name_fi or entry.name_sv or "", entry.municipality or "", due


def _today(now: datetime) -> date:
    return now.astimezone(HELSINKI).date()
