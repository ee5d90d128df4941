"""Two colleagues who meet over a puzzle: whoever asked and whoever helps are told of each other, and nobody else is."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from tickets.network import Helper
from tickets.people import Person
from tickets.relays import Relay
from tickets.store import cipher_of
from tickets.tokens import Bearer


@dataclass(frozen=True, slots=True)
class Partner:
    """The other one: what they are called, and where they are written to, if that is known."""

    name: str
    email: str | None


def partner_of(session: Session, who: Bearer, relay: Relay) -> Partner | None:
    """The other one of a puzzle that somebody has taken up; None for everybody else, and for cases."""
    pair = (relay.asked_by, relay.claimed_by)
    if who.person_id is None or None in pair or who.person_id not in pair:
        return None
    person = session.get(Person, pair[0] if who.person_id == pair[1] else pair[1])
    if person is None:
        return None
    helper = None if person.helper_id is None else session.get(Helper, person.helper_id)
    sealed = person.name_sealed if helper is None else helper.name_sealed
    opened = cipher_of(session).open
    email = None if person.email_sealed is None else opened(person.email_sealed)
    return Partner("" if sealed is None else opened(sealed), email)
