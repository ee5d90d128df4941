"""What tickets are looked for, as it stands in a page's address and in a saved list. Reads no clock and no database."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, Self, TypeVar

from admin.cases.typed import day_typed, plain
from admin.clock import within_reach
from admin.people.reading import row_of
from scheduler.finding import Wanted
from scheduler.slots import DAY, HELSINKI
from tickets.municipalities import by_code, municipality_of
from tickets.vocabulary import Channel, Outcome, TicketStatus, Topic
from voice_prompts.language import Language

C = TypeVar("C", bound=StrEnum)
LONGEST_WORDS: Final = 200
ALL: Final = "all"


class Sort(StrEnum):
    """What comes first."""

    URGENT = "urgent"
    NEWEST = "newest"


class Whose(StrEnum):
    """Whose tickets: one's own, or nobody's."""

    ME = "me"
    NONE = "none"


class ListMistake(StrEnum):
    """What is wrong with a field of the list's form; the page has the words."""

    NOTHING_TO_FIND = "list_nothing_to_find"
    TOO_LONG = "list_too_long"
    NOT_IN_LIST = "list_not_in_list"
    MUNICIPALITY = "list_municipality"
    DAY = "list_day"
    DAYS = "list_days"
    NO_NAME = "list_no_name"
    NAME_TOO_LONG = "list_name_too_long"
    NAME_TAKEN = "list_name_taken"
    TOO_MANY = "list_too_many"


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields as they were typed; `state` empty: all that are open. Boxes hold "1" or nothing."""

    q: str = ""
    state: str = ""
    sort: str = ""
    language: str = ""
    topic: str = ""
    e_service: str = ""
    municipality: str = ""
    organisation: str = ""
    owner: str = ""
    channel: str = ""
    outcome: str = ""
    since: str = ""
    until: str = ""
    overdue: str = ""
    dated: str = ""
    waiting: str = ""
    training_need: str = ""

    @classmethod
    def sent(cls, given: Mapping[str, str]) -> Self:
        """What an address or a form carries, whatever it is."""
        return cls(**{one.name: plain(given, one.name) for one in fields(cls) if one.name in given})

    @property
    def address(self) -> dict[str, str]:
        """The same for an address: what was left out is left out."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def narrowed(self) -> bool:
        """Whether more is asked for than words, a state and an order."""
        return bool(self.address.keys() - {"q", "state", "sort"})

    @property
    def order(self) -> Sort:
        """What comes first: of closed ones alone, and where nothing else is said, the newest or the most urgent."""
        usual = Sort.NEWEST if self.state == TicketStatus.CLOSED else Sort.URGENT
        return usual if self.sort not in list(Sort) else Sort(self.sort)


@dataclass(frozen=True, slots=True)
class Sought:
    """A list as it was asked for: what to look for beside words, or the mistakes by field."""

    typed: Typed
    wanted: Wanted = field(default_factory=Wanted)
    mistakes: Mapping[str, str] = field(default_factory=dict)


def read(typed: Typed, *, me: int | None) -> Sought:
    """Read what is looked for; `me`: the number of whoever asks, where they are somebody."""
    mistakes = {name: wrong for name, wrong in _mistakes(typed).items() if wrong is not None}
    return Sought(typed, mistakes=mistakes) if mistakes else Sought(typed, _wanted(typed, me))


def kept_as(typed: Typed) -> dict[str, str]:
    """The filters of a list to be saved, in the names that programs use (its words are kept apart)."""
    wanted = _wanted(typed, None)
    told = {
        "status": wanted.status,
        "open": "true" if wanted.open else None,
        "municipality": wanted.municipality,
        "owner": typed.owner,
        "created_from": None if wanted.created_from is None else wanted.created_from.isoformat(),
        "created_before": None if wanted.created_before is None else wanted.created_before.isoformat(),
        **{name: getattr(typed, name) for name in _SAME},
        **{name: "true" if getattr(typed, name) else None for name in _BOXES},
    }
    return {name: str(value) for name, value in told.items() if value}


