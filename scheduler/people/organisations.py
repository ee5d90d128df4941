"""Organisations, whom they serve, and who takes which topic: every change re-checks the promises that it touches."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from scheduler.boundaries import DEFAULT, Boundaries, Stance, with_changes
from scheduler.people.reach import PeopleRefusal, beyond_reach
from scheduler.people.touching import hold_organisation, hold_whole_rota
from scheduler.rota.effects import Effect, settle_added
from scheduler.slots import Grid
from tickets.directory import add_organisation
from tickets.municipalities import by_code
from tickets.network import Network, Organisation
from tickets.people_log import About, PeopleChangeKind, note_people
from tickets.rights import Right
from tickets.tokens import Bearer
from tickets.vocabulary import HelperKind, Topic

Changes = Mapping[HelperKind, Mapping[Topic, Stance]]  # what is said otherwise, and nothing else


@dataclass(frozen=True, slots=True)
class Area:
    """An organisation's name, and the municipality codes it serves as its own and by agreement; none at all: it serves all."""

    name: str
    serves: tuple[str, ...] = ()
    agreed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OrganisationCard:
    """An organisation as those who keep it see it; `boundaries` are its own changes, `stances` what comes of them."""

    id: int
    area: Area
    boundaries: Changes
    stances: Boundaries


def organisations_of(session: Session, network_id: int) -> tuple[OrganisationCard, ...]:
    """The organisations of a network, in the order in which they joined."""
    network = stances_of(session, network_id)
    found = session.scalars(select(Organisation).where(Organisation.network_id == network_id).order_by(Organisation.id))
    return tuple(
        OrganisationCard(
            one.id,
            _area_of(one),
            _changes_of(one.boundaries),
            {kind: dict(row) for kind, row in with_changes(network, one.boundaries).items()},
        )
        for one in found
    )


def organisation_names(session: Session, network_id: int) -> Mapping[int, str]:
    """The organisations of a network by number, in the order in which they joined."""
    wanted = select(Organisation.id, Organisation.name).where(Organisation.network_id == network_id)
    return {row.id: row.name for row in session.execute(wanted.order_by(Organisation.id))}


def stances_of(session: Session, network_id: int) -> Boundaries:
    """Who takes which topic in a network, where no organisation says otherwise."""
    return with_changes(DEFAULT, session.get_one(Network, network_id).boundaries)


def changes_of_network(session: Session, network_id: int) -> Changes:
    """What a network says otherwise than the default."""
    return _changes_of(session.get_one(Network, network_id).boundaries)


def open_organisation(
    session: Session, network_id: int, area: Area, *, who: Bearer | None, now: datetime, actor: str
) -> int | PeopleRefusal:
    """An organisation joins the network; its id."""
    refusal = beyond_reach(who, None) or _refusal(session, network_id, area, None)
    if refusal is not None:
        return refusal
    try:
        with session.begin_nested():  # another may add one of the same name at this moment
            made = add_organisation(session, network_id, area.name.strip(), serves=area.serves, agreed=area.agreed)
    except IntegrityError:
        return PeopleRefusal.NAME_TAKEN
    about = About(organisation_id=made)
    note_people(session, network_id, PeopleChangeKind.ORGANISATION_ADDED, about, actor=actor, now=now)
    return made


def change_organisation(
    session: Session,
    network_id: int,
    organisation_id: int,
    change: Callable[[Area], Area],
    *,
    who: Bearer | None,
    now: datetime,
    grid: Grid,
    actor: str,
) -> Effect | PeopleRefusal:
    """Another name, or other municipalities; what its helpers were promised for and do not serve any more, others do."""
    if (refusal := beyond_reach(who, organisation_id)) is not None:
        return refusal
    held = hold_organisation(session, network_id, organisation_id, now=now)
    found = _organisation(session, network_id, organisation_id)
    if found is None:
        return PeopleRefusal.NOT_FOUND
    before = _area_of(found)
    after = replace(area := change(before), name=" ".join(area.name.split()))
    if (refusal := _refusal(session, network_id, after, organisation_id)) is not None:
        return refusal
    try:
        with session.begin_nested():
            found.name, found.serves, found.agreed = after.name, list(after.serves), list(after.agreed)
    except IntegrityError:
        return PeopleRefusal.NAME_TAKEN
    fields = [name for name in after.__slots__ if getattr(before, name) != getattr(after, name)]
    about, kind = About(organisation_id=organisation_id), PeopleChangeKind.ORGANISATION_CHANGED
    note_people(session, network_id, kind, about, actor=actor, now=now, fields=fields)
    return settle_added(session, held, now=now, grid=grid)


def set_boundaries(
    session: Session,
    network_id: int,
    organisation_id: int | None,
    changes: Changes,
    *,
    who: Bearer | None,
    now: datetime,
    grid: Grid,
    actor: str,
) -> Effect | PeopleRefusal:
    """Say who takes which topic, otherwise than the default (or, of an organisation, than its network); all of it anew."""
    if (refusal := beyond_reach(who, organisation_id, Right.EDIT_BOUNDARIES)) is not None:
        return refusal
    if organisation_id is None:
        held = hold_whole_rota(session, network_id, now=now)
        owner: Network | Organisation | None = session.get_one(Network, network_id)
    else:
        held = hold_organisation(session, network_id, organisation_id, now=now)
        owner = _organisation(session, network_id, organisation_id)
    if owner is None:
        return PeopleRefusal.NOT_FOUND
    said = {kind.value: {topic.value: stance.value for topic, stance in row.items()} for kind, row in changes.items()}
    owner.boundaries = said
    session.flush()
    cells = [f"{kind}:{topic}:{stance}" for kind, row in said.items() for topic, stance in row.items()]
    about, what = About(organisation_id=organisation_id), PeopleChangeKind.BOUNDARIES_CHANGED
    note_people(session, network_id, what, about, actor=actor, now=now, cells=cells)
    return settle_added(session, held, now=now, grid=grid)


def _refusal(session: Session, network_id: int, area: Area, mine: int | None) -> PeopleRefusal | None:
    name = " ".join(area.name.split())
    if not name:
        return PeopleRefusal.NO_NAME
    if any(by_code(code) is None for code in (*area.serves, *area.agreed)):
        return PeopleRefusal.UNKNOWN_MUNICIPALITY
    same = select(Organisation.id).where(Organisation.network_id == network_id, Organisation.name == name)
    return None if session.scalar(same) in (None, mine) else PeopleRefusal.NAME_TAKEN


def _organisation(session: Session, network_id: int, organisation_id: int) -> Organisation | None:
    found = session.get(Organisation, organisation_id, populate_existing=True)
    return found if found is not None and found.network_id == network_id else None


def _area_of(organisation: Organisation) -> Area:
    return Area(organisation.name, tuple(organisation.serves), tuple(organisation.agreed))


def _changes_of(kept: Mapping[str, Mapping[str, str]]) -> Changes:
    return {
        HelperKind(kind): {Topic(topic): Stance(stance) for topic, stance in row.items()} for kind, row in kept.items()
    }
