"""Where people are missing, who could come, and what stands in the way of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scheduler.rota.openings import Shortage, open_places, shortages
from scheduler.rota.places import Refusal
from scheduler.rota.wishes import Says
from scheduler.slots import Span
from tests.integration.store.rota import Rota
from tickets.directory import NewHelper, add_helper, add_network, add_organisation
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language

if TYPE_CHECKING:
    from tests.integration.store.conftest import Town

FI, SV = Language.FI, Language.SV


@pytest.fixture
def rota(town: Town) -> Rota:
    return Rota(town)


def test_a_shift_that_lacks_people_says_who_could_come_and_why_the_others_cannot(rota: Rota, town: Town) -> None:
    swedish, away, tired = town.helper(FI, SV), town.helper(FI, SV), town.helper(FI, SV)
    inactive, _finnish, _other = town.helper(SV), town.helper(), town.helper()
    town.update("helper", inactive, active=False)
    rota.says(away, Says.CANNOT, town.at("09:00", 1), town.at("12:00", 1))
    rota.take(town.shift("22:00", "23:30"), tired)
    shift = town.shift("10:00", "12:00", days=1)
    town.update("shift", shift, language="sv", needed=2, most=3)
    (short,) = [one for one in _short(rota) if one.shift.id == shift]
    assert short.could_come == (swedish,)
    assert short.why_not == {Refusal.WRONG_LANGUAGE: 2, Refusal.SAID_CANNOT: 1, Refusal.TOO_LITTLE_REST: 1}
    assert (short.shift.missing, short.shift.free) == (2, 3)


def test_only_what_is_published_needs_people_and_lies_ahead_is_short(rota: Rota, town: Town) -> None:
    town.shift("10:00", "12:00", town.helper(), days=1)  # has whom it needs
    town.shift("10:00", "12:00", days=1, published=False)
    cancelled, not_needed = town.shift("10:00", "12:00", days=1), town.shift("10:00", "12:00", days=1)
    town.update("shift", cancelled, cancelled_at=town.now)
    town.update("shift", not_needed, needed=0)
    later, sooner = town.shift("12:00", "14:00", days=1), town.shift("10:00", "12:00", days=1)
    town.shift("08:00", "09:00")
    town.shift("10:00", "12:00", days=9)
    assert [short.shift.id for short in _short(rota)] == [sooner, later]


def test_nobody_of_another_network_is_counted_and_nothing_of_it_is_listed(rota: Rota, town: Town) -> None:
    with town.sessions.begin() as session:
        elsewhere = add_network(session, "Muualla", now=town.now)
        organisation = add_organisation(session, elsewhere, "Salo")
        new = NewHelper("Vieras", "+358509999999", (FI, SV), HelperKind.VOLUNTEER)
        stranger = add_helper(session, organisation, new, now=town.now)
    town.shift("10:00", "12:00", days=1)
    (short,) = _short(rota)
    assert (short.could_come, short.why_not) == ((), {})
    with town.sessions() as session:
        assert open_places(session, elsewhere, stranger, now=town.now) == ()
        assert open_places(session, town.network, stranger, now=town.now) == ()
        span = Span(town.now, town.at("00:00", 7))
        assert shortages(session, elsewhere, span, now=town.now) == ()


def _short(rota: Rota) -> tuple[Shortage, ...]:
    town = rota.town
    with town.sessions() as session:
        return shortages(session, town.network, Span(town.at("00:00"), town.at("00:00", 7)), now=town.now)
