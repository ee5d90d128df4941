"""Nearest to a caller: places to be sent on to, and what they can come to next."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from tickets.gatherings import Gathering, Occasion
from tickets.near import Named, Near, NearKind, Nearness, Whereabouts, nearness
from tickets.points import ReferralPoint
from tickets.vocabulary import Outcome
from voice_prompts.language import Language

SOON: Final = timedelta(days=60)  # what comes later is no next stop
MOST_NEAR: Final = 20
TO_GO_TO: Final = frozenset({Outcome.OHJATTU_LAHI})  # where anybody may simply go for help


def nearest_points(
    session: Session,
    network_id: int,
    here: Whereabouts,
    language: Language,
    *,
    outcomes: Collection[Outcome] = TO_GO_TO,
    limit: int = MOST_NEAR,
) -> tuple[Near, ...]:
    """The places in use for people from here, nearest first, then by name; by default those where one may simply go."""
    rows = session.scalars(
        select(ReferralPoint).where(
            ReferralPoint.network_id == network_id, ReferralPoint.active, ReferralPoint.outcome.in_(outcomes)
        )
    )
    found = (_point(row, here, language) for row in rows if not row.serves or here.code in row.serves)
    return _in_order(found, limit)


def next_gatherings(
    session: Session,
    network_id: int,
    here: Whereabouts,
    language: Language,
    *,
    now: datetime,
    within: timedelta = SOON,
    limit: int = MOST_NEAR,
) -> tuple[Near, ...]:
    """The next day of each gathering that is still to begin and is held in this language; nearest first, then the soonest."""
    coming = (
        select(Occasion)
        .where(
            Occasion.gathering_id == Gathering.id,
            Occasion.starts_at > now,
            Occasion.starts_at <= now + within,
            Occasion.called_off_at.is_(None),
        )
        .order_by(Occasion.starts_at)
        .limit(1)
        .lateral()
    )
    following = aliased(Occasion, coming)
    rows = session.execute(
        select(Gathering, following)
        .join(following, Gathering.id == following.gathering_id)
        .where(Gathering.network_id == network_id, Gathering.cancelled_at.is_(None))
    )
    held = ((one, day) for one, day in rows if not one.languages or language.value in one.languages)
    return _in_order((_gathering(one, day, here, language) for one, day in held), limit)


def knows_any(session: Session, network_id: int, *, now: datetime) -> bool:
    """Whether a caller who asks for the nearest place may hear of one."""
    points = select(ReferralPoint.id).where(
        ReferralPoint.network_id == network_id, ReferralPoint.active, ReferralPoint.outcome.in_(TO_GO_TO)
    )
    coming = (
        select(Occasion.id)
        .join(Gathering, Gathering.id == Occasion.gathering_id)
        .where(
            Gathering.network_id == network_id,
            Gathering.cancelled_at.is_(None),
            Occasion.called_off_at.is_(None),
            Occasion.starts_at > now,
            Occasion.starts_at <= now + SOON,
        )
    )
    return session.scalar(select(or_(points.exists(), coming.exists()))) is True


def near_with(session: Session, network_id: int, kind: NearKind, near_id: int, language: Language) -> Near | None:
    """One place of a network while it is in use, or one day of a gathering unless it is called off."""
    if kind is NearKind.POINT:
        row = session.get(ReferralPoint, near_id)
        known = row is not None and row.network_id == network_id and row.active
        return _point(row, Whereabouts(), language) if row is not None and known else None
    day = session.get(Occasion, near_id)
    one = None if day is None else session.get_one(Gathering, day.gathering_id)
    if day is None or one is None or one.network_id != network_id or day.called_off_at or one.cancelled_at:
        return None
    return _gathering(one, day, Whereabouts(), language)


def _point(row: ReferralPoint, here: Whereabouts, language: Language) -> Near:
    return Near(
        NearKind.POINT,
        row.id,
        nearness(here, row.postcode, row.municipality),
        _name(row.name_fi, row.name_sv, language),
        None,
        _named(row.address_fi, row.address_sv, language),
        row.municipality,
        row.phone,
        row.web,
        _named(row.hours_fi, row.hours_sv, language),
    )


def _gathering(row: Gathering, day: Occasion, here: Whereabouts, language: Language) -> Near:
    return Near(
        NearKind.OCCASION,
        day.id,
        nearness(here, row.postcode, row.municipality),
        _name(row.name_fi, row.name_sv, language),
        _named(row.place_fi, row.place_sv, language),
        _named(row.address_fi, row.address_sv, language),
        row.municipality,
        row.phone,
        row.web,
        starts_at=day.starts_at,
        ends_at=day.ends_at,
        must_register=row.must_register,
    )


def _named(fi: str | None, sv: str | None, language: Language) -> Named | None:
    """In the caller's language if it is known in it, else in the other."""
    own, other = (sv, fi) if language is Language.SV else (fi, sv)
    if own:
        return Named(own, language)
    return Named(other, Language.FI if language is Language.SV else Language.SV) if other else None


def _name(fi: str | None, sv: str | None, language: Language) -> Named:
    name = _named(fi, sv, language)
    assert name is not None  # the table holds none without
    return name


def _in_order(found: Iterable[Near], limit: int) -> tuple[Near, ...]:
    return tuple(sorted(found, key=_order)[:limit])


def _order(one: Near) -> tuple[Nearness, float, str, int]:
    at = 0.0 if one.starts_at is None else one.starts_at.timestamp()
    return one.nearness, at, one.name.text.casefold(), one.id
