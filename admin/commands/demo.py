"""digilinja demo"""

import os
from datetime import UTC, datetime

import click

from admin.clock import LARGEST_SPEED
from admin.demo.run import Plan, run
from admin.demo.times import demo_clock
from scheduler.slots import Grid


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="For the pages.")
@click.option("--exchange-port", default=8001, show_default=True, type=click.IntRange(1, 65535), help="For the phones.")
@click.option("--at", help="When the demo's clock begins: 2026-11-24T09:57, or 9:57 for the next working day's.")
@click.option("--speed", type=click.FloatRange(0, LARGEST_SPEED, min_open=True), help="How fast its clock runs.")
@click.option("--pace", default=1.0, show_default=True, type=click.FloatRange(1, 10), help="How fast its calls go.")
def command(port: int, exchange_port: int, at: str | None, speed: float | None, pace: float) -> None:
    """Try the line on this machine: a database, an exchange with phones, the pages and a worker, all at once.

    With --at or --speed the demo begins anew each time, and so does the first one after it; else it goes on where the last
    one stopped. Beginning anew wipes what the demo before had written, and nothing else.
    """
    try:
        clock = demo_clock(at, speed, real_now=datetime.now(UTC), grid=Grid())
    except ValueError as error:
        raise click.BadParameter(f"{error}; write 2026-11-24T09:57 or 9:57", param_hint="--at") from error
    run(Plan(port, exchange_port, clock, pace), os.environ)
