"""One ticket with all that is said in it, and what may be done with it, as the API takes and gives them."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field, StringConstraints

from admin.api.place_shapes import Moment, Strict
from admin.api.shapes import LARGEST, TicketFilters, TicketOut, TicketQuery
from scheduler.outcomes import Ending
from scheduler.refining import Refinement
from scheduler.sight import Contact
from tickets.contents import Where
from tickets.e_services import EService
from tickets.identity_codes import Secret
from tickets.redaction import Offered
from tickets.timeline import Happening
from tickets.vocabulary import (
    AccessNeed,
    Device,
    DidThemselves,
    EventKind,
    HeardOfUs,
    HelpForm,
    Outcome,
    RecordingState,
    Topic,
)
from voice_prompts.language import Language

LONGEST_TEXT, LONGEST_NAME, LONGEST_SEARCH, LONGEST_CODE = 20_000, 100, 200, 60
A_DAY_MIN = 24 * 60
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NAME)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_CODE)]
Municipality = Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$")]
Number = Annotated[int, Field(ge=1, le=LARGEST)]


class SearchQuery(TicketQuery):
    """What to search for."""

    q: str = Field(min_length=1, max_length=LONGEST_SEARCH, description="Words, in Finnish or Swedish, in any form.")


class NoteOut(BaseModel):
    """What somebody who worked on it wrote down."""

    id: int
    text: str
    by: str | None
    at: datetime | None


class MessageOut(BaseModel):
    """A spoken message: not its sound, but what was written down of it; by a machine, it may have misheard."""

    id: int
    at: datetime
    duration_s: int | None
    state: RecordingState
    transcript: str | None
    by_machine: bool = Field(description="Nobody has compared the transcript with the message.")


class MaterialGivenOut(BaseModel):
    """What the caller was given to go on with."""

    code: str
    title: str
    url: str
    given_at: datetime


class OfferedOut(BaseModel):
    """What should not stand there and is offered for redaction: in which text, from `begins` up to `ends`."""

    where: Where
    id: int | None
    kind: Secret
    begins: int
    ends: int

    @classmethod
    def of(cls, offered: Offered) -> Self:
        """Something that was found."""
        found = offered.found
        return cls(where=offered.where, id=offered.id, kind=found.kind, begins=found.begins, ends=found.ends)


class TicketDetail(TicketOut):
    """A ticket with all that is said in it; still nothing that names the caller."""

    device: Device | None
    e_service: str | None
    on_behalf: bool | None
    access_needs: list[AccessNeed]
    wished_form: HelpForm | None
    heard_of_us: HeardOfUs | None
    non_disclosure: bool = Field(description="Turvakielto: number and municipality are hidden.")
    training_need: bool
    did_themselves: DidThemselves | None
    minutes: int | None
    feedback: int | None
    anonymised: bool
    text: str | None
    notes: list[NoteOut]
    messages: list[MessageOut]
    materials: list[MaterialGivenOut]
    organisations: list[int] | None = Field(
        description="Those that see it; null under turvakielto, but for whoever has the ticket."
    )
    found: list[OfferedOut]


class EventOut(BaseModel):
    """One thing that happened to a ticket."""

    at: datetime
    kind: EventKind
    actor: str
    details: dict[str, object]

    @classmethod
    def of(cls, one: Happening, *, whole: bool) -> Self:
        """An event of the log; `whole`, with which organisation it was given to."""
        details = {name: value for name, value in one.details.items() if whole or name != "organisation"}
        return cls(at=one.at, kind=one.kind, actor=one.actor, details=details)


class Timeline(BaseModel):
    """What happened, oldest first."""

    events: list[EventOut]


class ContactOut(BaseModel):
    """Whose matter it is."""

    name: str | None
    phone: str | None
    email: str | None
    municipality: str | None

    @classmethod
    def of(cls, contact: Contact) -> Self:
        """A contact that may be shown."""
        return cls(name=contact.name, phone=contact.phone, email=contact.email, municipality=contact.municipality)


class RefineIn(Strict):
    """What is to stand on the ticket; what is not named stays."""

    language: Language | None = None
    topic: Topic | None = None
    topics: list[Topic] | None = Field(None, max_length=len(Topic))
    municipality: Municipality | None = None
    device: Device | None = None
    e_service: Code | None = None
    on_behalf: bool | None = None
    access_needs: list[AccessNeed] | None = Field(None, max_length=len(AccessNeed))
    wished_form: HelpForm | None = None
    heard_of_us: HeardOfUs | None = None
    non_disclosure: bool | None = None
    training_need: bool | None = None
    did_themselves: DidThemselves | None = None
    minutes: int | None = Field(None, ge=0, le=A_DAY_MIN)

    @property
    def refinement(self) -> Refinement:
        """The same as the use case takes it: null takes away, but a language and a yes or no stay what they are."""
        kept = {"language", "non_disclosure", "training_need"}
        named = {name for name in self.model_fields_set if name not in kept or getattr(self, name) is not None}
        return Refinement(
            named=frozenset(named),
            language=self.language,
            topic=self.topic,
            topics=tuple(dict.fromkeys(self.topics or ())),
            municipality=self.municipality,
            device=self.device,
            e_service=self.e_service,
            on_behalf=self.on_behalf,
            access_needs=tuple(dict.fromkeys(self.access_needs or ())),
            wished_form=self.wished_form,
            heard_of_us=self.heard_of_us,
            non_disclosure=bool(self.non_disclosure),
            training_need=bool(self.training_need),
            did_themselves=self.did_themselves,
            minutes=self.minutes,
        )


class NoteIn(Strict):
    """Something to write down."""

    text: Text


class OwnerIn(Strict):
    """Who sees to it; without a person, whoever asks. Without a deadline, by the end of the next working day."""

    person: Number | None = None
    deadline: Moment | None = None


class GiveIn(Strict):
    """Another organisation that is to see it; `belongs`: from now on it is theirs."""

    organisation: Number
    belongs: bool = False


class ReferIn(Strict):
    """Where the caller is sent on to; the ticket closes with that, unless `closes` is false."""

    point: Code
    closes: bool = True


class MaterialGivenIn(Strict):
    """What of the library the caller was given."""

    material: Code


class CloseIn(Strict):
    """How it ended. KAKSOISKAPPALE names the ticket that stays."""

    outcome: Outcome
    did_themselves: DidThemselves | None = None
    minutes: int | None = Field(None, ge=0, le=A_DAY_MIN)
    duplicate_of: Code | None = Field(None, description="A ticket's code.")

    def ending(self, duplicate_of: int | None) -> Ending:
        """The same as the use case takes it."""
        return Ending(self.outcome, self.did_themselves, self.minutes, duplicate_of)


class RedactIn(Strict):
    """What to take out beside identity codes, card and account numbers: this passage, wherever it stands."""

    passage: Annotated[str, StringConstraints(min_length=3, max_length=LONGEST_TEXT)] | None = None


class Redacted(BaseModel):
    """From how many texts something was taken out."""

    texts: int


class ViewFilters(TicketFilters):
    """What a saved list looks for."""

    q: str | None = Field(None, min_length=1, max_length=LONGEST_SEARCH)


class ViewIn(Strict):
    """A list to keep under a name; one of that name is replaced."""

    name: Name
    filters: ViewFilters
    shared: bool = Field(False, description="For everybody of the network; else one's own.")


class ViewOut(BaseModel):
    """A saved list."""

    id: int
    name: str
    shared: bool
    filters: ViewFilters


class ViewsOut(BaseModel):
    """One's own lists and the shared ones, by name."""

    views: list[ViewOut]


class EServiceBody(Strict):
    """A named e-service; a network may add its own, rename one, or take one off its list."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{1,29}$")]
    name_fi: Name
    name_sv: Name
    topic: Topic
    active: bool = True

    @property
    def e_service(self) -> EService:
        """The same as the list keeps it."""
        return EService(self.code, self.name_fi, self.name_sv, self.topic, self.active)


class EServicesOut(BaseModel):
    """The e-services that this network knows, by code."""

    e_services: list[EServiceBody]
