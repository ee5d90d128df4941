"""What the desk takes and gives by API."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from admin.api.place_shapes import Moment, Strict
from ivr.numbers import Verdict, judge_keyed
from scheduler.desk import OpenMatter, OpenMatters, Then, Told
from scheduler.outcomes import Ending
from scheduler.promises import Promise
from tickets.email_addresses import plain_address
from tickets.municipalities import municipality_of
from tickets.vocabulary import (
    AccessNeed,
    Device,
    DidThemselves,
    HeardOfUs,
    HelpForm,
    Outcome,
    TicketStatus,
    Topic,
)
from voice_prompts.language import Language

LONGEST_TEXT, LONGEST_NAME, LONGEST_KEY = 5000, 100, 100
LONGEST_CALL_MINUTES = 480


def _ringable(typed: str) -> str:
    judged = judge_keyed(typed.strip())
    if judged.verdict is not Verdict.OK or judged.e164 is None:
        raise ValueError("give a Finnish mobile or landline number that can be rung")
    return judged.e164


def _address(typed: str) -> str:
    address = plain_address(typed)
    if address is None:
        raise ValueError("give an e-mail address, such as maija@example.fi")
    return address


def _place(typed: str) -> str:
    code = municipality_of(typed)
    if code is None:
        raise ValueError("give a municipality by its name, its three-digit code, such as 853, or a postcode there")
    return code


Number = Annotated[str, StringConstraints(max_length=40), AfterValidator(_ringable)]
Address = Annotated[str, StringConstraints(max_length=300), AfterValidator(_address)]
Place = Annotated[str, StringConstraints(max_length=LONGEST_NAME), AfterValidator(_place)]


class NumberIn(Strict):
    """Whose matters; in the body, as numbers do not belong into addresses."""

    number: Number = Field(description="A Finnish number, as people write it.")


class OpenMatterOut(BaseModel):
    """Something that this number has open."""

    ticket: str
    status: TicketStatus
    topic: Topic | None
    starts_at: datetime | None = Field(description="The time that was promised.")
    created_at: datetime

    @classmethod
    def of(cls, matter: OpenMatter) -> Self:
        """As the desk finds it."""
        return cls(
            ticket=matter.code,
            status=matter.status,
            topic=matter.topic,
            starts_at=matter.starts_at,
            created_at=matter.created_at,
        )


class OpenMattersOut(BaseModel):
    """What a number has open."""

    matters: list[OpenMatterOut]
    elsewhere: int = Field(description="How many more there are, which whoever asks may not see.")

    @classmethod
    def of(cls, found: OpenMatters) -> Self:
        """As the desk finds it."""
        return cls(matters=[OpenMatterOut.of(matter) for matter in found.seen], elsewhere=found.elsewhere)


class EndingIn(Strict):
    """How a matter that is solved at once ended."""

    outcome: Outcome = Outcome.RATKAISTU_HETI
    did_themselves: DidThemselves | None = None
    minutes: int | None = Field(None, ge=0, le=LONGEST_CALL_MINUTES)

    @property
    def ending(self) -> Ending:
        """The ending, as it is written down."""
        return Ending(self.outcome, did_themselves=self.did_themselves, minutes=self.minutes)


class MatterIn(Strict):
    """A matter that is logged at the desk."""

    key: str = Field(
        min_length=1, max_length=LONGEST_KEY, description="Your own name of it: sent twice it is one ticket."
    )
    then: Then = Field(description="What becomes of it.")
    language: Language
    number: Number | None = Field(None, description="Needed for a time; whoever comes to the counter may have none.")
    same_person_as: str | None = Field(
        None, description="A ticket whose person is meant; number and name come from it."
    )
    line: str | None = Field(None, description="The line's number; the network's first in the language when left out.")
    name: str | None = Field(None, max_length=LONGEST_NAME)
    email: Address | None = None
    topic: Topic | None = None
    topics: list[Topic] = Field([], max_length=len(Topic))
    device: Device | None = None
    e_service: str | None = None
    on_behalf: bool | None = None
    access_needs: list[AccessNeed] = Field([], max_length=len(AccessNeed))
    wished_form: HelpForm | None = None
    heard_of_us: HeardOfUs | None = None
    municipality: Place | None = Field(
        None, description="A municipality's name in either language, its three-digit code, or a postcode there."
    )
    non_disclosure: bool = Field(False, description="Turvakielto: number and municipality are hidden from others.")
    training_need: bool = False
    text: str | None = Field(None, max_length=LONGEST_TEXT)
    ending: EndingIn | None = Field(None, description="Needed with `solved`.")

    @property
    def told(self) -> Told:
        """The matter, as the desk writes it down."""
        return Told(
            key=self.key,
            language=self.language,
            number=self.number,
            same_person_as=self.same_person_as,
            line=self.line,
            name=self.name,
            email=self.email,
            topic=self.topic,
            topics=tuple(self.topics),
            device=self.device,
            e_service=self.e_service,
            on_behalf=self.on_behalf,
            access_needs=tuple(self.access_needs),
            wished_form=self.wished_form,
            heard_of_us=self.heard_of_us,
            municipality=self.municipality,
            non_disclosure=self.non_disclosure,
            training_need=self.training_need,
            text=self.text,
        )


class MatterOut(BaseModel):
    """The ticket, how it stands, and the next few times where one is wanted."""

    ticket: str
    status: TicketStatus
    times: list[datetime]


class TimesQuery(Strict):
    """Which times."""

    after: Moment | None = Field(None, description="Only times later than this.")


class TimesOut(BaseModel):
    """The next few times that the rota can keep; none where there is none, or nobody can be rung."""

    times: list[datetime]


class TimeIn(Strict):
    """The time that suits."""

    starts_at: Moment


class PromiseOut(BaseModel):
    """The time that was promised, and the four digits that the caller is told now."""

    starts_at: datetime
    code: str

    @classmethod
    def of(cls, promise: Promise) -> Self:
        """As it was promised."""
        return cls(starts_at=promise.starts_at, code=promise.code)


class StandingOut(BaseModel):
    """Where the caller stands in the line."""

    before: int = Field(description="How many wait before them.")
