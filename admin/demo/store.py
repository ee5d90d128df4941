"""The demo's database: filled when it is empty, and begun anew when it would be no use any more."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from admin import migrations
from admin.demo.data import NETWORK, fill
from admin.errors import AdminError
from admin.parts import Parts
from scheduler.rota.records import Shift
from tickets.network import Network

SEED: Final = 1
LEAST_ROTA: Final = timedelta(days=7)


def prepare(parts: Parts, *, anew: bool) -> bool:
    """See to it that the demo's network is there; whether it was put in just now.

    `anew` wipes what an earlier demo left; so does a rota that has nearly run out. Only our own embedded database is ever
    wiped, and only where it holds nothing but the demo.
    """
    url = parts.engine.url.render_as_string(hide_password=False)
    migrations.upgrade(url)
    now = parts.clock.now()
    with parts.sessions.begin() as session:
        found = _networks(session)
        stale = anew or not _rota_reaches(session, now + LEAST_ROTA)
    if found and found != [NETWORK]:
        raise AdminError(
            "The database holds a network of your own: set DIGILINJA_DATA_DIR to another folder for the demo"
        )
    if found and stale and parts.settings.database_url is None:
        _wipe(parts)
        migrations.upgrade(url)
        found = []
    if not found:
        with parts.sessions.begin() as session:
            fill(session, seed=SEED, now=now)
    return not found


def _networks(session: Session) -> list[str]:
    return list(session.scalars(select(Network.name)))


def _rota_reaches(session: Session, moment: datetime) -> bool:
    last = session.scalar(select(func.max(func.upper(Shift.during))))
    return last is not None and last >= moment


def _wipe(parts: Parts) -> None:
    with parts.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
