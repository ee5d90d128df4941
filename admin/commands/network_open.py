"""digilinja network open"""

from collections.abc import Iterator
from shlex import quote
from typing import Final

import click

from admin.commands.ground import ground
from admin.commands.people import TROUBLE
from admin.errors import AdminError
from admin.settings import Settings
from scheduler.people.beginning import Begun, NotBegun, begin_network
from scheduler.people.persons import Identity
from scheduler.people.reach import PeopleRefusal
from tickets.vocabulary import Role

ACTOR: Final = "coordinator:command-line"
OPTION: Final = {Role.PAAKAYTTAJA: "administrator", Role.KOORDINAATTORI: "coordinator"}
SHARED: Final = "The first administrator has it already: two people cannot share an address or a number"


@click.command("open")
@click.argument("name")
@click.option("--administrator", required=True, help="First name and family name of the first administrator.")
@click.option("--email", required=True, help="Their address; their code for signing in is sent there.")
@click.option("--phone", help="Their number, as +358401234567; it lets them in once the network has a line.")
@click.option("--coordinator", help="First name and family name of the first coordinator.")
@click.option("--coordinator-email", help="Their address.")
@click.option("--coordinator-phone", help="Their number.")
def command(
    name: str,
    administrator: str,
    email: str,
    phone: str | None,
    coordinator: str | None,
    coordinator_email: str | None,
    coordinator_phone: str | None,
) -> None:
    """Begin a network of this NAME with its usual settings, its first administrator and coordinator."""
    if (coordinator is None) is not (coordinator_email is None) or (coordinator_phone and not coordinator):
        raise click.UsageError("Tell of the coordinator both --coordinator and --coordinator-email, or nothing")
    second = None if coordinator is None else Identity(coordinator, coordinator_email, coordinator_phone)
    with ground() as parts, parts.sessions.begin() as session:
        first, now = Identity(administrator, email, phone), parts.clock.now()
        begun = begin_network(session, name, first, second, now=now, actor=ACTOR)
        if isinstance(begun, NotBegun):
            raise AdminError(_why(begun, name))
        settings = parts.settings
    click.echo("\n".join(_next(begun, " ".join(name.split()), settings)))


def _why(refused: NotBegun, name: str) -> str:
    """What is wrong, and what mends it."""
    if refused.role is None:
        if refused.reason is PeopleRefusal.NO_NAME:
            return "A network needs a name: every list of networks shows it"
        add = f"digilinja people add --network {quote(' '.join(name.split()))} --role {Role.PAAKAYTTAJA}"
        return f"There is a network {name} already: take another name, or add somebody to it by `{add}`"
    if refused.reason in (PeopleRefusal.EMAIL_TAKEN, PeopleRefusal.PHONE_TAKEN):
        return f"--{OPTION[refused.role]}: {SHARED}"
    if refused.reason is PeopleRefusal.NO_NAME:
        return f"--{OPTION[refused.role]}: give a first name and a family name"
    return f"--{OPTION[refused.role]}: {TROUBLE[refused.reason]}"


def _next(begun: Begun, name: str, settings: Settings) -> Iterator[str]:
    """What is there, and what comes next."""
    network, pages = f"--network {quote(name)}", settings.public_url or ""
    yield f"{name} has begun. The first administrator is number {begun.administrator}."
    yield f"1. Sign in at {pages}/sign-in with the address; the worker (`digilinja work`) sends a code."
    if settings.smtp is None:
        token = f"digilinja token {network} --person {begun.administrator}"
        yield f"   No letters are sent before DIGILINJA_SMTP_URL is set. Until then `{token}` prints a key to sign in with."
    yield f"2. The administrator opens the organisations: {pages}/admin/organisations/new"
    yield f"   the line: {pages}/admin/lines/new"
    yield f"   and takes in helpers and others: {pages}/admin/people/new"
    yield from _coordinator(begun, network)
    yield f"4. The coordinator makes a week and publishes it: {pages}/admin/rota/templates"
    yield f"5. Add the data protection officer: `digilinja people add {network} --role {Role.TIETOSUOJAVASTAAVA} --name … --email …`"


def _coordinator(begun: Begun, network: str) -> Iterator[str]:
    signed = f"`digilinja people commitment {network} {begun.coordinator or 'NAME'}`"
    if begun.coordinator is None:
        add = f"digilinja people add {network} --role {Role.KOORDINAATTORI} --name … --email …"
        yield f"3. Add the first coordinator, whom no administrator can add: `{add}`"
    else:
        yield f"3. The first coordinator is number {begun.coordinator}, and adds the other coordinators."
    yield f"   They see nobody's number before their commitment to secrecy is written down: {signed}"
