"""The directory as the API gives it: entries by code, what is nearest, days and how they went."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Final, Self
from uuid import UUID

from pydantic import BaseModel, Field

from admin.api.directory_shapes import Code, MunicipalityCode, Postcode
from admin.api.place_shapes import Day, Strict
from admin.ptv import OntologyTerm, ServiceClass
from admin.service_description import Listed
from tickets.gatherings import Gathering, GatheringKind, GatheringReport, Occasion
from tickets.listed import Wanted
from tickets.materials import Material, MaterialKind
from tickets.near import Near, NearKind
from tickets.points import PointKind, ReferralPoint
from tickets.vocabulary import Outcome, Topic
from voice_prompts.language import Language

MOST_AT_ONCE: Final = 200


class EntriesQuery(Strict):
    """Which entries to list."""

    topic: Topic | None = Field(None, description="Only those about this.")
    limit: int = Field(50, ge=1, le=MOST_AT_ONCE, description="At most so many.")
    cursor: Code | None = Field(None, description="The `next` of the page before.")

    def wanted(self, today: date) -> Wanted:
        """The same for the directory."""
        where: MunicipalityCode | None = getattr(self, "municipality", None)
        return Wanted(self.topic, where, today if getattr(self, "overdue", False) else None, self.cursor, self.limit)


class GatheringsQuery(EntriesQuery):
    """Which gatherings to list."""

    municipality: MunicipalityCode | None = Field(None, description="Only those in this municipality.")


class MaterialsQuery(EntriesQuery):
    """Which material to list."""

    overdue: bool = Field(False, description="Only what somebody should have looked at again by now.")


class PointsQuery(GatheringsQuery, MaterialsQuery):
    """Which referral points to list."""


class PointOut(BaseModel):
    """A referral point; `overdue` where its review is due."""

    code: str
    kind: PointKind
    outcome: Outcome
    name_fi: str | None
    name_sv: str | None
    about_fi: str | None
    about_sv: str | None
    address_fi: str | None
    address_sv: str | None
    postcode: str | None
    municipality: str | None
    serves: list[str]
    phone: str | None
    web: str | None
    hours_fi: str | None
    hours_sv: str | None
    topics: list[Topic]
    organisation: int | None
    owner: int | None
    reviewed_on: date
    review_due: date
    active: bool
    overdue: bool

    @classmethod
    def of(cls, row: ReferralPoint, today: date) -> Self:
        """An entry of the directory."""
        own = {name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)}
        overdue = row.active and row.review_due <= today
        return cls(**own, organisation=row.organisation_id, owner=row.owner_person_id, overdue=overdue)


class MaterialOut(BaseModel):
    """A link or material; `overdue` where its review is due."""

    code: str
    kind: MaterialKind
    title: str
    about: str | None
    url: str
    language: str
    topics: list[Topic]
    e_service: str | None
    owner: int | None
    reviewed_on: date
    review_due: date
    active: bool
    overdue: bool

    @classmethod
    def of(cls, row: Material, today: date) -> Self:
        """An entry of the directory."""
        own = {name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)}
        return cls(**own, owner=row.owner_person_id, overdue=row.active and row.review_due <= today)


class DayOut(BaseModel):
    """A day on which a gathering is held."""

    starts_at: datetime
    ends_at: datetime
    called_off: bool

    @classmethod
    def of(cls, row: Occasion) -> Self:
        """A day of the directory."""
        return cls(starts_at=row.starts_at, ends_at=row.ends_at, called_off=row.called_off_at is not None)


class GatheringOut(BaseModel):
    """A gathering with its next days."""

    code: str
    kind: GatheringKind
    name_fi: str | None
    name_sv: str | None
    about_fi: str | None
    about_sv: str | None
    place_fi: str | None
    place_sv: str | None
    address_fi: str | None
    address_sv: str | None
    postcode: str | None
    municipality: str | None
    first_day: date
    rrule: str | None
    more_days: list[date]
    begins: time
    ends: time
    must_register: bool
    phone: str | None
    web: str | None
    topics: list[Topic]
    languages: list[str]
    organisation: int | None
    cancelled: bool
    next_days: list[DayOut]

    @classmethod
    def of(cls, row: Gathering, days: Iterable[Occasion]) -> Self:
        """An entry of the directory."""
        own = {name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)}
        coming = [DayOut.of(day) for day in days]
        return cls(**own, organisation=row.organisation_id, cancelled=row.cancelled_at is not None, next_days=coming)


class PointsOut(BaseModel):
    """Referral points, by code."""

    points: list[PointOut]
    next: str | None = Field(description="The cursor of the next page; null on the last one.")


class MaterialsOut(BaseModel):
    """Material, by code."""

    materials: list[MaterialOut]
    next: str | None = Field(description="The cursor of the next page; null on the last one.")


class GatheringsOut(BaseModel):
    """Gatherings, by code."""

    gatherings: list[GatheringOut]
    next: str | None = Field(description="The cursor of the next page; null on the last one.")


class NearbyQuery(Strict):
    """Where somebody lives, and the language in which they are helped."""

    postcode: Postcode | None = None
    municipality: MunicipalityCode | None = Field(None, description="Taken from the postcode where it is left out.")
    language: Language = Language.FI
    limit: int = Field(5, ge=1, le=MOST_AT_ONCE, description="At most so many of each.")


class NearOut(BaseModel):
    """Something near: what it shares with the one who asks, and how to get there."""

    kind: NearKind
    id: int
    nearness: str = Field(description="What it shares: postcode, postcode_area, municipality, …, network.")
    name: str
    place: str | None
    address: str | None
    municipality: str | None
    phone: str | None
    web: str | None
    hours: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    must_register: bool

    @classmethod
    def of(cls, near: Near) -> Self:
        """A place or a day, in the language that was asked for where it is known in it."""
        return cls(
            kind=near.kind,
            id=near.id,
            nearness=near.nearness.name.lower(),
            name=near.name.text,
            place=near.place.text if near.place else None,
            address=near.address.text if near.address else None,
            municipality=near.municipality,
            phone=near.phone,
            web=near.web,
            hours=near.hours.text if near.hours else None,
            starts_at=near.starts_at,
            ends_at=near.ends_at,
            must_register=near.must_register,
        )


class NearbyOut(BaseModel):
    """Places and the next days of gatherings, each with the nearest first."""

    points: list[NearOut]
    gatherings: list[NearOut]


class ReportsQuery(Strict):
    """Which days to look at."""

    since: Day
    until: Day


class ReportOut(BaseModel):
    """How a day of a gathering went, in numbers."""

    gathering: str
    starts_at: datetime
    municipality: str | None
    people: int
    topics: dict[str, int]
    languages: dict[str, int]
    minutes: int
    volunteers: int
    staff: int

    @classmethod
    def of(cls, gathering: Gathering, day: Occasion, report: GatheringReport) -> Self:
        """A report of the directory."""
        own = {name: getattr(report, name) for name in cls.model_fields if hasattr(report, name)}
        return cls(**own, gathering=gathering.code, starts_at=day.starts_at, municipality=gathering.municipality)


class ReportsOut(BaseModel):
    """Reports, the earliest day first."""

    reports: list[ReportOut]


class DirectionsIn(Strict):
    """Where the caller of a ticket is sent, as a text: a place or a day of a gathering, by the number that `nearby` gives."""

    kind: NearKind
    id: int


class DirectionsOut(BaseModel):
    """Whether the text is on its way; no, where the caller's number takes none."""

    texted: bool


class PtvQuery(Strict):
    """What only the organisation that answers for the service knows of it in the Service Catalogue."""

    organisation: UUID = Field(description="Its identifier in the catalogue.")
    general_description: UUID | None = Field(None, description="The general description that the service follows.")
    service_class: ServiceClass | None = Field(None, description="Needed without a general description.")
    ontology_term: OntologyTerm | None = Field(None, description="Needed without a general description.")

    @property
    def listed(self) -> Listed:
        """The same for the description."""
        classes, terms = ([each] if each else [] for each in (self.service_class, self.ontology_term))
        return Listed(self.organisation, self.general_description, classes, terms)
