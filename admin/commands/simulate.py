"""digilinja simulate"""

import click
from rich.console import Console

from scheduler.simulation import COMPARISONS, PRESETS, as_json, as_table, run


@click.command()
@click.option(
    "--preset", type=click.Choice(list(PRESETS)), default="demo", show_default=True, help="How big a network."
)
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same day.")
@click.option("--compare", type=click.Choice(list(COMPARISONS)), help="Play the same day with another policy too.")
@click.option("--json", "for_a_program", is_flag=True, help="Shares of 1, for a program.")
def command(preset: str, seed: int, compare: str | None, for_a_program: bool) -> None:
    """Play a day of calls against the real matching, and see who is refused and which promises are kept."""
    report = run(preset, seed, compare)
    if for_a_program:
        click.echo(as_json(report))
    else:
        Console().print(as_table(report))
