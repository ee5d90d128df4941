"""Whether this process lives, and whether it can do its work."""

from dataclasses import asdict, dataclass

from alembic.migration import MigrationContext
from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from admin import migrations
from admin.auth import open_to_all
from admin.parts import now, parts
from scheduler.jobs import oldest_overdue

health = Blueprint("health", __name__)


@dataclass(frozen=True, slots=True)
class Readiness:
    """What the process finds when it looks around; a job may be overdue by so many seconds."""

    database: bool
    migrations: bool
    oldest_overdue_job_s: float | None

    @property
    def ready(self) -> bool:
        """Whether pages and webhooks can be answered. Late jobs are the worker's, so they do not take the web away."""
        return self.database and self.migrations


@health.get("/healthz")
@open_to_all
def alive() -> ResponseReturnValue:
    """Say that the process answers."""
    return jsonify(status="ok")


@health.get("/readyz")
@open_to_all
def ready() -> ResponseReturnValue:
    """Say what works: database, migrations, and how late the oldest job is."""
    found = look_around()
    return jsonify(ready=found.ready, **asdict(found)), 200 if found.ready else 503


def look_around() -> Readiness:
    """Ask the database for its shape and its oldest overdue job."""
    here = parts()
    try:
        if not migrated(here.engine):
            return Readiness(database=True, migrations=False, oldest_overdue_job_s=None)
        moment = now()
        with here.sessions.begin() as session:
            oldest = oldest_overdue(session, now=moment)
    except SQLAlchemyError:
        return Readiness(database=False, migrations=False, oldest_overdue_job_s=None)
    late = 0.0 if oldest is None else (moment - oldest).total_seconds()
    return Readiness(database=True, migrations=True, oldest_overdue_job_s=late)


def migrated(engine: Engine) -> bool:
    """Whether the database has the newest shape that this code knows."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == migrations.head()
