"""What signing in leaves behind goes with whoever signed in, and by itself soon after it is good for nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from scheduler.erasing import Erased, erase
from scheduler.people.leaving import Left, leave
from scheduler.sign_in_codes import ask_for_code
from tests.integration.store.conftest import Town
from tickets.ageing import AGED, forget_aged
from tickets.copies import copy_of
from tickets.outside_accounts import Account, bind
from tickets.people import Person
from tickets.registered import Whose, find
from tickets.sign_ins import How, begin_sign_in
from tickets.store import cipher_of
from tickets.tokens import bearer_of_person
from voice_prompts.language import Written

TABLES = ("sign_in", "sign_in_code", "outside_account")
EMAIL = "auttaja@example.org"


@pytest.fixture
def person(town: Town) -> int:
    """A helper who has signed in by phone, by mail and by an organisation's account, and another who has too."""
    numbers = [town.helper(), town.helper()]
    with town.sessions.begin() as session:
        people = [session.scalars(select(Person).where(Person.helper_id == number)).one() for number in numbers]
        for place, one in enumerate(people):
            email = f"{place}{EMAIL}"
            one.email_sealed, one.email_index = cipher_of(session).seal(email), cipher_of(session).index_of(email)
            who = bearer_of_person(session, one.id)
            assert who is not None
            begin_sign_in(session, who, How.CODE, device="Firefox, Linux", now=town.now)
            for address in (email, f"+3585000000{place + 1:02}"):
                ask_for_code(session, address, Written.FI, now=town.now)
            bind(session, Account("https://issuer.example", f"subject {place}", None), one.id, now=town.now)
        return people[0].id


def left(town: Town) -> dict[str, int]:
    with town.sessions() as session:
        return {table: session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in TABLES}


def test_it_is_in_the_copy_that_they_get_without_what_would_let_somebody_in(town: Town, person: int) -> None:
    with town.sessions() as session:
        copy = copy_of(session, find(session, Whose(town.network, person_id=person)))
    assert {table: len(copy.tables[table]) for table in TABLES} == {
        "sign_in": 1,
        "sign_in_code": 2,
        "outside_account": 1,
    }
    assert copy.tables["sign_in"][0]["device"] == "Firefox, Linux"
    assert {row["address"] for row in copy.tables["sign_in_code"]} == {f"0{EMAIL}", "+358500000001"}
    kept = {column for table in TABLES for row in copy.tables[table] for column in row}
    assert not kept & {"seed", "secret_hash", "subject_index", "address_index"}


def test_it_goes_with_them_and_nobody_elses_does(town: Town, person: int) -> None:
    assert left(town) == {"sign_in": 2, "sign_in_code": 4, "outside_account": 2}
    with town.sessions.begin() as session:
        doing = {"now": town.now, "grid": town.grid, "actor": "person:9"}
        assert isinstance(leave(session, town.network, person, who=None, **doing), Left)  # type: ignore[arg-type]
        gone = erase(session, Whose(town.network, person_id=person), now=town.now, grid=town.grid, actor="person:9")
        assert isinstance(gone, Erased), gone
    assert left(town) == {"sign_in": 1, "sign_in_code": 2, "outside_account": 1}


@pytest.mark.parametrize(
    ("table", "after", "kept"),
    [
        ("sign_in_code", timedelta(days=2, minutes=9), 4),
        ("sign_in_code", timedelta(days=2, minutes=10), 0),
        ("sign_in", timedelta(days=30, hours=11), 2),
        ("sign_in", timedelta(days=30, hours=12), 0),
    ],
)
def test_it_goes_by_itself(town: Town, person: int, table: str, after: timedelta, kept: int) -> None:
    (aged,) = (one for one in AGED if one.table == table)
    with town.sessions.begin() as session:
        forget_aged(session, aged, now=town.now + after, limit=100)
    assert left(town)[table] == kept
