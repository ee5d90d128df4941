"""What somebody asks of the statistics: a period, by what, which measures; read from the address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from admin.auth import holder, reaches_network
from tickets.rights import Right
from tickets.statistics.dimensions import Dimension, Measure
from tickets.statistics.periods import Period
from tickets.statistics.reading import reported_years

ALL: Final = "all"
USUAL: Final = (Measure.EVENTS, Measure.KEPT_SHARE, Measure.SAME_DAY_SHARE, Measure.MEDIAN_WAIT, Measure.SOLVED_SHARE)
BACK: Final = 5  # years that are offered


@dataclass(frozen=True, slots=True)
class Question:
    """A report that is asked for; `mistakes` are what could not be read, and something usual stands in its place."""

    written: str
    by: Dimension
    measures: Sequence[Measure]
    mistakes: Sequence[str] = ()

    @classmethod
    def read(cls, asked: MultiDict[str, str], today: date) -> Self:
        """What the address asks for."""
        written, by = asked.get("period", ""), asked.get("by", "")
        wrong = [name for name, value in (("period", written), ("by", by)) if value and not _KNOWN[name](value)]
        wanted = [Measure(one) for one in asked.getlist("measure") if one in list(Measure)]
        return cls(
            written if written and "period" not in wrong else f"{today.year}",
            Dimension(by) if by and "by" not in wrong else Dimension.MONTH,
            tuple(measure for measure in Measure if measure in wanted) or USUAL,
            tuple(wrong),
        )

    @property
    def all_time(self) -> bool:
        """Whether all years are asked for."""
        return self.written == ALL

    def period(self, session: Session, network_id: int) -> Period | None:
        """The period; none where nothing has been counted in any year."""
        return reported_years(session, network_id) if self.all_time else Period.read(self.written)


def periods_offered(today: date) -> Sequence[str]:
    """What one may choose from: this year and the ones before, its quarters and months, all time."""
    months = [f"{year}-{month:02d}" for year in (today.year, today.year - 1) for month in range(12, 0, -1)]
    quarters = [f"{year}-Q{quarter}" for year in (today.year, today.year - 1) for quarter in range(4, 0, -1)]
    past = [one for one in (*months, *quarters) if Period.read(one).begins <= today]
    return [*(f"{year}" for year in range(today.year, today.year - BACK, -1)), *past, ALL]


def whose() -> int | None:
    """The organisation whose statistics the reader may see; none: the whole network's."""
    return None if reaches_network(Right.READ_STATISTICS) else holder().organisation_id or 0


def _is_period(written: str) -> bool:
    try:
        return written == ALL or bool(Period.read(written))
    except ValueError:
        return False


_KNOWN: Final[Mapping[str, Callable[[str], bool]]] = {
    "period": _is_period,
    "by": lambda value: value in list(Dimension),
}
