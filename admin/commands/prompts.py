"""digilinja prompts"""

import importlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import click

from admin.clock import aware
from admin.errors import AdminError
from voice_prompts.catalogue import Catalogue, problems
from voice_prompts.language import Language
from voice_prompts.speech import spoken_code, spoken_number, spoken_time

STUDIO: Final[Mapping[str, str]] = {
    "script": "script",
    "render": "render",
    "import": "import_",
    "recordings": "recordings",
    "rewrite": "rewrite_",
}


class Moment(click.ParamType[datetime]):
    """A moment in ISO 8601 with its offset."""

    name = "moment"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read it."""
        try:
            return aware(value)
        except ValueError:
            self.fail(f"{value!r} is not a moment such as 2026-11-24T14:00+02:00", param, ctx)


class Prompts(click.Group):
    """What only reads the sentences is here; what needs a database or sound is read when it is wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all of them."""
        return sorted([*self.commands, *STUDIO])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One of them."""
        if cmd_name not in STUDIO:
            return super().get_command(ctx, cmd_name)
        found = getattr(importlib.import_module("admin.commands.studio"), STUDIO[cmd_name])
        assert isinstance(found, click.Command)
        return found


@click.group(cls=Prompts)
def command() -> None:
    """What the line says: hear how it is given to the voice, list it, check it, rewrite it, record it."""


@command.command()
@click.option("--language", type=click.Choice([language.value for language in Language]), required=True)
@click.option("--time", "moment", type=Moment(), help="A promised time, such as 2026-11-24T14:00+02:00.")
@click.option(
    "--now", type=Moment(), help="The moment at which it is said; decides between today, tomorrow and neither."
)
@click.option("--number", help="A phone number, such as +358401234567.")
@click.option("--code", help="The code of a booking, such as 4721.")
def speak(language: str, moment: datetime | None, now: datetime | None, number: str | None, code: str | None) -> None:
    """Print a time, a number or a code as the voice is given it."""
    spoken, said_at = Language(language), now or datetime.now(UTC)
    if moment is None and number is None and code is None:
        raise click.UsageError("Say what to speak: --time, --number or --code")
    try:
        if moment is not None:
            click.echo(spoken_time(moment, now=said_at, language=spoken))
        if number is not None:
            click.echo(spoken_number(number, spoken))
        if code is not None:
            click.echo(spoken_code(code, spoken))
    except ValueError as error:
        raise AdminError(str(error)) from error


@command.command()
def check() -> None:
    """Check all sentences: both languages, the same words in each, nothing that a voice misreads."""
    found = problems(Catalogue.read())
    if found:
        raise AdminError("\n".join(found))
    click.echo("Every sentence is in order in both languages.")


@command.command(name="list")
@click.option("--language", type=click.Choice([language.value for language in Language]), help="Only this language.")
def list_(language: str | None) -> None:
    """Print every sentence under its key."""
    catalogue = Catalogue.read()
    for key in sorted(catalogue.keys()):
        click.echo(key)
        for spoken in [Language(language)] if language else list(Language):
            entry = catalogue.books[spoken].entries[key]
            click.echo(f"  {spoken}  {entry.text or ' / '.join(entry.say)}")
