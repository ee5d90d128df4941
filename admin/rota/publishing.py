"""The weeks to come: published from a template, copied from another week, drafts let go, and all of it taken back."""

from dataclasses import dataclass, replace
from datetime import date, time
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin.api.operations import Asked, Refused
from admin.api.reach import confined_to, must_reach_network
from admin.auth import holder, signed_in
from admin.pages import said
from admin.parts import now, transaction
from admin.people.reading import row_of
from admin.rota.people import people_of
from admin.rota.room import asked, turn_away
from admin.rota.told import RotaSaid
from admin.rota.typed import Mistakes, RotaMistake, mistake_of
from admin.rota.view import day_of
from scheduler.rota import publishing as rota_publishing
from scheduler.rota import shifts as rota_shifts
from scheduler.rota.batches import Undone, batches_of, preview_undo, undo
from scheduler.rota.candidates import Days
from scheduler.rota.effects import foreseen
from scheduler.rota.listing import shifts_by_id
from scheduler.rota.publishing import Publication
from scheduler.rota.rules import WEEK, local_day
from scheduler.rota.shifts import Published, ShiftRefusal
from scheduler.rota.templates import TemplateCard, last_day_of, templates_of
from scheduler.slots import DAY, instant_of
from tickets.rights import Right

weeks = Blueprint("rota_weeks", __name__, url_prefix="/admin/rota/weeks")
weeks.register_error_handler(Refused, turn_away)
FAR: Final = 4 * WEEK  # so far ahead drafts are let go unless somebody says otherwise
LOOKED_AT: Final = 5  # weeks, until one is found of which something would come


@dataclass(frozen=True, slots=True)
class TypedWeeks:
    """From which template, from which day to which, as it was typed; without words it is the next week."""

    template: str
    first: str
    last: str
    draft: bool = False

    @classmethod
    def sent(cls) -> "TypedWeeks":
        """What the address or the form says."""
        told = request.form if request.method == "POST" else request.args
        template, first, last = (told.get(name, "").strip()[:20] for name in ("template", "first", "last"))
        return cls(template, first, last, bool(told.get("draft")))

    def or_next(self, who: Asked, template: TemplateCard | None) -> "TypedWeeks":
        """The same, or without a day the next week of which the template would make something."""
        if template is None or self.first or self.last:
            return self
        today = local_day(who.now)
        day = max(today + WEEK, last_day_of(who.session, who.network_id, template.id) or today)
        monday = day - day.weekday() * DAY
        coming = [self._week(template, monday + count * WEEK) for count in range(LOOKED_AT)]
        return next((typed for typed in coming if _makes(who, template, typed.days)), coming[0])

    def _week(self, template: TemplateCard, monday: date) -> "TypedWeeks":
        last = monday + WEEK - DAY
        return replace(self, template=str(template.id), first=monday.isoformat(), last=last.isoformat())

    @property
    def week_after(self) -> date:
        """The Monday after the week of the last day; only where nothing is wrong."""
        last = self.days.last
        return last - last.weekday() * DAY + WEEK

    @property
    def week_after_ends(self) -> date:
        """Its Sunday."""
        return self.week_after + WEEK - DAY

    @property
    def mistakes(self) -> Mistakes:
        """What is wrong with it, by field."""
        days = {"first": self.first, "last": self.last}
        return {name: RotaMistake.NOT_A_DAY for name, typed in days.items() if day_of(typed) is None}

    @property
    def days(self) -> Days:
        """The days; only where nothing is wrong."""
        first, last = day_of(self.first), day_of(self.last)
        assert first is not None
        assert last is not None
        return Days(first, last)


@weeks.get("")
@signed_in(Right.SEE_ROTA)
def batches() -> ResponseReturnValue:
    """Show what was made at once, the latest first, each with the way back."""
    with transaction() as session:
        who = asked(session)
        found = batches_of(session, who.network_id)
        mine = _mine(who)
    return render_template("rota/batches.html", batches=found, mine=mine)


@weeks.get("/new")
@signed_in(Right.KEEP_ROTA)
def plan() -> ResponseReturnValue:
    """Show what publishing would make of the days to come, and why the rest would not be made."""
    return _plan_page(TypedWeeks.sent())


