"""What helpers are texted about their places: in their language, by day, once; the reminder the evening before above all."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from scheduler.rota.editing import Edit, Edited, edit_shift
from scheduler.rota.listing import Terms, shift_card
from scheduler.rota.news import OF_HELD, HelperNews, remind, reminded_place, tell_helper
from scheduler.slots import Span
from scheduler.tasks import TASKS
from scheduler.tools import Tools
from scheduler.worker import Worker
from tests.integration.store.rota import COORDINATOR, Rota, at_once
from tickets.directory import add_line
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language
from voice_prompts.speech import written_time

if TYPE_CHECKING:
    from tests.integration.store.conftest import Town

FI, SV = Language.FI, Language.SV
CATALOGUE = Catalogue.load()


@dataclass
class Operator:
    """An operator who takes every text, and remembers it."""

    texts: list[tuple[str, str, str]] = field(default_factory=list)

    def text(self, *, to: str, shown: str, body: str, status_url: str) -> str:
        """Take a text."""
        self.texts.append((to, shown, body))
        return f"SM{len(self.texts)}"


class Addresses:
    """Nobody asks for them here."""

    def text_status(self, message_id: int) -> str:
        """Where news of a text goes."""
        return f"/status/{message_id}"


@dataclass
class Clock:
    """A clock that is set by hand."""

    at: datetime

    def now(self) -> datetime:
        """The time to which it was set."""
        return self.at


@dataclass
class Office(Rota):
    """A rota with a worker beside it."""

    operator: Operator = field(default_factory=Operator)

    def works(self, wall: str, days: int = 0) -> list[str]:
        """Do all that is due at this time; what was texted by it."""
        before, clock = len(self.operator.texts), Clock(self.town.at(wall, days))
        tools = Tools(self.town.sessions, clock, self.operator, CATALOGUE, Addresses())  # type: ignore[arg-type]
        while Worker(tools, TASKS, reconcile_every=None).beat():
            pass
        return [body for _, _, body in self.operator.texts[before:]]

    def reminders(self) -> dict[str, datetime]:
        """The reminders that are planned."""
        return {key: at for key, at in self.town.jobs().items() if key.startswith("remind:")}

    def edit(self, shift: int, now: datetime | None = None, **terms: object) -> None:
        """The coordinator changes what a shift asks for."""
        with self.town.sessions() as session:
            card = shift_card(session, self.town.network, shift)
        assert card is not None
        changed: Terms = replace(card.terms, **terms)  # type: ignore[arg-type]
        how = {"now": now or self.town.now, "grid": self.town.grid, "actor": COORDINATOR}
        edited = self.does(edit_shift, self.town.network, shift, Edit(changed, card.version), **how)
        assert isinstance(edited, Edited)


@pytest.fixture
def office(town: Town) -> Office:
    return Office(town)


def reminder(town: Town, wall: str, days: int, language: Language = FI) -> str:
    return CATALOGUE.text(language, "sms.helper_reminder", time=written_time(town.at(wall, days), language))


def test_a_helper_is_reminded_once_at_six_in_the_evening_before(office: Office, town: Town) -> None:
    helper = town.helper()
    place = office.take(town.shift("10:00", "12:00", days=1), helper).place_id
    assert office.reminders() == {f"remind:place-{place}:v1": town.at("18:00")}
    assert office.works("17:59") == []
    assert office.works("18:00") == [reminder(town, "10:00", 1)]
    assert office.works("20:00") == []
    assert town.fetch("SELECT helper_id, ticket_id, template, state FROM message") == [
        (helper, None, "helper_reminder", "sent")
    ]


def test_a_helper_is_texted_in_their_first_language_from_the_line_that_speaks_it(office: Office, town: Town) -> None:
    with town.sessions.begin() as session:
        add_line(session, town.network, "+358942450200", "Digistöd", SV)
    for languages in ((SV, FI), (FI, SV)):
        office.take(town.shift("10:00", "12:00", days=1), town.helper(*languages))
    office.works("18:00")
    assert [(shown, body) for _, shown, body in office.operator.texts] == [
        ("+358942450200", reminder(town, "10:00", 1, SV)),
        ("+358942450100", reminder(town, "10:00", 1)),
    ]


def test_a_place_that_was_left_or_went_to_somebody_else_reminds_nobody_of_it(office: Office, town: Town) -> None:
    leaving, giver, taker = town.helper(), town.helper(), town.helper()
    left = office.take(town.shift("10:00", "12:00", days=2), leaving).place_id
    given = office.take(town.shift("10:00", "12:00", days=2), giver).place_id
    assert left is not None
    assert given is not None
    office.drop(left, leaving)
    office.offer(given, giver)
    office.swap(given, taker)
    office.works("12:00")
    assert office.works("18:00", 1) == [reminder(town, "10:00", 2)]
    assert office.operator.texts[-1][0] == f"+35850{3:07}"  # the taker
    assert not {f"text:place-{place}:helper_reminder:v1" for place in (left, given)} & set(town.jobs("done"))


def test_a_shift_that_moves_is_told_and_reminded_of_in_its_own_time(office: Office, town: Town) -> None:
    shift = town.shift("10:00", "12:00", days=1)
    place = office.take(shift, town.helper()).place_id
    office.edit(shift, during=Span(town.at("13:00", 3), town.at("15:00", 3)))
    assert set(office.reminders()) == {f"remind:place-{place}:v1", f"remind:place-{place}:v2"}
    moved = {"time": written_time(town.at("13:00", 3), FI), "line": "09 424 501 00"}
    assert office.works("10:00") == [CATALOGUE.text(FI, "sms.helper_moved", **moved)]
    assert office.works("18:00") == []
    assert office.works("18:00", 2) == [reminder(town, "13:00", 3)]


def test_a_shift_that_asks_for_more_people_meanwhile_is_reminded_of_once_all_the_same(
    office: Office, town: Town
) -> None:
    shift = town.shift("10:00", "12:00", days=1)
    office.take(shift, town.helper())
    office.edit(shift, most=3)
    assert office.works("18:00") == [reminder(town, "10:00", 1)]
    office.edit(shift, now=town.at("19:00"), most=4)
    assert office.works("19:00") == office.works("20:00") == []


def test_a_shift_moved_behind_the_lines_back_is_still_reminded_of_in_its_own_time(office: Office, town: Town) -> None:
    shift = town.shift("10:00", "12:00", days=1)
    office.take(shift, town.helper())
    later = f"[{town.at('10:00', 2).isoformat()},{town.at('12:00', 2).isoformat()})"
    town.update("shift", shift, during=later, version=2)
    town.update("place", office.place(1), during=later)
    assert office.works("18:00") == []
    assert office.works("18:00", 1) == [reminder(town, "10:00", 2)]


def test_two_workers_at_the_same_reminder_text_once(office: Office, town: Town) -> None:
    place = office.take(town.shift("10:00", "12:00", days=1), town.helper()).place_id
    assert place is not None
    at_once([lambda: office.does(remind, place, 1, now=town.at("18:00"), grid=town.grid) for _ in range(6)])
    assert list(office.texts()) == [f"text:place-{place}:helper_reminder:v1"]
    at_once([lambda: office.works("18:00") for _ in range(3)])
    assert len(office.operator.texts) == 1


@pytest.mark.parametrize(("wall", "days", "reminded"), [("17:00", 0, True), ("17:01", 0, False), ("08:00", 1, False)])
def test_whoever_takes_a_place_as_the_evening_comes_has_it_in_mind(
    office: Office, town: Town, wall: str, days: int, reminded: bool
) -> None:
    office.take(town.shift("10:00", "12:00", days=1), town.helper(), now=town.at(wall, days))
    assert bool(office.reminders()) is reminded


@pytest.mark.parametrize(("wall", "reminded"), [("20:59", True), ("21:00", False)])
def test_a_worker_who_comes_late_reminds_until_people_go_to_sleep(
    office: Office, town: Town, wall: str, reminded: bool
) -> None:
    office.take(town.shift("10:00", "12:00", days=1), town.helper())
    assert bool(office.works(wall)) is reminded


def test_a_cancelled_shift_and_a_draft_remind_nobody(office: Office, town: Town) -> None:
    shift, draft = town.shift("10:00", "12:00", days=1), town.shift("10:00", "12:00", days=1, published=False)
    office.take(shift, town.helper())
    office.give(draft, town.helper())
    town.update("shift", shift, cancelled_at=town.now)
    assert office.works("18:00") == []


@pytest.mark.parametrize(
    ("wall", "days", "told"), [("07:59", 1, "08:00"), ("08:00", 1, "08:00"), ("21:00", 0, "08:00")]
)
def test_nobody_is_woken_by_news_of_a_shift(office: Office, town: Town, wall: str, days: int, told: str) -> None:
    place = office.give(town.shift("10:00", "12:00", days=3), town.helper(), now=town.at(wall, days)).place_id
    assert office.texts() == {f"text:place-{place}:helper_given": town.at(told, 1)}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("news", HelperNews)
def test_each_news_has_its_words_and_is_told_only_while_it_is_true(
    office: Office, town: Town, news: HelperNews, language: Language
) -> None:
    helper = town.helper(language)
    town.shift("10:00", "12:00", helper, days=2)
    place = office.place(helper)
    office.does(tell_helper, place, news, now=town.now, grid=town.grid)
    words = {"time": written_time(town.at("10:00", 2), language), "line": "09 424 501 00"}
    key = f"sms.{news}"
    body = CATALOGUE.text(language, key, **{name: words[name] for name in CATALOGUE.placeholders(key)})
    assert office.works("09:10") == [body]
    office.does(tell_helper, place, news, now=town.now, grid=town.grid, version=2)
    town.update("place", place, state="dropped")
    assert office.works("09:10") == ([] if news in OF_HELD else [body])


def test_a_reply_is_about_the_coming_place_of_the_last_reminder(office: Office, town: Town) -> None:
    helper, other = town.helper(), town.helper()
    town.update("helper", helper, rest_minutes=0)
    first = office.take(town.shift("10:00", "12:00", days=1), helper).place_id
    second = office.take(town.shift("10:00", "12:00", days=2), helper).place_id
    assert second is not None
    assert _replies_about(office, helper, "09:10") is None
    office.works("18:00")
    assert _replies_about(office, helper, "18:05") == first
    assert _replies_about(office, helper, "10:00", 1) is None  # it has begun
    office.works("18:00", 1)
    assert _replies_about(office, helper, "18:05", 1) == second
    assert _replies_about(office, other, "18:05", 1) is None
    office.does(tell_helper, second, HelperNews.LOST, now=town.at("18:06", 1), grid=town.grid)
    office.release(second)
    assert _replies_about(office, helper, "18:06", 1) is None


def _replies_about(office: Office, helper: int, wall: str, days: int = 0) -> int | None:
    with office.town.sessions() as session:
        return reminded_place(session, helper, now=office.town.at(wall, days))
