"""Places, swaps and a helper's own time, for programs: the same use cases as by phone and page.

A helper's token acts for its helper; a coordinator's names whose place it is, and without a name means their own.
"""

from admin.api.operations import Asked, Operations, Refused
from admin.api.place_shapes import (
    AvailabilityIn,
    AvailabilityOut,
    AvailabilityQuery,
    Openings,
    OwnRota,
    PlaceChanged,
    PlaceIn,
    StatedShape,
    WhoseQuery,
    WishesShape,
)
from admin.api.reach import must_reach_helper
from scheduler.rota.availability import Stated, availability_of, clashes, set_availability, set_wishes, wishes_of
from scheduler.rota.holding import Answer, place_ref, places_of
from scheduler.rota.openings import open_places, open_swaps
from scheduler.rota.places import confirm_place, drop_place, give_place, release_place, take_place
from scheduler.rota.rules import Refusal
from scheduler.rota.swaps import offer_swap, take_swap, withdraw_swap
from scheduler.rota.waits import ask_to_wait, leave_wait, waits_of
from scheduler.slots import Span
from tickets.directory import helper_card
from tickets.rights import Right

ANYBODY = (Right.KEEP_ROTA, Right.TAKE_PLACES)
operations = Operations()


@operations.get("/own-rota", *ANYBODY)
def own_rota(asked: Asked, query: WhoseQuery) -> OwnRota:
    """A helper's places to come, and what they wait for."""
    helper = _whose(asked, query.helper)
    return OwnRota(
        places=list(places_of(asked.session, helper, since=asked.now)),
        waits=list(waits_of(asked.session, helper, now=asked.now)),
    )


@operations.get("/openings", *ANYBODY)
def openings(asked: Asked, query: WhoseQuery) -> Openings:
    """What a helper may take over the coming weeks."""
    helper = _whose(asked, query.helper)
    free = open_places(asked.session, asked.network_id, helper, now=asked.now)
    offered = open_swaps(asked.session, asked.network_id, helper, now=asked.now)
    return Openings(places=list(free), swaps=list(offered))


@operations.post("/shifts/{shift}/places", *ANYBODY)
def take_a_place(asked: Asked, shift: int, body: PlaceIn) -> PlaceChanged:
    """Take a place in a shift; a coordinator gives it, and may set wishes and capacity aside."""
    helper = _whose(asked, body.helper)
    if helper == asked.holder.helper_id:
        return _told(take_place(asked.session, asked.network_id, shift, helper, **asked.doing))
    return _told(give_place(asked.session, asked.network_id, shift, helper, override=body.override, **asked.doing))


@operations.delete("/places/{place}", *ANYBODY)
def leave_a_place(asked: Asked, place: int) -> PlaceChanged:
    """Leave a place: a helper in time, a coordinator at any time."""
    helper = _holder_of(asked, place)
    if asked.holder.may(Right.KEEP_ROTA) is not None:
        return _told(release_place(asked.session, asked.network_id, place, **asked.doing))
    return _told(drop_place(asked.session, place, helper_id=helper, **asked.doing))


@operations.post("/places/{place}/confirmation", Right.TAKE_PLACES)
def confirm_a_place(asked: Asked, place: int) -> PlaceChanged:
    """Say that one comes."""
    return _told(confirm_place(asked.session, place, _whose(asked, None), **asked.by))


@operations.post("/places/{place}/swap", *ANYBODY)
def offer_a_swap(asked: Asked, place: int) -> PlaceChanged:
    """Ask for somebody to take one's place; it stays one's own until then."""
    return _told(offer_swap(asked.session, place, _holder_of(asked, place), **asked.doing))


@operations.delete("/places/{place}/swap", *ANYBODY)
def withdraw_a_swap(asked: Asked, place: int) -> PlaceChanged:
    """Come after all."""
    helper = _holder_of(asked, place)
    return _told(withdraw_swap(asked.session, place, helper, **asked.by))


