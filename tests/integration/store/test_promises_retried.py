"""When the caller is not reached, or cannot talk: there is always a next step, and it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from scheduler.promises import Promise
from scheduler.retries import AfterFailure, Next, after_failure, postpone
from tickets.vocabulary import AttemptResult

if TYPE_CHECKING:
    from tests.integration.store.conftest import Town

MOBILE, LANDLINE = "+358401234567", "+35822330000"


def test_a_caller_who_does_not_answer_is_rung_again_by_the_same_helper_ten_minutes_later(
    session: Session, town: Town
) -> None:
    town.shift("10:00", "15:00", town.helper())
    promised = town.promise("10:00", caller=MOBILE)
    town.taken(promised)
    first = after_failure(session, promised.callback_id, now=town.at("10:02"), grid=town.grid)
    session.commit()
    assert first is not None
    assert (first.next, first.tries, first.at) == (Next.SAME_HELPER, 1, town.at("10:12"))
    assert (town.state(promised.callback_id), town.status(promised.ticket_id)) == ("promised", "promised")
    assert town.jobs()[f"ring:callback-{promised.callback_id}:try-2"] == town.at("10:12")
    assert f"text:callback-{promised.callback_id}:tried:try-1" in town.jobs()
    assert after_failure(session, promised.callback_id, now=town.at("10:02"), grid=town.grid) is None


def test_the_third_try_is_promised_anew_and_after_it_the_coordinator_takes_over(session: Session, town: Town) -> None:
    town.shift("10:00", "15:00", town.helper())
    promised = town.promise("10:00", caller=MOBILE)
    second = _fail_twice(session, town, promised)
    assert second.promise is not None
    assert (second.next, second.tries, second.at) == (Next.NEW_TIME, 2, town.at("13:00"))
    assert second.promise.code == promised.code
    later = second.promise.callback_id
    assert (town.state(promised.callback_id), town.state(later)) == ("moved", "promised")
    assert {f"text:callback-{later}:tried_again_at", f"ring:callback-{later}:try-3"} <= set(town.jobs())
    town.choose(second.promise)
    town.taken(second.promise, number=3, at=town.at("13:00"))
    third = after_failure(session, later, now=town.at("13:02"), grid=town.grid)
    session.commit()
    assert third is not None
    assert (third.next, third.tries) == (Next.COORDINATOR, 3)
    assert (town.state(later), town.status(promised.ticket_id)) == ("missed", "with_coordinator")
    assert f"text:callback-{later}:tried:try-3" in town.jobs()


def test_without_a_later_time_the_coordinator_takes_over_after_two_tries(session: Session, town: Town) -> None:
    town.shift("10:00", "11:00", town.helper())
    promised = town.promise("10:00", caller=LANDLINE)
    second = _fail_twice(session, town, promised)
    assert second.next is Next.COORDINATOR
    assert town.status(promised.ticket_id) == "with_coordinator"
    assert not [key for key in town.jobs() if key.startswith(("tell", "text"))]


def test_a_wrong_number_is_not_rung_again(session: Session, town: Town) -> None:
    town.shift("10:00", "15:00", town.helper())
    promised = town.promise("10:00", caller=MOBILE)
    town.taken(promised)
    wrong = AttemptResult.VAARA_NUMERO
    gone = after_failure(session, promised.callback_id, now=town.at("10:02"), grid=town.grid, result=wrong)
    assert gone is not None
    assert gone.next is Next.COORDINATOR


@pytest.mark.parametrize(("ends", "later"), [("15:00", "13:00"), ("11:00", None)])
def test_a_caller_who_cannot_talk_now_gets_a_later_time_at_no_cost(
    session: Session, town: Town, ends: str, later: str | None
) -> None:
    town.shift("10:00", ends, town.helper())
    promised = town.promise("10:00", caller=MOBILE)
    town.taken(promised)
    new = postpone(session, promised.callback_id, now=town.at("10:02"), grid=town.grid)
    session.commit()
    if later is None:
        assert new is None
        assert town.status(promised.ticket_id) == "with_coordinator"
    else:
        assert new is not None
        assert (new.starts_at, new.code) == (town.at(later), promised.code)
        assert town.fetch("SELECT tries FROM callback ORDER BY id") == [(0,), (0,)]
        assert f"ring:callback-{new.callback_id}:try-1" in town.jobs()


def _fail_twice(session: Session, town: Town, promised: Promise) -> AfterFailure:
    """At ten and ten minutes later the caller does not answer."""
    town.taken(promised)
    after_failure(session, promised.callback_id, now=town.at("10:02"), grid=town.grid)
    session.commit()
    town.taken(promised, number=2, at=town.at("10:12"))
    second = after_failure(session, promised.callback_id, now=town.at("10:14"), grid=town.grid)
    session.commit()
    assert second is not None
    return second
