"""Who may do what: the matrix of roles and rights, and the form of one role."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from admin.auth import holder, signed_in
from admin.pages import said
from admin.parts import transaction
from admin.people.doing import NotDoneError, StaleError, by, done
from admin.people.marks import mark_of
from scheduler.people.reach import PeopleRefusal, beyond_reach
from scheduler.people.role_rights import change_right, matrix_of, why_not
from tickets.network import Network
from tickets.rights import DEFAULT, Right, Rights, Scope
from tickets.vocabulary import Role

NONE: Final = "none"
STALE: Final = "people_stale"
rights = Blueprint("rights", __name__, url_prefix="/admin/rights")


@dataclass(frozen=True, slots=True)
class Offer:
    """How far a right could reach, and why it is not for whoever asks to say so; None where it is."""

    scope: Scope | None
    why_not: PeopleRefusal | None

    @property
    def code(self) -> str:
        """As the form names it."""
        return self.scope or NONE


@dataclass(frozen=True, slots=True)
class Cell:
    """One right of one role."""

    right: Right
    scope: Scope | None
    usual: Scope | None
    offers: Sequence[Offer]

    @property
    def reasons(self) -> Sequence[PeopleRefusal]:
        """Why some of it is not available, each once."""
        return list(dict.fromkeys(one.why_not for one in self.offers if one.why_not is not None))


@rights.get("")
@signed_in(Right.EDIT_BOUNDARIES, Right.KEEP_SETTINGS)
def matrix() -> ResponseReturnValue:
    """Show who may do what, and how far."""
    with transaction() as session:
        found = matrix_of(session, holder().network_id)
    return render_template(
        "people/rights.html", matrix=found, usual=DEFAULT, all_rights=list(Right), all_roles=list(Role)
    )


@rights.get("/<role>")
@signed_in(Right.EDIT_BOUNDARIES, Right.KEEP_SETTINGS)
def one(role: str) -> ResponseReturnValue:
    """Show what one role may do, and what it may be given."""
    return _shown(_role(role), {})


@rights.post("/<role>")
@signed_in(Right.EDIT_BOUNDARIES)
def change(role: str) -> ResponseReturnValue:
    """Give and take rights; of what may not be given nothing is changed."""
    named = _role(role)
    try:
        with transaction() as session:
            session.get_one(Network, holder().network_id, with_for_update={"key_share": True})  # nobody else meanwhile
            if request.form.get("seal") != _mark(held := _rights_of(session, named)):
                raise StaleError
            for right, scope in _typed(held).items():
                done(change_right(session, holder().network_id, named, right, scope, who=holder(), **by()))
    except StaleError:
        return _shown(named, {"form": STALE}), 422
    except NotDoneError as refused:
        return _shown(named, {"form": f"people_{refused.refusal}"}), 422
    said("people_changed")
    return redirect(url_for(".one", role=named), 303)


def _shown(role: Role, mistakes: Mapping[str, str]) -> str:
    with transaction() as session:
        held = _rights_of(session, role)
    may = beyond_reach(holder(), None, Right.EDIT_BOUNDARIES) is None
    cells = [_cell(role, right, held.get(right)) for right in Right]
    return render_template("people/role.html", role=role, cells=cells, may=may, seal=_mark(held), mistakes=mistakes)


def _cell(role: Role, right: Right, scope: Scope | None) -> Cell:
    offers = [Offer(offered, _why_not(role, right, offered, scope)) for offered in (None, *Scope)]
    return Cell(right, scope, DEFAULT[role].get(right), offers)


def _why_not(role: Role, right: Right, offered: Scope | None, held: Scope | None) -> PeopleRefusal | None:
    return None if offered is held else why_not(holder(), role, right, offered)


def _typed(held: Rights) -> dict[Right, Scope | None]:
    """The rights that the form says otherwise; one that it does not name stays."""
    told = {right: request.form.get(right, held.get(right) or NONE) for right in Right}
    known = {right: Scope(scope) if scope in list(Scope) else None for right, scope in told.items()}
    return {right: scope for right, scope in known.items() if scope is not held.get(right)}


def _rights_of(session: Session, role: Role) -> Rights:
    return matrix_of(session, holder().network_id)[role]


def _mark(held: Rights) -> str:
    return mark_of(sorted(held.items()))


def _role(name: str) -> Role:
    return Role(name) if name in list(Role) else abort(404)
