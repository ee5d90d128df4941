"""Organisations, who takes which topic, and who may do what, for programs."""

from pydantic import BaseModel, Field

from admin.api.operations import Asked, Operations
from admin.api.people import done, maybe, refused
from admin.api.place_shapes import Strict
from admin.api.rota_shapes import Made
from scheduler.boundaries import Stance
from scheduler.people.organisations import (
    Area,
    OrganisationCard,
    change_organisation,
    changes_of_network,
    open_organisation,
    organisations_of,
    set_boundaries,
    stances_of,
)
from scheduler.people.role_rights import change_right, matrix_of
from scheduler.rota.effects import Effect
from tickets.rights import Right, Scope
from tickets.vocabulary import HelperKind, Role, Topic

MOST_SERVED, LONGEST_NAME = 400, 200
operations = Operations()


class OrganisationsOut(BaseModel):
    """Organisations in the order in which they joined."""

    organisations: list[OrganisationCard]


class OrganisationIn(Strict):
    """An organisation; who serves no municipality by name serves all."""

    name: str = Field(max_length=LONGEST_NAME)
    serves: list[str] = Field([], max_length=MOST_SERVED, description="Its own municipalities: three-digit codes.")
    agreed: list[str] = Field([], max_length=MOST_SERVED, description="Those that it serves by agreement.")

    @property
    def area(self) -> Area:
        """The organisation for the network."""
        return Area(self.name, _once(self.serves), _once(self.agreed))


class OrganisationEdit(Strict):
    """What is different; what is not named stays."""

    name: str = Field("", max_length=LONGEST_NAME)
    serves: list[str] = Field([], max_length=MOST_SERVED)
    agreed: list[str] = Field([], max_length=MOST_SERVED)
    preview: bool = Field(False, description="Say what it would do, and do nothing.")

    def applied_to(self, known: Area) -> Area:
        """The organisation after it."""
        named = self.model_fields_set
        return Area(
            self.name if "name" in named else known.name,
            _once(self.serves) if "serves" in named else known.serves,
            _once(self.agreed) if "agreed" in named else known.agreed,
        )


class Stances(BaseModel):
    """Who takes which topic: what the network says otherwise than the default, and what comes of it."""

    changes: dict[HelperKind, dict[Topic, Stance]]
    stances: dict[HelperKind, dict[Topic, Stance]]


class BoundariesIn(Strict):
    """All that is said otherwise; it takes the place of what was said before."""

    changes: dict[HelperKind, dict[Topic, Stance]]
    preview: bool = Field(False, description="Say what it would do, and do nothing.")


class EffectOut(BaseModel):
    """What it does to promises: those that nobody can keep now, and those that somebody can again."""

    effect: Effect


class MatrixOut(BaseModel):
    """Who may do what, and how far."""

    roles: dict[Role, dict[Right, Scope]]


class RightIn(Strict):
    """One cell of the matrix; a scope of null takes the right away."""

    role: Role
    right: Right
    scope: Scope | None


@operations.get("/organisations", Right.SEE_PEOPLE, Right.SEE_ROTA, Right.LIST_TICKETS)
def organisations(asked: Asked) -> OrganisationsOut:
    """The organisations of the network: whom they serve, and what they say otherwise than it."""
    return OrganisationsOut(organisations=list(organisations_of(asked.session, asked.network_id)))


@operations.post("/organisations", Right.KEEP_PEOPLE)
def add_an_organisation(asked: Asked, body: OrganisationIn) -> Made:
    """An organisation joins the network."""
    return Made(id=done(open_organisation(asked.session, asked.network_id, body.area, who=asked.holder, **asked.by)))


@operations.patch("/organisations/{organisation}", Right.KEEP_PEOPLE)
def change_an_organisation(asked: Asked, organisation: int, body: OrganisationEdit) -> EffectOut:
    """Change a name or whom it serves; promises are matched anew."""
    whose = (asked.session, asked.network_id, organisation)

    def change() -> EffectOut:
        return EffectOut(effect=done(change_organisation(*whose, body.applied_to, who=asked.holder, **asked.doing)))

    return maybe(asked, body.preview, change)


@operations.get("/boundaries", Right.EDIT_BOUNDARIES, Right.SEE_PEOPLE)
def boundaries(asked: Asked) -> Stances:
    """Who takes which topic in the network, where no organisation says otherwise."""
    said = changes_of_network(asked.session, asked.network_id)
    stances = stances_of(asked.session, asked.network_id)
    return Stances(
        changes={kind: dict(row) for kind, row in said.items()},
        stances={kind: dict(row) for kind, row in stances.items()},
    )


@operations.post("/boundaries", Right.EDIT_BOUNDARIES)
def say_who_takes_what(asked: Asked, body: BoundariesIn) -> EffectOut:
    """Say who takes which topic in the network; promises are matched anew."""
    return _set(asked, None, body)


@operations.post("/organisations/{organisation}/boundaries", Right.EDIT_BOUNDARIES)
def say_who_takes_what_there(asked: Asked, organisation: int, body: BoundariesIn) -> EffectOut:
    """Say who takes which topic in one organisation; promises are matched anew."""
    return _set(asked, organisation, body)


@operations.get("/role-rights", Right.EDIT_BOUNDARIES, Right.KEEP_SETTINGS)
def role_rights(asked: Asked) -> MatrixOut:
    """Who may do what in this network."""
    return _matrix(asked)


@operations.post("/role-rights", Right.EDIT_BOUNDARIES)
def change_a_right(asked: Asked, body: RightIn) -> MatrixOut:
    """Change one cell, within what may be given at all; nobody gives more than they have."""
    cell = (body.role, body.right, body.scope)
    refusal = change_right(asked.session, asked.network_id, *cell, who=asked.holder, **asked.by)
    if refusal is not None:
        raise refused(refusal)
    return _matrix(asked)


def _matrix(asked: Asked) -> MatrixOut:
    matrix = matrix_of(asked.session, asked.network_id)
    return MatrixOut(roles={role: dict(rights) for role, rights in matrix.items()})


def _set(asked: Asked, organisation: int | None, body: BoundariesIn) -> EffectOut:
    whose = (asked.session, asked.network_id, organisation)

    def change() -> EffectOut:
        return EffectOut(effect=done(set_boundaries(*whose, body.changes, who=asked.holder, **asked.doing)))

    return maybe(asked, body.preview, change)


def _once(codes: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))
