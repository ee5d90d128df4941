"""One of our own people asks to be forgotten, or is after a while: their work stays, and nobody's name is on it."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select, text

from scheduler.erasing import Erased, EraseRefusal, Refusal, erase
from scheduler.people.leaving import Left, leave
from tests.calls.dumps import dump, found, traces_of
from tests.calls.on_duty import puts_on_duty
from tests.integration.store.conftest import Town
from tickets.board import Notice, put_up
from tickets.line_wording import keep_recording
from tickets.network import Helper
from tickets.people import Person
from tickets.registered import Whose
from tickets.saved_views import save_view
from tickets.store import cipher_of
from tickets.tokens import issue_token
from tickets.vocabulary import Role
from voice_prompts.language import Language
from voice_prompts.pieces import Piece

PHONE, NAME, EMAIL = "+358500000001", "Auttaja 1", "zqeero@example.org"
SINGS = ("Auttaja 1", EMAIL, "zqsoittakaa minulle", "https://example.org/zqcalendar", "zqhaku")


@dataclass
class Worker:
    """A helper who has done everything that a helper can do."""

    town: Town
    person: int
    helper: int
    ticket: int

    def asks(self) -> Erased | Refusal:
        with self.town.sessions.begin() as session:
            whose = Whose(self.town.network, person_id=self.person)
            return erase(session, whose, now=self.town.now, grid=self.town.grid, actor="person:9")

    def leaves(self) -> None:
        with self.town.sessions.begin() as session:
            doing = {"now": self.town.now, "grid": self.town.grid, "actor": "person:9"}
            assert isinstance(leave(session, self.town.network, self.person, who=None, **doing), Left)  # type: ignore[arg-type]

    def traces(self) -> dict[str, list[str]]:
        return found(traces_of(PHONE, *SINGS, sessions=self.town.sessions), dump(self.town.sessions))


@pytest.fixture
def worker(town: Town) -> Worker:
    helper = town.helper()
    town.shift("12:00", "15:00", helper)
    promised = town.promise("12:00")
    town.taken(promised)
    town.update("callback", promised.callback_id, state="kept", ended_at=town.now)
    with town.sessions.begin() as session:
        cipher = cipher_of(session)
        person = session.scalars(select(Person).where(Person.helper_id == helper)).one()
        person.email_sealed, person.email_index = cipher.seal(EMAIL), cipher.index_of(EMAIL)
        put_up(
            session,
            town.network,
            Notice("Moi", "zqsoittakaa minulle", None),
            person_id=person.id,
            now=town.now,
            actor=f"person:{person.id}",
        )
        save_view(session, town.network, person.id, "oma", {}, "zqhaku", now=town.now)
        name = cipher.open(session.get_one(Helper, helper).name_sealed)
        save_view(session, town.network, None, f"Tapaukset: {name}", {"status": "open"}, None, now=town.now)
        issue_token(session, town.network, Role.OPASTAJA, now=town.now, person_id=person.id)
        sealed = {"helper": helper, "url": cipher.seal("https://example.org/zqcalendar"), "now": town.now}
        session.execute(
            text("INSERT INTO busy_calendar (helper_id, url_sealed, added_at) VALUES (:helper, :url, :now)"), sealed
        )
        session.execute(text(_BUSY), sealed)
        piece = Piece(Language.FI, "zqhei")
        keep_recording(session, town.network, None, piece, b"a voice", now=town.now, actor=f"person:{person.id}")
        body = {**sealed, "line": town.line, "body": cipher.seal("Auttaja 1, huomenna kello 12")}
        session.execute(text(_TEXT), body)
        return Worker(town, person.id, helper, promised.ticket_id)


_BUSY = """
INSERT INTO availability (helper_id, during, says, calendar_id)
SELECT :helper, tstzrange(CAST(:now AS timestamptz), CAST(:now AS timestamptz) + interval '1 hour'), 'busy', id FROM busy_calendar
"""
_TEXT = """
INSERT INTO message (key, helper_id, line_id, template, body_sealed, state, created_at, updated_at)
VALUES ('text:place-1:reminder', :helper, :line, 'helper_reminder', :body, 'sent', :now, :now)
"""


def test_nobody_is_erased_while_they_are_with_us(worker: Worker) -> None:
    before = dump(worker.town.sessions)
    assert worker.asks() == Refusal(EraseRefusal.STILL_WITH_US)
    assert dump(worker.town.sessions) == before


def test_after_they_left_nothing_names_them_and_what_they_did_is_there(worker: Worker) -> None:
    town = worker.town
    assert worker.traces().keys() >= {"helper", "person", "message", "board_post", "saved_view", "busy_calendar"}
    worker.leaves()
    did = "SELECT helper_id, result FROM attempt ORDER BY id"
    before, history = town.fetch(did), town.events(worker.ticket)
    erased = worker.asks()
    assert isinstance(erased, Erased), erased
    assert worker.traces() == {}
    assert town.fetch("SELECT name FROM saved_view") == []
    assert town.fetch(did) == before
    assert town.events(worker.ticket) == history
    assert town.fetch("SELECT count(*) FROM availability") == [(0,)]
    assert town.fetch("SELECT count(*) FROM api_token") == [(0,)]
    assert town.fetch("SELECT count(*) FROM line_recording") == [(0,)]
    assert town.fetch("SELECT wording_version FROM line") == [(2,)]  # kept, and gone
    assert worker.asks() == Refusal(EraseRefusal.NOBODY)


def test_whose_number_is_texted_about_alerts_is_not_erased_before_it_is_somebody_elses(worker: Worker) -> None:
    town = worker.town
    worker.leaves()
    with town.sessions.begin() as session:
        puts_on_duty(session, town.network, PHONE, now=town.now)
    assert worker.asks() == Refusal(EraseRefusal.ALERTED)
    with town.sessions.begin() as session:
        puts_on_duty(session, town.network, "+358509999999", now=town.now)
    assert isinstance(worker.asks(), Erased)


def test_a_number_given_back_may_be_another_helpers_later(worker: Worker) -> None:
    worker.leaves()
    worker.asks()
    with worker.town.sessions.begin() as session:
        index = cipher_of(session).index_of(PHONE)
        assert (
            session.execute(text("SELECT count(*) FROM helper WHERE phone_index = :i"), {"i": index}).scalar_one() == 0
        )
