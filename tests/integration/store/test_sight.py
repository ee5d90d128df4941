"""Whose eyes may see which ticket, and who is shown a caller's name and number."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.sight import Contact, NoContact, contact_of, open_municipality, sees, ticket_for
from tests.integration.store.conftest import MOBILE, Town
from tickets.directory import add_network, add_organisation
from tickets.network_hours import NetworkHours
from tickets.people import Person
from tickets.rights import DEFAULT, Right, Rights, Scope, rights_of
from tickets.ticket import Ticket, TicketAccess
from tickets.tokens import Bearer
from tickets.view_log import Seen, View
from tickets.vocabulary import HelperKind, Role

TODAY = date(2026, 11, 24)


def bearer(town: Town, role: Role, *, person: int | None = None, helper: int | None = None, **other: object) -> Bearer:
    """Somebody of the town's organisation, unless said otherwise."""
    mine = {"organisation_id": town.organisation, "rights": rights_of(role), **other}
    return Bearer(1, town.network, role, helper, person, hours=NetworkHours(), **mine)  # type: ignore[arg-type]


def person_of(town: Town, helper: int) -> int:
    ((person,),) = town.fetch("SELECT id FROM person WHERE helper_id = :h", h=helper)
    assert isinstance(person, int)
    return person


def sign(town: Town, person: int, day: date | None = TODAY) -> None:
    town.update("person", person, commitment_signed_on=day)


def seen_by(session: Session, who: Bearer, right: Right, now: datetime) -> set[int]:
    return set(session.scalars(select(Ticket.id).where(sees(who, right, now=now))))


@pytest.fixture
def staff(town: Town) -> Bearer:
    """A digitukija who has signed, has an assigned callback (see `case`), and needs no badge."""
    helper = town.helper(kind=HelperKind.STAFF)
    town.shift("10:00", "12:00", helper)
    person = person_of(town, helper)
    sign(town, person)
    return bearer(town, Role.DIGITUKIJA, person=person, helper=helper)


@pytest.fixture
def case(town: Town, staff: Bearer) -> int:
    """A ticket with a promise at ten that the digitukija has been chosen for."""
    ticket = town.ticket(MOBILE, municipality="853", name="Taimi Testinen")
    promised = town.promise("10:00", ticket)
    assert town.choose(promised) == staff.helper_id
    return ticket


def contact(session: Session, who: Bearer, ticket: int, now: datetime) -> Contact | NoContact:
    return contact_of(session, who, session.get_one(Ticket, ticket), now=now)


def test_whose_case_it_is_sees_name_and_number_and_the_look_is_written_down(
    town: Town, session: Session, staff: Bearer, case: int
) -> None:
    assert contact(session, staff, case, town.now) == Contact("Taimi Testinen", MOBILE, None, "853")
    (look,) = session.scalars(select(View))
    assert (look.seen, look.ticket_id, look.person_id, look.at) == (Seen.CONTACT, case, staff.person_id, town.now)


def test_before_the_commitment_is_signed_nobody_is_shown_a_number(
    town: Town, session: Session, staff: Bearer, case: int
) -> None:
    assert staff.person_id is not None
    sign(town, staff.person_id, None)
    assert contact(session, staff, case, town.now) is NoContact.NO_COMMITMENT
    assert session.scalars(select(View)).all() == []


@pytest.mark.parametrize(("expires", "shown"), [(TODAY - timedelta(days=1), False), (TODAY, True), (None, True)])
def test_a_badge_that_has_expired_shows_no_number(
    town: Town, session: Session, staff: Bearer, case: int, expires: date | None, shown: bool
) -> None:
    assert staff.helper_id is not None
    town.update("helper", staff.helper_id, badge_expires_on=expires)
    answer = contact(session, staff, case, town.now)
    assert isinstance(answer, Contact) is shown
    assert shown or answer is NoContact.BADGE_EXPIRED


def test_a_volunteer_never_sees_the_number_of_their_own_case_either(town: Town, session: Session) -> None:
    helper = town.helper()
    town.shift("10:00", "12:00", helper)
    ticket = town.ticket(MOBILE)
    town.choose(town.promise("10:00", ticket))
    sign(town, person_of(town, helper))
    who = bearer(town, Role.OPASTAJA, person=person_of(town, helper), helper=helper)
    assert seen_by(session, who, Right.READ_TICKETS, town.now) == {ticket}
    assert contact(session, who, ticket, town.now) is NoContact.NO_RIGHT


def test_a_network_that_gives_volunteers_the_number_all_the_same_gives_nothing(town: Town, session: Session) -> None:
    helper = town.helper()
    town.shift("10:00", "12:00", helper)
    ticket = town.ticket(MOBILE)
    town.choose(town.promise("10:00", ticket))
    sign(town, person_of(town, helper))
    rights = rights_of(Role.OPASTAJA, {"opastaja": {"see_contact": "own"}})
    who = bearer(town, Role.OPASTAJA, person=person_of(town, helper), helper=helper, rights=rights)
    assert contact(session, who, ticket, town.now) is NoContact.NO_RIGHT


def test_a_program_is_shown_nobodys_number(town: Town, session: Session, case: int) -> None:
    who = bearer(town, Role.KOORDINAATTORI, organisation_id=None)
    assert case in seen_by(session, who, Right.READ_TICKETS, town.now)
    assert contact(session, who, case, town.now) is NoContact.A_PROGRAM


