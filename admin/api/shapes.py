"""What the API takes and gives, as its description shows it."""

from datetime import datetime
from enum import StrEnum
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, Field

from admin.api.place_shapes import Moment
from admin.ticket_list import AttemptLine, CallbackLine, Page, TicketLine
from scheduler.records import CallbackState
from scheduler.sight import open_organisation
from tickets.tokens import Bearer
from tickets.vocabulary import AttemptResult, Channel, Outcome, TicketStatus, Topic
from voice_prompts.language import Language

MOST_AT_ONCE = 200
LARGEST: Final = 2**63 - 1  # of an id


class Owner(StrEnum):
    """Whose tickets: mine, or nobody's."""

    ME = "me"
    NONE = "none"


class TicketFilters(BaseModel):
    """What tickets are asked for; all of it together."""

    model_config = ConfigDict(extra="forbid")

    status: TicketStatus | None = Field(None, description="Only tickets that stand so.")
    open: bool = Field(False, description="Only tickets that are not closed.")
    language: Language | None = None
    topic: Topic | None = Field(None, description="The matter's own topic, or one that it was refined to.")
    e_service: str | None = Field(None, min_length=1, max_length=60, description="A code of the network's e-services.")
    municipality: str | None = Field(None, pattern=r"^\d{3}$", description="Statistics Finland's three-digit code.")
    channel: Channel | None = Field(None, description="The way in by which it came.")
    outcome: Outcome | None = None
    organisation: int | None = Field(None, ge=1, le=LARGEST, description="The organisation to which it belongs.")
    owner: Owner | None = Field(None, description="Only those that are mine, or nobody's.")
    overdue: bool = Field(False, description="Only those whose deadline has passed.")
    dated: bool = Field(False, description="Only those with a deadline.")
    waiting: bool = Field(False, description="Only those that wait for a time.")
    training_need: bool = Field(False, description="Only those that showed that somebody of ours needs training.")
    created_from: Moment | None = None
    created_before: Moment | None = None


class TicketQuery(TicketFilters):
    """Which tickets to list."""

    limit: int = Field(50, ge=1, le=MOST_AT_ONCE, description="At most so many tickets.")
    cursor: str | None = Field(None, description="The `next` of the page before.")


class CallbackOut(BaseModel):
    """The promise: when the caller is rung, and how it stands."""

    starts_at: datetime
    state: CallbackState

    @classmethod
    def of(cls, line: CallbackLine) -> Self:
        """The promise of a listed ticket."""
        return cls(starts_at=line.starts_at, state=line.state)


class AttemptOut(BaseModel):
    """One try at keeping the promise."""

    number: int = Field(description="Which of the caller's tries it belongs to, from 1.")
    began_at: datetime
    ended_at: datetime | None
    result: AttemptResult | None

    @classmethod
    def of(cls, line: AttemptLine) -> Self:
        """A listed attempt."""
        return cls(number=line.number, began_at=line.began_at, ended_at=line.ended_at, result=line.result)


class TicketOut(BaseModel):
    """One matter of one caller; nothing that names the caller."""

    code: str
    status: TicketStatus
    language: Language
    topic: Topic | None
    topics: list[Topic] = Field(description="What helpers refined it to.")
    municipality: str | None = Field(description="Statistics Finland's three-digit code; null under turvakielto.")
    channel: Channel
    outcome: Outcome | None
    organisation: int | None = Field(
        description="The organisation to which it belongs; null under turvakielto, but for whoever has the ticket."
    )
    owner: int | None = Field(description="The person who sees to it.")
    deadline: datetime | None
    created_at: datetime
    updated_at: datetime
    callback: CallbackOut | None
    attempts: list[AttemptOut]

    @classmethod
    def of(cls, line: TicketLine, who: Bearer | None) -> Self:
        """A listed ticket, as whoever asks is shown it."""
        ticket = line.ticket
        return cls(
            code=ticket.code,
            status=ticket.status,
            language=ticket.language,
            topic=ticket.topic,
            topics=[Topic(topic) for topic in ticket.topics],
            municipality=line.municipality,
            channel=ticket.channel,
            outcome=ticket.outcome,
            organisation=open_organisation(ticket, who),
            owner=ticket.owner_person_id,
            deadline=ticket.deadline,
            created_at=ticket.created_at,
            updated_at=ticket.updated_at,
            callback=None if line.callback is None else CallbackOut.of(line.callback),
            attempts=[AttemptOut.of(attempt) for attempt in line.attempts],
        )


class TicketPage(BaseModel):
    """Tickets, newest first."""

    tickets: list[TicketOut]
    next: str | None = Field(description="The cursor of the next page; null on the last one.")

    @classmethod
    def of(cls, page: Page, who: Bearer | None = None) -> Self:
        """A page of the ticket store."""
        return cls(tickets=[TicketOut.of(line, who) for line in page.lines], next=page.next)


class Problem(BaseModel):
    """What is wrong with a request (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str | None = None
    code: str | None = Field(None, description="Why it was refused, in one word.")
