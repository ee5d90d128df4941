"""The tables in the code and the tables that the migrations make are the same tables."""

from collections.abc import Iterator
from importlib import import_module

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from admin import migrations
from tickets.records import Base
from tickets.store import make_engine

for module in (
    "tickets.network",
    "tickets.people",
    "tickets.view_log",
    "tickets.line_wording",
    "tickets.bulletins",
    "tickets.statistics.records",
    "tickets.ticket",
    "tickets.transcripts",
    "tickets.mailboxes",
    "tickets.points",
    "tickets.gatherings",
    "tickets.materials",
    "tickets.tokens",
    "tickets.sign_ins",
    "tickets.sign_in_codes",
    "tickets.outside_accounts",
    "tickets.words",
    "tickets.e_services",
    "tickets.saved_views",
    "tickets.given",
    "tickets.rules",
    "tickets.board",
    "tickets.people_log",
    "tickets.relays",
    "tickets.webhooks",
    "tickets.limits",
    "tickets.retention",
    "tickets.holds",
    "tickets.erasures",
    "scheduler.records",
    "scheduler.rota.records",
    "scheduler.rota.wishes",
    "scheduler.rota.proposals",
    "scheduler.waiting",
    "scheduler.demand",
    "scheduler.alerts",
    "scheduler.jobs",
    "scheduler.outbox",
    "ivr.journal",
    "ivr.texts",
):
    import_module(module)

SHAPE = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT proname, '', pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT table_name, column_name, concat_ws(' ', data_type, is_nullable, generation_expression, is_identity)
FROM information_schema.columns WHERE table_schema = 'public'
"""


@pytest.fixture
def drawn(empty_database: str) -> Iterator[Engine]:
    """A database made straight from the tables in the code."""
    engine = make_engine(empty_database)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


def test_alembic_sees_no_difference_between_the_tables_and_the_migrations(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_catalogue_shows_the_same_constraints_indexes_and_triggers(engine: Engine, drawn: Engine) -> None:
    migrated = _shape(engine) - {row for row in _shape(engine) if row[0] == "alembic_version"}
    assert migrated == _shape(drawn)


def test_migrating_twice_changes_nothing(empty_database: str) -> None:
    assert migrations.current(empty_database) is None
    migrations.upgrade(empty_database)
    migrations.upgrade(empty_database)
    assert migrations.current(empty_database) == migrations.head()


@pytest.mark.parametrize("change", ["UPDATE ticket_event SET kind = 'closed'", "DELETE FROM ticket_event"])
def test_what_happened_to_a_ticket_cannot_be_rewritten(engine: Engine, change: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(ONE_EVENT))
    with pytest.raises(ProgrammingError, match="ticket_event is only ever added to"), engine.begin() as connection:
        connection.execute(text(change))


ONE_EVENT = """
WITH n AS (INSERT INTO network (name, boundaries, created_at) VALUES ('n', '{}', now()) RETURNING id),
t AS (
    INSERT INTO ticket (network_id, code, intake_key, matter, channel, status, language, can_text, created_at, updated_at)
    SELECT id, 'DL-2222', 'k', '', 'puhelin', 'open', 'fi', false, now(), now() FROM n RETURNING id
)
INSERT INTO ticket_event (ticket_id, at, kind, actor, details) SELECT id, now(), 'opened', 'caller', '{}' FROM t
"""


def _shape(engine: Engine) -> set[tuple[str, ...]]:
    with engine.connect() as connection:
        return {tuple(row) for row in connection.execute(text(SHAPE))}
