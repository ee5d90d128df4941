"""Keys that get about are ended: by command, without the key on any command line, and by pages; the log tells of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.cli import main
from admin.demo.data import DemoData
from admin.parts import Parts
from scheduler.people.doors import KeyFor, key_with, keys_of, make_key
from tests.integration.signed_in_people import Keeper
from tickets.network import Network, Organisation
from tickets.people import Person
from tickets.people_log import changes_of
from tickets.vocabulary import Role

CLOCK = "2026-11-24T09:10:00+02:00"
END = "Päätä avain"


@pytest.fixture
def keeper(app: Flask, parts: Parts, demo: DemoData, now: datetime) -> Keeper:
    return Keeper(app, parts, demo, now)


def token(environment: dict[str, str], *arguments: str, piped: str = "") -> Result:
    """Run `digilinja token`."""
    return CliRunner().invoke(main, ("token", *arguments), env={**environment, "DIGILINJA_CLOCK": CLOCK}, input=piped)


def opens(app: Flask, key: str) -> bool:
    return app.test_client().get("/api/v1/me", headers={"Authorization": f"Bearer {key}"}).status_code == 200


def a_key(keeper: Keeper, role: Role = Role.NEUVOJA, person: int | None = None) -> tuple[int, str]:
    """A key and its number."""
    with keeper.parts.sessions.begin() as session:
        until = keeper.now + timedelta(days=1)
        wanted = KeyFor(role, person_id=person, purpose="<b>Varauskirja</b>")
        key = make_key(session, keeper.network, wanted, now=keeper.now, expires_at=until, actor="test")
        return key_with(session, keeper.network, key) or 0, key


def logged(session: Session, network: int) -> list[tuple[str, int | None, object]]:
    return [(one.kind, one.person_id, one.details.get("key")) for one in changes_of(session, network)]


def test_a_leaked_key_is_ended_from_standard_input_and_stands_in_the_log(
    app: Flask, parts: Parts, demo: DemoData, environment: dict[str, str]
) -> None:
    made = token(environment, "--role", "neuvoja", "--purpose", "Kunnan varauskirja")
    key = made.stdout.strip()
    assert opens(app, key)
    ended = token(environment, "--end", piped=f"{key}\n")
    assert (ended.exit_code, "opens nothing any more" in ended.stdout) == (0, True)
    assert not opens(app, key)
    assert key not in ended.output
    again = token(environment, "--end", piped=key)
    assert (again.exit_code, "--list" in again.stderr) == (1, True)
    with parts.sessions() as session:
        number = key_with(session, 1, key)
        assert logged(session, 1)[:2] == [("key_ended", None, number), ("key_made", None, number)]


def test_keys_are_listed_with_what_they_are_for_and_ended_by_number(
    app: Flask, parts: Parts, demo: DemoData, environment: dict[str, str]
) -> None:
    key = token(environment, "--role", "neuvoja", "--purpose", "Kunnan varauskirja").stdout.strip()
    theirs = token(environment, "--person", demo.people[0].name).stdout.strip()
    assert opens(app, theirs)
    listed = token(environment, "--list").stdout
    assert "Kunnan varauskirja" in listed
    assert demo.people[0].name in listed
    assert not any(secret in listed for secret in (key, theirs))
    with parts.sessions() as session:
        number = key_with(session, 1, key)
    assert token(environment, "--end", str(number)).exit_code == 0
    assert [opens(app, key), opens(app, theirs)] == [False, True]
    assert "Kunnan varauskirja" not in token(environment, "--list").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("--end", "999999"),
        ("--end", "-1"),
        ("--list", "--end", "1"),
        ("--list", "--role", "neuvoja"),
        ("--end", "geheim"),
    ],
)
def test_what_ends_nothing_is_said_and_ends_nothing(
    demo: DemoData, parts: Parts, environment: dict[str, str], arguments: tuple[str, ...]
) -> None:
    answer = token(environment, *arguments)
    assert answer.exit_code != 0
    assert "Traceback" not in answer.output


def test_when_a_key_was_last_used_is_known_by_the_hour(keeper: Keeper) -> None:
    number, key = a_key(keeper)

    def used() -> datetime | None:
        with keeper.parts.sessions() as session:
            return next(one.used_at for one in keys_of(session, keeper.network, now=keeper.now) if one.id == number)

    assert used() is None
    assert opens(keeper.app, key)
    first = used()
    assert first is not None
    assert opens(keeper.app, key)
    assert used() == first


def test_whoever_keeps_the_settings_sees_all_keys_and_ends_one(keeper: Keeper) -> None:
    number, key = a_key(keeper)
    page = keeper.client.get("/admin/connections").text
    assert "&lt;b&gt;Varauskirja" in page
    assert key not in page
    assert "Avain ei avaa enää mitään." in keeper.does(f"/admin/connections/keys/{number}/end")
    assert not opens(keeper.app, key)
    assert "Avain päätetty" in keeper.sees("/admin/changes")
    assert keeper.sends(f"/admin/connections/keys/{number}/end").status_code == 303  # somebody was quicker
    with keeper.parts.sessions() as session:
        assert [kind for kind, _, its in logged(session, keeper.network) if its == number] == ["key_ended", "key_made"]


def test_somebodys_keys_stand_on_their_page_and_only_theirs_are_ended_there(keeper: Keeper) -> None:
    adviser, other = (
        next(one.id for one in keeper.demo.people if one.role is role) for role in (Role.NEUVOJA, Role.JASEN)
    )
    number, key = a_key(keeper, person=adviser)
    assert END in keeper.sees(f"/admin/people/{adviser}")
    assert END not in keeper.sees(f"/admin/people/{other}")
    keeper.sends(f"/admin/people/{other}/keys/{number}/end")
    assert opens(keeper.app, key)
    assert "Avain ei avaa" in keeper.does(f"/admin/people/{adviser}/keys/{number}/end")
    assert not opens(keeper.app, key)


def test_whoever_keeps_the_settings_of_one_organisation_sees_nobody_elses_keys(keeper: Keeper) -> None:
    adviser = next(one for one in keeper.demo.people if one.role is Role.NEUVOJA)
    a_key(keeper, person=adviser.id)
    assert adviser.name in keeper.sees("/admin/connections")
    with keeper.parts.sessions.begin() as session:
        network = session.get_one(Network, keeper.network)
        network.role_rights = {"paakayttaja": {"keep_settings": "organisation"}}
        organisation = session.scalars(select(Organisation.id).order_by(Organisation.id)).first()
        session.get_one(Person, keeper.person).organisation_id = organisation
    page = keeper.sees("/admin/connections")
    assert adviser.name not in page
    assert END not in page


@pytest.mark.parametrize("role", [Role.NEUVOJA, Role.JASEN, Role.YHDYSHENKILO, Role.OPASTAJA])
def test_nobody_else_ends_a_key(
    app: Flask, parts: Parts, demo: DemoData, now: datetime, keeper: Keeper, role: Role
) -> None:
    person = next(one.id for one in demo.people if one.role is Role.KOORDINAATTORI)
    number, key = a_key(keeper, Role.KOORDINAATTORI, person)
    other = Keeper(app, parts, demo, now, role)
    for path in (f"/admin/connections/keys/{number}/end", f"/admin/people/{person}/keys/{number}/end"):
        assert other.sends(path).status_code in (302, 403)
    assert opens(app, key)


def test_a_key_of_another_network_is_nobodys_to_end(keeper: Keeper) -> None:
    number, key = a_key(keeper)
    with keeper.parts.sessions.begin() as session:
        assert key_with(session, keeper.network + 1, key) is None
    assert keeper.sends(f"/admin/connections/keys/{2**70}/end").status_code == 400
    assert keeper.sends("/admin/connections/keys/0/end").status_code == 303
    assert opens(keeper.app, key)
    assert number


def test_ended_sign_ins_stand_in_the_log(keeper: Keeper) -> None:
    adviser = next(one.id for one in keeper.demo.people if one.role is Role.NEUVOJA)
    theirs = Keeper(keeper.app, keeper.parts, keeper.demo, keeper.now, Role.NEUVOJA)
    Keeper(keeper.app, keeper.parts, keeper.demo, keeper.now, Role.NEUVOJA)
    theirs.sends("/me/sign-ins/end-others")
    keeper.sends(f"/admin/people/{adviser}/sign-ins/end")
    keeper.sends(f"/admin/people/{adviser}/sign-ins/end")  # there is none any more
    with keeper.parts.sessions() as session:
        found = [one for one in changes_of(session, keeper.network, person_id=adviser) if one.kind == "sign_ins_ended"]
    assert [(one.actor, one.details) for one in found] == [
        (f"person:{keeper.person}", {"ended": 1}),
        (f"person:{adviser}", {"ended": 1}),
    ]
