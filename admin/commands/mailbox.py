"""digilinja mailbox"""

from typing import Final

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.commands.ground import ground, network_named
from admin.errors import AdminError
from admin.mailbox_trial import something_waits
from admin.wording import word_in
from scheduler.mail.boxes import account_of, add_mailbox, mailboxes_of, remove_mailbox
from scheduler.ports import MailAccount, MailboxError
from tickets.email_addresses import plain_address
from tickets.network import Line
from tickets.vocabulary import PageLanguage
from voice_prompts.language import Language
from voice_prompts.speech import written_time

ACTOR: Final = "coordinator:command-line"
in_network = click.option("--network", help="The network's name, where there are several.")


@click.group()
def command() -> None:
    """Mailboxes that people write to: each message becomes a ticket, and is answered where DIGILINJA_SMTP_URL is set."""


@command.command()
@click.argument("address")
@click.option("--host", required=True, help="The IMAP server, such as imap.example.fi.")
@click.option("--port", default=993, show_default=True, type=click.IntRange(1, 65535), help="143 for STARTTLS.")
@click.option("--user", help="Who logs in; the address, when left out.")
@click.option("--password", prompt=True, hide_input=True, help="Asked for when left out, as it is a secret.")
@click.option("--folder", default="INBOX", show_default=True, help="Where messages arrive.")
@click.option("--done-folder", help="Where messages are moved to; when left out they stay, marked as read.")
@click.option("--line", "e164", help="The number of the line that it belongs to, where there are several.")
@in_network
def add(  # noqa: PLR0913, PLR0917 - click gives them by name
    address: str,
    host: str,
    port: int,
    user: str | None,
    password: str,
    folder: str,
    done_folder: str | None,
    e164: str | None,
    network: str | None,
) -> None:
    """Read the mailbox of ADDRESS from now on, each minute. It is opened once first, so that a slip shows at once."""
    plain = plain_address(address)
    if plain is None:
        raise AdminError(f"{address} is not an address: write it as digituki@example.fi")
    account = MailAccount(host, port, user or address, password, folder, done_folder)
    with ground() as parts:
        with parts.sessions.begin() as session:
            line_id = _line(session, network_named(session, network).id, e164)
        _open(account)
        with parts.sessions.begin() as session:
            if add_mailbox(session, line_id, plain, account, now=parts.clock.now(), actor=ACTOR) is None:
                raise AdminError(f"{plain} is read already: `digilinja mailbox list` shows it")
    click.echo(f"{plain}: read within a minute, and then each minute")


@command.command("list")
@in_network
def show(network: str | None) -> None:
    """Show the mailboxes that are read, when each last was, and what hinders."""
    with ground() as parts, parts.sessions.begin() as session:
        cards = mailboxes_of(session, network_named(session, network).id)
    table = Table("mailbox", "address", "line", "at", "last read", "trouble", title="Mailboxes" if cards else "none")
    for card in cards:
        trouble = "" if card.trouble is None else word_in(PageLanguage.EN, "mailbox trouble", card.trouble)
        trouble = "paused" if card.paused else trouble
        read_at = "" if card.read_at is None else written_time(card.read_at, Language.FI)
        table.add_row(str(card.id), card.address, card.line, f"{card.host} {card.folder}", read_at, trouble)
    Console(width=None if Console().is_terminal else 160).print(table)


@command.command("try")
@click.argument("number", type=int)
@in_network
def attempt(number: int, network: str | None) -> None:
    """Open a mailbox (its NUMBER is in the list) and say whether anything unread lies there; nothing is taken."""
    with ground() as parts, parts.sessions.begin() as session:
        account = account_of(session, network_named(session, network).id, number)
        if account is None:
            raise AdminError(_unknown(number))
    waiting = _open(account)
    click.echo(
        f"{account.user} at {account.host}: it opens, and {'something' if waiting else 'nothing'} unread lies there"
    )


@command.command()
@click.argument("number", type=int)
@in_network
def remove(number: int, network: str | None) -> None:
    """Read a mailbox (its NUMBER is in the list) no more, and forget its password; its tickets stay."""
    with ground() as parts, parts.sessions.begin() as session:
        network_id = network_named(session, network).id
        if not remove_mailbox(session, network_id, number, now=parts.clock.now(), actor=ACTOR):
            raise AdminError(_unknown(number))
    click.echo(f"mailbox {number} is read no more")


def _line(session: Session, network_id: int, e164: str | None) -> int:
    lines = session.scalars(select(Line).where(Line.network_id == network_id, Line.active).order_by(Line.id)).all()
    chosen = [line for line in lines if e164 in (None, line.e164)]
    if len(chosen) != 1:
        numbers = ", ".join(line.e164 for line in lines) or "none is open yet"
        raise click.BadParameter(f"name one of the lines: {numbers}", param_hint="--line")
    return chosen[0].id


def _open(account: MailAccount) -> bool:
    """Whether anything unread lies there; AdminError where it does not open."""
    try:
        return something_waits(account)
    except MailboxError as error:
        why = word_in(PageLanguage.EN, "mailbox trouble", error.trouble)
        raise AdminError(f"{account.user} at {account.host} port {account.port}: {why}") from error


def _unknown(number: int) -> str:
    return f"No mailbox {number} is read in this network: `digilinja mailbox list` shows those that are"
