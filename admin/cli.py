"""The `digilinja` command: runs the line, and shows what it does."""

import importlib
from collections.abc import Mapping
from typing import Any, Final

import click
from sqlalchemy.exc import OperationalError

from admin.errors import AdminError, SettingsError
from tickets.errors import SealBrokenError
from voice_prompts.catalogue import CatalogueError

# Each command lives in a module of its own, read only when it is wanted: the REST client alone takes half a second.
COMMANDS: Final[Mapping[str, str]] = {
    "demo": "demo",
    "serve": "serve",
    "work": "work",
    "migrate": "migrate",
    "doctor": "doctor",
    "exchange": "exchange",
    "connect-lines": "connect_lines",
    "demo-data": "demo_data",
    "people": "people",
    "token": "token",
    "tickets": "tickets",
    "prompts": "prompts",
    "simulate": "simulate",
    "rotate-keys": "rotate_keys",
    "network": "network",
    "rota": "rota",
    "directory": "directory",
    "autofill": "autofill",
    "calendar": "calendar",
    "webhooks": "webhooks",
    "report": "report",
    "export": "export",
    "retention": "retention",
    "rights": "rights",
    "mailbox": "mailbox",
}


class WrongSetting(click.ClickException):
    """A setting is missing or wrong."""

    exit_code = 2


class Digilinja(click.Group):
    """The commands in the order in which one needs them; each mistake is one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One command, read from its module."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"admin.commands.{COMMANDS[cmd_name]}").command
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what its user can mend is told without a traceback."""
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            raise WrongSetting(str(error)) from error
        except (PermissionError, NotADirectoryError, FileNotFoundError) as error:
            message = f"{error.filename}: {error.strerror}; DIGILINJA_DATA_DIR must be a folder that can be written to"
            raise WrongSetting(message) from error
        except (AdminError, CatalogueError) as error:
            raise click.ClickException(str(error)) from error
        except SealBrokenError as error:
            raise WrongSetting("DIGILINJA_DATA_KEYS: none of the keys opens what the database holds") from error
        except OperationalError as error:
            raise click.ClickException(f"The database cannot be reached: {_first_line(error)}") from error


@click.group(cls=Digilinja, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="digilinja")
def main() -> None:
    """The callback line of a digital-support network: it answers, promises an exact time, and keeps it."""


def _first_line(error: OperationalError) -> str:
    lines = str(error.orig).strip().splitlines()
    return lines[0] if lines else type(error.orig).__name__
