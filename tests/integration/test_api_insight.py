"""What a coordinator's program can ask: what needs me, who waits, who must not fall ill, why not this time."""

from datetime import date, datetime

import pytest
from flask.testing import FlaskClient

from admin.demo.data import DemoData
from admin.parts import Parts
from scheduler.slots import instant_of
from tests.integration.programs import SATURDAY, Program, Rota, told, why
from tests.integration.test_api_rota import promise, terms

SATURDAYS = "since=2026-11-28T00:00:00%2B02:00&until=2026-11-29T00:00:00%2B02:00"
NINE = "2026-11-28T09:00:00%2B02:00"


@pytest.fixture
def rota(parts: Parts, client: FlaskClient, demo: DemoData, now: datetime) -> Rota:
    return Rota(parts, client, demo, now)


@pytest.fixture
def desk(rota: Rota) -> Program:
    return rota.coordinator()


def test_a_broken_promise_is_an_alert_until_somebody_has_seen_it(rota: Rota, desk: Program) -> None:
    helper = rota.demo.helpers[0].id
    key = told(desk("POST", "/shifts", **terms(), helpers=[helper]))["id"]
    callback = promise(rota, instant_of(date(2026, 11, 28), datetime.min.time().replace(hour=9)))
    points = told(desk("GET", f"/rota/single-points?{SATURDAYS}"))["points"]
    assert [(point["helper"]["helper"], point["lost"]) for point in points] == [(helper, [callback])]
    told(desk("DELETE", f"/shifts/{key}"))
    assert [one["callback_id"] for one in told(desk("GET", "/deficits"))["deficits"]] == [callback]
    (alert,) = told(desk("GET", "/alerts"))["alerts"]
    assert alert["kind"] == "deficit"
    told(desk("POST", f"/alerts/{alert['id']}/seen"))
    assert told(desk("GET", "/alerts"))["alerts"] == []
    assert [one["id"] for one in told(desk("GET", "/alerts?seen=true"))["alerts"]] == [alert["id"]]
    assert why(desk("POST", f"/alerts/{alert['id']}/seen")) == (404, "not_found")


def test_why_a_time_is_not_offered_has_an_answer(rota: Rota, desk: Program) -> None:
    ask = f"/rota/why-not?starts_at={NINE}&language=fi"
    assert told(desk("GET", ask))["answer"]["why"] == "nobody"
    finnish = next(helper for helper in rota.demo.helpers if [str(one) for one in helper.languages] == ["fi"])
    told(desk("POST", "/shifts", **terms(), helpers=[finnish.id]))
    assert told(desk("GET", ask))["answer"]["why"] is None
    callback = promise(rota, instant_of(date(2026, 11, 28), datetime.min.time().replace(hour=9)))
    answer = told(desk("GET", ask))["answer"]
    assert (answer["why"], answer["helpers"]) == ("blocked", [finnish.id])
    assert callback in answer["callbacks"]


def test_which_callers_could_be_offered_which_starts_is_one_question(rota: Rota, desk: Program) -> None:
    finnish = next(helper for helper in rota.demo.helpers if [str(one) for one in helper.languages] == ["fi"])
    told(desk("POST", "/shifts", **terms(), helpers=[finnish.id]))
    starts = told(desk("GET", f"/rota/open-starts?{SATURDAYS}"))["starts"]
    assert len(starts) == 3
    assert {kind["language"] for start in starts for kind in start["callers"]} == {"fi"}
    assert why(desk("GET", "/rota/open-starts?since=2026-01-01T00:00:00Z&until=2027-01-01T00:00:00Z"))[0] == 400


def test_nobody_waits_while_there_are_times(rota: Rota, desk: Program) -> None:
    assert SATURDAY.days == 4
    assert told(desk("GET", "/waiting"))["waiting"] == []
