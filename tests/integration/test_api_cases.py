"""Tickets as they are worked on: taken, given, refined, sent on and closed, by whom the matrix lets."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from admin.demo.data import DemoData
from admin.parts import Parts
from tests.integration.programs import told, why
from tests.integration.ticket_office import PARAINEN, Office, codes
from tickets.vocabulary import Role


@pytest.fixture
def office(parts: Parts, client: FlaskClient, demo: DemoData, now: datetime) -> Office:
    return Office(parts, client, now)


def test_whoever_may_not_assign_takes_what_nobody_has_and_nothing_else(office: Office) -> None:
    code = office.ticket()
    first, second = office.person(Role.NEUVOJA), office.person(Role.NEUVOJA)
    mine = office.ids[id(first)]
    assert why(first("POST", f"/tickets/{code}/owner", person=office.ids[id(second)])) == (403, "not_yours_to_assign")
    taken = told(first("POST", f"/tickets/{code}/owner"))
    assert (taken["owner"], taken["status"]) == (mine, "with_owner")
    assert taken["deadline"] == "2026-11-25T13:00:00Z"
    assert why(second("POST", f"/tickets/{code}/owner")) == (403, "not_yours_to_assign")
    assert codes(told(first("GET", "/tickets?owner=me"))) == [code]
    assert codes(told(first("GET", "/tickets?owner=none"))) == []
    later = (office.now + timedelta(days=3)).isoformat()
    given = told(office.coordinator()("POST", f"/tickets/{code}/owner", person=office.ids[id(second)], deadline=later))
    assert (given["owner"], given["status"]) == (office.ids[id(second)], "with_owner")
    assert told(second("POST", f"/tickets/{code}/return"))["status"] == "open"


def test_a_case_is_given_only_to_somebody_who_works_on_cases_and_by_a_day_to_come(office: Office) -> None:
    code, coordinator = office.ticket(), office.coordinator()
    officer = office.person(Role.TIETOSUOJAVASTAAVA)
    worker = office.person(Role.NEUVOJA)

    def give(**body: object) -> tuple[int, str]:
        return why(coordinator("POST", f"/tickets/{code}/owner", **body))

    assert give(person=office.ids[id(officer)]) == (409, "may_not_work")
    assert give(person=999_999) == (404, "no_such_person")
    assert give(person=office.ids[id(worker)], deadline=office.now.isoformat()) == (409, "past")


def test_a_case_refined_is_found_by_what_it_was_refined_to(office: Office) -> None:
    code = office.ticket(topic=None, municipality=None)
    coordinator = office.coordinator()
    refined = told(
        coordinator(
            "PATCH",
            f"/tickets/{code}",
            topics=["KELA", "TUNNIST"],
            device="ipad",
            e_service="OMAKELA",
            access_needs=["hearing", "slowly"],
            wished_form="home",
            on_behalf=True,
            did_themselves="partly",
            minutes=25,
            training_need=True,
            municipality=PARAINEN,
        )
    )
    assert (refined["topic"], refined["topics"], refined["e_service"]) == ("KELA", ["KELA", "TUNNIST"], "OMAKELA")
    assert (refined["minutes"], refined["did_themselves"], refined["training_need"]) == (25, "partly", True)
    assert refined["organisation"] == office.organisations[1]
    for topic in ("KELA", "TUNNIST"):
        assert codes(told(coordinator("GET", f"/tickets?topic={topic}"))) == [code]
    told(coordinator("PATCH", f"/tickets/{code}", topics=["KELA"], device=None))
    assert codes(told(coordinator("GET", "/tickets?topic=TUNNIST"))) == []
    detail = told(coordinator("GET", f"/tickets/{code}"))
    assert (detail["device"], detail["minutes"]) == (None, 25)
    for body, code_of_refusal in (
        ({"e_service": "NOSUCH"}, "no_such_e_service"),
        ({"municipality": "999"}, "no_such_municipality"),
    ):
        assert why(coordinator("PATCH", f"/tickets/{code}", **body)) == (404, code_of_refusal)


def test_a_promised_time_is_asked_of_its_helpers_anew_when_the_matter_turns_out_otherwise(office: Office) -> None:
    code, coordinator = office.ticket(), office.coordinator()
    start = office.promised(code)
    assert why(coordinator("PATCH", f"/tickets/{code}", topic="PANKKI")) == (409, "time_cannot_be_kept")
    assert told(coordinator("GET", f"/tickets/{code}"))["topic"] == "PUHELIN"
    told(coordinator("PATCH", f"/tickets/{code}", topic="SPOSTI"))
    assert office.fetch("SELECT topic, state, starts_at FROM callback") == [("SPOSTI", "promised", start)]


def test_a_matter_is_sent_on_and_what_the_caller_was_given_is_told(office: Office) -> None:
    code, coordinator = office.ticket(), office.coordinator()
    with office.parts.sessions.begin() as session:
        session.execute(text(POINT), {"network": office.network, "now": office.now})
        session.execute(text(MATERIAL), {"network": office.network, "now": office.now})
    assert why(coordinator("POST", f"/tickets/{code}/referral", point="none")) == (404, "no_such_point")
    told(coordinator("POST", f"/tickets/{code}/materials", material="opas"))
    told(coordinator("POST", f"/tickets/{code}/materials", material="opas"))
    assert why(coordinator("POST", f"/tickets/{code}/materials", material="none")) == (404, "no_such_material")
    sent = told(coordinator("POST", f"/tickets/{code}/referral", point="kirjasto"))
    assert (sent["status"], sent["outcome"]) == ("closed", "OHJATTU_LAHI")
    assert [one["title"] for one in told(coordinator("GET", f"/tickets/{code}"))["materials"]] == ["Opas"]
    kinds = [event["kind"] for event in told(coordinator("GET", f"/tickets/{code}/timeline"))["events"]]
    assert kinds == ["opened", "linked", "referred", "closed"]


def test_nothing_is_noted_on_a_ticket_whose_words_have_been_forgotten(office: Office) -> None:
    code, coordinator = office.ticket(), office.coordinator()
    assert told(coordinator("POST", f"/tickets/{code}/closing", outcome="RATKAISTU_HETI"))["status"] == "closed"
    with office.parts.sessions.begin() as session:
        session.execute(text("UPDATE ticket SET anonymised_at = closed_at WHERE code = :code"), {"code": code})
    assert why(coordinator("POST", f"/tickets/{code}/notes", text="Zq soitti taas")) == (409, "anonymised")


def test_a_matter_is_closed_with_what_is_known_of_it_and_opened_again(office: Office) -> None:
    code, other, coordinator = office.ticket(), office.ticket(), office.coordinator()
    start = office.promised(code)
    body = {"outcome": "RATKAISTU_HETI", "did_themselves": "yes", "minutes": 12}
    closed = told(coordinator("POST", f"/tickets/{code}/closing", **body))
    assert (closed["status"], closed["outcome"], closed["callback"]["state"]) == (
        "closed",
        "RATKAISTU_HETI",
        "cancelled",
    )
    assert closed["callback"]["starts_at"] == start.isoformat().replace("+00:00", "Z")
    assert why(coordinator("POST", f"/tickets/{code}/closing", **body)) == (409, "closed")
    again = told(coordinator("POST", f"/tickets/{code}/reopening"))
    assert (again["status"], again["outcome"]) == ("open", None)
    assert why(coordinator("POST", f"/tickets/{code}/reopening")) == (409, "not_closed")
    twice = {"outcome": "KAKSOISKAPPALE"}
    assert why(coordinator("POST", f"/tickets/{code}/closing", **twice)) == (404, "no_such_ticket")
    assert told(coordinator("POST", f"/tickets/{code}/closing", **twice, duplicate_of=other))["status"] == "closed"
    assert codes(told(coordinator("GET", "/tickets?outcome=KAKSOISKAPPALE"))) == [code]
    assert codes(told(coordinator("GET", "/tickets?open=true"))) == [other]


def test_a_network_has_e_services_of_its_own(office: Office) -> None:
    keeper, worker = office.person(Role.PAAKAYTTAJA), office.person(Role.NEUVOJA)
    own = {"code": "TURKU_LUPA", "name_fi": "Lupapiste", "name_sv": "Tillståndspunkten", "topic": "KUNTA"}
    told(keeper("POST", "/e-services", **own))
    known = {one["code"]: one for one in told(worker("GET", "/e-services"))["e_services"]}
    assert known["TURKU_LUPA"]["name_sv"] == "Tillståndspunkten"
    assert known["OMAVERO"]["name_sv"] == "MinSkatt"
    code = office.ticket()
    assert told(office.coordinator()("PATCH", f"/tickets/{code}", e_service="TURKU_LUPA"))["e_service"] == "TURKU_LUPA"
    assert worker("POST", "/e-services", **own).status_code == 403


POINT = """
INSERT INTO referral_point (network_id, code, kind, outcome, name_fi, phone, serves, topics, reviewed_on, review_due, active,
    changed_at)
VALUES (:network, 'kirjasto', 'library', 'OHJATTU_LAHI', 'Kirjasto', '+35822620600', '{}', '{}', :now, :now, true, :now)
"""
MATERIAL = """
INSERT INTO material (network_id, code, kind, title, url, language, topics, reviewed_on, review_due, active, changed_at)
VALUES (:network, 'opas', 'guide', 'Opas', 'https://example.fi/opas', 'fi', '{}', :now, :now, true, :now)
"""
