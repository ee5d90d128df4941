"""What the line remembers when it chooses who rings: who sat unused, who knows the case, who is near, who has helped others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from tests.integration.store.rota import Rota
from tickets.directory import NewHelper, add_helper, add_organisation
from tickets.vocabulary import HelperKind, Topic
from voice_prompts.language import Language

if TYPE_CHECKING:
    from scheduler.promises import Promise
    from tests.integration.store.conftest import Town

TURKU, KAARINA, SALO, NAANTALI = "853", "202", "734", "529"


def test_who_has_had_a_call_leaves_the_next_to_who_has_not(town: Town) -> None:
    first, second = town.helper(), town.helper()
    town.shift("10:00", "12:00", first, second)
    assert _rung_by(town, town.promise("10:00")) == first
    assert town.choose(town.promise("11:00")) == second


def test_a_long_place_with_few_starts_is_not_more_duty_than_a_short_one_with_as_many(town: Town) -> None:
    short, long = town.helper(), town.helper()
    town.shift("09:30", "11:30", short)  # two starts
    town.shift("10:30", "12:30", town.helper(), minutes=30)
    town.shift("09:00", "12:00", long, minutes=90)  # two starts as well
    town.shift("12:30", "13:30", short, long)
    assert town.choose(town.promise("12:30")) == short


def test_the_helper_who_knows_the_caller_rings_about_the_next_matter_too(town: Town) -> None:
    other, knows = town.helper(), town.helper()
    town.shift("10:00", "11:00", knows)
    town.shift("11:00", "12:00", other, knows)
    caller = "+358401234567"
    assert _rung_by(town, town.promise("10:00", caller=caller)) == knows
    assert town.choose(town.promise("11:00", caller=caller, topic=Topic.TIETOKONE)) == knows


def test_a_caller_is_rung_from_home_and_a_swedish_speaker_is_spared_all_the_same(town: Town) -> None:
    away, home = _neighbour(town, "Salo", SALO), town.helper()
    town.shift("10:00", "12:00", away, home)
    assert town.choose(town.promise("10:00", municipality=TURKU)) == home
    swede = town.helper(Language.FI, Language.SV)
    town.shift("13:00", "14:00", away, swede)
    assert town.choose(town.promise("13:00", municipality=TURKU)) == away


@pytest.mark.parametrize("has_given", [True, False])
def test_of_two_neighbours_the_one_who_has_given_less_help_is_asked(town: Town, has_given: bool) -> None:
    salo, kaarina = _neighbour(town, "Salo", SALO), _neighbour(town, "Kaarina", KAARINA)
    town.shift("10:00", "11:00", salo)
    town.shift("13:00", "14:00", kaarina)  # as much duty, and as many calls
    town.shift("14:00", "15:00", salo, kaarina)
    _rung_by(town, town.promise("10:00", municipality=TURKU if has_given else SALO))
    _rung_by(town, town.promise("13:00", municipality=KAARINA))
    assert town.choose(town.promise("14:00", municipality=NAANTALI)) == (kaarina if has_given else salo)


def _neighbour(town: Town, name: str, own: str) -> int:
    number = next(town.numbers)
    new = NewHelper(f"Auttaja {number}", f"+35850{number:07}", (Language.FI,), HelperKind.VOLUNTEER)
    with town.sessions.begin() as session:
        organisation = add_organisation(session, town.network, name, serves=[own], agreed=[TURKU, NAANTALI])
        return add_helper(session, organisation, new, now=town.now)


def _rung_by(town: Town, promised: Promise) -> int:
    """The helper who takes this promise."""
    return town.taken(promised).helper_id


def test_a_promise_that_finds_its_helper_only_at_the_choice_says_so_in_its_log(town: Town) -> None:
    helper = town.helper()
    town.shift("10:00", "11:00", helper)
    promise = town.promise("10:00")
    with town.sessions.begin() as session:
        session.execute(text("UPDATE callback SET state = 'deficit' WHERE id = :id"), {"id": promise.callback_id})
    assert town.choose(promise) == helper
    with town.sessions() as session:
        rows = session.execute(text("SELECT kind FROM ticket_event ORDER BY id DESC LIMIT 2"))
        assert {row.kind for row in rows} == {"covered", "helper_chosen"}


def test_who_is_on_the_phone_is_promised_to_nobody_else_whatever_the_rota_says_since(town: Town) -> None:
    one = town.helper()
    town.shift("10:00", "12:00", one)
    town.taken(town.promise("10:00"))
    town.now = town.at("10:05")
    rota = Rota(town)
    rota.release(rota.place(one))
    later = town.shift("10:30", "12:30")
    assert rota.give(later, one, override=True).refusal is None
    assert town.book("10:30", town.ticket()) is None
    assert town.choose(town.promise("11:30")) == one
