"""People, organisations, rights, rules and the board by API; and how far a coordinator of one organisation reaches."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from admin.demo.data import DemoData
from admin.parts import Parts
from scheduler.people.persons import Identity, add_person, give_role
from scheduler.rota.shifts import NewShift, add_shift
from scheduler.slots import Grid, Span
from tests.integration.programs import Program, told, why
from tickets.network import Network, Organisation
from tickets.people import Person
from tickets.tokens import Bearer, issue_token, verify_token
from tickets.view_log import Seen, note_view
from tickets.vocabulary import Role


@dataclass
class Office:
    """The demo's network, asked by its people."""

    parts: Parts
    client: FlaskClient
    demo: DemoData
    now: datetime

    def __post_init__(self) -> None:
        with self.parts.sessions() as session:
            self.network = session.scalars(select(Network.id)).one()
            self.organisations = list(session.scalars(select(Organisation.id).order_by(Organisation.id)))

    def person(self, role: Role, organisation: int | None = None) -> int:
        """Somebody new with this role."""
        with self.parts.sessions.begin() as session:
            new = Identity(f"Uusi {role}", organisation_id=organisation)
            made = add_person(session, self.network, new, role, who=None, now=self.now, actor="line")
        assert isinstance(made, int)
        return made

    def key(self, person: int) -> str:
        """A key of this person."""
        with self.parts.sessions.begin() as session:
            return issue_token(session, self.network, Role.NEUVOJA, now=self.now, person_id=person)

    def program(self, person: int) -> Program:
        return Program(self.client, self.key(person))

    def of(self, role: Role, organisation: int | None = None) -> Program:
        return self.program(self.person(role, organisation))

    def person_of(self, helper: int) -> int:
        with self.parts.sessions() as session:
            return session.scalars(select(Person.id).where(Person.helper_id == helper)).one()

    def shift(self, organisation: int | None, ahead: timedelta = timedelta(days=4)) -> int:
        """A shift on a Saturday, when nobody of the demo is on duty."""
        begins = self.now + ahead
        new = NewShift(Span(begins, begins + timedelta(hours=3)), organisation_id=organisation)
        with self.parts.sessions.begin() as session:
            made = add_shift(session, self.network, new, now=self.now, grid=Grid())
        assert isinstance(made, int)
        return made


@pytest.fixture
def office(parts: Parts, client: FlaskClient, demo: DemoData, now: datetime) -> Office:
    """The demo's network."""
    return Office(parts, client, demo, now)


def test_a_coordinator_adds_somebody_who_signs_and_gets_another_role(office: Office) -> None:
    keeper = office.of(Role.KOORDINAATTORI)
    made = told(keeper("POST", "/people", name="Salla Esimerkki", email="salla@esimerkki.fi", role="neuvoja"))["id"]
    told(keeper("POST", f"/people/{made}/commitment", signed_on="2026-11-20"))
    told(keeper("POST", f"/people/{made}/role", role="yhdyshenkilo"))
    person = told(keeper("PATCH", f"/people/{made}", phone="0405550777"))["person"]
    assert (person["name"], person["phone"], person["role"]) == ("Salla Esimerkki", "+358405550777", "yhdyshenkilo")
    assert person["commitment_signed_on"] == "2026-11-20"
    kinds = [change["kind"] for change in told(keeper("GET", f"/people/changes?person={made}"))["changes"]]
    assert kinds == ["edited", "role_given", "commitment_signed", "added"]
    me = told(office.program(made)("GET", "/me"))
    assert (me["person"], me["role"]) == (made, "yhdyshenkilo")


def test_what_cannot_be_done_to_people_is_told_in_a_word(office: Office) -> None:
    keeper = office.of(Role.KOORDINAATTORI)
    assert why(keeper("POST", "/people", name="Salla", role="tietosuojavastaava")) == (403, "role_not_yours")
    assert why(keeper("POST", "/people", name="Salla")) == (400, "role_or_helper")
    assert why(keeper("POST", "/people", name="Salla", role="neuvoja", phone="112")) == (409, "bad_phone")
    assert why(keeper("GET", "/people/999999")) == (404, "not_found")
    helper = {"languages": ["fi"], "kind": "volunteer"}
    assert why(keeper("POST", "/people", name="Salla", helper=helper, phone="0405550778")) == (
        409,
        "needs_organisation",
    )


