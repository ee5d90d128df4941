"""Who belongs together: a network, its organisations, its lines, its helpers."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tickets.records import Base, Id, Json, words
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language, name_said


class Network(Base):
    """The tenant: nothing crosses it. `boundaries` are its changes to the default matrix, {kind: {topic: stance}}.

    `call_minutes` are topics that take longer or shorter than a usual call, {topic: minutes}. So many hours before a time
    begins, what is kept free there for Swedish speakers is free for all. The coordinator on duty is texted at `alert_phone`. `role_rights` are its
    changes to who may do what (tickets/rights.py). When it rings back: tickets/network_hours.py.
    """

    __tablename__ = "network"
    __table_args__ = (
        CheckConstraint(
            "closes - opens >= INTERVAL '1 hour' AND closes < '24:00'"
            " AND extract(epoch FROM opens) % 900 = 0 AND extract(epoch FROM closes) % 900 = 0",
            name="hours",
        ),
        CheckConstraint("notice_minutes BETWEEN 15 AND 1440", name="notice"),
        CheckConstraint("working_days BETWEEN 1 AND 30", name="window"),
    )

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    boundaries: Mapped[Json] = mapped_column(default=dict)
    call_minutes: Mapped[Json] = mapped_column(server_default="{}")
    role_rights: Mapped[Json] = mapped_column(server_default="{}")
    swedish_release_hours: Mapped[int] = mapped_column(server_default="24")
    asks_feedback: Mapped[bool] = mapped_column(server_default="true")
    alert_phone_sealed: Mapped[str | None]
    opens: Mapped[time] = mapped_column(server_default=text("'09:00'"))
    closes: Mapped[time] = mapped_column(server_default=text("'15:00'"))
    notice_minutes: Mapped[int] = mapped_column(server_default="30")
    working_days: Mapped[int] = mapped_column(server_default="10")
    created_at: Mapped[datetime]


class Organisation(Base):
    """A municipality, service centre or association; municipality codes in `serves` are its own, in `agreed` by agreement."""

    __tablename__ = "organisation"
    __table_args__ = (UniqueConstraint("network_id", "name"),)

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    name: Mapped[str]
    serves: Mapped[list[str]]
    agreed: Mapped[list[str]] = mapped_column(default=list)
    boundaries: Mapped[Json] = mapped_column(default=dict)


class LineTrouble(StrEnum):
    """Why the operator does not answer a line's number at our address."""

    NO_SUCH_NUMBER = "no_such_number"  # the account has none
    REFUSED = "refused"
    UNREACHABLE = "unreachable"


class Line(Base):
    """One phone number; without a municipality it asks the caller for one.

    `name` is in its first language; `other_name`, where it has one, in the other. `hears_speech`: a caller may say the number of a key instead of pressing it.
    `wording_version` counts the changes to its own words and voice (tickets/line_wording.py); nought: it speaks as all do.
    `connected_to`: our public address at which the operator last said that it answers the number (tickets/line_connections.py).
    """

    __tablename__ = "line"

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    e164: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    first_language: Mapped[Language]
    municipality: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    wording_version: Mapped[int] = mapped_column(server_default="0")
    other_name: Mapped[str | None]
    hears_speech: Mapped[bool] = mapped_column(server_default="false")
    connect_asked_at: Mapped[datetime | None]
    connect_tried_at: Mapped[datetime | None]
    connected_to: Mapped[str | None]
    connect_trouble: Mapped[LineTrouble | None] = mapped_column(words(LineTrouble))

    def name_in(self, language: Language) -> str:
        """Its name as it is said in a language."""
        return name_said(language, self.name, self.other_name, first=self.first_language)


class Helper(Base):
    """A person who rings back; name and number are sealed. No badge date means that none is asked for.

    `rules_due_on`: the first day on which they may take no call, unless they accept the network's newest rules before it.
    Places a week that they wish for and at most take, and minutes of rest between two places: None where they have not said.
    """

    __tablename__ = "helper"
    __table_args__ = (UniqueConstraint("network_id", "phone_index"),)

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name_sealed: Mapped[str]
    phone_sealed: Mapped[str]
    phone_index: Mapped[bytes]
    languages: Mapped[list[str]]
    kind: Mapped[HelperKind]
    badge_expires_on: Mapped[date | None]
    rules_accepted: Mapped[bool] = mapped_column(default=False)
    rules_due_on: Mapped[date | None]
    active: Mapped[bool] = mapped_column(default=True)
    wished_per_week: Mapped[int | None]
    most_per_week: Mapped[int | None]
    rest_minutes: Mapped[int | None]
    created_at: Mapped[datetime]
    forgotten_at: Mapped[datetime | None]
