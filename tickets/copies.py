"""A copy of all that is kept of somebody, opened: what the registered may ask for (GDPR 15 and 20).

It is read from the same places from which it would be erased, so that there is nothing in one that is not in the other.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from psycopg.types.range import Range
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from tickets.registered import Found
from tickets.store import Cipher, cipher_of
from tickets.traces import ALSO_OF_TICKETS, OF_HELPERS, OF_PERSONS, OF_TICKETS

SEALED: Final = "_sealed"
# Hashes and our own bookkeeping say nothing about anybody; a reason for a hold may be somebody else's secret.
LEFT_OUT: Final = frozenset(
    {"caller_mark", "token_hash", "intake_key", "contact_gone_at", "forgotten_at", "counted_at"}
)
TABLES_LEFT_OUT: Final = frozenset({"legal_hold", "api_token", "calendar_feed", "line"})
OF_A_CALL: Final = frozenset({"facts_sealed", "value_sealed"})  # as json
BY_WHOM: Final = frozenset({"actor", "author"})

Value = str | int | float | bool | None | Sequence[Any] | Mapping[str, Any]
Line = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Sound:
    """A spoken message as a file."""

    name: str
    media: bytes


@dataclass(frozen=True, slots=True)
class CopyOf:
    """Everything of somebody: rows by table, in the order in which they were written, and their spoken messages."""

    tables: Mapping[str, Sequence[Line]]
    sounds: Sequence[Sound]


def copy_of(session: Session, found: Found) -> CopyOf:
    """Everything that is kept of them, opened; whom else a row names is told by what they are, not by who."""
    cipher = cipher_of(session)
    tables: dict[str, list[Line]] = {}
    sounds: list[Sound] = []
    for table, whose, ids in _places(found):
        for row in _rows(session, table, whose, ids):
            tables.setdefault(table, []).append(_opened(row, cipher))
            sounds.extend(_sound(row, cipher))
    return CopyOf(tables, sounds)


def _places(found: Found) -> Iterator[tuple[str, str, Collection[int]]]:
    """Each table once, with whose rows of it are meant: those of the tickets, calls, persons and helpers."""
    of_tickets = {trace.table: trace.whose for traces in OF_TICKETS.values() for trace in traces}
    of_tickets = {"ticket": of_tickets.pop("ticket"), **of_tickets, **ALSO_OF_TICKETS}
    for table, whose in of_tickets.items():
        if table not in _OF_CALLS:
            yield table, whose, found.tickets
    for table, whose in _OF_CALLS.items():
        yield table, whose, found.calls
    for traces, ids in ((OF_PERSONS, found.persons), (OF_HELPERS, found.helpers)):
        for trace in reversed(traces):
            yield trace.table, trace.whose, ids


_OF_CALLS: Final = {"call": "id = ANY(:ids)", "journal": "call_id = ANY(:ids)"}


def _rows(session: Session, table: str, whose: str, ids: Collection[int]) -> Sequence[Row[Any]]:
    if table in TABLES_LEFT_OUT or not ids:
        return ()
    order = "call_id, place" if table == "journal" else "1"
    rows = text(f"SELECT * FROM {table} WHERE {whose} ORDER BY {order}")  # noqa: S608
    return session.execute(rows, {"ids": list(ids)}).all()


def _opened(row: Row[Any], cipher: Cipher) -> Line:
    shown = {
        name: value
        for name, value in row._mapping.items()  # noqa: SLF001 - its public way to the columns' names
        if name not in LEFT_OUT and not isinstance(value, bytes) and value is not None
    }
    return {name.removesuffix(SEALED): _value(name, value, cipher) for name, value in shown.items()}


def _value(name: str, value: Any, cipher: Cipher) -> Value:
    if name.endswith(SEALED):
        opened = cipher.open(value)
        return json.loads(opened) if name in OF_A_CALL else opened
    if name in BY_WHOM:
        return str(value).partition(":")[0]
    match value:
        case datetime() | date():
            return value.isoformat()
        case Range():
            return [_value("", end, cipher) for end in (value.lower, value.upper)]
        case _:
            return value if isinstance(value, str | int | float | list | dict) else str(value)


def _sound(row: Row[Any], cipher: Cipher) -> Iterator[Sound]:
    """The spoken message of a row that has one, as a file under the operator's name for it."""
    columns = row._mapping  # noqa: SLF001 - its public way to the columns' names
    if columns.get("media_sealed") is not None:
        yield Sound(f"{columns['recording_sid']}.wav", cipher.open_media(columns["media_sealed"]))
    if columns.get("sound") is not None:  # a sentence of the line, in their voice
        yield Sound(f"{columns['piece']}.ulaw", bytes(columns["sound"]))
