"""The simulated network as rows: what a coordinator would have put in before the first call."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import insert
from sqlalchemy.orm import Session

from scheduler.rota.shifts import THE_LINE, NewShift, add_shift
from scheduler.simulation.drawing import CAUTION
from scheduler.simulation.world import World
from scheduler.slots import MINUTE, Span
from tickets.directory import add_line, add_network, add_organisation
from tickets.network import Helper
from tickets.network_hours import HoursRefusal, NetworkHours, write_hours
from tickets.store import cipher_of
from voice_prompts.language import Language

MOBILES: Final = "+35850"


@dataclass(frozen=True, slots=True)
class Network:
    """Where the simulated people are found in the database."""

    id: int
    line_id: int
    helpers: Mapping[int, int]  # the helper's number in the world → id


def found_network(session: Session, world: World, name: str, *, now: datetime) -> Network:
    """Write down the network and its rota, published; `name` is its own in this database."""
    network, grid = add_network(session, name, now=now), world.grid
    hours = NetworkHours(grid.opens, grid.closes, grid.notice // MINUTE, grid.working_days)
    assert not isinstance(write_hours(session, network, hours, now=now, actor=THE_LINE), HoursRefusal)
    line = add_line(session, network, f"+35875{network:07}", name, Language.FI)
    organisations = _organisations(session, world, network)
    helpers = _helpers(session, world, network, organisations, now)
    _rota(session, world, network, helpers, now)
    return Network(network, line, helpers)


def _organisations(session: Session, world: World, network: int) -> dict[int, int]:
    return {
        member.number: add_organisation(
            session,
            network,
            f"{member.number}",
            serves=sorted(member.own),
            agreed=sorted(member.agreed),
            boundaries=CAUTION if member.cautious else None,
        )
        for member in world.members
    }


def _helpers(
    session: Session, world: World, network: int, organisations: Mapping[int, int], now: datetime
) -> dict[int, int]:
    cipher = cipher_of(session)
    name = cipher.seal("")  # two thousand names would be sealed for nobody to read
    rows = [
        {
            "network_id": network,
            "organisation_id": organisations[helper.organisation],
            "name_sealed": name,
            "phone_sealed": cipher.seal(_phone(helper.helper)),
            "phone_index": cipher.index_of(_phone(helper.helper)),
            "languages": sorted(language.value for language in helper.languages),
            "kind": helper.kind,
            "rules_accepted": True,
            "created_at": now,
        }
        for helper in world.helpers
    ]
    ids = session.scalars(insert(Helper).returning(Helper.id, sort_by_parameter_order=True), rows)
    return dict(zip((helper.helper for helper in world.helpers), ids, strict=True))


def number_of(phone: str) -> int:
    """The number in the world of the helper who has this telephone."""
    return int(phone.removeprefix(MOBILES))


def _phone(number: int) -> str:
    return f"{MOBILES}{number:07}"


def _rota(session: Session, world: World, network: int, helpers: Mapping[int, int], now: datetime) -> None:
    places: defaultdict[Span, list[int]] = defaultdict(list)
    for duty in world.rota:
        places[duty.during].append(helpers[duty.helper.helper])
    for during, ids in places.items():
        shift = NewShift(during, needed=len(ids), most=len(ids))
        written = add_shift(session, network, shift, now=now, helpers=ids, grid=world.grid)
        assert isinstance(written, int), f"the rota refused a shift: {written}"
