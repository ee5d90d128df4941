"""The rota of a stretch of time, as screens and the API show it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from scheduler.rota.editing import cancel_shift
from scheduler.rota.listing import ShiftCard, rota_of, shift_card
from scheduler.rota.shifts import NewShift, add_shift
from scheduler.slots import Grid, Span
from tickets.directory import add_network, add_organisation
from voice_prompts.language import Language

if TYPE_CHECKING:
    from tests.integration.store.conftest import Town


def rota(session: Session, town: Town, begins: str = "00:00", ends: str = "23:59", **asked) -> list[int]:
    span = Span(town.at(begins), town.at(ends))
    return [card.id for card in rota_of(session, town.network, span, **asked)]


def card_of(session: Session, town: Town, shift: int) -> ShiftCard:
    card = shift_card(session, town.network, shift)
    assert card is not None
    return card


def test_a_shift_shows_who_is_in_it_what_is_open_and_who_waits(
    session: Session, town: Town, statements: list[str]
) -> None:
    first, second, waiting = town.helper(), town.helper(), town.helper()
    shift = town.shift("10:00", "12:00", first, second)
    town.update("shift", shift, most=4, needed=3)
    with town.sessions.begin() as other:
        other.connection().exec_driver_sql(
            "INSERT INTO shift_wait (shift_id, helper_id, asked_at, state) VALUES (%s, %s, %s, 'waiting')",
            (shift, waiting, town.now),
        )
    statements.clear()
    (card,) = rota_of(session, town.network, Span(town.at("00:00"), town.at("23:59")))
    assert len(statements) == 1
    assert [place.helper_id for place in card.places] == [first, second]
    assert (card.free, card.missing, card.waiting) == (2, 1, (waiting,))
    assert card.terms.during == Span(town.at("10:00"), town.at("12:00"))
    assert card == card_of(session, town, shift)


def test_who_left_is_in_no_place_and_more_than_enough_leaves_nothing_free(session: Session, town: Town) -> None:
    shift = town.shift("10:00", "12:00", town.helper(), town.helper())
    town.update("shift", shift, most=1)
    assert (card_of(session, town, shift).free, card_of(session, town, shift).missing) == (0, 0)


def test_a_span_shows_what_touches_it_the_earliest_first(session: Session, town: Town) -> None:
    late, early, night = (
        town.shift("14:00", "15:00"),
        town.shift("10:00", "12:00"),
        town.shift("12:00", "13:00", days=1),
    )
    assert rota(session, town) == [early, late]
    assert rota(session, town, "12:00", "14:00") == [], "what ends or begins at its edge does not touch it"
    assert rota(session, town, "11:59", "14:01") == [early, late]
    span = Span(town.at("00:00"), town.at("00:00") + timedelta(days=2))
    assert [card.id for card in rota_of(session, town.network, span)] == [early, late, night]


def test_drafts_and_cancelled_shifts_are_shown_to_those_who_ask(session: Session, town: Town) -> None:
    draft, gone = town.shift("10:00", "12:00", published=False), town.shift("13:00", "14:00")
    cancel_shift(session, town.network, gone, now=town.now, grid=town.grid, actor="coordinator:liisa")
    assert rota(session, town) == [draft]
    assert rota(session, town, drafts=False) == []
    assert rota(session, town, cancelled=True) == [draft, gone]
    assert card_of(session, town, gone).cancelled


def test_an_organisation_sees_its_own_and_the_pooled_shifts_and_a_helper_their_own(
    session: Session, town: Town
) -> None:
    helper = town.helper()
    pooled = town.shift("10:00", "12:00", helper)
    elsewhere = add_organisation(session, town.network, "Salo")
    during = Span(town.at("12:00"), town.at("13:00"))
    theirs = NewShift(during, organisation_id=elsewhere, language=Language.SV)
    ours = replace(theirs, organisation_id=town.organisation)
    keys = [add_shift(session, town.network, new, now=town.now, grid=Grid()) for new in (theirs, ours)]
    assert rota(session, town, organisation_id=town.organisation) == [pooled, keys[1]]
    assert rota(session, town, organisation_id=elsewhere) == [pooled, keys[0]]
    assert rota(session, town, helper_id=helper) == [pooled]
    assert rota(session, town) == [pooled, *keys]


def test_another_network_s_rota_is_not_shown(session: Session, town: Town) -> None:
    shift = town.shift("10:00", "12:00", town.helper())
    elsewhere = add_network(session, "Toinen", now=town.now)
    assert rota_of(session, elsewhere, Span(town.at("00:00"), town.at("23:59"))) == ()
    assert shift_card(session, elsewhere, shift) is None
