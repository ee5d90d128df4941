"""digilinja rights"""

import json
from datetime import datetime
from pathlib import Path
from typing import Final, TextIO

import click
from sqlalchemy.orm import Session

from admin.api.rights_shapes import WhoseIn
from admin.commands.ground import ground, network_named
from admin.copy_file import written
from admin.errors import AdminError
from scheduler.erasing import EraseRefusal, Refusal, erase
from scheduler.erasing_again import erase_again
from scheduler.grids import grid_of
from tickets.copies import copy_of
from tickets.erasures import marks_kept, remember_marks
from tickets.registered import Whose, find
from tickets.vocabulary import PageLanguage

ACTOR: Final = "coordinator:command-line"
TROUBLE: Final = {
    EraseRefusal.NOBODY: "nothing of theirs is kept in this network",
    EraseRefusal.HELD: "must be kept: end the hold first, or wait for its day",
    EraseRefusal.ON_THE_PHONE: "they are on the phone with us now; ask again after the call",
    EraseRefusal.STILL_WITH_US: "they have not left: `digilinja people leave` comes first",
    EraseRefusal.ALERTED: "alerts are texted to their number: `digilinja network set --alert-phone` comes first",
}
in_network = click.option("--network", help="The network's name, where there are several.")
by_phone = click.option("--phone", help="A caller's number.")
by_email = click.option("--email", help="A caller's address.")
by_ticket = click.option("--ticket", help="The code of one matter.")
by_person = click.option("--person", type=int, help="One of the network's own people, by number.")


@click.group()
def command() -> None:
    """What the registered may ask for: a copy of what is theirs, and to be forgotten."""


@command.command("export")
@by_phone
@by_email
@by_ticket
@by_person
@click.option("--language", type=click.Choice([one.value for one in PageLanguage]), default="fi", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The ZIP to write.")
@in_network
def export(
    phone: str | None,
    email: str | None,
    ticket: str | None,
    person: int | None,
    language: str,
    out: Path,
    network: str | None,
) -> None:
    """Write everything of somebody into a ZIP that only its owner can read."""
    with ground() as parts, parts.sessions.begin() as session:
        found = find(session, _whose(session, network, phone=phone, email=email, ticket=ticket, person=person))
        if not found:
            raise AdminError(TROUBLE[EraseRefusal.NOBODY])
        file = written(copy_of(session, found), PageLanguage(language), now=parts.clock.now())
    out.touch(mode=0o600)
    out.write_bytes(file)
    click.echo(f"{out}: {len(found.tickets)} tickets, {len(found.calls)} calls")


@command.command("erase")
@by_phone
@by_email
@by_ticket
@by_person
@click.option("--yes", is_flag=True, help="Do not ask.")
@in_network
def forget(
    phone: str | None, email: str | None, ticket: str | None, person: int | None, yes: bool, network: str | None
) -> None:
    """Erase everything of somebody; it cannot be taken back."""
    with ground() as parts, parts.sessions.begin() as session:
        whose = _whose(session, network, phone=phone, email=email, ticket=ticket, person=person)
        found = find(session, whose)
        told = f"{len(found.tickets)} tickets, {len(found.calls)} calls, {len(found.persons)} people"
        if found and not yes:
            click.confirm(f"{told} will be made nobody's. Go on?", abort=True)
        answer = erase(session, whose, now=parts.clock.now(), grid=grid_of(session, whose.network_id), actor=ACTOR)
    if isinstance(answer, Refusal):
        raise AdminError(": ".join(filter(None, (", ".join(answer.tickets), TROUBLE[answer.why]))))
    click.echo(f"erased, number {answer.number} in the register: {told}; {answer.cancelled} promises given back")


@command.command()
def erased() -> None:
    """Print the marks of what was erased in the last year, to be kept apart from the backups. They name nobody."""
    with ground() as parts, parts.sessions() as session:
        marks = [{"mark": mark.hex(), "at": at.isoformat()} for mark, at in marks_kept(session)]
    click.echo(json.dumps(marks))


@command.command()
@click.argument("file", type=click.File("r"))
def reapply(file: TextIO) -> None:
    """After a restore: erase again what `erased` had printed into FILE before; safe to repeat."""
    try:
        marks = {bytes.fromhex(one["mark"]): datetime.fromisoformat(one["at"]) for one in json.load(file)}
    except (ValueError, KeyError, TypeError) as error:
        raise AdminError(f"{file.name} is not what `digilinja rights erased` prints") from error
    with ground() as parts, parts.sessions.begin() as session:
        done = erase_again(session, marks, now=parts.clock.now(), actor=ACTOR)
        for mark, at in marks.items():
            remember_marks(session, [mark], at=at)
    for name, why in done.refused:
        click.echo(f"{name}: {TROUBLE[why]}", err=True)
    click.echo(f"{done.tickets} tickets and {done.persons} people are erased again")


def _whose(session: Session, network: str | None, **named: object) -> Whose:
    try:
        return WhoseIn.model_validate(named).within(network_named(session, network).id)
    except ValueError as error:
        told = [fault["msg"] for fault in error.errors()] if hasattr(error, "errors") else [str(error)]
        raise AdminError("; ".join(told).removeprefix("Value error, ")) from error
