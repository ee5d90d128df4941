"""Owners hear what of the directory is due, once a week until they have looked; days of gatherings grow by the night."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, cast

import pytest

from admin.reviews import write_review
from scheduler.errands import Errand, reviewing
from scheduler.gatherings import put_gathering
from scheduler.jobs import ClaimedJob, claim, enqueue, finish
from scheduler.ports import Email
from scheduler.reviews import review_tasks
from scheduler.tools import Tools
from tests.entries import gathering, point
from tests.integration.store.conftest import Town
from tickets.entries import MaterialFacts, put_material, put_point, reviewed
from tickets.materials import MaterialKind
from tickets.people import Person
from tickets.points import ReferralPoint
from tickets.store import cipher_of
from tickets.vocabulary import Role

TODAY = date(2026, 11, 24)
ADDRESS = "omistaja@esimerkki.example"


@dataclass
class Letterbox:
    """Keeps what is sent."""

    sent: list[Email] = field(default_factory=list)

    def send(self, email: Email) -> None:
        self.sent.append(email)


@dataclass
class Nights:
    """The worker's night after night, for the directory only."""

    town: Town
    box: Letterbox
    at: datetime

    def now(self) -> datetime:
        return self.at

    def pass_by(self, days: int = 1) -> None:
        for _ in range(days):
            self.run()
            self.at += timedelta(days=1)

    def run(self) -> None:
        unused = cast("Any", None)
        tools = Tools(self.town.sessions, self, unused, unused, unused, self.box)
        tasks = review_tasks(write_review)
        with self.town.sessions.begin() as session:
            enqueue(session, reviewing(self.at.date(), at=self.at))
        while jobs := self._due():
            for job in jobs:
                tasks[job.kind](tools, job)
                with self.town.sessions.begin() as session:
                    finish(session, job, now=self.at)

    def _due(self) -> tuple[ClaimedJob, ...]:
        with self.town.sessions.begin() as session:
            kinds = (Errand.REVIEW, Errand.REVIEW_LETTER)
            return claim(session, now=self.at, limit=10, lease=timedelta(minutes=5), kinds=kinds)


@pytest.fixture
def box() -> Letterbox:
    return Letterbox()


@pytest.fixture
def nights(town: Town, box: Letterbox) -> Nights:
    return Nights(town, box, town.now)


@pytest.fixture
def owner(town: Town) -> int:
    """Somebody with an address, who answers for entries of the directory."""
    with town.sessions.begin() as session:
        cipher = cipher_of(session)
        person = Person(
            network_id=town.network,
            role=Role.KOORDINAATTORI,
            name_sealed=cipher.seal("Olga Omistaja"),
            email_sealed=cipher.seal(ADDRESS),
            email_index=cipher.index_of(ADDRESS),
            created_at=town.now,
        )
        session.add(person)
        session.flush()
        return person.id


def put(town: Town, owner: int | None, due: date, code: str = "kirjasto") -> None:
    with town.sessions.begin() as session:
        put_point(session, town.network, point(code, owner_person_id=owner, review_due=due), now=town.now)


def test_an_owner_hears_in_good_time_and_once_a_week_until_they_have_looked(
    town: Town, nights: Nights, box: Letterbox, owner: int
) -> None:
    put(town, owner, TODAY + timedelta(days=20))
    nights.pass_by(6)  # Tuesday to Sunday
    assert box.sent == []
    nights.pass_by(14)
    assert [email.to for email in box.sent] == [ADDRESS] * 2
    assert "- paikka: Esimerkkikirjasto (kirjasto), 14.12.2026" in box.sent[0].text
    with town.sessions.begin() as session:
        assert reviewed(session, ReferralPoint, town.network, "kirjasto", on=nights.at.date(), due=None)
    nights.pass_by(14)
    assert len(box.sent) == 2


def test_one_letter_tells_all_that_is_due_with_places_and_material(
    town: Town, nights: Nights, box: Letterbox, owner: int
) -> None:
    put(town, owner, TODAY - timedelta(days=1))
    material = MaterialFacts(
        "ohje", MaterialKind.GUIDE, "Ohje", None, "https://a.example/", "fi", [], None, owner, TODAY, TODAY
    )
    with town.sessions.begin() as session:
        put_material(session, town.network, material, now=town.now)
        put_material(session, town.network, replace(material, code="vanha", active=False), now=town.now)
    nights.run()
    nights.run()
    (email,) = box.sent
    told = [line for line in email.text.splitlines() if line.startswith("- ")]
    assert told == ["- paikka: Esimerkkikirjasto (kirjasto), 23.11.2026", "- aineisto: Ohje (ohje), 24.11.2026"]
    assert email.subject == "Digilinja: tarkistettavaa hakemistossa"


def test_what_nobody_owns_or_whose_owner_has_left_is_written_to_nobody(
    town: Town, nights: Nights, box: Letterbox, owner: int
) -> None:
    put(town, None, TODAY, "omistajaton")
    put(town, owner, TODAY)
    town.update("person", owner, active=False)
    nights.run()
    assert box.sent == []


def test_a_night_writes_the_days_of_open_ended_gatherings_out(town: Town, nights: Nights) -> None:
    with town.sessions.begin() as session:
        put_gathering(session, town.network, gathering("aina", rrule="FREQ=WEEKLY;BYDAY=WE"), now=town.now)
    before = town.fetch("SELECT id FROM occasion")
    nights.at += timedelta(days=7)
    nights.run()
    assert len(town.fetch("SELECT id FROM occasion")) == len(before) + 1
