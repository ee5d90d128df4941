"""Every night the statistics go to a folder, S3 or wherever else fsspec knows a way to."""

from datetime import date, timedelta
from importlib.util import find_spec
from typing import Final

import structlog
from sqlalchemy import select

from admin.errors import SettingsError
from admin.statistics.sheets import Names
from admin.statistics.whole import SUFFIXES, all_tables, as_file
from scheduler.errands import exporting
from scheduler.jobs import ClaimedJob, enqueue
from scheduler.slots import HELSINKI
from scheduler.tools import Tools
from tickets.network import Network
from tickets.statistics.periods import Period
from tickets.vocabulary import PageLanguage

log = structlog.get_logger()
NEEDED: Final = ("fsspec", "pyarrow")


def require_export() -> None:
    """Make sure that files can be written at night; SettingsError names the mend."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise SettingsError(
            f"DIGILINJA_EXPORT_URL is set, but {' and '.join(missing)} cannot be found: install requirements-export.lock in "
            "place of requirements.lock where the workers run, or unset it"
        )


def export_night(url: str, tools: Tools, job: ClaimedJob) -> None:
    """First a job for each network; then its files: this month, the one before, this year. Done again, they are the same."""
    day, network_id = date.fromisoformat(job.payload["day"]), job.payload["network"]
    if network_id is None:
        with tools.sessions.begin() as session:
            networks = session.scalars(select(Network.id).order_by(Network.id)).all()
            enqueue(session, *(exporting(day, network, at=tools.clock.now()) for network in networks))
        return
    for period in periods_of(day):
        _export(url, tools, network_id, period)
    log.info("exported", network=network_id, day=day.isoformat())


def periods_of(day: date) -> tuple[Period, ...]:
    """What a night writes anew: what is still counted."""
    yesterday = day - timedelta(days=1)
    before = yesterday.replace(day=1) - timedelta(days=1)
    return Period.month_of(yesterday), Period.month_of(before), Period.read(f"{yesterday.year}")


def _export(url: str, tools: Tools, network_id: int, period: Period) -> None:
    with tools.sessions() as session:
        tables = all_tables(session, network_id, period, zone=HELSINKI)
        names = Names(session, network_id, PageLanguage.FI)
        files = {suffix: as_file(suffix, tables, names) for suffix in SUFFIXES}
    for suffix, content in files.items():
        put(url, f"network-{network_id}/{period.name}{suffix}", content)


def put(url: str, name: str, content: bytes) -> None:
    """A file below an address, whole or not at all: written under another name, then moved to its own."""
    import fsspec  # noqa: PLC0415 - of the extra `export`

    files, root = fsspec.core.url_to_fs(url)
    path = f"{root}/{name}"
    files.makedirs(path.rpartition("/")[0], exist_ok=True)
    files.pipe_file(f"{path}.part", content)
    files.mv(f"{path}.part", path)
