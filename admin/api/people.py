"""People for programs: who belongs to the network, with which role and papers. Nobody reaches beyond their organisation."""

from collections.abc import Callable
from typing import TypeVar

from admin.api.operations import Asked, Operations, Refused
from admin.api.people_shapes import (
    ChangesOut,
    ChangesQuery,
    CommitmentIn,
    HelperChangedOut,
    HelperEdit,
    LeftOut,
    Me,
    PeopleOut,
    PeopleQuery,
    PersonEdit,
    PersonIn,
    PersonOut,
    RoleIn,
)
from admin.api.reach import confined_to
from admin.api.rota_shapes import Made, PreviewQuery
from scheduler.people import leaving, persons
from scheduler.people.cards import PersonCard, people_of, person_card
from scheduler.people.helpers import Papers, change_helper, join_as_helper
from scheduler.people.reach import PeopleRefusal, beyond_reach
from scheduler.rota.effects import foreseen
from tickets.people_log import changes_of
from tickets.rights import Right, Scope

T = TypeVar("T")
operations = Operations()


@operations.get("/me", *Right)
def me(asked: Asked) -> Me:
    """Who holds the token, and what they may do."""
    who = asked.holder
    rights = {right: scope for right in Right if (scope := who.may(right)) is not None}
    return Me(
        person=who.person_id, helper=who.helper_id, organisation=who.organisation_id, role=who.role, rights=rights
    )


@operations.get("/people", Right.SEE_PEOPLE)
def people(asked: Asked, query: PeopleQuery) -> PeopleOut:
    """The people of the network, or of the token's organisation."""
    found = people_of(asked.session, asked.holder, organisation_id=query.organisation, left=query.left)
    return PeopleOut(people=list(found))


@operations.get("/people/changes", Right.KEEP_PEOPLE)
def changes_of_people(asked: Asked, query: ChangesQuery) -> ChangesOut:
    """What was changed about people, organisations and what they may do."""
    if asked.holder.may(Right.KEEP_PEOPLE) is Scope.OWN:
        raise refused(PeopleRefusal.NOT_YOURS)
    found = changes_of(
        asked.session,
        asked.network_id,
        person_id=query.person,
        organisation_id=confined_to(asked, Right.KEEP_PEOPLE),
        before=query.before,
        limit=query.limit,
    )
    return ChangesOut(changes=list(found), next=query.next([change.id for change in found]))


@operations.get("/people/{person}", Right.SEE_PEOPLE)
def one_person(asked: Asked, person: int) -> PersonOut:
    """Somebody of the network."""
    return PersonOut(person=_seen(asked, person))


@operations.post("/people", Right.KEEP_PEOPLE)
def add_somebody(asked: Asked, body: PersonIn) -> Made:
    """Add somebody; with `helper` they ring back."""
    whose = (asked.session, asked.network_id, body.identity)
    if body.helper is None:
        if body.role is None:
            raise Refused("role_or_helper", "role: say what they do, or add helper", status=400)
        return Made(id=done(persons.add_person(*whose, body.role, who=asked.holder, **asked.by)))
    if body.organisation is None:
        raise refused(PeopleRefusal.NEEDS_ORGANISATION)
    told = body.helper
    papers = Papers(body.organisation, tuple(dict.fromkeys(told.languages)), told.kind, told.badge_expires_on)
    return Made(id=done(join_as_helper(*whose, papers, who=asked.holder, **asked.by)))


@operations.patch("/people/{person}", Right.KEEP_PEOPLE)
def edit_somebody(asked: Asked, person: int, body: PersonEdit) -> PersonOut:
    """Change a name, address, number or organisation; a helper's organisation is changed with their papers."""
    whose = (asked.session, asked.network_id, person)
    _unless(persons.edit_person(*whose, body.applied_to, who=asked.holder, **asked.by))
    return PersonOut(person=_seen(asked, person))


@operations.post("/people/{person}/role", Right.KEEP_PEOPLE)
def give_a_role(asked: Asked, person: int, body: RoleIn) -> None:
    """Give somebody a role; nobody gives themselves one, nor one that may do more than their own."""
    _unless(persons.give_role(asked.session, asked.network_id, person, body.role, who=asked.holder, **asked.by))


@operations.post("/people/{person}/commitment", Right.KEEP_PEOPLE)
def sign_a_commitment(asked: Asked, person: int, body: CommitmentIn) -> None:
    """Write down when somebody signed their commitment to secrecy; before it they see nobody's contact."""
    whose = (asked.session, asked.network_id, person)
    _unless(persons.sign_commitment(*whose, body.signed_on, who=asked.holder, **asked.by))


@operations.patch("/people/{person}/helper", Right.KEEP_PEOPLE)
def change_papers(asked: Asked, person: int, body: HelperEdit) -> HelperChangedOut:
    """Change a helper's badge, languages, kind, organisation, or say that they are away; promises are matched anew."""
    whose = (asked.session, asked.network_id, person)

    def change() -> HelperChangedOut:
        return HelperChangedOut.of(done(change_helper(*whose, body.applied_to, who=asked.holder, **asked.doing)))

    return maybe(asked, body.preview, change)


@operations.delete("/people/{person}", Right.KEEP_PEOPLE)
def let_somebody_leave(asked: Asked, person: int, query: PreviewQuery) -> LeftOut:
    """Somebody leaves: they sign in no more, and what was theirs to do is others'."""
    whose = (asked.session, asked.network_id, person)

    def change() -> LeftOut:
        return LeftOut.of_leaver(done(leaving.leave(*whose, who=asked.holder, **asked.doing)))

    return maybe(asked, query.preview, change)


@operations.post("/people/{person}/return", Right.KEEP_PEOPLE)
def let_somebody_return(asked: Asked, person: int) -> None:
    """Somebody who had left comes back, with the role and papers they had."""
    _unless(leaving.come_back(asked.session, asked.network_id, person, who=asked.holder, **asked.doing))


def maybe(asked: Asked, preview: bool, change: Callable[[], T]) -> T:
    """The change, or with `preview` what it would do."""
    return foreseen(asked.session, change) if preview else change()


def done(answer: T | PeopleRefusal) -> T:
    """What a change came to; Refused where it came to nothing."""
    if isinstance(answer, PeopleRefusal):
        raise refused(answer)
    return answer


def refused(refusal: PeopleRefusal) -> Refused:
    """A refusal, as the API answers it."""
    statuses = {PeopleRefusal.NOT_FOUND: 404, PeopleRefusal.NOT_YOURS: 403, PeopleRefusal.ROLE_NOT_YOURS: 403}
    return Refused(refusal, status=statuses.get(refusal, 409))


def _unless(refusal: PeopleRefusal | None) -> None:
    if refusal is not None:
        raise refused(refusal)


def _seen(asked: Asked, person: int) -> PersonCard:
    card = person_card(asked.session, asked.network_id, person)
    if card is None or beyond_reach(asked.holder, card.organisation_id, Right.SEE_PEOPLE) is not None:
        raise refused(PeopleRefusal.NOT_FOUND)
    return card
