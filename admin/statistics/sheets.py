"""The tables in words: headings and values in the reader's language, and what is hidden as a mark."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.wording import word_in
from tickets.e_services import e_services_of
from tickets.municipalities import all_municipalities, by_code
from tickets.network import Organisation
from tickets.statistics.dimensions import Dimension, Measure
from tickets.statistics.entries import campaign_names
from tickets.statistics.figures import Figure, Row
from tickets.statistics.tables import Table
from tickets.vocabulary import PageLanguage
from voice_prompts.language import Language

HIDDEN: Final = "..."  # as Statistics Finland marks what is secret
Value = str | float | None


class StatisticsWord(StrEnum):
    """What else stands in a table of the statistics."""

    TOTAL = "total"
    NOT_TOLD = "not_told"
    NOTE = "note"  # what the mark of a hidden number means
    UNNAMED = "unnamed"  # rows are left out


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it is shown: its name, one line of headings, its rows, and what to know of them."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    notes: tuple[str, ...]


# What a dimension's values are called, where they are codes that have words.
_KINDS: Final[Mapping[Dimension, str]] = {
    Dimension.LANGUAGE: "language",
    Dimension.TOPIC: "topic",
    Dimension.DEVICE: "device",
    Dimension.CHANNEL: "channel",
    Dimension.OUTCOME: "outcome",
    Dimension.HELPER_KIND: "helper kind",
    Dimension.DID_THEMSELVES: "yes or no",
    Dimension.ON_BEHALF: "yes or no",
    Dimension.WISHED_FORM: "help form",
    Dimension.HEARD_OF_US: "heard of us",
    Dimension.FEEDBACK: "feedback",
}


class Names:
    """What the values of a network's tables are called in one language."""

    def __init__(self, session: Session, network_id: int, language: PageLanguage) -> None:
        self._session = session
        self._network_id = network_id
        self.language = language
        self._spoken = Language.SV if language is PageLanguage.SV else Language.FI

    def of(self, table: Table) -> Mapping[str, str]:
        """The names of a table's rows by their values."""
        values = [row.value for row in table.rows]
        known = self._known(table.by, values)
        nothing = word_in(self.language, "statistics", StatisticsWord.NOT_TOLD)
        return {value: known.get(value, value) if value else nothing for value in values}

    def _known(self, by: Dimension, values: list[str]) -> Mapping[str, str]:
        match by:
            case Dimension.MUNICIPALITY:
                return {value: place.name_in(self._spoken) for value in values if (place := by_code(value))}
            case Dimension.SUBREGION | Dimension.REGION | Dimension.WELLBEING_COUNTY:
                return self._areas(by)
            case Dimension.ORGANISATION:
                mine = select(Organisation.id, Organisation.name).where(Organisation.network_id == self._network_id)
                return {str(row.id): row.name for row in self._session.execute(mine)}
            case Dimension.E_SERVICE:
                services = e_services_of(self._session, self._network_id)
                return {code: service.name_in(self._spoken) for code, service in services.items()}
            case Dimension.CAMPAIGN:
                return campaign_names(self._session, self._network_id, values)
            case Dimension.HOUR:
                return {value: f"{int(value)}–{int(value) + 3}" for value in values if value}
            case _:
                return {value: word_in(self.language, _KINDS[by], value) for value in values} if by in _KINDS else {}

    def _areas(self, by: Dimension) -> Mapping[str, str]:
        areas = [getattr(place, by.value) for place in all_municipalities()]
        return {area.code: area.name_sv if self._spoken is Language.SV else area.name_fi for area in areas}


def sheet_of(table: Table, names: Names) -> Sheet:
    """A table in words, the total last."""
    language = names.language
    called = names.of(table)
    total = word_in(language, "statistics", StatisticsWord.TOTAL)
    rows = [_line(called[row.value], row) for row in table.rows]
    by = word_in(language, "statistics by", table.by)
    return Sheet(
        f"{by} {table.period.name}",
        (by, *(word_in(language, "measure", measure) for measure in Measure)),
        (*rows, _line(total, table.total)),
        tuple(
            word_in(language, "statistics", note)
            for note in (StatisticsWord.NOTE, *(() if table.named else (StatisticsWord.UNNAMED,)))
        ),
    )


def _line(name: str, row: Row) -> tuple[Value, ...]:
    return (name, *map(shown, row.figures))


def shown(figure: Figure) -> Value:
    """A figure in a cell."""
    if figure.hidden:
        return HIDDEN
    return f"~{figure.number:g}" if figure.rounded and figure.number is not None else figure.number
