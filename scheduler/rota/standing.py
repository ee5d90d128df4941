"""How each start of some days stands: who is there, what is promised, for whom there is still room, what nobody can keep."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.ledger import ASKING
from scheduler.matching import Need, OnDuty, Plan
from scheduler.picture import Live, Pools
from scheduler.pools import look
from scheduler.records import Callback, CallbackState
from scheduler.slots import MINUTE, Grid, Span
from tickets.ticket import Ticket
from voice_prompts.language import Language


@dataclass(frozen=True, slots=True)
class StartCard:
    """A start; `room` says how many more callers of each language alone could be promised it, `lacking` how many promises
    nobody can keep.
    """

    starts_at: datetime
    there: tuple[OnDuty, ...]
    promised: int
    lacking: int
    room: Mapping[Language, int]

    def speaks(self, language: Language) -> bool:
        """Whether anybody there speaks it."""
        return any(language in one.languages and one.valid for one in self.there)


@dataclass(frozen=True, slots=True)
class Only:
    """Of whom the numbers are; None: of all.

    Of an organisation: its helpers, the promises of its tickets, the room that its helpers leave. Of a language: who speaks it,
    promises in it, room for its callers. Of a municipality: room for its people. `hidden`: promises under turvakielto are
    counted for the organisation too, which tells where a caller lives.
    """

    municipality: str | None = None
    organisation: int | None = None
    language: Language | None = None
    hidden: bool = False


ALL: Final = Only()


def standing(
    session: Session, network_id: int, span: Span, *, now: datetime, grid: Grid, only: Only = ALL
) -> tuple[StartCard, ...]:
    """Every start of a span at which anybody is on duty or anything is promised, in order; two statements at most."""
    pools = look(session, network_id, span, grid, now=now)
    live = _live(session, pools, only)
    cards = (_card(pools, live, start, grid, only) for start in sorted({*pools.on_duty, *pools.live}))
    return tuple(card for card in cards if only == ALL or card.there or card.promised or card.lacking)


def _live(session: Session, pools: Pools, only: Only) -> Mapping[datetime, list[Live]]:
    """The promises that are counted, by their start."""
    every = [one for several in pools.live.values() for one in several if only.language in (None, one.need.language)]
    mine = None if only.organisation is None else _of_organisation(session, every, only)
    found: dict[datetime, list[Live]] = {}
    for one in every:
        if mine is None or one.callback_id in mine:
            found.setdefault(one.starts_at, []).append(one)
    return found


def _of_organisation(session: Session, every: Iterable[Live], only: Only) -> frozenset[int]:
    of = select(Callback.id).join(Ticket, Ticket.id == Callback.ticket_id)
    of = of.where(
        Callback.id.in_([one.callback_id for one in every]), Ticket.owner_organisation_id == only.organisation
    )
    return frozenset(session.scalars(of if only.hidden else of.where(Ticket.non_disclosure.is_(False))))


def _card(pools: Pools, live: Mapping[datetime, list[Live]], start: datetime, grid: Grid, only: Only) -> StartCard:
    mine = live.get(start, [])
    lacking = sum(one.state is CallbackState.DEFICIT for one in mine)
    there = tuple(
        one
        for one in pools.on_duty.get(start, ())
        if only.organisation in (None, one.organisation) and (only.language is None or only.language in one.languages)
    )
    languages = tuple(Language) if only.language is None else (only.language,)
    room = {language: _room(pools, start, language, grid, only) for language in languages}
    return StartCard(start, there, len(mine) - lacking, lacking, room)


def _room(pools: Pools, start: datetime, language: Language, grid: Grid, only: Only) -> int:
    pool = pools.free(start)
    plan = Plan(pool, pools.rules)
    for need in pools.needs(start):
        plan.place(need)
    others = frozenset(one.helper for one in pool if only.organisation not in (None, one.organisation))
    wishes = (
        Need(ASKING - number, language, None, only.municipality, others, grid.call // MINUTE)
        for number in range(len(pool))
    )
    found = 0
    for wish in wishes:
        if not plan.place(wish):
            break
        found += 1
    return found
