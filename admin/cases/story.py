"""What happened to a ticket, in words: who did what, when, and what belongs to it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin.clock import within_reach
from admin.wording import spoken_language, when, word
from scheduler.people.names import names_of
from tickets.materials import Material
from tickets.network import Organisation
from tickets.points import ReferralPoint
from tickets.ticket import Ticket
from tickets.timeline import Happening
from tickets.vocabulary import EventKind
from voice_prompts.language import Language


class Reason(StrEnum):
    """Why something happened to a ticket, as it is kept with the event."""

    NO_HELPER = "no_helper"
    NO_HELPER_LEFT = "no_helper_left"
    HELPER_SILENT = "helper_silent"
    NOT_REACHED = "not_reached"
    NO_LATER_TIME = "no_later_time"
    NO_TIME_WANTED = "no_time_wanted"
    RUNG_TOO_LATE = "rung_too_late"
    STUCK = "stuck"
    NO_OUTCOME = "no_outcome"
    OWNER_LATE = "owner_late"
    OWNER_LEFT = "owner_left"
    OFFERS_LAPSED = "offers_lapsed"
    UNANSWERED = "unanswered"
    UNREACHABLE = "unreachable"
    TAKEN = "taken"
    REFUSED = "refused"
    DESK = "desk"
    BY_MAIL = "by_mail"
    ASKED_ANEW = "asked_anew"
    NOTHING_TOLD = "nothing_told"
    NOT_HELPED = "not_helped"
    WANTS_TO_HELP = "wants_to_help"
    HELPER_ASKS = "helper_asks"
    RELAY_UNCLAIMED = "relay_unclaimed"
    UNANSWERABLE = "unanswerable"
    TOO_MANY = "too_many"
    NO_MAIL = "no_mail"


class Actor(StrEnum):
    """Who did something without being somebody by name: the line itself, the caller, a program."""

    LINE = "line"
    CALLER = "caller"
    ROTA = "rota"
    HELPER = "helper"
    PROGRAM = "program"
    COMMAND_LINE = "command_line"
    SOMEBODY = "somebody"


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened, ready to be read; `code` is another ticket's that belongs to it."""

    at: datetime
    what: EventKind
    who: str
    details: Sequence[str] = ()
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """What the numbers in events are called."""

    actors: Mapping[str, str] = field(default_factory=dict)
    organisations: Mapping[int, str] = field(default_factory=dict)
    tickets: Mapping[int, str] = field(default_factory=dict)
    points: Mapping[int, str] = field(default_factory=dict)
    materials: Mapping[str, str] = field(default_factory=dict)


def story_of(session: Session, network_id: int, events: Sequence[Happening], *, whole: bool) -> tuple[Told, ...]:
    """These events in words, in their order; `whole`: with which organisations were given the ticket."""
    names = _names(session, network_id, events)
    return tuple(_told(one, names, whole=whole) for one in events)


def who_did(actor: str, names: Mapping[str, str]) -> str:
    """An actor by name, or as what they are."""
    if actor in names:
        return names[actor]
    kind, _, rest = actor.partition(":")
    if rest == "command-line" or actor == "command line":
        return word("actor", Actor.COMMAND_LINE)
    if kind in ("person", "helper") and rest:
        return f"{word('actor', Actor.SOMEBODY)} {rest}"
    return word("actor", next((known for known in Actor if known == kind), Actor.PROGRAM))


def _told(event: Happening, names: Names, *, whole: bool) -> Told:
    details = tuple(_details(event.details, names, whole=whole))
    other = event.details.get("duplicate") or event.details.get("duplicate_of")
    code = names.tickets.get(other) if isinstance(other, int) else None
    return Told(event.at, event.kind, who_did(event.actor, names.actors), details, code)


def _details(details: Mapping[str, object], names: Names, *, whole: bool) -> Iterator[str]:
    """What is told of an event; most of what is kept is a number of ours, which tells nobody anything."""
    for name, value in details.items():
        if value is None or (name == "organisation" and not whole):
            continue
        if name in _MOMENTS:
            yield _moment(name, str(value))
        elif name in _KIND:
            yield word(_KIND[name], str(value))
        elif name in ("helper", "person"):
            yield who_did(f"{name}:{value}", names.actors)
        elif name == "fields" and isinstance(value, list):
            yield ", ".join(word("field", str(one)) for one in value)
        elif name in _CALLED:
            yield _CALLED[name](names).get(value, "")


_MOMENTS: Final = frozenset({"starts_at", "deadline", "until", "at"})
_KIND: Final = {
    "outcome": "outcome",
    "result": "attempt",
    "channel": "channel",
    "news": "text",
    "reason": "reason",
    "why": "reason",
    "feedback": "feedback",
}
_CALLED: Final[Mapping[str, Callable[[Names], Mapping[Any, str]]]] = {
    "organisation": lambda names: names.organisations,
    "referral_point": lambda names: names.points,
    "material": lambda names: names.materials,
}


def _moment(name: str, value: str) -> str:
    try:
        moment = when(within_reach(value))
    except ValueError:
        return ""
    return word("by when", name).replace("{time}", moment)


def _names(session: Session, network_id: int, events: Iterable[Happening]) -> Names:
    details = [event.details for event in events]
    actors = {event.actor for event in events}
    actors |= {f"{kind}:{one[kind]}" for kind in ("person", "helper") for one in details if one.get(kind)}
    others = _ids(details, "duplicate") | _ids(details, "duplicate_of")
    language = spoken_language()
    return Names(
        names_of(session, network_id, actors),
        _read(session, Organisation.id, Organisation.name, network_id, _ids(details, "organisation")),
        _read(session, Ticket.id, Ticket.code, network_id, others),
        _read(session, ReferralPoint.id, _in(language), network_id, _ids(details, "referral_point")),
        _read(
            session,
            Material.code,
            Material.title,
            network_id,
            {str(one["material"]) for one in details if "material" in one},
        ),
    )


def _in(language: Language) -> Any:
    own, other = ReferralPoint.name_fi, ReferralPoint.name_sv
    if language is Language.SV:
        own, other = other, own
    return func.coalesce(own, other)


def _ids(details: Iterable[Mapping[str, object]], name: str) -> set[int]:
    return {value for one in details if isinstance(value := one.get(name), int)}


def _read(session: Session, key: Any, told: Any, network_id: int, wanted: set[Any]) -> dict[Any, str]:
    if not wanted:
        return {}
    rows = session.execute(select(key, told).where(key.in_(wanted), key.class_.network_id == network_id))
    return {row[0]: row[1] for row in rows}
