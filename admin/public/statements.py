"""What the law has a public service say of itself: how accessible it is, and what becomes of what people tell it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from admin.auth import open_to_all
from admin.parts import parts, transaction
from tickets.network import Line, Network, Organisation
from tickets.retention import Kept, Term, terms_of

OF_RESIDENTS: Final = tuple(kept for kept in Kept if kept is not Kept.HELPERS)
LOOKED_AT: Final = date(2026, 11, 22)  # the day on which we last went through the pages by the rules


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who answers for a network's data: its organisations, its line's number, and how long what is kept."""

    name: str
    organisations: tuple[str, ...]
    number: str | None
    terms: Mapping[Kept, Term]


def add_to(public: Blueprint) -> None:
    """Give the residents' pages these."""
    public.add_url_rule("/accessibility", "accessibility", accessibility)
    public.add_url_rule("/privacy", "privacy", privacy)


@open_to_all
def accessibility() -> ResponseReturnValue:
    """The accessibility statement: what is so, what is not yet, and whom to tell."""
    return render_template("public/accessibility.html", keeper=_keeper(), contact=_contact(), looked_at=LOOKED_AT)


@open_to_all
def privacy() -> ResponseReturnValue:
    """The privacy notice: what is kept of whom, why and how long, and what one may ask for."""
    return render_template("public/privacy.html", keeper=_keeper(), contact=_contact(), kept=OF_RESIDENTS)


def _contact() -> str | None:
    return parts().settings.contact


def _keeper() -> Keeper | None:
    """The network of the line that was asked about, else of the first one in use."""
    asked = request.args.get("line")
    lines = select(Line).where(Line.active).order_by(Line.id)
    with transaction() as rows:
        line = rows.scalars(lines if asked is None else lines.where(Line.e164 == f"+{asked}")).first()
        if line is None:
            return None
        network = rows.get_one(Network, line.network_id)
        names = select(Organisation.name).where(Organisation.network_id == network.id).order_by(Organisation.name)
        return Keeper(network.name, tuple(rows.scalars(names)), line.e164, terms_of(rows, network.id))
