"""Where people are missing over the coming weeks, who could come, who looks for a taker, and which times are still free."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from admin.api.operations import Asked, Refused
from admin.api.reach import confined_to
from admin.auth import holder, signed_in
from admin.parts import transaction
from admin.rota.people import people_of
from admin.rota.room import asked, turn_away
from scheduler.rota.listing import ShiftCard, rota_of
from scheduler.rota.openings import LOOK_AHEAD, Shortage, shortages
from scheduler.rota.rules import local_day
from scheduler.rota.standing import standing
from scheduler.slots import Span, may_offer
from tickets.rights import Right
from voice_prompts.language import Language

openings = Blueprint("rota_openings", __name__, url_prefix="/admin/rota/openings")
openings.register_error_handler(Refused, turn_away)
A_PAGE: Final = 20
STARTS_AHEAD: Final = timedelta(days=16)  # the booking window of ten working days, and a holiday or two


@dataclass(frozen=True, slots=True)
class FreeDay:
    """A day that callers can still be promised times of: how many starts, and at how many somebody speaks each language."""

    day: date
    starts: int
    free: dict[Language, int]


@openings.get("")
@signed_in(Right.SEE_ROTA)
def coming() -> ResponseReturnValue:
    """Show what the coming four weeks lack, the nearest first."""
    everything = "all" in request.args
    with transaction() as session:
        who = asked(session)
        lacking, shifts = _lacking(who), _shifts(who)
        people, days = people_of(who), _free_days(who)
    shown = lacking if everything else lacking[:A_PAGE]
    told = {"more": len(lacking) - len(shown), "swaps": _swaps(shifts), "waits": _waits(shifts), "days": days}
    keeps = holder().may(Right.KEEP_ROTA) is not None
    return render_template("rota/openings.html", shortages=shown, people=people, keeps=keeps, **told)


def _lacking(who: Asked) -> tuple[Shortage, ...]:
    span, own = Span(who.now, who.now + LOOK_AHEAD), confined_to(who, Right.SEE_ROTA)
    return shortages(who.session, who.network_id, span, now=who.now, organisation_id=own)


def _shifts(who: Asked) -> tuple[ShiftCard, ...]:
    span, own = Span(who.now, who.now + LOOK_AHEAD), confined_to(who, Right.SEE_ROTA)
    return rota_of(who.session, who.network_id, span, organisation_id=own, drafts=False)


def _swaps(shifts: Iterable[ShiftCard]) -> list[tuple[ShiftCard, int, int]]:
    return [(one, place.id, place.helper_id) for one in shifts for place in one.places if place.swap_offered][:A_PAGE]


def _waits(shifts: Iterable[ShiftCard]) -> list[ShiftCard]:
    return [shift for shift in shifts if shift.waiting][:A_PAGE]


def _free_days(who: Asked) -> list[FreeDay]:
    span = Span(who.now, who.now + STARTS_AHEAD)
    days: dict[date, FreeDay] = {}
    for card in standing(who.session, who.network_id, span, now=who.now, grid=who.grid):
        if may_offer(card.starts_at, who.now, who.grid):
            day = local_day(card.starts_at)
            before = days.get(day, FreeDay(day, 0, dict.fromkeys(Language, 0)))
            free = {language: before.free[language] + bool(card.room[language]) for language in Language}
            days[day] = FreeDay(day, before.starts + 1, free)
    return list(days.values())
