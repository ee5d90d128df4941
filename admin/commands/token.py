"""digilinja token"""

from datetime import timedelta

import click
from sqlalchemy.orm import Session

from admin.commands.ground import ground, helper_named, network_named, person_named
from tickets.directory import ROLE_OF_KIND
from tickets.rights import DEFAULT, Right
from tickets.tokens import issue_token
from tickets.vocabulary import Role


@click.command()
@click.option("--role", type=click.Choice([role.value for role in Role]), help="What its holder may do.")
@click.option(
    "--helper", help="The name or number of the helper whom it is for; the role then follows from their kind."
)
@click.option("--person", help="The name, address or number of the person whom it is for: `digilinja people list`.")
@click.option("--network", help="The network's name, where there are several.")
@click.option("--days", default=180, show_default=True, type=click.IntRange(1, 730), help="How long it opens.")
def command(role: str | None, helper: str | None, person: str | None, network: str | None, days: int) -> None:
    """Print a new key: for the API as a bearer token, for the pages to sign in with. It is shown this once.

    A person's key does what their role may do; one with --role only is a program's, and shows nobody's contact.
    """
    if person is not None and (role or helper):
        raise click.UsageError("A person's key has the role of its person: give --person alone")
    with ground() as parts, parts.sessions.begin() as session:
        network_id = network_named(session, network).id
        now = parts.clock.now()
        until = now + timedelta(days=days)
        if person is not None:
            card = person_named(session, network_id, person)
            token = issue_token(session, network_id, card.role, now=now, person_id=card.id, expires_at=until)
        else:
            helper_id, own_role = _helper(session, network_id, helper)
            chosen = own_role or _role(role)
            token = issue_token(session, network_id, chosen, now=now, helper_id=helper_id, expires_at=until)
    click.echo(token)


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
