"""Closures: when nobody is rung, or nobody by one organisation; made, with whom that touches, and lifted."""

from dataclasses import dataclass
from datetime import datetime, time

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin.api.operations import Asked, Refused
from admin.api.reach import confined_to, must_reach
from admin.auth import holder, signed_in
from admin.once import only_once
from admin.pages import said
from admin.parts import now, transaction
from admin.people.reading import row_of, time_of
from admin.rota.people import choosable, people_of
from admin.rota.room import asked, turn_away
from admin.rota.told import RotaSaid
from admin.rota.typed import Mistakes, RotaMistake, Sent, at_field, text_mistakes
from admin.rota.view import day_of
from scheduler.rota.closures import Closed, ClosureCard, NewClosure, close, closure_card, closures_of, reopen
from scheduler.rota.effects import foreseen
from scheduler.rota.rules import local_day
from scheduler.rota.shifts import ShiftRefusal
from scheduler.slots import DAY, Span, instant_of
from tickets.rights import Right

closures = Blueprint("rota_closures", __name__, url_prefix="/admin/rota/closures")
closures.register_error_handler(Refused, turn_away)
AHEAD_DAYS = 366


@dataclass(frozen=True, slots=True)
class TypedClosure:
    """When and why, as it was typed; without hours it is whole days, without a last day it is one."""

    first: str
    last: str
    begins: str
    ends: str
    reason: str
    organisation: str

    @classmethod
    def sent(cls, form: Sent) -> "TypedClosure":
        """As it was typed."""
        names = ("first", "last", "begins", "ends")
        first, last, begins, ends = (form.get(name, "").strip()[:100] for name in names)
        reason, organisation = form.get("reason", "").strip(), form.get("organisation", "").strip()[:100]
        return cls(first, last, begins, ends, reason, organisation)

    @property
    def mistakes(self) -> Mistakes:
        """What is wrong with it, by field."""
        wrong: Mistakes = {}
        if day_of(self.first) is None:
            wrong["first"] = RotaMistake.NOT_A_DAY
        if self.last and day_of(self.last) is None:
            wrong["last"] = RotaMistake.NOT_A_DAY
        for name, typed in (("begins", self.begins), ("ends", self.ends)):
            if typed and time_of(typed) is None:
                wrong[name] = RotaMistake.NOT_A_TIME
        if self.organisation and row_of(self.organisation) is None:
            wrong["organisation"] = RotaMistake.UNKNOWN_ORGANISATION
        return wrong | text_mistakes("reason", self.reason, RotaMistake.NO_REASON)

    @property
    def new(self) -> NewClosure:
        """The closure; only where nothing is wrong."""
        first = day_of(self.first)
        assert first is not None
        last, ends = day_of(self.last) or first, time_of(self.ends)
        ending = instant_of(last, ends) if ends is not None else instant_of(last + DAY, time())
        span = Span(instant_of(first, time_of(self.begins) or time()), ending)
        return NewClosure(span, self.reason, row_of(self.organisation))


@closures.get("")
@signed_in(Right.SEE_ROTA)
def every() -> ResponseReturnValue:
    """Show the closures of the coming year, and the form that makes one."""
    return _page(_blank())


@closures.post("")
@signed_in(Right.KEEP_ROTA)
def add() -> ResponseReturnValue:
    """Close; whom nobody could ring then is shown first."""
    typed = TypedClosure.sent(request.form)
    if typed.mistakes:
        return _page(typed, typed.mistakes)
    sure = "anyway" in request.form
    with transaction() as session:
        who = asked(session)
        must_reach(who, Right.KEEP_ROTA, typed.new.organisation_id, "organisation")
        seen = foreseen(session, lambda: close(session, who.network_id, typed.new, **who.doing))
        costs = isinstance(seen, Closed) and bool(seen.effect.deficits) and not sure
        if costs or isinstance(seen, ShiftRefusal):
            answer = seen
        else:
            answer = close(session, who.network_id, typed.new, **who.doing)
            only_once(session, RotaSaid.CLOSED, url_for(".every"))
    if isinstance(answer, ShiftRefusal):
        return _page(typed, at_field(answer, "first"))
    if costs:
        return _page(typed, costs=answer)
    said(RotaSaid.CLOSED)
    return redirect(url_for(".every"), 303)


@closures.post("/<int:closure_id>/lifting")
@signed_in(Right.KEEP_ROTA)
def lift(closure_id: int) -> ResponseReturnValue:
    """Ring people again then."""
    with transaction() as session:
        who = asked(session)
        known = closure_card(session, who.network_id, closure_id) or abort(404)
        must_reach(who, Right.KEEP_ROTA, known.organisation_id, "closure")
        answer = reopen(session, who.network_id, closure_id, **who.doing)
    if isinstance(answer, ShiftRefusal):
        return _page(_blank(), at_field(answer, "first"), status=409)
    said(RotaSaid.LIFTED)
    return redirect(url_for(".every"), 303)


def _page(
    typed: TypedClosure, mistakes: Mistakes | None = None, costs: Closed | None = None, status: int | None = None
) -> ResponseReturnValue:
    with transaction() as session:
        who = asked(session)
        people, found = people_of(who), _coming(who, who.now)
        organisations, own = choosable(who, people), confined_to(who, Right.KEEP_ROTA)
    told = {"closures": found, "people": people, "organisations": organisations, "own": own, "costs": costs}
    keeps = holder().may(Right.KEEP_ROTA) is not None
    page = render_template("rota/closures.html", typed=typed, mistakes=mistakes or {}, keeps=keeps, **told)
    return page, status or (422 if mistakes else 200)


def _coming(who: Asked, moment: datetime) -> tuple[ClosureCard, ...]:
    return closures_of(who.session, who.network_id, Span(moment, moment + AHEAD_DAYS * DAY))


def _blank() -> TypedClosure:
    day = day_of(request.args.get("day")) or local_day(now())
    with transaction() as session:
        own = confined_to(asked(session), Right.KEEP_ROTA)
    return TypedClosure(day.isoformat(), "", "", "", "", str(own or ""))
