"""A call as rows: its facts, its journal, and the lock under which a turn is taken.

What callers key and say stands in the journal, so every value is sealed. The journal is only
ever added to; replaying it gives the same call again.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, cast

from pydantic import JsonValue
from sqlalchemy import (
    Boolean,
    ForeignKey,
    Index,
    Integer,
    Row,
    bindparam,
    insert,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Mapped, Session, mapped_column

from ivr.conversation import Entry
from tickets.network_hours import HOURS, NetworkHours, hours_in
from tickets.records import Base, Id, append_only, words
from tickets.store import cipher_of

RESIDENT_CAME = "resident_ready"  # ivr.effects.ResidentReady
RESIDENT_ASKED = "find_time"  # ivr.effects.FindTime: the resident pressed 2


class Part(StrEnum):
    """Whose call it is, and so which script is played."""

    CALLER = "caller"
    HELPER = "helper"
    RESIDENT = "resident"
    ANNOUNCEMENT = "announcement"
    OFFER = "offer"
    CHANGE = "change"
    HELPER_LINE = "helper_line"


# Calls in which somebody may tell a matter of their own: a helper who rings may need help too.
FROM_OUTSIDE = frozenset({Part.CALLER, Part.HELPER_LINE})


class Call(Base):
    """One phone call, as the operator knows it by its sid; `facts` are what its script starts from."""

    __tablename__ = "call"
    __table_args__ = (
        Index("ix_call_live", "started_at", postgresql_where=text("ended_at IS NULL")),
        Index("ix_call_newest", "network_id", text("started_at DESC"), text("id DESC")),
    )

    id: Mapped[Id]
    call_sid: Mapped[str] = mapped_column(unique=True)
    part: Mapped[Part] = mapped_column(words(Part))
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("line.id"))
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id"), index=True)
    facts_sealed: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class JournalEntry(Base):
    """One answer that was heard or one effect that was done, in the order of the call."""

    __tablename__ = "journal"

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    value_sealed: Mapped[str]
    heard_at: Mapped[datetime | None]


append_only(JournalEntry.__table__)

# Written once: what stands in every turn is not built anew in every turn.
_CALLS, _JOURNAL = Base.metadata.tables["call"], Base.metadata.tables["journal"]
_WORDING: Final = literal_column("(SELECT wording_version FROM line WHERE line.id = call.line_id)", Integer).label(
    "wording"
)


_HEARS: Final = literal_column("(SELECT hears_speech FROM line WHERE line.id = call.line_id)", Boolean).label("hears")
_HOURS: Final = tuple(
    literal_column(f"(SELECT {one.key} FROM network WHERE network.id = call.network_id)", one.type).label(one.key)  # noqa: S608
    for one in HOURS
)


@dataclass(frozen=True, slots=True)
class LiveCall:
    """A call whose row this turn has locked."""

    id: int
    call_sid: str
    part: Part
    network_id: int
    line_id: int | None
    attempt_id: int | None
    facts: JsonValue
    started_at: datetime
    ended_at: datetime | None
    wording: int  # which version of its line's own words and voice
    hears_speech: bool  # whether its line takes a key that is said
    hours: NetworkHours


@dataclass(frozen=True, slots=True)
class NewCall:
    """A call that has just been answered."""

    call_sid: str
    part: Part
    network_id: int
    line_id: int | None
    attempt_id: int | None
    facts: JsonValue


def open_call(session: Session, new: NewCall, *, now: datetime) -> LiveCall | None:
    """Write the call's row; nothing when the operator has asked before."""
    known_as = {
        "call_sid": new.call_sid,
        "part": new.part,
        "network_id": new.network_id,
        "line_id": new.line_id,
        "attempt_id": new.attempt_id,
    }
    row = session.execute(
        upsert(Call)
        .values(**known_as, facts_sealed=cipher_of(session).seal(json.dumps(new.facts)), started_at=now)
        .on_conflict_do_nothing(index_elements=[Call.call_sid])
        .returning(Call.id, _WORDING, _HEARS, *_HOURS)
    ).first()
    if row is None:
        return None
    where = (new.network_id, new.line_id, new.attempt_id)
    spoken = (row.wording or 0, bool(row.hears), hours_in(row))
    return LiveCall(row.id, new.call_sid, new.part, *where, new.facts, now, None, *spoken)