@weeks.post("/new")
@signed_in(Right.KEEP_ROTA)
def publish() -> ResponseReturnValue:
    """Publish these days from a template, or lay them out as drafts."""
    typed = TypedWeeks.sent()
    if typed.mistakes:
        return _plan_page(typed)
    with transaction() as session:
        who = asked(session)
        must_reach_network(who, Right.KEEP_ROTA, "template")
        template = row_of(typed.template) or abort(400)
        made = rota_publishing.publish(session, who.network_id, template, typed.days, draft=typed.draft, **who.doing)
    if isinstance(made, ShiftRefusal):
        return _plan_page(typed, made)
    return _made(made, typed.days.first, draft=typed.draft)


@weeks.get("/copy")
@signed_in(Right.KEEP_ROTA)
def copy_plan() -> ResponseReturnValue:
    """Show what a week would be if it were like another one."""
    return _copy_page()


@weeks.post("/copy")
@signed_in(Right.KEEP_ROTA)
def copy() -> ResponseReturnValue:
    """Lay out a week like another one."""
    source, target = day_of(request.form.get("source")), day_of(request.form.get("target"))
    if source is None or target is None:
        return _copy_page()
    draft = bool(request.form.get("draft"))
    with transaction() as session:
        who = asked(session)
        must_reach_network(who, Right.KEEP_ROTA, "week")
        made = rota_publishing.copy_week(session, who.network_id, source, target, draft=draft, **who.doing)
    return _made(made, target, draft=draft)


@weeks.get("/drafts")
@signed_in(Right.KEEP_ROTA)
def drafts() -> ResponseReturnValue:
    """Show the drafts that would be let go, and who has a place in them."""
    return _drafts_page(request.args.get("until", ""))


@weeks.post("/drafts")
@signed_in(Right.KEEP_ROTA)
def let_go() -> ResponseReturnValue:
    """Offer times from the drafts up to a day."""
    until = day_of(request.form.get("until"))
    if until is None:
        return _drafts_page(request.form.get("until", ""))
    with transaction() as session:
        _publish_drafts(asked(session), until)
    said(RotaSaid.DRAFTS_PUBLISHED)
    return redirect(url_for("rota.week", day=day_of(request.form.get("first")) or local_day(now())), 303)


@weeks.get("/<int:batch_id>")
@signed_in(Right.KEEP_ROTA)
def batch(batch_id: int) -> ResponseReturnValue:
    """Show what taking a batch back would call off, what would stay, and whom it would cost a helper."""
    with transaction() as session:
        who = asked(session)
        must_reach_network(who, Right.KEEP_ROTA, "batch")
        seen = preview_undo(session, who.network_id, batch_id, now=who.now, grid=who.grid)
        return _undone_page(who, batch_id, seen)


@weeks.post("/<int:batch_id>")
@signed_in(Right.KEEP_ROTA)
def take_back(batch_id: int) -> ResponseReturnValue:
    """Take a batch back."""
    with transaction() as session:
        who = asked(session)
        must_reach_network(who, Right.KEEP_ROTA, "batch")
        undone = undo(session, who.network_id, batch_id, **who.doing)
        if isinstance(undone, ShiftRefusal):
            return _undone_page(who, batch_id, undone)
    said(RotaSaid.UNDONE)
    return redirect(url_for(".batches"), 303)


def _plan_page(typed: TypedWeeks, refusal: ShiftRefusal | None = None) -> ResponseReturnValue:
    with transaction() as session:
        who = asked(session)
        must_reach_network(who, Right.KEEP_ROTA, "template")
        cards, people = templates_of(session, who.network_id), people_of(who)
        chosen, seen = _chosen(cards, typed), None
        typed = typed.or_next(who, chosen)
        mistakes = typed.mistakes | ({"last": mistake_of(refusal)} if refusal is not None else {})
        if chosen is not None and not mistakes:
            seen = _foreseen(who, chosen, typed.days)
        if isinstance(seen, ShiftRefusal):
            mistakes, seen = {"last": mistake_of(seen)}, None
    told = {"cards": cards, "chosen": chosen, "people": people, "seen": seen, "mistakes": mistakes}
    status = 422 if mistakes and request.method == "POST" else 200
    return render_template("rota/plan.html", typed=typed, **told), status


