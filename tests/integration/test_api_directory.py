"""The directory by API: put in, changed, reviewed, found nearest, reported; stops followed in any calendar."""

import json
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar, Event
from sqlalchemy import text

from admin.demo.data import DemoData
from admin.parts import Parts
from admin.ptv import ServiceDescription
from scheduler.slots import HELSINKI
from tests.integration.programs import Program, Rota, told, why
from tickets.intake import Matter, open_ticket
from tickets.vocabulary import Channel, Topic
from voice_prompts.language import Language

POINT = {"code": "uusi", "kind": "library", "name_fi": "Uusi", "address_fi": "Mallikatu 3", "postcode": "20100"}
STOP = {
    "code": "kerho",
    "kind": "event",
    "name_fi": "Kerho",
    "place_fi": "Talo, iso; sali",
    "postcode": "20100",
    "first_day": "2026-11-25",
    "begins": "10:00",
    "ends": "12:00",
}
MATERIAL = {"code": "ohje", "kind": "guide", "title": "Ohje", "url": "https://a.example/", "language": "fi"}
ORGANISATION = "8a7f0c9e-3f52-4a55-9d1c-0d6a4c2b1e11"


@pytest.fixture
def rota(parts: Parts, client: FlaskClient, demo: DemoData, now: datetime) -> Rota:
    return Rota(parts, client, demo, now)


@pytest.fixture
def desk(rota: Rota) -> Program:
    return rota.coordinator()


def codes(answer: dict[str, list[dict[str, str]]], what: str) -> list[str]:
    return [each["code"] for each in answer[what]]


def test_a_point_is_put_in_changed_reviewed_and_retired(desk: Program) -> None:
    made = told(desk("POST", "/directory/points", **POINT))
    assert told(desk("POST", "/directory/points", **POINT, phone="02 555 0399")) == made
    (point,) = [each for each in told(desk("GET", "/directory/points"))["points"] if each["code"] == "uusi"]
    assert (point["phone"], point["municipality"], point["outcome"], point["reviewed_on"]) == (
        "+35825550399",
        "853",
        "OHJATTU_LAHI",
        "2026-11-24",
    )
    told(desk("POST", "/directory/points", **POINT, review_due="2026-11-20"))
    assert codes(told(desk("GET", "/directory/points?overdue=true")), "points") == ["uusi"]
    told(desk("POST", "/directory/points/uusi/review"))
    assert told(desk("GET", "/directory/points?overdue=true"))["points"] == []
    told(desk("DELETE", "/directory/points/uusi"))
    assert why(desk("DELETE", "/directory/points/muu")) == (404, "unknown_entry")


def test_material_is_put_in_by_an_encrypted_address_only(desk: Program) -> None:
    told(desk("POST", "/directory/materials", **MATERIAL, topics=["TURVA"]))
    assert codes(told(desk("GET", "/directory/materials?topic=TURVA&limit=200")), "materials").count("ohje") == 1
    assert why_not(desk("POST", "/directory/materials", **{**MATERIAL, "url": "http://a.example/"}))[0] == 400
    assert why(desk("POST", "/directory/materials", **MATERIAL, e_service="KISSA")) == (409, "unknown_e_service")
    told(desk("POST", "/directory/materials/ohje/review", review_due="2027-01-01"))
    told(desk("DELETE", "/directory/materials/ohje"))


def why_not(answer: object) -> tuple[int, str]:
    return answer.status_code, answer.json["detail"]  # type: ignore[attr-defined]


def test_entries_come_page_by_page(desk: Program) -> None:
    seen, query = [], "?limit=2"
    while query:
        page = told(desk("GET", f"/directory/points{query}"))
        seen += codes(page, "points")
        query = f"?limit=2&cursor={page['next']}" if page["next"] else ""
    assert seen == sorted(seen)
    assert len(seen) == 6


@pytest.mark.parametrize(
    ("wrong", "detail"),
    [
        ({"postcode": "20999"}, "no municipality has the postcode 20999"),
        ({"name_fi": None}, "say what it is called"),
        ({"address_fi": None}, "say an address, a phone or a web page"),
        ({"phone": "123456789012345678901234"}, "is no telephone number"),
        ({"serves": ["999"]}, "there is no municipality 999"),
    ],
)
def test_a_point_that_nobody_could_find_is_refused_with_the_mend(
    desk: Program, wrong: dict[str, object], detail: str
) -> None:
    status, told_why = why_not(desk("POST", "/directory/points", **{**POINT, **wrong}))
    assert status == 400
    assert detail in told_why


