"""Who may do what: the matrix of roles and rights, as data. Pure.

A cell says how far a right reaches. Whoever belongs to no organisation works for the whole network, so for them "of the
organisation" means the network's. A network may say otherwise, role by role, within what `may_be_given` allows: what the
law or the service forbids to a role is not up to it (docs/decisions/0016-rights.md).
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from tickets.vocabulary import Role


class Right(StrEnum):
    """One thing that somebody may be allowed to do."""

    LIST_TICKETS = "list_tickets"  # where matters stand; neither contents nor whose they are
    READ_TICKETS = "read_tickets"  # what was told, notes, messages
    SEE_CONTACT = "see_contact"  # name, number, address: with commitment, badge and an assigned case
    WORK_TICKETS = "work_tickets"  # notes, topics, referral, outcome
    LOG_MATTERS = "log_matters"  # at the desk, for somebody who rings or comes
    BOOK_TIMES = "book_times"
    ASSIGN_TICKETS = "assign_tickets"  # owner, deadline, another organisation, closing
    WATCH_PROMISES = "watch_promises"  # alerts, deficits, who waits
    PUBLISH_RELAY = "publish_relay"
    READ_RELAY = "read_relay"
    CLAIM_RELAY = "claim_relay"
    SEE_ROTA = "see_rota"
    KEEP_ROTA = "keep_rota"
    TAKE_PLACES = "take_places"
    SEE_PEOPLE = "see_people"
    KEEP_PEOPLE = "keep_people"  # organisations, people, badges, commitments
    EDIT_BOUNDARIES = "edit_boundaries"  # this matrix, and who takes which topic
    KEEP_SETTINGS = "keep_settings"  # lines, lengths, webhooks
    SET_RETENTION = "set_retention"  # what all share: changed by who works for all
    HOLD_TICKETS = "hold_tickets"  # legal hold
    READ_DIRECTORY = "read_directory"
    EDIT_DIRECTORY = "edit_directory"
    EDIT_PROMPTS = "edit_prompts"  # a line's own words and voice
    READ_BOARD = "read_board"  # the notice board, the rules
    POST_ON_BOARD = "post_on_board"
    READ_STATISTICS = "read_statistics"
    ENTER_STATISTICS = "enter_statistics"  # indicators, campaigns, group events
    READ_VIEW_LOG = "read_view_log"
    EXPORT_PERSON = "export_person"
    ERASE_PERSON = "erase_person"


class Scope(StrEnum):
    """How far a right reaches: one's own cases and places, those of one's organisation, all of the network."""

    OWN = "own"
    ORGANISATION = "organisation"
    NETWORK = "network"

    def covers(self, other: "Scope") -> bool:
        """Whether it reaches as far as the other."""
        reach = list(Scope)
        return reach.index(self) >= reach.index(other)


Rights = Mapping[Right, Scope]
Changes = Mapping[str, Mapping[str, str | None]]  # as kept in jsonb: {"neuvoja": {"read_relay": null}}; null takes away

_R, _OWN, _ORGANISATION, _NETWORK = Right, Scope.OWN, Scope.ORGANISATION, Scope.NETWORK
_MEMBER: Final = {
    _R.READ_TICKETS: _OWN,
    _R.WORK_TICKETS: _OWN,
    _R.BOOK_TIMES: _OWN,
    _R.READ_RELAY: _NETWORK,
    _R.CLAIM_RELAY: _NETWORK,
    _R.READ_DIRECTORY: _NETWORK,
    _R.READ_BOARD: _NETWORK,
}
DEFAULT: Final[Mapping[Role, Rights]] = MappingProxyType(
    {
        Role.NEUVOJA: {
            _R.LIST_TICKETS: _ORGANISATION,
            _R.READ_TICKETS: _ORGANISATION,
            _R.SEE_CONTACT: _OWN,
            _R.WORK_TICKETS: _ORGANISATION,
            _R.LOG_MATTERS: _ORGANISATION,
            _R.BOOK_TIMES: _ORGANISATION,
            _R.WATCH_PROMISES: _ORGANISATION,
            _R.READ_RELAY: _NETWORK,
            _R.READ_DIRECTORY: _NETWORK,
            _R.READ_BOARD: _NETWORK,
        },
        Role.OPASTAJA: {**_MEMBER, _R.TAKE_PLACES: _OWN},
        Role.DIGITUKIJA: {**_MEMBER, _R.SEE_CONTACT: _OWN, _R.TAKE_PLACES: _OWN},
        Role.JASEN: {**_MEMBER, _R.SEE_CONTACT: _OWN, _R.POST_ON_BOARD: _NETWORK},
        Role.YHDYSHENKILO: {
            _R.SEE_PEOPLE: _ORGANISATION,
            _R.KEEP_PEOPLE: _ORGANISATION,
            _R.READ_RELAY: _NETWORK,
            _R.READ_DIRECTORY: _NETWORK,
            _R.READ_BOARD: _NETWORK,
            _R.POST_ON_BOARD: _NETWORK,
            _R.READ_STATISTICS: _ORGANISATION,
        },
        Role.KOORDINAATTORI: {
            _R.LIST_TICKETS: _ORGANISATION,
            _R.READ_TICKETS: _ORGANISATION,
            _R.SEE_CONTACT: _OWN,
            _R.WORK_TICKETS: _ORGANISATION,
            _R.LOG_MATTERS: _ORGANISATION,
            _R.BOOK_TIMES: _ORGANISATION,
            _R.ASSIGN_TICKETS: _ORGANISATION,
            _R.WATCH_PROMISES: _ORGANISATION,
            _R.PUBLISH_RELAY: _ORGANISATION,
            _R.READ_RELAY: _NETWORK,
            _R.CLAIM_RELAY: _NETWORK,
            _R.SEE_ROTA: _ORGANISATION,
            _R.KEEP_ROTA: _ORGANISATION,
            _R.SEE_PEOPLE: _ORGANISATION,
            _R.KEEP_PEOPLE: _ORGANISATION,
            _R.EDIT_BOUNDARIES: _ORGANISATION,
            _R.SET_RETENTION: _ORGANISATION,
            _R.HOLD_TICKETS: _ORGANISATION,
            _R.READ_DIRECTORY: _NETWORK,
            _R.EDIT_DIRECTORY: _NETWORK,
            _R.EDIT_PROMPTS: _NETWORK,
            _R.READ_BOARD: _NETWORK,
            _R.POST_ON_BOARD: _NETWORK,
            _R.READ_STATISTICS: _NETWORK,
            _R.ENTER_STATISTICS: _NETWORK,
        },
        Role.ALUEKOORDINAATTORI: {_R.READ_STATISTICS: _NETWORK},
        Role.TIETOSUOJAVASTAAVA: {_R.READ_VIEW_LOG: _NETWORK, _R.EXPORT_PERSON: _NETWORK, _R.ERASE_PERSON: _NETWORK},
        Role.PAAKAYTTAJA: {
            _R.SEE_PEOPLE: _NETWORK,
            _R.KEEP_PEOPLE: _NETWORK,
            _R.EDIT_BOUNDARIES: _NETWORK,
            _R.KEEP_SETTINGS: _NETWORK,
            _R.READ_DIRECTORY: _NETWORK,
            _R.EDIT_PROMPTS: _NETWORK,
            _R.READ_BOARD: _NETWORK,
            _R.POST_ON_BOARD: _NETWORK,
        },
    }
)

# What a ticket says and whose it is; a role that keeps none of it in the default may not be given it either.
_CONTENTS: Final = frozenset({_R.READ_TICKETS, _R.SEE_CONTACT, _R.WORK_TICKETS})
_ONLY_DATA_PROTECTION: Final = frozenset({_R.READ_VIEW_LOG, _R.EXPORT_PERSON, _R.ERASE_PERSON})


def may_be_given(role: Role, right: Right, scope: Scope) -> bool:
    """Whether a network may give this right, this far, to this role."""
    if right in _CONTENTS and right not in DEFAULT[role]:
        return False
    if right is Right.SEE_CONTACT and scope is not Scope.OWN:
        return False
    if right in _CONTENTS and role in (Role.OPASTAJA, Role.DIGITUKIJA, Role.JASEN):
        return scope is Scope.OWN
    return (right in _ONLY_DATA_PROTECTION) <= (role is Role.TIETOSUOJAVASTAAVA)


def rights_of(role: Role, changes: Changes | None = None) -> Rights:
    """What a role may do in a network that has changed the matrix so; a change that may not be given gives nothing."""
    rights = dict(DEFAULT[role])
    for name, scope in (changes or {}).get(role, {}).items():
        right = Right(name)
        if scope is None:
            rights.pop(right, None)
        elif may_be_given(role, right, Scope(scope)):
            rights[right] = Scope(scope)
    return rights
