"""The line itself on virtual days: tickets, offers, bookings, drop-outs and due jobs, all by the product's own functions."""

from datetime import datetime, time, timedelta
from typing import Final
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from scheduler.demand import reckon
from scheduler.errands import Errand
from scheduler.jobs import ClaimedJob, claim
from scheduler.notices import CHOOSE_AHEAD, JobKind
from scheduler.promises import Wish, book, offer
from scheduler.rota.places import drop_place, places_of
from scheduler.simulation.network import found_network, number_of
from scheduler.simulation.telephones import Addresses, Answers, Telephones, VirtualClock
from scheduler.simulation.world import Call, DropOut, World
from scheduler.slots import DAY, EPOCH, instant_of
from scheduler.tasks import TASKS
from scheduler.tools import Tools
from tickets.intake import Matter, open_ticket
from tickets.store import cipher_of
from tickets.vocabulary import Channel
from voice_prompts.catalogue import Catalogue

KEPT_WITHIN: Final = timedelta(minutes=10)
LEASE: Final = timedelta(days=3650)  # whoever claims a job here does it; nobody is there to take it over
AT_ONCE: Final = 500
# Texts keep no promise, and nothing need be watched over: an operator that never fails tells all that happens.
KINDS: Final = [str(kind) for kind in TASKS if kind not in (JobKind.TEXT, Errand.REMIND)]
NIGHT: Final = time(3)
AN_INSTANT: Final = timedelta(microseconds=1)
# Whoever was not reached is rung again for some days after the last start.
LAST_TRIES: Final = timedelta(days=30)


class Line:
    """The product's promise engine on a database; whatever falls due is done as the clock passes it."""

    def __init__(self, world: World, sessions: sessionmaker[Session]) -> None:
        self._grid = world.grid
        self._sessions = sessions
        self._clock = VirtualClock(world.begins)
        self._name = f"Simulation {uuid4()}"
        with sessions.begin() as session:
            self._network = found_network(session, world, self._name, now=world.begins)
        self._ends = world.ends + LAST_TRIES
        self._keys: dict[int, int] = {}  # ticket → the caller's key
        self._chosen: set[datetime] = set()
        self._next_job: datetime | None = None
        self._night = instant_of(world.begins.date() + DAY, NIGHT, world.grid.tz)
        self._silent, self._away = world.silent, world.away
        self._telephones = Telephones(self._clock, Answers(self._helper_answers, self._caller_answers))
        self._tools = Tools(sessions, self._clock, self._telephones, Catalogue.load(), Addresses())

    def book(self, call: Call) -> datetime | None:
        """The caller tells the matter, hears the first time that suits, and presses 1."""
        with self._sessions.begin() as session:
            wish = self._told(session, call)
            assert wish.ticket_id is not None
            after = call.free.begins - AN_INSTANT
            while (start := offer(session, wish, after=after, now=call.at, grid=self._grid)) is not None:
                if start >= call.free.ends:
                    return None
                if book(session, wish.ticket_id, wish, start, now=call.at, grid=self._grid):
                    self._next_job = min(self._next_job or start, start - CHOOSE_AHEAD)
                    return start
                after = start
        return None

    def drop(self, drop_out: DropOut) -> None:
        """A helper leaves a place; the line matches anew what was promised there."""
        helper, first = self._network.helpers[drop_out.helper], drop_out.starts[0]
        with self._sessions.begin() as session:
            places = places_of(session, helper, since=first)
            place = next(place for place in places if place.during.begins <= first < place.during.ends)
            drop_place(session, place.id, now=drop_out.at, grid=self._grid)
            self._look_for_jobs(session)

    def pass_time(self, until: datetime) -> None:
        """Do all that is due by then, each thing at its own time."""
        while (at := self._next()) <= until:
            self._clock.at = at
            if at == self._telephones.next_at():
                with self._sessions.begin() as session:
                    if self._telephones.happen(session):
                        self._look_for_jobs(session)
            elif at == self._night:
                self._expect_calls()
            else:
                self._work(at)
        self._clock.at = until

    def kept(self) -> frozenset[int]:
        """Play to the end; the callers whose telephone rang within ten minutes of the first time they were promised."""
        self.pass_time(self._ends)
        with self._sessions() as session:
            rung = session.scalars(_KEPT, {"network": self._network.id, "within": KEPT_WITHIN})
            return frozenset(self._keys[ticket] for ticket in rung)

    def _helper_answers(self, phone: str, at: datetime) -> bool:
        start = at - (at - EPOCH) % self._grid.step  # another helper, or another try, comes within a quarter of an hour
        return (number_of(phone), start) not in self._silent

    def _caller_answers(self, ticket: int, number: int) -> bool:
        return (self._keys[ticket], number) not in self._away

    def _told(self, session: Session, call: Call) -> Wish:
        need, network, line = call.need, self._network.id, self._network.line_id
        key, caller = f"call:{self._name}:{need.key}", f"+3582{need.key:07}"
        told = (need.topic, need.municipality)
        matter = Matter(network, line, Channel.PHONE, need.language, caller, key, *told)
        ticket = open_ticket(session, matter, now=call.at).id
        self._keys[ticket] = need.key
        return Wish(network, need.language, *told, cipher_of(session).index_of(caller), ticket)

    def _next(self) -> datetime:
        coming = (at for at in (self._next_job, self._telephones.next_at()) if at is not None)
        return min((self._night, *coming))

    def _expect_calls(self) -> None:
        # The worker's job of every night: what the line protects for Swedish speakers follows from it.
        with self._sessions.begin() as session:
            reckon(session, self._network.id, now=self._night)
        self._night += DAY

    def _look_for_jobs(self, session: Session) -> None:
        self._next_job = session.scalar(_NEXT, {"kinds": KINDS})

    def _work(self, at: datetime) -> None:
        with self._sessions.begin() as session:
            jobs = claim(session, now=at, limit=AT_ONCE, lease=LEASE, kinds=KINDS)
        for job in jobs:
            if not self._is_done(job, at):
                TASKS[job.kind](self._tools, job)
        with self._sessions.begin() as session:
            self._look_for_jobs(session)

    def _is_done(self, job: ClaimedJob, at: datetime) -> bool:
        # Each choice is made for all promises of a start. A worker makes it again for each of them, as something may have
        # changed; here nothing does, and the national day would take ten minutes more.
        if job.kind != JobKind.CHOOSE:
            return False
        known = at in self._chosen
        self._chosen.add(at)
        return known


_NEXT = text("SELECT run_at FROM job WHERE state = 'waiting' AND kind = ANY(:kinds) ORDER BY run_at LIMIT 1")
_KEPT = text("""
SELECT ticket_id FROM (
    SELECT DISTINCT ON (c.ticket_id) c.ticket_id, c.starts_at, c.caller_rung_at FROM callback c
    WHERE c.network_id = :network ORDER BY c.ticket_id, c.id
) AS first WHERE caller_rung_at <= starts_at + CAST(:within AS interval)
""")
