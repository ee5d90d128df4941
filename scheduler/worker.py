"""The beat: looks for due jobs and does them. It holds no truth, so any number of workers may run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from random import SystemRandom

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from scheduler.errands import (
    Errand,
    counting,
    expecting,
    exporting,
    forgetting_old,
    looking_at_papers,
    planning_mail,
    reconciling,
    reviewing,
)
from scheduler.jobs import ClaimedJob, NewJob, bury, claim, enqueue, finish, retry
from scheduler.notices import JobKind
from scheduler.ports import OutsideError
from scheduler.slots import HELSINKI, instant_of
from scheduler.tasks import Task
from scheduler.tools import Tools
from scheduler.webhooks.errands import passing_on

_CHANCE = SystemRandom()
log = structlog.get_logger()
AT_ONCE = 10  # jobs claimed in one beat
HANDS = 4  # beats that may overlap
MOST_TRIES = 10
MOST_TRIES_OF_OTHERS = 300  # about a day
LEASE = timedelta(minutes=5)  # what one job may take before another worker may begin it anew
LONGEST_LEASE = timedelta(minutes=30)
SLOW = frozenset({Errand.TRANSCRIBE})  # done by a hand of its own
NIGHT = time(3)  # when yesterday has long been counted, and nobody rings
PASSED_ON_EVERY_S = 15  # what happened, to programs elsewhere
FIRST_WAIT, LONGEST_WAIT, LONGEST_WAIT_OF_RING = 2.0, 300.0, 20.0  # seconds between tries, doubling


@dataclass(frozen=True, slots=True)
class Worker:
    """Does jobs. `pace` says how much faster than the world the line's clock runs: the world does not hurry with it."""

    tools: Tools
    tasks: Mapping[str, Task]
    reconcile_every: timedelta | None = timedelta(minutes=5)
    pace: float = 1.0

    def beat(self) -> int:
        """Do what is due now; how many jobs that was."""
        now = self.tools.clock.now()
        with self.tools.sessions.begin() as session:
            enqueue(session, *self._reconciliation())
            jobs = claim(session, now=now, limit=AT_ONCE, lease=LEASE * self.pace, but=SLOW)
        for job in jobs:
            self._do(job)
        return len(jobs)

    def slow_beat(self) -> int:
        """Do one thing that is due, takes its time, and must not keep a promise waiting; whether there was one."""
        with self.tools.sessions.begin() as session:
            jobs = claim(session, now=self.tools.clock.now(), limit=1, lease=LONGEST_LEASE * self.pace, kinds=SLOW)
        for job in jobs:
            self._do(job)
        return len(jobs)

    def run(self, every: float, until: Callable[[], None]) -> None:
        """Beat every so many seconds, until `until` returns."""
        scheduler = BackgroundScheduler()
        scheduler.add_job(self.beat, "interval", seconds=every, max_instances=HANDS, coalesce=True)
        scheduler.add_job(self.slow_beat, "interval", seconds=every, max_instances=1, coalesce=True)
        scheduler.start()
        until()
        scheduler.shutdown()

    def _do(self, job: ClaimedJob) -> None:
        try:
            self._carry_out(job)
        except Exception:  # not even its failure could be written down: its lease runs out, and it is done again
            log.exception("job_abandoned", kind=job.kind, key=job.key)

    def _carry_out(self, job: ClaimedJob) -> None:
        try:
            self.tasks[job.kind](self.tools, job)
        except Exception as error:
            self._fail(job, error)
            return
        with self.tools.sessions.begin() as session:
            mine = finish(session, job, now=self.tools.clock.now())
        log.info("job", kind=job.kind, key=job.key, attempts=job.attempts, mine=mine)

    def _fail(self, job: ClaimedJob, error: Exception) -> None:
        now = self.tools.clock.now()
        if _is_expected(job, error):
            log.info("job_not_yet", kind=job.kind, key=job.key, attempts=job.attempts, why=str(error))
        else:
            log.warning("job_failed", kind=job.kind, key=job.key, attempts=job.attempts, exc_info=error)
        name = type(error).__name__
        with self.tools.sessions.begin() as session:
            if _is_hopeless(job, error):
                bury(session, job, now=now, error=name)
            else:
                retry(session, job, at=now + _patience(job) * self.pace, error=name)

    def _reconciliation(self) -> tuple[NewJob, ...]:
        if self.reconcile_every is None:
            return ()
        now = self.tools.clock.now()
        round_number = int(now.timestamp() // (self.reconcile_every * self.pace).total_seconds())
        today = now.astimezone(HELSINKI).date()
        night = instant_of(today, NIGHT, HELSINKI)
        rounds = (
            reconciling(round_number, now=now),
            counting(round_number, now=now),
            expecting(today, now=now),
            looking_at_papers(today, now=now),
            forgetting_old(today, at=night),
            planning_mail(round_number, now=now),
            exporting(today, at=night),
            reviewing(today, at=night),
            passing_on(int(now.timestamp() // (PASSED_ON_EVERY_S * self.pace)), now=now),
        )
        return tuple(job for job in rounds if job.kind in self.tasks)


def _is_expected(job: ClaimedJob, error: Exception) -> bool:
    """What usually takes the operator a moment is no trouble, unless it takes very long."""
    return isinstance(error, OutsideError) and error.expected and job.attempts < MOST_TRIES


def _is_hopeless(job: ClaimedJob, error: Exception) -> bool:
    """Whoever is away outside comes back; a fault of ours is looked at a few times and then by a person."""
    if isinstance(error, OutsideError):
        return error.permanent or job.attempts >= MOST_TRIES_OF_OTHERS
    return job.attempts >= MOST_TRIES


def _patience(job: ClaimedJob) -> timedelta:
    """Longer each time, and never two workers at the same moment; a promise that is due cannot wait for long."""
    longest = LONGEST_WAIT_OF_RING if job.kind == JobKind.RING else LONGEST_WAIT
    seconds = min(longest, FIRST_WAIT * 2 ** min(job.attempts - 1, 10))
    return timedelta(seconds=seconds * _CHANCE.uniform(0.5, 1.0))
