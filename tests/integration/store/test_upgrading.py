"""Whoever upgrades from the release before finds the open tickets where new ones would be, and leavers on their way out."""

from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import Engine, text

from admin import migrations
from tickets.store import make_engine

RELEASED = "0007"  # the shape of the release before
STOOD = """
INSERT INTO network (name, boundaries, created_at) VALUES ('Eka', '{}', now()), ('Toka', '{}', now());
INSERT INTO organisation (network_id, name, serves, agreed, boundaries) VALUES
    (2, 'Turku muualla', '{853}', '{}', '{}'), (1, 'Turku', '{853,680}', '{}', '{}'), (1, 'Martat', '{853}', '{}', '{}');
INSERT INTO helper (network_id, organisation_id, name_sealed, phone_sealed, phone_index, languages, kind, rules_accepted,
    active, created_at) VALUES
    (1, 2, 'n', 'p', '1', '{fi}', 'volunteer', true, false, now() - interval '3 years'),
    (1, 2, 'n', 'p', '2', '{fi}', 'volunteer', true, true, now() - interval '3 years');
INSERT INTO ticket (network_id, code, intake_key, matter, channel, status, language, municipality, can_text, created_at,
    updated_at, closed_at) VALUES
    (1, 'DL-1', '1', '', 'puhelin', 'open', 'fi', '853', false, now(), now(), NULL),
    (1, 'DL-2', '2', '', 'puhelin', 'promised', 'fi', '049', false, now(), now(), NULL),
    (1, 'DL-3', '3', '', 'puhelin', 'open', 'fi', NULL, false, now(), now(), NULL),
    (1, 'DL-4', '4', '', 'puhelin', 'closed', 'fi', '853', false, now(), now(), now());
"""


@pytest.fixture
def upgraded(empty_database: str) -> Iterator[Engine]:
    """A database of the release before, with people and tickets in it, brought to the newest shape."""
    engine = make_engine(empty_database)
    with engine.begin() as connection:
        config = migrations._config()
        config.attributes["connection"] = connection
        command.upgrade(config, RELEASED)
    with engine.begin() as connection:
        connection.execute(text(STOOD))
    migrations.upgrade(empty_database)
    yield engine
    engine.dispose()


def test_what_was_open_is_the_organisations_that_serves_the_municipality_and_it_sees_it(upgraded: Engine) -> None:
    owners = "SELECT code, owner_organisation_id FROM ticket ORDER BY code"
    assert fetch(upgraded, owners) == [("DL-1", 2), ("DL-2", None), ("DL-3", None), ("DL-4", None)]
    seen = "SELECT code, organisation_id FROM ticket_access a JOIN ticket t ON t.id = a.ticket_id"
    assert fetch(upgraded, seen) == [("DL-1", 2)]


def test_a_helper_who_was_not_active_has_left_and_the_term_runs_from_the_upgrade(upgraded: Engine) -> None:
    left = "SELECT helper_id, active, left_at > now() - interval '1 hour' FROM person ORDER BY helper_id"
    assert fetch(upgraded, left) == [(1, False, True), (2, True, None)]


def fetch(engine: Engine, statement: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]
