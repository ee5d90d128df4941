"""digilinja demo-data"""

import json
from dataclasses import asdict

import click

from admin.commands.ground import ground
from admin.demo.data import DemoData, fill


@click.command()
@click.option("--seed", default=1, show_default=True, help="The same seed and day give the same people.")
@click.option("--json", "as_json", is_flag=True, help="Print what was put in, for a program.")
def command(seed: int, as_json: bool) -> None:
    """Fill an empty database with a network to try with: lines, helpers and four weeks of rota."""
    with ground() as parts, parts.sessions.begin() as session:
        data = fill(session, seed=seed, now=parts.clock.now())
    click.echo(json.dumps(asdict(data), ensure_ascii=False, default=str) if as_json else _told(data))


def _told(data: DemoData) -> str:
    lines = [f"{data.network}: a rota from {data.rota_from} to {data.rota_to}, {len(data.helpers)} helpers."]
    lines += [f"  line    {line.e164}  {line.name}" for line in data.lines]
    for helper in data.helpers:
        lines.append(f"  helper  {helper.phone}  {helper.name} ({', '.join(helper.languages)}; {helper.kind})")
    return "\n".join(lines)
