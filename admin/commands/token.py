"""digilinja token"""

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from admin.commands.ground import ground, helper_named, network_named, person_named
from admin.errors import AdminError
from scheduler.people.doors import KeyCard, KeyFor, end_key, key_with, keys_of, make_key
from scheduler.slots import HELSINKI
from tickets.directory import ROLE_OF_KIND
from tickets.rights import DEFAULT, Right
from tickets.vocabulary import Role

ACTOR: Final = "coordinator:command-line"


@click.command()
@click.option("--role", type=click.Choice([role.value for role in Role]), help="What its holder may do.")
@click.option(
    "--helper", help="The name or number of the helper whom it is for; the role then follows from their kind."
)
@click.option("--person", help="The name, address or number of the person whom it is for: `digilinja people list`.")
@click.option("--network", help="The network's name, where there are several.")
@click.option("--days", default=180, show_default=True, type=click.IntRange(1, 730), help="How long it opens.")
@click.option("--purpose", default="", help="What it is for, such as the name of the program. The lists show it.")
@click.option("--list", "listed", is_flag=True, help="Show the keys that open something, by their numbers.")
@click.option(
    "--end",
    is_flag=False,
    flag_value=0,
    type=int,
    metavar="[NUMBER]",
    help="End the key of this number in --list; without a number, the one that is typed or piped in.",
)
def command(
    role: str | None,
    helper: str | None,
    person: str | None,
    network: str | None,
    days: int,
    purpose: str,
    listed: bool,
    end: int | None,
) -> None:
    """Print a new key: for the API as a bearer token, for the pages to sign in with. It is shown this once.

    A person's key does what their role may do; one with --role only is a program's, and shows nobody's contact.
    """
    _check(role, helper, person, listed=listed, ends=end is not None)
    with ground() as parts, parts.sessions.begin() as session:
        network_id, now = network_named(session, network).id, parts.clock.now()
        if listed:
            _show(Console(), keys_of(session, network_id, now=now))
        elif end is not None:
            _end(session, network_id, end or None, now)
        else:
            wanted = replace(_wanted(session, network_id, role, helper, person), purpose=purpose)
            until = now + timedelta(days=days)
            click.echo(make_key(session, network_id, wanted, now=now, expires_at=until, actor=ACTOR))


def _show(console: Console, keys: Sequence[KeyCard]) -> None:
    """The keys, the newest first; of none of them what opens."""
    table = Table("number", "whose", "role", "for", "made", "last used", "until", title=None if keys else "no keys")
    for key in keys:
        days = (key.created_at, key.used_at, key.expires_at)
        made, used, until = ("–" if day is None else f"{day.astimezone(HELSINKI):%Y-%m-%d}" for day in days)
        whose = key.name or ("a program" if key.person_id is None else f"person {key.person_id}")
        table.add_row(str(key.id), whose, key.role, key.purpose, made, used, until)
    (console if console.is_terminal else Console(width=160)).print(table)


def _check(role: str | None, helper: str | None, person: str | None, *, listed: bool, ends: bool) -> None:
    if person is not None and (role or helper):
        raise click.UsageError("A person's key has the role of its person: give --person alone")
    if (listed or ends) and (role or helper or person):
        raise click.UsageError("--list and --end make no key: leave --role, --helper and --person out")
    if listed and ends:
        raise click.UsageError("--list shows and --end ends: give one of them")


def _end(session: Session, network_id: int, number: int | None, now: datetime) -> None:
    """A key on the command line could be read by everybody on the machine, so it comes by standard input."""
    if number is None:
        key = click.prompt("The key", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()
        number = key_with(session, network_id, key.strip())
    if number is None or not end_key(session, network_id, number, now=now, actor=ACTOR):
        raise AdminError("no key of this network that opens anything is that one: `digilinja token --list` shows them")
    click.echo(f"Key {number} opens nothing any more.")


def _wanted(session: Session, network_id: int, role: str | None, helper: str | None, person: str | None) -> KeyFor:
    if person is not None:
        card = person_named(session, network_id, person)
        return KeyFor(card.role, person_id=card.id)
    helper_id, own_role = _helper(session, network_id, helper)
    return KeyFor(own_role or _role(role), helper_id=helper_id)


def _role(text: str | None) -> Role:
    if text is None:
        raise click.UsageError(
            "Say whom the key is for: --person NAME, --helper NAME, or for a program --role koordinaattori"
        )
    if Right.TAKE_PLACES in DEFAULT[Role(text)]:
        raise click.UsageError(f"A key for {text} belongs to one person: add --helper NAME")
    return Role(text)


def _helper(session: Session, network_id: int, wanted: str | None) -> tuple[int | None, Role | None]:
    if wanted is None:
        return None, None
    card = helper_named(session, network_id, wanted)
    return card.id, ROLE_OF_KIND[card.kind]
