"""What must be done, and when: jobs in a table, each done once by whichever worker gets to it first.

A key reads `kind:about[:rest]`, for instance `ring:callback-17:try-2`. Whoever claims a job holds it for a lease; `attempts`
fences: a worker that was overtaken can no longer finish what another has begun anew.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Computed, Index, Select, or_, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from tickets.records import Base, Id, Json, words


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    BURIED = "buried"
    CANCELLED = "cancelled"


class Job(Base):
    """One thing to do at its time; its payload holds ids only."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_waiting", "run_at", postgresql_where=text("state = 'waiting'")),
        Index("ix_job_leased", "lease_until", postgresql_where=text("state = 'running'")),
        Index("ix_job_about", "about", postgresql_where=text("state = 'waiting'")),
    )

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    about: Mapped[str] = mapped_column(Computed("split_part(key, ':', 2)", persisted=True))
    payload: Mapped[Json]
    run_at: Mapped[datetime]
    state: Mapped[JobState] = mapped_column(words(JobState), default=JobState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    last_error: Mapped[str | None]


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job to be written down."""

    kind: str
    key: str
    run_at: datetime
    payload: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    """A job that this worker holds; `attempts` is its fence."""

    id: int
    key: str
    kind: str
    payload: Json
    run_at: datetime
    attempts: int


_ENQUEUE = text("""
INSERT INTO job (kind, key, run_at, payload, state, attempts)
SELECT DISTINCT ON (key) kind, key, run_at, payload, 'waiting', 0
FROM unnest(CAST(:kinds AS text[]), CAST(:keys AS text[]), CAST(:times AS timestamptz[]), CAST(:payloads AS jsonb[]))
    AS new(kind, key, run_at, payload)
ON CONFLICT (key) DO UPDATE SET state = 'waiting', attempts = 0, run_at = excluded.run_at WHERE job.state = 'buried'
""")


def enqueue(session: Session, *jobs: NewJob) -> None:
    """Write jobs down, all in one statement; a key that is known already is left as it is, unless it was given up."""
    if jobs:
        session.connection().execute(
            _ENQUEUE,
            {
                "kinds": [str(job.kind) for job in jobs],
                "keys": [job.key for job in jobs],
                "times": [job.run_at for job in jobs],
                "payloads": [json.dumps(job.payload) for job in jobs],
            },
        )


def claim(
    session: Session,
    *,
    now: datetime,
    limit: int,
    lease: timedelta,
    kinds: Collection[str] | None = None,
    but: Collection[str] = (),
) -> tuple[ClaimedJob, ...]:
    """The due jobs that nobody holds, earliest first, of these kinds, `but` those; a lease that has run out frees its job."""
    held = _due(now, limit, kinds, but).cte("due")
    rows = session.execute(
        update(Job)
        .where(Job.id == held.c.id)
        .values(state=JobState.RUNNING, attempts=Job.attempts + 1, lease_until=now + lease)
        .returning(Job.id, Job.key, Job.kind, Job.payload, Job.run_at, Job.attempts),
        execution_options={"synchronize_session": False},
    )
    return tuple(sorted((ClaimedJob(*row) for row in rows), key=lambda job: (job.run_at, job.id)))


def _due(now: datetime, limit: int, kinds: Collection[str] | None, but: Collection[str]) -> Select[int]:
    ripe = (Job.state == JobState.WAITING) & (Job.run_at <= now)
    forsaken = (Job.state == JobState.RUNNING) & (Job.lease_until <= now)
    wanted = or_(ripe, forsaken) if kinds is None else or_(ripe, forsaken) & Job.kind.in_(kinds)
    if but:
        wanted &= Job.kind.not_in(but)
    earliest = select(Job.id).where(wanted).order_by(Job.run_at, Job.id).limit(limit)
    return earliest.with_for_update(skip_locked=True)


def finish(session: Session, job: ClaimedJob, *, now: datetime) -> bool:
    """The job is done; False if it is no longer ours to finish."""
    return _settle(session, job, state=JobState.DONE, finished_at=now)


def retry(session: Session, job: ClaimedJob, *, at: datetime, error: str) -> bool:
    """The job is tried again at `at`; False if it is no longer ours."""
    return _settle(session, job, state=JobState.WAITING, run_at=at, last_error=error)


def bury(session: Session, job: ClaimedJob, *, now: datetime, error: str) -> bool:
    """The job will not be tried again by itself; False if it is no longer ours."""
    return _settle(session, job, state=JobState.BURIED, finished_at=now, last_error=error)


def put_off(session: Session, job: ClaimedJob, *, until: datetime) -> None:
    """The same job at a better hour."""
    enqueue(session, NewJob(job.kind, f"{job.key}:{until:%Y%m%dT%H%M}", until, job.payload))


def cancel_jobs(session: Session, about: str, *, kinds: Collection[str] | None = None) -> None:
    """Whatever still waits to be done about this, for instance `callback-17`, need not be done."""
    waiting = update(Job).where(Job.about == about, Job.state == JobState.WAITING)
    if kinds is not None:
        waiting = waiting.where(Job.kind.in_(kinds))
    session.execute(waiting.values(state=JobState.CANCELLED), execution_options={"synchronize_session": False})


def oldest_overdue(session: Session, *, now: datetime) -> datetime | None:
    """When the job that has waited longest past its time should have run; None when none waits."""
    return session.scalar(
        select(Job.run_at).where(Job.state == JobState.WAITING, Job.run_at <= now).order_by(Job.run_at).limit(1)
    )


def last_done(session: Session, errand: str) -> datetime | None:
    """When the last round of an errand that was done was due, by the key's index; None where none is remembered.

    Rounds are numbered by how often they come, so after a demo's clock changed its speed it may be one of before.
    """
    rounds = (Job.key > f"{errand}:all:0", Job.key <= f"{errand}:all:9999999999", Job.kind == errand)
    done = select(Job.run_at).where(*rounds, Job.state == JobState.DONE).order_by(Job.key.desc()).limit(1)
    return session.scalar(done)


def _settle(session: Session, job: ClaimedJob, **values: object) -> bool:
    mine = (Job.id == job.id) & (Job.attempts == job.attempts) & (Job.state == JobState.RUNNING)
    settled = session.execute(
        update(Job).where(mine).values(lease_until=None, **values).returning(Job.id),
        execution_options={"synchronize_session": False},
    )
    return settled.first() is not None
