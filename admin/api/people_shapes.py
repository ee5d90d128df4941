"""People, their papers and the log of them, as the API takes and gives them."""

from typing import Self

from pydantic import BaseModel, Field

from admin.api.operations import Refused
from admin.api.place_shapes import Day, Strict
from admin.people.reading import number_of
from scheduler.people.cards import PersonCard
from scheduler.people.helpers import HelperChanged, Papers
from scheduler.people.leaving import Left
from scheduler.people.persons import Identity
from scheduler.rota.editing import LostPlace
from scheduler.rota.effects import Effect
from tickets.people_log import Changed
from tickets.rights import Right, Scope
from tickets.vocabulary import HelperKind, Role
from voice_prompts.language import Language

LONGEST_NAME, LONGEST_ADDRESS, LONGEST_NUMBER = 200, 254, 40


class PageQuery(Strict):
    """A page of a list that has its newest first."""

    limit: int = Field(50, ge=1, le=200, description="At most so many.")
    cursor: str | None = Field(None, description="The `next` of the page before.")

    @property
    def before(self) -> int | None:
        """What the page begins after."""
        if self.cursor is None:
            return None
        if (found := number_of(self.cursor)) is None:
            raise Refused("no_such_page", "cursor: there is no such page", status=400)
        return found

    def next(self, ids: list[int]) -> str | None:
        """The cursor of the page after these; none after the last one."""
        return str(ids[-1]) if len(ids) == self.limit else None


class PeopleQuery(Strict):
    """Which people."""

    organisation: int | None = Field(None, description="Only those of this organisation.")
    left: bool = Field(False, description="Also those who have left.")


class PeopleOut(BaseModel):
    """People in the order in which they came."""

    people: list[PersonCard]


class PersonOut(BaseModel):
    """One of them."""

    person: PersonCard


class Me(BaseModel):
    """Whoever holds the token, and how far each of their rights reaches."""

    person: int | None = Field(description="Null where it is a program's.")
    helper: int | None
    organisation: int | None = Field(description="Null for who works for the whole network.")
    role: Role
    rights: dict[Right, Scope]


class HelperIn(Strict):
    """The papers of somebody who rings back."""

    languages: list[Language] = Field(min_length=1, max_length=len(Language))
    kind: HelperKind
    badge_expires_on: Day | None = Field(None, description="Null: no badge is asked for.")


class PersonIn(Strict):
    """Somebody new. With `helper` they ring back, and their role follows from their kind."""

    name: str = Field(max_length=LONGEST_NAME)
    email: str | None = Field(None, max_length=LONGEST_ADDRESS)
    phone: str | None = Field(None, max_length=LONGEST_NUMBER)
    organisation: int | None = Field(None, description="Null for who works for the whole network.")
    role: Role | None = Field(None, description="Needed unless they ring back.")
    helper: HelperIn | None = None

    @property
    def identity(self) -> Identity:
        """Who they are."""
        return Identity(self.name, self.email, self.phone, self.organisation)


class PersonEdit(Strict):
    """What is different; what is not named stays."""

    name: str = Field("", max_length=LONGEST_NAME)
    email: str | None = Field(None, max_length=LONGEST_ADDRESS)
    phone: str | None = Field(None, max_length=LONGEST_NUMBER)
    organisation: int | None = None

    def applied_to(self, known: Identity) -> Identity:
        """Who they are after it."""
        named = self.model_fields_set
        return Identity(
            self.name if "name" in named else known.name,
            self.email if "email" in named else known.email,
            self.phone if "phone" in named else known.phone,
            self.organisation if "organisation" in named else known.organisation_id,
        )


class HelperEdit(Strict):
    """What is different about a helper's papers; what is not named stays."""

    organisation: int = 0
    languages: list[Language] = Field([], max_length=len(Language))
    kind: HelperKind = HelperKind.VOLUNTEER
    badge_expires_on: Day | None = None
    active: bool = Field(True, description="False: away for a while, without places.")
    preview: bool = Field(False, description="Say what it would do, and do nothing.")

    def applied_to(self, known: Papers) -> Papers:
        """The papers after it."""
        named = self.model_fields_set
        return Papers(
            self.organisation if "organisation" in named else known.organisation_id,
            tuple(dict.fromkeys(self.languages)) if "languages" in named else known.languages,
            self.kind if "kind" in named else known.kind,
            self.badge_expires_on if "badge_expires_on" in named else known.badge_expires_on,
            self.active if "active" in named else known.active,
        )


class RoleIn(Strict):
    """A role."""

    role: Role


class CommitmentIn(Strict):
    """The day on which the commitment to secrecy was signed; null: it holds no more."""

    signed_on: Day | None


class HelperChangedOut(BaseModel):
    """What a change of papers does: places that are theirs no more, and promises that it touches."""

    lost: list[LostPlace]
    effect: Effect

    @classmethod
    def of(cls, changed: HelperChanged) -> Self:
        """What it did."""
        return cls(lost=list(changed.lost), effect=changed.effect)


class LeftOut(HelperChangedOut):
    """The same, and the cases (codes of tickets) that need another owner."""

    cases: list[str]

    @classmethod
    def of_leaver(cls, left: Left) -> Self:
        """What a leaver left."""
        return cls(lost=list(left.lost), effect=left.effect, cases=list(left.cases))


class ChangesQuery(PageQuery):
    """Which changes of people."""

    person: int | None = Field(None, description="Only those about this person.")


class ChangesOut(BaseModel):
    """What was changed about people and what they may do, the newest first."""

    changes: list[Changed]
    next: str | None = Field(description="The cursor of the next page; null on the last one.")
