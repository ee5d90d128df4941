"""How a call went, as its helper tells it: three taps, all of it or nothing, and once."""

import pytest
from flask import Flask
from sqlalchemy import select

from admin.demo.data import DemoData
from admin.parts import Parts
from scheduler.cases import Doing, give_owner
from scheduler.slots import Grid
from tests.integration.case_room import Reader, Room
from tests.integration.helper_day import HelperDay, Promised
from tests.integration.test_helper_pages import HOSTILE, Pair, staff, volunteer
from tickets.directory import add_network
from tickets.network import Network
from tickets.points import ReferralPoint
from tickets.ticket import Ticket
from tickets.vocabulary import Role, Topic

__all__ = ["staff", "volunteer"]
ACTOR = "person:1"


def told(day: HelperDay, promised: Promised) -> tuple[object, ...]:
    (row,) = day.rows("SELECT status, outcome, did_themselves, minutes FROM ticket WHERE id = :id", id=promised.ticket)
    return row


def path_of(promised: Promised) -> str:
    return f"/helper/cases/{promised.code}/outcome"


@pytest.fixture
def page(volunteer: Pair) -> Reader:
    return volunteer[0]


@pytest.fixture
def day(volunteer: Pair) -> HelperDay:
    return volunteer[1]


def test_three_taps_close_a_case(page: Reader, day: HelperDay) -> None:
    kept = day.kept()
    shown = page.done(path_of(kept), result="solved", did="yes")
    assert "Tallessa. Kiitos!" in shown
    assert told(day, kept) == ("closed", "RATKAISTU", "yes", None)


def test_what_is_told_besides_is_kept_too(page: Reader, day: HelperDay) -> None:
    kept = day.kept()
    more = {"minutes": "25", "note": HOSTILE, "training": "1", "topics": ["KUVAT", "SOVELLUS"]}
    page.done(path_of(kept), result="solved", did="partly", **more)
    assert told(day, kept) == ("closed", "RATKAISTU", "partly", 25)
    kept_besides = day.rows("SELECT training_need, topics FROM ticket WHERE id = :id", id=kept.ticket)
    assert kept_besides == [(True, ["SOVELLUS", "KUVAT"])]
    assert day.one("SELECT count(*) FROM note WHERE ticket_id = :id", id=kept.ticket) == 1


def test_what_they_would_like_training_in_is_listed_on_their_own_pages(page: Reader, day: HelperDay) -> None:
    assert "Ei vielä mitään. Kun kerrot, miten puhelu meni" in page.sees("/helper/rules")
    for topics in (["KELA", "KUVAT"], ["KELA"], []):
        promised = day.kept(topic=Topic.PUHELIN, caller=f"+3584012399{len(topics):02}")
        training = {"training": "1"} if topics else {}
        page.done(path_of(promised), result="solved", did="yes", topics=topics, **training)
    listed = page.sees("/helper/rules")
    assert "<strong>Kela</strong>: 2 tukipyyntöä, viimeksi 24.11.2026" in listed
    assert "<strong>kuvat ja tiedostot</strong>: 1 tukipyyntö" in listed
    assert "Puhelin" not in listed.partition('id="training"')[2].partition("</ul>")[0]


def test_what_needs_more_goes_on_to_another_time(page: Reader, day: HelperDay) -> None:
    kept = day.kept()
    shown = page.done(path_of(kept), result="partly")
    assert "Lupaa aika" in shown
    assert told(day, kept)[:2] == ("with_coordinator", "OSITTAIN_JATKOAIKA")


def test_a_caller_is_sent_on_to_a_place_of_the_directory_or_to_a_sort_of_place(page: Reader, day: HelperDay) -> None:
    kept, other = day.kept(), day.kept()
    with day.parts.sessions() as session:
        point = session.scalars(select(ReferralPoint).where(ReferralPoint.active).limit(1)).one()
    page.done(path_of(kept), result="referred", point=str(point.id), did="no")
    assert told(day, kept)[:3] == ("closed", point.outcome, "no")
    assert day.one("SELECT count(*) FROM ticket_event WHERE kind = 'referred'") == 1
    page.done(path_of(other), result="referred", where="OHJATTU_HUOLTO", point="")
    assert told(day, other)[:2] == ("closed", "OHJATTU_HUOLTO")


def test_something_else_is_named(page: Reader, day: HelperDay) -> None:
    kept = day.kept()
    page.done(path_of(kept), result="other", other="HUIJAUSEPAILY")
    assert told(day, kept)[:2] == ("closed", "HUIJAUSEPAILY")


