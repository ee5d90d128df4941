"""What each seed asks for (domain.md, section 1), played by the real phone, form, desk, API and worker: a test a requirement."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask

from admin.parts import Parts
from scheduler.promises import offer, wish_of
from scheduler.slots import Grid
from tests.calls.days import LANDLINE, MOBILE
from tests.calls.meetings import after_talk
from tests.integration.forms import send
from tests.integration.neighbourhood import TEAMS, Neighbourhood
from tests.integration.programs import told, why
from tickets.vocabulary import HelperKind, Role, TicketStatus

OFFERED = ("offer_slot", "offer_next")


@pytest.fixture
def seat(app: Flask, parts: Parts, now: datetime) -> Iterator[Neighbourhood]:
    """The network of the seed."""
    seat = Neighbourhood(app, parts, now)
    with seat.day:
        yield seat


def has_time(seat: Neighbourhood, ticket_id: int) -> bool:
    """Whether the rota could keep any time for this ticket."""
    with seat.parts.sessions() as session:
        wish = wish_of(session, ticket_id)
        assert wish is not None
        return offer(session, wish, after=None, now=seat.day.now, grid=Grid()) is not None


# 000 Helsinki etädigituki


def test_000_helsinki_phone_form_and_desk_end_in_one_store_reach_teams_and_are_counted_by_topic_and_e_service(
    seat: Neighbourhood,
) -> None:
    seat.day.helper()
    desk, coordinator, main_user = (seat.of(role) for role in (Role.NEUVOJA, Role.KOORDINAATTORI, Role.PAAKAYTTAJA))
    told(main_user("POST", "/relay-channels", kind="teams", name="Etätuki", address=TEAMS))
    assert "booked" in seat.day.dials().goes_forward().keys
    assert send(seat.client, {"name": "Matti Meikäläinen"}).status_code == 303
    services = [one["code"] for one in told(desk("GET", "/e-services"))["e_services"]]
    seat.solves(desk, 6, topic="OMAKANTA", e_service=services[0])
    listed = told(desk("GET", "/tickets?limit=50"))["tickets"]
    assert {ticket["channel"] for ticket in listed} == {"puhelin", "lomake", "neuvoja"}
    assert [ticket["outcome"] for ticket in listed].count("RATKAISTU_HETI") == 6
    (written,) = [ticket["code"] for ticket in listed if ticket["channel"] == "lomake"]
    number = told(coordinator("POST", f"/tickets/{written}/relay"))["relay"]["number"]
    told(coordinator("POST", f"/relays/{number}/publication"))
    seat.day.passes(minutes=1)
    ((address, card),) = seat.posted
    assert address == TEAMS
    assert number in json.dumps(card)
    for secret in ("Meik", "555 0201", "5550201", "musta"):
        assert secret not in json.dumps(card)
    assert seat.figures("topic") == {"OMAKANTA": 6.0}
    assert seat.figures("e_service") == {services[0]: 6.0}


def test_000_helsinki_a_time_comes_only_from_people_on_the_rota_and_a_request_without_one_is_kept(
    seat: Neighbourhood,
) -> None:
    assert "waiting_first" in seat.day.dials().goes_forward().does_not_hear(*OFFERED).keys
    page = seat.client.get(send(seat.client).location)
    assert "Vapaita aikoja ei nyt ole" in page.text
    assert [ticket.status for ticket in seat.tickets()] == [TicketStatus.OPEN] * 2
    watching = told(seat.of(Role.KOORDINAATTORI)("GET", "/waiting"))["waiting"]
    assert len(watching) == 2
    seat.day.helper()
    seat.day.passes(minutes=1)
    assert seat.day.templates().count("offered") == 2


def test_000_helsinki_who_has_a_landline_only_is_rung_and_may_be_sent_to_help_at_home_for_another_person(
    seat: Neighbourhood,
) -> None:
    seat.day.helper()
    coordinator = seat.of(Role.KOORDINAATTORI)
    home = {"code": "koti", "kind": "home_support", "name_fi": "Kotituki", "phone": "02 555 0399"}
    told(coordinator("POST", "/directory/points", **home))
    caller = seat.day.dials(LANDLINE).goes_forward()
    assert "booked" in caller.keys
    assert not seat.day.texts(LANDLINE)
    (ticket,) = seat.tickets()
    told(coordinator("PATCH", f"/tickets/{ticket.code}", on_behalf=True, wished_form="home"))
    told(coordinator("POST", f"/tickets/{ticket.code}/referral", point="koti", closes=False))
    after_talk(seat.day, LANDLINE).presses("1").hears("helper_thanks")
    assert seat.day.ticket().on_behalf is True
    kinds = [one["kind"] for one in told(coordinator("GET", f"/tickets/{ticket.code}/timeline"))["events"]]
    assert "referred" in kinds
    told(coordinator("POST", f"/tickets/{ticket.code}/reopening"))
    told(coordinator("POST", f"/tickets/{ticket.code}/referral", point="koti"))
    assert seat.day.ticket().outcome == "OHJATTU_KOTI"


# 001 Palvelukeskukset


def test_001_palvelukeskukset_boundaries_by_kind_of_helper_and_organisation_decide_who_is_promised(
    seat: Neighbourhood,
) -> None:
    coordinator = seat.of(Role.KOORDINAATTORI)
    seat.day.helper()
    send(seat.client)
    (ticket,) = seat.tickets()
    told(coordinator("PATCH", f"/tickets/{ticket.code}", topic="PANKKI"))
    assert not has_time(seat, ticket.id)  # nobody acts for a customer at the bank
    told(coordinator("PATCH", f"/tickets/{ticket.code}", topic="KELA"))
    assert has_time(seat, ticket.id)  # a volunteer guides
    path = f"/organisations/{seat.day.organisation}/boundaries"
    told(coordinator("POST", path, changes={"volunteer": {"KELA": "refers"}}))
    assert not has_time(seat, ticket.id)
    seat.day.helper(kind=HelperKind.STAFF)
    assert has_time(seat, ticket.id)


def test_001_palvelukeskukset_trusted_links_have_owners_and_review_dates_and_callers_are_sent_to_known_points(
    seat: Neighbourhood,
) -> None:
    coordinator, desk = seat.of(Role.KOORDINAATTORI), seat.of(Role.NEUVOJA)
    owner = told(coordinator("GET", "/me"))["person"]
    owner = owner["id"] if isinstance(owner, dict) else owner
    guide = {"code": "ohje", "kind": "guide", "title": "Päivitykset", "url": "https://a.example/", "language": "fi"}
    told(coordinator("POST", "/directory/materials", **guide, owner=owner, review_due="2026-11-20"))
    (overdue,) = told(coordinator("GET", "/directory/materials?overdue=true"))["materials"]
    assert (overdue["code"], overdue["owner"]) == ("ohje", owner)
    bare = {**guide, "code": "muu", "url": "http://a.example/"}
    assert coordinator("POST", "/directory/materials", **bare).status_code == 400
    point = {
        "code": "keskus",
        "kind": "service_point",
        "name_fi": "Keskus",
        "address_fi": "Katu 1",
        "postcode": "20100",
    }
    told(coordinator("POST", "/directory/points", **point))
    logged = told(desk("POST", "/desk/matters", key="a", then="coordinator", language="fi", topic="KUNTA"))
    told(desk("POST", f"/tickets/{logged['ticket']}/materials", material="ohje"))
    assert told(desk("POST", f"/tickets/{logged['ticket']}/referral", point="keskus"))["outcome"] == "OHJATTU_LAHI"


def test_001_palvelukeskukset_nothing_is_done_for_the_customer_and_training_needs_are_passed_on(
    seat: Neighbourhood,
) -> None:
    desk = seat.of(Role.NEUVOJA)
    seat.solves(desk, 7, outcome="EI_VOIDA_TEHDA_PUOLESTA", training_need=True)
    assert seat.figures("outcome") == {"EI_VOIDA_TEHDA_PUOLESTA": 7.0}
    assert seat.figures("outcome", "training") == {"EI_VOIDA_TEHDA_PUOLESTA": 7.0}
    assert seat.figures("did_themselves") == {"partly": 7.0}


# 002 Varsinais-Suomi


def test_002_varsinais_suomi_reports_by_sub_region_of_a_tree_of_places(seat: Neighbourhood) -> None:
    desk = seat.of(Role.NEUVOJA)
    turku, loimaa, turunmaa = "853", "430", "445"
    for place, times in ((turku, 9), (loimaa, 8), (turunmaa, 7)):
        seat.solves(desk, times, municipality=place)
    assert seat.figures("subregion") == {"023": 9.0, "025": 8.0, "021": 7.0}
    assert seat.figures("region") == {"02": 24.0}


def test_002_varsinais_suomi_an_expired_badge_takes_no_calls(seat: Neighbourhood) -> None:
    seat.day.helper()
    coordinator, person = seat.of(Role.KOORDINAATTORI), seat.person_of(1)
    seat.day.dials().goes_forward(until="offer_slot").hangs_up()
    told(coordinator("PATCH", f"/people/{person}/helper", badge_expires_on="2026-11-23"))
    seat.day.dials("+358401110000").goes_forward().does_not_hear(*OFFERED)
    told(coordinator("PATCH", f"/people/{person}/helper", badge_expires_on="2027-11-23"))
    assert "booked" in seat.day.dials("+358401110001").goes_forward().keys


def test_002_varsinais_suomi_common_rules_are_versioned_accepted_and_may_be_required_before_calls(
    seat: Neighbourhood,
) -> None:
    seat.day.helper()
    coordinator, helper = seat.of(Role.KOORDINAATTORI), seat.helper_program(1)
    for words in ("Ensimmäiset säännöt", "Toiset säännöt"):
        version = told(coordinator("POST", "/rules", text_fi=words, text_sv=None))["version"]
    assert version == 2
    told(coordinator("POST", f"/rules/{version}/requirement", required_from="2026-11-24"))
    seat.day.dials("+358401110000").goes_forward().does_not_hear(*OFFERED)
    told(helper("POST", f"/rules/{version}/acceptance"))
    assert len(told(coordinator("GET", f"/rules/{version}/acceptances"))["accepted"]) == 1
    assert "booked" in seat.day.dials("+358401110001").goes_forward().keys


def test_002_varsinais_suomi_members_meet_on_a_notice_board(seat: Neighbourhood) -> None:
    member, other = seat.of(Role.JASEN), seat.of(Role.NEUVOJA)
    told(member("POST", "/board", title="Kysymys", text="Onko kellään isoa näppäimistöä?"))
    board = told(other("GET", "/board"))
    assert "isoa näppäimistöä" in json.dumps(board, ensure_ascii=False)


# 003 Pirkanmaa PiDiKe


def test_003_pirkanmaa_one_number_serves_many_municipalities_and_each_sees_its_own(seat: Neighbourhood) -> None:
    coordinator = seat.of(Role.KOORDINAATTORI)
    pargas = told(coordinator("POST", "/organisations", name="Pargas", serves=["445"]))["id"]
    seat.day.helper()
    for number, postcode in ((MOBILE, "20100"), (LANDLINE, "21600")):
        caller = seat.day.dials(number).goes_forward(until="postcode").presses(postcode).hears("postcode_is")
        caller.presses("1").goes_forward()
    assert [ticket.municipality for ticket in seat.tickets()] == ["853", "445"]
    theirs = told(seat.of(Role.KOORDINAATTORI, pargas)("GET", "/tickets?limit=50"))["tickets"]
    assert [ticket["municipality"] for ticket in theirs] == ["445"]


def test_003_pirkanmaa_a_case_has_an_owner_and_a_deadline_and_goes_to_the_network_anonymised_where_one_takes_it(
    seat: Neighbourhood,
) -> None:
    coordinator, member, other = seat.of(Role.KOORDINAATTORI), seat.of(Role.JASEN), seat.of(Role.JASEN)
    send(seat.client, {"name": "Matti Meikäläinen", "text": "Asun Kotikadulla, nimeni on Matti.", "device": "ipad"})
    (ticket,) = seat.tickets()
    deadline = (seat.day.now + timedelta(days=1)).isoformat()
    told(coordinator("POST", f"/tickets/{ticket.code}/owner", deadline=deadline))
    assert seat.day.ticket().owner_person_id is not None
    assert seat.day.ticket().deadline is not None
    told(coordinator("POST", f"/tickets/{ticket.code}/return"))
    preview = told(coordinator("POST", f"/tickets/{ticket.code}/relay"))
    for secret in ("Matti", "Kotikadulla", "5550201", "555 0201", ticket.code):
        assert secret not in json.dumps([preview["letters"], preview["cards"]], ensure_ascii=False)
    number = preview["relay"]["number"]
    assert told(member("GET", "/relays"))["relays"] == []  # only what a person has looked at goes out
    told(coordinator("POST", f"/relays/{number}/publication"))
    told(member("POST", f"/relays/{number}/claim"))
    assert why(other("POST", f"/relays/{number}/claim")) == (409, "already_taken")
    assert told(member("GET", f"/tickets/{ticket.code}"))["code"] == ticket.code
    assert other("GET", f"/tickets/{ticket.code}").status_code == 404


def test_003_pirkanmaa_members_ask_each_other_puzzles(seat: Neighbourhood) -> None:
    asker, member = seat.of(Role.JASEN), seat.of(Role.JASEN)
    number = told(asker("POST", "/puzzles", words="Miten fontti suurennetaan?", topics=["TABLETTI"]))["relay"]["number"]
    told(asker("POST", f"/relays/{number}/publication"))
    assert told(member("POST", f"/relays/{number}/claim"))["partner"]["name"] == "Uusi jasen"


def test_003_pirkanmaa_who_saw_an_advert_and_wants_to_help_is_taken_in_by_phone_and_by_form(
    seat: Neighbourhood,
) -> None:
    caller = seat.day.dials().goes_forward(until="topic_choice").presses("4").hears("something_else").presses("2")
    assert "willing_saved" in caller.hears("willing_thanks").goes_forward().keys
    send(seat.client, {"topic": "HALUAN_AUTTAA", "heard_of_us": "advert"})
    phoned, written = seat.tickets()
    assert phoned.topic == written.topic == "HALUAN_AUTTAA"
    assert phoned.status == written.status == TicketStatus.WITH_COORDINATOR
    assert written.heard_of_us == "advert"


def test_003_pirkanmaa_contacts_cluster_around_campaigns_and_where_people_heard_of_us_is_counted(
    seat: Neighbourhood,
) -> None:
    coordinator, desk = seat.of(Role.KOORDINAATTORI), seat.of(Role.NEUVOJA)
    advert = {"name": "Mainos Aamulehdessä", "begins": "2026-11-23", "ends": "2026-11-27", "medium": "advert"}
    told(coordinator("POST", "/campaigns", **advert))
    seat.solves(desk, 8, heard_of_us="advert")
    assert seat.figures("heard_of_us") == {"advert": 8.0}
    calendar = told(coordinator("GET", "/statistics/calendar?period=2026-11"))
    assert [campaign["name"] for campaign in calendar["campaigns"]] == ["Mainos Aamulehdessä"]
    assert {week["value"]: week["events"]["number"] for week in calendar["weeks"]["rows"]}["2026-11-23"] == 8.0


# 004 Siun sote


def test_004_siun_sote_every_event_tells_its_channel(seat: Neighbourhood) -> None:
    seat.solves(seat.of(Role.NEUVOJA), 6)
    assert seat.figures("channel") == {"neuvoja": 6.0}


def test_004_siun_sote_the_next_stop_near_a_caller_is_found_and_gatherings_join_the_statistics(
    seat: Neighbourhood,
) -> None:
    coordinator = seat.of(Role.KOORDINAATTORI)
    stop = {
        "code": "auto", "kind": "tour_stop", "name_fi": "Digiauto", "place_fi": "Tori", "postcode": "20100",
        "first_day": "2026-11-24", "begins": "07:00", "ends": "08:30", "rrule": "FREQ=WEEKLY;COUNT=3",
    }  # fmt: skip
    told(coordinator("POST", "/directory/gatherings", **stop))
    near = told(coordinator("GET", "/directory/nearby?postcode=20100"))["gatherings"]
    assert [one["name"] for one in near] == ["Digiauto"]
    held = {"people": 23, "minutes": 90, "topics": {"PUHELIN": 23}, "languages": {"fi": 23}}
    told(coordinator("POST", "/directory/gatherings/auto/reports", day="2026-11-24", **held))
    assert seat.figures("municipality", "gathered") == {"853": 23.0}


def test_004_siun_sote_a_matter_of_health_or_danger_is_shown_the_way_out(seat: Neighbourhood) -> None:
    caller = seat.day.dials().goes_forward(until="topic_choice").presses("4").hears("emergency")
    assert "yksi yksi kaksi" in caller.words_of("emergency")


def test_004_siun_sote_figures_from_elsewhere_stand_with_their_source_and_date(seat: Neighbourhood) -> None:
    coordinator = seat.of(Role.KOORDINAATTORI)
    digital = {
        "name": "Digitaalisten asiointien osuus", "value": 27.8, "unit": "%", "begins": "2026-11-01",
        "ends": "2026-11-30", "source": "Hyvinvointialueen raportti", "source_date": "2026-11-15",
    }  # fmt: skip
    told(coordinator("POST", "/indicators", **digital))
    (entered,) = told(coordinator("GET", "/indicators?period=2026-11"))["indicators"]
    assert (entered["value"], entered["source"], entered["source_date"]) == (27.8, digital["source"], "2026-11-15")


def test_004_siun_sote_one_person_at_half_of_their_time_is_given_no_more_than_that(seat: Neighbourhood) -> None:
    seat.day.helper("09:30", "11:30")
    helper, coordinator = seat.helper_program(1), seat.of(Role.KOORDINAATTORI)
    told(helper("POST", "/wishes", wished_per_week=1, most_per_week=1, rest_minutes=None))
    for days, expected in ((1, (409, "most_per_week")), (7, None)):
        begins = seat.day.at("09:30", days)
        span = {"begins": begins.isoformat(), "ends": (begins + timedelta(hours=2)).isoformat()}
        shift = told(coordinator("POST", "/shifts", during=span))["id"]
        answer = helper("POST", f"/shifts/{shift}/places")
        assert (None if answer.status_code == 200 else why(answer)) == expected
