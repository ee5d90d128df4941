"""How far a token reaches in the rota: all of it, or the people and shifts of its organisation (docs/decisions/0017-reach.md)."""

from collections.abc import Iterable

from sqlalchemy import select

from admin.api.operations import Asked, Refused
from scheduler.alerts import Concerning
from scheduler.rota.listing import ShiftCard, shift_card
from scheduler.sight import Ways, sees, ways
from tickets.network import Helper
from tickets.rights import Right, Scope
from tickets.ticket import Ticket


def confined_to(asked: Asked, right: Right) -> int | None:
    """The organisation that this right of theirs ends at; None where it reaches the whole network."""
    return None if asked.holder.may(right) is Scope.NETWORK else asked.holder.organisation_id


def must_reach(asked: Asked, right: Right, organisation_id: int | None, what: str) -> None:
    """Refused when the right does not reach this organisation, or with None the network that all share."""
    if confined_to(asked, right) not in (None, organisation_id):
        raise not_yours(what)


def must_reach_network(asked: Asked, right: Right, what: str) -> None:
    """Refused when the right ends at an organisation: what all share is changed by who works for all."""
    if confined_to(asked, right) is not None:
        raise not_yours(what)


def must_reach_shift(asked: Asked, shift_id: int) -> ShiftCard | None:
    """The shift to be changed; Refused when it is another organisation's or everybody's. None: there is no such shift."""
    shift = shift_card(asked.session, asked.network_id, shift_id)
    if shift is not None:
        must_reach(asked, Right.KEEP_ROTA, shift.terms.organisation_id, "shift")
    return shift


def must_reach_helper(asked: Asked, helper_id: int) -> None:
    """Refused when somebody else's coordinator has to see to this helper."""
    confined = confined_to(asked, Right.KEEP_ROTA)
    helper = None if confined is None else asked.session.get(Helper, helper_id)
    if helper is not None and helper.organisation_id != confined:
        raise not_yours("helper")


def not_yours(what: str) -> Refused:
    """It is there, but another organisation's or everybody's."""
    return Refused("not_yours", f"{what}: it belongs to another organisation, or to the whole network", status=403)


def own_helpers(asked: Asked, right: Right) -> frozenset[int] | None:
    """The helpers whom this right reaches; None: all."""
    confined = confined_to(asked, right)
    if confined is None:
        return None
    found = asked.session.scalars(select(Helper.id).where(Helper.organisation_id == confined))
    return frozenset(found)


def seen_codes(asked: Asked, codes: Iterable[str]) -> frozenset[str]:
    """Those of these tickets about which somebody may know how the promise stands."""
    wanted = select(Ticket.code).where(Ticket.code.in_(list(codes)))
    return frozenset(asked.session.scalars(wanted.where(sees(asked.holder, Right.WATCH_PROMISES, now=asked.now))))


def watched(asked: Asked) -> Ways | None:
    """How somebody comes to the tickets whose promises they watch; None: to all."""
    return ways(asked.holder, Right.WATCH_PROMISES, now=asked.now)


def concerning(asked: Asked) -> Concerning | None:
    """Which alerts somebody hears: of their organisation's tickets and helpers, of its shifts and everybody's; None: all."""
    reached = watched(asked)
    return None if reached is None else Concerning(reached, asked.holder.organisation_id)