@pytest.mark.parametrize(
    ("typed", "mistake"),
    [
        ({}, "Valitse, mitä siitä tuli."),
        ({"result": HOSTILE}, "Valitse, mitä siitä tuli."),
        ({"result": "other"}, "Valitse, mitä se oli."),
        ({"result": "other", "other": "RATKAISTU"}, "Valitse, mitä se oli."),
        ({"result": "referred", "where": "RATKAISTU"}, "Valitse, mihin ohjasit."),
        ({"result": "referred", "point": HOSTILE}, "Paikka ei ole enää hakemistossa."),
        ({"result": "referred", "point": "99999"}, "Paikka ei ole enää hakemistossa."),
        ({"result": "solved", "minutes": "tunti"}, "Kirjoita minuutit numeroina"),
        ({"result": "solved", "minutes": "481"}, "Kirjoita minuutit numeroina"),
        ({"result": "solved", "minutes": "²"}, "Kirjoita minuutit numeroina"),
        ({"result": "solved", "note": "x" * 10_000}, "enintään 5 000"),
        ({"result": "solved", "note": "a\0b"}, "ei voi tallentaa"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(
    page: Reader, day: HelperDay, typed: dict[str, str], mistake: str
) -> None:
    kept = day.kept()
    shown = page.refused(path_of(kept), **{"did": "yes", "note": "Muistiin", **typed})
    assert shown.count(mistake) == 2, "at the top and beside the field"
    assert 'id="did-yes" name="did" value="yes" checked' in shown
    assert typed.get("note", "Muistiin").replace("\0", "\ufffd")[:5] in shown.replace("\0", "\ufffd")
    assert told(day, kept) == ("awaiting_outcome", None, None, None)
    assert day.rows("SELECT 1 FROM note") == []


def test_a_place_of_another_network_is_none_of_ours(page: Reader, day: HelperDay, parts: Parts) -> None:
    kept = day.kept()
    with parts.sessions.begin() as session:
        network = add_network(session, "Toinen", now=day.now)
        point = session.scalars(select(ReferralPoint).limit(1)).one()
        point.network_id = network
        foreign = point.id
        assert session.scalars(select(Network.id)).all()
    shown = page.refused(path_of(kept), result="referred", point=str(foreign), note="Ensin tämä")
    assert "Paikka ei ole enää hakemistossa." in shown
    assert told(day, kept)[0] == "awaiting_outcome"
    assert day.rows("SELECT 1 FROM note") == [], "what was refused is refused whole"


def test_saved_twice_it_is_saved_once(page: Reader, day: HelperDay) -> None:
    kept = day.kept()
    for _ in range(2):
        page.sends(path_of(kept), result="solved", did="yes", note="Kerran")
    assert day.one("SELECT count(*) FROM note") == 1
    assert day.one("SELECT count(*) FROM ticket_event WHERE kind = 'closed'") == 1
    assert "Tämä on jo kerrottu." in page.done(path_of(kept), result="other", other="HAIRINTA")
    assert told(day, kept)[1] == "RATKAISTU"


def test_of_what_was_said_on_the_phone_more_can_be_told_here(page: Reader, day: HelperDay) -> None:
    kept = day.kept()
    page.done(path_of(kept), result="solved")
    shown = page.sees(path_of(kept))
    assert "Se on jo kerrottu:" in shown
    assert 'name="result"' not in shown
    page.done(path_of(kept), closed="1", did="no", minutes="12", result="other", other="HAIRINTA")
    assert told(day, kept) == ("closed", "RATKAISTU", "no", 12)


def test_while_they_talk_nothing_can_be_closed(page: Reader, day: HelperDay) -> None:
    due = day.promise(5)
    day.takes(due, day.rings(due))
    shown = page.refused(path_of(due), 409, result="solved", note="Muistiin")
    assert "Asiakas on vielä puhelimessa." in shown
    assert "Muistiin" in shown
    assert told(day, due)[0] == "calling"
    assert day.rows("SELECT 1 FROM note") == []


def test_a_topic_that_was_not_known_is_the_first_that_is_told(page: Reader, day: HelperDay, parts: Parts) -> None:
    kept = day.kept()
    with parts.sessions.begin() as session:
        session.get_one(Ticket, kept.ticket).topic = None
    page.done(path_of(kept), result="solved", topics=["SPOSTI"])
    assert day.one("SELECT topic FROM ticket WHERE id = :id", id=kept.ticket) == Topic.SPOSTI


def test_a_member_who_took_a_case_in_the_relay_sees_to_it_and_is_led_back_there(
    app: Flask, parts: Parts, demo: DemoData, day: HelperDay
) -> None:
    member, code = Room(app, parts, day.now).reader(Role.JASEN), day.ticket()
    with parts.sessions.begin() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.code == code)).one()
        assert member.person is not None
        assert give_owner(session, ticket, member.person, Doing(day.now, ACTOR, Grid())) is None
    assert "Kerro, miten meni" in member.sees(f"/helper/cases/{code}")
    assert "Soita nyt" not in member.sees(f"/helper/cases/{code}")
    assert 'href="/admin/relay">Jätä koordinaattorille' in member.sees(f"/helper/cases/{code}/time")
    assert "Tallessa. Kiitos!" in member.done(f"/helper/cases/{code}/outcome", result="solved", did="yes")
    assert day.one("SELECT outcome FROM ticket WHERE code = :code", code=code) == "RATKAISTU"
