"""A town whose support events are written straight into the store, and its reports as they are read."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text

from scheduler.slots import HELSINKI
from tests.integration.store.conftest import FI, Town
from tickets.directory import add_organisation
from tickets.statistics.dimensions import Dimension, Measure
from tickets.statistics.figures import Figure
from tickets.statistics.periods import Period
from tickets.statistics.records import SupportEvent
from tickets.statistics.reports import report
from tickets.statistics.sums import sum_due_months
from tickets.statistics.tables import Table
from tickets.vocabulary import Channel, Outcome

NOVEMBER, YEAR = Period.read("2026-11"), Period.read("2026")
TURKU, NAANTALI, LOIMAA, PARAINEN = "853", "529", "430", "445"


@dataclass
class Statistics:
    """A town whose support events are written straight into the store."""

    town: Town

    def write(self, times: int = 1, **told: object) -> None:
        """So many events of November, alike but for what is told."""
        usual = {
            "network_id": self.town.network,
            "day": date(2026, 11, 10),
            "hour_band": 9,
            "channel": Channel.PHONE,
            "language": FI,
            "topics": ["PUHELIN"],
            "same_day": True,
            "promises": 1,
            "kept": 1,
            "attempts": 1,
            "rang_again": 0,
            "outcome": Outcome.RATKAISTU,
            "training_need": False,
        }
        with self.town.sessions.begin() as session:
            session.add_all(SupportEvent(**{**usual, **told}) for _ in range(times))
            months = {str(event["day"])[:7] + "-01" for event in ({**usual, **told},)}
            for month in months:
                session.execute(
                    text("INSERT INTO support_month_due VALUES (:n, :m, true) ON CONFLICT (network_id, month) "
                         "DO UPDATE SET due = true"),
                    {"n": self.town.network, "m": month},
                )  # fmt: skip

    def summed(self) -> None:
        with self.town.sessions.begin() as session:
            while sum_due_months(session):
                pass

    def report(self, by: Dimension, period: Period = NOVEMBER, organisation: int | None = None) -> Table:
        self.summed()
        with self.town.sessions() as session:
            return report(session, self.town.network, period, by, zone=HELSINKI, organisation_id=organisation)

    def organisation(self, name: str, *serves: str) -> int:
        with self.town.sessions.begin() as session:
            return add_organisation(session, self.town.network, name, serves=serves)


def shown(table: Table, measure: Measure = Measure.EVENTS) -> dict[str, float | str | None]:
    """What a table says of each value."""
    return {row.value: how(row[measure]) for row in table.rows}


def how(figure: Figure) -> float | str | None:
    """A figure as its reader has it: told, told roughly, or hidden."""
    return "hidden" if figure.hidden else f"about {figure.number}" if figure.rounded else figure.number
