"""A helper's papers: what decides when, and about what, they can be promised. A change re-checks what they were promised for."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.people.persons import Identity, checked_identity, note_person, person_within, set_email, unless_taken
from scheduler.people.reach import PeopleRefusal, beyond_giving, beyond_reach
from scheduler.people.touching import hold_duty
from scheduler.rota.editing import LostPlace, take_back
from scheduler.rota.effects import NO_EFFECT, Effect, settle_added
from scheduler.rota.holding import PlaceRef, places_of
from scheduler.rota.rules import Refusal, refusals
from scheduler.rota.terms import helper_terms, shift_terms
from scheduler.slots import Grid
from tickets.directory import ROLE_OF_KIND, NewHelper, add_helper
from tickets.network import Helper, Organisation
from tickets.people import Person
from tickets.people_log import PeopleChangeKind
from tickets.tokens import Bearer
from tickets.vocabulary import HELPER_ROLES, HelperKind
from voice_prompts.language import Language

# What a change of papers can cost of the places that a helper holds; wishes and rest were looked at when they took them.
COSTS_A_PLACE: Final = frozenset(
    {Refusal.INACTIVE, Refusal.WRONG_ORGANISATION, Refusal.WRONG_KIND, Refusal.WRONG_LANGUAGE}
)


@dataclass(frozen=True, slots=True)
class Papers:
    """What a helper is, as far as promises ask for it. No badge date means that none is asked for."""

    organisation_id: int
    languages: tuple[Language, ...]
    kind: HelperKind
    badge_expires_on: date | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class HelperChanged:
    """What a change of papers did: the places that are theirs no more, and the promises it touched."""

    lost: tuple[LostPlace, ...] = ()
    effect: Effect = NO_EFFECT


def join_as_helper(
    session: Session, network_id: int, new: Identity, papers: Papers, *, who: Bearer | None, now: datetime, actor: str
) -> int | PeopleRefusal:
    """Somebody who rings back joins; their person's id."""
    checked = checked_identity(session, network_id, replace(new, organisation_id=papers.organisation_id), None, who)
    if isinstance(checked, PeopleRefusal):
        return checked
    if checked.phone is None:
        return PeopleRefusal.NEEDS_PHONE
    if (refusal := _refusal(papers, who)) is not None:
        return refusal
    helper = NewHelper(checked.name, checked.phone, papers.languages, papers.kind, papers.badge_expires_on)
    added: list[Person] = []

    def write() -> None:
        helper_id = add_helper(session, papers.organisation_id, helper, now=now)
        added.extend(session.scalars(select(Person).where(Person.helper_id == helper_id)))
        set_email(session, added[0], checked.email)

    if (refusal := unless_taken(session, network_id, checked, None, write)) is not None:
        return refusal
    (person,) = added
    note_person(session, person, PeopleChangeKind.ADDED, actor, now, role=person.role)
    return person.id


def change_helper(
    session: Session,
    network_id: int,
    person_id: int,
    change: Callable[[Papers], Papers],
    *,
    who: Bearer | None,
    now: datetime,
    grid: Grid,
    actor: str,
) -> HelperChanged | PeopleRefusal:
    """Another badge, other languages, away for a while: what they were promised for and cannot do any more, others do.

    What nobody can do is a deficit with an alert. Who is away, or does not fit a shift any more, loses the place in it.
    """
    person = person_within(session, network_id, person_id, who)
    if isinstance(person, PeopleRefusal):
        return person
    if person.helper_id is None:
        return PeopleRefusal.NOT_A_HELPER
    held = hold_duty(session, network_id, [person.helper_id], now=now)
    helper = session.get_one(Helper, person.helper_id, populate_existing=True)
    before = _papers_of(helper)
    after = change(before)
    if who is not None and who.person_id == person.id and _is_given(after) != _is_given(before):
        return PeopleRefusal.YOURSELF
    if (refusal := _refusal(after, who) or _foreign(session, network_id, after)) is not None:
        return refusal
    lost = _write(session, person, helper, after, now)
    taken = take_back(session, network_id, lost, now=now, grid=grid, actor=actor)
    changed = [name for name in after.__slots__ if getattr(before, name) != getattr(after, name)]
    note_person(session, person, PeopleChangeKind.HELPER_CHANGED, actor, now, helper=helper.id, fields=changed)
    return HelperChanged(taken, settle_added(session, held, now=now, grid=grid))


def _is_given(papers: Papers) -> tuple[HelperKind, date | None]:
    """What somebody else must say of one: that one is staff, and has earned the badge."""
    return papers.kind, papers.badge_expires_on


def _refusal(papers: Papers, who: Bearer | None) -> PeopleRefusal | None:
    if not papers.languages:
        return PeopleRefusal.NEEDS_LANGUAGE
    return beyond_reach(who, papers.organisation_id) or beyond_giving(who, ROLE_OF_KIND[papers.kind])


def _foreign(session: Session, network_id: int, papers: Papers) -> PeopleRefusal | None:
    found = session.get(Organisation, papers.organisation_id)
    return None if found is not None and found.network_id == network_id else PeopleRefusal.UNKNOWN_ORGANISATION


def _papers_of(helper: Helper) -> Papers:
    languages = tuple(Language(code) for code in helper.languages)
    return Papers(helper.organisation_id, languages, helper.kind, helper.badge_expires_on, helper.active)


def _write(session: Session, person: Person, helper: Helper, papers: Papers, now: datetime) -> tuple[LostPlace, ...]:
    """The papers themselves; the places that do not go with them. A helper's role follows from their kind."""
    kept = {place.id for place, why in _standing(session, helper, now) if why is None}
    helper.organisation_id, helper.kind, helper.active = papers.organisation_id, papers.kind, papers.active
    helper.languages = [language.value for language in papers.languages]
    helper.badge_expires_on = papers.badge_expires_on
    person.organisation_id = papers.organisation_id
    if person.role in HELPER_ROLES:
        person.role = ROLE_OF_KIND[papers.kind]
    session.flush()
    now_standing = _standing(session, helper, now)
    return tuple(
        LostPlace(place.id, place.shift_id, helper.id, why)
        for place, why in now_standing
        if why is not None and place.id in kept
    )


def _standing(session: Session, helper: Helper, now: datetime) -> list[tuple[PlaceRef, Refusal | None]]:
    """The places to come of a helper, and of each the reason why it is not for somebody with their papers."""
    return [(place, _why_not(session, helper, place, now)) for place in places_of(session, helper.id, since=now)]


def _why_not(session: Session, helper: Helper, place: PlaceRef, now: datetime) -> Refusal | None:
    shift = shift_terms(session, helper.network_id, place.shift_id)
    (terms,) = helper_terms(session, helper.network_id, place.during, [helper.id])
    found = () if shift is None else refusals(shift, terms, now=now)
    return next((refusal for refusal in found if refusal in COSTS_A_PLACE), None)
