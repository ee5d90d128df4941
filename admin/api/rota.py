"""The rota for programs: shifts, closures, templates, publishing and taking back. Coordinators' tokens only."""

from collections.abc import Callable
from typing import TypeVar

from admin.api.mends import mend_of
from admin.api.operations import Asked, Operations, Refused
from admin.api.place_shapes import SpanQuery
from admin.api.reach import confined_to, must_reach, must_reach_network, must_reach_shift
from admin.api.rota_shapes import (
    BatchesOut,
    ClosedOut,
    ClosureIn,
    ClosuresOut,
    CopyIn,
    DraftsIn,
    DraftsOut,
    EditedOut,
    EditIn,
    LeaveOutIn,
    Made,
    PreviewQuery,
    PublicationOut,
    PublishIn,
    RotaOut,
    RotaQuery,
    ShiftIn,
    ShortagesOut,
    TemplateIn,
    TemplateOut,
    TemplatesOut,
    UndoneOut,
    WeeklyIn,
    WeeklyOut,
)
from scheduler.rota import publishing, shifts
from scheduler.rota.batches import batches_of, preview_undo, undo
from scheduler.rota.closures import close, closure_card, closures_of, reopen
from scheduler.rota.editing import Edit, cancel_shift, edit_shift
from scheduler.rota.effects import foreseen
from scheduler.rota.listing import rota_of
from scheduler.rota.openings import shortages
from scheduler.rota.places import give_place
from scheduler.rota.recurrence import RuleRefused
from scheduler.rota.shifts import ShiftRefusal, add_shift
from scheduler.rota.templates import (
    add_template,
    add_template_shift,
    change_template_shift,
    leave_out,
    remove_template,
    remove_template_shift,
    rename_template,
    templates_of,
)
from tickets.rights import Right

T = TypeVar("T")
operations = Operations()


@operations.get("/rota", Right.SEE_ROTA)
def rota(asked: Asked, query: RotaQuery) -> RotaOut:
    """The shifts that touch a span, with their places and who waits."""
    found = rota_of(
        asked.session,
        asked.network_id,
        query.span,
        organisation_id=confined_to(asked, Right.SEE_ROTA) or query.organisation,
        helper_id=query.helper,
        cancelled=query.cancelled,
    )
    return RotaOut(shifts=list(found))


@operations.get("/rota/shortages", Right.SEE_ROTA)
def shortages_of_the_rota(asked: Asked, query: SpanQuery) -> ShortagesOut:
    """Shifts that lack people, who could come, and what keeps the others."""
    own = confined_to(asked, Right.SEE_ROTA)
    found = shortages(asked.session, asked.network_id, query.span, now=asked.now, organisation_id=own)
    return ShortagesOut(shortages=list(found))


@operations.post("/shifts", Right.KEEP_ROTA)
def add_a_shift(asked: Asked, body: ShiftIn) -> Made:
    """Add a shift, as a draft or published at once; whoever may not have a place in it is named, and nothing is added."""
    if body.during.ends <= asked.now:
        raise Refused(ShiftRefusal.ENDED)
    must_reach(asked, Right.KEEP_ROTA, body.organisation, "organisation")
    made = _done(add_shift(asked.session, asked.network_id, body.new, published=not body.draft, **asked.doing))
    # Given as every place is given, in the one order in which helpers are held.
    for helper in sorted(set(body.helpers)):
        answer = give_place(asked.session, asked.network_id, made, helper, **asked.doing)
        if answer.refusal is not None:
            raise Refused(answer.refusal, f"helpers: {helper}: {mend_of(answer.refusal)}")
    return Made(id=made)


@operations.patch("/shifts/{shift}", Right.KEEP_ROTA)
def edit_a_shift(asked: Asked, shift: int, body: EditIn) -> EditedOut:
    """Change what a shift asks for; all promises it touches are matched anew."""
    must_reach_shift(asked, shift)
    must_reach(asked, Right.KEEP_ROTA, body.organisation, "organisation")
    edit = Edit(body.terms, body.version, body.override)
    return EditedOut.of(
        _maybe(asked, body.preview, lambda: edit_shift(asked.session, asked.network_id, shift, edit, **asked.doing))
    )


