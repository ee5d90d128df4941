"""What helpers say of their own time: when they can and cannot, how much they wish for, and how much rest they want.

What somebody says last counts. It never takes a place away: a place on which they cannot come is named, and they drop it or
offer it for swap.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.rota.changes import About, ChangeKind, note_change
from scheduler.rota.effects import hold_helpers
from scheduler.rota.holding import PlaceRef, places_of
from scheduler.rota.rules import WEEK, Refusal, merged, overlaps, without
from scheduler.rota.wishes import Says
from scheduler.slots import MINUTE, Span

MOST_A_WEEK: Final = 99
LONGEST_REST: Final = WEEK  # the rules look no further than two weeks around a place
OWN_WORDS: Final = (Says.CAN, Says.CANNOT)


@dataclass(frozen=True, slots=True)
class Stated:
    """One span of a helper's time, and what they, or their calendar, say of it."""

    says: Says
    during: Span


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of telling the line when one can: `clashes` are places that they hold and cannot come to."""

    refusal: Refusal | None = None
    clashes: tuple[PlaceRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Wishes:
    """How much somebody wants to do, None where they have not said: places a week, at most so many, rest between days."""

    wished_per_week: int | None = None
    most_per_week: int | None = None
    rest: timedelta | None = None

    def __post_init__(self) -> None:
        for name, number in (("wished_per_week", self.wished_per_week), ("most_per_week", self.most_per_week)):
            if number is not None and not 0 <= number <= MOST_A_WEEK:
                raise ValueError(f"{name} is {number}; say 0 to {MOST_A_WEEK} places, or nothing")
        if self.rest is not None and not timedelta() <= self.rest <= LONGEST_REST:
            raise ValueError(f"rest is {self.rest}; say at most {LONGEST_REST}, or nothing")


def say(
    session: Session,
    network_id: int,
    helper_id: int,
    stated: Stated,
    *,
    now: datetime,
    actor: str | None = None,
) -> Heard:
    """The helper can, or cannot, in this span; it takes the place of whatever they had said of it."""
    return set_availability(session, network_id, helper_id, stated.during, [stated], now=now, actor=actor)


def set_availability(
    session: Session,
    network_id: int,
    helper_id: int,
    within: Span,
    stated: Collection[Stated],
    *,
    now: datetime,
    actor: str | None = None,
) -> Heard:
    """All that the helper says of a stretch of time, in place of what they had said of it; nothing: they take it back.

    Where a span is said both ways, they cannot. Spans that touch become one; what they say of other times stays.
    """
    if not within.begins < within.ends or any(one.says not in OWN_WORDS for one in stated):
        raise ValueError(f"a helper says can or cannot of a span that ends after it begins, not {stated} in {within}")
    hold_helpers(session, network_id, [helper_id])
    if not _is_of(session, network_id, helper_id):
        return Heard(Refusal.NOT_FOUND)
    before = _touching(session, helper_id, within)
    after = _said_now(before, within, stated)
    if set(after) != set(before):
        _rewrite(session, helper_id, within, after)
        about, by = About(helper_id=helper_id), actor or f"helper:{helper_id}"
        spoken = {"begins": within.begins.isoformat(), "ends": within.ends.isoformat()}
        note_change(session, network_id, ChangeKind.AVAILABILITY_SET, about, actor=by, now=now, **spoken)
    return Heard(clashes=clashes(session, helper_id, within, now=now))


def clashes(session: Session, helper_id: int, within: Span, *, now: datetime) -> tuple[PlaceRef, ...]:
    """The places that a helper holds in a stretch of time though they have said that they cannot, or are busy."""
    away = [one.during for one in availability_of(session, helper_id, within) if one.says is not Says.CAN]
    held = places_of(session, helper_id, since=now)
    return tuple(place for place in held if any(overlaps(place.during, span) for span in away))


def availability_of(session: Session, helper_id: int, within: Span) -> tuple[Stated, ...]:
    """What a helper and their calendar say of a stretch of time, in order."""
    rows = session.execute(_OF, {"helper": helper_id, "begins": within.begins, "ends": within.ends})
    return tuple(Stated(Says(row.says), Span(row.begins, row.ends)) for row in rows)


def set_wishes(
    session: Session, network_id: int, helper_id: int, wishes: Wishes, *, now: datetime, actor: str | None = None
) -> Refusal | None:
    """How much the helper wants to do, from now on; places that they hold already stay theirs."""
    values = {"wished": wishes.wished_per_week, "most": wishes.most_per_week}
    values |= {"rest": None if wishes.rest is None else wishes.rest // MINUTE}
    if wishes == wishes_of(session, network_id, helper_id):
        return None
    if session.execute(_SET_WISHES, {"helper": helper_id, "network": network_id, **values}).first() is None:
        return Refusal.NOT_FOUND
    about, by = About(helper_id=helper_id), actor or f"helper:{helper_id}"
    note_change(session, network_id, ChangeKind.WISHES_SET, about, actor=by, now=now, **values)
    return None


def wishes_of(session: Session, network_id: int, helper_id: int) -> Wishes | None:
    """How much a helper of the network wants to do."""
    row = session.execute(_WISHES, {"helper": helper_id, "network": network_id}).first()
    if row is None:
        return None
    rest = None if row.rest_minutes is None else row.rest_minutes * MINUTE
    return Wishes(row.wished_per_week, row.most_per_week, rest)


def _said_now(before: Iterable[Stated], within: Span, stated: Collection[Stated]) -> tuple[Stated, ...]:
    """What stands after it: theirs of before outside, what they say now inside."""
    spans = {says: [one.during for one in before if one.says is says] for says in OWN_WORDS}
    kept = {says: without(spans[says], within) for says in OWN_WORDS}
    said = {says: [_clipped(one.during, within) for one in stated if one.says is says] for says in OWN_WORDS}
    can = merged(said[Says.CAN])
    for span in merged(said[Says.CANNOT]):
        can = without(can, span)
    return tuple(
        Stated(says, span)
        for says, new in ((Says.CAN, can), (Says.CANNOT, said[Says.CANNOT]))
        for span in merged([*kept[says], *new])
    )


def _clipped(span: Span, within: Span) -> Span:
    return Span(max(span.begins, within.begins), min(span.ends, within.ends))


_OF = text("""
SELECT says, lower(during) AS begins, upper(during) AS ends FROM availability
WHERE helper_id = :helper AND during && tstzrange(:begins, :ends) ORDER BY lower(during), says
""")
# Rows that only touch the stretch are among them: they grow together with what is said now.
_TOUCHING = text("""
SELECT says, lower(during) AS begins, upper(during) AS ends FROM availability
WHERE helper_id = :helper AND calendar_id IS NULL
    AND (during && tstzrange(:begins, :ends, '[]') OR upper(during) = :begins)
