"""The report for a coordinator's terminal."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from rich.table import Table

from scheduler.simulation.report import LATE, ONE_MORE, Fate, Report, Result
from scheduler.simulation.world import HALVES, WeeklyShift
from tickets.municipalities import by_code
from voice_prompts.language import Language

MOST_ROWS: Final = 20
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LANGUAGES: Final = {Language.FI: "Finnish", Language.SV: "Swedish"}
POLICIES: Final = {ONE_MORE: "late, one more"}


class By(StrEnum):
    """What a table tells apart."""

    LANGUAGE = "language"
    MUNICIPALITY = "municipality"


def as_tables(report: Report, by: By | None = None) -> Iterator[Table]:
    """All callers together; by language or municipality, if wanted; and what one more helper changed."""
    yield _overall(report)
    if by is not None:
        yield _apart(report, by)
    if report.one_more is not None:
        yield _with_one_more(report.results[LATE], report.results[ONE_MORE], report.one_more)


def _overall(report: Report) -> Table:
    days = "1 day" if report.days == 1 else f"{report.days} working days"
    calls = len(report.results[LATE].fates)
    table = _table(f"{report.preset}, seed {report.seed}: {calls} calls in {days}", "helper chosen")
    table.add_column("refused in Swedish", justify="right")
    for policy, result in report.results.items():
        table.add_row(POLICIES.get(policy, policy), *_figures(result), f"{result.refused_sv:.2%}")
    return table


def _apart(report: Report, by: By) -> Table:
    table = _table(f"by {by}", by.value, "helper chosen")
    groups = {policy: _grouped(result, by) for policy, result in report.results.items()}
    for name in _worth_a_row(groups[LATE]):
        for policy, results in groups.items():
            table.add_row(name, POLICIES.get(policy, policy), *_figures(results[name]))
    left = len(groups[LATE]) - MOST_ROWS
    if left > 0:
        table.caption = f"the {MOST_ROWS} with most callers refused or promises not kept; {left} more had fewer"
    return table


def _worth_a_row(groups: Mapping[str, Result]) -> list[str]:
    def trouble(name: str) -> tuple[int, int, str]:
        return -groups[name].turned_away - groups[name].let_down, -len(groups[name].fates), name

    return sorted(groups, key=trouble)[:MOST_ROWS]


def _grouped(result: Result, by: By) -> dict[str, Result]:
    name_of = _NAMES[by]
    groups: defaultdict[str, list[Fate]] = defaultdict(list)
    for fate in result.fates:
        groups[name_of(fate)].append(fate)
    return {name: Result.of(fates) for name, fates in groups.items()}


def _municipality(fate: Fate) -> str:
    place = by_code(fate.call.need.municipality or "")
    return "?" if place is None else place.name_fi


def _language(fate: Fate) -> str:
    return LANGUAGES[fate.call.need.language]


_NAMES: Final[Mapping[By, Callable[[Fate], str]]] = {By.LANGUAGE: _language, By.MUNICIPALITY: _municipality}


def _with_one_more(before: Result, after: Result, shift: WeeklyShift) -> Table:
    begins, ends = (f"{datetime.combine(date.min, wall) + shift.late:%-H.%M}" for wall in HALVES[shift.half])
    speaks = " and ".join(dict.fromkeys((LANGUAGES[Language.FI], LANGUAGES[shift.language])))
    when = f"{WEEKDAYS[shift.weekday]} {begins}–{ends}"
    table = Table(title=f"one more helper, {when}, who speaks {speaks}")
    for heading in ("", "without", "with"):
        table.add_column(heading, justify="right" if heading else "left")
    table.add_row("callers refused", f"{before.turned_away}", f"{after.turned_away}")
    table.add_row("of them in Swedish", *(f"{_turned_away_in_swedish(result)}" for result in (before, after)))
    table.add_row("promises not kept", f"{before.let_down}", f"{after.let_down}")
    table.add_row("median wait", _hours(before.wait), _hours(after.wait))
    return table


def _turned_away_in_swedish(result: Result) -> int:
    return sum(fate.start is None and fate.call.need.language is Language.SV for fate in result.fates)


def _table(title: str, *left: str) -> Table:
    table = Table(title=title)
    for heading in left:
        table.add_column(heading)
    for heading in ("calls", "refused", "promises kept", "median wait"):
        table.add_column(heading, justify="right")
    return table


def _figures(result: Result) -> tuple[str, ...]:
    return f"{len(result.fates)}", f"{result.refused:.2%}", f"{result.kept:.2%}", _hours(result.wait)


def _hours(wait: timedelta) -> str:
    return f"{wait / timedelta(hours=1):.1f} h"
