"""What the API takes and gives about retention, holds and the rights of the registered."""

from datetime import datetime
from typing import ClassVar, Self

import phonenumbers
from pydantic import BaseModel, Field, model_validator

from admin.api.operations import Download
from admin.api.place_shapes import Moment, Strict
from tickets.email_addresses import plain_address
from tickets.erasures import Erasure
from tickets.holds import Hold
from tickets.registered import Whose
from tickets.retention import BOUNDS, Kept, Terms, Unit
from tickets.vocabulary import PageLanguage

LONGEST_REASON = 2000


class TermOut(BaseModel):
    """How long something is kept, and how many tickets would go by that today."""

    kept: Kept
    amount: int
    unit: Unit
    usual: int
    least: int
    most: int
    due: int | None = Field(description="Tickets that the coming night would touch; null where none are meant.")


class RetentionOut(BaseModel):
    """All terms of the network."""

    terms: list[TermOut]

    @classmethod
    def of(cls, terms: Terms, due: dict[Kept, int]) -> Self:
        """The terms, with what they would do."""
        return cls(
            terms=[
                TermOut(
                    kept=kept,
                    amount=term.amount,
                    unit=term.unit,
                    usual=BOUNDS[kept].usual.amount,
                    least=BOUNDS[kept].least,
                    most=BOUNDS[kept].most,
                    due=due.get(kept),
                )
                for kept, term in terms.items()
            ]
        )


class TermIn(Strict):
    """Another term, in the unit of the usual one."""

    amount: int | None = Field(description="Null: as long as usual.")
    preview: bool = Field(False, description="Say how many tickets would go, and change nothing.")


class HoldIn(Strict):
    """Why a ticket must be kept, and until when."""

    reason: str = Field(min_length=1, max_length=LONGEST_REASON)
    until: Moment


class HoldsOut(BaseModel):
    """What is held, those that end first before the others."""

    holds: list[Hold]


class WhoseIn(Strict):
    """Whose data is meant: one of these."""

    phone: str | None = Field(None, description="A caller's number, as it is written.", max_length=40)
    email: str | None = Field(None, description="A caller's address.", max_length=320)
    ticket: str | None = Field(None, description="The code of one matter.", max_length=40)
    person: int | None = Field(None, description="One of the network's own people; helpers are people too.")

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if sum(value is not None for value in (self.phone, self.email, self.ticket, self.person)) != 1:
            raise ValueError("name exactly one: phone, email, ticket or person")
        return self

    def within(self, network_id: int) -> Whose:
        """Whose, in this network; raises ValueError that names what is no number or address."""
        phone = None if self.phone is None else e164_of(self.phone)
        email = None if self.email is None else plain_address(self.email)
        if (phone is None) is not (self.phone is None):
            raise ValueError("phone: that is no phone number; write it as +358401234567")
        if (email is None) is not (self.email is None):
            raise ValueError("email: that is no address; write it as name@example.fi")
        return Whose(network_id, phone, email, self.ticket, self.person)


class CopyIn(WhoseIn):
    """Whose copy, and in which language its words are."""

    language: PageLanguage = PageLanguage.FI


class FoundOut(BaseModel):
    """What there is of somebody, before anything is done."""

    tickets: list[str] = Field(description="By code.")
    held: list[str] = Field(description="Those of them that must be kept, by code.")
    calls: int = Field(description="Calls of the last weeks in which they, or their number, came up.")
    person: int | None


class ErasedOut(BaseModel):
    """What has been erased: rows by table. The number is that in the register."""

    number: int
    counts: dict[str, int]
    cancelled: int = Field(description="Promises that were given back.")


class ErasureOut(BaseModel):
    """A line of the register: how much was erased, when, by whom; never whose it was."""

    number: int
    at: datetime
    actor: str
    counts: dict[str, int]

    @classmethod
    def of(cls, row: Erasure) -> Self:
        """A row of it."""
        return cls(number=row.id, at=row.at, actor=row.actor, counts=dict(row.counts))


class ErasuresOut(BaseModel):
    """The register of erasures, the newest first."""

    erasures: list[ErasureOut]


class CopyFile(Download):
    """A ZIP with everything of somebody."""

    __slots__ = ()
    media_type: ClassVar[str] = "application/zip"


def e164_of(typed: str) -> str | None:
    """A number as it is kept, however it was typed; None where it is none."""
    try:
        number = phonenumbers.parse(typed, "FI")
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
