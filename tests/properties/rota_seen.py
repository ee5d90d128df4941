"""The rota and its promises as the rows tell them, judged by trying everything: none of the product's own reckoning."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.orm import Session

QUARTER = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HELSINKI = ZoneInfo("Europe/Helsinki")
FOR_STAFF = "HALUAN_AUTTAA"
ON_THE_PHONE = ("ringing", "talking")


@dataclass(frozen=True)
class Person:
    """A helper at one start, and how long a call may last there."""

    id: int
    languages: frozenset[str]
    staff: bool
    serves: frozenset[str]
    minutes: int


@dataclass(frozen=True)
class Asked:
    """A promise, or what somebody would be promised (id 0)."""

    id: int
    ticket: int
    starts_at: datetime
    state: str
    helper: int | None
    language: str
    topic: str
    municipality: str | None
    minutes: int


@dataclass
class Seen:
    """Everything that is to be judged, read at one moment."""

    now: datetime
    on_duty: dict[datetime, list[Person]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    shut: list[tuple[datetime, datetime]] = field(default_factory=list)

    def at(self, start: datetime) -> tuple[list[Asked], list[Person]]:
        """What must be kept at a start, and who is left to keep it beside those on the phone."""
        there = [one for one in self.asked if one.starts_at == start]
        promised = [one for one in there if one.state == "promised"]
        return promised, [person for person in self.on_duty.get(start, []) if not self._on_the_phone(person, start)]

    def _on_the_phone(self, person: Person, start: datetime) -> bool:
        """Whether they talk with somebody then: whose call is of that start, or not over by then."""
        ends = start + person.minutes * MINUTE
        return any(
            one.helper == person.id
            and one.state in ON_THE_PHONE
            and (one.starts_at == start or (one.starts_at < ends and start < one.starts_at + one.minutes * MINUTE))
            for one in self.asked
        )

    def has_room(self, wish: Asked) -> bool:
        """Whether some way keeps all promises at its start and this one, too; its ticket's present time is given up."""
        there, people = self.at(wish.starts_at)
        others = [one for one in there if one.ticket != wish.ticket]
        return can_all_be_kept([*others, wish], people)

    def may_be_booked(self, wish: Asked) -> bool:
        """The same, on a quarter of an hour and not sooner than it takes to get ready."""
        on_grid = (wish.starts_at - EPOCH) % QUARTER == timedelta(0)
        return on_grid and wish.starts_at >= self.now + QUARTER and self.has_room(wish)

    def first_offer(self, wish: Asked) -> datetime | None:
        """The first start, half an hour or more ahead, that has room for it."""
        ahead = [
            start for start in sorted(self.on_duty) if start >= self.now + 2 * QUARTER and not self._day_off(start)
        ]
        wishes = (replace(wish, starts_at=start) for start in ahead)
        return next((one.starts_at for one in wishes if self.may_be_booked(one)), None)

    def _day_off(self, start: datetime) -> bool:
        """Whether the line is shut all through the hours of that day, from nine to three on the wall."""
        opens = start.astimezone(HELSINKI).replace(hour=9, minute=0)
        quarters = [opens.astimezone(UTC) + number * QUARTER for number in range(24)]
        return all(any(begins <= at < ends for begins, ends in self.shut) for at in quarters)

    def starts(self) -> list[datetime]:
        """Every start at which somebody is on duty, or something is promised, or that lies between two."""
        known = {*self.on_duty, *(one.starts_at for one in self.asked)}
        return sorted(known | {start + QUARTER for start in known})


def can_all_be_kept(asked: Sequence[Asked], people: Collection[Person]) -> bool:
    """Whether each can have a helper of its own: the first takes any who may, and so on, until one way works."""
    if not asked:
        return True
    first, *others = asked
    takers = [person for person in people if may_take(person, first)]
    return any(can_all_be_kept(others, [one for one in people if one.id != taker.id]) for taker in takers)


def may_take(person: Person, one: Asked) -> bool:
    """Language, length, municipality, and what only staff may do."""
    understood = one.language in person.languages and one.minutes <= person.minutes
    near = one.municipality is None or one.municipality in person.serves
    return understood and near and (person.staff or one.topic != FOR_STAFF)


def look_around(session: Session, now: datetime) -> Seen:
    """Read it all, in three statements."""
    shut = session.execute(_CLOSURES).all()
    seen = Seen(now, shut=[(row.begins, row.ends) for row in shut if row.organisation_id is None])
    for row in session.execute(_PLACES):
        person = Person(row.id, frozenset(row.languages), row.kind == "staff", frozenset(row.serves), row.call_minutes)
        whose = (None, row.organisation, row.shift_organisation)
        for start in _starts(row.begins, row.ends, row.phase, row.call_minutes):
            if not any(one.begins <= start < one.ends and one.organisation_id in whose for one in shut):
                seen.on_duty.setdefault(start, []).append(person)
    seen.asked = [Asked(*row) for row in session.execute(_ASKED)]
    return seen


def _starts(begins: datetime, ends: datetime, phase: int, minutes: int) -> list[datetime]:
    """Minute by minute: whenever a call of that length can begin in the shift's own rhythm, and ends in the place."""
    whole = [begins + number * MINUTE for number in range((ends - begins) // MINUTE)]
    length = minutes * MINUTE
    return [at for at in whole if (at - EPOCH) // MINUTE % minutes == phase and at + length <= ends]


_CLOSURES = text("""
SELECT organisation_id, lower(during) AS begins, upper(during) AS ends FROM closure WHERE lifted_at IS NULL
""")
_PLACES = text("""
SELECT h.id, h.languages, h.kind, h.organisation_id AS organisation, o.serves, s.organisation_id AS shift_organisation,
    lower(p.during) AS begins, upper(p.during) AS ends, s.phase, s.call_minutes
FROM place p JOIN shift s ON s.id = p.shift_id JOIN helper h ON h.id = p.helper_id
JOIN organisation o ON o.id = h.organisation_id
WHERE p.state = 'held' AND s.published_at IS NOT NULL AND s.cancelled_at IS NULL
""")
_ASKED = text("""
SELECT id, ticket_id, starts_at, state, assigned_helper_id, language, topic, municipality,
    CAST(extract(epoch FROM upper(during) - lower(during)) / 60 AS int)
FROM callback WHERE state IN ('promised', 'ringing', 'talking', 'deficit') ORDER BY id
""")