def test_a_preview_of_somebodys_leaving_tells_what_it_would_break_and_breaks_nothing(office: Office) -> None:
    keeper, helper = office.of(Role.KOORDINAATTORI), office.demo.helpers[0]
    person = office.person_of(helper.id)
    seen = told(keeper("DELETE", f"/people/{person}?preview=true"))
    assert len(seen["lost"]) == 20  # four weeks of weekdays
    assert told(keeper("GET", f"/people/{person}"))["person"]["active"] is True
    done = told(keeper("DELETE", f"/people/{person}"))
    assert done["lost"] == seen["lost"]
    assert why(keeper("DELETE", f"/people/{person}")) == (409, "has_left")
    told(keeper("POST", f"/people/{person}/return"))
    assert told(keeper("GET", f"/people/{person}"))["person"]["helper"]["active"] is True


def test_papers_are_changed_one_by_one_and_what_is_not_named_stays(office: Office) -> None:
    keeper, helper = office.of(Role.KOORDINAATTORI), office.demo.helpers[4]
    person = office.person_of(helper.id)
    changed = told(keeper("PATCH", f"/people/{person}/helper", badge_expires_on="2026-12-05"))
    assert changed["lost"] == []
    papers = told(keeper("GET", f"/people/{person}"))["person"]["helper"]
    assert papers["badge_expires_on"] == "2026-12-05"
    assert papers["languages"] == list(helper.languages)
    assert papers["active"] is True


def test_organisations_and_who_takes_which_topic_are_data_a_coordinator_edits(office: Office) -> None:
    keeper = office.of(Role.KOORDINAATTORI)
    made = told(keeper("POST", "/organisations", name="Salon digituki", serves=["734"]))["id"]
    assert why(keeper("POST", "/organisations", name="Salon digituki")) == (409, "name_taken")
    told(keeper("PATCH", f"/organisations/{made}", agreed=["853"]))
    told(keeper("POST", f"/organisations/{made}/boundaries", changes={"volunteer": {"KELA": "refers"}}))
    card = next(one for one in told(keeper("GET", "/organisations"))["organisations"] if one["id"] == made)
    assert card["area"] == {"name": "Salon digituki", "serves": ["734"], "agreed": ["853"]}
    assert card["stances"]["volunteer"]["KELA"] == "refers"
    told(keeper("POST", "/boundaries", changes={"volunteer": {"VERO": "must_not"}}))
    assert told(keeper("GET", "/boundaries"))["stances"]["volunteer"]["VERO"] == "must_not"


def test_a_right_is_given_within_what_may_be_given(office: Office) -> None:
    keeper, adviser = office.of(Role.KOORDINAATTORI), office.of(Role.NEUVOJA)
    assert adviser("POST", "/board", title="Hei", text="…").status_code == 403
    told(keeper("POST", "/role-rights", role="neuvoja", right="post_on_board", scope="network"))
    told(adviser("POST", "/board", title="Hei", text="…"))
    forbidden = {"role": "opastaja", "right": "see_contact", "scope": "own"}
    assert why(keeper("POST", "/role-rights", **forbidden)) == (409, "may_not_be_given")
    forbidden = {"role": "jasen", "right": "keep_settings", "scope": "network"}
    assert why(keeper("POST", "/role-rights", **forbidden)) == (403, "role_not_yours")


