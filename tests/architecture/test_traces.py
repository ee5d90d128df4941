"""No column can hold something of somebody without a rule for it; whatever table is added, the test knows of it."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import ARRAY, JSON, BigInteger, Column, Enum, LargeBinary, Table, Text
from sqlalchemy.types import TypeEngine

from admin.commands.rotate_keys import TABLES
from tickets.ageing import AGED
from tickets.harmless import HARMLESS
from tickets.records import Base
from tickets.traces import OF_HELPERS, OF_PERSONS, OF_TICKETS

ROOT = Path(__file__).parents[2]
PACKAGES = ("admin", "ivr", "scheduler", "tickets")
WHOLE = "*"
NAMED = ("_sealed", "_index", "_mark", "_hash")
FREE = (Text, LargeBinary, JSON)


def tables() -> list[Table]:
    """Every table of the product, found by what its modules say rather than by a list that could be forgotten."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if re.search(r"__tablename__", path.read_text(encoding="utf-8")):
                import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return Base.metadata.sorted_tables


def ruled() -> dict[str, set[str]]:
    """The columns for which there is a rule, by table; all of one whose rows go."""
    found: dict[str, set[str]] = {table: set(columns) for table, columns in HARMLESS.items()}
    of_somebody = [trace for traces in (*OF_TICKETS.values(), OF_HELPERS, OF_PERSONS) for trace in traces]
    for rule in (*of_somebody, *AGED):
        found.setdefault(rule.table, set()).update(rule.becomes or {WHOLE})
    return found


def could_hold_somebody(table: Table) -> Iterator[str]:
    for column in table.columns:
        if column.name.endswith(NAMED) or _is_free(column):
            yield column.name


def _is_free(column: Column[object]) -> bool:
    kind: TypeEngine[object] = column.type
    if isinstance(kind, ARRAY):
        return not isinstance(kind.item_type, BigInteger)
    return isinstance(kind, FREE) and not isinstance(kind, Enum)


def test_every_column_that_could_hold_somebody_has_a_rule() -> None:
    rules = ruled()
    without = {
        f"{table.name}.{column}"
        for table in tables()
        for column in could_hold_somebody(table)
        if not rules.get(table.name, set()) & {WHOLE, column}
    }
    assert without == set(), (
        "say in tickets/traces.py what becomes of them, or in tickets/harmless.py why they may stay"
    )


def test_every_rule_is_about_something_that_is_there() -> None:
    known = {table.name: set(table.columns.keys()) for table in tables()}
    about_nothing = {
        f"{table}.{column}"
        for table, columns in ruled().items()
        for column in columns - {WHOLE}
        if column not in known.get(table, set())
    }
    assert about_nothing == set()
    assert set(ruled()) <= set(known)


@pytest.mark.parametrize("column", ["caller_sealed", "caller_index", "name_sealed", "email_index", "text_sealed"])
def test_what_a_caller_told_is_not_called_harmless(column: str) -> None:
    assert column in ruled()["ticket"]
    assert column not in HARMLESS["ticket"]


def test_what_is_sealed_is_called_harmless_only_where_it_is_no_callers() -> None:
    sealed = {f"{table}.{name}" for table, columns in HARMLESS.items() for name in columns if name.endswith(NAMED)}
    assert sealed == {
        "mailbox.password_sealed", "network.alert_phone_sealed", "relay_channel.address_sealed", "webhook.address_sealed",
        "webhook.secret_sealed",
    }  # fmt: skip


def test_new_data_keys_reach_every_table_that_holds_something_sealed() -> None:
    there = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if re.search(r"^    \w+_sealed: Mapped", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert there == set(TABLES)
