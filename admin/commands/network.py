"""digilinja network"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.commands import network_open
from admin.commands.ground import ground, network_named
from admin.errors import AdminError
from admin.people.reading import number_of
from admin.wording import word_in
from scheduler.grids import change_hours
from scheduler.lines import change_line, open_line
from tickets.lines import LineRefusal, LineTerms
from tickets.network import Line
from tickets.network_hours import NetworkHours, hours_of
from tickets.network_settings import NetworkTerms, SettingsRefusal, change_network, terms_of_network
from tickets.phone_numbers import e164_of
from tickets.vocabulary import PageLanguage, Topic
from voice_prompts.language import Language

ACTOR: Final = "coordinator:command-line"
OPTION: Final = {
    SettingsRefusal.BAD_LENGTH: "--call",
    SettingsRefusal.BAD_RELEASE: "--swedish-release-hours",
    SettingsRefusal.BAD_PHONE: "--alert-phone",
}
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
    "--swedish-release-hours", type=int, help="So long before a time, what is kept for Swedish is free for all."
)
@click.option("--call", "calls", multiple=True, help="TOPIC=MINUTES, such as PERUSPUH=30; MINUTES of 0: as usual.")
@in_network
def change(
    alert_phone: str | None, swedish_release_hours: int | None, calls: Sequence[str], network: str | None
) -> None:
    """Change what is named, and nothing else. Promises that are made keep the length they were given."""
    with ground() as parts, parts.sessions.begin() as session:
        found = network_named(session, network).id
        before = terms_of_network(session, found)
        after = _changed(before, alert_phone, swedish_release_hours, calls)
        _keep(change_network(session, found, after, seen=before, now=parts.clock.now(), actor=ACTOR))
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

    def change(known: LineTerms) -> LineTerms:
        hears = known.hears_speech if hears_speech is None else hears_speech
        return replace(known, hears_speech=hears, other_name=_named("--other-name", other_name, known.other_name))

    with ground() as parts, parts.sessions.begin() as session:
        found, now = _line(session, number), parts.clock.now()
        refusal = change_line(session, found.network_id, found.id, change, now=now, actor=ACTOR)
        if refusal is not None:
            raise AdminError(f"{number} stays as it is: {word_in(PageLanguage.EN, 'mistake', f'line_{refusal}')}")
    click.echo(f"{number} is changed; `digilinja network show` tells how it is now")


def _changed(before: NetworkTerms, phone: str | None, release: int | None, calls: Sequence[str]) -> NetworkTerms:
    """The settings with what is named, and nothing else, changed."""
    lengths = {**before.call_minutes, **dict(map(_length, calls))}
    return NetworkTerms(
        {topic: minutes for topic, minutes in lengths.items() if minutes},
        before.swedish_release_hours if release is None else release,
        before.asks_feedback,
        _named("--alert-phone", phone, before.alert_phone),
    )


def _named(option: str, typed: str | None, known: str | None) -> str | None:
    """What is named, `none` for nothing; where the option is not given, as it was. AdminError for an empty one."""
    if typed is None:
        return known
    if not typed.strip():
        raise AdminError(f"{option} is empty: leave it out to keep what is there, or write `none`")
    return None if typed == "none" else " ".join(typed.split())


def _keep(refusal: SettingsRefusal | None) -> None:
    """AdminError where the settings are not kept."""
    if refusal is not None:
        word = word_in(PageLanguage.EN, "mistake", f"settings_{refusal}")
        told = f"{OPTION[refusal]}: {word}" if refusal in OPTION else word
        raise AdminError(f"The settings stay as they are. {told}")


def _line(session: Session, typed: str) -> Line:
    line = session.scalars(select(Line).where(Line.e164 == e164_of(typed))).one_or_none()
    if line is None:
        raise AdminError(f"{typed} is no line: `digilinja network show` tells their numbers")
    return line


def _told(hours: NetworkHours) -> str:
    offered = f"times are offered from {hours.notice_minutes} minutes to {hours.working_days} working days ahead"
    return f"hours: {hours.opens:%H:%M}-{hours.closes:%H:%M}; {offered}"


def _length(text: str) -> tuple[Topic, int]:
    topic, _, typed = text.partition("=")
    minutes = number_of(typed)
    if topic not in list(Topic) or minutes is None:
        raise AdminError(f"{text} is not TOPIC=MINUTES, such as PERUSPUH=30")
    return Topic(topic), minutes
