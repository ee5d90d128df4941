"""digilinja network"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

import click
import phonenumbers
from sqlalchemy import select, update

from admin.commands import network_open
from admin.commands.ground import ground, network_named
from admin.errors import AdminError
from admin.wording import word_in
from scheduler.grids import change_hours
from scheduler.lines import open_line
from tickets.directory import set_alert_phone, set_hearing, set_other_name
from tickets.lines import LineRefusal, LineTerms
from tickets.network import Line, Network
from tickets.network_hours import NetworkHours, hours_of
from tickets.network_settings import LONGEST_RELEASE
from tickets.vocabulary import PageLanguage, Topic
from voice_prompts.language import Language

ACTOR: Final = "coordinator:command-line"
LONGEST_CALL: Final = 240
STEP: Final = 15
WALL: Final = click.DateTime(["%H:%M"])
in_network = click.option("--network", help="The network's name, where there are several.")


@click.group()
def command() -> None:
    """What holds for a whole network: how long calls take, what is kept for Swedish, who is texted about broken promises, what its lines hear."""


command.add_command(network_open.command)


@command.command()
@in_network
def show(network: str | None) -> None:
    """Show the network's settings; the number on duty is never shown."""
    with ground() as parts, parts.sessions.begin() as session:
        found = network_named(session, network)
        lengths = ", ".join(f"{topic} {minutes} min" for topic, minutes in sorted(found.call_minutes.items()))
        click.echo(f"calls: {lengths or 'all take the usual hour'}")
        click.echo(_told(hours_of(session, found.id)))
        click.echo(f"kept for Swedish: until {found.swedish_release_hours} hours before the time")
        for line in session.scalars(select(Line).where(Line.network_id == found.id).order_by(Line.id)):
            hears = "speech and keys" if line.hears_speech else "keys only"
            names = " / ".join(name for name in (line.name, line.other_name) if name)
            click.echo(f"line {line.e164}, {names}: hears {hears}")
        click.echo(f"texted about broken promises: {'yes' if found.alert_phone_sealed else 'nobody'}")


@command.command("set")
@click.option("--alert-phone", help="The number that is texted when a promise loses its helper; `none` for nobody.")
@click.option(
    "--swedish-release-hours",
    type=click.IntRange(0, LONGEST_RELEASE),
    help="So long before a time, what is kept for Swedish is free for all.",
)
@click.option("--call", "calls", multiple=True, help="TOPIC=MINUTES, such as PERUSPUH=30; MINUTES of 0: as usual.")
@in_network
def change(
    alert_phone: str | None, swedish_release_hours: int | None, calls: Sequence[str], network: str | None
) -> None:
    """Change what is named, and nothing else. Promises that are made keep the length they were given."""
    with ground() as parts, parts.sessions.begin() as session:
        found = network_named(session, network)
        if alert_phone is not None:
            set_alert_phone(session, found.id, None if alert_phone == "none" else _number(alert_phone))
        values: dict[str, object] = {}
        if swedish_release_hours is not None:
            values["swedish_release_hours"] = swedish_release_hours
        if calls:
            changed = {**found.call_minutes, **dict(map(_length, calls))}
            values["call_minutes"] = {topic: minutes for topic, minutes in changed.items() if minutes}
        if values:
            session.execute(update(Network).where(Network.id == found.id).values(**values))
    click.echo("changed; `digilinja network show` tells how it is now")


