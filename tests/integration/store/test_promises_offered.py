"""A time is offered only if the rota can keep it, promised to one, and moved or given back without losing anything."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.orm import Session

from scheduler.promises import Wish, book, offer, wish_of
from tickets.network import Network
from tickets.vocabulary import HelperKind, Topic
from voice_prompts.language import Language

if TYPE_CHECKING:
    from tests.integration.store.conftest import Town

FI, SV = Language.FI, Language.SV
MOBILE, LANDLINE = "+358401234567", "+35822330000"


def test_the_first_time_offered_leaves_half_an_hour_notice(session: Session, town: Town) -> None:
    town.shift("09:30", "12:30", town.helper())
    assert _offer(session, town) == town.at("10:30")  # it is ten past nine, so half past nine is too soon


def test_times_come_one_after_another_over_days_until_there_are_no_more(session: Session, town: Town) -> None:
    helper = town.helper()
    town.shift("13:00", "15:00", helper)
    town.shift("09:15", "10:15", helper, days=2)
    town.shift("09:00", "10:00", helper, days=9)
    offered = [_offer(session, town)]
    while offered[-1] is not None:
        offered.append(_offer(session, town, after=offered[-1]))
    assert offered == [town.at("13:00"), town.at("14:00"), town.at("09:15", 2), town.at("09:00", 9), None]


def test_a_shift_that_is_still_a_draft_is_not_promised_from(session: Session, town: Town) -> None:
    town.shift("10:00", "15:00", town.helper(), published=False)
    assert _offer(session, town) is None


def test_nothing_is_offered_beyond_the_booking_window_or_on_independence_day(session: Session, town: Town) -> None:
    helper = town.helper()
    town.shift("10:00", "15:00", helper, days=12)  # Sunday 6 December
    town.shift("10:00", "15:00", helper, days=14)  # the eleventh working day
    assert _offer(session, town) is None


@pytest.mark.parametrize(
    "wish",
    [
        {"language": SV},
        {"municipality": "091"},
        {"topic": Topic.PANKKI},
    ],
)
def test_a_time_is_offered_only_where_somebody_may_take_it(session: Session, town: Town, wish: dict[str, Any]) -> None:
    town.shift("10:00", "15:00", town.helper(FI))
    assert _offer(session, town) == town.at("10:00")
    assert _offer(session, town, **wish) is None


def test_a_network_may_leave_a_topic_to_staff(session: Session, town: Town) -> None:
    with town.sessions.begin() as changing:
        changing.get_one(Network, town.network).boundaries = {"volunteer": {"KELA": "refers"}}
    town.shift("10:00", "12:00", town.helper())
    town.shift("13:00", "15:00", town.helper(kind=HelperKind.STAFF))
    assert _offer(session, town, topic=Topic.KELA) == town.at("13:00")
    assert _offer(session, town) == town.at("10:00")


def test_an_expired_badge_or_rules_not_accepted_make_no_offer(session: Session, town: Town) -> None:
    town.shift("10:00", "12:00", town.helper(badge_expires_on=date(2026, 11, 23)), town.helper(rules_accepted=False))
    assert _offer(session, town) is None
    town.shift("13:00", "15:00", town.helper(badge_expires_on=date(2026, 11, 24)))
    assert _offer(session, town) == town.at("13:00")


def test_a_swedish_speaker_is_kept_for_the_swedish_caller_who_has_the_promise(session: Session, town: Town) -> None:
    town.shift("10:00", "11:00", town.helper(FI), town.helper(FI, SV))
    town.promise("10:00", language=SV)
    assert _offer(session, town) == town.at("10:00")
    town.promise("10:00")
    assert _offer(session, town) is None


def test_what_is_offered_can_be_booked_until_the_rota_is_full(session: Session, town: Town) -> None:
    town.shift("10:00", "15:00", town.helper(FI), town.helper(FI, SV), town.helper(SV))
    starts = []
    for language in (FI, SV) * 20:
        ticket = town.ticket(language=language)
        wish = wish_of(session, ticket)
        assert wish is not None
        at = offer(session, wish, after=None, now=town.now, grid=town.grid)
        session.commit()
        if at is not None:
            promised = book(session, ticket, wish, at, now=town.now, grid=town.grid)
            session.commit()
            assert promised is not None
            starts.append(at)
    assert len(starts) == 15
    assert all(earlier <= later + timedelta(hours=4) for earlier, later in pairwise(starts))


def _offer(session: Session, town: Town, after: datetime | None = None, **wish: Any) -> datetime | None:
    wishes = {"language": FI, "topic": Topic.PUHELIN, "municipality": None, **wish}
    offered = offer(session, Wish(town.network, **wishes), after=after, now=town.now, grid=town.grid)
    assert offered is None or offered.tzinfo is UTC
    session.rollback()
    return offered
