"""The rota by API: what would happen can be asked before it is done, and what was done at once is undone at once."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from admin.demo.data import DemoData
from admin.parts import Parts
from scheduler.promises import book
from scheduler.slots import Grid, instant_of, phase_of
from tests.integration.programs import Program, Rota, told, why
from tickets.intake import Matter, open_ticket
from tickets.vocabulary import Channel, Topic
from voice_prompts.language import Language

WEEKLY = {"rrule": "FREQ=WEEKLY;BYDAY=SA", "first_day": "2026-11-28", "begins": "09:00", "ends": "12:00", "most": 2}


@pytest.fixture
def rota(parts: Parts, client: FlaskClient, demo: DemoData, now: datetime) -> Rota:
    return Rota(parts, client, demo, now)


@pytest.fixture
def desk(rota: Rota) -> Program:
    return rota.coordinator()


def terms(hours: int = 3, **more: object) -> dict[str, object]:
    begins = instant(date(2026, 11, 28), "09:00")
    return {"during": {"begins": begins.isoformat(), "ends": (begins + timedelta(hours=hours)).isoformat()}, **more}


def instant(day: date, wall: str) -> datetime:
    return instant_of(day, time.fromisoformat(wall))


def promise(rota: Rota, at: datetime) -> int:
    with rota.parts.sessions.begin() as session:
        matter = Matter(rota.network, None, Channel.DESK, Language.FI, "+358505559999", "desk:1", topic=Topic.PUHELIN)
        ticket = open_ticket(session, matter, now=rota.now)
        promised = book(session, ticket.id, None, at, now=rota.now, grid=Grid())
        assert promised is not None
        return promised.callback_id


def test_a_shift_is_added_read_edited_and_cancelled(rota: Rota, desk: Program) -> None:
    key = told(desk("POST", "/shifts", **terms(needed=1, most=2)))["id"]
    edited = told(desk("PATCH", f"/shifts/{key}", **terms(2, needed=1, most=3), version=1))
    assert edited["version"] == 2
    span = "since=2026-11-28T00:00:00%2B02:00&until=2026-11-29T00:00:00%2B02:00"
    (shift,) = [one for one in told(desk("GET", f"/rota?{span}"))["shifts"] if one["id"] == key]
    assert (shift["terms"]["most"], shift["version"]) == (3, 2)
    told(desk("DELETE", f"/shifts/{key}"))
    assert key not in [one["id"] for one in told(desk("GET", f"/rota?{span}"))["shifts"]]


def test_two_coordinators_who_edit_one_shift_do_not_overwrite_each_other(desk: Program) -> None:
    key = told(desk("POST", "/shifts", **terms()))["id"]
    told(desk("PATCH", f"/shifts/{key}", **terms(needed=1, most=2), version=1))
    assert why(desk("PATCH", f"/shifts/{key}", **terms(), version=1)) == (409, "stale")


def test_what_cancelling_would_do_is_known_before_and_then_done(rota: Rota, desk: Program) -> None:
    at = instant(date(2026, 11, 28), "09:00")
    assert phase_of(at, Grid().call) == 0
    key = told(desk("POST", "/shifts", **terms(), helpers=[rota.demo.helpers[0].id]))["id"]
    callback = promise(rota, at)
    seen = told(desk("DELETE", f"/shifts/{key}?preview=true"))
    done = told(desk("DELETE", f"/shifts/{key}"))
    for answer in (seen, done):
        assert [touched["callback_id"] for touched in answer["effect"]["deficits"]] == [callback]
    assert why(desk("DELETE", f"/shifts/{key}")) == (409, "cancelled")


def test_a_week_is_previewed_published_once_and_undone(desk: Program) -> None:
    template = told(desk("POST", "/templates", name="Lauantait"))["id"]
    told(desk("POST", f"/templates/{template}/shifts", **WEEKLY))
    days = {"first": "2026-11-28", "last": "2026-12-11"}
    seen = told(desk("POST", f"/templates/{template}/publication", **days, preview=True))
    assert (seen["batch"], [one["verdict"] for one in seen["plan"]]) == (None, ["made", "made"])
    made = told(desk("POST", f"/templates/{template}/publication", **days))
    assert len(made["shifts"]) == 2
    assert told(desk("POST", f"/templates/{template}/publication", **days))["shifts"] == []
    told(desk("DELETE", f"/rota/batches/{made['batch']}"))
    assert len(told(desk("POST", f"/templates/{template}/publication", **days))["shifts"]) == 2


def test_a_template_is_changed_left_out_for_a_day_and_taken_away(desk: Program) -> None:
    template = told(desk("POST", "/templates", name="Lauantait"))["id"]
    shift = told(desk("POST", f"/templates/{template}/shifts", **WEEKLY))["id"]
    told(desk("PATCH", f"/template-shifts/{shift}", **{**WEEKLY, "begins": "10:00"}))
    told(desk("POST", f"/template-shifts/{shift}/exceptions", day="2026-12-05"))
    (card,) = [one for one in told(desk("GET", "/templates"))["templates"] if one["id"] == template]
    assert card["shifts"][0]["weekly"]["begins"].startswith("10:00")
    assert card["shifts"][0]["left_out"] == ["2026-12-05"]
    told(desk("DELETE", f"/template-shifts/{shift}"))
    days = {"first": "2026-11-28", "last": "2026-12-11"}
    assert told(desk("POST", f"/templates/{template}/publication", **days))["plan"] == []


def test_a_rule_that_cannot_be_followed_is_refused_by_its_part(desk: Program) -> None:
    template = told(desk("POST", "/templates", name="Lauantait"))["id"]
    answer = desk("POST", f"/templates/{template}/shifts", **{**WEEKLY, "rrule": "FREQ=SECONDLY"})
    assert why(answer) == (409, "too_often")
    assert "SECONDLY" in answer.text


def test_an_afternoon_is_closed_and_opened_again(rota: Rota, desk: Program) -> None:
    callback = promise(rota, instant(date(2026, 11, 25), "12:00"))
    span = {"begins": "2026-11-25T12:00:00+02:00", "ends": "2026-11-25T15:00:00+02:00"}
    seen = told(desk("POST", "/closures", during=span, reason="Koulutus", preview=True))
    assert seen["closure"] is None
    closed = told(desk("POST", "/closures", during=span, reason="Koulutus"))
    assert [one["callback_id"] for one in closed["effect"]["deficits"]] == [callback]
    lifted = told(desk("DELETE", f"/closures/{closed['closure']}"))
    assert [one["callback_id"] for one in lifted["effect"]["covered"]] == [callback]


def test_a_week_is_copied(desk: Program) -> None:
    copied = told(desk("POST", "/rota/copy", source="2026-12-07", target="2027-02-01", preview=True))
    assert {one["verdict"] for one in copied["plan"]} == {"made"}


def test_a_helpers_token_keeps_no_rota(rota: Rota) -> None:
    assert rota.helper(0)("POST", "/shifts", **terms()).status_code == 403


def test_a_moment_without_its_offset_is_refused_by_name(desk: Program) -> None:
    answer = desk("POST", "/shifts", during={"begins": "2026-11-28T09:00", "ends": "2026-11-28T12:00"})
    assert answer.status_code == 400
    assert "during.begins" in answer.text


def test_a_draft_is_offered_from_once_somebody_publishes_it(rota: Rota, desk: Program) -> None:
    helper = rota.demo.helpers[0].id
    draft = told(desk("POST", "/shifts", **terms(), draft=True))["id"]
    me, until = rota.helper(0), "2026-11-29T00:00:00+02:00"
    assert why(me("POST", f"/shifts/{draft}/places")) == (409, "not_published")
    assert told(desk("POST", "/shifts/publication", until=until, preview=True))["shifts"] == [draft]
    assert told(desk("POST", "/shifts/publication", until=until, shifts=[rota.shift]))["shifts"] == []
    assert told(desk("POST", "/shifts/publication", until=until, shifts=[draft]))["shifts"] == [draft]
    assert told(me("POST", f"/shifts/{draft}/places", helper=helper))["place"]


FAR = "since=0001-01-01T00:00:00Z&until=9999-12-31T23:59:59Z"
BACKWARDS = "since=2026-12-02T00:00:00Z&until=2026-12-01T00:00:00Z"
TOO_LARGE = 10**30


@pytest.mark.parametrize("span", [FAR, BACKWARDS])
@pytest.mark.parametrize("path", ["/rota", "/rota/shortages", "/closures", "/rota/open-starts"])
def test_a_span_that_is_none_is_refused(desk: Program, path: str, span: str) -> None:
    assert desk("GET", f"{path}?{span}").status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/rota/why-not?starts_at=9999-12-31T23:00:00Z&language=fi", {}),
        ("GET", f"/rota?{BACKWARDS.replace('-02T', '-01T')}&helper={TOO_LARGE}", {}),
        ("POST", "/shifts", terms(helpers=[TOO_LARGE])),
        ("POST", "/shifts", terms(most=TOO_LARGE)),
        ("POST", "/rota/copy", {"source": "0001-01-01", "target": "9999-12-31"}),
        ("POST", "/templates", {"name": "a\0b"}),
        ("POST", "/templates/1/shifts", {**WEEKLY, "begins": "09:00Z"}),
        ("POST", "/templates/1/shifts", {**WEEKLY, "first_day": "9999-12-31"}),
    ],
    ids=[
        *("the last day", "no helper", "no helper's place", "too many", "no week", "no name"),
        *("another wall", "the last year"),
    ],
)
def test_what_cannot_be_kept_is_the_askers_mistake(desk: Program, method: str, path: str, body: dict[str, Any]) -> None:
    assert desk(method, path, **body).status_code == 400


def test_a_shift_that_begins_at_five_past_is_offered_from(rota: Rota, desk: Program) -> None:
    begins, ends = (instant(date(2026, 11, 28), wall).isoformat() for wall in ("09:05", "12:05"))
    told(desk("POST", "/shifts", during={"begins": begins, "ends": ends}, helpers=[rota.demo.helpers[0].id]))
    span = "since=2026-11-28T00:00:00%2B02:00&until=2026-11-29T00:00:00%2B02:00"
    starts = [
        datetime.fromisoformat(one["starts_at"]) for one in told(desk("GET", f"/rota/open-starts?{span}"))["starts"]
    ]
    assert starts == [instant(date(2026, 11, 28), wall) for wall in ("09:15", "10:15")]


def test_nobody_comes_into_a_new_shift_who_could_not_be_given_a_place_in_it(rota: Rota, desk: Program) -> None:
    finnish = next(one for one in rota.demo.helpers if Language.SV not in one.languages).id
    assert why(desk("POST", "/shifts", **terms(language="sv", helpers=[finnish]))) == (409, "wrong_language")
    assert why(desk("POST", "/shifts", **terms(needed=0, most=0, helpers=[finnish]))) == (409, "full")
    span = "since=2026-11-28T00:00:00%2B02:00&until=2026-11-29T00:00:00%2B02:00"
    assert [one["id"] for one in told(desk("GET", f"/rota?{span}"))["shifts"]] == [rota.shift]


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"most": 99999999999}, 400),
        ({"call_minutes": 10**12}, 400),
        ({"call_minutes": 50}, 400),
        ({"call_minutes": 240}, 409),
    ],
)
def test_numbers_that_make_no_shift_are_refused(desk: Program, more: dict[str, int], status: int) -> None:
    assert desk("POST", "/shifts", **terms(**more)).status_code == status


def test_no_shift_is_laid_in_the_past(desk: Program) -> None:
    during = {"begins": "2026-11-20T09:00:00+02:00", "ends": "2026-11-20T12:00:00+02:00"}
    assert why(desk("POST", "/shifts", during=during)) == (409, "ended")


def test_what_is_no_json_is_said_plainly(rota: Rota, client: FlaskClient, desk: Program) -> None:
    answer = client.post("/api/v1/shifts", data="{", headers={"Authorization": f"Bearer {desk.token}"})
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["detail"].startswith("Invalid JSON")


def test_a_template_is_renamed_and_removed_and_its_name_is_free_again(desk: Program) -> None:
    weeks = [told(desk("POST", "/templates", name=name))["id"] for name in ("Talvi", "Kesä")]
    assert why(desk("PATCH", f"/templates/{weeks[0]}", name="Kesä")) == (409, "name_taken")
    told(desk("PATCH", f"/templates/{weeks[0]}", name="Syksy"))
    told(desk("DELETE", f"/templates/{weeks[1]}"))
    names = [one["name"] for one in told(desk("GET", "/templates"))["templates"]]
    assert "Syksy" in names
    assert not {"Talvi", "Kesä"} & set(names)
    assert why(desk("DELETE", f"/templates/{weeks[1]}"))[0] == 404
    assert why(desk("PATCH", f"/templates/{weeks[1]}", name="Kevät"))[0] == 404
    told(desk("POST", "/templates", name="Kesä"))
