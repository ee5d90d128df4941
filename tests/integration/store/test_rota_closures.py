"""An afternoon off, for the network or for one organisation: who was promised a time in it is known at once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from scheduler.promises import Wish, offer
from scheduler.rota.closures import Closed, NewClosure, close, closures_of, reopen
from scheduler.rota.effects import foreseen
from scheduler.rota.shifts import ShiftRefusal
from scheduler.slots import Span
from tickets.directory import add_network, add_organisation
from tickets.vocabulary import Topic
from voice_prompts.language import Language

if TYPE_CHECKING:
    from tests.integration.store.conftest import Town

WHO = "coordinator:liisa"


def shut(
    session: Session, town: Town, begins: str, ends: str, organisation: int | None = None
) -> Closed | ShiftRefusal:
    new = NewClosure(Span(town.at(begins), town.at(ends)), "Koulutus", organisation)
    return close(session, town.network, new, now=town.now, grid=town.grid, actor=WHO)


def changes(town: Town) -> list[tuple[object, ...]]:
    return town.fetch(
        "SELECT kind, actor, details->>'closure' FROM rota_change WHERE kind IN ('closed', 'reopened') ORDER BY id"
    )


def test_a_part_of_a_day_is_closed_and_opened_again(session: Session, town: Town) -> None:
    helper = town.helper()
    town.shift("10:00", "15:00", helper)
    before, inside, after = (town.promise(wall) for wall in ("11:00", "12:00", "14:00"))
    closed = shut(session, town, "12:00", "14:00")
    session.commit()
    assert isinstance(closed, Closed)
    assert [one.callback_id for one in closed.effect.deficits] == [inside.callback_id]
    states = [town.state(one.callback_id) for one in (before, inside, after)]
    assert states == ["promised", "deficit", "promised"]
    opened = reopen(session, town.network, closed.closure_id, now=town.now, grid=town.grid, actor=WHO)
    session.commit()
    assert isinstance(opened, Closed)
    assert [one.callback_id for one in opened.effect.covered] == [inside.callback_id]
    assert town.state(inside.callback_id) == "promised"
    assert town.choose(inside) == helper
    key = str(closed.closure_id)
    assert changes(town) == [("closed", WHO, key), ("reopened", WHO, key)]


def test_an_organisation_s_afternoon_off_leaves_the_others_at_work(session: Session, town: Town) -> None:
    town.shift("12:00", "13:00", town.helper(), town.helper())
    promised = town.promise("12:00")
    elsewhere = add_organisation(session, town.network, "Salo")
    session.commit()
    theirs = shut(session, town, "12:00", "14:00", elsewhere)
    assert isinstance(theirs, Closed)
    assert theirs.effect.deficits == ()
    ours = shut(session, town, "12:00", "14:00", town.organisation)
    assert isinstance(ours, Closed)
    assert [one.callback_id for one in ours.effect.deficits] == [promised.callback_id]


def test_what_a_closure_would_do_is_told_and_does_not_happen(session: Session, town: Town) -> None:
    town.shift("12:00", "13:00", town.helper())
    promised = town.promise("12:00")
    told = foreseen(session, lambda: shut(session, town, "12:00", "14:00"))
    session.commit()
    assert isinstance(told, Closed)
    assert [one.callback_id for one in told.effect.deficits] == [promised.callback_id]
    assert town.state(promised.callback_id) == "promised"
    assert closures_of(session, town.network, Span(town.at("00:00"), town.at("23:00"))) == ()
    assert changes(town) == []


def test_nothing_is_offered_in_a_closure_and_everything_again_after_it_is_lifted(session: Session, town: Town) -> None:
    town.shift("12:00", "15:00", town.helper())
    wish = Wish(town.network, Language.FI, Topic.PUHELIN, None)
    closed = shut(session, town, "12:00", "14:00")
    assert isinstance(closed, Closed)
    assert offer(session, wish, after=None, now=town.now, grid=town.grid) == town.at("14:00")
    reopen(session, town.network, closed.closure_id, now=town.now, grid=town.grid, actor=WHO)
    assert offer(session, wish, after=None, now=town.now, grid=town.grid) == town.at("12:00")


def test_closures_are_listed_with_their_reason_until_they_are_lifted(session: Session, town: Town) -> None:
    closed = shut(session, town, "12:00", "14:00", town.organisation)
    assert isinstance(closed, Closed)
    day = Span(town.at("00:00"), town.at("00:00", days=1))
    (card,) = closures_of(session, town.network, day)
    assert (card.id, card.reason, card.organisation_id) == (closed.closure_id, "Koulutus", town.organisation)
    assert card.during == Span(town.at("12:00"), town.at("14:00"))
    assert closures_of(session, town.network, Span(town.at("14:00"), day.ends)) == ()
    reopen(session, town.network, closed.closure_id, now=town.now, grid=town.grid, actor=WHO)
    assert closures_of(session, town.network, day) == ()
    assert [one.lifted for one in closures_of(session, town.network, day, lifted=True)] == [True]


def test_a_closure_without_length_a_past_one_and_somebody_else_s_are_refused(session: Session, town: Town) -> None:
    assert shut(session, town, "14:00", "12:00") is ShiftRefusal.NO_LENGTH
    assert shut(session, town, "08:00", "09:00") is ShiftRefusal.ENDED
    years = NewClosure(Span(town.at("08:00"), town.at("08:00") + timedelta(days=800)), "")
    trace = {"now": town.now, "grid": town.grid, "actor": WHO}
    assert close(session, town.network, years, **trace) is ShiftRefusal.TOO_LONG
    assert shut(session, town, "12:00", "14:00", 999_999) is ShiftRefusal.UNKNOWN_ORGANISATION
    closed = shut(session, town, "12:00", "14:00")
    assert isinstance(closed, Closed)
    elsewhere = add_network(session, "Toinen", now=town.now)
    assert reopen(session, elsewhere, closed.closure_id, **trace) is ShiftRefusal.NOT_FOUND
    assert isinstance(reopen(session, town.network, closed.closure_id, **trace), Closed)
    assert reopen(session, town.network, closed.closure_id, **trace) is ShiftRefusal.ALREADY_DONE