@command.command("hours")
@click.option("--opens", type=WALL, help="From when callers are rung, such as 09:00; on the quarter hour.")
@click.option("--closes", type=WALL, help="Until when, such as 15:00; at least an hour later.")
@click.option("--notice-minutes", type=int, help="How far ahead a time is offered at the earliest.")
@click.option("--working-days", type=int, help="How many working days ahead at most.")
@in_network
def hours_(network: str | None, **named: datetime | int | None) -> None:
    """Change when callers are rung and times are offered: what is named, and nothing else. What is promised stands."""
    changes = {name: one.time() if isinstance(one, datetime) else one for name, one in named.items() if one is not None}
    with ground() as parts, parts.sessions.begin() as session:
        found, now = network_named(session, network).id, parts.clock.now()
        hours = replace(hours_of(session, found), **changes)  # type: ignore[arg-type]
        refusal = change_hours(session, found, hours, now=now, actor=ACTOR) if changes else None
        if refusal is not None:
            raise AdminError(f"The hours stay as they are: {word_in(PageLanguage.EN, 'mistake', f'hours_{refusal}')}")
    click.echo(_told(hours))


@command.command("open-line")
@click.argument("number")
@click.option("--name", required=True, help="What it is called in its first language; every caller hears it.")
@click.option(
    "--first-language", required=True, type=click.Choice([one.value for one in Language]), help="In which it opens."
)
@click.option("--other-name", help="What it is called in its other language.")
@click.option("--municipality", help="The code of the municipality it is of; without one it asks the caller.")
@click.option("--hears-speech", is_flag=True, help="A caller may say a key instead of pressing it.")
@in_network
def open_line_(
    number: str,
    name: str,
    first_language: str,
    other_name: str | None,
    municipality: str | None,
    hears_speech: bool,
    network: str | None,
) -> None:
    """Open a line of this NUMBER; a worker tells the operator where it is answered."""
    terms = LineTerms(name, other_name, Language(first_language), municipality, True, hears_speech)
    with ground() as parts, parts.sessions.begin() as session:
        found = network_named(session, network).id
        made = open_line(session, found, number, terms, now=parts.clock.now(), actor=ACTOR)
        if isinstance(made, LineRefusal):
            raise AdminError(f"{number} is not opened: {word_in(PageLanguage.EN, 'mistake', f'line_{made}')}")
    click.echo("opened; `digilinja network show` shows it, and `digilinja connect-lines` connects it at once")


@command.command("line")
@click.argument("number")
@click.option("--hears-speech/--keys-only", default=None, help="Whether a caller may say a key instead of pressing it.")
@click.option("--other-name", help="What it is called in its other language; `none`: as in its first.")
def line_(number: str, hears_speech: bool | None, other_name: str | None) -> None:
    """Change what a line hears (from the next question on; keys always work), or is called in its other language."""
    if hears_speech is None and other_name is None:
        raise click.UsageError("Say what to change: --hears-speech, --keys-only or --other-name")
    with ground() as parts, parts.sessions.begin() as session:
        known = [] if hears_speech is None else [set_hearing(session, number, hears_speech=hears_speech)]
        if other_name is not None:
            known.append(set_other_name(session, number, None if other_name == "none" else other_name))
        if not all(known):
            raise AdminError(f"{number} is no line: `digilinja network show` tells their numbers")
    click.echo(f"{number} is changed; `digilinja network show` tells how it is now")


def _told(hours: NetworkHours) -> str:
    offered = f"times are offered from {hours.notice_minutes} minutes to {hours.working_days} working days ahead"
    return f"hours: {hours.opens:%H:%M}-{hours.closes:%H:%M}; {offered}"


def _number(text: str) -> str:
    try:
        number = phonenumbers.parse(text, "FI")
    except phonenumbers.NumberParseException as error:
        raise AdminError(f"{text} is not a phone number: write it as +358401234567") from error
    if not phonenumbers.is_valid_number(number):
        raise AdminError(f"{text} is not a phone number in use: write it as +358401234567")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _length(text: str) -> tuple[str, int]:
    topic, mark, minutes = text.partition("=")
    if not mark or topic not in list(Topic) or not minutes.isdigit():
        raise AdminError(f"{text} is not TOPIC=MINUTES, such as PERUSPUH=30")
    if int(minutes) % STEP or int(minutes) > LONGEST_CALL:
        raise AdminError(f"{text}: a call takes {STEP}, {2 * STEP}, … or {LONGEST_CALL} minutes")
    return topic, int(minutes)
