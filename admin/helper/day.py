"""A helper's day: the calls that are theirs."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.records import LIVE, Callback, CallbackState
from scheduler.slots import HELSINKI

SHOWN: Final = (*LIVE, CallbackState.KEPT, CallbackState.MISSED)


def callbacks_today(session: Session, helper_id: int, *, now: datetime) -> Sequence[Callback]:
    """The promises of today that this helper was chosen for, earliest first."""
    midnight = now.astimezone(HELSINKI).replace(hour=0, minute=0, second=0, microsecond=0)
    return session.scalars(
        select(Callback)
        .where(
            Callback.assigned_helper_id == helper_id,
            Callback.state.in_(SHOWN),
            Callback.starts_at >= midnight,
            Callback.starts_at < midnight + timedelta(days=1),
        )
        .order_by(Callback.starts_at)
    ).all()
