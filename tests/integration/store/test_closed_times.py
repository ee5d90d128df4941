"""Where the network, or an organisation of it, rings nobody, nothing is promised."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from scheduler.coverage import lock_slots, recheck
from scheduler.promises import Wish, offer
from scheduler.rota.shifts import NewShift, add_shift
from scheduler.slots import Grid, Span
from tickets.directory import NewHelper, add_helper, add_network, add_organisation
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language

if TYPE_CHECKING:
    from tests.integration.store.conftest import Town


def test_nothing_is_offered_inside_a_closure_and_its_end_is_open_again(session: Session, town: Town) -> None:
    town.shift("10:00", "15:00", town.helper())
    town.close("11:00", "13:00")
    assert _all_offers(session, town) == [town.at("10:00"), town.at("13:00"), town.at("14:00")]


def test_a_closure_that_was_lifted_closes_nothing(session: Session, town: Town) -> None:
    town.shift("10:00", "12:00", town.helper())
    town.update("closure", town.close("10:00", "12:00"), lifted_at=town.now)
    assert _offer(session, town) == town.at("10:00")


def test_an_organisation_that_is_closed_leaves_the_others_on_duty(session: Session, town: Town) -> None:
    town.shift("10:00", "11:00", town.helper())
    with town.sessions.begin() as other:
        association = add_organisation(other, town.network, "Digitalkoot", serves=[])
        new = NewHelper("Auttaja", "+358509999999", (Language.FI,), HelperKind.VOLUNTEER)
        guest = add_helper(other, association, new, now=town.now)
    town.shift("12:00", "13:00", guest)
    town.close("09:00", "15:00", town.organisation)
    assert _all_offers(session, town) == [town.at("12:00")]

    with town.sessions.begin() as other:
        # A place in the closed organisation's own shift is closed too, whoever sits in it.
        during = Span(town.at("13:00"), town.at("14:00"))
        add_shift(
            other,
            town.network,
            NewShift(during, 0, organisation_id=town.organisation),
            now=town.now,
            helpers=[guest],
            grid=Grid(),
        )
    assert _all_offers(session, town) == [town.at("12:00")]


def test_a_closure_of_another_network_closes_nothing_here(session: Session, town: Town) -> None:
    town.shift("10:00", "12:00", town.helper())
    closure = town.close("09:00", "15:00")
    with town.sessions.begin() as other:
        elsewhere = add_network(other, "Muu seutu", now=town.now)
    town.update("closure", closure, network_id=elsewhere)
    assert _offer(session, town) == town.at("10:00")


def test_a_closed_day_does_not_count_as_a_day_of_the_booking_window(
    session: Session, town: Town, statements: list[str]
) -> None:
    town.shift("10:00", "11:00", town.helper(), days=14)  # the eleventh working day, Independence Day being a Sunday
    assert _offer(session, town) is None
    town.close("08:00", "12:00")
    town.close("12:00", "16:00")  # two halves make a day
    statements.clear()
    assert _offer(session, town) == town.at("10:00", 14)
    assert len(statements) <= 3


def test_promises_in_a_new_closure_are_in_deficit_until_it_is_lifted(session: Session, town: Town) -> None:
    town.shift("10:00", "12:00", town.helper())
    promised = town.promise("10:00")
    closure = town.close("09:00", "12:00")
    assert _recheck(town, promised.starts_at) == (promised.callback_id,)
    assert town.state(promised.callback_id) == "deficit"
    town.update("closure", closure, lifted_at=town.now)
    assert _recheck(town, promised.starts_at) == ()
    assert town.state(promised.callback_id) == "promised"


def _offer(session: Session, town: Town, after: datetime | None = None) -> datetime | None:
    return offer(session, Wish(town.network, Language.FI, None, None), after=after, now=town.now, grid=town.grid)


def _all_offers(session: Session, town: Town) -> list[datetime]:
    offered: list[datetime] = []
    while (start := _offer(session, town, offered[-1] if offered else None)) is not None:
        offered.append(start)
    return offered


def _recheck(town: Town, start: datetime) -> tuple[int, ...]:
    with town.sessions.begin() as session:
        lock_slots(session, town.network, [start])
        return recheck(session, town.network, [start], now=town.now, grid=town.grid)