def test_a_coordinator_who_sees_every_ticket_sees_the_number_of_their_own_cases_only(
    town: Town, session: Session, case: int
) -> None:
    person = person_of(town, town.helper(kind=HelperKind.STAFF))
    sign(town, person)
    who = bearer(town, Role.KOORDINAATTORI, person=person, organisation_id=None)
    assert contact(session, who, case, town.now) is NoContact.NOT_OWN_CASE
    town.update("ticket", case, owner_person_id=person)
    assert isinstance(contact(session, who, case, town.now), Contact)


def test_under_turvakielto_only_whose_case_it_is_learns_number_and_municipality(
    town: Town, session: Session, staff: Bearer, case: int
) -> None:
    town.update("ticket", case, non_disclosure=True)
    ticket = session.get_one(Ticket, case)
    assert open_municipality(ticket) is None
    other = person_of(town, town.helper(kind=HelperKind.STAFF))
    sign(town, other)
    everybody = bearer(town, Role.KOORDINAATTORI, person=other, organisation_id=None)
    assert contact(session, everybody, case, town.now) is NoContact.NOT_OWN_CASE
    answer = contact(session, staff, case, town.now)
    assert isinstance(answer, Contact)
    assert (answer.phone, answer.municipality) == (MOBILE, "853")


def test_an_organisation_sees_its_own_tickets_and_those_it_was_given(town: Town, session: Session) -> None:
    with town.sessions.begin() as other:
        parainen = add_organisation(other, town.network, "Parainen", serves=["445"])
    own, given, foreign = (
        town.ticket(municipality="853"),
        town.ticket(municipality="445"),
        town.ticket(municipality="445"),
    )
    with town.sessions.begin() as other:
        other.add(TicketAccess(ticket_id=given, organisation_id=town.organisation, given_at=town.now))
    ours = bearer(town, Role.NEUVOJA, person=person_of(town, town.helper()))
    assert seen_by(session, ours, Right.READ_TICKETS, town.now) == {own, given}
    theirs = replace(ours, organisation_id=parainen, person_id=None)
    assert seen_by(session, theirs, Right.READ_TICKETS, town.now) == {given, foreign}
    shared = replace(ours, organisation_id=None)
    assert seen_by(session, shared, Right.READ_TICKETS, town.now) == {own, given, foreign}


def test_a_case_stays_ones_own_for_a_fortnight_after_the_call(
    town: Town, session: Session, staff: Bearer, case: int
) -> None:
    ((callback,),) = town.fetch("SELECT id FROM callback WHERE ticket_id = :t", t=case)
    assert isinstance(callback, int)
    town.update("callback", callback, state="kept", ended_at=town.now)
    days = timedelta(days=1)
    assert seen_by(session, staff, Right.READ_TICKETS, town.now + 13 * days) == {case}
    assert seen_by(session, staff, Right.READ_TICKETS, town.now + 14 * days) == set()
    assert contact(session, staff, case, town.now + 14 * days) is NoContact.NOT_OWN_CASE


def test_a_ticket_stays_its_owners_for_a_fortnight_after_it_was_closed(
    town: Town, session: Session, staff: Bearer
) -> None:
    ticket = town.ticket(MOBILE)
    town.update("ticket", ticket, owner_person_id=staff.person_id)
    town.update("ticket", ticket, status="closed", outcome="RATKAISTU", closed_at=town.now)
    days = timedelta(days=1)
    assert seen_by(session, staff, Right.READ_TICKETS, town.now + 13 * days) == {ticket}
    assert seen_by(session, staff, Right.READ_TICKETS, town.now + 14 * days) == set()
    assert contact(session, staff, ticket, town.now + 14 * days) is NoContact.NOT_OWN_CASE


def test_a_case_that_is_somebody_elses_is_as_if_it_were_not_there(
    town: Town, session: Session, staff: Bearer, case: int
) -> None:
    other = town.helper(kind=HelperKind.STAFF)
    code = session.get_one(Ticket, case).code
    assert ticket_for(session, staff, code, Right.READ_TICKETS, now=town.now) is not None
    not_theirs = replace(staff, helper_id=other, person_id=person_of(town, other))
    assert ticket_for(session, not_theirs, code, Right.READ_TICKETS, now=town.now) is None
    assert ticket_for(session, not_theirs, "XXXXX", Right.READ_TICKETS, now=town.now) is None


def test_nothing_crosses_a_network(town: Town, session: Session, case: int) -> None:
    with town.sessions.begin() as other:
        elsewhere = add_network(other, "Muu seutu", now=town.now)
        person = Person(network_id=elsewhere, role=Role.KOORDINAATTORI, name_sealed="x", created_at=town.now)
        person.commitment_signed_on = TODAY
        other.add(person)
        other.flush()
        number = person.id
    everything: Rights = dict.fromkeys(Right, Scope.NETWORK)
    who = Bearer(1, elsewhere, Role.KOORDINAATTORI, None, number, None, everything, NetworkHours())
    assert all(seen_by(session, who, right, town.now) == set() for right in Right)
    town.update("ticket", case, owner_person_id=number)
    assert contact(session, who, case, town.now) is NoContact.NOT_OWN_CASE


@pytest.mark.parametrize("role", Role)
def test_a_role_without_a_right_reaches_no_ticket_by_it(town: Town, session: Session, role: Role, case: int) -> None:
    who = bearer(town, role, organisation_id=None)
    for right in set(Right) - DEFAULT[role].keys():
        assert seen_by(session, who, right, town.now) == set(), right
