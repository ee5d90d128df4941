"""digilinja simulate"""

import signal
from collections.abc import Iterable
from typing import Final

import click
from rich.console import Console

from admin.scratch import scratch_database
from scheduler.simulation import COMPARISONS, PRESETS, By, Preset, Question, WeeklyShift, as_json, as_tables, run
from voice_prompts.language import Language

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri")
HALVES: Final = ("morning", "afternoon")
WORKING_DAYS: Final = 5  # a week
WHERE_MOST_ARE_REFUSED: Final = "where-most-are-refused"


@click.command()
@click.option(
    "--preset", type=click.Choice(list(PRESETS)), default="demo", show_default=True, help="How big a network."
)
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same days.")
@click.option("--days", type=click.IntRange(1), default=1, show_default=True, help="Working days of calls.")
@click.option("--weeks", type=click.IntRange(1), help="The same in weeks of five working days.")
@click.option("--change", "changes", multiple=True, metavar="NAME=NUMBER", help="Change the preset: see below.")
@click.option("--compare", type=click.Choice(list(COMPARISONS)), help="Play the same days with another policy too.")
@click.option("--by", type=click.Choice([by.value for by in By]), help="Show them apart by this too.")
@click.option(
    "--one-more",
    is_flag=False,
    flag_value=WHERE_MOST_ARE_REFUSED,
    metavar="[SHIFT]",
    help="Play again with one more helper, on a weekly shift such as thu-afternoon-sv or where most were refused.",
)
@click.option("--json", "for_a_program", is_flag=True, help="Shares of 1, for a program.")
def command(  # noqa: PLR0913, PLR0917 - one for each option
    preset: str,
    seed: int,
    days: int,
    weeks: int | None,
    changes: tuple[str, ...],
    compare: str | None,
    by: str | None,
    one_more: str | None,
    for_a_program: bool,
) -> None:
    """Play days of calls against the line itself, on a database of their own that is gone afterwards.

    Shows who is refused, how long they wait and which promises are kept. On one day all of a preset's calls come at once, as
    when the line opens; over several, that many in each week.

    \b
    A preset's numbers: municipalities, helpers, calls, on_duty, patience.
    Its shares of 1: swedish_calls, swedish_helpers, staff, regional, national, national_swedish, agreements, cautious,
    drops_a_place, does_not_answer, caller_away.
    """
    question = Question(
        preset,
        _changed(PRESETS[preset], changes),
        seed,
        days if weeks is None else weeks * WORKING_DAYS,
        compare,
        _shift(one_more),
        seek_one_more=one_more == WHERE_MOST_ARE_REFUSED,
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ended from outside, it takes its database along too
    with scratch_database() as sessions:
        report = run(question, sessions)
    if for_a_program:
        click.echo(as_json(report))
        return
    for table in as_tables(report, None if by is None else By(by)):
        Console().print(table)


def _changed(preset: Preset, changes: Iterable[str]) -> Preset:
    for change in changes:
        name, _, number = change.partition("=")
        try:
            preset = preset.changed(name, number)
        except ValueError as error:
            message = f"{change} is not NAME=NUMBER with a number or a share of this preset"
            raise click.BadParameter(message, param_hint="--change") from error
    return preset


def _shift(written: str | None) -> WeeklyShift | None:
    if written in (None, WHERE_MOST_ARE_REFUSED):
        return None
    day, half, language = (*str(written).split("-"), "", "", "")[:3]
    if day not in WEEKDAYS or half not in HALVES or language not in tuple(Language):
        message = "write the shift as thu-afternoon-sv: mon to fri, morning or afternoon, fi or sv"
        raise click.BadParameter(message, param_hint="--one-more")
    return WeeklyShift(WEEKDAYS.index(day), HALVES.index(half), Language(language))