@operations.delete("/shifts/{shift}", Right.KEEP_ROTA)
def cancel_a_shift(asked: Asked, shift: int, query: PreviewQuery) -> EditedOut:
    """Cancel a shift; everybody in it is free again."""
    must_reach_shift(asked, shift)
    return EditedOut.of(
        _maybe(asked, query.preview, lambda: cancel_shift(asked.session, asked.network_id, shift, **asked.doing))
    )


@operations.post("/shifts/publication", Right.KEEP_ROTA)
def publish_drafts(asked: Asked, body: DraftsIn) -> DraftsOut:
    """Offer from shifts that were drafts."""
    own = confined_to(asked, Right.KEEP_ROTA)

    def change() -> shifts.Published:
        return shifts.publish(
            asked.session, asked.network_id, until=body.until, only=body.shifts, organisation_id=own, **asked.doing
        )

    return DraftsOut.of(_maybe(asked, body.preview, change))


@operations.get("/closures", Right.SEE_ROTA)
def closures(asked: Asked, query: SpanQuery) -> ClosuresOut:
    """The closures that touch a span."""
    return ClosuresOut(closures=list(closures_of(asked.session, asked.network_id, query.span)))


@operations.post("/closures", Right.KEEP_ROTA)
def close_a_span(asked: Asked, body: ClosureIn) -> ClosedOut:
    """Ring nobody in a span."""
    must_reach(asked, Right.KEEP_ROTA, body.organisation, "organisation")
    closed = _maybe(asked, body.preview, lambda: close(asked.session, asked.network_id, body.new, **asked.doing))
    return ClosedOut.of(closed, preview=body.preview)


@operations.delete("/closures/{closure}", Right.KEEP_ROTA)
def lift_a_closure(asked: Asked, closure: int, query: PreviewQuery) -> ClosedOut:
    """Ring people again in that span."""
    known = closure_card(asked.session, asked.network_id, closure)
    if known is not None:
        must_reach(asked, Right.KEEP_ROTA, known.organisation_id, "closure")
    lifted = _maybe(asked, query.preview, lambda: reopen(asked.session, asked.network_id, closure, **asked.doing))
    return ClosedOut.of(lifted, preview=query.preview)


@operations.get("/templates", Right.SEE_ROTA)
def templates(asked: Asked) -> TemplatesOut:
    """The network's templates with their shifts."""
    cards = templates_of(asked.session, asked.network_id)
    return TemplatesOut(
        templates=[
            TemplateOut(
                id=card.id,
                name=card.name,
                shifts=[WeeklyOut(id=one.id, weekly=one.weekly, left_out=sorted(one.left_out)) for one in card.shifts],
            )
            for card in cards
        ]
    )


@operations.post("/templates", Right.KEEP_ROTA)
def add_a_template(asked: Asked, body: TemplateIn) -> Made:
    """A new template."""
    must_reach_network(asked, Right.KEEP_ROTA, "template")
    return Made(id=_done(add_template(asked.session, asked.network_id, body.name, **asked.by)))


@operations.patch("/templates/{template}", Right.KEEP_ROTA)
def rename_a_template(asked: Asked, template: int, body: TemplateIn) -> None:
    """Give a template another name."""
    must_reach_network(asked, Right.KEEP_ROTA, "template")
    _done(rename_template(asked.session, asked.network_id, template, body.name, **asked.by))


@operations.delete("/templates/{template}", Right.KEEP_ROTA)
def remove_a_template(asked: Asked, template: int) -> None:
    """Publish nothing from a template any more; what is published stays."""
    must_reach_network(asked, Right.KEEP_ROTA, "template")
    _done(remove_template(asked.session, asked.network_id, template, **asked.by))


@operations.post("/templates/{template}/shifts", Right.KEEP_ROTA)
def add_to_a_template(asked: Asked, template: int, body: WeeklyIn) -> Made:
    """One more shift in a template; nothing is published by it."""
    must_reach_network(asked, Right.KEEP_ROTA, "template")
    return Made(id=_done(add_template_shift(asked.session, asked.network_id, template, body.weekly, **asked.by)))


