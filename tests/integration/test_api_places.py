"""Places by API: helpers act for themselves, coordinators for anybody of their own network, and refusals say why."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from admin.demo.data import DemoData
from admin.parts import Parts
from tests.integration.programs import SATURDAY, Program, Rota, told, why
from tickets.directory import NewHelper, add_helper, add_network, add_organisation
from tickets.tokens import issue_token
from tickets.vocabulary import HelperKind, Role
from voice_prompts.language import Language


@pytest.fixture
def rota(parts: Parts, client: FlaskClient, demo: DemoData, now: datetime) -> Rota:
    return Rota(parts, client, demo, now)


def test_a_helper_sees_an_opening_takes_it_and_it_is_theirs(rota: Rota) -> None:
    me = rota.helper(0)
    assert rota.shift in [opening["shift_id"] for opening in told(me("GET", "/openings"))["places"]]
    place = told(me("POST", f"/shifts/{rota.shift}/places"))["place"]
    assert place in [held["id"] for held in told(me("GET", "/own-rota"))["places"]]
    assert rota.changes()[-1] == ("place_taken", f"helper:{rota.demo.helpers[0].id}")


def test_the_second_helper_hears_that_it_is_full_and_may_wait_for_it(rota: Rota) -> None:
    first, second = rota.helper(0), rota.helper(1)
    place = told(first("POST", f"/shifts/{rota.shift}/places"))["place"]
    assert why(second("POST", f"/shifts/{rota.shift}/places")) == (409, "full")
    told(second("POST", f"/shifts/{rota.shift}/waits"))
    assert [wait["position"] for wait in told(second("GET", "/own-rota"))["waits"]] == [1]
    told(first("DELETE", f"/places/{place}"))
    assert [held["shift_id"] for held in told(second("GET", "/own-rota"))["places"]].count(rota.shift) == 1


def test_a_place_is_offered_and_taken_once(rota: Rota) -> None:
    giver, taker, late = rota.helper(0), rota.helper(1), rota.helper(2)
    place = told(giver("POST", f"/shifts/{rota.shift}/places"))["place"]
    told(giver("POST", f"/places/{place}/swap"))
    assert place in [offered["swap_place_id"] for offered in told(taker("GET", "/openings"))["swaps"]]
    told(taker("POST", f"/places/{place}/taker"))
    assert why(late("POST", f"/places/{place}/taker")) == (409, "not_offered")


def test_whoever_is_too_late_to_leave_is_told_so_and_a_coordinator_can_still(rota: Rota) -> None:
    rota.shift = rota.add_shift(timedelta(hours=11))
    me, desk = rota.helper(0), rota.coordinator()
    helper = rota.demo.helpers[0].id
    place = told(desk("POST", f"/shifts/{rota.shift}/places", helper=helper, override=True))["place"]
    assert why(me("DELETE", f"/places/{place}")) == (409, "too_late")
    told(desk("DELETE", f"/places/{place}"))
    assert rota.changes()[-1][0] == "place_dropped"


def test_a_coordinator_gives_a_place_and_sets_capacity_aside_knowingly(rota: Rota) -> None:
    desk, (one, other) = rota.coordinator(), rota.demo.helpers[:2]
    told(desk("POST", f"/shifts/{rota.shift}/places", helper=one.id))
    assert why(desk("POST", f"/shifts/{rota.shift}/places", helper=other.id)) == (409, "full")
    assert told(desk("POST", f"/shifts/{rota.shift}/places", helper=other.id, override=True))["overridden"] == ["full"]


def test_nobody_acts_for_another_helper(rota: Rota) -> None:
    me, other = rota.helper(0), rota.demo.helpers[1]
    assert why(me("POST", f"/shifts/{rota.shift}/places", helper=other.id)) == (403, "not_yours")
    assert why(me("GET", f"/own-rota?helper={other.id}")) == (403, "not_yours")


def test_nobody_reaches_into_another_network(rota: Rota) -> None:
    with rota.parts.sessions.begin() as session:
        elsewhere = add_network(session, "Toinen", now=rota.now)
        theirs = add_organisation(session, elsewhere, "Muu")
        person = NewHelper("Joku", "+358501112222", (Language.FI,), HelperKind.VOLUNTEER)
        stranger = add_helper(session, theirs, person, now=rota.now)
        token = issue_token(session, elsewhere, Role.KOORDINAATTORI, now=rota.now)
    assert why(rota.coordinator()("POST", f"/shifts/{rota.shift}/places", helper=stranger)) == (404, "not_found")
    assert why(Program(rota.client, token)("POST", f"/shifts/{rota.shift}/places", helper=stranger)) == (
        404,
        "not_found",
    )
    assert rota.changes() == [("shift_added", "line")]


def test_a_helper_says_when_they_cannot_and_how_much_they_want(rota: Rota) -> None:
    me = rota.helper(0)
    begins = rota.now + SATURDAY
    span = {"begins": begins.isoformat(), "ends": (begins + timedelta(days=1)).isoformat()}
    place = told(me("POST", f"/shifts/{rota.shift}/places"))["place"]
    said = told(me("POST", "/availability", within=span, says=[{"says": "cannot", "during": span}]))
    assert [clash["id"] for clash in said["clashes"]] == [place]
    told(me("POST", "/wishes", wished_per_week=2, most_per_week=3))
    assert told(me("GET", "/wishes"))["most_per_week"] == 3


@pytest.mark.parametrize("body", [{"most_per_week": -1}, {"most_per_weak": 1}, {"rest_minutes": "long"}])
def test_what_is_sent_wrong_is_named_and_changes_nothing(rota: Rota, body: dict[str, object]) -> None:
    me = rota.helper(0)
    answer = me("POST", "/wishes", **body)
    assert answer.status_code == 400
    assert next(iter(body)) in answer.text
    assert told(me("GET", "/wishes"))["most_per_week"] is None
