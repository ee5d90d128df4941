"""How often something comes again, in plain choices: on which weekdays, every how many weeks, from when until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from admin.people.reading import row_of, time_of
from admin.rota.typed import Mistakes, RotaMistake, Sent, TypedTerms, ids_of
from admin.rota.view import day_of
from scheduler.rota.recurrence import WEEKDAYS
from scheduler.rota.templates import Weekly
from tickets.network_hours import NetworkHours

EVERY: Final = ("1", "2", "3", "4")
LONGEST_RULE: Final = 500
_PLAIN: Final = frozenset({"FREQ", "INTERVAL", "BYDAY", "UNTIL", "WKST"})


@dataclass(frozen=True, slots=True)
class Plain:
    """A rule as people say it; `until` is the last day."""

    weekdays: tuple[str, ...]
    every: str = "1"
    until: date | None = None


def plain(rule: str) -> Plain | None:
    """A rule in plain choices; None for one that somebody wrote otherwise."""
    parts = dict(piece.strip().partition("=")[::2] for piece in rule.strip().upper().removeprefix("RRULE:").split(";"))
    weekdays = tuple(day for day in parts.get("BYDAY", "").split(",") if day)
    until = parts.get("UNTIL", "")
    simple = parts.keys() <= _PLAIN and parts.get("FREQ") == "WEEKLY" and weekdays and set(weekdays) <= set(WEEKDAYS)
    if not simple or parts.get("INTERVAL", "1") not in EVERY or parts.get("WKST", "MO") != "MO":
        return None
    last = day_of(f"{until[:4]}-{until[4:6]}-{until[6:]}") if until else None
    return None if until and last is None else Plain(weekdays, parts.get("INTERVAL", "1"), last)


def rule_of(said: Plain) -> str:
    """The same as a rule (RFC 5545)."""
    parts = ["FREQ=WEEKLY"]
    if said.every != "1":
        parts.append(f"INTERVAL={said.every}")
    parts.append("BYDAY=" + ",".join(day for day in WEEKDAYS if day in said.weekdays))
    if said.until is not None:
        parts.append(f"UNTIL={said.until:%Y%m%d}")
    return ";".join(parts)


@dataclass(frozen=True, slots=True)
class TypedWeekly:
    """A shift that comes again, as it was typed; `rule` is one in its own words, in place of the plain choices."""

    weekdays: tuple[str, ...]
    every: str
    first_day: str
    until: str
    begins: str
    ends: str
    asks: TypedTerms
    helpers: tuple[int, ...] = ()
    rule: str = ""

    @classmethod
    def sent(cls, form: Sent) -> "TypedWeekly":
        """As it was typed."""
        weekdays = tuple(day for day in form.getlist("weekdays") if day in WEEKDAYS)
        names = ("every", "first_day", "until", "begins", "ends")
        every, first_day, until, begins, ends = (form.get(name, "").strip()[:100] for name in names)
        rule = form.get("rule", "").strip()[: LONGEST_RULE + 1]
        asks, helpers = TypedTerms.sent(form), ids_of(form.getlist("helpers"))
        return cls(weekdays, every, first_day, until, begins, ends, asks, helpers, rule)

    @classmethod
    def blank(cls, first_day: date, hours: NetworkHours) -> "TypedWeekly":
        """An empty form: working days, as long as the network's hours."""
        walls = f"{hours.opens:%H:%M}", f"{hours.closes:%H:%M}"
        return cls(WEEKDAYS[:5], "1", first_day.isoformat(), "", *walls, TypedTerms())

    @classmethod
    def of(cls, weekly: Weekly) -> "TypedWeekly":
        """As it stands."""
        said = plain(weekly.rrule)
        asks = TypedTerms(
            str(weekly.needed),
            str(weekly.most),
            str(weekly.organisation_id or ""),
            weekly.language or "",
            weekly.kind or "",
            str(weekly.call_minutes),
        )
        return cls(
            said.weekdays if said else (),
            said.every if said else "1",
            weekly.first_day.isoformat(),
            said.until.isoformat() if said and said.until else "",
            f"{weekly.begins:%H:%M}",
            f"{weekly.ends:%H:%M}",
            asks,
            weekly.helpers,
            "" if said else weekly.rrule,
        )

    @property
    def mistakes(self) -> Mistakes:
        """What is wrong with it, by field."""
        wrong: Mistakes = dict(self.asks.mistakes)
        checks: Mapping[str, tuple[bool, RotaMistake]] = {
            "weekdays": (bool(self.weekdays or self.rule), RotaMistake.NO_WEEKDAY),
            "every": (self.every in EVERY, RotaMistake.NOT_A_CHOICE),
            "first_day": (day_of(self.first_day) is not None, RotaMistake.NOT_A_DAY),
            "until": (not self.until or day_of(self.until) is not None, RotaMistake.NOT_A_DAY),
            "begins": (time_of(self.begins) is not None, RotaMistake.NOT_A_TIME),
            "ends": (time_of(self.ends) is not None, RotaMistake.NOT_A_TIME),
            "rule": (len(self.rule) <= LONGEST_RULE, RotaMistake.TOO_LONG_A_TEXT),
        }
        return wrong | {name: mistake for name, (fine, mistake) in checks.items() if not fine}

    @property
    def weekly(self) -> Weekly:
        """The shift for the template; only where nothing is wrong."""
        first, begins, ends, asks = day_of(self.first_day), time_of(self.begins), time_of(self.ends), self.asks
        assert first is not None
        assert begins is not None
        assert ends is not None
        return Weekly(
            self.rule or rule_of(Plain(self.weekdays, self.every, day_of(self.until))),
            first,
            begins,
            ends,
            int(asks.needed),
            int(asks.most),
            row_of(asks.organisation),
            asks.language_read,
            asks.kind_read,
            int(asks.call),
            tuple(dict.fromkeys(self.helpers)),
        )
