"""digilinja retention"""

from typing import Final

import click
from rich.console import Console
from rich.table import Table

from admin.commands.ground import ground, network_named
from admin.errors import AdminError
from admin.people.reading import number_of
from scheduler.errands import forgetting_old
from scheduler.jobs import enqueue
from scheduler.slots import HELSINKI
from tickets.forgetting import count_due
from tickets.retention import BOUNDS, Kept, set_term, terms_of

ACTOR: Final = "coordinator:command-line"
in_network = click.option("--network", help="The network's name, where there are several.")


@click.group()
def command() -> None:
    """How long what is kept: see it, choose it within what is lawful, throw away what is due."""


@command.command()
@in_network
def show(network: str | None) -> None:
    """Show every term, and how many tickets the coming night would touch."""
    with ground() as parts, parts.sessions.begin() as session:
        network_id = network_named(session, network).id
        terms = terms_of(session, network_id)
        due = count_due(session, network_id, terms, now=parts.clock.now())
    table = Table("what", "kept for", "usually", "from", "to", "tickets due")
    for kept, term in terms.items():
        bounds = BOUNDS[kept]
        usual, least, most = bounds.usual.amount, bounds.least, bounds.most
        table.add_row(kept, f"{term.amount} {term.unit}", *map(str, (usual, least, most, due.get(kept, ""))))
    Console().print(table)


@command.command("set")
@click.argument("kept", type=click.Choice([kept.value for kept in Kept]))
@click.argument("amount")
@in_network
def choose(kept: str, amount: str, network: str | None) -> None:
    """Keep KEPT for AMOUNT days or months, in the unit that `show` tells; `usual` for as long as usual."""
    bounds = BOUNDS[Kept(kept)]
    told = f"{kept} is kept for {bounds.least} to {bounds.most} {bounds.usual.unit}, or `usual`"
    chosen = None if amount == "usual" else number_of(amount)
    if chosen is None and amount != "usual":
        raise AdminError(told)
    with ground() as parts, parts.sessions.begin() as session:
        network_id = network_named(session, network).id
        if set_term(session, network_id, Kept(kept), chosen, now=parts.clock.now(), actor=ACTOR) is not None:
            raise AdminError(told)
    click.echo("changed; it counts from the next night on")


@command.command()
@click.option("--dry-run", is_flag=True, help="Say how many tickets would be touched, and change nothing.")
@in_network
def run(dry_run: bool, network: str | None) -> None:
    """Let a worker throw away what is due now, of all networks, instead of waiting for the night."""
    with ground() as parts, parts.sessions.begin() as session:
        now = parts.clock.now()
        if dry_run:
            network_id = network_named(session, network).id
            due = count_due(session, network_id, terms_of(session, network_id), now=now)
            for kept, count in due.items():
                click.echo(f"{kept}: {count} tickets")
            return
        part = int(now.timestamp())  # a run of its own beside the night's
        enqueue(session, forgetting_old(now.astimezone(HELSINKI).date(), at=now, part=part))
    click.echo("a worker does it now; its log says what went")
