"""What each kind of helper may do with each topic: the boundary matrix, as data. Pure.

Why the defaults are as they are: docs/decisions/0007-boundaries.md. A network and each of its organisations may say
otherwise, topic by topic.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from tickets.vocabulary import HelperKind, Topic


class Stance(StrEnum):
    """What a kind of helper does with a topic."""

    HANDLES = "handles"  # takes the matter
    GUIDES = "guides"  # sits beside the caller, who does it themselves
    REFERS = "refers"  # tells whom to ask; no time is promised for that
    MUST_NOT = "must_not"

    @property
    def takes_calls(self) -> bool:
        """Whether a callback may be promised on it."""
        return self in (Stance.HANDLES, Stance.GUIDES)


Boundaries = Mapping[HelperKind, Mapping[Topic, Stance]]
Changes = Mapping[str, Mapping[str, str]]  # as kept in jsonb: {"volunteer": {"KELA": "refers"}}

# Dealings with an authority are a public task, so staff handle them. A volunteer guides: on the telephone the caller is
# always there and does every step, which is what the ministry allows. Were it less, the phone's third key would find
# nobody in a network of volunteers. Who only guides is chosen after who handles (assignment.Costs).
AUTHORITY_TOPICS: Final = frozenset(
    {Topic.TUNNIST, Topic.KUNTA, Topic.KELA, Topic.OMAKANTA, Topic.VERO, Topic.SUOMIFI, Topic.MUUVIR}
)
_STAFF: Final = {Topic.PANKKI: Stance.REFERS}
_VOLUNTEER: Final = {
    **dict.fromkeys(AUTHORITY_TOPICS, Stance.GUIDES),
    Topic.PANKKI: Stance.REFERS,
    Topic.HALUAN_AUTTAA: Stance.REFERS,
}
DEFAULT: Final[Boundaries] = MappingProxyType(
    {
        HelperKind.STAFF: MappingProxyType({topic: _STAFF.get(topic, Stance.HANDLES) for topic in Topic}),
        HelperKind.VOLUNTEER: MappingProxyType({topic: _VOLUNTEER.get(topic, Stance.HANDLES) for topic in Topic}),
    }
)


def with_changes(boundaries: Boundaries, changes: Changes | None) -> Boundaries:
    """The matrix after a network's or an organisation's own changes; ValueError names a word it does not know."""
    if not changes:
        return boundaries
    known = {
        HelperKind(kind): {Topic(topic): Stance(stance) for topic, stance in row.items()}
        for kind, row in changes.items()
    }
    return {kind: {**row, **known.get(kind, {})} for kind, row in boundaries.items()}
