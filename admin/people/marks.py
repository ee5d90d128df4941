"""By which a form knows whether what it showed still stands: a mark goes along, and is looked at when nobody else can write."""

from collections.abc import Mapping
from hashlib import sha256

from flask import request

from admin.people.doing import StaleError
from scheduler.people.cards import PersonCard
from scheduler.people.helpers import Papers
from scheduler.people.persons import Identity

SEEN = "seen"


def mark_of(shown: object) -> str:
    """What goes along with the form."""
    return sha256(repr(shown).encode()).hexdigest()[:16]


def as_seen(known: object) -> bool:
    """Whether the form was sent from a page that showed what still stands."""
    return request.form.get(SEEN) in (None, "", mark_of(known))


def require_as_seen(known: object) -> None:
    """Raise StaleError where it does not."""
    if not as_seen(known):
        raise StaleError


def marks_of(card: PersonCard) -> Mapping[str, str]:
    """The marks of the forms about somebody, by the form's name."""
    marks = {"identity": mark_of(Identity(card.name, card.email, card.phone, card.organisation_id))}
    if (held := card.helper) is not None and card.organisation_id is not None:
        papers = Papers(card.organisation_id, held.languages, held.kind, held.badge_expires_on, held.active)
        marks["papers"] = mark_of(papers)
    return marks
