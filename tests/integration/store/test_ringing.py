"""A helper keeps a promise from their page: the line rings them now, or they ring by their own phone and say how it went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import pytest
from sqlalchemy.orm import Session

from scheduler.attempts import begin_attempt
from scheduler.cases import Doing
from scheduler.jobs import ClaimedJob
from scheduler.promises import Promise, cancel
from scheduler.ringing import (
    OwnCall,
    RingRefusal,
    Stage,
    note_silent_helper,
    own_call_ended,
    own_promise,
    ring_by_own_phone,
    ring_now,
)
from scheduler.sight import NoContact
from scheduler.slots import Grid
from scheduler.tools import Tools
from tests.integration.store.rota import at_once
from tickets.people import Person
from tickets.ticket import Ticket
from tickets.tokens import Bearer, issue_token, verify_token
from tickets.vocabulary import AttemptResult, HelperKind, Role

if TYPE_CHECKING:
    from tests.integration.store.conftest import Town

MOBILE = "+358401234567"
STAFF = HelperKind.STAFF


@dataclass(frozen=True)
class At:
    """A clock that stands still."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


class Keeper:
    """A helper of staff, bound to secrecy, at a promise at ten for which they were chosen."""

    def __init__(self, town: Town, kind: HelperKind = STAFF) -> None:
        self.town, self.helper = town, town.helper(kind=kind)
        town.shift("10:00", "15:00", self.helper)
        self.promise: Promise = town.promise("10:00", caller=MOBILE)
        assert town.choose(self.promise) == self.helper
        with town.sessions.begin() as session:
            person = session.query(Person).filter_by(helper_id=self.helper).one()
            person.commitment_signed_on = town.now.date()
            token = issue_token(session, town.network, Role.DIGITUKIJA, now=town.now, helper_id=self.helper)
            found = verify_token(session, token, now=town.now)
        assert found is not None
        self.who: Bearer = found

    def doing(self, wall: str) -> Doing:
        return Doing(self.town.at(wall), f"helper:{self.helper}", self.town.grid)

    def rings(self, wall: str, helper: int | None = None) -> RingRefusal | None:
        with self.town.sessions.begin() as session:
            return ring_now(session, self.ticket(session), helper or self.helper, self.doing(wall))

    def takes_own_phone(self, wall: str) -> OwnCall | RingRefusal | NoContact:
        with self.town.sessions.begin() as session:
            return ring_by_own_phone(session, self.who, self.ticket(session), self.doing(wall))

    def says(self, result: AttemptResult, wall: str) -> RingRefusal | None:
        with self.town.sessions.begin() as session:
            return own_call_ended(session, self.ticket(session), self.helper, result, self.doing(wall))

    def stage(self, wall: str) -> Stage:
        with self.town.sessions() as session:
            found = own_promise(session, self.promise.ticket_id, self.helper, now=self.town.at(wall))
        assert found is not None
        return found.stage

    def ticket(self, session: Session) -> Ticket:
        return session.get_one(Ticket, self.promise.ticket_id)

    @property
    def ring_job(self) -> datetime | None:
        return self.town.jobs().get(f"ring:callback-{self.promise.callback_id}:try-1")

    @property
    def rung_at(self) -> object:
        return self.town.fetch("SELECT caller_rung_at FROM callback WHERE id = :id", id=self.promise.callback_id)[0][0]


@pytest.fixture
def keeper(town: Town) -> Keeper:
    return Keeper(town)


def test_who_presses_ring_is_rung_at_once_and_pressing_twice_is_one_call(keeper: Keeper, town: Town) -> None:
    assert keeper.ring_job == town.at("10:00")
    assert keeper.rings("09:52") is None
    assert keeper.ring_job == town.at("09:52")
    assert keeper.rings("09:53") is None
    assert keeper.ring_job == town.at("09:52")
    assert keeper.stage("09:53") is Stage.ASKED
    assert len([key for key in town.jobs() if key.startswith("ring:")]) == 1


