"""Every job is done once, in its time, by whoever gets to it first – also when workers die."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from scheduler.jobs import (
    ClaimedJob,
    Job,
    JobState,
    NewJob,
    bury,
    cancel_jobs,
    claim,
    enqueue,
    finish,
    oldest_overdue,
    retry,
)

LEASE = timedelta(seconds=30)
Claims = Callable[..., list[str]]


@pytest.fixture
def claims(session: Session, now: datetime) -> Claims:
    """Claim what is due so many seconds from now; the keys."""

    def keys(seconds: int = 0, limit: int = 10, **choice: object) -> list[str]:
        at = now + timedelta(seconds=seconds)
        claimed = claim(session, now=at, limit=limit, lease=LEASE, **choice)  # type: ignore[arg-type]
        session.commit()
        return [job.key for job in claimed]

    return keys


def test_due_jobs_come_earliest_first_and_not_before_their_time(
    session: Session, now: datetime, claims: Claims
) -> None:
    enqueue(session, _job("ring:callback-2:try-1", now), _job("ring:callback-1:try-1", now - timedelta(seconds=1)))
    enqueue(session, _job("ring:callback-3:try-1", now + timedelta(seconds=5)))
    assert claims() == ["ring:callback-1:try-1", "ring:callback-2:try-1"]
    assert claims() == []
    assert claims(5) == ["ring:callback-3:try-1"]


def test_the_same_key_twice_is_one_job_even_after_it_is_done(session: Session, now: datetime, claims: Claims) -> None:
    job = _job("text:callback-1:booked", now)
    enqueue(session, job, job)
    enqueue(session, job)
    (claimed,) = claim(session, now=now, limit=10, lease=LEASE)
    assert finish(session, claimed, now=now)
    enqueue(session, job)
    assert claims(3600) == []


def test_a_worker_may_ask_for_some_kinds_only(session: Session, now: datetime, claims: Claims) -> None:
    enqueue(session, _job("ring:callback-1:try-1", now), _job("text:callback-1:booked", now))
    assert claims(kinds=["text"]) == ["text:callback-1:booked"]
    assert claims() == ["ring:callback-1:try-1"]


def test_a_job_whose_worker_died_is_taken_over_when_its_lease_ends(
    session: Session, now: datetime, claims: Claims
) -> None:
    enqueue(session, _job("ring:callback-1:try-1", now))
    (mine,) = claim(session, now=now, limit=1, lease=LEASE)
    session.commit()
    assert claims(29) == []
    (theirs,) = claim(session, now=now + LEASE, limit=1, lease=LEASE)
    session.commit()
    assert (mine.attempts, theirs.attempts) == (1, 2)


def test_whoever_was_overtaken_can_no_longer_settle_the_job(session: Session, now: datetime) -> None:
    enqueue(session, _job("ring:callback-1:try-1", now))
    (mine,) = claim(session, now=now, limit=1, lease=LEASE)
    (theirs,) = claim(session, now=now + LEASE, limit=1, lease=LEASE)
    assert not finish(session, mine, now=now + LEASE)
    assert not retry(session, mine, at=now, error="late")
    assert not bury(session, mine, now=now, error="late")
    assert finish(session, theirs, now=now + LEASE)
    assert not finish(session, theirs, now=now + LEASE)


def test_a_failed_job_is_tried_again_later_and_says_why(session: Session, now: datetime, claims: Claims) -> None:
    enqueue(session, _job("text:callback-1:booked", now))
    (job,) = claim(session, now=now, limit=1, lease=LEASE)
    assert retry(session, job, at=now + timedelta(minutes=1), error="20429")
    session.commit()
    assert session.scalars(select(Job.last_error)).one() == "20429"
    assert claims(59) == []
    assert claims(60) == ["text:callback-1:booked"]


def test_a_buried_job_stays_where_it_is(session: Session, now: datetime, claims: Claims) -> None:
    enqueue(session, _job("text:callback-1:booked", now))
    (job,) = claim(session, now=now, limit=1, lease=LEASE)
    assert bury(session, job, now=now, error="21614")
    assert claims(36000) == []
    assert session.scalars(select(Job.state)).one() is JobState.BURIED


def test_only_what_is_about_this_promise_is_cancelled(session: Session, now: datetime, claims: Claims) -> None:
    enqueue(session, *(_job(f"ring:callback-{number}:try-1", now) for number in (1, 11, 17)))
    enqueue(session, _job("text:callback-1:reminder", now), _job("choose:callback-1", now))
    cancel_jobs(session, "callback-1", kinds=["text"])
    assert len(session.scalars(select(Job).where(Job.state == JobState.CANCELLED)).all()) == 1
    cancel_jobs(session, "callback-1")
    assert claims() == ["ring:callback-11:try-1", "ring:callback-17:try-1"]


def test_the_oldest_overdue_job_tells_how_far_behind_the_line_is(session: Session, now: datetime) -> None:
    assert oldest_overdue(session, now=now) is None
    late = now - timedelta(minutes=3)
    enqueue(session, _job("ring:callback-1:try-1", late), _job("ring:callback-2:try-1", now + LEASE))
    assert oldest_overdue(session, now=now) == late


def test_what_is_enqueued_in_a_transaction_that_fails_was_never_there(
    sessions: sessionmaker[Session], now: datetime, claims: Claims
) -> None:
    with sessions() as doomed:
        enqueue(doomed, _job("ring:callback-1:try-1", now))
        doomed.rollback()
    assert claims() == []


def test_six_hungry_workers_do_two_hundred_jobs_once_each(sessions: sessionmaker[Session], now: datetime) -> None:
    with sessions.begin() as session:
        enqueue(session, *(_job(f"ring:callback-{number}:try-1", now) for number in range(200)))
    start = Barrier(6)

    def work(_: int) -> list[str]:
        start.wait()
        done: list[str] = []
        while jobs := _claim_and_finish(sessions, now):
            done += [job.key for job in jobs]
        return done

    with ThreadPoolExecutor(6) as workers:
        done = [key for keys in workers.map(work, range(6)) for key in keys]
    assert len(done) == 200
    assert len(set(done)) == 200


def test_a_worker_does_not_wait_for_a_job_that_another_one_holds(
    sessions: sessionmaker[Session], now: datetime
) -> None:
    with sessions.begin() as session:
        enqueue(session, _job("ring:callback-1:try-1", now), _job("ring:callback-2:try-1", now))
    with sessions() as one, sessions() as other:
        other.execute(text("SET LOCAL lock_timeout = '1s'"))
        first = claim(one, now=now, limit=1, lease=LEASE)
        second = claim(other, now=now, limit=2, lease=LEASE)
    assert [job.key for job in first + second] == ["ring:callback-1:try-1", "ring:callback-2:try-1"]


def _claim_and_finish(sessions: sessionmaker[Session], now: datetime) -> tuple[ClaimedJob, ...]:
    with sessions.begin() as session:
        jobs = claim(session, now=now, limit=5, lease=LEASE)
    with sessions.begin() as session:
        assert all(finish(session, job, now=now) for job in jobs)
    return jobs


def _job(key: str, at: datetime) -> NewJob:
    return NewJob(key.split(":", maxsplit=1)[0], key, at, {"callback": 1})
