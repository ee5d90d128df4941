"""What most commands stand on: the settings, and a database of the right shape."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.errors import AdminError
from admin.health import migrated
from admin.parts import Parts, assemble
from admin.run_file import environment
from admin.settings import Settings
from scheduler.people.cards import PersonCard, all_people
from tickets.directory import HelperCard, helpers_of
from tickets.network import Network


def settings() -> Settings:
    """The settings of this run."""
    return Settings.read(environment(os.environ))


@contextmanager
def ground() -> Iterator[Parts]:
    """The parts of this process, on a migrated database."""
    parts = assemble(settings())
    try:
        if not migrated(parts.engine):
            raise AdminError("The database is not migrated: run `digilinja migrate` first")
        yield parts
    finally:
        parts.engine.dispose()


def network_named(session: Session, name: str | None) -> Network:
    """The network of that name; where there is only one, none need be named."""
    known = session.scalars(select(Network).order_by(Network.id)).all()
    if not known:
        raise AdminError(
            "There is no network yet: `digilinja network open` begins one, `digilinja demo-data` makes one to try with"
        )
    chosen = [network for network in known if name in (None, network.name)]
    if len(chosen) != 1:
        names = ", ".join(network.name for network in known)
        raise click.BadParameter(f"name one of the networks: {names}", param_hint="--network")
    return chosen[0]


def person_named(session: Session, network_id: int, wanted: str, *, left: bool = False) -> PersonCard:
    """The one person of a network with this name, address or number; of those who left, or of those who have not."""
    people = (card for card in all_people(session, network_id) if card.active is not left)
    found = [card for card in people if wanted in (card.name, card.email, card.phone, str(card.id))]
    if len(found) != 1:
        raise AdminError(
            f"There is no one person {wanted} in this network: `digilinja people list` tells their numbers"
        )
    return found[0]


def helper_named(session: Session, network_id: int, wanted: str) -> HelperCard:
    """The one helper of a network with this name or number."""
    found = [card for card in helpers_of(session, network_id) if wanted in (card.name, card.phone)]
    if len(found) != 1:
        raise AdminError(
            f"There is no one helper {wanted} in this network: give the whole name, or the number as +358…"
        )
    return found[0]
