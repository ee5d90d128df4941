"""Tickets as programs and pages find and read them: by whom the matrix lets, and with every look written down."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from admin.demo.data import DemoData
from admin.parts import Parts
from tests.integration.programs import Program, told, why
from tests.integration.ticket_office import TURKU, Office, codes
from tickets.recordings import attach_recording, note_recording
from tickets.tokens import issue_token
from tickets.vocabulary import Channel, Role
from voice_prompts.language import Language

CODE = "131052-308T"
CARD = "4111 1111 1111 1111"


@pytest.fixture
def office(parts: Parts, client: FlaskClient, demo: DemoData, now: datetime) -> Office:
    return Office(parts, client, now)


def test_a_ticket_is_read_with_all_that_is_said_in_it_and_the_look_is_written_down(office: Office) -> None:
    code = office.ticket("Puhelin ei soi enää")
    coordinator = office.coordinator()
    told(coordinator("POST", f"/tickets/{code}/notes", text="Soitettu jo kerran"))
    detail = told(coordinator("GET", f"/tickets/{code}"))
    assert (detail["text"], detail["notes"][0]["text"]) == ("Puhelin ei soi enää", "Soitettu jo kerran")
    assert "+358" not in str(detail)
    assert office.fetch("SELECT seen, person_id FROM view_log") == [("ticket", office.ids[id(coordinator)])]
    kinds = [event["kind"] for event in told(coordinator("GET", f"/tickets/{code}/timeline"))["events"]]
    assert kinds == ["opened", "noted"]


def test_another_organisation_sees_a_ticket_when_it_is_given_it_and_no_more_when_it_is_taken_back(
    office: Office,
) -> None:
    code = office.ticket("Nettiyhteys katkeilee")
    theirs, other = office.organisations[0], office.organisations[1]
    coordinator, elsewhere = office.coordinator(theirs), office.coordinator(other)
    for path in ("", "/timeline"):
        assert why(elsewhere("GET", f"/tickets/{code}{path}")) == (404, "no_such_ticket")
    assert codes(told(elsewhere("GET", "/tickets"))) == []
    assert codes(told(elsewhere("GET", "/tickets/search?q=netti"))) == []
    told(coordinator("POST", f"/tickets/{code}/organisations", organisation=other))
    assert why(coordinator("POST", f"/tickets/{code}/organisations", organisation=other)) == (409, "already")
    assert codes(told(elsewhere("GET", "/tickets"))) == [code]
    assert told(elsewhere("GET", f"/tickets/{code}"))["organisations"] == sorted([theirs, other])
    assert why(coordinator("DELETE", f"/tickets/{code}/organisations/{theirs}")) == (409, "belongs_there")
    told(coordinator("DELETE", f"/tickets/{code}/organisations/{other}"))
    assert why(elsewhere("GET", f"/tickets/{code}")) == (404, "no_such_ticket")


def test_a_ticket_that_is_made_anothers_belongs_there_and_its_first_organisation_sees_it_still(office: Office) -> None:
    code = office.ticket()
    first, second = office.organisations[:2]
    coordinator = office.coordinator(first)
    told(coordinator("POST", f"/tickets/{code}/organisations", organisation=second, belongs=True))
    assert told(coordinator("GET", f"/tickets/{code}"))["organisation"] == second
    assert codes(told(office.coordinator()("GET", f"/tickets?organisation={second}"))) == [code]


def test_a_word_finds_what_was_written_noted_or_written_down_in_any_form_and_in_both_languages(office: Office) -> None:
    written = office.ticket("Tulostimeni ei toimi lainkaan")
    swedish = office.ticket("Jag har glömt lösenordet", language=Language.SV)
    noted, spoken = office.ticket(), office.ticket()
    coordinator = office.coordinator()
    told(coordinator("POST", f"/tickets/{noted}/notes", text="Salasanoja kysytään taas"))
    with office.parts.sessions.begin() as session:
        ids = {row.code: row.id for row in session.execute(text("SELECT code, id FROM ticket"))}
        note_recording(session, "CA1", "RE1", turn=1, duration_s=9, now=office.now)
        attach_recording(session, "CA1", ids[spoken])
    (message,) = told(coordinator("GET", f"/tickets/{spoken}"))["messages"]
    told(coordinator("POST", f"/tickets/{spoken}/messages/{message['id']}/transcript", text="Sähköposti on jumissa"))
    for question, found in {
        "tulostin": [written],
        "tulostinta toimi": [written],
        "lösenord": [swedish],
        "salasana": [noted],
        "sähköpostiin": [spoken],
        "tulostin salasana": [],
    }.items():
        assert codes(told(coordinator("GET", f"/tickets/search?q={question}"))) == found, question
    looks = [seen for (seen,) in office.fetch("SELECT seen FROM view_log ORDER BY id")]
    assert looks.count("search") == 6


@pytest.mark.parametrize("q", ["ja", "on se", "och det", "!!", CODE, CARD, "0401234567"])
def test_words_that_say_nothing_and_numbers_of_people_are_not_looked_for(office: Office, q: str) -> None:
    office.ticket(f"{q} ja on se och det")
    assert why(office.coordinator()("GET", f"/tickets/search?q={q}")) == (400, "nothing_to_find")


def test_identity_codes_and_cards_are_offered_for_redaction_and_gone_for_good_after_it(office: Office) -> None:
    code = office.ticket(f"Tunnukseni on {CODE} ja kortti {CARD}. Salasana on kissa123")
    coordinator = office.coordinator()
    told(coordinator("POST", f"/tickets/{code}/notes", text=f"Kertoi myös {CODE}"))
    found = told(coordinator("GET", f"/tickets/{code}"))["found"]
    assert [(one["where"], one["kind"]) for one in found] == [
        ("text", "identity_code"), ("text", "card"), ("note", "identity_code")
    ]  # fmt: skip
    assert codes(told(coordinator("GET", "/tickets/search?q=kissa123"))) == [code]
    assert told(coordinator("POST", f"/tickets/{code}/redaction", passage="kissa123")) == {"texts": 2}
    detail = told(coordinator("GET", f"/tickets/{code}"))
    assert detail["found"] == []
    assert not any(secret in str(detail) for secret in (CODE, CARD, "kissa123"))
    assert detail["text"].startswith("Tunnukseni on ■■■■ ja kortti ■■■■.")
    assert codes(told(coordinator("GET", "/tickets/search?q=kissa123"))) == []
    assert codes(told(coordinator("GET", "/tickets/search?q=tunnus"))) == [code]


def test_turvakielto_hides_the_municipality_from_lists_filters_and_the_ticket_itself(office: Office) -> None:
    code, other = office.ticket("asia"), office.ticket("asia")
    coordinator = office.coordinator()
    assert codes(told(coordinator("GET", f"/tickets?municipality={TURKU}"))) == [other, code]
    assert told(coordinator("PATCH", f"/tickets/{code}", non_disclosure=True))["municipality"] is None
    listed = {ticket["code"]: ticket["municipality"] for ticket in told(coordinator("GET", "/tickets"))["tickets"]}
    assert listed == {code: None, other: TURKU}
    assert told(coordinator("GET", f"/tickets/{code}"))["municipality"] is None
    assert codes(told(coordinator("GET", f"/tickets?municipality={TURKU}"))) == [other]


def test_turvakielto_hides_whose_town_it_is_also_where_an_organisation_serves_one(office: Office) -> None:
    code, other = office.ticket("asia"), office.ticket("asia")
    coordinator, theirs = office.coordinator(), office.organisations[0]
    told(coordinator("POST", f"/tickets/{code}/organisations", organisation=office.organisations[1]))
    assert codes(told(coordinator("GET", f"/tickets?organisation={theirs}"))) == [other, code]
    patched = told(coordinator("PATCH", f"/tickets/{code}", non_disclosure=True))
    assert (patched["organisation"], patched["organisations"]) == (None, None)
    listed = {ticket["code"]: ticket["organisation"] for ticket in told(coordinator("GET", "/tickets"))["tickets"]}
    assert listed == {code: None, other: theirs}
    assert codes(told(coordinator("GET", f"/tickets?organisation={theirs}"))) == [other]
    assert "'organisation'" not in str(told(coordinator("GET", f"/tickets/{code}/timeline")))
    told(coordinator("POST", f"/tickets/{code}/owner"))
    detail = told(coordinator("GET", f"/tickets/{code}"))
    assert (detail["organisation"], detail["organisations"]) == (theirs, sorted(office.organisations[:2]))


def test_only_whoever_has_the_case_and_is_bound_is_shown_the_contact(office: Office) -> None:
    code = office.ticket(name="Aino Esimerkki")
    bound, unbound = office.person(Role.NEUVOJA, bound=True), office.person(Role.NEUVOJA)
    assert why(bound("GET", f"/tickets/{code}/contact")) == (403, "not_own_case")
    assert why(unbound("GET", f"/tickets/{code}/contact")) == (403, "no_commitment")
    told(bound("POST", f"/tickets/{code}/owner"))
    contact = told(bound("GET", f"/tickets/{code}/contact"))
    assert (contact["name"], contact["phone"]) == ("Aino Esimerkki", "+358401234501")
    assert office.fetch("SELECT seen FROM view_log") == [("contact",)]


def test_lists_are_kept_under_a_name_for_oneself_or_for_all(office: Office) -> None:
    coordinator, worker = office.coordinator(), office.person(Role.NEUVOJA)
    told(coordinator("POST", "/views", name="Myöhässä", filters={"overdue": True, "language": "sv"}, shared=True))
    mine = told(worker("POST", "/views", name="Omat", filters={"owner": "me", "q": "Matti"}))["id"]
    refused = worker("POST", "/views", name="Kaikille", filters={}, shared=True)
    assert why(refused) == (403, "not_yours_to_share")
    kept = {view["name"]: view for view in told(worker("GET", "/views"))["views"]}
    assert kept["Myöhässä"]["filters"] | {"overdue": True, "language": "sv"} == kept["Myöhässä"]["filters"]
    assert (kept["Omat"]["filters"]["owner"], kept["Omat"]["filters"]["q"]) == ("me", "Matti")
    assert [view["name"] for view in told(coordinator("GET", "/views"))["views"]] == ["Myöhässä"]
    assert "Matti" not in str(office.fetch("SELECT filters, said_sealed FROM saved_view"))
    assert why(coordinator("DELETE", f"/views/{mine}")) == (404, "no_such_view")
    assert why(worker("DELETE", f"/views/{kept['Myöhässä']['id']}")) == (404, "no_such_view")
    told(worker("DELETE", f"/views/{mine}"))
    assert [view["name"] for view in told(worker("GET", "/views"))["views"]] == ["Myöhässä"]


def test_the_same_list_is_asked_for_by_what_is_overdue_created_waiting_or_came_some_way(office: Office) -> None:
    first = office.ticket(channel=Channel.EMAIL)
    second = office.ticket(language=Language.SV)
    coordinator = office.coordinator()
    ask = {
        "channel=sahkoposti": [first],
        "language=sv": [second],
        "overdue=true": [],
        "waiting=true": [],
        "created_before=2026-11-24T07:10:00Z": [],
        "created_from=2026-11-24T07:10:00Z": [second, first],
        "created_from=2026-11-24T07:10:00Z&limit=1": [second],
        "language=sv&channel=sahkoposti": [],
        f"organisation={office.organisations[0]}": [second, first],
    }
    for query, found in ask.items():
        assert codes(told(coordinator("GET", f"/tickets?{query}"))) == found, query
    with office.parts.sessions.begin() as session:
        session.execute(
            text("UPDATE ticket SET deadline = :at WHERE code = :code"),
            {"at": office.now - timedelta(1), "code": first},
        )
        session.execute(
            text("""
            INSERT INTO waiting (network_id, ticket_id, language, since, state, times_offered)
            SELECT network_id, id, language, created_at, 'waiting', 0 FROM ticket WHERE code = :code
            """),
            {"code": second},
        )
    assert codes(told(coordinator("GET", "/tickets?overdue=true"))) == [first]
    assert codes(told(coordinator("GET", "/tickets?waiting=true"))) == [second]


def test_a_programs_key_owns_nothing(office: Office) -> None:
    office.ticket()
    with office.parts.sessions.begin() as session:
        program = Program(office.client, issue_token(session, office.network, Role.KOORDINAATTORI, now=office.now))
    assert why(program("GET", "/tickets?owner=me")) == (400, "not_a_person")
    assert why(program("POST", "/views", name="x", filters={})) == (400, "not_a_person")


def test_who_changes_a_ticket_and_is_shown_it_has_looked_at_it(office: Office) -> None:
    code = office.ticket("Näyttö on musta.")
    assert told(office.coordinator()("PATCH", f"/tickets/{code}", device="ipad"))["text"] == "Näyttö on musta."
    with office.parts.sessions() as session:
        assert session.scalars(text("SELECT seen FROM view_log")).all() == ["ticket"]
