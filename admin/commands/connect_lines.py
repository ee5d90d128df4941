"""digilinja connect-lines"""

import click

from admin.commands.ground import ground
from admin.errors import AdminError
from admin.lines import connect_lines


@click.command()
def command() -> None:
    """Tell the operator where each line's calls and texts are answered; run it after the public address has changed."""
    with ground() as parts:
        parts.settings.require_line()
        connections = connect_lines(parts)
    for connection in connections:
        click.echo(f"{connection.e164}  {connection.name}: {connection.trouble or 'connected'}")
    if not connections:
        raise AdminError("There is no line to connect yet")
    if any(connection.trouble for connection in connections):
        raise AdminError("Not every line is connected")
