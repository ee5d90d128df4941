"""A coordinator at the pages of the rota: of the whole network, or of one of its organisations."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from html import unescape

from werkzeug.test import TestResponse

from admin.auth import SIGN_IN
from scheduler.people.persons import Identity, add_person
from scheduler.promises import book
from scheduler.rota.shifts import NewShift, add_shift
from scheduler.slots import HELSINKI, Grid, Span, instant_of
from tests.integration.signed_in_people import Keeper
from tickets.intake import Matter, open_ticket
from tickets.sign_ins import How, begin_sign_in
from tickets.tokens import bearer_of_person
from tickets.vocabulary import Channel, Role, Topic
from voice_prompts.language import Language

THURSDAY = date(2026, 11, 26)
SATURDAY = date(2026, 11, 28)  # nobody of the demo is on duty


@dataclass
class RotaDesk(Keeper):
    """A coordinator, signed in."""

    role: Role = Role.KOORDINAATTORI

    def of_organisation(self, place: int = 0) -> "RotaDesk":
        """A colleague who sees to the rota of one organisation only."""
        colleague = RotaDesk(self.app, self.parts, self.demo, self.now)
        identity = Identity("Oman organisaation koordinaattori", organisation_id=self.organisation(place))
        with self.parts.sessions.begin() as session:
            told = {"who": None, "now": self.now, "actor": "test"}
            person = add_person(session, self.network, identity, Role.KOORDINAATTORI, **told)  # type: ignore[arg-type]
            assert isinstance(person, int)
            who = bearer_of_person(session, person)
            assert who is not None
            secret = begin_sign_in(session, who, How.KEY, device="", now=self.parts.clock.now())
        with colleague.client.session_transaction() as kept:
            kept[SIGN_IN] = secret
            colleague.csrf = kept["csrf"]
        return colleague

    def organisation(self, place: int = 0) -> int:
        """One of the demo's organisations."""
        return int(str(self.fetch("SELECT id FROM organisation ORDER BY id")[place][0]))

    def name(self, helper: int) -> str:
        """What a helper is called."""
        return next(one.name for one in self.demo.helpers if one.id == helper)

    def shift(self, wall: str = "10:00", *helpers: int, day: date = SATURDAY, hours: int = 3, **more: object) -> int:
        """A shift on a Saturday, with these helpers in it."""
        begins = instant_of(day, time.fromisoformat(wall))
        published = bool(more.pop("published", True))
        most = max(1, len(helpers), int(str(more.pop("most", 1))))
        new = NewShift(Span(begins, begins + timedelta(hours=hours)), most=most, **more)  # type: ignore[arg-type]
        with self.parts.sessions.begin() as session:
            made = add_shift(
                session, self.network, new, now=self.now, published=published, helpers=helpers, grid=Grid()
            )
        assert isinstance(made, int), made
        return made

    def place(self, shift: int, helper: int | None = None) -> int:
        """A place in a shift."""
        held = "SELECT id FROM place WHERE shift_id = :shift AND state = 'held' AND helper_id = coalesce(:helper, helper_id)"
        return int(str(self.fetch(held, shift=shift, helper=helper)[0][0]))

    def who(self, shift: int) -> list[object]:
        """Who is in a shift."""
        held = "SELECT helper_id FROM place WHERE shift_id = :shift AND state = 'held' ORDER BY helper_id"
        return [row[0] for row in self.fetch(held, shift=shift)]

    def promise(self, wall: str, day: date = SATURDAY, language: Language = Language.FI) -> int:
        """Somebody has been promised a time."""
        number = len(self.fetch("SELECT id FROM ticket"))
        with self.parts.sessions.begin() as session:
            caller = f"+35850555{number:04}"
            matter = Matter(self.network, None, Channel.DESK, language, caller, f"desk:{number}", topic=Topic.PUHELIN)
            ticket = open_ticket(session, matter, now=self.now)
            at = instant_of(day, time.fromisoformat(wall))
            promised = book(session, ticket.id, None, at, now=self.now, grid=Grid())
        assert promised is not None
        return promised.callback_id

    def state(self, callback: int) -> object:
        """How a promise stands."""
        return self.fetch("SELECT state FROM callback WHERE id = :id", id=callback)[0][0]

    def gets_back(self, path: str, status: int, **typed: object) -> str:
        """Send a form that is answered by a page of its own, and read it."""
        answer: TestResponse = self.sends(path, **typed)
        assert answer.status_code == status, (answer.status_code, answer.location)
        return unescape(answer.text)

    def today(self) -> datetime:
        """Now, on the wall."""
        return self.now.astimezone(HELSINKI)
