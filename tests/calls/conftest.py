"""A day to ring the line on; afterwards neither the operator nor the worker has anything to complain of."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.calls.days import Day, tuesday_morning


@pytest.fixture
def day(sessions: sessionmaker[Session]) -> Iterator[Day]:
    """Tuesday 24 November 2026, nine in the morning; afterwards the operator has nothing to complain of."""
    with Day(sessions, tuesday_morning()) as day:
        yield day
        see_that_all_is_well(day)


def see_that_all_is_well(day: Day) -> None:
    """Neither the operator nor the worker has anything to complain of."""
    assert [alert for alert in day.exchange.errors if alert.code not in day.forgiven] == []
    assert not day.fetch("SELECT key, last_error FROM job WHERE last_error <> 'TelephonyError'")
    assert not day.fetch("SELECT key, last_error FROM job WHERE state = 'buried'")
