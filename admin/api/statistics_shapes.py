"""The statistics as the API shows them."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, Field

from admin.api.operations import Download
from admin.api.place_shapes import Day, Strict
from scheduler.parity import Parity, Side
from tickets.statistics.between import HelpTable
from tickets.statistics.dimensions import Dimension, Measure
from tickets.statistics.entries import CampaignCard, IndicatorCard, NewCampaign, NewIndicator
from tickets.statistics.figures import Figure, Row
from tickets.statistics.periods import Period
from tickets.statistics.tables import Table
from tickets.vocabulary import HeardOfUs, PageLanguage
from voice_prompts.language import Language

PERIOD = "A month, a quarter or a year: 2026-11, 2026-Q4, 2026."


def _readable(written: str) -> str:
    Period.read(written)
    return written


Written = Annotated[str, AfterValidator(_readable), Field(description=PERIOD)]


class PeriodQuery(Strict):
    """Which period."""

    period: Written

    @property
    def asked_for(self) -> Period:
        """The period."""
        return Period.read(self.period)


class TableQuery(PeriodQuery):
    """Which table."""

    by: Dimension


class FileQuery(TableQuery):
    """Which table, in whose words."""

    language: PageLanguage = Field(PageLanguage.FI, description="The language of headings and values.")


class CsvQuery(FileQuery):
    """Which table, in whose words, for which program."""

    excel: bool = Field(False, description="As a Finnish Excel opens it: semicolons, decimal commas, a mark of UTF-8.")


class FigureOut(BaseModel):
    """A number; `hidden` where it is of fewer than five or would give such a one away, `rounded` to the nearest five."""

    number: float | None
    hidden: bool
    rounded: bool

    @classmethod
    def of(cls, figure: Figure) -> Self:
        """A figure."""
        return cls(number=figure.number, hidden=figure.hidden, rounded=figure.rounded)


class RowOut(BaseModel):
    """One value, and what is told of it: counts, shares of 1, minutes. An empty value: not told."""

    value: str
    name: str
    events: FigureOut
    rang_again: FigureOut
    training: FigureOut
    same_day_share: FigureOut
    kept_share: FigureOut
    solved_share: FigureOut
    helped_share: FigureOut
    median_wait: FigureOut
    gatherings: FigureOut
    gathered: FigureOut

    @classmethod
    def of(cls, row: Row, name: str) -> Self:
        """A row of a table."""
        figures = {measure.value: FigureOut.of(row[measure]) for measure in Measure}
        return cls.model_validate({"value": row.value, "name": name, **figures})


class TableOut(BaseModel):
    """A table; where rows may not be named, hidden ones are left out. By topic a matter may be in several rows."""

    by: Dimension
    period: str
    rows: list[RowOut]
    total: RowOut
    named: bool

    @classmethod
    def of(cls, table: Table, names: Mapping[str, str]) -> Self:
        """A table with the names of its rows."""
        rows = [RowOut.of(row, names[row.value]) for row in table.rows]
        total = RowOut.of(table.total, "")
        return cls(by=table.by, period=table.period.name, rows=rows, total=total, named=table.named)


class HelpOut(BaseModel):
    """Matters of the receiver's people that the giver's helpers saw to; a pair of fewer than five is left out."""

    giver: str = Field(description="Statistics Finland's code; empty: helpers of the whole network.")
    receiver: str = Field(description="Statistics Finland's code; empty: not told.")
    events: FigureOut


class BalanceOut(BaseModel):
    """What a municipality did for its own people and at least for others', others for its people, and all for its people."""

    municipality: str
    own: FigureOut
    given_at_least: FigureOut = Field(description="The sum of what is told in the pairs.")
    received: FigureOut
    for_its_people: FigureOut


class HelpTableOut(BaseModel):
    """Help given and received between municipalities; `named` is false where nothing but the total may be told."""

    period: str
    pairs: list[HelpOut]
    balances: list[BalanceOut]
    total: FigureOut
    named: bool

    @classmethod
    def of(cls, table: HelpTable) -> Self:
        """A table of help."""
        return cls(
            period=table.period.name,
            pairs=[
                HelpOut(giver=one.giver, receiver=one.receiver, events=FigureOut.of(one.events)) for one in table.pairs
            ],
            balances=[
                BalanceOut(
                    municipality=one.municipality,
                    own=FigureOut.of(one.own),
                    given_at_least=FigureOut.of(one.given_at_least),
                    received=FigureOut.of(one.received),
                    for_its_people=FigureOut.of(one.for_its_people),
                )
                for one in table.balances
            ],
            total=FigureOut.of(table.total),
            named=table.named,
        )


class SideOut(BaseModel):
    """A language in a municipality: hours in which some helper could be promised, and what came of the matters."""

    language: Language
    hours: FigureOut
    figures: RowOut

    @classmethod
    def of(cls, side: Side) -> Self:
        """One side of a parity."""
        figures = RowOut.of(side.figures, side.language)
        return cls(language=side.language, hours=FigureOut.of(side.hours), figures=figures)


class ParityOut(BaseModel):
    """Both languages in a bilingual municipality."""

    municipality: str
    sides: list[SideOut]


class ParitiesOut(BaseModel):
    """Cover and wait by language, municipality by municipality."""

    municipalities: list[ParityOut]

    @classmethod
    def of(cls, found: tuple[Parity, ...]) -> Self:
        """All of them."""
        return cls(
            municipalities=[
                ParityOut(municipality=one.municipality, sides=list(map(SideOut.of, one.sides))) for one in found
            ]
        )


class CampaignIn(Strict):
    """A campaign, its last day with it; no municipalities: everywhere."""

    name: str = Field(min_length=1, max_length=200)
    begins: Day
    ends: Day
    medium: HeardOfUs
    municipalities: list[str] = Field(default_factory=list, max_length=400)

    @property
    def new(self) -> NewCampaign:
        """The campaign to be."""
        return NewCampaign(self.name, self.begins, self.ends, self.medium, tuple(self.municipalities))


class CampaignsOut(BaseModel):
    """Campaigns, the earliest first."""

    campaigns: list[CampaignCard]


class CalendarOut(BaseModel):
    """The weeks of a period with their volume, and the campaigns and other figures beside them."""

    weeks: TableOut
    campaigns: list[CampaignCard]
    indicators: list[IndicatorCard]


class IndicatorIn(Strict):
    """A figure from elsewhere, with its source."""

    name: str = Field(min_length=1, max_length=200)
    value: float = Field(allow_inf_nan=False)
    unit: str = Field(max_length=40)
    begins: Day
    ends: Day
    area: str = Field("", max_length=200, description="In the source's words; empty: the whole network.")
    source: str = Field(min_length=1, max_length=500)
    source_date: Day

    @property
    def new(self) -> NewIndicator:
        """The figure to be."""
        days: tuple[date, date] = (self.begins, self.ends)
        return NewIndicator(self.name, self.value, self.unit, *days, self.area, self.source, self.source_date)


class IndicatorsOut(BaseModel):
    """Figures from elsewhere, by name."""

    indicators: list[IndicatorCard]


class CsvFile(Download):
    """Lines of cells."""

    media_type = "text/csv"


class XlsxFile(Download):
    """A spreadsheet."""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
