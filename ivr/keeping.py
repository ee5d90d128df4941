"""Keeping the promise, as the phone sees it: who declined, who talked, who asked for another time."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.effects import AfterTalk, Ending, Taking
from ivr.journal import RESIDENT_ASKED, RESIDENT_CAME, did_resident
from scheduler import attempts
from scheduler.coordination import miss
from scheduler.errands import next_helper_for, next_try_for, postponing
from scheduler.grids import grid_of_callback
from scheduler.jobs import enqueue
from scheduler.notices import Template
from scheduler.records import Attempt, AttemptState, Callback, CallbackState
from tickets.vocabulary import AttemptResult, Outcome

_NOT_REACHED = {
    "busy": AttemptResult.VARATTU,
    "no-answer": AttemptResult.EI_VASTANNUT,
    "failed": AttemptResult.EI_VASTANNUT,
    "canceled": AttemptResult.KATKESI,
    "completed": AttemptResult.VASTAAJA,  # answered, and nobody pressed 1
}
_AFTER_TRY = {1: AfterTalk.AGAIN, 2: AfterTalk.NEW_TIME}
_OVER = (CallbackState.CANCELLED, CallbackState.MOVED, CallbackState.KEPT, CallbackState.MISSED)


@dataclass(frozen=True, slots=True)
class Keeping:
    """One attempt at keeping a promise, in one turn or one piece of news."""

    session: Session
    attempt_id: int
    now: datetime

    def take(self) -> Taking:
        """The helper pressed 1."""
        attempt = self._attempt()
        won = attempts.take(self.session, attempt.callback_id, attempt.id, attempt.helper_id, now=self.now)
        if won:
            return Taking.YOURS
        state = self.session.scalar(select(Callback.state).where(Callback.id == attempt.callback_id))
        return Taking.OVER if state in _OVER else Taking.TAKEN

    def decline(self, *, answered: bool) -> bool:
        """Not this helper; the next one by matching is rung at once."""
        result = AttemptResult.AUTTAJA_KIELTAYTYI if answered else AttemptResult.AUTTAJA_EI_VASTANNUT
        attempt = self._attempt()
        if not attempts.record_attempt_result(self.session, attempt.id, result, now=self.now):
            return False
        enqueue(self.session, next_helper_for(attempt.callback_id, attempt.id, now=self.now))
        return True

    def end_talk(self, status: str, *, bridged: bool | None) -> Ending:
        """The connection is over. Where the operator does not say whether two people talked, pressing 1 is the proof."""
        attempt = self._attempt()
        did = did_resident(self.session, attempt.id)
        came = bridged or RESIDENT_CAME in did
        if came and bridged is not False:
            self._talked(attempt)
            return Ending(AfterTalk.TALKED, attempt.number)
        if RESIDENT_ASKED in did:
            self._another_time(attempt)
            return Ending(AfterTalk.LATER, attempt.number)
        result = AttemptResult.KATKESI if came else _NOT_REACHED.get(status, AttemptResult.KATKESI)
        if attempts.record_attempt_result(self.session, attempt.id, result, now=self.now):
            enqueue(self.session, next_try_for(attempt.callback_id, attempt.number, result, now=self.now))
        return Ending(_AFTER_TRY.get(attempt.number, AfterTalk.LAST_TRY), attempt.number)

    def leave_open(self) -> bool:
        """The resident cannot talk now and wants none of the free times."""
        callback_id = self._attempt().callback_id
        grid = grid_of_callback(self.session, callback_id)
        return miss(self.session, callback_id, "no_time_wanted", now=self.now, grid=grid, news=Template.SAVED)

    def save_outcome(self, outcome: Outcome) -> bool:
        """How it went, by the helper's key."""
        callback_id = self._attempt().callback_id
        grid = grid_of_callback(self.session, callback_id)
        return attempts.close(self.session, callback_id, outcome, now=self.now, grid=grid)

    def resident_rung(self) -> None:
        """The resident's phone rings."""
        attempts.note_caller_rung(self.session, self._attempt().callback_id, now=self.now)

    def helper_hung_up(self) -> None:
        """The helper's call is over, however it ended; what has not been seen to is seen to now."""
        attempt = self._attempt()
        if attempt.state is AttemptState.TAKEN:
            self.end_talk("canceled", bridged=None)
        elif attempt.state is not AttemptState.ENDED:
            self.decline(answered=False)

    def _talked(self, attempt: Attempt) -> None:
        attempts.record_attempt_result(self.session, attempt.id, AttemptResult.VASTASI, now=self.now)
        attempts.end_talk(self.session, attempt.callback_id, now=self.now)

    def _another_time(self, attempt: Attempt) -> None:
        """Whether the resident has taken one already, the job will see."""
        if attempts.record_attempt_result(self.session, attempt.id, AttemptResult.PYYSI_SIIRTOA, now=self.now):
            enqueue(self.session, postponing(attempt.callback_id, now=self.now))

    def _attempt(self) -> Attempt:
        return self.session.get_one(Attempt, self.attempt_id, populate_existing=True)
