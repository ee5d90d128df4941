"""digilinja tickets"""

import click
from rich.console import Console
from rich.table import Table

from admin.api.shapes import TicketPage
from admin.commands.ground import ground, network_named
from admin.ticket_list import AttemptLine, Page, TicketLine, page_of_tickets
from tickets.vocabulary import TicketStatus
from voice_prompts.language import Language
from voice_prompts.speech import written_time

HEADINGS = ("ticket", "status", "promised", "callback", "attempts", "topic", "language", "municipality", "outcome")

FOR_PROGRAMS = 160  # columns
WHOLE = ("ticket", "status", "promised")  # what is looked for in a narrow terminal


@click.command()
@click.option("--limit", default=30, show_default=True, type=click.IntRange(1, 1000), help="At most so many.")
@click.option(
    "--status", type=click.Choice([status.value for status in TicketStatus]), help="Only those that stand so."
)
@click.option("--network", help="The network's name, where there are several.")
@click.option("--json", "as_json", is_flag=True, help="The same as the API gives.")
def command(limit: int, status: str | None, network: str | None, as_json: bool) -> None:
    """Show the tickets, newest first."""
    chosen = TicketStatus(status) if status else None
    with ground() as parts, parts.sessions.begin() as session:
        page = page_of_tickets(session, network_named(session, network).id, limit=limit, status=chosen)
    assert page is not None
    if as_json:
        click.echo(TicketPage.of(page).model_dump_json())
    else:
        _console().print(_table(page))


def _console() -> Console:
    """As wide as the terminal; wide enough for every word where another program reads."""
    console = Console()
    return console if console.is_terminal else Console(width=FOR_PROGRAMS)


def _table(page: Page) -> Table:
    table = Table(title=None if page.lines else "no tickets")
    for heading in HEADINGS:
        table.add_column(heading, no_wrap=heading in WHOLE)
    for line in page.lines:
        table.add_row(*_row(line))
    return table


def _row(line: TicketLine) -> tuple[str, ...]:
    ticket, callback = line.ticket, line.callback
    return (
        ticket.code,
        ticket.status,
        written_time(callback.starts_at, Language.FI) if callback else "",
        callback.state if callback else "",
        ", ".join(_attempt(attempt) for attempt in line.attempts),
        ticket.topic or "",
        ticket.language,
        ticket.municipality or "",
        ticket.outcome or "",
    )


def _attempt(attempt: AttemptLine) -> str:
    return f"{attempt.number}: {attempt.result or '…'}"