@operations.patch("/template-shifts/{shift}", Right.KEEP_ROTA)
def change_in_a_template(asked: Asked, shift: int, body: WeeklyIn) -> None:
    """Let it come like this from the next publication on."""
    must_reach_network(asked, Right.KEEP_ROTA, "template")
    _done(change_template_shift(asked.session, asked.network_id, shift, body.weekly, **asked.by))


@operations.delete("/template-shifts/{shift}", Right.KEEP_ROTA)
def remove_from_a_template(asked: Asked, shift: int) -> None:
    """Let it come no more; what is published stays."""
    must_reach_network(asked, Right.KEEP_ROTA, "template")
    _done(remove_template_shift(asked.session, asked.network_id, shift, **asked.by))


@operations.post("/template-shifts/{shift}/exceptions", Right.KEEP_ROTA)
def leave_a_day_out(asked: Asked, shift: int, body: LeaveOutIn) -> None:
    """Leave it out on a day, or put it back."""
    must_reach_network(asked, Right.KEEP_ROTA, "template")
    _done(leave_out(asked.session, asked.network_id, shift, body.day, out=body.out, **asked.by))


@operations.post("/templates/{template}/publication", Right.KEEP_ROTA)
def publish(asked: Asked, template: int, body: PublishIn) -> PublicationOut:
    """Make a stretch of rota from a template, or see what would be made; what is there already stays as it is."""
    must_reach_network(asked, Right.KEEP_ROTA, "template")
    if body.preview:
        seen = publishing.preview(asked.session, asked.network_id, template, body.days, now=asked.now, grid=asked.grid)
        return PublicationOut.of(_done(seen))
    made = publishing.publish(asked.session, asked.network_id, template, body.days, draft=body.draft, **asked.doing)
    return PublicationOut.of(_done(made))


@operations.post("/rota/copy", Right.KEEP_ROTA)
def copy_a_week(asked: Asked, body: CopyIn) -> PublicationOut:
    """The shifts of one week again in another, or what that would make."""
    must_reach_network(asked, Right.KEEP_ROTA, "week")
    weeks = (asked.network_id, body.source, body.target)
    if body.preview:
        seen = publishing.preview_copy(asked.session, *weeks, now=asked.now, grid=asked.grid)
        return PublicationOut.of(seen)
    return PublicationOut.of(publishing.copy_week(asked.session, *weeks, draft=body.draft, **asked.doing))


@operations.get("/rota/batches", Right.SEE_ROTA)
def batches(asked: Asked) -> BatchesOut:
    """What was made at once, the latest first."""
    return BatchesOut(batches=list(batches_of(asked.session, asked.network_id)))


@operations.delete("/rota/batches/{batch}", Right.KEEP_ROTA)
def undo_a_batch(asked: Asked, batch: int, query: PreviewQuery) -> UndoneOut:
    """Take back what was made at once, or see what that would do; what others changed since stays."""
    must_reach_network(asked, Right.KEEP_ROTA, "batch")
    if query.preview:
        undone = _done(preview_undo(asked.session, asked.network_id, batch, now=asked.now, grid=asked.grid))
    else:
        undone = _done(undo(asked.session, asked.network_id, batch, **asked.doing))
    return UndoneOut(shifts=list(undone.shifts), lost=list(undone.lost), kept=list(undone.kept), effect=undone.effect)


def _maybe(asked: Asked, preview: bool, change: Callable[[], T | ShiftRefusal]) -> T:
    return _done(foreseen(asked.session, change) if preview else change())


def _done(answer: T | ShiftRefusal | RuleRefused) -> T:
    match answer:
        case RuleRefused(fault, part):
            raise Refused(fault, f"rrule: {part}")
        case ShiftRefusal():
            raise Refused(answer, status=404 if answer is ShiftRefusal.NOT_FOUND else 409)
        case _:
            return answer