@pytest.mark.parametrize(
    ("wall", "refusal"), [("09:49", "too_early"), ("10:46", "too_late"), ("11:00", "too_late"), ("09:50", None)]
)
def test_nobody_is_rung_much_before_the_promised_time_nor_when_it_is_over(
    keeper: Keeper, wall: str, refusal: str | None
) -> None:
    assert keeper.rings(wall) == refusal


def test_a_promise_of_another_helper_is_not_rung_about(keeper: Keeper, town: Town) -> None:
    assert keeper.rings("09:55", town.helper()) is RingRefusal.NO_TIME
    assert keeper.ring_job == town.at("10:00")


def test_while_the_phone_rings_and_while_they_talk_nobody_is_rung_again(keeper: Keeper, town: Town) -> None:
    town.begin(keeper.promise, keeper.helper)
    assert (keeper.rings("10:00"), keeper.stage("10:00")) == (RingRefusal.ALREADY, Stage.HELPER_RUNG)
    town.taken(keeper.promise)
    assert (keeper.rings("10:01"), keeper.stage("10:01")) == (RingRefusal.ALREADY, Stage.TALKING)
    assert keeper.takes_own_phone("10:01") is RingRefusal.ALREADY


def test_what_was_cancelled_is_not_rung_about(keeper: Keeper, town: Town) -> None:
    with town.sessions.begin() as session:
        cancel(session, keeper.promise.callback_id, now=town.at("09:55"), grid=Grid())
    assert (keeper.rings("09:56"), keeper.stage("09:56")) == (RingRefusal.NO_TIME, Stage.OVER)


def test_a_ring_job_that_was_given_up_is_done_after_all(keeper: Keeper, town: Town) -> None:
    with town.sessions.begin() as session:
        session.connection().exec_driver_sql("UPDATE job SET state = 'buried' WHERE kind = 'ring'")
    assert keeper.rings("10:05") is None
    assert keeper.ring_job == town.at("10:05")


def test_by_ones_own_phone_the_call_is_theirs_before_the_number_is_shown(keeper: Keeper, town: Town) -> None:
    call = keeper.takes_own_phone("09:58")
    assert isinstance(call, OwnCall)
    assert (call.contact.phone, call.code) == (MOBILE, keeper.promise.code)
    assert (keeper.stage("09:58"), town.state(keeper.promise.callback_id)) == (Stage.OWN_PHONE, "talking")
    assert town.fetch("SELECT seen FROM view_log") == [("contact",)]
    with town.sessions.begin() as session:  # the line rings nobody at ten
        assert begin_attempt(session, keeper.promise.callback_id, 1, keeper.helper, now=town.at("10:00")) is None


def test_asked_again_the_same_number_is_shown_and_it_is_one_attempt(keeper: Keeper, town: Town) -> None:
    assert keeper.takes_own_phone("09:58") == keeper.takes_own_phone("09:59")
    assert town.fetch("SELECT count(*) FROM attempt") == [(1,)]


def test_two_presses_at_once_are_one_attempt(keeper: Keeper, town: Town) -> None:
    calls = at_once([lambda: keeper.takes_own_phone("09:58")] * 4)
    assert all(isinstance(call, OwnCall) for call in calls)
    assert town.fetch("SELECT count(*) FROM attempt") == [(1,)]


def test_who_may_not_see_the_number_rings_through_the_line_only(town: Town) -> None:
    keeper = Keeper(town)
    with town.sessions.begin() as session:
        session.query(Person).filter_by(helper_id=keeper.helper).one().commitment_signed_on = None
    assert keeper.takes_own_phone("09:58") is NoContact.NO_COMMITMENT
    assert (town.state(keeper.promise.callback_id), town.fetch("SELECT count(*) FROM attempt")) == ("promised", [(0,)])
    assert keeper.rings("09:58") is None


