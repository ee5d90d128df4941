"""What stands in the directory on a day on which somebody asks for it."""

from scheduler.gatherings import put_gathering
from tests.calls.days import Day
from tickets.entries import GatheringFacts, PointFacts, put_point


def lists(day: Day, *entries: PointFacts | GatheringFacts) -> None:
    """Put these into the directory of the day's network."""
    with day.sessions.begin() as session:
        for entry in entries:
            if isinstance(entry, PointFacts):
                made = put_point(session, day.network, entry, now=day.now)
            else:
                made = put_gathering(session, day.network, entry, now=day.now)
            assert isinstance(made, int), made