def test_what_is_nearest_to_a_postcode_comes_first(desk: Program) -> None:
    near = told(desk("GET", "/directory/nearby?postcode=21600&language=sv&limit=2"))
    assert [(each["name"], each["nearness"]) for each in near["points"]] == [
        ("Exempelbiblioteket i Pargas", "postcode"),
        ("Exempelbiblioteket i Åbo", "region"),
    ]
    assert [each["name"] for each in near["gatherings"]] == ["Exempelregionens digibuss", "Kom i gång med surfplattan"]
    assert near["gatherings"][1]["must_register"] is True


def test_a_gathering_is_held_called_off_and_reported(desk: Program, rota: Rota) -> None:
    told(
        desk("POST", "/directory/gatherings", **{**STOP, "first_day": "2026-11-24", "begins": "07:00", "ends": "08:00"})
    )
    told(desk("POST", "/directory/gatherings", **STOP, rrule="FREQ=WEEKLY;COUNT=2"))
    (one,) = [each for each in told(desk("GET", "/directory/gatherings"))["gatherings"] if each["code"] == "kerho"]
    assert [day["starts_at"] for day in one["next_days"]] == ["2026-11-25T08:00:00Z", "2026-12-02T08:00:00Z"]
    told(desk("POST", "/directory/gatherings/kerho/days", day="2026-11-25", called_off=True))
    assert why(desk("POST", "/directory/gatherings", **STOP, rrule="FREQ=HOURLY")) == (409, "too_often")
    held = {"people": 5, "minutes": 60, "topics": {"PUHELIN": 5}, "languages": {"sv": 5}}
    assert why(desk("POST", "/directory/gatherings/kerho/reports", day="2026-12-02", **held)) == (409, "not_held_yet")
    told(desk("POST", "/directory/gatherings/kerho/reports", day="2026-11-24", **held))
    (report,) = told(desk("GET", "/directory/reports?since=2026-11-24&until=2026-11-24"))["reports"]
    assert (report["gathering"], report["people"], report["topics"]) == ("kerho", 5, {"PUHELIN": 5})
    told(desk("DELETE", "/directory/gatherings/kerho"))


def test_the_caller_of_a_ticket_is_texted_where_to_go_once(desk: Program, rota: Rota) -> None:
    ticket_id, code = a_ticket(rota)
    (near, *_) = told(desk("GET", "/directory/nearby?postcode=20100"))["points"]
    asked = {"kind": near["kind"], "id": near["id"]}
    for _ in range(2):
        assert told(desk("POST", f"/tickets/{code}/directions", **asked)) == {"texted": True}
    with rota.parts.sessions() as session:
        keys = session.scalars(text("SELECT key FROM job WHERE key LIKE 'text:ticket-%:nearby:%'")).all()
    assert len(keys) == 1
    assert keys[0].startswith(f"text:ticket-{ticket_id}:nearby:point-{near['id']}:")
    assert why(desk("POST", f"/tickets/{code}/directions", kind="point", id=999_999)) == (404, "unknown_place")
    assert why(desk("POST", "/tickets/DL-22222/directions", **asked)) == (404, "unknown_ticket")


def a_ticket(rota: Rota) -> tuple[int, str]:
    matter = Matter(rota.network, None, Channel.FORM, Language.FI, "+358401112233", key="form:a", topic=Topic.PUHELIN)
    with rota.parts.sessions.begin() as session:
        ticket = open_ticket(session, matter, now=rota.now)
        return ticket.id, session.execute(
            text("SELECT code FROM ticket WHERE id = :id"), {"id": ticket.id}
        ).scalar_one()


def test_a_helper_reads_the_directory_and_changes_nothing(rota: Rota) -> None:
    helper = rota.helper(0)
    told(helper("GET", "/directory/nearby?postcode=20100"))
    assert helper("POST", "/directory/points", **POINT).status_code == 403
    assert (
        helper("POST", "/directory/gatherings/kerho/reports", day="2026-11-24", people=1, minutes=1).status_code == 403
    )


