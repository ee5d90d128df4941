"""Through what the rota is looked at: which week, by helper or by time, and whose."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, Final

from flask import url_for

from admin.people.choosing import name_in
from admin.people.reading import number_of, row_of
from scheduler.rota.rules import WEEK, local_day
from scheduler.slots import DAY, Span, instant_of
from voice_prompts.language import Language

FIRST_YEAR, LAST_YEAR = 2000, 2100
DAYS: Final = 7


class By(StrEnum):
    """The two ways of looking at a week."""

    HELPER = "helper"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class View:
    """A week, from its Monday on, and whom of it is looked at; `area` is a municipality's code, or a line as `line-3`."""

    monday: date
    by: By = By.HELPER
    organisation: int | None = None
    language: Language | None = None
    area: str = ""
    page: int = 1
    name: str = ""

    @classmethod
    def asked(cls, args: Mapping[str, str], *, now: datetime) -> "View":
        """As the address asks for it; what it does not say, or says in other words, is left at the usual."""
        day = day_of(args.get("day")) or local_day(now)
        by, language = args.get("by"), args.get("language")
        return cls(
            day - day.weekday() * DAY,
            By(by) if by in list(By) else By.HELPER,
            row_of(args.get("organisation")),
            Language(language) if language in list(Language) else None,
            args.get("area", "")[:20],
            max(1, min(number_of(args.get("page")) or 1, 999)),
            name_in(args.get("name", "")),
        )

    @property
    def days(self) -> tuple[date, ...]:
        """Monday to Sunday."""
        return tuple(self.monday + count * DAY for count in range(DAYS))

    @property
    def span(self) -> Span:
        """The week, by the clock in Helsinki."""
        return Span(instant_of(self.monday, time()), instant_of(self.monday + WEEK, time()))

    @property
    def week(self) -> int:
        """The number of the week in its year, by ISO 8601."""
        return self.monday.isocalendar().week

    @property
    def is_narrowed(self) -> bool:
        """Whether somebody or something is left out."""
        return bool(self.organisation or self.language or self.area or self.name)

    def address(self, **changes: object) -> str:
        """The address of the same view, or of another one."""
        view = replace(self, **changes)  # type: ignore[arg-type]
        told: dict[str, Any] = {"by": view.by if view.by is not By.HELPER else None, "area": view.area or None}
        told |= {"organisation": view.organisation, "language": view.language, "name": view.name or None}
        return url_for("rota.week", day=view.monday, page=view.page if view.page > 1 else None, **told)

    def weeks_on(self, count: int) -> str:
        """The address of a week so many weeks later, or earlier."""
        return self.address(monday=self.monday + count * WEEK, page=1)


def day_of(typed: str | None) -> date | None:
    """The day in these words, YYYY-MM-DD, if it is one that a rota can be about."""
    try:
        day = date.fromisoformat((typed or "").strip())
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year < LAST_YEAR else None
