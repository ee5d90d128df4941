"""digilinja exchange"""

import signal
import threading

import click

from admin.commands.ground import settings
from admin.demo.next_call import NextCall
from admin.errors import AdminError, SettingsError
from admin.parts import assemble
from admin.shared_clock import SharedClock
from ivr.exchange.server import serve_exchange


@click.command()
@click.option("--port", default=8001, show_default=True, type=click.IntRange(1, 65535))
@click.option("--pace", default=1.0, show_default=True, type=click.FloatRange(1, 10), help="How fast its calls go.")
def command(port: int, pace: float) -> None:
    """Run the telephone exchange of this machine, which stands in for Twilio; its phones are at /phone."""
    here = settings()
    if here.account_sid is None or not here.auth_tokens:
        raise SettingsError(
            "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are not set: make up what the exchange is to ask for"
        )
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    try:
        running = serve_exchange(port, here.account_sid, here.auth_tokens[0], here.clock_now().now, pace=pace)
    except OSError as error:
        raise AdminError(f"Port {port} cannot be opened ({error.strerror}): give another with --port") from error
    if isinstance(here.clock, SharedClock):
        running.exchange.clockwork = here.clock
        running.exchange.ahead = NextCall(assemble(here).sessions, here.clock.now)
    with running:
        stop.wait()
