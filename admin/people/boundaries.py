"""Who takes which topic: the matrix of the network and of each organisation, a cell at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from admin.auth import holder, signed_in
from admin.pages import said
from admin.parts import transaction
from admin.people.doing import FORM, NotDoneError, StaleError, doing, settle, typed_again
from admin.people.marks import mark_of
from admin.people.reading import row_of
from scheduler.boundaries import DEFAULT, Boundaries, Stance
from scheduler.people.organisations import (
    Changes,
    changes_of_network,
    organisations_of,
    set_boundaries,
    stances_of,
)
from scheduler.people.reach import PeopleRefusal, beyond_reach
from scheduler.rota.effects import Effect, lock_rota
from tickets.rights import Right
from tickets.vocabulary import HelperKind, Topic

STALE: Final = "people_stale"
boundaries = Blueprint("boundaries", __name__, url_prefix="/admin/boundaries")


@dataclass(frozen=True, slots=True)
class Matrix:
    """What a network or an organisation says of each topic, and what holds where it says nothing."""

    changes: Changes
    inherited: Boundaries

    @property
    def seal(self) -> str:
        """What somebody saw when they began to change it."""
        return mark_of([(kind, sorted(row.items())) for kind, row in sorted(self.changes.items())])

    def own(self, kind: HelperKind, topic: Topic) -> Stance | None:
        """What is said of a cell here."""
        return self.changes.get(kind, {}).get(topic)

    def stance(self, kind: HelperKind, topic: Topic) -> Stance:
        """What holds in a cell."""
        return self.own(kind, topic) or self.inherited[kind][topic]

    def losing(self, after: Changes) -> list[tuple[HelperKind, Topic]]:
        """The topics that a kind of helper would take no longer."""
        later = Matrix(after, self.inherited)
        cells = [(kind, topic) for kind in HelperKind for topic in Topic]
        return [cell for cell in cells if self.stance(*cell).takes_calls and not later.stance(*cell).takes_calls]


@boundaries.get("")
@signed_in(Right.EDIT_BOUNDARIES, Right.SEE_PEOPLE)
def matrix() -> ResponseReturnValue:
    """Show who takes which topic, in the network or in one organisation."""
    return _shown(row_of(request.args.get("organisation", "")))


@boundaries.post("")
@signed_in(Right.EDIT_BOUNDARIES)
def change() -> ResponseReturnValue:
    """Say it otherwise; asked once more with what helpers and promises lose by it."""
    organisation = row_of(request.form.get("organisation", ""))
    with transaction() as session:
        before = _matrix(session, organisation)
    after, back = _typed(before), url_for(".matrix", organisation=organisation)
    losing = before.losing(after)
    try:
        ahead = settle(lambda session: _set(session, organisation, after), ask=bool(losing))
    except StaleError:
        return _shown(organisation, {FORM: STALE}), 422
    except NotDoneError as refused:
        return _shown(organisation, refused.mistakes), 422
    if ahead is not None:
        return render_template("people/sure.html", ahead=ahead, losing=losing, typed=typed_again(), back=back)
    said("people_changed")
    return redirect(back, 303)


def _set(session: Session, organisation: int | None, after: Changes) -> Effect | PeopleRefusal:
    lock_rota(session, holder().network_id)  # under which every matrix is written
    session.expire_all()
    if request.form.get("seal") != _matrix(session, organisation).seal:
        raise StaleError
    return set_boundaries(session, holder().network_id, organisation, after, who=holder(), **doing())


def _shown(organisation: int | None, mistakes: Mapping[str, str] | None = None) -> str:
    with transaction() as session:
        found = _matrix(session, organisation)
        organisations = organisations_of(session, holder().network_id)
    return render_template(
        "people/boundaries.html",
        matrix=found,
        organisation=organisation,
        organisations=organisations,
        topics=list(Topic),
        kinds=list(HelperKind),
        stances=list(Stance),
        may=beyond_reach(holder(), organisation, Right.EDIT_BOUNDARIES) is None,
        mistakes=mistakes or {},
    )


def _matrix(session: Session, organisation: int | None) -> Matrix:
    network = holder().network_id
    if organisation is None:
        return Matrix(changes_of_network(session, network), DEFAULT)
    cards = (one for one in organisations_of(session, network) if one.id == organisation)
    card = next(cards, None) or abort(404)
    return Matrix(card.boundaries, stances_of(session, network))


def _typed(before: Matrix) -> Changes:
    """What the form says of each cell; a cell that it does not name stays."""
    after: dict[HelperKind, dict[Topic, Stance]] = {}
    for kind in HelperKind:
        for topic in Topic:
            own = before.own(kind, topic)
            told = request.form.get(f"{kind}-{topic}", own or "")
            if told in list(Stance):
                after.setdefault(kind, {})[topic] = Stance(told)
    return after
