"""One shift: who is in it, who waits, who could come, and the form that changes it."""

from dataclasses import dataclass

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from admin.api.operations import Asked
from admin.api.reach import confined_to
from admin.auth import holder
from admin.parts import transaction
from admin.people.choosing import AT_ONCE, fits
from admin.rota.people import People, choosable, people_of
from admin.rota.room import asked, name_sought
from admin.rota.typed import Mistakes, TypedShift
from scheduler.people.organisations import OrganisationCard
from scheduler.rota.editing import Edited
from scheduler.rota.listing import ShiftCard, shift_card
from scheduler.rota.rules import Refusal
from scheduler.rota.targets import Target, could_come
from tickets.rights import Right


@dataclass(frozen=True, slots=True)
class Said:
    """What a shift's page says besides how it stands: what was typed and is wrong, what a change would cost, what is refused."""

    typed: TypedShift | None = None
    mistakes: Mistakes | None = None
    costs: Edited | None = None
    removing: bool = False
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A shift with all that its page shows; `mine`: they may change it. `sought`: the name by which one looks for somebody."""

    shift: ShiftCard
    people: People
    organisations: list[OrganisationCard]
    could: tuple[Target, ...]
    mine: bool
    sought: str
    many: bool


def shift_page(
    shift_id: int, said: Said | None = None, *, refusal: Refusal | None = None, status: int | None = None
) -> ResponseReturnValue:
    """Show a shift as it stands, and what has just been found about it."""
    told = said or Said(refusal=refusal)
    with transaction() as session:
        who = asked(session)
        shown = _shown(who, shift_id) or abort(404)
    wrong = bool(told.mistakes or told.refusal)
    usual = 409 if told.refusal else 422 if wrong else 200
    page = render_template(
        "rota/shift.html",
        shown=shown,
        said=told,
        typed=told.typed or TypedShift.of(shown.shift),
        mistakes=told.mistakes or {},
        now=who.now,
    )
    return page, status or usual


def _shown(who: Asked, shift_id: int) -> Shown | None:
    card = shift_card(who.session, who.network_id, shift_id)
    own = confined_to(who, Right.SEE_ROTA)
    if card is None or card.terms.organisation_id not in (None, own or card.terms.organisation_id):
        return None
    people = people_of(who)
    keeps = holder().may(Right.KEEP_ROTA) is not None
    open_still = keeps and not card.cancelled and card.terms.during.ends > who.now
    found = could_come(who.session, who.network_id, card, now=who.now, grid=who.grid) if open_still else ()
    ours = [one for one in found if one.helper_id in people.helpers]
    sought, many = name_sought(), len(ours) > AT_ONCE
    could = tuple(one for one in ours if fits(sought, people.name(one.helper_id)))
    mine = open_still and confined_to(who, Right.KEEP_ROTA) in (None, card.terms.organisation_id)
    return Shown(card, people, choosable(who, people), could, mine, sought, many)