def test_they_talked_so_the_promise_is_kept_and_waits_for_its_outcome(keeper: Keeper, town: Town) -> None:
    keeper.takes_own_phone("10:00")
    assert keeper.says(AttemptResult.VASTASI, "10:30") is None
    assert (town.state(keeper.promise.callback_id), town.status(keeper.promise.ticket_id)) == (
        "kept",
        "awaiting_outcome",
    )
    assert (keeper.rung_at, keeper.stage("10:30")) == (town.at("10:00"), Stage.TALKED)
    assert not [key for key in town.jobs() if key.startswith("silent_helper")]
    assert keeper.says(AttemptResult.VASTASI, "10:31") is RingRefusal.NOT_GOING_ON


@pytest.mark.parametrize(("result", "rung"), [(AttemptResult.EI_VASTANNUT, True), (AttemptResult.VARATTU, False)])
def test_not_reached_the_caller_is_rung_again_ten_minutes_later(
    keeper: Keeper, town: Town, result: AttemptResult, rung: bool
) -> None:
    keeper.takes_own_phone("10:00")
    assert keeper.says(result, "10:02") is None
    assert (town.state(keeper.promise.callback_id), keeper.stage("10:03")) == ("promised", Stage.AGAIN)
    assert town.jobs()[f"ring:callback-{keeper.promise.callback_id}:try-2"] == town.at("10:12")
    assert keeper.rung_at == (town.at("10:00") if rung else None)
    assert isinstance(keeper.takes_own_phone("10:05"), OwnCall)


def test_a_wrong_number_goes_to_the_coordinator_and_another_time_is_found_for_who_asks(town: Town) -> None:
    wrong = Keeper(town)
    wrong.takes_own_phone("10:00")
    assert wrong.says(AttemptResult.VAARA_NUMERO, "10:01") is None
    assert (town.status(wrong.promise.ticket_id), wrong.rung_at) == ("with_coordinator", None)


def test_who_asks_for_another_time_is_given_one(keeper: Keeper, town: Town) -> None:
    keeper.takes_own_phone("10:00")
    assert keeper.says(AttemptResult.PYYSI_SIIRTOA, "10:01") is None
    (before, _), (state, later) = town.fetch("SELECT state, starts_at FROM callback ORDER BY id")
    assert (before, state) == ("moved", "promised")
    assert isinstance(later, datetime)
    assert later >= town.at("12:01")
    assert town.status(keeper.promise.ticket_id) == "promised"


def test_what_only_the_line_can_know_is_not_taken_from_a_helper(keeper: Keeper) -> None:
    keeper.takes_own_phone("10:00")
    assert keeper.says(AttemptResult.AUTTAJA_EI_VASTANNUT, "10:01") is RingRefusal.NOT_GOING_ON
    assert keeper.stage("10:01") is Stage.OWN_PHONE


def test_a_call_through_the_line_is_not_ended_from_the_page(keeper: Keeper, town: Town) -> None:
    town.taken(keeper.promise)
    assert keeper.says(AttemptResult.VASTASI, "10:05") is RingRefusal.NOT_GOING_ON
    assert town.state(keeper.promise.callback_id) == "talking"


def test_a_helper_who_says_nothing_is_asked_about_by_a_person(keeper: Keeper, town: Town) -> None:
    keeper.takes_own_phone("10:00")
    (key,) = (key for key in town.jobs() if key.startswith("silent_helper"))
    assert town.jobs()[key] == town.at("11:00")
    clock, unused = At(town.at("11:00")), cast(Any, None)
    tools = Tools(town.sessions, clock, unused, unused, unused)
    attempt = town.fetch("SELECT id FROM attempt")[0][0]
    payload = {"callback": keeper.promise.callback_id, "attempt": attempt}
    job = ClaimedJob(1, key, "silent_helper", payload, town.at("11:00"), 1)
    note_silent_helper(tools, job)
    assert (town.state(keeper.promise.callback_id), town.status(keeper.promise.ticket_id)) == (
        "missed",
        "with_coordinator",
    )
    assert not [key for key in town.jobs() if key.startswith(("text", "tell"))]
    note_silent_helper(tools, job)
    assert keeper.stage("11:00") is Stage.OVER