def typed_for(kept: Mapping[str, str], said: str | None) -> Typed:
    """What to type for a saved list, whether a page or a program has saved it."""
    state = kept.get("status") or ("" if kept.get("open") == "true" else ALL)
    same = {name: kept[name] for name in ("municipality", "owner", *_SAME) if name in kept}
    boxes = {name: "1" for name in _BOXES if kept.get(name) == "true"}
    since, before = (_moment(kept.get(name)) for name in ("created_from", "created_before"))
    days = {
        "since": "" if since is None else _day_of(since).isoformat(),
        "until": "" if before is None else _day_of(before - timedelta(microseconds=1)).isoformat(),
    }
    return Typed(q=said or "", state=state, **same, **boxes, **days)


_SAME: Final = ("language", "topic", "e_service", "organisation", "channel", "outcome")
_BOXES: Final = ("overdue", "dated", "waiting", "training_need")
_CODES: Final[Mapping[str, type[StrEnum]]] = {
    "language": Language,
    "topic": Topic,
    "channel": Channel,
    "outcome": Outcome,
    "owner": Whose,
    "sort": Sort,
}


def _mistakes(typed: Typed) -> Mapping[str, ListMistake | None]:
    unknown = {name: getattr(typed, name) not in ("", *kind) for name, kind in _CODES.items()}
    unknown["state"] = typed.state not in ("", ALL, *TicketStatus)
    unknown["organisation"] = bool(typed.organisation) and row_of(typed.organisation) is None
    since, until = day_typed(typed.since), day_typed(typed.until)
    backwards = since is not None and until is not None and since > until
    not_there = bool(typed.municipality) and municipality_of(typed.municipality) is None
    return {
        "q": ListMistake.TOO_LONG if len(typed.q) > LONGEST_WORDS else None,
        **{name: ListMistake.NOT_IN_LIST if wrong else None for name, wrong in unknown.items()},
        "municipality": ListMistake.MUNICIPALITY if not_there else None,
        "since": ListMistake.DAY if typed.since and since is None else None,
        "until": _until(typed, until, backwards=backwards),
    }


def _until(typed: Typed, until: date | None, *, backwards: bool) -> ListMistake | None:
    if typed.until and until is None:
        return ListMistake.DAY
    return ListMistake.DAYS if backwards else None


def _wanted(typed: Typed, me: int | None) -> Wanted:
    since, until = day_typed(typed.since), day_typed(typed.until)
    return Wanted(
        status=_code(TicketStatus, typed.state),
        open=typed.state == "",
        language=_code(Language, typed.language),
        topic=_code(Topic, typed.topic),
        e_service=typed.e_service or None,
        municipality=municipality_of(typed.municipality) if typed.municipality else None,
        channel=_code(Channel, typed.channel),
        outcome=_code(Outcome, typed.outcome),
        organisation=row_of(typed.organisation),
        owner=(me or 0) if typed.owner == Whose.ME else None,
        ownerless=typed.owner == Whose.NONE,
        overdue=bool(typed.overdue),
        dated=bool(typed.dated),
        waiting=bool(typed.waiting),
        training_need=bool(typed.training_need),
        created_from=None if since is None else _midnight(since),
        created_before=None if until is None else _midnight(until + DAY),
    )


def municipality_typed(code_or_name: str, *, swedish: bool) -> str:
    """A municipality as its field shows it: by its name, where a list was saved by its code."""
    place = by_code(code_or_name)
    return code_or_name if place is None else place.name_in(Language.SV if swedish else Language.FI)


def _code(kind: type[C], chosen: str) -> C | None:
    return next((code for code in kind if code == chosen), None)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=HELSINKI)


def _moment(kept: str | None) -> datetime | None:
    try:
        return None if kept is None else within_reach(kept)
    except ValueError:
        return None


def _day_of(moment: datetime) -> date:
    return moment.astimezone(HELSINKI).date()
