"""Where a caller is sent on to, and what they are given: referral points and gatherings nearby, links of the library."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.auth import holder, signed_in
from admin.cases.blueprint import cases
from admin.cases.doing import CaseMistake, PageRefusal, Sent, do, kind_of, reached, sent
from admin.cases.typed import plain
from admin.parts import now, transaction
from scheduler.cases import CaseRefusal, Doing
from scheduler.closing import refer
from scheduler.directions import Texted, text_directions
from scheduler.sight import not_hidden
from scheduler.slots import HELSINKI
from tickets.given import give_material
from tickets.listed import Wanted, listed
from tickets.materials import Material
from tickets.municipalities import municipality_of, of_postcode
from tickets.near import Near, NearKind, Whereabouts
from tickets.nearby import nearest_points, next_gatherings
from tickets.points import REFERRALS, ReferralPoint
from tickets.rights import Right
from tickets.ticket import Ticket
from tickets.view_log import Seen, note_view

WORKS: Final = (Right.WORK_TICKETS,)
MOST_SHOWN: Final = 15


@dataclass(frozen=True, slots=True)
class Place:
    """A referral point nearby, and the code by which a matter is sent on to it."""

    near: Near
    code: str


@dataclass(frozen=True, slots=True)
class Around:
    """What there is around a caller."""

    places: Sequence[Place]
    gatherings: Sequence[Near]
    materials: Sequence[Material]


@cases.get("/tickets/<code>/referral")
@signed_in(Right.WORK_TICKETS)
def referral(code: str) -> ResponseReturnValue:
    """Show where the caller may be sent on to, the nearest first, and what they may be given."""
    return _page(code)


@cases.post("/tickets/<code>/referral")
@signed_in(Right.WORK_TICKETS)
def referred(code: str) -> ResponseReturnValue:
    """Send the caller on; the matter ends with that, unless it is to stay open."""
    point, closes = plain(request.form, "point"), "stays" not in request.form
    if not point:
        return _page(code, sent("referred", {"point": CaseMistake.NOT_IN_LIST}))

    def send(session: Session, ticket: Ticket, doing: Doing) -> CaseRefusal | None:
        return refer(session, ticket, point, doing, closes=closes)

    return do(code, "referred", WORKS, send, _page)


@cases.post("/tickets/<code>/materials")
@signed_in(Right.WORK_TICKETS)
def give_to_caller(code: str) -> ResponseReturnValue:
    """Write down that the caller was given something of the library."""
    material = plain(request.form, "material")

    def give(session: Session, ticket: Ticket, doing: Doing) -> PageRefusal | None:
        return None if give_material(session, ticket, material, **doing.by) else PageRefusal.NOT_GIVEN

    return do(code, "material", WORKS, give, _page)


@cases.post("/tickets/<code>/directions")
@signed_in(Right.WORK_TICKETS)
def text_where(code: str) -> ResponseReturnValue:
    """Text the caller where to go; twice on a day, it is one text."""
    kind = next((known for known in NearKind if known == request.form.get("kind")), None)
    place = request.form.get("place", type=int)
    if kind is None or place is None:
        return _page(code, sent("directions", {"point": CaseMistake.NOT_IN_LIST}))

    def tell(session: Session, ticket: Ticket, doing: Doing) -> PageRefusal | None:
        asked_in = f"{doing.actor}-{doing.now.astimezone(HELSINKI).date()}".replace(":", "-")
        answer = text_directions(session, ticket.id, kind, place, asked_in=asked_in, now=doing.now)
        return None if answer is Texted.TEXTED else PageRefusal(answer.value)

    return do(code, "directions", WORKS, tell, _page)


def _page(code: str, came: Sent | None = None) -> ResponseReturnValue:
    typed = plain(request.values, "near")
    with transaction() as session:
        ticket = reached(session, code, Right.WORK_TICKETS)
        note_view(session, holder(), Seen.TICKET, ticket.id, now=now())
        here = _here(ticket, typed)
        around = _around(session, ticket, here or Whereabouts())
    mistakes = {"near": CaseMistake.MUNICIPALITY} if here is None else {}
    page = render_template(
        "cases/referral.html",
        ticket=ticket,
        around=around,
        near=typed,
        came=came,
        kind_of=kind_of,
        mistakes={**mistakes, **({} if came is None else came.mistakes)},
    )
    return page, (422 if mistakes else 200) if came is None else came.status


def _here(ticket: Ticket, typed: str) -> Whereabouts | None:
    """Where it is to be near: what was typed, else where the caller lives, as far as the reader may know; None: no such place."""
    if typed:
        code = municipality_of(typed)
        return None if code is None else Whereabouts(typed if of_postcode(typed) else None, code)
    return Whereabouts(municipality=ticket.municipality) if not_hidden(ticket, holder()) else Whereabouts()


def _around(session: Session, ticket: Ticket, here: Whereabouts) -> Around:
    network_id, language = ticket.network_id, ticket.language
    points = nearest_points(session, network_id, here, language, outcomes=REFERRALS, limit=MOST_SHOWN)
    of = select(ReferralPoint.id, ReferralPoint.code).where(ReferralPoint.id.in_([one.id for one in points]))
    codes = dict(session.execute(of).all())
    gatherings = next_gatherings(session, network_id, here, language, now=now(), limit=MOST_SHOWN)
    about = Wanted(topic=ticket.topic, limit=MOST_SHOWN)
    materials = [one for one in listed(session, Material, network_id, about)[0] if one.active]
    return Around([Place(one, codes[one.id]) for one in points], gatherings, materials)