def test_rules_are_published_accepted_and_counted(office: Office) -> None:
    keeper, adviser = office.of(Role.KOORDINAATTORI), office.of(Role.NEUVOJA)
    version = told(keeper("POST", "/rules", text_fi="Säännöt", text_sv="Reglerna"))["version"]
    told(adviser("POST", f"/rules/{version}/acceptance"))
    (rules,) = told(adviser("GET", "/rules"))["rules"]
    assert (rules["text_fi"], rules["accepted"]) == ("Säännöt", 1)
    assert len(told(keeper("GET", f"/rules/{version}/acceptances"))["accepted"]) == 1
    seen = told(keeper("POST", f"/rules/{version}/requirement", required_from="2026-11-24", preview=True))
    assert seen["version"] == version
    assert told(keeper("GET", "/rules"))["rules"][0]["required_from"] is None


def test_a_notice_is_its_authors_and_a_keeper_may_take_it_down(office: Office) -> None:
    member, other, keeper = office.of(Role.JASEN), office.of(Role.JASEN), office.of(Role.KOORDINAATTORI)
    post = told(member("POST", "/board", title="Kysymys", text="Onko kellään isoa näppäimistöä?"))["id"]
    assert why(other("PATCH", f"/board/{post}", title="x", text="y")) == (403, "not_yours")
    told(member("PATCH", f"/board/{post}", title="Kysymys", text="Löytyi.", pinned_until="2026-11-30"))
    (card,) = told(other("GET", "/board"))["pinned"]
    assert (card["name"], card["notice"]["text"]) == ("Uusi jasen", "Löytyi.")
    assert card["edited_at"]
    assert why(other("DELETE", f"/board/{post}")) == (403, "not_yours")
    told(keeper("DELETE", f"/board/{post}"))
    assert told(other("GET", "/board"))["pinned"] == []


def test_the_view_log_is_read_page_by_page_by_ticket_and_by_person(office: Office) -> None:
    adviser = office.person(Role.NEUVOJA)
    with office.parts.sessions.begin() as session:
        who = verify_token(session, office.key(adviser), now=office.now)
        assert isinstance(who, Bearer)
        for _ in range(3):
            note_view(session, who, Seen.SEARCH, None, now=office.now)
    officer = office.of(Role.TIETOSUOJAVASTAAVA)
    page = told(officer("GET", f"/view-log?person={adviser}&limit=2"))
    rest = told(officer("GET", f"/view-log?person={adviser}&limit=2&cursor={page['next']}"))
    assert [len(page["views"]), len(rest["views"]), rest["next"]] == [2, 1, None]
    assert {look["person_id"] for look in page["views"] + rest["views"]} == {adviser}
    assert told(officer("GET", "/view-log?ticket=NONE1"))["views"] == []
    assert why(officer("GET", "/view-log?cursor=x")) == (400, "no_such_page")


def test_a_coordinator_who_rings_back_too_takes_their_own_places_and_keeps_those_of_others(office: Office) -> None:
    mine, other = office.demo.helpers[0].id, office.demo.helpers[1].id
    me = office.person_of(mine)
    with office.parts.sessions.begin() as session:
        assert _made_coordinator(session, office, me) is None
        session.get_one(Person, me).organisation_id = None
    both, shift = office.program(me), office.shift(None)
    own = told(both("POST", f"/shifts/{shift}/places"))["place"]
    assert own
    given = told(both("POST", f"/shifts/{shift}/places", helper=other, override=True))
    assert given["overridden"] == ["full"]
    told(both("DELETE", f"/places/{given['place']}"))
    assert [place["id"] for place in told(both("GET", "/own-rota"))["places"] if place["shift_id"] == shift] == [own]
    assert told(both("GET", f"/own-rota?helper={other}"))["places"]
    with office.parts.sessions() as session:
        rows = session.execute(text("SELECT actor FROM rota_change WHERE shift_id = :s ORDER BY id"), {"s": shift})
        assert {row.actor for row in rows} - {"line"} == {f"person:{me}"}


def _made_coordinator(session: Session, office: Office, person: int) -> Any:
    by = {"who": None, "now": office.now, "actor": "line"}
    return give_role(session, office.network, person, Role.KOORDINAATTORI, **by)