_CALL = select(
    _CALLS.c.id,
    _CALLS.c.call_sid,
    _CALLS.c.part,
    _CALLS.c.network_id,
    _CALLS.c.line_id,
    _CALLS.c.attempt_id,
    _CALLS.c.facts_sealed,
    _CALLS.c.started_at,
    _CALLS.c.ended_at,
    _WORDING,
    _HEARS,
    *_HOURS,
)
_LOCK = _CALL.where(_CALLS.c.call_sid == bindparam("call_sid")).with_for_update(of=_CALLS)


def lock_call(session: Session, call_sid: str) -> LiveCall | None:
    """The call, locked until the turn commits, so that its turns are taken one after another."""
    row = session.connection().execute(_LOCK, {"call_sid": call_sid}).first()
    return None if row is None else _opened(session, row)


def calls_of_ids(session: Session, network_id: int, ids: Sequence[int]) -> tuple[LiveCall, ...]:
    """Those of these calls that are the network's, to be looked at and not changed; of one that is forgotten, no facts."""
    mine = _CALL.where(_CALLS.c.network_id == network_id, _CALLS.c.id.in_(ids)).order_by(_CALLS.c.id)
    return tuple(_opened(session, row) for row in session.connection().execute(mine))


def _opened(session: Session, row: Row[Any]) -> LiveCall:
    facts = cast(JsonValue, json.loads(cipher_of(session).open(row.facts_sealed)))
    where = (row.network_id, row.line_id, row.attempt_id)
    spoken = (row.wording or 0, bool(row.hears), hours_in(row))
    return LiveCall(row.id, row.call_sid, row.part, *where, facts, row.started_at, row.ended_at, *spoken)


_READ = (
    select(_JOURNAL.c.key, _JOURNAL.c.value_sealed, _JOURNAL.c.heard_at)
    .where(_JOURNAL.c.call_id == bindparam("call_id"))
    .order_by(_JOURNAL.c.place)
)


def read_journal(session: Session, call: LiveCall) -> tuple[Entry, ...]:
    """Everything heard and done in this call, in order."""
    cipher = cipher_of(session)
    rows = session.connection().execute(_READ, {"call_id": call.id})
    return tuple(Entry(key, json.loads(cipher.open(value)), at) for key, value, at in rows)


def read_journals(session: Session, ids: Sequence[int]) -> Mapping[int, tuple[Entry, ...]]:
    """The journals of several calls, by the call's number; one statement."""
    cipher = cipher_of(session)
    found: defaultdict[int, list[Entry]] = defaultdict(list)
    several = select(_JOURNAL).where(_JOURNAL.c.call_id.in_(ids)).order_by(_JOURNAL.c.call_id, _JOURNAL.c.place)
    for row in session.connection().execute(several):
        found[row.call_id].append(Entry(row.key, json.loads(cipher.open(row.value_sealed)), row.heard_at))
    return {call_id: tuple(entries) for call_id, entries in found.items()}


_APPEND = insert(_JOURNAL)


def append(session: Session, call: LiveCall, entries: Sequence[Entry], *, place: int) -> None:
    """Add what this turn heard and did, from `place` on; the same place twice is refused."""
    cipher = cipher_of(session)
    rows = [
        {
            "call_id": call.id,
            "place": place + offset,
            "key": entry.key,
            "value_sealed": cipher.seal(json.dumps(entry.value)),
            "heard_at": entry.heard_at,
        }
        for offset, entry in enumerate(entries)
    ]
    if rows:
        session.connection().execute(_APPEND, rows)


def end_call(session: Session, call: LiveCall, *, now: datetime) -> None:
    """The operator says that the line is dead."""
    session.execute(update(Call).where(Call.id == call.id, Call.ended_at.is_(None)).values(ended_at=now))


def did_resident(session: Session, attempt_id: int) -> frozenset[str]:
    """What the resident did on the leg of this attempt: came to talk, asked for another time, or nothing of these."""
    keys = (
        select(JournalEntry.key)
        .join(Call, Call.id == JournalEntry.call_id)
        .where(
            Call.attempt_id == attempt_id,
            Call.part == Part.RESIDENT,
            JournalEntry.key.in_((RESIDENT_CAME, RESIDENT_ASKED)),
        )
    )
    return frozenset(session.scalars(keys))
