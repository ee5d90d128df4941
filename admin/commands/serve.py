"""digilinja serve"""

import os

import click

from admin import embedded
from admin.ports import require_free
from admin.run_file import environment
from admin.server import serve, share_metrics
from admin.settings import Settings


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to answer on.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes.")
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64), help="Threads of each process.")
def command(port: int, host: str, workers: int, threads: int) -> None:
    """Answer calls and show pages, in several processes."""
    settings = Settings.read(environment(os.environ))
    settings.require_line()
    require_free(port, "--port", host)
    share_metrics(settings.data_dir / f"metrics-{port}")
    if settings.database_url is None:
        embedded.start(settings.data_dir)  # held here, so that it outlives each single worker
    serve(host=host, port=port, workers=workers, threads=threads)
