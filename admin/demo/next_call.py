"""When the next promised call is rung, for whoever would rather not wait for it."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from scheduler.jobs import Job, JobState
from scheduler.notices import JobKind

LOOKED_UP_EVERY_S: Final = 1.0  # the pages of all telephones ask several times a second


class NextCall:
    """The moment of the next promised call, looked up once a second at most."""

    def __init__(self, sessions: sessionmaker[Session], now: Callable[[], datetime]) -> None:
        self._sessions = sessions
        self._now = now
        self._known: datetime | None = None
        self._looked_up_at = float("-inf")

    def __call__(self) -> datetime | None:
        """When it is rung; None where nothing has been promised."""
        if time.monotonic() - self._looked_up_at > LOOKED_UP_EVERY_S:
            self._looked_up_at, self._known = time.monotonic(), self._look()
        return self._known

    def _look(self) -> datetime | None:
        waiting = Job.kind == JobKind.RING, Job.state == JobState.WAITING, Job.run_at > self._now()
        try:
            with self._sessions() as session:
                return session.scalar(select(func.min(Job.run_at)).where(*waiting))
        except OperationalError:  # the demo is being stopped, and its database first
            return None