@operations.post("/places/{place}/taker", *ANYBODY)
def take_a_swap(asked: Asked, place: int, body: PlaceIn) -> PlaceChanged:
    """Take a place that another one offers; of many who ask at once, one gets it."""
    return _told(take_swap(asked.session, asked.network_id, place, _whose(asked, body.helper), **asked.doing))


@operations.post("/shifts/{shift}/waits", *ANYBODY)
def wait_for_a_shift(asked: Asked, shift: int, body: PlaceIn) -> PlaceChanged:
    """Wait for a place in a full shift."""
    helper = _whose(asked, body.helper)
    return _told(ask_to_wait(asked.session, asked.network_id, shift, helper, **asked.by))


@operations.delete("/shifts/{shift}/waits", *ANYBODY)
def wait_no_more(asked: Asked, shift: int, query: WhoseQuery) -> PlaceChanged:
    """Wait no more."""
    helper = _whose(asked, query.helper)
    return _told(leave_wait(asked.session, asked.network_id, shift, helper, **asked.by))


@operations.get("/availability", *ANYBODY)
def availability(asked: Asked, query: AvailabilityQuery) -> AvailabilityOut:
    """When a helper can and cannot, by their own word and their calendar's."""
    return _availability(asked, _whose(asked, query.helper), query.span)


@operations.post("/availability", Right.TAKE_PLACES)
def say_when(asked: Asked, body: AvailabilityIn) -> AvailabilityOut:
    """Say when one can and cannot."""
    helper, within = _whose(asked, None), body.within.span
    stated = [Stated(one.says, one.during.span) for one in body.says]
    try:
        set_availability(asked.session, asked.network_id, helper, within, stated, **asked.by)
    except ValueError as error:
        raise Refused("not_a_time", str(error), status=400) from error
    return _availability(asked, helper, within)


@operations.get("/wishes", *ANYBODY)
def wishes(asked: Asked, query: WhoseQuery) -> WishesShape:
    """How much a helper wants to do."""
    found = wishes_of(asked.session, asked.network_id, _whose(asked, query.helper))
    if found is None:
        raise Refused(Refusal.NOT_FOUND, status=404)
    return WishesShape.of(found)


@operations.post("/wishes", Right.TAKE_PLACES)
def wish(asked: Asked, body: WishesShape) -> WishesShape:
    """Say how much one wants to do."""
    helper = _whose(asked, None)
    set_wishes(asked.session, asked.network_id, helper, body.wishes, **asked.by)
    return body


def _availability(asked: Asked, helper: int, within: Span) -> AvailabilityOut:
    said = availability_of(asked.session, helper, within)
    held = clashes(asked.session, helper, within, now=asked.now)
    return AvailabilityOut(says=[StatedShape.of(one) for one in said], clashes=list(held))


def _whose(asked: Asked, named: int | None) -> int:
    """The helper who is meant: oneself, unless a coordinator names another whom they keep the rota of."""
    own = asked.holder.helper_id
    if named not in (None, own) and asked.holder.may(Right.KEEP_ROTA) is None:
        raise Refused("not_yours", "helper: a helper's token acts for its own helper only", status=403)
    helper = named or own
    if helper is None:
        raise Refused("whose", "helper: say whose place it is", status=400)
    card = helper_card(asked.session, helper)
    if card is None or card.network_id != asked.network_id:
        raise Refused(Refusal.NOT_FOUND, "helper: there is none of this number here", status=404)
    if helper != own:
        must_reach_helper(asked, helper)
    return helper


def _holder_of(asked: Asked, place_id: int) -> int:
    place = place_ref(asked.session, place_id)
    if place is None or place.network_id != asked.network_id:
        raise Refused(Refusal.NOT_HELD, status=404)
    if asked.holder.may(Right.KEEP_ROTA) is None:
        return asked.holder.helper_id or place.helper_id  # whose it is not, the rota refuses
    must_reach_helper(asked, place.helper_id)
    return place.helper_id


def _told(answer: Answer) -> PlaceChanged:
    if answer.refusal is not None:
        missing = answer.refusal in (Refusal.NOT_FOUND, Refusal.NOT_HELD)
        raise Refused(answer.refusal, status=404 if missing else 409)
    return PlaceChanged.of(answer)
