"""The stretches that are reported: months, quarters, years, and years together. Pure.

Only these, so that nobody gets at a small cell by taking one odd stretch from another (docs/decisions/0022-small-cells.md).
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Self

_WRITTEN: Final = re.compile(r"(2\d{3})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?")
MONTH, QUARTER, YEAR = 1, 3, 12


@dataclass(frozen=True, slots=True)
class Period:
    """So many months from the first day of one of them on."""

    begins: date
    months: int

    @classmethod
    def read(cls, written: str) -> Self:
        """2026, 2026-Q4 or 2026-11; ValueError when it is none of them."""
        found = _WRITTEN.fullmatch(written)
        if found is None:
            message = "write a year, a quarter or a month, as 2026, 2026-Q4 or 2026-11"
            raise ValueError(message)
        year, quarter, month = found.groups()
        if quarter:
            return cls(date(int(year), int(quarter) * QUARTER - 2, 1), QUARTER)
        return cls(date(int(year), int(month or 1), 1), MONTH if month else YEAR)

    @classmethod
    def month_of(cls, day: date) -> Self:
        """The month of a day."""
        return cls(day.replace(day=1), MONTH)

    @classmethod
    def years(cls, first: int, last: int) -> Self:
        """Whole years, both with."""
        return cls(date(first, 1, 1), (last - first + 1) * YEAR)

    @property
    def until(self) -> date:
        """The first day after it."""
        return _later(self.begins, self.months)

    @property
    def name(self) -> str:
        """As it is written; several years as 2025–2026."""
        year = self.begins.year
        if self.months == MONTH:
            return f"{self.begins:%Y-%m}"
        if self.months == QUARTER:
            return f"{year}-Q{self.begins.month // QUARTER + 1}"
        last = year + self.months // YEAR - 1
        return str(year) if last == year else f"{year}–{last}"

    @property
    def parts(self) -> tuple["Period", ...]:
        """The periods that it is made of and that are reported themselves; a month of none."""
        length = {MONTH: 0, QUARTER: MONTH, YEAR: QUARTER}.get(self.months, YEAR)
        return tuple(Period(_later(self.begins, at), length) for at in range(0, self.months, length)) if length else ()

    @property
    def each_month(self) -> tuple["Period", ...]:
        """Its months."""
        return tuple(Period(_later(self.begins, at), MONTH) for at in range(self.months))

    @property
    def mondays(self) -> tuple[date, ...]:
        """The weeks that begin in it."""
        first = self.begins + timedelta(days=-self.begins.weekday() % 7)
        return tuple(first + timedelta(weeks=week) for week in range((self.until - first).days // 7 + 1)
                     if first + timedelta(weeks=week) < self.until)  # fmt: skip


def _later(month: date, months: int) -> date:
    years, at = divmod(month.month - 1 + months, YEAR)
    return date(month.year + years, at + 1, 1)