def _makes(who: Asked, template: TemplateCard, days: Days) -> bool:
    seen = _foreseen(who, template, days)
    return isinstance(seen, Publication) and bool(seen.made)


def _foreseen(who: Asked, template: TemplateCard, days: Days) -> Publication | ShiftRefusal:
    return rota_publishing.preview(who.session, who.network_id, template.id, days, now=who.now, grid=who.grid)


def _chosen(cards: tuple[TemplateCard, ...], typed: TypedWeeks) -> TemplateCard | None:
    wanted = row_of(typed.template)
    if wanted is None:
        return next((card for card in cards if card.shifts), None)
    return next((card for card in cards if card.id == wanted), None) or abort(404)


def _copy_page() -> ResponseReturnValue:
    monday = local_day(now()) - local_day(now()).weekday() * DAY
    told = request.form if request.method == "POST" else request.args
    typed = {
        "source": told.get("source", monday.isoformat()),
        "target": told.get("target", (monday + WEEK).isoformat()),
    }
    mistakes: Mistakes = {name: RotaMistake.NOT_A_DAY for name, day in typed.items() if day_of(day) is None}
    source, target = (day_of(day) for day in typed.values())
    with transaction() as session:
        who = asked(session)
        must_reach_network(who, Right.KEEP_ROTA, "week")
        people, seen = people_of(who), None
        if source is not None and target is not None:
            seen = rota_publishing.preview_copy(session, who.network_id, source, target, now=who.now, grid=who.grid)
    page = render_template("rota/copy.html", typed=typed, seen=seen, people=people, mistakes=mistakes)
    return page, 422 if mistakes and request.method == "POST" else 200


def _drafts_page(typed: str) -> ResponseReturnValue:
    until = day_of(typed) or local_day(now()) + FAR
    mistakes: Mistakes = {"until": RotaMistake.NOT_A_DAY} if typed and day_of(typed) is None else {}
    with transaction() as session:
        who = asked(session)
        seen = foreseen(session, lambda: _publish_drafts(who, until))
        shifts, people = shifts_by_id(session, who.network_id, seen.shifts), people_of(who)
    shown = sorted(shifts, key=lambda one: one.terms.during.begins)
    told = {"until": typed or until.isoformat(), "mistakes": mistakes, "people": people, "effect": seen.effect}
    return render_template("rota/drafts.html", shifts=shown, **told), 422 if mistakes else 200


def _publish_drafts(who: Asked, until: date) -> Published:
    ends, own = instant_of(until + DAY, time()), confined_to(who, Right.KEEP_ROTA)
    return rota_shifts.publish(who.session, who.network_id, until=ends, organisation_id=own, **who.doing)


def _undone_page(who: Asked, batch_id: int, seen: Undone | ShiftRefusal) -> ResponseReturnValue:
    if seen is ShiftRefusal.NOT_FOUND:
        abort(404)
    undone = seen if isinstance(seen, Undone) else None
    ids = {*undone.shifts, *(kept.shift_id for kept in undone.kept)} if undone else set[int]()
    shifts = {shift.id: shift for shift in shifts_by_id(who.session, who.network_id, sorted(ids))}
    told = {"batch_id": batch_id, "undone": undone, "shifts": shifts, "people": people_of(who)}
    return render_template("rota/batch.html", **told), 200 if undone else 409


def _made(made: Publication, day: date, *, draft: bool) -> ResponseReturnValue:
    said(RotaSaid.NOTHING_MADE if made.batch_id is None else RotaSaid.DRAFTS_MADE if draft else RotaSaid.PUBLISHED)
    return redirect(url_for("rota.week", day=day), 303)


def _mine(who: Asked) -> bool:
    return confined_to(who, Right.KEEP_ROTA) is None and holder().may(Right.KEEP_ROTA) is not None
