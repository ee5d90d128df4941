"""People join, change and leave; nobody reaches further than their own role and organisation."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.people import leaving
from scheduler.people.cards import people_of, person_card
from scheduler.people.helpers import HelperChanged, Papers, change_helper, join_as_helper
from scheduler.people.persons import Identity, add_person, edit_person, give_role, sign_commitment
from scheduler.people.reach import GIVES, PeopleRefusal
from scheduler.people.role_rights import change_right, matrix_of
from tests.integration.store.conftest import FI, SV, Town
from tickets.directory import add_organisation
from tickets.network import Network
from tickets.network_hours import NetworkHours
from tickets.people import Person
from tickets.people_log import changes_of
from tickets.rights import DEFAULT, Right, Scope, may_be_given, rights_of
from tickets.tokens import Bearer, issue_token, verify_token
from tickets.vocabulary import HelperKind, Role

ACTOR = "person:1"
R = PeopleRefusal


def holder(town: Town, role: Role, organisation: int | None = None, person: int | None = None) -> Bearer:
    return Bearer(1, town.network, role, None, person, organisation, rights_of(role), NetworkHours())


def add(session: Session, town: Town, new: Identity, role: Role, who: Bearer | None = None) -> int | PeopleRefusal:
    return add_person(session, town.network, new, role, who=who, now=town.now, actor=ACTOR)


def added(session: Session, town: Town, role: Role = Role.NEUVOJA, **told: object) -> int:
    made = add(session, town, Identity(**{"name": f"Malli {next(town.numbers)}", **told}), role)  # type: ignore[arg-type]
    assert isinstance(made, int), made
    return made


def change(session: Session, town: Town, person: int, who: Bearer | None = None, **papers: object) -> HelperChanged:
    def to(known: Papers) -> Papers:
        return replace(known, **papers)  # type: ignore[arg-type]

    changed = change_helper(session, town.network, person, to, who=who, now=town.now, grid=town.grid, actor=ACTOR)
    assert isinstance(changed, HelperChanged), changed
    return changed


def person_of(town: Town, helper: int) -> int:
    ((person,),) = town.fetch("SELECT id FROM person WHERE helper_id = :h", h=helper)
    assert isinstance(person, int)
    return person


def test_whoever_joins_is_found_as_they_were_told_and_sealed_in_the_store(town: Town, session: Session) -> None:
    new = Identity("  Niilo   Neuvoja ", " Niilo@Esimerkki.FI", "040 555 0123", town.organisation)
    made = add(session, town, new, Role.NEUVOJA)
    assert isinstance(made, int)
    card = person_card(session, town.network, made)
    assert card is not None
    assert (card.name, card.email, card.phone) == ("Niilo Neuvoja", "niilo@esimerkki.fi", "+358405550123")
    row = session.get_one(Person, made)
    assert not any("iilo" in (sealed or "") for sealed in (row.name_sealed, row.email_sealed, row.phone_sealed))


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"name": "  "}, R.NO_NAME),
        ({"email": "not an address"}, R.BAD_EMAIL),
        ({"phone": "040 12"}, R.BAD_PHONE),
        ({"organisation_id": 999}, R.UNKNOWN_ORGANISATION),
        ({"email": "ANNA@esimerkki.fi"}, R.EMAIL_TAKEN),
        ({"phone": "+358 40 555 0001"}, R.PHONE_TAKEN),
        ({"phone": "+358500000001"}, R.PHONE_TAKEN),  # a helper's
    ],
)
def test_what_cannot_be_kept_of_somebody_is_told_and_nothing_is_written(
    town: Town, session: Session, told: dict[str, object], why: PeopleRefusal
) -> None:
    town.helper()
    added(session, town, email="anna@esimerkki.fi", phone="0405550001")
    before = len(session.scalars(select(Person)).all())
    assert add(session, town, Identity(**{"name": "Uusi", **told}), Role.NEUVOJA) is why  # type: ignore[arg-type]
    assert len(session.scalars(select(Person)).all()) == before


def test_an_address_is_free_again_when_its_person_has_left(town: Town, session: Session) -> None:
    old = added(session, town, email="toimisto@esimerkki.fi")
    assert isinstance(
        leaving.leave(session, town.network, old, who=None, now=town.now, grid=town.grid, actor=ACTOR), leaving.Left
    )
    new = added(session, town, email="toimisto@esimerkki.fi")
    back = leaving.come_back(session, town.network, old, who=None, now=town.now, grid=town.grid, actor=ACTOR)
    assert back is R.EMAIL_TAKEN
    assert new != old


@pytest.mark.parametrize("giver", Role)
def test_a_role_is_given_by_those_only_who_may_give_it(town: Town, session: Session, giver: Role) -> None:
    for role in Role:
        answer = add(session, town, Identity("Uusi"), role, holder(town, giver))
        if Right.KEEP_PEOPLE not in DEFAULT[giver]:
            assert answer is R.NOT_YOURS
        elif role not in GIVES[giver]:
            assert answer is R.ROLE_NOT_YOURS
        elif role in (Role.OPASTAJA, Role.DIGITUKIJA):
            assert answer is R.RINGS_BACK
        else:
            assert isinstance(answer, int)


def test_a_contact_person_keeps_the_people_of_their_own_organisation_only(town: Town, session: Session) -> None:
    other = add_organisation(session, town.network, "Parainen")
    who = holder(town, Role.YHDYSHENKILO, town.organisation)
    theirs = added(session, town, organisation_id=other)
    ours = added(session, town, organisation_id=town.organisation)
    assert add(session, town, Identity("Uusi", organisation_id=other), Role.NEUVOJA, who) is R.NOT_YOURS
    assert add(session, town, Identity("Uusi"), Role.NEUVOJA, who) is R.NOT_YOURS
    signing = {"who": who, "now": town.now, "actor": ACTOR}
    assert sign_commitment(session, town.network, theirs, town.now.date(), **signing) is R.NOT_YOURS  # type: ignore[arg-type]
    assert sign_commitment(session, town.network, ours, town.now.date(), **signing) is None  # type: ignore[arg-type]

    def move_away(known: Identity) -> Identity:
        return replace(known, organisation_id=other)

    edited = edit_person(session, town.network, ours, move_away, who=who, now=town.now, actor=ACTOR)
    assert edited is R.NOT_YOURS
    assert [card.id for card in people_of(session, who)] == [ours]


def test_a_contact_person_does_not_touch_their_organisations_coordinator(town: Town, session: Session) -> None:
    who = holder(town, Role.YHDYSHENKILO, town.organisation)
    boss = added(session, town, Role.KOORDINAATTORI, organisation_id=town.organisation)
    left = leaving.leave(session, town.network, boss, who=who, now=town.now, grid=town.grid, actor=ACTOR)
    assert left is R.ROLE_NOT_YOURS
    demoted = give_role(session, town.network, boss, Role.NEUVOJA, who=who, now=town.now, actor=ACTOR)
    assert demoted is R.ROLE_NOT_YOURS


def test_nobody_gives_themselves_a_role_or_signs_for_themselves_or_lets_themselves_leave(
    town: Town, session: Session
) -> None:
    me = added(session, town, Role.KOORDINAATTORI)
    who = holder(town, Role.KOORDINAATTORI, person=me)
    by = {"who": who, "now": town.now, "actor": ACTOR}
    assert give_role(session, town.network, me, Role.NEUVOJA, **by) is R.YOURSELF  # type: ignore[arg-type]
    assert sign_commitment(session, town.network, me, town.now.date(), **by) is R.YOURSELF  # type: ignore[arg-type]
    assert leaving.leave(session, town.network, me, grid=town.grid, **by) is R.YOURSELF  # type: ignore[arg-type]


def test_a_commitment_is_never_signed_tomorrow(town: Town, session: Session) -> None:
    person = added(session, town)
    by = {"who": None, "now": town.now, "actor": ACTOR}
    tomorrow = town.now.date() + timedelta(days=1)
    assert sign_commitment(session, town.network, person, tomorrow, **by) is R.IN_FUTURE  # type: ignore[arg-type]


def test_who_leaves_opens_no_door_and_leaves_their_cases_and_places_to_others(town: Town, session: Session) -> None:
    helper = town.helper()
    town.shift("10:00", "12:00", helper)
    promised, person = town.promise("10:00"), person_of(town, helper)
    case = town.ticket()
    town.update("ticket", case, owner_person_id=person, status="with_owner")
    token = issue_token(session, town.network, Role.OPASTAJA, now=town.now, helper_id=helper)
    own = issue_token(session, town.network, Role.OPASTAJA, now=town.now, person_id=person)
    left = leaving.leave(session, town.network, person, who=None, now=town.now, grid=town.grid, actor=ACTOR)
    session.commit()
    assert isinstance(left, leaving.Left)
    assert [lost.helper_id for lost in left.lost] == [helper]
    assert [touched.callback_id for touched in left.effect.deficits] == [promised.callback_id]
    assert town.state(promised.callback_id) == "deficit"
    assert verify_token(session, token, now=town.now) is None
    assert verify_token(session, own, now=town.now) is None
    assert town.status(case) == "with_coordinator"
    assert town.events(case)[-1] == "to_coordinator"
    assert town.fetch("SELECT kind FROM alert") == [("deficit",)]


def test_what_another_helper_can_keep_is_kept_when_one_leaves(town: Town, session: Session) -> None:
    leaver, stays = town.helper(), town.helper()
    town.shift("10:00", "12:00", leaver, stays)
    promised = town.promise("10:00")
    person = person_of(town, leaver)
    left = leaving.leave(session, town.network, person, who=None, now=town.now, grid=town.grid, actor=ACTOR)
    session.commit()
    assert isinstance(left, leaving.Left)
    assert left.effect.deficits == ()
    assert town.choose(promised) == stays


def test_a_badge_that_ends_before_the_time_puts_the_promise_into_deficit_and_a_longer_one_takes_it_out(
    town: Town, session: Session
) -> None:
    helper = town.helper(badge_expires_on=date(2026, 12, 31))
    town.shift("10:00", "12:00", helper, days=7)
    promised = town.promise("10:00", days=7)
    person = person_of(town, helper)
    lost = change(session, town, person, badge_expires_on=date(2026, 11, 30))
    assert [one.callback_id for one in lost.effect.deficits] == [promised.callback_id]
    found = change(session, town, person, badge_expires_on=date(2026, 12, 1))
    assert [one.callback_id for one in found.effect.covered] == [promised.callback_id]


def test_a_helper_who_speaks_swedish_no_more_keeps_no_swedish_promise(town: Town, session: Session) -> None:
    helper = town.helper(FI, SV)
    town.shift("10:00", "12:00", helper)
    swedish, finnish = town.promise("10:00", language=SV), town.promise("11:00")
    changed = change(session, town, person_of(town, helper), languages=(FI,))
    session.commit()
    assert [one.callback_id for one in changed.effect.deficits] == [swedish.callback_id]
    assert town.state(finnish.callback_id) == "promised"


def test_who_is_away_for_a_while_loses_the_places_but_still_signs_in(town: Town, session: Session) -> None:
    helper = town.helper()
    shift = town.shift("10:00", "12:00", helper)
    token = issue_token(session, town.network, Role.OPASTAJA, now=town.now, helper_id=helper)
    changed = change(session, town, person_of(town, helper), active=False)
    assert [lost.shift_id for lost in changed.lost] == [shift]
    assert verify_token(session, token, now=town.now) is not None


def test_a_helpers_role_follows_their_kind_unless_they_have_another(town: Town, session: Session) -> None:
    helper = town.helper(kind=HelperKind.VOLUNTEER)
    person = person_of(town, helper)
    change(session, town, person, kind=HelperKind.STAFF)
    assert session.get_one(Person, person).role is Role.DIGITUKIJA
    assert give_role(session, town.network, person, Role.OPASTAJA, who=None, now=town.now, actor=ACTOR) is R.RINGS_BACK
    assert give_role(session, town.network, person, Role.KOORDINAATTORI, who=None, now=town.now, actor=ACTOR) is None
    change(session, town, person, kind=HelperKind.VOLUNTEER)
    assert session.get_one(Person, person).role is Role.KOORDINAATTORI


def test_a_helper_joins_with_their_papers(town: Town, session: Session) -> None:
    new, papers = Identity("Aino Malli", phone="0505550009"), Papers(town.organisation, (FI,), HelperKind.VOLUNTEER)
    joined = {"who": holder(town, Role.YHDYSHENKILO, town.organisation), "now": town.now, "actor": ACTOR}
    made = join_as_helper(session, town.network, new, papers, **joined)  # type: ignore[arg-type]
    assert isinstance(made, int)
    card = person_card(session, town.network, made)
    assert card is not None
    assert card.helper is not None
    assert (card.role, card.phone, card.organisation_id) == (Role.OPASTAJA, "+358505550009", town.organisation)
    assert join_as_helper(session, town.network, new, papers, **joined) is R.PHONE_TAKEN  # type: ignore[arg-type]


def test_the_log_tells_what_was_changed_and_names_nobody(town: Town, session: Session) -> None:
    person = added(session, town, name="Salla Salainen", email="salla@esimerkki.fi")
    sign_commitment(session, town.network, person, town.now.date(), who=None, now=town.now, actor=ACTOR)
    log = changes_of(session, town.network, person_id=person)
    assert [change.kind for change in log] == ["commitment_signed", "added"]
    assert "alla" not in str(log)


@pytest.mark.parametrize("role", Role)
def test_a_coordinator_changes_the_matrix_within_what_may_be_given_and_what_they_have(
    town: Town, session: Session, role: Role
) -> None:
    who = holder(town, Role.KOORDINAATTORI)
    for right, scope in product(Right, Scope):
        usual, own = DEFAULT[role].get(right), who.may(right)
        answer = change_right(session, town.network, role, right, scope, who=who, now=town.now, actor=ACTOR)
        given = matrix_of(session, town.network)[role].get(right)
        if answer is None:
            assert given is scope
            assert may_be_given(role, right, scope)
            assert any(mine is not None and mine.covers(scope) for mine in (usual, own))
        else:
            assert given is usual
        session.rollback()


def test_the_administrator_cannot_be_shut_out_and_a_default_is_no_change(town: Town, session: Session) -> None:
    by = {"who": holder(town, Role.KOORDINAATTORI), "now": town.now, "actor": ACTOR}
    shut = change_right(session, town.network, Role.PAAKAYTTAJA, Right.EDIT_BOUNDARIES, None, **by)  # type: ignore[arg-type]
    assert shut is R.MUST_KEEP
    for scope in (None, Scope.ORGANISATION):
        assert change_right(session, town.network, Role.NEUVOJA, Right.READ_TICKETS, scope, **by) is None  # type: ignore[arg-type]
    assert session.get_one(Network, town.network).role_rights == {}


def test_a_coordinator_of_one_organisation_does_not_change_the_networks_matrix(town: Town, session: Session) -> None:
    who = holder(town, Role.KOORDINAATTORI, town.organisation)
    cell = (Role.NEUVOJA, Right.READ_RELAY, None)
    assert change_right(session, town.network, *cell, who=who, now=town.now, actor=ACTOR) is R.NOT_YOURS
