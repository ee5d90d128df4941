"""The report that somebody asks for: read, with the groups, and shaped."""

from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from tickets.statistics.dimensions import AREAS, Dimension, Kept
from tickets.statistics.figures import MonthSums
from tickets.statistics.gathered import as_sums, groups_of
from tickets.statistics.periods import Period
from tickets.statistics.reading import sums_of
from tickets.statistics.tables import Table, area_table, months_table, table, weeks_table


def report(
    session: Session,
    network_id: int,
    period: Period,
    by: Dimension,
    *,
    zone: ZoneInfo,
    organisation_id: int | None = None,
) -> Table:
    """A period's table by one dimension: of the whole network, or of what one organisation's own people did."""
    read = _Reading(session, network_id, period, organisation_id, zone)
    match by:
        case Dimension.WEEK:
            return weeks_table(period, read.sums(by))
        case Dimension.MONTH:
            return months_table(period, read.totals())
        case _ if by in AREAS:
            return area_table(by, period, {kind: read.sums(kind) for kind in AREAS}, read.totals())
        case Dimension.ORGANISATION:
            return table(by, period, [_by_organisation(one) for one in read.totals()], read.totals())
        case _:
            return table(by, period, read.sums(by), read.totals())


def _by_organisation(one: MonthSums) -> MonthSums:
    return MonthSums(one.month, str(one.organisation_id or ""), one.organisation_id, one.sums)


class _Reading:
    """One report's reading: the events' sums and the groups' together."""

    def __init__(
        self, session: Session, network_id: int, period: Period, organisation_id: int | None, zone: ZoneInfo
    ) -> None:
        self._read = partial(sums_of, session, network_id, period, organisation_id=organisation_id)
        self._groups = groups_of(session, network_id, period, zone=zone, organisation_id=organisation_id)

    def sums(self, by: Dimension) -> tuple[MonthSums, ...]:
        return self._read(by) + as_sums(self._groups, by)

    def totals(self) -> tuple[MonthSums, ...]:
        return self._read(Kept.TOTAL) + as_sums(self._groups, None)
