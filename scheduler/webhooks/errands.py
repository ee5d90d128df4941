"""The jobs of telling programs elsewhere: writing down what happened lately, and each try at one event for one of them."""

from datetime import datetime, timedelta
from typing import Final

from scheduler.errands import Errand
from scheduler.jobs import NewJob

# Between tries, the last a day and more after the first; then whoever is told nothing is left alone.
PATIENCE: Final = tuple(timedelta(minutes=minutes) for minutes in (0.1, 1, 5, 30, 120, 300, 480, 600))


def passing_on(round_number: int, *, now: datetime) -> NewJob:
    """What happened lately, for programs elsewhere; one round for all workers together."""
    return NewJob(Errand.PASS_ON, f"{Errand.PASS_ON}:all:{round_number}", now, {"round": round_number})


def delivering(delivery_id: int, number: int, *, at: datetime, since: datetime) -> NewJob:
    """One try, the first being number 1; `since` tells apart the tries after it was stopped and resumed."""
    key = f"{Errand.WEBHOOK}:delivery-{delivery_id}:{since:%Y%m%dT%H%M%S}:try-{number}"
    payload = {"delivery": delivery_id, "try": number, "since": since.isoformat()}
    return NewJob(Errand.WEBHOOK, key, at, payload)
