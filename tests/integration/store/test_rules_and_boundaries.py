"""What a network agrees on: its rules, who takes which topic, whom its organisations serve; and papers that run out."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from scheduler.alerts import alerts_of
from scheduler.boundaries import Stance
from scheduler.people.expiring import note_expiring
from scheduler.people.organisations import Area, change_organisation, open_organisation, set_boundaries
from scheduler.people.reach import PeopleRefusal
from scheduler.people.rules import (
    NewRules,
    RulesChanged,
    accept_rules,
    acceptances_of,
    ask_from,
    publish_rules,
    rules_of,
)
from scheduler.rota.effects import Effect, foreseen
from scheduler.rota.places import take_place
from tests.integration.store.conftest import Town
from tickets.board import Notice, board_of, pinned_on, put_up
from tickets.directory import add_organisation
from tickets.network_hours import NetworkHours
from tickets.rights import rights_of
from tickets.tokens import Bearer
from tickets.vocabulary import HelperKind, Role, Topic

ACTOR = "person:1"
NEXT_WEEK = date(2026, 12, 1)
R = PeopleRefusal


def publish(session: Session, town: Town, required_from: date | None = None) -> RulesChanged:
    new = NewRules("Soitamme aina luvatulla hetkellä.", "Vi ringer alltid i tid.", required_from)
    made = publish_rules(session, town.network, new, who=None, now=town.now, grid=town.grid, actor=ACTOR)
    assert isinstance(made, RulesChanged), made
    return made


def helpers_bearer(town: Town, helper: int) -> Bearer:
    ((person,),) = town.fetch("SELECT id FROM person WHERE helper_id = :h", h=helper)
    assert isinstance(person, int)
    role = Role.OPASTAJA
    return Bearer(1, town.network, role, helper, person, town.organisation, rights_of(role), NetworkHours())


def accept(session: Session, town: Town, helper: int, version: int) -> RulesChanged | PeopleRefusal:
    who = helpers_bearer(town, helper)
    return accept_rules(session, who, version, now=town.now, grid=town.grid, actor=f"helper:{helper}")


def ids(touched: tuple[object, ...]) -> list[int]:
    return [one.callback_id for one in touched]  # type: ignore[attr-defined]


def test_new_rules_bind_from_their_day_and_accepting_them_keeps_the_promises(town: Town, session: Session) -> None:
    helper = town.helper()
    town.shift("10:00", "12:00", helper, days=6)
    town.shift("10:00", "12:00", helper, days=7)
    before, after = town.promise("10:00", days=6), town.promise("10:00", days=7)
    made = publish(session, town, NEXT_WEEK)
    assert ids(made.effect.deficits) == [after.callback_id]
    taken = accept(session, town, helper, made.version)
    assert isinstance(taken, RulesChanged)
    assert ids(taken.effect.covered) == [after.callback_id]
    session.commit()
    assert [town.state(one.callback_id) for one in (before, after)] == ["promised", "promised"]


def test_rules_that_are_not_asked_for_touch_nothing(town: Town, session: Session) -> None:
    helper = town.helper()
    town.shift("10:00", "12:00", helper)
    town.promise("10:00")
    assert publish(session, town).effect == Effect()


def test_a_newer_version_asks_anew_and_the_older_one_cannot_be_accepted_any_more(town: Town, session: Session) -> None:
    helper = town.helper()
    first = publish(session, town, NEXT_WEEK)
    accept(session, town, helper, first.version)
    second = publish(session, town, NEXT_WEEK + timedelta(days=7))
    session.commit()
    assert accept(session, town, helper, first.version) is R.NOT_THE_NEWEST
    due = town.fetch("SELECT rules_due_on FROM helper WHERE id = :h", h=helper)
    assert due == [(NEXT_WEEK + timedelta(days=7),)]
    assert [card.version for card in rules_of(session, town.network)] == [second.version, first.version]


def test_accepting_twice_is_one_line_in_the_log(town: Town, session: Session) -> None:
    helper = town.helper()
    version = publish(session, town, NEXT_WEEK).version
    accept(session, town, helper, version)
    accept(session, town, helper, version)
    assert len(acceptances_of(session, town.network, version)) == 1
    assert [card.accepted for card in rules_of(session, town.network)] == [1]


def test_a_program_accepts_nothing(town: Town, session: Session) -> None:
    version = publish(session, town).version
    who = Bearer(1, town.network, Role.JASEN, None, None, None, rights_of(Role.JASEN), NetworkHours())
    assert accept_rules(session, who, version, now=town.now, grid=town.grid, actor=ACTOR) is R.A_PROGRAM


def test_a_requirement_that_is_put_off_takes_its_promises_out_of_deficit(town: Town, session: Session) -> None:
    helper = town.helper()
    town.shift("10:00", "12:00", helper, days=7)
    promised = town.promise("10:00", days=7)
    version = publish(session, town, NEXT_WEEK).version
    by = {"who": None, "now": town.now, "grid": town.grid, "actor": ACTOR}
    lifted = ask_from(session, town.network, version, None, **by)  # type: ignore[arg-type]
    assert isinstance(lifted, RulesChanged)
    assert ids(lifted.effect.covered) == [promised.callback_id]
    yesterday = town.now.date() - timedelta(days=1)
    assert ask_from(session, town.network, version, yesterday, **by) is R.IN_PAST  # type: ignore[arg-type]


def test_who_joins_after_rules_are_asked_for_accepts_them_before_they_take_a_place(
    town: Town, session: Session
) -> None:
    version = publish(session, town, town.now.date()).version
    session.commit()
    helper = town.helper()
    shift = town.shift("10:00", "12:00", days=1)

    def take() -> object:
        by = {"now": town.now, "grid": town.grid, "actor": f"helper:{helper}"}
        return take_place(session, town.network, shift, helper, **by).refusal  # type: ignore[arg-type]

    assert take() == "rules_not_accepted"
    accept(session, town, helper, version)
    assert take() is None


def test_what_a_new_requirement_would_break_can_be_seen_before_and_leaves_nothing(town: Town, session: Session) -> None:
    helper = town.helper()
    town.shift("10:00", "12:00", helper, days=7)
    promised = town.promise("10:00", days=7)
    seen = foreseen(session, lambda: publish(session, town, NEXT_WEEK))
    session.commit()
    assert ids(seen.effect.deficits) == [promised.callback_id]
    assert town.state(promised.callback_id) == "promised"
    assert rules_of(session, town.network) == ()


def test_a_topic_that_volunteers_take_no_more_is_in_deficit_where_only_volunteers_are(
    town: Town, session: Session
) -> None:
    town.shift("10:00", "12:00", town.helper())
    town.shift("10:00", "12:00", town.helper(kind=HelperKind.STAFF), days=1)
    lost, kept = town.promise("10:00", topic=Topic.KELA), town.promise("10:00", days=1, topic=Topic.KELA)
    changes = {HelperKind.VOLUNTEER: {Topic.KELA: Stance.REFERS}}
    by = {"who": None, "now": town.now, "grid": town.grid, "actor": ACTOR}
    effect = set_boundaries(session, town.network, None, changes, **by)  # type: ignore[arg-type]
    assert isinstance(effect, Effect)
    assert ids(effect.deficits) == [lost.callback_id]
    session.commit()
    assert town.state(kept.callback_id) == "promised"
    again = set_boundaries(
        session, town.network, town.organisation, {HelperKind.VOLUNTEER: {Topic.KELA: Stance.GUIDES}}, **by
    )  # type: ignore[arg-type]
    assert isinstance(again, Effect)
    assert ids(again.covered) == [lost.callback_id]


def test_a_municipality_that_is_served_no_more_is_rung_by_others_or_by_nobody(town: Town, session: Session) -> None:
    town.shift("10:00", "12:00", town.helper())
    promised = town.promise("10:00", municipality="853")

    def elsewhere(known: Area) -> Area:
        return replace(known, serves=("445",))

    by = {"who": None, "now": town.now, "grid": town.grid, "actor": ACTOR}
    effect = change_organisation(session, town.network, town.organisation, elsewhere, **by)  # type: ignore[arg-type]
    assert isinstance(effect, Effect)
    assert ids(effect.deficits) == [promised.callback_id]


@pytest.mark.parametrize(
    ("area", "why"),
    [
        (Area(" "), R.NO_NAME),
        (Area("Turku"), R.NAME_TAKEN),
        (Area("Uusi", serves=("999",)), R.UNKNOWN_MUNICIPALITY),
        (Area("Uusi", agreed=("turku",)), R.UNKNOWN_MUNICIPALITY),
    ],
)
def test_an_organisation_that_cannot_be_is_refused_by_name(
    town: Town, session: Session, area: Area, why: PeopleRefusal
) -> None:
    assert open_organisation(session, town.network, area, who=None, now=town.now, actor=ACTOR) is why


def test_a_coordinator_of_one_organisation_says_nothing_for_another_or_for_all(town: Town, session: Session) -> None:
    other = add_organisation(session, town.network, "Parainen")
    rights = rights_of(Role.KOORDINAATTORI)
    who = Bearer(1, town.network, Role.KOORDINAATTORI, None, 1, town.organisation, rights, NetworkHours())
    by = {"who": who, "now": town.now, "grid": town.grid, "actor": ACTOR}
    assert set_boundaries(session, town.network, None, {}, **by) is R.NOT_YOURS  # type: ignore[arg-type]
    assert set_boundaries(session, town.network, other, {}, **by) is R.NOT_YOURS  # type: ignore[arg-type]
    assert set_boundaries(session, town.network, town.organisation, {}, **by) == Effect()  # type: ignore[arg-type]
    new = NewRules("Säännöt")
    assert publish_rules(session, town.network, new, **by) is R.NOT_YOURS  # type: ignore[arg-type]


def test_a_badge_that_runs_out_within_a_month_is_told_once_and_is_over_when_it_is_renewed(
    town: Town, session: Session
) -> None:
    soon = town.helper(badge_expires_on=town.now.date() + timedelta(days=30))
    town.helper(badge_expires_on=town.now.date() + timedelta(days=31))
    town.helper()
    note_expiring(session, now=town.now)
    note_expiring(session, now=town.now + timedelta(hours=1))
    (alert,) = alerts_of(session, town.network)
    assert (alert.kind, alert.helper_id, alert.due_on) == ("badge", soon, town.now.date() + timedelta(days=30))
    session.commit()
    town.update("helper", soon, badge_expires_on=town.now.date() + timedelta(days=365))
    note_expiring(session, now=town.now + timedelta(days=1))
    assert [one.kind for one in alerts_of(session, town.network) if one.helper_id == soon] == []


def test_how_soon_a_badge_runs_out_is_reckoned_by_the_day_in_helsinki(town: Town, session: Session) -> None:
    after_midnight = town.at("00:30", 1)  # in UTC it is the day before
    soon = town.helper(badge_expires_on=town.now.date() + timedelta(days=31))
    note_expiring(session, now=after_midnight)
    assert [alert.helper_id for alert in alerts_of(session, town.network)] == [soon]


def test_what_is_pinned_stands_above_until_its_day_is_over(town: Town, session: Session) -> None:
    today = town.now.date()
    by = {"person_id": None, "now": town.now, "actor": ACTOR}
    pinned = put_up(session, town.network, Notice("Tärkeää", "…", today), **by)  # type: ignore[arg-type]
    plain = put_up(session, town.network, Notice("Muuta", "…"), **by)  # type: ignore[arg-type]
    assert [card.id for card in pinned_on(session, town.network, today)] == [pinned]
    assert [card.id for card in board_of(session, town.network, today)] == [plain]
    tomorrow = today + timedelta(days=1)
    assert pinned_on(session, town.network, tomorrow) == ()
    assert [card.id for card in board_of(session, town.network, tomorrow, limit=1)] == [plain]
    assert [card.id for card in board_of(session, town.network, tomorrow, before=plain)] == [pinned]
