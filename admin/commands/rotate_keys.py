"""digilinja rotate-keys"""

import importlib

import click

from admin.commands.ground import ground
from admin.errors import AdminError
from tickets.errors import SealBrokenError
from tickets.keys import rotate

# Every package has tables with something sealed; they are known once they are imported.
TABLES = (
    "ivr.journal",
    "scheduler.outbox",
    "scheduler.records",
    "scheduler.rota.wishes",
    "tickets.board",
    "tickets.holds",
    "tickets.mailboxes",
    "tickets.network",
    "tickets.people",
    "tickets.relays",
    "tickets.saved_views",
    "tickets.sign_in_codes",
    "tickets.ticket",
    "tickets.transcripts",
    "tickets.webhooks",
)


@click.command()
def command() -> None:
    """Seal everything anew with the first of the data keys, so that the others can be thrown away."""
    for module in TABLES:
        importlib.import_module(module)
    with ground() as parts, parts.sessions.begin() as session:
        try:
            renewed = rotate(session)
        except SealBrokenError as error:
            raise AdminError(
                "DIGILINJA_DATA_KEYS lacks a key that something is sealed with: add it at the end"
            ) from error
    click.echo(f"{renewed} rows are sealed with the first key; the others in DIGILINJA_DATA_KEYS are no longer needed.")
