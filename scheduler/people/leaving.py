"""Somebody leaves: their keys open nothing, their places and their cases are for others. Or they come back."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from scheduler.people.helpers import HelperChanged, Papers, change_helper
from scheduler.people.persons import checked_identity, identity_of, note_person, person_within, unless_taken
from scheduler.people.reach import PeopleRefusal, beyond_giving
from scheduler.relay.publishing import take_back
from scheduler.rota.editing import LostPlace
from scheduler.rota.effects import NO_EFFECT, Effect
from scheduler.slots import Grid
from tickets.people import Person
from tickets.people_log import PeopleChangeKind
from tickets.relays import Relay, RelayState
from tickets.sign_ins import end_sign_ins
from tickets.timeline import note_event
from tickets.tokens import ApiToken, Bearer
from tickets.vocabulary import EventKind


@dataclass(frozen=True, slots=True)
class Left:
    """What a leaver left: places, promises that it touched, and cases (codes) that need another owner."""

    lost: tuple[LostPlace, ...] = ()
    effect: Effect = NO_EFFECT
    cases: tuple[str, ...] = ()


def leave(
    session: Session, network_id: int, person_id: int, *, who: Bearer | None, now: datetime, grid: Grid, actor: str
) -> Left | PeopleRefusal:
    """They sign in no more, hold no place and own no case; what they did stays written under their number."""
    person = person_within(session, network_id, person_id, who)
    if isinstance(person, PeopleRefusal):
        return person
    if who is not None and who.person_id == person.id:
        return PeopleRefusal.YOURSELF
    changed: HelperChanged | PeopleRefusal = HelperChanged()
    if person.helper_id is not None:
        changed = change_helper(session, network_id, person_id, _away, who=who, now=now, grid=grid, actor=actor)
    if isinstance(changed, PeopleRefusal):
        return changed
    person.active, person.left_at = False, now
    session.flush()
    _close_the_doors(session, person, now)
    note_person(session, person, PeopleChangeKind.LEFT, actor, now)
    _take_back_puzzles(session, person, actor, now)
    return Left(changed.lost, changed.effect, _hand_back(session, person, actor, now))


def come_back(
    session: Session, network_id: int, person_id: int, *, who: Bearer | None, now: datetime, grid: Grid, actor: str
) -> PeopleRefusal | None:
    """Somebody who had left signs in and rings back again, with the papers they had; their old keys stay closed."""
    person = session.get(Person, person_id, with_for_update=True)
    if person is None or person.network_id != network_id:
        return PeopleRefusal.NOT_FOUND
    if person.active:
        return PeopleRefusal.HAS_NOT_LEFT
    checked = checked_identity(session, network_id, identity_of(session, person), person, who)
    if isinstance(checked, PeopleRefusal):
        return checked
    if (refusal := beyond_giving(who, person.role)) is not None:
        return refusal
    back = partial(_open_the_doors, person)
    if (refusal := unless_taken(session, network_id, checked, person, back)) is not None:
        return refusal
    note_person(session, person, PeopleChangeKind.CAME_BACK, actor, now)
    if person.helper_id is None:
        return None
    changed = change_helper(session, network_id, person_id, _here, who=who, now=now, grid=grid, actor=actor)
    return changed if isinstance(changed, PeopleRefusal) else None


def _open_the_doors(person: Person) -> None:
    person.active, person.left_at = True, None


def _away(papers: Papers) -> Papers:
    return replace(papers, active=False)


def _here(papers: Papers) -> Papers:
    return replace(papers, active=True)


def _close_the_doors(session: Session, person: Person, now: datetime) -> None:
    mine = (ApiToken.person_id == person.id) | (ApiToken.helper_id == person.helper_id)
    unsynced = {"synchronize_session": False}
    revoked = update(ApiToken).where(mine, ApiToken.revoked_at.is_(None)).values(revoked_at=now)
    session.execute(revoked, execution_options=unsynced)
    end_sign_ins(session, person.id, now=now)
    session.execute(_CLOSE_FEEDS, {"helper": person.helper_id, "now": now})


_CLOSE_FEEDS = text("UPDATE calendar_feed SET revoked_at = :now WHERE helper_id = :helper AND revoked_at IS NULL")
_HAND_BACK = text("""
UPDATE ticket SET owner_person_id = NULL, updated_at = :now,
    status = CASE WHEN status = 'with_owner' THEN 'with_coordinator' ELSE status END
WHERE owner_person_id = :person AND status <> 'closed' RETURNING id, code
""")


def _take_back_puzzles(session: Session, person: Person, actor: str, now: datetime) -> None:
    """Nobody is to answer whoever is gone."""
    asked = select(Relay.id).where(Relay.asked_by == person.id, Relay.state.in_((RelayState.DRAFT, RelayState.OPEN)))
    for relay_id in session.scalars(asked).all():
        take_back(session, relay_id, now=now, actor=actor)


def _hand_back(session: Session, person: Person, actor: str, now: datetime) -> tuple[str, ...]:
    """A case without an owner is the coordinator's, so that nobody waits for somebody who is gone."""
    cases = session.execute(_HAND_BACK, {"person": person.id, "now": now}).all()
    for case in cases:
        note_event(session, case.id, EventKind.TO_COORDINATOR, actor, now=now, why="owner_left", person=person.id)
    return tuple(case.code for case in cases)
