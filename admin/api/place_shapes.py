"""Places, swaps and a helper's own time, as the API takes and gives them."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from admin.clock import EARLIEST, LATEST
from scheduler.rota.availability import MOST_A_WEEK, Stated, Wishes
from scheduler.rota.holding import Answer, PlaceRef
from scheduler.rota.openings import Opening
from scheduler.rota.rules import Refusal
from scheduler.rota.waits import Wait
from scheduler.rota.wishes import Says
from scheduler.slots import MINUTE, Span


def _within_reach(moment: datetime) -> datetime:
    if not EARLIEST <= moment <= LATEST:
        raise ValueError(f"say a time between the years {EARLIEST.year} and {LATEST.year}")
    return moment


def _day_within_reach(day: date) -> date:
    if not EARLIEST.date() <= day <= LATEST.date():
        raise ValueError(f"say a day between the years {EARLIEST.year} and {LATEST.year}")
    return day


def _on_the_wall(wall: time) -> time:
    if wall.tzinfo is not None or wall.second or wall.microsecond:
        raise ValueError("say hours and minutes by the clock in Helsinki, without an offset")
    return wall


Moment = Annotated[AwareDatetime, AfterValidator(_within_reach)]
Day = Annotated[date, AfterValidator(_day_within_reach)]
WallTime = Annotated[time, AfterValidator(_on_the_wall)]


class Strict(BaseModel):
    """What is taken in; a word that we do not know is refused, as it may be one misspelt."""

    model_config = ConfigDict(extra="forbid")


class SpanShape(Strict):
    """From `begins` up to `ends`, both with their offset from UTC."""

    begins: Moment
    ends: Moment

    @classmethod
    def of(cls, span: Span) -> Self:
        """A span of the rota."""
        return cls(begins=span.begins, ends=span.ends)

    @property
    def span(self) -> Span:
        """The span for the rota."""
        return Span(self.begins, self.ends)


class SpanQuery(Strict):
    """A stretch of the rota."""

    since: Moment
    until: Moment

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until < self.since:
            raise ValueError("until lies before since")
        return self

    @property
    def span(self) -> Span:
        """The span for the rota."""
        return Span(self.since, self.until)


class WhoseQuery(Strict):
    """Whose; a helper's own token needs to say nothing, and may name nobody else."""

    helper: int | None = Field(None, description="The helper's number; needed with a coordinator's token.")


class OwnRota(BaseModel):
    """A helper's places to come, and what they wait for; the nearest first."""

    places: list[PlaceRef]
    waits: list[Wait]


class Openings(BaseModel):
    """What the helper may take, by the rules that taking it will ask; the nearest first."""

    places: list[Opening]
    swaps: list[Opening]


class PlaceIn(Strict):
    """Who takes a place."""

    helper: int | None = Field(None, description="Needed with a coordinator's token.")
    override: bool = Field(
        False, description="Set capacity, rest and wishes aside; coordinators only, and written down."
    )


class PlaceChanged(BaseModel):
    """What a change of one place came to."""

    place: int | None
    deficits: list[int] = Field(description="Promises (callbacks) that nobody can keep now.")
    overridden: list[Refusal]
    passed_to: list[int] = Field(description="Places of those who waited and have it now.")

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """The rota's answer."""
        return cls(
            place=answer.place_id,
            deficits=list(answer.deficits),
            overridden=list(answer.overridden),
            passed_to=list(answer.passed_to),
        )


class StatedShape(Strict):
    """A span, and what is said of it."""

    says: Says
    during: SpanShape

    @classmethod
    def of(cls, stated: Stated) -> Self:
        """What a helper, or their calendar, says."""
        return cls(says=stated.says, during=SpanShape.of(stated.during))


class AvailabilityIn(Strict):
    """All that a helper says of the time `within`; it takes the place of what they said of it before."""

    within: SpanShape
    says: list[StatedShape] = Field(max_length=500)


class AvailabilityOut(BaseModel):
    """What is said of a time; `clashes` are places held in it that the helper cannot come to."""

    says: list[StatedShape]
    clashes: list[PlaceRef]


class AvailabilityQuery(WhoseQuery, SpanQuery):
    """Whose, and of which time."""


class WishesShape(Strict):
    """How much somebody wants to do; null where they have not said."""

    wished_per_week: int | None = Field(None, ge=0, le=MOST_A_WEEK)
    most_per_week: int | None = Field(None, ge=0, le=MOST_A_WEEK)
    rest_minutes: int | None = Field(None, ge=0, le=7 * 24 * 60, description="Between the places of two days.")

    @classmethod
    def of(cls, wishes: Wishes) -> Self:
        """The rota's wishes."""
        minutes = None if wishes.rest is None else wishes.rest // MINUTE
        return cls(wished_per_week=wishes.wished_per_week, most_per_week=wishes.most_per_week, rest_minutes=minutes)

    @property
    def wishes(self) -> Wishes:
        """The wishes for the rota."""
        rest = None if self.rest_minutes is None else timedelta(minutes=self.rest_minutes)
        return Wishes(self.wished_per_week, self.most_per_week, rest)
