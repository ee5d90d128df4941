"""digilinja rota"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.commands.ground import ground, helper_named, network_named
from admin.errors import AdminError
from admin.parts import Parts
from admin.rota_file import RotaFileError, Row, read_rota
from scheduler.grids import grid_of
from scheduler.rota.batches import preview_undo, undo
from scheduler.rota.effects import foreseen
from scheduler.rota.listing import ShiftCard, rota_of
from scheduler.rota.plans import PlannedShift
from scheduler.rota.publishing import Publication, bring_in
from scheduler.rota.shifts import ShiftRefusal
from scheduler.rota.writing import NewShift, ToWrite
from scheduler.slots import DAY, HELSINKI, Span, instant_of, span_on
from tickets.directory import helpers_of
from tickets.network import Organisation
from voice_prompts.language import Language
from voice_prompts.speech import written_time

ACTOR: Final = "coordinator:command-line"
UNDO_TROUBLE: Final = {
    ShiftRefusal.NOT_FOUND: "There is no batch {batch} in this network",
    ShiftRefusal.ALREADY_DONE: "Batch {batch} was undone before",
}
in_network = click.option("--network", help="The network's name, where there are several.")
as_preview = click.option("--preview", is_flag=True, help="Say what would happen, and do nothing.")


@click.group()
def command() -> None:
    """The rota: see a week of it, bring one in from a spreadsheet, take back what came at once."""


@command.command()
@click.option("--week", type=click.DateTime(["%Y-%m-%d"]), help="A day of it; without, this week.")
@in_network
def show(week: datetime | None, network: str | None) -> None:
    """Show the shifts of a week, with who holds their places."""
    with ground() as parts, parts.sessions.begin() as session:
        network_id = network_named(session, network).id
        day = week.date() if week else parts.clock.now().astimezone(HELSINKI).date()
        shifts = rota_of(session, network_id, _week_of(day))
        names = {card.id: card.name for card in helpers_of(session, network_id)}
        _console().print(_table(shifts, names))


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--draft", is_flag=True, help="Bring them in as drafts, which nobody is offered yet.")
@as_preview
@in_network
def bring(file: Path, draft: bool, preview: bool, network: str | None) -> None:
    """Bring in shifts from a CSV FILE: day, begins, ends; and needed, most, organisation, language, kind, helpers (a + b)."""
    rows = read_rota(_text_of(file))
    with ground() as parts, parts.sessions.begin() as session:
        network_id = network_named(session, network).id
        shifts = _to_write(session, network_id, rows)
        made = _bring_in(parts, session, network_id, shifts, draft=draft, preview=preview)
        names = {card.id: card.name for card in helpers_of(session, network_id)}
    console = _console()
    console.print(_plan(made.plan, names))
    if preview or made.batch_id is None:
        console.print("Nothing was changed." if preview else "Nothing was made.")
    else:
        console.print(f"Made at once as batch {made.batch_id}: `digilinja rota undo {made.batch_id}` takes it back.")
    if made.effect.deficits:
        console.print(f"{len(made.effect.deficits)} promises have nobody now.")


@command.command("undo")
@click.argument("batch", type=int)
@as_preview
@in_network
def take_back(batch: int, preview: bool, network: str | None) -> None:
    """Take back what was made at once in a BATCH; what others have changed since stays, and is named."""
    with ground() as parts, parts.sessions.begin() as session:
        network_id = network_named(session, network).id
        now, grid = parts.clock.now(), grid_of(session, network_id)
        if preview:
            undone = preview_undo(session, network_id, batch, now=now, grid=grid)
        else:
            undone = undo(session, network_id, batch, now=now, grid=grid, actor=ACTOR)
        if isinstance(undone, ShiftRefusal):
            raise AdminError(UNDO_TROUBLE[undone].format(batch=batch))
    click.echo(
        f"{len(undone.shifts)} shifts {'would go' if preview else 'are gone'}, {len(undone.lost)} places with them"
    )
    for kept in undone.kept:
        click.echo(f"shift {kept.shift_id} stays: {kept.why}")
    if undone.effect.deficits:
        click.echo(f"{len(undone.effect.deficits)} promises have nobody then")


def _bring_in(
    parts: Parts, session: Session, network_id: int, shifts: list[ToWrite], *, draft: bool, preview: bool
) -> Publication:
    now, grid = parts.clock.now(), grid_of(session, network_id)

    def change() -> Publication | ShiftRefusal:
        return bring_in(session, network_id, shifts, now=now, grid=grid, actor=ACTOR, draft=draft)

    made = foreseen(session, change) if preview else change()
    if isinstance(made, ShiftRefusal):
        raise AdminError(f"The rota was not changed: {made}")
    return made


def _text_of(file: Path) -> str:
    raw = file.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")  # what Excel writes when not told otherwise


def _to_write(session: Session, network_id: int, rows: Sequence[Row]) -> list[ToWrite]:
    known = select(Organisation).where(Organisation.network_id == network_id)
    organisations = {organisation.name: organisation.id for organisation in session.scalars(known)}
    return [_shift(session, network_id, row, organisations) for row in rows]


def _shift(session: Session, network_id: int, row: Row, organisations: Mapping[str, int]) -> ToWrite:
    if row.organisation is not None and row.organisation not in organisations:
        names = ", ".join(organisations)
        raise RotaFileError(f"line {row.line}, organisation: there is no {row.organisation!r} here; there are {names}")
    during = span_on(row.day, row.begins, row.ends, HELSINKI)
    organisation = organisations.get(row.organisation or "")
    try:
        helpers = tuple(helper_named(session, network_id, name).id for name in row.helpers)
    except AdminError as error:
        raise RotaFileError(f"line {row.line}, helpers: {error}") from error
    new = NewShift(during, None, row.needed, row.most, organisation, row.language, row.kind)
    return ToWrite(new, helpers)


def _week_of(day: date) -> Span:
    monday = day - day.weekday() * DAY
    return Span(instant_of(monday, time()), instant_of(monday + 7 * DAY, time()))


def _table(shifts: Sequence[ShiftCard], names: Mapping[int, str]) -> Table:
    table = Table("shift", "begins", "ends", "needed", "most", "language", "who", title=None if shifts else "no shifts")
    for shift in shifts:
        terms = shift.terms
        who = ", ".join(
            names.get(place.helper_id, "?") + (" (swap)" if place.swap_offered else "") for place in shift.places
        )
        table.add_row(
            str(shift.id), *_hours(terms.during), str(terms.needed), str(terms.most), terms.language or "", who
        )
    return table


def _plan(plan: Sequence[PlannedShift], names: Mapping[int, str]) -> Table:
    table = Table("begins", "ends", "what becomes of it", "who comes", "who cannot")
    for shift in plan:
        coming = ", ".join(names.get(key, "?") for key in shift.coming)
        not_coming = ", ".join(
            f"{names.get(one.helper_id, '?')} ({one.why_not})" for one in shift.helpers if one.why_not
        )
        verdict = f"{shift.verdict} {shift.reason}".strip()
        table.add_row(*_hours(shift.new.during), verdict, coming, not_coming)
    return table


def _hours(during: Span) -> tuple[str, str]:
    return written_time(during.begins, Language.FI), written_time(during.ends, Language.FI)


def _console() -> Console:
    return Console(width=None if Console().is_terminal else 160)
