"""digilinja work"""

import click

from admin.commands.ground import ground
from admin.logs import write_logs
from admin.worker import work


@click.command()
def command() -> None:
    """Keep the promises: ring, text, retry. Any number of workers may run at once."""
    write_logs()
    with ground() as parts:
        work(parts)
