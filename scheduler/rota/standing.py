"""How each start of some days stands: who is there, what is promised, for whom there is still room, what nobody can keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.ledger import ASKING
from scheduler.matching import Need, OnDuty, Plan
from scheduler.picture import Pools
from scheduler.pools import look
from scheduler.records import CallbackState
from scheduler.slots import MINUTE, Grid, Span
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


def standing(
    session: Session, network_id: int, span: Span, *, now: datetime, grid: Grid, municipality: str | None = None
) -> tuple[StartCard, ...]:
    """Every start of a span at which anybody is on duty or anything is promised, in order; one statement.

    With a municipality, there is room for whom its people may be kept by.
    """
    pools = look(session, network_id, span, grid, now=now)
    return tuple(_card(pools, start, grid, municipality) for start in sorted({*pools.on_duty, *pools.live}))


def _card(pools: Pools, start: datetime, grid: Grid, municipality: str | None) -> StartCard:
    live = pools.live.get(start, ())
    lacking = sum(one.state is CallbackState.DEFICIT for one in live)
    room = {language: _room(pools, start, language, grid, municipality) for language in Language}
    return StartCard(start, pools.on_duty.get(start, ()), len(live) - lacking, lacking, room)


def _room(pools: Pools, start: datetime, language: Language, grid: Grid, municipality: str | None) -> int:
    pool = pools.free(start)
    plan = Plan(pool, pools.rules)
    for need in pools.needs(start):
        plan.place(need)
    wishes = (
        Need(ASKING - number, language, municipality=municipality, minutes=grid.call // MINUTE)
        for number in range(len(pool))
    )
    found = 0
    for wish in wishes:
        if not plan.place(wish):
            break
        found += 1
    return found
