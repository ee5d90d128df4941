"""A small network around a change of the clock, and the things that people do in it, one transaction each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from ivr.webhooks import CONTENDED
from scheduler.attempts import begin_attempt, end_talk, take
from scheduler.choice import choose_helper
from scheduler.promises import Promise, book, cancel, move, offer, wish_of
from scheduler.rota.candidates import Days
from scheduler.rota.closures import Closed, NewClosure, close, reopen
from scheduler.rota.editing import Edit, Edited, cancel_shift, edit_shift
from scheduler.rota.listing import shift_card
from scheduler.rota.places import Answer, drop_place, give_place, release_place, take_place
from scheduler.rota.publishing import Publication, publish
from scheduler.rota.shifts import ShiftRefusal
from scheduler.rota.swaps import offer_swap, take_swap
from scheduler.rota.templates import Weekly, add_template, add_template_shift
from scheduler.slots import HELSINKI, Grid, Span, instant_of, span_on
from tests.conftest import WIPE
from tests.integration.store.conftest import Town
from tests.properties.rota_seen import Asked, Seen, look_around
from tickets.directory import NewHelper, add_helper, add_organisation
from tickets.vocabulary import HelperKind, Topic
from voice_prompts.language import Language

T = TypeVar("T")
FI, SV = Language.FI, Language.SV
CHANGES = (date(2026, 3, 29), date(2026, 10, 25))  # Sundays, both
TURKU, HELSINKI_CITY = "853", "091"
LENGTHS = {Topic.PUHELIN: 60, Topic.SPOSTI: 30, Topic.HALUAN_AUTTAA: 60}
# Hours around the change, and those of a working day; half past three is skipped once and shown twice once.
BEGINNINGS = (time(1), time(2, 30), time(3, 30), time(9), time(9, 30), time(12))
ENDS = (time(4, 30), time(6), time(12), time(13, 30), time(15))
PATIENCE = 20
DAY = timedelta(days=1)
VOLUNTEER, STAFF = HelperKind.VOLUNTEER, HelperKind.STAFF
PEOPLE = (
    (TURKU, (FI,), VOLUNTEER),
    (TURKU, (FI, SV), VOLUNTEER),
    (TURKU, (FI,), STAFF),
    (HELSINKI_CITY, (FI,), VOLUNTEER),
    (HELSINKI_CITY, (FI, SV), STAFF),
)


@dataclass
class World:
    """Two organisations and five helpers, from the Friday before a change of the clock to the Monday after it."""

    sessions: sessionmaker[Session]
    change: date
    town: Town = field(init=False)
    helpers: list[int] = field(default_factory=list)
    templates: list[int] = field(default_factory=list)
    rung: set[tuple[str, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        with self.sessions.begin() as session:
            session.execute(text(WIPE))
        self.town = Town(self.sessions, instant_of(self.change - 2 * DAY, time(9, 10)))
        self.does(self._settles)

    @property
    def how(self) -> dict[str, object]:
        """When, and on which grid."""
        return {"now": self.town.now, "grid": self.town.grid}

    def does(self, deed: Callable[[Session], T]) -> T:
        """One thing, done again where another was in its way, as the line does it."""
        for _ in range(PATIENCE):
            try:
                with self.sessions.begin() as session:
                    return deed(session)
            except OperationalError as error:
                if getattr(error.orig, "sqlstate", None) not in CONTENDED:
                    raise
        raise AssertionError("somebody waits for ever")

    def seen(self) -> Seen:
        """All of it, as it stands."""
        with self.sessions() as session:
            return look_around(session, self.town.now)

    def day(self, number: int) -> date:
        """The Saturday before, the Sunday itself, the Monday after."""
        return self.change + (number % 3 - 1) * DAY

    # Callers.

    def asks(self, language: Language, topic: Topic, municipality: str | None) -> Asked:
        """A caller of their own with a matter; what a time for it must suit."""
        ticket = self.town.ticket(language=language, topic=topic, municipality=municipality)
        return Asked(0, ticket, self.town.now, "", None, language, topic, municipality, LENGTHS[topic])

    def offered(self, wish: Asked) -> datetime | None:
        """The first time that the line names."""
        with self.sessions() as session:
            meant = wish_of(session, wish.ticket)
            assert meant is not None
            return offer(session, meant, after=None, **self.how)  # type: ignore[arg-type]

    def books(self, wish: Asked) -> Promise | None:
        """The caller says yes to a time."""
        return self.does(lambda session: book(session, wish.ticket, None, wish.starts_at, **self.how))  # type: ignore[arg-type]

    def moves(self, promised: Asked, start: datetime) -> Promise | None:
        """The caller asks for another time."""
        return self.does(lambda session: move(session, promised.id, None, start, **self.how))  # type: ignore[arg-type]

    def cancels(self, promised: Asked) -> bool:
        """The caller gives the time back."""
        return self.does(lambda session: cancel(session, promised.id, now=self.town.now, grid=Grid()))

    # Helpers.

    def takes(self, shift: int, helper: int) -> Answer:
        """A place in a shift."""
        actor = f"helper:{helper}"
        return self.does(
            lambda session: take_place(session, self.town.network, shift, helper, actor=actor, **self.how)  # type: ignore[arg-type]
        )

    def leaves(self, place: int, helper: int | None) -> Answer:
        """By themselves, in time; or with the line's help, however late."""
        return self.does(lambda session: drop_place(session, place, helper_id=helper, **self.how))  # type: ignore[arg-type]

    def would_swap(self, place: int, helper: int) -> Answer:
        """The place is offered to the others."""
        return self.does(lambda session: offer_swap(session, place, helper, **self.how))  # type: ignore[arg-type]

    def swaps(self, place: int, helper: int) -> Answer:
        """An offered place is taken."""
        actor = f"helper:{helper}"
        return self.does(
            lambda session: take_swap(session, self.town.network, place, helper, actor=actor, **self.how)  # type: ignore[arg-type]
        )

    # Coordinators.

    @property
    def desk(self) -> dict[str, object]:
        """A coordinator, now."""
        return {**self.how, "actor": "coordinator:7"}

    def gives(self, shift: int, helper: int, *, override: bool) -> Answer:
        """A helper gets a place."""
        return self.does(
            lambda session: give_place(session, self.town.network, shift, helper, override=override, **self.desk)  # type: ignore[arg-type]
        )

    def releases(self, place: int) -> Answer:
        """A helper is taken out of a place."""
        return self.does(lambda session: release_place(session, self.town.network, place, **self.desk))  # type: ignore[arg-type]

    def edits(self, shift: int, during: Span, most: int) -> Edited | ShiftRefusal:
        """A shift gets other hours and another number of places."""

        def deed(session: Session) -> Edited | ShiftRefusal:
            card = shift_card(session, self.town.network, shift)
            assert card is not None
            terms = replace(card.terms, during=during, most=most, needed=min(most, card.terms.needed))
            return edit_shift(session, self.town.network, shift, Edit(terms, card.version), **self.desk)  # type: ignore[arg-type]

        return self.does(deed)

    def calls_off(self, shift: int) -> Edited | ShiftRefusal:
        """A shift does not take place."""
        return self.does(lambda session: cancel_shift(session, self.town.network, shift, **self.desk))  # type: ignore[arg-type]

    def closes(self, during: Span, organisation: int | None) -> Closed | ShiftRefusal:
        """Nobody is rung for a while, or nobody of one organisation rings."""
        closure = NewClosure(during, "Vapaata", organisation)
        return self.does(lambda session: close(session, self.town.network, closure, **self.desk))  # type: ignore[arg-type]

    def reopens(self, closure: int) -> Closed | ShiftRefusal:
        """Open again."""
        return self.does(lambda session: reopen(session, self.town.network, closure, **self.desk))  # type: ignore[arg-type]

    def drafts(self, begins: time, ends: time, helpers: Sequence[int], minutes: int = 60) -> int:
        """A template of one shift that comes every day."""

        def deed(session: Session) -> int:
            name, trace = f"Malli {next(self.town.numbers)}", {"now": self.town.now, "actor": "coordinator:7"}
            template = add_template(session, self.town.network, name, **trace)  # type: ignore[arg-type]
            assert isinstance(template, int)
            weekly = Weekly("FREQ=DAILY", self.change - DAY, begins, ends, most=max(1, len(helpers)))
            weekly = replace(weekly, helpers=tuple(helpers), call_minutes=minutes)
            add_template_shift(session, self.town.network, template, weekly, **trace)  # type: ignore[arg-type]
            return template

        self.templates.append(self.does(deed))
        return self.templates[-1]

    def publishes(self, template: int, first: int, last: int) -> Publication:
        """Some of the three days, from a template."""
        days = Days(*sorted((self.day(first), self.day(last))))
        made = self.does(lambda session: publish(session, self.town.network, template, days, **self.desk))  # type: ignore[arg-type]
        assert isinstance(made, Publication)
        return made

    # The clock, and the line's own work.

    def passes(self, until: datetime) -> None:
        """Whoever is due meanwhile is rung, in the order of the clock: chosen ten minutes before, and an hour on the phone."""
        events = []
        for one in self.seen().asked:
            ends = one.starts_at + timedelta(minutes=one.minutes)
            events += [(one.starts_at - timedelta(minutes=10), "chooses", one.id)]
            events += [(one.starts_at, "rings", one.id), (ends, "ends", one.id)]
        for at, what, key in sorted(events):
            if at <= until and (what, key) not in self.rung:
                self.rung.add((what, key))
                self.town.now = max(self.town.now, at)
                getattr(self, f"_{what}")(key)
        self.town.now = until

    def _chooses(self, key: int) -> None:
        self.does(lambda session: choose_helper(session, key, **self.how))  # type: ignore[arg-type]

    def _rings(self, key: int) -> None:
        def deed(session: Session) -> None:
            helper = choose_helper(session, key, **self.how)  # type: ignore[arg-type]
            attempt = helper and begin_attempt(session, key, 1, helper, now=self.town.now)
            if attempt:
                assert take(session, key, attempt.id, attempt.helper_id, now=self.town.now)

        self.does(deed)

    def _ends(self, key: int) -> None:
        self.does(lambda session: end_talk(session, key, now=self.town.now))

    def _settles(self, session: Session) -> None:
        lengths = "UPDATE network SET call_minutes = CAST(:minutes AS jsonb) WHERE id = :id"
        session.execute(text(lengths), {"minutes": '{"SPOSTI": 30}', "id": self.town.network})
        other = add_organisation(session, self.town.network, "Helsinki", serves=[HELSINKI_CITY])
        self.organisations = (self.town.organisation, other)
        for number, (city, languages, kind) in enumerate(PEOPLE):
            whose = self.town.organisation if city == TURKU else other
            new = NewHelper(f"Auttaja {number}", f"+35850000100{number}", languages, kind)
            self.helpers.append(add_helper(session, whose, new, now=self.town.now))

    def on(self, day: date, begins: time, ends: time) -> Span:
        """Hours by the clock on the wall."""
        return span_on(day, begins, ends, HELSINKI)