""")
_FORGET = text("""
DELETE FROM availability
WHERE helper_id = :helper AND calendar_id IS NULL
    AND (during && tstzrange(:begins, :ends, '[]') OR upper(during) = :begins)
""")
_WRITE = text("""
INSERT INTO availability (helper_id, during, says)
SELECT :helper, tstzrange(b, e), s
FROM unnest(CAST(:begins AS timestamptz[]), CAST(:ends AS timestamptz[]), CAST(:says AS text[])) AS new(b, e, s)
""")
_WISHES = text("""
SELECT wished_per_week, most_per_week, rest_minutes FROM helper WHERE id = :helper AND network_id = :network
""")
_SET_WISHES = text("""
UPDATE helper SET wished_per_week = :wished, most_per_week = :most, rest_minutes = :rest
WHERE id = :helper AND network_id = :network RETURNING id
""")


def _is_of(session: Session, network_id: int, helper_id: int) -> bool:
    return session.execute(_WISHES, {"helper": helper_id, "network": network_id}).first() is not None


def _touching(session: Session, helper_id: int, within: Span) -> tuple[Stated, ...]:
    rows = session.execute(_TOUCHING, {"helper": helper_id, "begins": within.begins, "ends": within.ends})
    return tuple(Stated(Says(row.says), Span(row.begins, row.ends)) for row in rows)


def _rewrite(session: Session, helper_id: int, within: Span, after: Collection[Stated]) -> None:
    session.execute(_FORGET, {"helper": helper_id, "begins": within.begins, "ends": within.ends})
    begins, ends = [one.during.begins for one in after], [one.during.ends for one in after]
    if after:
        says = [one.says.value for one in after]
        session.execute(_WRITE, {"helper": helper_id, "begins": begins, "ends": ends, "says": says})
