"""digilinja doctor"""

import click

from admin.checks import Finding, Verdict, examine
from admin.commands.ground import settings
from admin.errors import AdminError
from admin.parts import assemble

COLOURS = {Verdict.OK: "green", Verdict.WRONG: "red", Verdict.ASK: "yellow"}


@click.command()
def command() -> None:
    """Look at settings, database, clock, prompts, keys, operator and lines, and say what is wrong with them."""
    parts = assemble(settings())
    findings = examine(parts)
    parts.engine.dispose()
    for finding in findings:
        click.echo(_told(finding))
    wrong = [finding.what for finding in findings if finding.verdict is Verdict.WRONG]
    if wrong:
        raise AdminError(f"Not in order: {', '.join(wrong)}")


def _told(finding: Finding) -> str:
    return f"{click.style(f'{finding.verdict:<6}', COLOURS[finding.verdict])} {finding.what:<10} {finding.line}"
