"""digilinja webhooks"""

from typing import Final

import click
from rich.console import Console
from rich.table import Table

from admin.commands.ground import ground, network_named
from admin.errors import AdminError
from admin.outside.guard import NotOutside, outside_of
from admin.outside.web import OutsideWeb
from scheduler.ports import WebError, WebTrouble
from scheduler.webhooks.payloads import trial_body
from scheduler.webhooks.signing import signed
from scheduler.webhooks.subscriptions import (
    WebhookCard,
    WebhookRefusal,
    key_of,
    resume,
    subscribe,
    unsubscribe,
    webhooks_of,
)
from tickets.vocabulary import EventKind
from tickets.webhooks import Stopped
from voice_prompts.language import Language
from voice_prompts.speech import written_time

ACTOR = "coordinator:command-line"
in_network = click.option("--network", help="The network's name, where there are several.")
TROUBLE: Final = {
    WebTrouble.NOT_AN_ADDRESS: "that is no address to post to",
    WebTrouble.NOT_HTTPS: "the address does not begin with https://",
    WebTrouble.NOT_PUBLIC: "the address leads into a network of one's own",
    WebTrouble.UNREACHABLE: "nobody answers there",
    WebTrouble.TOO_SLOW: "the answer took too long",
    WebTrouble.MOVED: "it has moved elsewhere: add its new address",
    WebTrouble.REFUSED: "it refused",
}
STOPPED: Final = {Stopped.GONE: "stopped: it is gone", Stopped.FAILING: "stopped: it took nothing for more than a day"}
UNKNOWN = "There is no webhook {number} in this network: `digilinja webhooks list` shows those that are"


@click.group()
def command() -> None:
    """Webhooks: programs elsewhere that are told what happens to tickets, signed, and never whose they are."""


@command.command()
@click.option(
    "--address", prompt=True, hide_input=True, help="Where to post; asked for when left out, as it may be a secret."
)
@click.option(
    "--event",
    "events",
    multiple=True,
    type=click.Choice([kind.value for kind in EventKind]),
    help="Only this; may be given again.",
)
@in_network
def add(address: str, events: tuple[str, ...], network: str | None) -> None:
    """Tell an address what happens from now on; prints the secret that signs it, this once."""
    with ground() as parts, parts.sessions.begin() as session:
        network_id = network_named(session, network).id
        kinds = tuple(EventKind(event) for event in events)
        insecure = parts.settings.loopback
        if outside_of(loopback=insecure).refuses(address.strip()) is NotOutside.NOT_PUBLIC:
            raise AdminError("That address leads into a network of one's own: give one of the open internet")
        made = subscribe(session, network_id, address, kinds, now=parts.clock.now(), actor=ACTOR, insecure=insecure)
        if made is WebhookRefusal.TOO_MANY:
            raise AdminError("There are as many webhooks as a network may have: remove one first")
        if isinstance(made, WebhookRefusal):
            raise AdminError("That is not an address to post to: it begins with https://")
    click.echo(f"webhook {made.id} is told from now on; its secret, shown this once:")
    click.echo(made.secret)


@command.command("list")
@in_network
def show(network: str | None) -> None:
    """Show who is told, and how they are doing."""
    with ground() as parts, parts.sessions.begin() as session:
        cards = webhooks_of(session, network_named(session, network).id)
    table = Table(
        "webhook", "at", "events", "last told", "waiting", "trouble", title="Webhooks" if cards else "no webhooks"
    )
    for card in cards:
        last = "" if card.delivered_at is None else written_time(card.delivered_at, Language.FI)
        table.add_row(str(card.id), card.host, ", ".join(card.events) or "all", last, str(card.waiting), _trouble(card))
    Console(width=None if Console().is_terminal else 160).print(table)


@command.command()
@click.argument("number", type=int)
@in_network
def remove(number: int, network: str | None) -> None:
    """Tell a webhook (its NUMBER is in the list) nothing more."""
    with ground() as parts, parts.sessions.begin() as session:
        if not unsubscribe(session, network_named(session, network).id, number, now=parts.clock.now()):
            raise AdminError(UNKNOWN.format(number=number))
    click.echo(f"webhook {number} is told nothing more")


@command.command("resume")
@click.argument("number", type=int)
@in_network
def go_on(number: int, network: str | None) -> None:
    """Tell a webhook again that was stopped, from where it was left."""
    with ground() as parts, parts.sessions.begin() as session:
        refusal = resume(session, network_named(session, network).id, number, now=parts.clock.now())
    if refusal is WebhookRefusal.NOT_FOUND:
        raise AdminError(UNKNOWN.format(number=number))
    if refusal is not None:
        raise AdminError(f"Webhook {number} was not stopped: it is told all the time")
    click.echo(f"webhook {number} is told again")


@command.command("try")
@click.argument("number", type=int)
@in_network
def post_a_trial(number: int, network: str | None) -> None:
    """Post a signed trial to a webhook, and say what came of it."""
    with ground() as parts:
        now, settings = parts.clock.now(), parts.settings
        with parts.sessions.begin() as session:
            key = key_of(session, network_named(session, network).id, number)
        if key is None:
            raise AdminError(UNKNOWN.format(number=number))
    body = trial_body(now).encode()
    try:
        status = OutsideWeb(outside_of(loopback=settings.loopback)).post(
            key.address, body, signed(key.secret, f"trial_{number}", body, now=now)
        )
    except WebError as error:
        raise AdminError(f"Webhook {number} did not take it: {_said(str(error))}") from error
    click.echo(f"webhook {number} took it ({status})")


def _trouble(card: WebhookCard) -> str:
    trouble = _said(card.trouble or "")
    if card.stopped is None:
        return trouble
    return f"{STOPPED[card.stopped]} ({trouble}); `digilinja webhooks resume {card.id}` tells it again"


def _said(trouble: str) -> str:
    """Why something was not taken, in words; an answer's status behind it stays."""
    kind, _, status = trouble.partition(" ")
    said = next((words for code, words in TROUBLE.items() if code == kind), trouble)
    return f"{said} ({status})" if status and said is not trouble else said
