"""A visitor who fills the public form and takes their time over it; what came of it."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from admin.parts import Parts
from admin.public.seals import FormSeal
from scheduler.jobs import ClaimedJob, Job
from scheduler.tasks import first_time
from scheduler.tools import Tools
from tickets.store import cipher_of
from tickets.ticket import Ticket
from voice_prompts.catalogue import Catalogue

SECRET = "s" * 32  # of the tests' settings
ASKED = {
    "language": "fi",
    "topic": "PUHELIN",
    "number": "050 555 0201",
    "postcode": "20100",
    "text": "Näyttö on musta.",
}


def hidden(page: TestResponse, name: str) -> str:
    """A hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, f"no hidden field {name}"
    return found[1]


def filled(front: TestResponse, changes: dict[str, str] | None = None) -> dict[str, str]:
    """The form's fields, a minute after it was shown: so long a person takes."""
    seal = FormSeal.read(hidden(front, "seal"), SECRET, datetime(2026, 11, 24, 7, 10, tzinfo=UTC))
    assert seal is not None
    earlier = FormSeal(seal.name, seal.shown_at - timedelta(minutes=1))
    return {"csrf": hidden(front, "csrf"), "seal": earlier.written(SECRET), **ASKED, **(changes or {})}


def send(client: FlaskClient, changes: dict[str, str] | None = None) -> TestResponse:
    """Fill the form and send it."""
    return client.post("/", data=filled(client.get("/?lang=fi"), changes))


def sent_at_once(app: Flask, cookie: str, fields: Sequence[dict[str, str]]) -> list[int]:
    """These forms sent by one browser at the same moment; what each was answered."""
    barrier, answers = Barrier(len(fields)), list[int]()

    def post(form: dict[str, str]) -> None:
        tab = app.test_client()
        tab.set_cookie("digilinja", cookie)
        barrier.wait()
        answers.append(tab.post("/", data=form).status_code)

    hands = [Thread(target=post, args=(form,)) for form in fields]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    return answers


def tickets(parts: Parts) -> list[Ticket]:
    """All that was asked, the oldest first."""
    with parts.sessions() as session:
        return list(session.scalars(select(Ticket).order_by(Ticket.id)))


def opened(parts: Parts, sealed: str | None) -> str | None:
    """What was sealed, as it was told."""
    with parts.sessions() as session:
        return None if sealed is None else cipher_of(session).open(sealed)


def run_first_time(parts: Parts) -> None:
    """Half an hour has passed: what the worker does then."""
    with parts.sessions() as session:
        jobs = session.scalars(select(Job).where(Job.kind == "first_time", Job.state == "waiting")).all()
    tools = Tools(parts.sessions, parts.clock, None, Catalogue.load(), None)  # type: ignore[arg-type]
    for job in jobs:
        first_time(tools, ClaimedJob(job.id, job.key, job.kind, job.payload, job.run_at, 1))
