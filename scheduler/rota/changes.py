"""The rota's own log: one row for each change, written in the change's transaction."""

import json
from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum

from sqlalchemy import text
from sqlalchemy.orm import Session


class ChangeKind(StrEnum):
    """What can change in a rota."""

    SHIFT_ADDED = "shift_added"
    SHIFT_EDITED = "shift_edited"
    SHIFT_CANCELLED = "shift_cancelled"
    PUBLISHED = "published"
    UNDONE = "undone"
    PLACE_TAKEN = "place_taken"
    PLACE_DROPPED = "place_dropped"
    PLACE_GIVEN = "place_given"
    PLACE_CONFIRMED = "place_confirmed"
    SWAP_OFFERED = "swap_offered"
    SWAP_WITHDRAWN = "swap_withdrawn"
    SWAP_TAKEN = "swap_taken"
    WAIT_BEGUN = "wait_begun"
    WAIT_ENDED = "wait_ended"
    TEMPLATE_CHANGED = "template_changed"
    CLOSED = "closed"
    REOPENED = "reopened"
    AVAILABILITY_SET = "availability_set"
    WISHES_SET = "wishes_set"
    CALENDAR_ADDED = "calendar_added"
    CALENDAR_REMOVED = "calendar_removed"
    FEED_OPENED = "feed_opened"
    FEED_REVOKED = "feed_revoked"
    PROPOSAL_MADE = "proposal_made"
    PROPOSAL_ACCEPTED = "proposal_accepted"
    PROPOSAL_DISMISSED = "proposal_dismissed"


@dataclass(frozen=True, slots=True)
class About:
    """What a change is about, as far as it is about any of these."""

    shift_id: int | None = None
    place_id: int | None = None
    helper_id: int | None = None
    batch_id: int | None = None


def note_change(
    session: Session,
    network_id: int,
    kind: ChangeKind,
    about: About,
    /,
    *,
    actor: str,
    now: datetime,
    **details: str | int | None,
) -> None:
    """Write down one change of the rota; `actor` is helper:<id>, coordinator:<who>, line or calendar, never a name."""
    note_changes(session, network_id, kind, [about], actor=actor, now=now, **details)


def note_changes(
    session: Session,
    network_id: int,
    kind: ChangeKind,
    abouts: Collection[About],
    /,
    *,
    actor: str,
    now: datetime,
    **details: str | int | None,
) -> None:
    """Write down a change of this kind for each of these, in one statement."""
    if abouts:
        columns = {field.name: [getattr(about, field.name) for about in abouts] for field in fields(About)}
        row = {"network": network_id, "kind": kind.value, "actor": actor, "now": now, "details": json.dumps(details)}
        session.execute(_NOTE, row | columns)


_NOTE = text("""
INSERT INTO rota_change (network_id, at, actor, kind, shift_id, place_id, helper_id, batch_id, details)
SELECT :network, :now, :actor, :kind, shift, place, helper, batch, CAST(:details AS jsonb)
FROM unnest(CAST(:shift_id AS bigint[]), CAST(:place_id AS bigint[]), CAST(:helper_id AS bigint[]),
    CAST(:batch_id AS bigint[])) WITH ORDINALITY AS about(shift, place, helper, batch, number) ORDER BY number
""")
