"""digilinja autofill"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import click
from rich.console import Console
from rich.table import Table

from admin.commands.ground import ground, network_named
from admin.errors import AdminError
from scheduler.autofill import Reason
from scheduler.grids import grid_of
from scheduler.rota.listing import ShiftCard, rota_of
from scheduler.rota.proposals import ProposalState
from scheduler.rota.proposing import (
    ProposalCard,
    ProposalRefusal,
    accept_proposal,
    begin_proposal,
    dismiss_proposal,
    proposal_card,
)
from scheduler.rota.working_out import work_out
from scheduler.slots import Span
from tickets.directory import helpers_of
from voice_prompts.language import Language
from voice_prompts.speech import written_time

ACTOR: Final = "coordinator:command-line"
in_network = click.option("--network", help="The network's name, where there are several.")
TROUBLE: Final = {
    ProposalRefusal.NOT_FOUND: "There is no proposal {number} in this network",
    ProposalRefusal.NOT_OPEN: "Proposal {number} has been decided about, or could not be worked out",
}
WORDS: Final[Mapping[Reason, str]] = {
    Reason.NOBODY_FITS: "nobody of that organisation and kind",
    Reason.NO_SPEAKER: "nobody speaks the language",
    Reason.NO_PAPERS: "badge or rules are not in force by then",
    Reason.NOT_FREE: "those who could cannot, or are busy",
    Reason.ON_DUTY: "those who could are on duty then",
    Reason.RESTING: "those who could are resting",
    Reason.AT_MOST: "those who could have as many places that week as they take",
    Reason.FULL: "all places are taken by others",
    Reason.NOT_SOUGHT: "the time for looking was over",
}


@click.group()
def command() -> None:
    """Autofill: let the solver propose who takes which place, look at it, and decide."""


@command.command()
@click.option("--weeks", default=4, show_default=True, type=click.IntRange(1, 13), help="How far ahead.")
@in_network
def propose(weeks: int, network: str | None) -> None:
    """Work out a proposal for the coming weeks and show it; nobody has a place by it."""
    with ground() as parts:
        now = parts.clock.now()
        with parts.sessions.begin() as session:
            network_id = network_named(session, network).id
            span = Span(now, now + timedelta(weeks=weeks))
            number = begin_proposal(session, network_id, span, now=now, actor=ACTOR)
        work_out(parts.sessions, number, now=now)
        with parts.sessions.begin() as session:
            card = proposal_card(session, network_id, number)
            shifts = {shift.id: shift for shift in rota_of(session, network_id, span)}
            names = {helper.id: helper.name for helper in helpers_of(session, network_id)}
    if card is None or card.state is not ProposalState.OPEN:
        raise AdminError("No proposal: " + str({} if card is None else card.figures.get("trouble")))
    _show(card, shifts, names)


@command.command()
@click.argument("number", type=int)
@in_network
def accept(number: int, network: str | None) -> None:
    """Give everybody the place that proposal NUMBER proposes, if they still may have it."""
    with ground() as parts, parts.sessions.begin() as session:
        network_id = network_named(session, network).id
        now = parts.clock.now()
        accepted = accept_proposal(session, network_id, number, now=now, grid=grid_of(session, network_id), actor=ACTOR)
        if isinstance(accepted, ProposalRefusal):
            raise AdminError(TROUBLE[accepted].format(number=number))
    click.echo(f"{accepted.seated} places given as batch {accepted.batch_id}")
    for left in accepted.not_seated:
        click.echo(f"not given: helper {left.helper_id} in shift {left.shift_id} ({left.why})")


@command.command()
@click.argument("number", type=int)
@in_network
def dismiss(number: int, network: str | None) -> None:
    """Let nobody have a place by proposal NUMBER."""
    with ground() as parts, parts.sessions.begin() as session:
        network_id = network_named(session, network).id
        refusal = dismiss_proposal(session, network_id, number, now=parts.clock.now(), actor=ACTOR)
        if refusal is not None:
            raise AdminError(TROUBLE[refusal].format(number=number))
    click.echo(f"proposal {number} is dismissed")


def _show(card: ProposalCard, shifts: Mapping[int, ShiftCard], names: Mapping[int, str]) -> None:
    console = Console(width=None if Console().is_terminal else 160)
    table = Table("shift", "begins", "who", title=f"Proposal {card.id}: {len(card.places)} places")
    for place in card.places:
        table.add_row(str(place.shift_id), _begins(shifts, place.shift_id), names.get(place.helper_id, "?"))
    console.print(table)
    open_ones = Table(
        "shift", "begins", "missing", "why", "who it is about", title="Open still" if card.gaps else "All filled"
    )
    for gap in card.gaps:
        language = "" if gap.language is None else f" ({gap.language}, {len(gap.municipalities)} municipalities)"
        about = ", ".join(names.get(helper, "?") for helper in gap.helpers)
        why = WORDS[gap.reason] + language
        open_ones.add_row(str(gap.shift), _begins(shifts, gap.shift), str(gap.missing), why, about)
    console.print(open_ones)
    console.print(
        f"`digilinja autofill accept {card.id}` gives the places, `digilinja autofill dismiss {card.id}` does not."
    )


def _begins(shifts: Mapping[int, ShiftCard], shift_id: int) -> str:
    return written_time(shifts[shift_id].terms.during.begins, Language.FI) if shift_id in shifts else ""
