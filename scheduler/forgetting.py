"""The night's forgetting: what every network has kept long enough goes, in batches, each of them whole or not at all.

A batch finds for itself what is left, so a job that was broken off goes on where it was, and a second one finds nothing.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime
from functools import partial
from typing import Final

import structlog
from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.errands import Errand, forgetting, forgetting_old
from scheduler.jobs import ClaimedJob, enqueue
from scheduler.tools import Tools
from tickets.ageing import AGED, Aged, forget_aged
from tickets.forgetting import REACH, THE_LINE, due_tickets, forget_helpers, forget_persons, forget_tickets
from tickets.holds import end_holds, held
from tickets.retention import Kept, Term, Terms, terms_of

log = structlog.get_logger()
BATCH: Final = 200
MOST_BATCHES: Final = 100  # of one job; what is left is another one's
# All of it goes before a part of it is looked for.
ORDER: Final = (Kept.NEVER_REACHED, Kept.TEXT, Kept.CONTACT, Kept.AUDIO)
Step = Callable[[Session, datetime], int]  # forgets one batch; how many that were
Task = Callable[[Tools, ClaimedJob], None]


def forget_old(tools: Tools, job: ClaimedJob) -> None:
    """The night's job, for all networks; what fails keeps nothing else from being forgotten, and is told at the end."""
    left, failed = MOST_BATCHES, None
    with tools.sessions.begin() as session:
        steps = list(steps_of(session))
    for name, step in steps:
        try:
            left = _run(tools, name, step, left)
        except Exception as error:
            log.warning("not_forgotten", what=name, exc_info=error)
            failed = error
    if failed is not None:
        raise failed
    if left <= 0:
        part = job.payload.get("part", 1) + 1
        with tools.sessions.begin() as session:
            enqueue(session, forgetting_old(date.fromisoformat(job.payload["day"]), at=tools.clock.now(), part=part))


def steps_of(session: Session) -> Iterator[tuple[str, Step]]:
    """Everything that is forgotten by its age, one thing after another."""
    networks = session.scalars(text("SELECT id FROM network ORDER BY id")).all()
    yield "holds", _end_holds
    for network_id in networks:
        terms = terms_of(session, network_id)
        for kept in ORDER:
            yield f"{kept} of network {network_id}", partial(_tickets, network_id, kept, terms)
        yield f"{Kept.AUDIO_AT_MOST} of network {network_id}", partial(_old_sounds, network_id, terms)
        yield f"{Kept.HELPERS} of network {network_id}", partial(_people, network_id, terms)
        for aged in AGED:
            if isinstance(aged.after, Kept):
                yield (
                    f"{aged.table} of network {network_id}",
                    partial(_aged, aged=aged, network_id=network_id, terms=terms),
                )
    for aged in AGED:
        if isinstance(aged.after, Term):
            yield aged.table, partial(_aged, aged=aged)


def forget_sounds_outside(session: Session, tickets: Collection[int], *, now: datetime) -> None:
    """The operator need not keep the messages of these tickets either, whether they have come home or not."""
    sids = session.scalars(_THERE, {"ids": list(tickets)}).all()
    enqueue(session, *(forgetting(sid, now=now) for sid in sids))


_THERE: Final = text("""
SELECT recording_sid FROM recording WHERE ticket_id = ANY(:ids) AND state IN ('announced', 'stored') ORDER BY id
""")


def _run(tools: Tools, name: str, step: Step, left: int) -> int:
    """Batch after batch until nothing is found, or this job has done its part."""
    gone = 0
    while left > 0:
        with tools.sessions.begin() as session:
            some = step(session, tools.clock.now())
        gone, left = gone + some, left - (some > 0)
        if not some:
            break
    if gone:
        log.info("forgotten", what=name, count=gone)
    return left


def _end_holds(session: Session, now: datetime) -> int:
    return end_holds(session, now=now)


def _tickets(network_id: int, kept: Kept, terms: Terms, session: Session, now: datetime) -> int:
    ids = due_tickets(session, network_id, kept, terms, now=now, limit=BATCH)
    if ids:
        forget_sounds_outside(session, ids, now=now)
        forget_tickets(session, ids, REACH[kept], now=now, actor=THE_LINE)
    return len(ids)


_OLD_SOUNDS: Final = text("""
SELECT r.id, r.recording_sid, r.ticket_id FROM recording r JOIN ticket t ON t.id = r.ticket_id
WHERE t.network_id = :network AND r.state IN ('stored', 'announced') AND r.created_at <= :before
    AND NOT EXISTS (SELECT FROM legal_hold h WHERE h.ticket_id = t.id AND h.during @> CAST(:now AS timestamptz))
LIMIT :limit FOR UPDATE SKIP LOCKED
""")
_ERASE_SOUNDS: Final = text("""
UPDATE recording SET state = 'erased', media_sealed = NULL, media_type = NULL WHERE id = ANY(:ids)
""")


def _old_sounds(network_id: int, terms: Terms, session: Session, now: datetime) -> int:
    """Messages that have reached their age whatever their ticket does; a newer one of the same ticket stays."""
    before = terms[Kept.AUDIO_AT_MOST].before(now)
    values = {"network": network_id, "before": before, "now": now, "limit": BATCH}
    rows = session.execute(_OLD_SOUNDS, values).all()
    must_stay = held(session, [row.ticket_id for row in rows], now=now)
    old = [row for row in rows if row.ticket_id not in must_stay]
    enqueue(session, *(forgetting(row.recording_sid, now=now) for row in old))
    session.execute(_ERASE_SOUNDS, {"ids": [row.id for row in old]})
    return len(old)


_PEOPLE: Final = text("""
SELECT id, helper_id FROM person
WHERE network_id = :network AND NOT active AND left_at <= :before AND (forgotten_at IS NULL OR forgotten_at < left_at)
LIMIT :limit FOR UPDATE SKIP LOCKED
""")


def _people(network_id: int, terms: Terms, session: Session, now: datetime) -> int:
    values = {"network": network_id, "before": terms[Kept.HELPERS].before(now), "limit": BATCH}
    people = session.execute(_PEOPLE, values).all()
    if people:
        forget_persons(session, [one.id for one in people], now=now)
        forget_helpers(session, [one.helper_id for one in people if one.helper_id is not None], now=now)
    return len(people)


def _aged(
    session: Session, now: datetime, *, aged: Aged, network_id: int | None = None, terms: Terms | None = None
) -> int:
    return forget_aged(session, aged, now=now, limit=BATCH, network_id=network_id, terms=terms)


FORGETTING_TASKS: Final[Mapping[str, Task]] = {Errand.FORGET_OLD: forget_old}
