"""Shifts, templates, closures and what changing them does, as the API takes and gives them.

What is given are the rota's own values, by their own names.
"""

from datetime import date
from typing import Self

from pydantic import BaseModel, Field

from admin.api.place_shapes import Day, Moment, SpanQuery, SpanShape, Strict, WallTime
from scheduler.rota.batches import BatchCard, Kept
from scheduler.rota.candidates import Days
from scheduler.rota.closures import Closed, ClosureCard, NewClosure
from scheduler.rota.editing import Edited, LostPlace
from scheduler.rota.effects import Effect
from scheduler.rota.listing import ShiftCard, Terms
from scheduler.rota.openings import Shortage
from scheduler.rota.plans import PlannedShift
from scheduler.rota.publishing import Publication
from scheduler.rota.shifts import Published
from scheduler.rota.templates import Weekly
from scheduler.rota.writing import NewShift
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language

LONGEST_REASON = 200
MOST_PLACES = 999
LONGEST_CALL = 240


class RotaQuery(SpanQuery):
    """A stretch of the rota, of one organisation or one helper if given."""

    organisation: int | None = None
    helper: int | None = None
    cancelled: bool = Field(False, description="Cancelled shifts too.")


class RotaOut(BaseModel):
    """Shifts with their places, the earliest first."""

    shifts: list[ShiftCard]


class ShortagesOut(BaseModel):
    """Shifts that lack people: who could come, and what keeps the others."""

    shortages: list[Shortage]


class TermsIn(Strict):
    """What a shift asks for; without an organisation it is pooled by the network."""

    during: SpanShape
    needed: int = Field(1, ge=0, le=MOST_PLACES)
    most: int = Field(1, ge=0, le=MOST_PLACES)
    organisation: int | None = None
    language: Language | None = None
    kind: HelperKind | None = None

    @property
    def terms(self) -> Terms:
        """The terms for the rota."""
        return Terms(self.during.span, self.needed, self.most, self.organisation, self.language, self.kind)


class ShiftIn(TermsIn):
    """A shift to be; a draft is not offered from."""

    call_minutes: int = Field(
        60, gt=0, le=LONGEST_CALL, multiple_of=15, description="How long one call holds a helper."
    )
    draft: bool = False
    helpers: list[int] = Field(default_factory=list, description="In its places from the start.")

    @property
    def new(self) -> NewShift:
        """The shift for the rota."""
        terms = self.terms
        return NewShift(
            terms.during,
            needed=terms.needed,
            most=terms.most,
            organisation_id=terms.organisation_id,
            language=terms.language,
            kind=terms.kind,
            call_minutes=self.call_minutes,
        )


class Made(BaseModel):
    """The number of what has been made."""

    id: int


class EditIn(TermsIn):
    """What a shift shall ask for from now on; `preview` says what that would do, and does nothing."""

    version: int = Field(description="The version that was read; an edit of what has changed since is refused.")
    override: bool = Field(False, description="Let there be fewer places than are held; written down.")
    preview: bool = False


class PreviewQuery(Strict):
    """Whether to say what would happen, and do nothing."""

    preview: bool = False


class EditedOut(BaseModel):
    """A changed or cancelled shift: who lost a place by it, and which promises nobody can keep now."""

    version: int
    lost: list[LostPlace]
    effect: Effect

    @classmethod
    def of(cls, edited: Edited) -> Self:
        """The rota's answer."""
        return cls(version=edited.version, lost=list(edited.lost), effect=edited.effect)


class DraftsIn(Strict):
    """Drafts to offer from: those that begin before `until`, or only some of them."""

    until: Moment
    shifts: list[int] | None = Field(None, description="Only these; null for all.")
    preview: bool = False


class DraftsOut(BaseModel):
    """Shifts that were drafts, and what offering from them did to promises."""

    shifts: list[int]
    effect: Effect

    @classmethod
    def of(cls, published: Published) -> Self:
        """The rota's answer."""
        return cls(shifts=list(published.shifts), effect=published.effect)


class ClosureIn(Strict):
    """A span in which nobody is rung, or nobody by one organisation."""

    during: SpanShape
    reason: str = Field(min_length=1, max_length=LONGEST_REASON)
    organisation: int | None = None
    preview: bool = False

    @property
    def new(self) -> NewClosure:
        """The closure for the rota."""
        return NewClosure(self.during.span, self.reason, self.organisation)


class ClosedOut(BaseModel):
    """A closure, and what it did to promises."""

    closure: int | None = Field(description="Null in a preview.")
    effect: Effect

    @classmethod
    def of(cls, closed: Closed, *, preview: bool) -> Self:
        """The rota's answer."""
        return cls(closure=None if preview else closed.closure_id, effect=closed.effect)


class ClosuresOut(BaseModel):
    """Closures, the earliest first."""

    closures: list[ClosureCard]


class TemplateIn(Strict):
    """A template without shifts."""

    name: str = Field(min_length=1, max_length=LONGEST_REASON)


class WeeklyIn(Strict):
    """A shift that comes again: days by an RRULE (RFC 5545), hours by the clock on the wall in Helsinki."""

    rrule: str = Field(max_length=500, examples=["FREQ=WEEKLY;BYDAY=MO,WE"])
    first_day: Day
    begins: WallTime
    ends: WallTime
    needed: int = Field(1, ge=0, le=MOST_PLACES)
    most: int = Field(1, ge=0, le=MOST_PLACES)
    organisation: int | None = None
    language: Language | None = None
    kind: HelperKind | None = None
    call_minutes: int = Field(60, gt=0, le=LONGEST_CALL, multiple_of=15)
    helpers: list[int] = Field(default_factory=list, description="Who usually holds its places.")

    @property
    def weekly(self) -> Weekly:
        """The shift for the template."""
        given = self.model_dump(exclude={"organisation", "helpers"})
        return Weekly(**given, organisation_id=self.organisation, helpers=tuple(self.helpers))


class WeeklyOut(BaseModel):
    """A shift of a template."""

    id: int
    weekly: Weekly
    left_out: list[date]


class TemplateOut(BaseModel):
    """A template with its shifts."""

    id: int
    name: str
    shifts: list[WeeklyOut]


class TemplatesOut(BaseModel):
    """The network's templates."""

    templates: list[TemplateOut]


class LeaveOutIn(Strict):
    """A day on which a template's shift does not come, or does again."""

    day: Day
    out: bool = True


class PublishIn(Strict):
    """From the first to the last of these days; `preview` says what would be made, and makes nothing."""

    first: Day
    last: Day
    draft: bool = False
    preview: bool = False

    @property
    def days(self) -> Days:
        """The days for the rota."""
        return Days(self.first, self.last)


class CopyIn(Strict):
    """The week of one day again in the week of another."""

    source: Day
    target: Day
    draft: bool = False
    preview: bool = False


class PublicationOut(BaseModel):
    """What was made, what was not and why; `batch` undoes it all at once."""

    batch: int | None
    plan: list[PlannedShift]
    shifts: list[int]
    effect: Effect

    @classmethod
    def of(cls, published: Publication) -> Self:
        """The rota's answer."""
        plan, shifts = list(published.plan), list(published.shifts)
        return cls(batch=published.batch_id, plan=plan, shifts=shifts, effect=published.effect)


class BatchesOut(BaseModel):
    """What was made at once, the latest first."""

    batches: list[BatchCard]


class UndoneOut(BaseModel):
    """What went with a batch, and what stays because others have changed it since."""

    shifts: list[int]
    lost: list[LostPlace]
    kept: list[Kept]
    effect: Effect