def test_a_coordinator_of_one_organisation_keeps_its_shifts_and_its_helpers(office: Office) -> None:
    turku, parainen, _ = office.organisations
    ours = office.of(Role.KOORDINAATTORI, turku)
    own, theirs, shared = office.shift(turku), office.shift(parainen), office.shift(None, timedelta(days=5))
    here = next(one.id for one in office.demo.helpers if one.organisation == office.demo.organisations[0])
    there = next(one.id for one in office.demo.helpers if one.organisation == office.demo.organisations[1])

    since, until = "2026-11-27T00:00:00Z", "2026-11-30T00:00:00Z"
    listed = {shift["id"] for shift in told(ours("GET", f"/rota?since={since}&until={until}"))["shifts"]}
    assert {own, shared} <= listed
    assert theirs not in listed

    told(ours("POST", f"/shifts/{own}/places", helper=here))
    assert why(ours("POST", f"/shifts/{shared}/places", helper=there)) == (403, "not_yours")
    told(ours("POST", f"/shifts/{shared}/places", helper=here))
    assert told(ours("DELETE", f"/shifts/{own}?preview=true"))["lost"]
    for foreign in (theirs, shared):
        assert why(ours("DELETE", f"/shifts/{foreign}")) == (403, "not_yours")
    during = {"begins": "2026-11-28T08:00:00Z", "ends": "2026-11-28T10:00:00Z"}
    assert why(ours("POST", "/closures", during=during, reason="x")) == (403, "not_yours")
    told(ours("POST", "/closures", during=during, reason="x", organisation=turku))
    assert why(ours("POST", "/templates", name="Viikko")) == (403, "not_yours")
    assert why(ours("POST", "/rota/proposals", since=since, until=until)) == (403, "not_yours")


def test_a_coordinator_of_one_organisation_sees_its_people_only(office: Office) -> None:
    turku, parainen, _ = office.organisations
    ours = office.of(Role.KOORDINAATTORI, turku)
    people = told(ours("GET", "/people"))["people"]
    assert {person["organisation_id"] for person in people} == {turku}
    stranger = office.person(Role.NEUVOJA, parainen)
    assert why(ours("GET", f"/people/{stranger}")) == (404, "not_found")
    assert why(ours("DELETE", f"/people/{stranger}")) == (403, "not_yours")


def test_who_may_see_only_themselves_sees_nobody_else(office: Office) -> None:
    member = office.person(Role.JASEN)
    with office.parts.sessions.begin() as session:
        own = {"see_people": "own", "keep_people": "own"}
        session.get_one(Network, office.network).role_rights = {"jasen": own}
    program = office.program(member)
    assert [one["id"] for one in told(program("GET", "/people"))["people"]] == [member]
    assert why(program("GET", "/people/changes")) == (403, "not_yours")
    assert why(program("GET", "/rules/1/acceptances")) == (403, "not_yours")


def test_nobody_renews_their_own_badge(office: Office) -> None:
    person = office.person_of(office.demo.helpers[0].id)
    with office.parts.sessions.begin() as session:
        give_role(session, office.network, person, Role.KOORDINAATTORI, who=None, now=office.now, actor="line")
    own, path = office.program(person), f"/people/{person}/helper"
    other = "staff" if office.demo.helpers[0].kind == "volunteer" else "volunteer"
    for changed in ({"badge_expires_on": "2027-06-01"}, {"kind": other}):
        assert why(own("PATCH", path, **changed)) == (409, "yourself")
    told(own("PATCH", path, languages=["fi"]))
    told(office.of(Role.KOORDINAATTORI)("PATCH", path, badge_expires_on="2027-06-01"))


def test_how_long_all_keep_what_they_have_is_not_for_one_organisation_to_say(office: Office) -> None:
    own, shared = office.of(Role.KOORDINAATTORI, office.organisations[0]), office.of(Role.KOORDINAATTORI)
    path = "/retention/contact"
    assert why(own("POST", path, amount=20)) == (403, "not_yours")
    assert told(own("GET", "/retention")) == told(shared("GET", "/retention"))
    told(shared("POST", path, amount=20))
