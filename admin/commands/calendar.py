"""digilinja calendar"""

from typing import Final

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.calendars.views import address_of
from admin.commands.ground import ground, helper_named, network_named
from admin.errors import AdminError
from admin.parts import Parts
from admin.wording import word_in
from scheduler.rota.busy import (
    CalendarCard,
    CalendarRefusal,
    Clash,
    add_calendar,
    calendars_of,
    clashes,
    remove_calendar,
)
from scheduler.rota.calendars import Feed, OpenedFeed, Whose, feeds_of, open_feed, renew_feed, revoke_feed
from tickets.directory import helpers_of
from tickets.network import Organisation
from tickets.vocabulary import PageLanguage
from voice_prompts.language import Language
from voice_prompts.speech import written_time

ACTOR: Final = "coordinator:command-line"
in_network = click.option("--network", help="The network's name, where there are several.")
of_helper = click.option("--helper", help="The name or number of a helper.")


@click.group()
def command() -> None:
    """Calendars: secret addresses to follow the rota at, and helpers' own calendars that are read."""


@command.command()
@of_helper
@click.option("--organisation", help="The name of an organisation, for its whole rota.")
@in_network
def add(helper: str | None, organisation: str | None, network: str | None) -> None:
    """Print a new address at which a helper's shifts, or an organisation's rota, can be followed. It is shown this once."""
    if (helper is None) == (organisation is None):
        raise click.UsageError("Say whose calendar it is: --helper NAME or --organisation NAME")
    with ground() as parts, parts.sessions.begin() as session:
        network_id = network_named(session, network).id
        whose = _whose(session, network_id, helper, organisation)
        opened = open_feed(session, network_id, whose, actor=ACTOR, now=parts.clock.now())
        _show(parts, opened, f"{helper or organisation} is not at work in this network")


@command.command()
@click.argument("number", type=int)
@in_network
def renew(number: int, network: str | None) -> None:
    """Give a feed (its NUMBER is in the list) another address; the one before shows nothing from now on."""
    with ground() as parts, parts.sessions.begin() as session:
        network_id = network_named(session, network).id
        _show(parts, renew_feed(session, network_id, number, actor=ACTOR, now=parts.clock.now()), _unknown(number))


@command.command()
@click.argument("number", type=int)
@in_network
def revoke(number: int, network: str | None) -> None:
    """Close a feed (its NUMBER is in the list): its address shows nothing from now on."""
    with ground() as parts, parts.sessions.begin() as session:
        network_id = network_named(session, network).id
        if not revoke_feed(session, network_id, number, actor=ACTOR, now=parts.clock.now()):
            raise AdminError(_unknown(number))
    click.echo(f"feed {number} is closed")


@command.command()
@click.option("--helper", required=True, help="The name or number of the helper whose calendar it is.")
@click.option(
    "--address", prompt=True, hide_input=True, help="Its address; asked for when left out, as it is a secret."
)
@in_network
def read(helper: str, address: str, network: str | None) -> None:
    """Read a helper's own calendar from now on, every few hours: when they are busy they are not asked to come."""
    with ground() as parts, parts.sessions.begin() as session:
        network_id = network_named(session, network).id
        card = helper_named(session, network_id, helper)
        added = add_calendar(session, network_id, card.id, address, actor=ACTOR, now=parts.clock.now())
        if added.refusal is CalendarRefusal.NOT_AN_ADDRESS:
            raise AdminError("That is not an address to read a calendar at: it begins with https:// or webcal://")
        if added.refusal is not None:
            raise AdminError(f"{helper} is not at work in this network")
    click.echo(f"{helper}: the calendar is read within a minute, and then every few hours")


@command.command()
@click.option("--helper", required=True, help="The name or number of the helper whose calendar it is.")
@in_network
def forget(helper: str, network: str | None) -> None:
    """Read a helper's own calendar no more, and forget when it said that they are busy."""
    with ground() as parts, parts.sessions.begin() as session:
        network_id = network_named(session, network).id
        card = helper_named(session, network_id, helper)
        if not remove_calendar(session, network_id, card.id, actor=ACTOR, now=parts.clock.now()):
            raise AdminError(f"{helper} has no calendar that is read")
    click.echo(f"{helper}: the calendar is read no more")


@command.command("list")
@in_network
def show(network: str | None) -> None:
    """Show the feeds that can be followed, the calendars that are read, and the shifts whose helpers are busy."""
    with ground() as parts, parts.sessions.begin() as session:
        network_id = network_named(session, network).id
        names = _names(session, network_id)
        console = Console(width=None if Console().is_terminal else 160)
        console.print(_feeds(feeds_of(session, network_id), names))
        console.print(_read(calendars_of(session, network_id), names))
        console.print(_clashing(clashes(session, network_id, now=parts.clock.now()), names))


def _whose(session: Session, network_id: int, helper: str | None, organisation: str | None) -> Whose:
    if helper is not None:
        return Whose(helper_id=helper_named(session, network_id, helper).id)
    known = (Organisation.network_id == network_id, Organisation.name == organisation)
    found = session.scalar(select(Organisation.id).where(*known))
    if found is None:
        raise AdminError(f"There is no organisation {organisation} in this network")
    return Whose(organisation_id=found)


def _show(parts: Parts, opened: OpenedFeed | None, trouble: str) -> None:
    if opened is None:
        raise AdminError(trouble)
    if parts.settings.public_url is None:
        raise AdminError("DIGILINJA_PUBLIC_URL is not set: the address would lead nowhere")
    click.echo(address_of(parts.settings.public_url, opened.token))


def _unknown(number: int) -> str:
    return f"No feed {number} is open in this network: `digilinja calendar list` shows those that are"


def _names(session: Session, network_id: int) -> dict[Whose, str]:
    organisations = session.scalars(select(Organisation).where(Organisation.network_id == network_id))
    of_organisations = {Whose(organisation_id=known.id): known.name for known in organisations}
    return of_organisations | {Whose(helper_id=card.id): card.name for card in helpers_of(session, network_id)}


def _feeds(feeds: tuple[Feed, ...], names: dict[Whose, str]) -> Table:
    table = Table("feed", "of", "opened", title="Feeds" if feeds else "no feeds")
    for feed in feeds:
        table.add_row(str(feed.id), names[feed.whose], written_time(feed.created_at, Language.FI))
    return table


def _read(calendars: tuple[CalendarCard, ...], names: dict[Whose, str]) -> Table:
    table = Table("of", "last read", "busy spans", "trouble", title="Calendars read" if calendars else "none is read")
    for card in calendars:
        trouble = "" if card.trouble is None else word_in(PageLanguage.EN, "calendar trouble", card.trouble)
        read_at = "" if card.read_at is None else written_time(card.read_at, Language.FI)
        table.add_row(names[Whose(helper_id=card.helper_id)], read_at, str(card.spans), trouble)
    return table


def _clashing(found: tuple[Clash, ...], names: dict[Whose, str]) -> Table:
    table = Table(
        "shift", "begins", "helper", title="Busy at a shift of theirs" if found else "nobody is busy at a shift"
    )
    for clash in found:
        begins = written_time(clash.during.begins, Language.FI)
        table.add_row(str(clash.shift_id), begins, names[Whose(helper_id=clash.helper_id)])
    return table
