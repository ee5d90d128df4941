"""digilinja tickets"""

from enum import StrEnum
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from admin.api.shapes import TicketPage
from admin.commands.ground import ground, network_named
from admin.ticket_list import AttemptLine, Page, TicketLine, page_of_tickets
from scheduler.finding import Wanted, Within
from tickets.contents import reindex_after
from tickets.municipalities import Municipality, all_municipalities, by_code
from tickets.vocabulary import Channel, Outcome, TicketStatus, Topic
from voice_prompts.language import Language
from voice_prompts.speech import written_time

HEADINGS = ("ticket", "status", "promised", "callback", "attempts", "topic", "language", "municipality", "outcome")

AT_ONCE = 100
FOR_PROGRAMS = 160  # columns
WHOLE = ("ticket", "status", "promised")  # what is looked for in a narrow terminal


@click.command()
@click.option("--limit", default=30, show_default=True, type=click.IntRange(1, 1000), help="At most so many.")
@click.option(
    "--status", type=click.Choice([status.value for status in TicketStatus]), help="Only those that stand so."
)
@click.option("--open", "not_closed", is_flag=True, help="Only those that are not closed.")
@click.option(
    "--language", type=click.Choice([spoken.value for spoken in Language]), help="Only those in this language."
)
@click.option("--topic", type=click.Choice([topic.value for topic in Topic]), help="Only those about this.")
@click.option("--municipality", help="Only those from there: its name or three-digit code.")
@click.option("--channel", type=click.Choice([way.value for way in Channel]), help="Only those that came this way.")
@click.option("--outcome", type=click.Choice([code.value for code in Outcome]), help="Only those that ended so.")
@click.option("--overdue", is_flag=True, help="Only those whose deadline has passed.")
@click.option("--waiting", is_flag=True, help="Only those that wait for a time.")
@click.option("--training-need", is_flag=True, help="Only those that showed that somebody needs training.")
@click.option("--network", help="The network's name, where there are several.")
@click.option("--json", "as_json", is_flag=True, help="The same as the API gives.")
@click.option("--reindex", "anew", is_flag=True, help="Instead, index all that is said in them anew, for the search.")
def command(limit: int, network: str | None, as_json: bool, anew: bool, **filters: Any) -> None:
    """Show the tickets, newest first."""
    if anew:
        _reindex()
        return
    wanted = _wanted(**filters)
    with ground() as parts, parts.sessions.begin() as session:
        within = Within(network_named(session, network).id)
        page = page_of_tickets(session, within, wanted, limit=limit, now=parts.clock.now())
    assert page is not None
    if as_json:
        click.echo(TicketPage.of(page).model_dump_json())
    else:
        _console().print(_table(page))


def _reindex() -> None:
    """A hundred tickets to a transaction, so that nobody waits for it."""
    with ground() as parts, Console(stderr=True).status("Indexing …"):
        last: int | None = 0
        while last is not None:
            with parts.sessions.begin() as session:
                last = reindex_after(session, last, limit=AT_ONCE)


def _wanted(not_closed: bool, municipality: str | None, **asked: Any) -> Wanted:
    kinds: dict[str, type[StrEnum]] = {
        "status": TicketStatus, "language": Language, "topic": Topic, "channel": Channel, "outcome": Outcome,
    }  # fmt: skip
    read: dict[str, Any] = {
        name: kinds[name](told) for name, told in asked.items() if name in kinds and told is not None
    }
    boxes = {name: told for name, told in asked.items() if name not in kinds}
    place = None if municipality is None else _place(municipality)
    if municipality is not None and place is None:
        raise click.BadParameter(f"{municipality} is no municipality of Finland", param_hint="--municipality")
    code = None if place is None else place.code
    return Wanted(open=not_closed, municipality=code, **boxes, **read)


def _place(said: str) -> Municipality | None:
    names = ((place, {place.name_in(language).casefold() for language in Language}) for place in all_municipalities())
    return by_code(said) or next((place for place, known in names if said.casefold() in known), None)


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
        line.municipality or "",
        ticket.outcome or "",
    )


def _attempt(attempt: AttemptLine) -> str:
    return f"{attempt.number}: {attempt.result or '…'}"
