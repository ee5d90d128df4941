"""Whom somebody may add, edit and give which role: as data, and as the questions that every change of people asks."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from tickets.rights import Right, Scope
from tickets.tokens import Bearer
from tickets.vocabulary import HELPER_ROLES, Role


class PeopleRefusal(StrEnum):
    """Why people, organisations or what they may do cannot be changed like that; the values are in the API."""

    NOT_FOUND = "not_found"
    NOT_YOURS = "not_yours"  # another organisation's, or the whole network's
    ROLE_NOT_YOURS = "role_not_yours"  # whoever asks may not give this role, nor change who has it
    YOURSELF = "yourself"  # somebody else must do it
    HAS_LEFT = "has_left"
    HAS_NOT_LEFT = "has_not_left"
    NO_NAME = "no_name"
    BAD_EMAIL = "bad_email"
    BAD_PHONE = "bad_phone"
    EMAIL_TAKEN = "email_taken"
    PHONE_TAKEN = "phone_taken"
    NAME_TAKEN = "name_taken"
    UNKNOWN_ORGANISATION = "unknown_organisation"
    UNKNOWN_MUNICIPALITY = "unknown_municipality"
    NEEDS_ORGANISATION = "needs_organisation"
    NEEDS_PHONE = "needs_phone"
    NEEDS_LANGUAGE = "needs_language"
    NOT_A_HELPER = "not_a_helper"
    RINGS_BACK = "rings_back"  # the role of a helper follows from their kind
    IN_FUTURE = "in_future"
    IN_PAST = "in_past"
    MUST_KEEP = "must_keep"  # without it nobody could give it back
    MAY_NOT_BE_GIVEN = "may_not_be_given"
    NOT_THE_NEWEST = "not_the_newest"
    NO_TEXT = "no_text"
    A_PROGRAM = "a_program"  # a key that is nobody's


_OWN_PEOPLE: Final = HELPER_ROLES | {Role.JASEN, Role.NEUVOJA}
# Nobody gives a role that sees or decides more than their own. Who watches over the others (tietosuojavastaava) and who
# first reads tickets (koordinaattori) is for whoever runs the line to say, on the command line.
GIVES: Final[Mapping[Role, frozenset[Role]]] = {
    Role.YHDYSHENKILO: _OWN_PEOPLE,
    Role.KOORDINAATTORI: _OWN_PEOPLE | {Role.YHDYSHENKILO, Role.KOORDINAATTORI, Role.ALUEKOORDINAATTORI},
    Role.PAAKAYTTAJA: _OWN_PEOPLE | {Role.YHDYSHENKILO, Role.ALUEKOORDINAATTORI, Role.PAAKAYTTAJA},
}


def beyond_reach(
    who: Bearer | None, organisation_id: int | None, right: Right = Right.KEEP_PEOPLE
) -> PeopleRefusal | None:
    """Why this right of theirs does not reach an organisation, or with None the network; `who` of None is the command line."""
    if who is None:
        return None
    scope = who.may(right)
    if scope is Scope.NETWORK or (scope is Scope.ORGANISATION and organisation_id == who.organisation_id):
        return None
    return PeopleRefusal.NOT_YOURS


def beyond_giving(who: Bearer | None, role: Role) -> PeopleRefusal | None:
    """Why they may not give this role, nor change those who have it."""
    return None if who is None or role in GIVES.get(who.role, frozenset()) else PeopleRefusal.ROLE_NOT_YOURS
