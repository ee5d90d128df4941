"""The report that somebody asks for: read, with the groups, and shaped."""

from collections.abc import Callable, Collection
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from tickets.statistics.dimensions import AREAS, Dimension, Kept
from tickets.statistics.figures import MonthSums
from tickets.statistics.gathered import as_sums, groups_of
from tickets.statistics.periods import YEAR, Period
from tickets.statistics.reading import each_organisation, sums_of
from tickets.statistics.records import ALL
from tickets.statistics.tables import Table, area_table, months_table, table, weeks_table

Tell = Callable[[], None]


def _nobody() -> None:
    """Whom nobody needs to tell."""


def report(
    session: Session,
    network_id: int,
    period: Period,
    by: Dimension,
    *,
    zone: ZoneInfo,
    organisation_id: int | None = None,
    tell: Tell = _nobody,
) -> Table:
    """A period's table by one dimension: of the whole network, or of what one organisation's own people did.

    Several years are read one after the other, and `tell` hears of each.
    """
    read = _Reading(session, network_id, period, organisation_id, zone, tell)
    match by:
        case Dimension.WEEK:
            return weeks_table(period, read.sums(by))
        case Dimension.MONTH:
            return months_table(period, read.totals())
        case _ if by in AREAS:
            return area_table(
                by, period, {kind: read.sums(kind, with_waits=kind is by) for kind in AREAS}, read.totals()
            )
        case Dimension.ORGANISATION:
            return table(by, period, [_by_organisation(one) for one in read.each()], read.totals())
        case _:
            return table(by, period, read.sums(by), read.totals())


def _by_organisation(one: MonthSums) -> MonthSums:
    return MonthSums(one.month, str(one.organisation_id or ""), one.organisation_id, one.sums)


class _Reading:
    """One report's reading: the events' sums and the groups' together."""

    def __init__(
        self,
        session: Session,
        network_id: int,
        period: Period,
        organisation_id: int | None,
        zone: ZoneInfo,
        tell: Tell,
    ) -> None:
        self._session = session
        self._network_id = network_id
        self._sums_of = partial(sums_of, session, network_id)
        self._organisation_id = organisation_id
        self._whose = (ALL if organisation_id is None else organisation_id,)
        self._stretches = period.parts if period.months > YEAR else (period,)
        self._tell = tell
        self._groups = groups_of(session, network_id, period, zone=zone, organisation_id=organisation_id)

    def sums(self, by: Dimension, *, with_waits: bool = True) -> tuple[MonthSums, ...]:
        return self._read(by, with_waits=with_waits) + as_sums(self._groups, by)

    def totals(self) -> tuple[MonthSums, ...]:
        return self._read(Kept.TOTAL) + as_sums(self._groups, None)

    def each(self) -> tuple[MonthSums, ...]:
        each = each_organisation(self._session, self._network_id) if self._organisation_id is None else self._whose
        return self._read(Kept.TOTAL, each) + as_sums(self._groups, None)

    def _read(
        self, by: Dimension | Kept, whose: Collection[int] | None = None, *, with_waits: bool = True
    ) -> tuple[MonthSums, ...]:
        found: list[MonthSums] = []
        for stretch in self._stretches:
            found += self._sums_of(stretch, by, organisations=whose or self._whose, with_waits=with_waits)
            self._tell()
        return tuple(found)
