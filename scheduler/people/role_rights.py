"""What a network changes about who may do what: within what may be given at all, and never more than one has oneself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from scheduler.people.reach import PeopleRefusal, beyond_reach
from tickets.network import Network
from tickets.people_log import About, PeopleChangeKind, note_people
from tickets.rights import DEFAULT, Right, Rights, Scope, may_be_given, rights_of
from tickets.tokens import Bearer
from tickets.vocabulary import Role

# Somebody has to be able to put right what was changed wrongly.
KEPT: Final = {Role.PAAKAYTTAJA: frozenset({Right.EDIT_BOUNDARIES, Right.KEEP_PEOPLE, Right.KEEP_SETTINGS})}


def matrix_of(session: Session, network_id: int) -> Mapping[Role, Rights]:
    """Who may do what in this network."""
    changes = session.get_one(Network, network_id).role_rights
    return {role: rights_of(role, changes) for role in Role}


def change_right(
    session: Session,
    network_id: int,
    role: Role,
    right: Right,
    scope: Scope | None,
    *,
    who: Bearer | None,
    now: datetime,
    actor: str,
) -> PeopleRefusal | None:
    """From now on this role may do this so far; None: not at all. What is as in the default is not kept as a change."""
    refusal = beyond_reach(who, None, Right.EDIT_BOUNDARIES) or why_not(who, role, right, scope)
    if refusal is not None:
        return refusal
    network = session.get_one(Network, network_id, with_for_update={"key_share": True}, populate_existing=True)
    changes = {name: dict(row) for name, row in network.role_rights.items()}
    row = changes.setdefault(role.value, {})
    if scope is DEFAULT[role].get(right):
        row.pop(right.value, None)
    else:
        row[right.value] = None if scope is None else scope.value
    network.role_rights = {name: row for name, row in changes.items() if row}
    session.flush()
    told = None if scope is None else scope.value
    kind, about = PeopleChangeKind.RIGHTS_CHANGED, About()
    note_people(session, network_id, kind, about, actor=actor, now=now, role=role, right=right, scope=told)
    return None


def why_not(who: Bearer | None, role: Role, right: Right, scope: Scope | None) -> PeopleRefusal | None:
    """Why this right is not given to this role so far, or with None not taken from it, by whoever asks."""
    usual = DEFAULT[role].get(right)
    if right in KEPT.get(role, ()) and scope is not usual:
        return PeopleRefusal.MUST_KEEP
    if scope is None:
        return None
    if not may_be_given(role, right, scope):
        return PeopleRefusal.MAY_NOT_BE_GIVEN
    if who is None or _covers(usual, scope) or _covers(who.may(right), scope):
        return None
    return PeopleRefusal.ROLE_NOT_YOURS


def _covers(mine: Scope | None, wanted: Scope) -> bool:
    return mine is not None and mine.covers(wanted)