# The service as PTV takes it in.


def test_ptv_gets_a_complete_draft_in_three_languages(desk: Program, parts: Parts) -> None:
    query = f"organisation={ORGANISATION}&general_description={ORGANISATION}"
    described = told(desk("GET", f"/service-description?{query}"))
    assert ServiceDescription.model_validate(described)
    service, (first, second) = described["service"], described["phone_channels"]
    assert {item["language"] for item in service["serviceNames"]} == {"fi", "sv", "en"}
    assert service["areas"] == [{"type": "Municipality", "areaCodes": ["445", "853"]}]
    assert service["targetGroups"] == ["http://uri.suomi.fi/codelist/ptv/ptvkohderyhmat/code/KR1"]
    assert {(each["prefixNumber"], each["number"]) for each in first["phoneNumbers"]} == {("+358", "25550100")}
    assert second["areas"] == [{"type": "Municipality", "areaCodes": ["445"]}]
    assert first["serviceHours"][0]["isAlwaysOpen"] is True
    assert not any(text[:1] == " " or "%(" in text for text in json.dumps(described).split('"'))


def test_ptv_is_not_given_what_it_would_refuse(desk: Program) -> None:
    status, detail = why_not(desk("GET", f"/service-description?organisation={ORGANISATION}"))
    assert (status, "a service class and an ontology term" in detail) == (400, True)
    assert desk("GET", "/service-description?organisation=x").status_code == 400


# Stops as a calendar that anybody may follow.


def events(client: FlaskClient, path: str) -> list[Event]:
    answer = client.get(path)
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    calendar = Calendar.from_ical(answer.data)
    assert isinstance(calendar, Calendar)
    return calendar.events


def test_stops_are_right_over_the_change_of_the_clock_and_a_day_called_off_is_shown_so(
    desk: Program, rota: Rota
) -> None:
    told(desk("POST", "/directory/gatherings", **{**STOP, "first_day": "2027-03-27"}, rrule="FREQ=DAILY;COUNT=3"))
    told(desk("POST", "/directory/gatherings/kerho/days", day="2027-03-28", called_off=True))
    days = [each for each in events(rota.client, f"/calendar/stops/{rota.network}.ics") if each["SUMMARY"] == "Kerho"]
    begins = [day.start.astimezone(HELSINKI) for day in days]
    assert [f"{at:%d %H:%M %z}" for at in begins] == ["27 10:00 +0200", "28 10:00 +0300", "29 10:00 +0300"]
    assert [str(day["STATUS"]) for day in days] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert str(days[0]["LOCATION"]) == "Talo, iso; sali, 20100 Turku"


def test_a_municipality_has_a_calendar_of_its_own_in_both_languages(rota: Rota) -> None:
    path = f"/calendar/stops/{rota.network}/445.ics"
    assert {str(each["SUMMARY"]) for each in events(rota.client, f"{path}?lang=sv")} == {
        "Exempelregionens digibuss",
        "Kom i gång med surfplattan",
    }
    assert "Exempelbiblioteket i Pargas, Modellstrandsvägen 5, 21600 Pargas" in {
        str(each["LOCATION"]) for each in events(rota.client, f"{path}?lang=sv")
    }
    assert rota.client.get(f"/calendar/stops/{rota.network}/999.ics").status_code == 404
    assert rota.client.get("/calendar/stops/999/445.ics").status_code == 404


def test_a_calendar_program_fetches_stops_only_when_something_has_changed(desk: Program, rota: Rota) -> None:
    path = f"/calendar/stops/{rota.network}.ics"
    first = rota.client.get(path)
    known = {"If-None-Match": first.headers["ETag"]}
    assert rota.client.get(path).data == first.data
    assert (rota.client.get(path, headers=known).status_code, first.headers["Cache-Control"]) == (
        304,
        "public, max-age=3600",
    )
    told(desk("POST", "/directory/gatherings", **STOP))
    changed = rota.client.get(path, headers=known)
    assert changed.status_code == 200
    told(desk("POST", "/directory/gatherings/kerho/days", day="2026-11-25", called_off=True))
    assert rota.client.get(path, headers={"If-None-Match": changed.headers["ETag"]}).status_code == 200
