"""The directory is kept up: days of gatherings are written out ahead, and owners are told what is due for review."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.errands import Errand
from scheduler.gatherings import extend_all
from scheduler.jobs import ClaimedJob, NewJob, enqueue
from scheduler.ports import Email
from scheduler.slots import HELSINKI
from scheduler.tasks import Task
from scheduler.tools import Tools
from tickets.people import Person
from tickets.store import cipher_of
from voice_prompts.language import Language

AHEAD: Final = timedelta(days=14)  # so long before it is due somebody hears of it


@dataclass(frozen=True, slots=True)
class Due:
    """One entry of the directory that is to be looked at again: what kind, its code and name, by when."""

    entry: str  # "point" or "material"
    code: str
    name: str
    by: date


@dataclass(frozen=True, slots=True)
class ReviewLetter:
    """What an owner is written."""

    subject: str
    text: str


Write = Callable[[Language, Sequence[Due]], ReviewLetter]


def review_tasks(write: Write) -> Mapping[str, Task]:
    """What the worker does for the directory; `write` has the words."""
    return {Errand.REVIEW: keep_directory, Errand.REVIEW_LETTER: partial(remind_owner, write)}


def keep_directory(tools: Tools, _job: ClaimedJob) -> None:
    """Once a day: one more day of every gathering that comes again, and a letter a week to whoever has something due."""
    now = tools.clock.now()
    today = now.astimezone(HELSINKI).date()
    year, week, _ = today.isocalendar()
    with tools.sessions.begin() as session:
        extend_all(session, now=now)
        for owner in _owners(session, today + AHEAD):
            key = f"{Errand.REVIEW_LETTER}:person-{owner}:{year}-{week}"
            enqueue(session, NewJob(Errand.REVIEW_LETTER, key, now, {"person": owner}))


def remind_owner(write: Write, tools: Tools, job: ClaimedJob) -> None:
    """Write to an owner what is due; who has no address, and whoever reads no mail, finds it in the directory all the same."""
    today = tools.clock.now().astimezone(HELSINKI).date()
    with tools.sessions() as session:
        person = session.get(Person, job.payload["person"])
        due = due_of(session, job.payload["person"], today + AHEAD)
        if person is None or not person.active or person.email_sealed is None or not due or tools.mail is None:
            return
        address, language = cipher_of(session).open(person.email_sealed), _language_of(session, person.id)
    letter = write(language, due)
    tools.mail.send(Email(address, letter.subject, letter.text, message_id=f"<{job.key.replace(':', '.')}@digilinja>"))


_DUE = text("""
SELECT 'point' AS entry, code, coalesce(name_fi, name_sv) AS name, review_due FROM referral_point
WHERE owner_person_id = :person AND active AND review_due <= :until
UNION ALL SELECT 'material', code, title, review_due FROM material
WHERE owner_person_id = :person AND active AND review_due <= :until
ORDER BY review_due, entry, code
""")


def due_of(session: Session, person_id: int, until: date) -> tuple[Due, ...]:
    """What a person answers for that is due by a day, the oldest first."""
    return tuple(Due(*row) for row in session.execute(_DUE, {"person": person_id, "until": until}))


_OWNERS = text("""
SELECT DISTINCT owner_person_id FROM (
    SELECT owner_person_id FROM referral_point WHERE active AND review_due <= :until
    UNION ALL SELECT owner_person_id FROM material WHERE active AND review_due <= :until
) AS due WHERE owner_person_id IS NOT NULL ORDER BY 1
""")


def _owners(session: Session, until: date) -> Collection[int]:
    return session.scalars(_OWNERS, {"until": until}).all()


_LANGUAGE = text("""
SELECT coalesce(h.languages[1], (
    SELECT first_language FROM line WHERE network_id = p.network_id AND active ORDER BY id LIMIT 1
), 'fi') FROM person p LEFT JOIN helper h ON h.id = p.helper_id WHERE p.id = :person
""")


def _language_of(session: Session, person_id: int) -> Language:
    """A helper's own first language, else that of the network's first line."""
    return Language(session.execute(_LANGUAGE, {"person": person_id}).scalar_one())
