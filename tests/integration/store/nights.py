"""A town in which things are planted today, and the nights after it."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from scheduler.errands import forgetting_old
from scheduler.forgetting import forget_old
from scheduler.jobs import ClaimedJob
from tests.integration.store.conftest import Town
from tickets.people import Person
from tickets.recordings import attach_recording, keep_sound, note_recording
from tickets.store import cipher_of
from tickets.ticket import Note
from tickets.timeline import note_event
from tickets.vocabulary import EventKind, Outcome, Role


@dataclass
class _Clock:
    moment: datetime

    def now(self) -> datetime:
        return self.moment


@dataclass
class _Tools:
    """What the night's job needs of a worker's tools."""

    sessions: object
    clock: _Clock


@dataclass
class Night:
    """Plants in a town; every method commits."""

    town: Town
    tickets: int = 0

    def falls(self, moment: datetime) -> None:
        """The night's job is done at this moment, with whatever further parts it needs."""
        tools = _Tools(self.town.sessions, _Clock(moment))
        job = forgetting_old(moment.date(), at=moment)
        forget_old(tools, ClaimedJob(1, job.key, job.kind, job.payload, moment, 1))  # type: ignore[arg-type]

    def closed(self, outcome: Outcome = Outcome.RATKAISTU, *, age: timedelta = timedelta(0), **told: object) -> int:
        """A ticket with everything that can be told, closed now or so long ago."""
        ticket = self.open(**told)
        at = self.town.now - age
        self.town.update("ticket", ticket, status="closed", outcome=outcome, closed_at=at, updated_at=at)
        return ticket

    def open(self, **told: object) -> int:
        """A ticket with everything that can be told."""
        words = {"name": "Aino Esimerkki", "email": "aino@example.fi", "text": "Kone ei aukea."}
        ticket = self.town.ticket(**{**words, **told})
        with self.town.sessions.begin() as session:
            session.add(
                Note(
                    ticket_id=ticket,
                    author="person:1",
                    text_sealed=cipher_of(session).seal("Soita iltapäivällä."),
                    written_at=self.town.now,
                )
            )
            note_event(
                session, ticket, EventKind.RANG_AGAIN, "caller", now=self.town.now, key=f"call:CX{ticket}:1", n=1
            )
        return ticket

    # What has a term of its own.

    def plant_message(self) -> None:
        self._message(self.closed())

    def plant_open_message(self) -> None:
        self._message(self.open())

    def plant_stray_message(self) -> None:
        self._message(None)

    def plant_closed(self) -> int:
        """A matter that was promised, texted about, rung about and closed."""
        helper = self.town.helper()
        self.town.shift("12:00", "14:00", helper)
        promised = self.town.promise("12:00", self.open())
        attempt = self.town.taken(promised)
        self.town.update("attempt", attempt.id, call_sid="CA-of-an-attempt", state="ended", ended_at=self.town.now)
        self.town.update("callback", promised.callback_id, state="kept", ended_at=self.town.now)
        (ticket,) = self.town.fetch("SELECT ticket_id FROM callback WHERE id = :id", id=promised.callback_id)[0]
        assert isinstance(ticket, int)
        self._text("ticket_id", ticket)
        self.town.update("ticket", ticket, status="closed", outcome="RATKAISTU", closed_at=self.town.now)
        return ticket

    def plant_never_reached(self) -> int:
        return self.closed(Outcome.EI_TAVOITETTU)

    def plant_abandoned(self) -> int:
        return self.open(abandoned=True)

    def plant_call(self, sid: str = "CA-of-a-call") -> int:
        """A call in which a number was keyed."""
        with self.town.sessions.begin() as session:
            cipher = cipher_of(session)
            values = {
                "sid": sid,
                "network": self.town.network,
                "now": self.town.now,
                "facts": cipher.seal('{"caller": 1}'),
            }
            call = session.execute(_CALL, values).scalar_one()
            session.execute(_ENTRY, {"call": call, "value": cipher.seal(json.dumps("0401234567"))})
        return int(call)

    def plant_text_to_helper(self) -> None:
        self._text("helper_id", self.town.helper())

    def plant_look(self, ticket: int | None = None) -> None:
        values = {"network": self.town.network, "now": self.town.now, "ticket": ticket}
        self._run(
            "INSERT INTO view_log (network_id, at, ticket_id, seen) VALUES (:network, :now, :ticket, 'search')",
            **values,
        )

    def plant_leaver(self) -> int:
        """A helper who has left today; they signed in with an address."""
        helper = self.town.helper()
        with self.town.sessions.begin() as session:
            cipher = cipher_of(session)
            session.execute(text("UPDATE helper SET active = false WHERE id = :id"), {"id": helper})
            session.execute(text("DELETE FROM person WHERE helper_id = :id"), {"id": helper})
            person = Person(
                network_id=self.town.network,
                organisation_id=self.town.organisation,
                helper_id=helper,
                role=Role.OPASTAJA,
                email_sealed=cipher.seal("eero@example.fi"),
                email_index=cipher.index_of("eero@example.fi"),
                active=False,
                created_at=self.town.now,
                left_at=self.town.now,
            )
            session.add(person)
            session.flush()
            return person.id

    def plant_heard_text(self) -> None:
        self._run("INSERT INTO heard_text (message_sid, heard_at) VALUES ('SM1', :now)", now=self.town.now)

    def plant_job(self) -> None:
        self._run(
            "INSERT INTO job (key, kind, payload, run_at, state, attempts, finished_at)"
            " VALUES ('fetch:recording-RE1', 'fetch', '{}', :now, 'done', 1, :now)",
            now=self.town.now,
        )

    def plant_count(self) -> None:
        self._run("INSERT INTO count (source, begins, times) VALUES ('\\x01', :now, 1)", now=self.town.now)

    def plant_key(self) -> None:
        self._run(
            "INSERT INTO api_token (network_id, role, token_hash, purpose, created_at, revoked_at)"
            " VALUES (:network, 'neuvoja', '\\x01', 'program', :now, :now)",
            now=self.town.now,
            network=self.town.network,
        )

    def _message(self, ticket: int | None) -> None:
        with self.town.sessions.begin() as session:
            sid = f"CA-of-a-message-{ticket}"
            note_recording(session, sid, f"RE{ticket}", turn=1, duration_s=6, now=self.town.now)
            keep_sound(session, f"RE{ticket}", b"a spoken message", "audio/wav")
            if ticket is not None:
                attach_recording(session, sid, ticket)

    def _text(self, about: str, key: int) -> None:
        with self.town.sessions() as session:
            body = cipher_of(session).seal("Aika on varattu.")
        self._run(
            f"INSERT INTO message (key, {about}, line_id, template, body_sealed, state, created_at, updated_at)"
            " VALUES (:name, :key, :line, 'booked', :body, 'sent', :now, :now)",
            name=f"text:{about}-{key}",
            key=key,
            line=self.town.line,
            body=body,
            now=self.town.now,
        )

    def _run(self, statement: str, **values: object) -> None:
        with self.town.sessions.begin() as session:
            session.execute(text(statement), values)


_CALL = text("""
INSERT INTO call (call_sid, part, network_id, facts_sealed, started_at, ended_at)
VALUES (:sid, 'caller', :network, :facts, :now, :now) RETURNING id
""")
_ENTRY = text("INSERT INTO journal (call_id, place, key, value_sealed) VALUES (:call, 0, 'number', :value)")
