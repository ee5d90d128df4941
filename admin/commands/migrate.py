"""digilinja migrate"""

import click

from admin import embedded, migrations
from admin.commands.ground import settings


@click.command()
def command() -> None:
    """Bring the database to the newest shape; may be run at any time, also twice at once."""
    here = settings()
    url = here.database_url or embedded.start(here.data_dir)
    before = migrations.current(url)
    migrations.upgrade(url)
    newest = migrations.head()
    click.echo(f"The database is at {newest}." if before == newest else f"The database went to {newest}.")
