"""A day at the desk of the demo's network: what is promised, what nobody can keep, who waits, who is on the phone."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import event, text

from ivr.conversation import Entry
from ivr.journal import NewCall, Part, append, end_call, open_call
from ivr.script import Answering
from ivr.stage import facts_of
from scheduler.coordination import needs_coordinator
from scheduler.deficits import note_deficits
from scheduler.slots import Grid
from tests.integration.case_room import Room
from tests.integration.ticket_office import TURKU
from voice_prompts.language import Language

NUMBER = "+358401112233"
LANGUAGES = (Language.FI, Language.SV)


class Desk(Room):
    """The demo's network on a day on which things happen."""

    def with_coordinator(self, municipality: str = TURKU, **more: object) -> str:
        code = self.office.ticket(municipality=municipality, **more)
        with self.parts.sessions.begin() as session:
            ticket = session.scalar(text("SELECT id FROM ticket WHERE code = :code"), {"code": code})
            assert ticket is not None
            assert needs_coordinator(session, ticket, "test", now=self.now, grid=Grid())
        return code

    def promised(self, municipality: str = TURKU) -> tuple[str, datetime]:
        code = self.office.ticket(municipality=municipality)
        return code, self.office.promised(code)

    def change(self, code: str, assignment: str) -> int:
        with self.parts.sessions.begin() as session:
            changed = text(
                f"UPDATE callback SET {assignment} FROM ticket t WHERE t.id = ticket_id AND t.code = :code RETURNING callback.id"
            )
            return int(session.execute(changed, {"code": code}).scalar_one())

    def deficit(self, municipality: str = TURKU) -> str:
        code, _ = self.promised(municipality)
        callback = self.change(code, "state = 'deficit'")
        with self.parts.sessions.begin() as session:
            note_deficits(session, self.office.network, [callback], now=self.now, grid=Grid())
        return code

    def call(self, sid: str = "CA1", *, pressed: str = "1", ended: bool = False) -> int:
        """Somebody rings the first line, hears which languages there are, and presses one key."""
        facts = facts_of(Answering("Esimerkkilinja", LANGUAGES, None, NUMBER))
        with self.parts.sessions.begin() as session:
            line = session.scalar(text("SELECT min(id) FROM line"))
            new = NewCall(sid, Part.CALLER, self.office.network, line, None, facts)
            call = open_call(session, new, now=self.now - timedelta(minutes=3))
            assert call is not None
            heard = [Entry("language", {"keys": pressed}, self.now - timedelta(minutes=2))]
            heard.append(Entry("look_up_caller", {"promises": [], "requests": [], "offered": None, "feedback": None}))
            append(session, call, heard, place=0)
            if ended:
                end_call(session, call, now=self.now)
            return call.id


def statements_of(room: Room, work: Callable[[], object]) -> int:
    """How often the database is asked while this is done."""
    seen: list[str] = []

    def note(_c: object, _u: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(room.parts.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(room.parts.engine, "before_cursor_execute", note)
    return len(seen)
