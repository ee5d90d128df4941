"""Where people are sent on to: referral points of a network, in the words of both languages."""

from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tickets.records import Base, Id, values_of, words
from tickets.vocabulary import Outcome


class PointKind(StrEnum):
    """What sort of place people are sent on to."""

    LIBRARY = "library"
    SERVICE_POINT = "service_point"
    HOME_SUPPORT = "home_support"
    AUTHORITY = "authority"
    PROVIDER = "provider"
    REPAIR = "repair"
    ASSOCIATION = "association"
    HEALTH = "health"
    SCHOOL = "school"
    OTHER = "other"


# A matter that ends at such a place has been referred.
REFERRALS: Final = (
    Outcome.OHJATTU_LAHI,
    Outcome.OHJATTU_KOTI,
    Outcome.OHJATTU_TAPAHTUMA,
    Outcome.OHJATTU_PALVELUNTARJOAJA,
    Outcome.OHJATTU_VIRANOMAINEN,
    Outcome.OHJATTU_HUOLTO,
)


class ReferralPoint(Base):
    """A place or a number to which people are sent on; `outcome` is how a matter ends that goes there.

    Names, addresses, hours in at least one language. `serves`: the municipalities whose people it is for; none, and it is
    for everybody. `organisation_id`: the one of the network that keeps it. The owner looks at it again by `review_due`.
    """

    __tablename__ = "referral_point"
    __table_args__ = (
        UniqueConstraint("network_id", "code"),
        CheckConstraint("num_nonnulls(name_fi, name_sv) >= 1", name="name"),
        CheckConstraint("num_nonnulls(address_fi, address_sv, phone, web) >= 1", name="reachable"),
        CheckConstraint("num_nonnulls(address_fi, address_sv) = 0 OR municipality IS NOT NULL", name="where"),
        CheckConstraint(f"outcome IN ({values_of(REFERRALS)})", name="referral"),
        Index("ix_referral_point_due", "review_due"),
    )

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    code: Mapped[str]  # by which a spreadsheet knows it
    kind: Mapped[PointKind] = mapped_column(words(PointKind))
    outcome: Mapped[Outcome]
    name_fi: Mapped[str | None]
    name_sv: Mapped[str | None]
    about_fi: Mapped[str | None]
    about_sv: Mapped[str | None]
    address_fi: Mapped[str | None]
    address_sv: Mapped[str | None]
    postcode: Mapped[str | None]
    municipality: Mapped[str | None]
    serves: Mapped[list[str]]
    phone: Mapped[str | None]
    web: Mapped[str | None]
    hours_fi: Mapped[str | None]
    hours_sv: Mapped[str | None]
    topics: Mapped[list[str]]
    owner_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    reviewed_on: Mapped[date]
    review_due: Mapped[date]
    active: Mapped[bool] = mapped_column(default=True)
    changed_at: Mapped[datetime]
