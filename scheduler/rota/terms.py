"""What the rules of the rota ask about, read from the store: shifts with their places, helpers with their time."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from scheduler.rota.rules import WEEK, HelperTerms, ShiftTerms
from scheduler.rota.wishes import Says
from scheduler.slots import MINUTE, Span
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language

# So far around a shift, places of the same week and rest before and after can matter; nobody's rest is longer than a week.
AROUND = 2 * WEEK

_SHIFTS = text("""
SELECT s.id, lower(s.during) AS begins, upper(s.during) AS ends, s.published_at IS NOT NULL AS published,
    s.cancelled_at IS NOT NULL AS cancelled, s.needed, s.most, s.organisation_id, s.language, s.kind,
    (SELECT count(*) FROM place p WHERE p.shift_id = s.id AND p.state = 'held') AS held
FROM shift s
WHERE s.network_id = :network AND s.during && tstzrange(:begins, :ends)
    AND (CAST(:shift AS bigint) IS NULL OR s.id = :shift)
ORDER BY lower(s.during), s.id
""")


def shift_terms(session: Session, network_id: int, shift_id: int) -> ShiftTerms | None:
    """One shift of a network, as it stands."""
    values = {"network": network_id, "shift": shift_id, "begins": None, "ends": None}
    row = session.execute(_SHIFTS, values).first()
    return None if row is None else _shift(row)


def shifts_in(session: Session, network_id: int, span: Span) -> tuple[ShiftTerms, ...]:
    """The shifts of a network that lie in a span, also in part, the nearest first; drafts and cancelled ones too."""
    values = {"network": network_id, "shift": None, "begins": span.begins, "ends": span.ends}
    return tuple(_shift(row) for row in session.execute(_SHIFTS, values))


_HELPERS = text("""
SELECT id, organisation_id, languages, kind, active, rules_accepted, badge_expires_on, wished_per_week, most_per_week,
    rest_minutes, rules_due_on
FROM helper WHERE network_id = :network AND (CAST(:helpers AS bigint[]) IS NULL OR id = ANY(:helpers)) ORDER BY id
""")
_PLACES = text("""
SELECT helper_id, lower(during) AS begins, upper(during) AS ends FROM place
WHERE helper_id = ANY(:helpers) AND state = 'held' AND during && tstzrange(:begins, :ends)
""")
_SAID = text("""
SELECT helper_id, says, lower(during) AS begins, upper(during) AS ends FROM availability
WHERE helper_id = ANY(:helpers) AND says <> 'can' AND during && tstzrange(:begins, :ends)
""")


def helper_terms(
    session: Session, network_id: int, span: Span, helpers: Collection[int] | None = None
) -> tuple[HelperTerms, ...]:
    """These helpers of a network (or all of them), with what decides about places in this span; in the order of joining."""
    wanted = None if helpers is None else list(helpers)
    rows = session.execute(_HELPERS, {"network": network_id, "helpers": wanted}).all()
    near = {"helpers": [row.id for row in rows], "begins": span.begins - AROUND, "ends": span.ends + AROUND}
    held: Mapping[int, list[Span]] = defaultdict(list)
    for row in session.execute(_PLACES, near):
        held[row.helper_id].append(Span(row.begins, row.ends))
    said: Mapping[tuple[int, str], list[Span]] = defaultdict(list)
    for row in session.execute(_SAID, near):
        said[row.helper_id, row.says].append(Span(row.begins, row.ends))
    return tuple(_helper(row, held[row.id], said[row.id, Says.CANNOT], said[row.id, Says.BUSY]) for row in rows)


def _shift(row: Row[Any]) -> ShiftTerms:
    return ShiftTerms(
        row.id,
        Span(row.begins, row.ends),
        row.published,
        row.cancelled,
        row.needed,
        row.most,
        row.held,
        row.organisation_id,
        Language(row.language) if row.language else None,
        HelperKind(row.kind) if row.kind else None,
    )


def _helper(row: Row[Any], held: list[Span], cannot: list[Span], busy: list[Span]) -> HelperTerms:
    return HelperTerms(
        row.id,
        row.organisation_id,
        frozenset(Language(code) for code in row.languages),
        HelperKind(row.kind),
        row.active,
        row.rules_accepted,
        row.badge_expires_on,
        row.wished_per_week,
        row.most_per_week,
        None if row.rest_minutes is None else row.rest_minutes * MINUTE,
        tuple(held),
        tuple(cannot),
        tuple(busy),
        row.rules_due_on,
    )
