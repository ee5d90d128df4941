"""Whatever happens to a matter, in whatever order: nothing that is held goes, and nothing stays past its longest."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from scheduler.cases import Doing
from scheduler.closing import reopen
from scheduler.slots import Grid
from tests.conftest import WIPE
from tests.integration.store.conftest import Town
from tests.integration.store.nights import Night
from tickets.holds import place_hold, release_hold
from tickets.recordings import attach_recording, keep_sound, note_recording
from tickets.retention import Term, Unit
from tickets.ticket import Ticket

CONTACT, AUDIO, AUDIO_AT_MOST = timedelta(days=30), timedelta(days=30), timedelta(days=90)
TEXT = Term(6, Unit.MONTHS)
DAY = timedelta(days=1)

passing = st.sampled_from([1, 13, 29, 30, 31, 89, 90, 91, 181, 183, 365]).map(lambda days: ("days pass", days))
deeds = st.lists(
    st.one_of(
        passing,
        st.tuples(st.just("is closed"), st.just(0)),
        st.tuples(st.just("is opened again"), st.just(0)),
        st.tuples(st.just("is held for days"), st.sampled_from([1, 30, 200, 900])),
        st.tuples(st.just("is let go"), st.just(0)),
        st.tuples(st.just("speaks again"), st.just(0)),
        st.tuples(st.just("night falls"), st.just(0)),
    ),
    min_size=4,
    max_size=14,
)


@dataclass
class Fate:
    """One matter as it should be kept, reckoned by hand beside the line."""

    town: Town
    night: Night
    ticket: int
    closed_at: datetime | None = None
    held_until: datetime | None = None
    nobody: bool = False
    contact_gone: bool = False
    messages: dict[str, datetime] = field(default_factory=dict)

    def do(self, deed: str, number: int) -> None:
        match deed:
            case "days pass":
                self.town.now += number * DAY
            case "night falls":
                self.night.falls(self.town.now)
                self.see()
            case _:
                self._change(deed, number)

    @property
    def is_held(self) -> bool:
        return self.held_until is not None and self.town.now < self.held_until

    def see(self) -> None:
        """What must be there is there, and what must be gone is gone, once the night has fallen."""
        now, before = self.town.now, TEXT.before(self.town.now)
        ((contact, words, notes),) = self.town.fetch(
            "SELECT caller_sealed IS NOT NULL, text_sealed IS NOT NULL, EXISTS (SELECT FROM note) FROM ticket"
        )
        if not self.is_held:
            over = self.closed_at is not None
            self.nobody |= over and self.closed_at <= before
            self.contact_gone |= over and self.closed_at <= now - CONTACT
        assert contact is (not self.contact_gone and not self.nobody)
        assert (words, notes) == (not self.nobody, not self.nobody)
        self._see_messages(now)

    def _see_messages(self, now: datetime) -> None:
        for sid, spoken_at in tuple(self.messages.items()):
            over = self.closed_at is not None and self.closed_at <= now - AUDIO
            if not self.is_held and (over or self.nobody or spoken_at <= now - AUDIO_AT_MOST):
                del self.messages[sid]
        there = self.town.fetch("SELECT recording_sid FROM recording WHERE media_sealed IS NOT NULL")
        assert {sid for (sid,) in there} == set(self.messages)

    def _change(self, deed: str, number: int) -> None:
        now = self.town.now
        with self.town.sessions.begin() as session:
            if deed == "is closed" and self.closed_at is None:
                closed = (
                    "UPDATE ticket SET status = 'closed', outcome = 'RATKAISTU', closed_at = :now, updated_at = :now"
                )
                session.execute(text(closed), {"now": now})
                self.closed_at = now
            elif deed == "is opened again":
                doing = Doing(now, "person:1", Grid())
                if reopen(session, session.get_one(Ticket, self.ticket), doing) is None:
                    self.closed_at = None
            elif deed == "is held for days":
                if place_hold(session, self.ticket, "Kantelu", now + number * DAY, now=now, actor="person:1") is None:
                    self.held_until = now + number * DAY
            elif deed == "is let go" and release_hold(session, self.ticket, now=now, actor="person:1") is None:
                self.held_until = None
            elif deed == "speaks again" and not self.nobody:
                self._speaks(session, now)

    def _speaks(self, session: Session, now: datetime) -> None:
        sid = f"RE{len(self.messages)}{now:%Y%m%d}{self.town.fetch('SELECT count(*) FROM recording')[0][0]}"
        note_recording(session, f"CA{sid}", sid, turn=1, duration_s=6, now=now)
        keep_sound(session, sid, b"a spoken message", "audio/wav")
        attach_recording(session, f"CA{sid}", self.ticket)
        self.messages[sid] = now


@given(done=deeds)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_in_no_order_is_what_is_held_lost_or_anything_kept_past_its_longest(
    sessions: sessionmaker[Session], now: datetime, done: list[tuple[str, int]]
) -> None:
    with sessions.begin() as session:
        session.execute(text(WIPE))
    town = Town(sessions, now)
    night = Night(town)
    fate = Fate(town, night, night.open())
    for deed, number in [*done, ("night falls", 0)]:
        fate.do(deed, number)
