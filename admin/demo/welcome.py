"""What the demo says once it runs: where to go, and what to press."""

from sqlalchemy import select

from admin.demo.people import residents
from admin.parts import Parts
from tickets.network import Line
from voice_prompts.language import Language
from voice_prompts.speech import written_number, written_time

WELCOME = """
Digilinja runs. {clock}

  phones        {exchange}/phone
  web form      {web}/
  sign in       {web}/sign-in   (click on whoever you want to be: a coordinator, an adviser, a helper ...)

To see a promise kept:
  1. Be a caller: {exchange}/phone/{caller}
     Ring {line}. Press 1 at every question, say something after the tone, and write down time and code.
  2. Leave that page open. In another tab, {exchange}/phone shows which helper's phone rings when the time has come:
     answer it and press 1. The caller's phone rings then: answer, and press 1 there too.
  3. See what is written down: .venv/bin/digilinja tickets
{faster}
Logs are in {logs}. Ctrl-C stops everything.
"""
FASTER = """
  Nobody wants to wait that long:  make demo DEMO="--at 9:57 --speed 60"
"""


def welcome(parts: Parts, web: str, exchange: str, *, new: bool) -> str:
    """The whole of it."""
    with parts.sessions.begin() as session:
        line = session.scalars(select(Line.e164).where(Line.active).order_by(Line.id).limit(1)).one()
    return WELCOME.format(
        clock=_clock(parts, new=new),
        web=web,
        exchange=exchange,
        caller=residents()[0].phone,
        line=written_number(line),
        faster="" if parts.settings.clock else FASTER,
        logs=parts.settings.data_dir / "log",
    )


def _clock(parts: Parts, *, new: bool) -> str:
    """What time it is there, and whose data there is."""
    data = "The network is new." if new else "The network is that of the last demo."
    clock = parts.settings.clock
    if clock is None:
        return f"It runs in real time. {data}"
    shown = written_time(clock.now(), Language.FI)
    return f"Its clock shows {shown} and runs {clock.speed:g} times as fast. {data}"
