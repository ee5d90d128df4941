"""digilinja token"""

from datetime import timedelta

import click
from sqlalchemy.orm import Session

from admin.commands.ground import ground, helper_named, network_named
from tickets.rights import DEFAULT, Right
from tickets.tokens import issue_token
from tickets.vocabulary import HelperKind, Role

ROLE_OF_KIND = {HelperKind.VOLUNTEER: Role.OPASTAJA, HelperKind.STAFF: Role.DIGITUKIJA}


@click.command()
@click.option("--role", type=click.Choice([role.value for role in Role]), help="What its holder may do.")
@click.option(
    "--helper", help="The name or number of the helper whom it is for; the role then follows from their kind."
)
@click.option("--network", help="The network's name, where there are several.")
@click.option("--days", default=180, show_default=True, type=click.IntRange(1, 730), help="How long it opens.")
def command(role: str | None, helper: str | None, network: str | None, days: int) -> None:
    """Print a new key: for the API as a bearer token, for the pages to sign in with. It is shown this once."""
    with ground() as parts, parts.sessions.begin() as session:
        network_id = network_named(session, network).id
        helper_id, own_role = _helper(session, network_id, helper)
        chosen = own_role or _role(role)
        now = parts.clock.now()
        expires_at = now + timedelta(days=days)
        token = issue_token(session, network_id, chosen, now=now, helper_id=helper_id, expires_at=expires_at)
    click.echo(token)


def _role(text: str | None) -> Role:
    if text is None:
        raise click.UsageError("Say what the key is for: --role koordinaattori, or --helper NAME")
    if Right.TAKE_PLACES in DEFAULT[Role(text)]:
        raise click.UsageError(f"A key for {text} belongs to one person: add --helper NAME")
    return Role(text)


def _helper(session: Session, network_id: int, wanted: str | None) -> tuple[int | None, Role | None]:
    if wanted is None:
        return None, None
    card = helper_named(session, network_id, wanted)
    return card.id, ROLE_OF_KIND[card.kind]
