"""What the script asks for is done here, in the turn's own transaction; calls and texts only as jobs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.conversation import Effect
from ivr.effects import (
    BookTime,
    CancelTime,
    DeclineCallback,
    DiscardMessage,
    Draft,
    EndTalk,
    FindTime,
    HandOver,
    HasLaterTime,
    HeldPromise,
    JoinLine,
    KnownCaller,
    LeaveOpen,
    LookUpCaller,
    MessageArrived,
    MoveTime,
    OpenRequest,
    OpenTicket,
    PromiseStands,
    RefuseOffer,
    ResidentReady,
    SaveOutcome,
    TakeCallback,
    TakeOffer,
)
from ivr.feedback import OfCaller, due_of, hear_caller
from ivr.feedback_script import GiveFeedback
from ivr.journal import FROM_OUTSIDE, LiveCall, Part
from ivr.keeping import Keeping
from ivr.matters import matter_of, message_arrived, waiting_requests
from ivr.nearby import see_to_nearby
from ivr.nearby_script import FindNearby, TextNearby
from ivr.numbers import Verdict, judge_caller
from ivr.own_effects import (
    AskCoordinator,
    HowItCame,
    NextShift,
    OpenPlaces,
    OpenSwaps,
    WishAboutPlace,
    WishToTake,
)
from ivr.own_rota import OwnRota
from ivr.stage import answering_of, own_of
from ivr.standing import promise_now
from ivr.waiting import ForWaiting, offered_to, place_of, see_to_waiting, told_of
from ivr.willing_script import WelcomeWilling
from scheduler import promises
from scheduler.coordination import miss, needs_coordinator
from scheduler.errands import forgetting
from scheduler.jobs import enqueue
from scheduler.promises import Promise, Wish
from scheduler.retries import LATER
from scheduler.slots import Grid
from tickets.intake import open_ticket
from tickets.recordings import discard_recordings
from tickets.store import cipher_of
from tickets.ticket import Ticket
from tickets.vocabulary import TicketStatus


@dataclass(slots=True)
class Performer:
    """Performs the effects of one turn."""

    session: Session
    call: LiveCall
    now: datetime
    grid: Grid
    wishes: dict[int, Wish] = field(default_factory=dict)

    def __call__(self, effect: Effect[Any]) -> object:
        """Do it, and give the result that the journal will keep."""
        match effect:
            case LookUpCaller():
                return self._look_up_caller()
            case OpenTicket(draft, unfinished):
                return self._open_ticket(draft, unfinished)
            case HandOver(ticket_id):
                return self._hand_over(ticket_id)
            case MessageArrived() | DiscardMessage():
                return self._see_to_message(effect)
            case FindTime() | HasLaterTime() | BookTime() | MoveTime() | CancelTime() | PromiseStands():
                return self._see_to_time(effect)
            case GiveFeedback() | WelcomeWilling() | JoinLine() | TakeOffer() | RefuseOffer():
                return self._see_to_caller(effect)
            case FindNearby() | TextNearby():
                return see_to_nearby(self.session, self.call, effect, self.now)
            case NextShift() | OpenPlaces() | OpenSwaps() | WishAboutPlace() | WishToTake() | HowItCame():
                return self._own_rota.see_to(effect)
            case AskCoordinator(ticket_id):
                return self._own_rota.hand_over(ticket_id, self.grid)
            case _:
                return self._keep_promise(effect)

    def _see_to_message(self, effect: MessageArrived | DiscardMessage) -> bool:
        if isinstance(effect, MessageArrived):
            return message_arrived(self.session, effect.recording_sid)
        return self._discard(effect.recordings)

    def _see_to_caller(self, effect: OfCaller | ForWaiting) -> object:
        if isinstance(effect, OfCaller):
            return hear_caller(self.session, effect, self.now, self.grid)
        return see_to_waiting(self.session, effect, self.now, self.grid)

    @property
    def _own_rota(self) -> OwnRota:
        helper_id = own_of(self.call).helper_id
        return OwnRota(self.session, self.call.network_id, helper_id, self.call.call_sid, self.now)

    def _see_to_time(
        self, effect: FindTime | HasLaterTime | BookTime | MoveTime | CancelTime | PromiseStands
    ) -> object:
        match effect:
            case FindTime(ticket_id, after):
                return self._find_time(ticket_id, after)
            case HasLaterTime(ticket_id):
                return self._find_time(ticket_id, self._later) is not None
            case BookTime(ticket_id, starts_at):
                return self._book(ticket_id, starts_at)
            case MoveTime(callback_id, _, starts_at):
                return told_of(promises.move(self.session, callback_id, None, starts_at, now=self.now, grid=self.grid))
            case CancelTime(callback_id):
                return promises.cancel(self.session, callback_id, now=self.now, grid=self.grid)
            case PromiseStands(ticket_id):
                return promise_now(self.session, ticket_id)

    def _discard(self, recordings: Sequence[str]) -> bool:
        discard_recordings(self.session, recordings)
        enqueue(self.session, *(forgetting(sid, now=self.now) for sid in recordings))
        return True

    def _look_up_caller(self) -> KnownCaller:
        judged = judge_caller(answering_of(self.call).caller)
        if judged.verdict is Verdict.WITHHELD or judged.e164 is None:
            return KnownCaller()
        index = cipher_of(self.session).index_of(judged.e164)
        live = promises.live_promises(self.session, self.call.network_id, index, line_id=self.call.line_id)
        held = self._still_ahead(live)
        requests = () if held else waiting_requests(self.session, self.call.line_id, index)
        requests = tuple(OpenRequest(one.ticket_id, place_of(self.session, one.ticket_id)) for one in requests[:1])
        offered = offered_to(self.session, self.call.network_id, index, self.now)
        # Whose time we have just missed is asked for no thanks.
        failed = len(held) < len(live)
        feedback = None if failed else due_of(self.session, self.call.network_id, index, self.now)
        return KnownCaller(tuple(told for one in held if (told := told_of(one))), requests, offered, feedback)

    def _still_ahead(self, live: Sequence[Promise]) -> list[Promise]:
        """A time whose hour is over, and nobody was at work to keep it, is no time: its matter is a request again."""
        over = [one.callback_id for one in live if one.starts_at < self.now - self.grid.call]
        for callback_id in over:
            miss(self.session, callback_id, "rung_too_late", now=self.now, grid=self.grid, news=None)
        return [one for one in live if one.callback_id not in over]

    def _open_ticket(self, draft: Draft, unfinished: bool) -> int:
        matter = matter_of(self.call, draft, unfinished=unfinished)
        ticket = open_ticket(self.session, matter, now=self.now)
        self.wishes[ticket.id] = Wish(
            self.call.network_id,
            draft.language,
            draft.topic,
            draft.municipality,
            cipher_of(self.session).index_of(draft.number) if draft.number else None,
            ticket.id,
        )
        return ticket.id

    def _hand_over(self, ticket_id: int) -> bool:
        status = self.session.scalar(select(Ticket.status).where(Ticket.id == ticket_id))
        return status == TicketStatus.UNFINISHED and needs_coordinator(
            self.session, ticket_id, "nothing_told", now=self.now, grid=self.grid
        )

    def _find_time(self, ticket_id: int, after: datetime | None) -> datetime | None:
        wish = self.wishes.get(ticket_id) or promises.wish_of(self.session, ticket_id)
        if wish is None:
            return None
        if self.call.part is Part.RESIDENT:  # who cannot talk now cannot in a quarter of an hour either
            after = self._later if after is None else max(after, self._later)
        return promises.offer(self.session, wish, after=after, now=self.now, grid=self.grid)

    @property
    def _later(self) -> datetime:
        """Two hours from now may be offered; what lies between may not."""
        return self.now + LATER - timedelta.resolution

    def _keep_promise(self, effect: Effect[Any]) -> object:
        """What helpers and residents do on the calls that keep a promise."""
        if self.call.attempt_id is None:
            raise LookupError(f"{effect.key!r} belongs to a call about a callback")
        return keep(Keeping(self.session, self.call.attempt_id, self.now), effect)

    def _book(self, ticket_id: int, starts_at: datetime) -> HeldPromise | None:
        # A helper who books anew has nobody on the line who hears it: the resident is told.
        heard = self.call.part in FROM_OUTSIDE or self.call.part is Part.OFFER
        return told_of(
            promises.book(
                self.session,
                ticket_id,
                None,
                starts_at,
                now=self.now,
                grid=self.grid,
                heard=heard,
                actor=Part.CALLER if heard else self.call.part,
            )
        )


def keep(keeping: Keeping, effect: Effect[Any]) -> object:
    """What helpers and residents do about one attempt."""
    match effect:
        case TakeCallback():
            return keeping.take()
        case DeclineCallback(answered):
            return keeping.decline(answered=answered)
        case ResidentReady():
            keeping.resident_rung()
            return True
        case LeaveOpen():
            return keeping.leave_open()
        case EndTalk(status, bridged):
            return keeping.end_talk(status, bridged=bridged)
        case SaveOutcome(outcome):
            return keeping.save_outcome(outcome)
        case _:
            raise LookupError(f"nobody knows how to perform {effect.key!r}")
