"""Shifts: spans with places to fill, as drafts and published."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import func, text, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from scheduler.rota.records import Shift
from scheduler.slots import Span
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language


@dataclass(frozen=True, slots=True)
class NewShift:
    """A shift to be; `phase` says which grid starts its places hold (slots.phase_of), `call_minutes` how long each is."""

    during: Span
    phase: int
    needed: int = 1
    most: int = 1
    organisation_id: int | None = None
    language: Language | None = None
    kind: HelperKind | None = None
    call_minutes: int = 60


def add_shift(
    session: Session,
    network_id: int,
    new: NewShift,
    *,
    now: datetime,
    published: bool = True,
    helpers: Collection[int] = (),
) -> int:
    """A new shift, with these helpers in its places from the start; its id."""
    columns = asdict(new) | {"during": Range(new.during.begins, new.during.ends), "most": max(new.most, len(helpers))}
    shift = Shift(network_id=network_id, published_at=now if published else None, **columns)
    session.add(shift)
    session.flush()
    if helpers:
        session.execute(_FILL, {"shift": shift.id, "helpers": list(helpers), "now": now})
    return shift.id


_FILL = text("""
INSERT INTO place (network_id, shift_id, helper_id, during, state, taken_at)
SELECT network_id, id, helper, during, 'held', :now FROM shift, unnest(CAST(:helpers AS bigint[])) AS helper
WHERE id = :shift
""")


def publish(session: Session, network_id: int, *, until: datetime, now: datetime) -> int:
    """Offer from all shifts that begin before `until` and were drafts; how many they were."""
    published = session.scalars(
        update(Shift)
        .where(Shift.network_id == network_id, Shift.published_at.is_(None), func.lower(Shift.during) < until)
        .values(published_at=now)
        .returning(Shift.id),
        execution_options={"synchronize_session": False},
    )
    return len(published.all())
