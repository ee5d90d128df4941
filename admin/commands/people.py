"""digilinja people"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

import click
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.commands.ground import ground, network_named, person_named
from admin.errors import AdminError
from scheduler.grids import grid_of
from scheduler.people import leaving, persons
from scheduler.people.cards import HelperPapers, PersonCard, all_people
from scheduler.people.helpers import Papers, join_as_helper
from scheduler.people.reach import PeopleRefusal
from scheduler.rota.effects import foreseen
from scheduler.slots import HELSINKI
from tickets.network import Organisation
from tickets.vocabulary import HelperKind, Role
from voice_prompts.language import Language

T = TypeVar("T")
ACTOR: Final = "coordinator:command-line"
TROUBLE: Final = {
    PeopleRefusal.NO_NAME: "Give a name: --name",
    PeopleRefusal.BAD_EMAIL: "That is no address of e-mail: write it as name@example.fi",
    PeopleRefusal.BAD_PHONE: "That is no phone number in use: write it as +358401234567",
    PeopleRefusal.EMAIL_TAKEN: "Somebody of this network signs in with that address already",
    PeopleRefusal.PHONE_TAKEN: "Somebody of this network has that number already",
    PeopleRefusal.NEEDS_PHONE: "A helper is rung: give --phone",
    PeopleRefusal.RINGS_BACK: "Who rings back is added by `digilinja people add-helper`; the role follows from the kind",
    PeopleRefusal.NOT_A_HELPER: "They do not ring back: that role belongs to a helper",
    PeopleRefusal.IN_FUTURE: "A commitment is signed today or earlier",
    PeopleRefusal.HAS_LEFT: "They have left: `digilinja people return` brings them back",
    PeopleRefusal.HAS_NOT_LEFT: "They have not left",
}
name_option = click.option("--name", required=True, help="First name and family name.")
email_option = click.option("--email", help="Their address; nobody else of the network has it.")
in_network = click.option("--network", help="The network's name, where there are several.")


@click.group()
def command() -> None:
    """Who belongs to a network: see them, add somebody, write down a commitment, let somebody leave."""


@command.command("list")
@click.option("--left", is_flag=True, help="Also those who have left.")
@in_network
def show(left: bool, network: str | None) -> None:
    """Show the people of a network, with their roles and papers."""
    with ground() as parts, parts.sessions.begin() as session:
        network_id = network_named(session, network).id
        people = [card for card in all_people(session, network_id) if card.active or left]
        Console().print(_table(people, _organisations(session, network_id)))


@command.command()
@name_option
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help="What they do.")
@email_option
@click.option("--phone", help="Their number, as +358401234567.")
@click.option("--organisation", help="Its name; without, they work for the whole network.")
@in_network
def add(
    name: str, role: str, email: str | None, phone: str | None, organisation: str | None, network: str | None
) -> None:
    """Add somebody who signs in and does not ring back. `digilinja token --person` lets them in."""
    with ground() as parts, parts.sessions.begin() as session:
        network_id = network_named(session, network).id
        belongs = None if organisation is None else _organisation_named(session, network_id, organisation)
        new, now = persons.Identity(name, email, phone, belongs), parts.clock.now()
        number = _done(persons.add_person(session, network_id, new, Role(role), who=None, now=now, actor=ACTOR))
    click.echo(f"added {name} as number {number}; `digilinja token --person {number}` lets them in")


@command.command("add-helper")
@name_option
@click.option("--phone", required=True, help="The number that is rung, as +358401234567.")
@click.option("--organisation", required=True, help="The name of the organisation that they help for.")
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in HelperKind]))
@click.option(
    "--language", "languages", required=True, multiple=True, type=click.Choice([one.value for one in Language])
)
@click.option("--badge-expires", type=click.DateTime(["%Y-%m-%d"]), help="Without, no badge is asked for.")
@email_option
@in_network
def add_helper(network: str | None, organisation: str, name: str, phone: str, email: str | None, **told: Any) -> None:
    """Add somebody who rings back; they can be given places in the rota at once."""
    with ground() as parts, parts.sessions.begin() as session:
        network_id = network_named(session, network).id
        belongs = _organisation_named(session, network_id, organisation)
        new, now = persons.Identity(name, email, phone, belongs), parts.clock.now()
        papers = _papers(belongs, told["languages"], told["kind"], told["badge_expires"])
        number = _done(join_as_helper(session, network_id, new, papers, who=None, now=now, actor=ACTOR))
    click.echo(f"added {name} as number {number}; `digilinja token --person {number}` lets them in")


@command.command()
@click.argument("who")
@click.option("--signed-on", type=click.DateTime(["%Y-%m-%d"]), help="The day; without, today.")
@click.option("--withdrawn", is_flag=True, help="It holds no more.")
@in_network
def commitment(who: str, signed_on: datetime | None, withdrawn: bool, network: str | None) -> None:
    """Write down that WHO (a name, address or number) signed the commitment to secrecy: before it they see no contact."""
    with ground() as parts, parts.sessions.begin() as session:
        network_id, now = network_named(session, network).id, parts.clock.now()
        person = person_named(session, network_id, who)
        day = None if withdrawn else signed_on.date() if signed_on else now.astimezone(HELSINKI).date()
        _unless(persons.sign_commitment(session, network_id, person.id, day, who=None, now=now, actor=ACTOR))
    click.echo(f"{person.name}: {'no commitment any more' if day is None else f'commitment signed on {day}'}")


@command.command()
@click.argument("who")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help="What they do now.")
@in_network
def role(who: str, role: str, network: str | None) -> None:
    """Give WHO (a name, address or number) another role."""
    with ground() as parts, parts.sessions.begin() as session:
        network_id = network_named(session, network).id
        person = person_named(session, network_id, who)
        given = (session, network_id, person.id, Role(role))
        _unless(persons.give_role(*given, who=None, now=parts.clock.now(), actor=ACTOR))
    click.echo(f"{person.name}: {role}")


@command.command()
@click.argument("who")
@click.option("--preview", is_flag=True, help="Say what would happen, and do nothing.")
@in_network
def leave(who: str, preview: bool, network: str | None) -> None:
    """Let WHO (a name, address or number) leave: they sign in no more, and hold no place and no case."""
    with ground() as parts, parts.sessions.begin() as session:
        network_id, now = network_named(session, network).id, parts.clock.now()
        person = person_named(session, network_id, who)

        def change() -> leaving.Left:
            whose = (session, network_id, person.id)
            grid = grid_of(session, network_id)
            return _done(leaving.leave(*whose, who=None, now=now, grid=grid, actor=ACTOR))

        left = foreseen(session, change) if preview else change()
    click.echo(f"{person.name} {'would leave' if preview else 'has left'}: {_told(left)}")


@command.command("return")
@click.argument("who")
@in_network
def come_back(who: str, network: str | None) -> None:
    """Let WHO (a name, address or number), who had left, come back with the role and papers they had."""
    with ground() as parts, parts.sessions.begin() as session:
        network_id = network_named(session, network).id
        person = person_named(session, network_id, who, left=True)
        whose = (session, network_id, person.id)
        now, grid = parts.clock.now(), grid_of(session, network_id)
        _unless(leaving.come_back(*whose, who=None, now=now, grid=grid, actor=ACTOR))
    click.echo(f"{person.name} is back")


def _papers(organisation_id: int, languages: Sequence[str], kind: str, badge_expires: datetime | None) -> Papers:
    badge = None if badge_expires is None else badge_expires.date()
    spoken = tuple(Language(code) for code in dict.fromkeys(languages))
    return Papers(organisation_id, spoken, HelperKind(kind), badge)


def _organisation_named(session: Session, network_id: int, name: str) -> int:
    organisations = _organisations(session, network_id)
    found = [key for key, known in organisations.items() if known == name]
    if not found:
        raise AdminError(f"There is no organisation {name}: there are {', '.join(organisations.values()) or 'none'}")
    return found[0]


def _organisations(session: Session, network_id: int) -> dict[int, str]:
    found = session.scalars(select(Organisation).where(Organisation.network_id == network_id).order_by(Organisation.id))
    return {one.id: one.name for one in found}


def _table(people: Sequence[PersonCard], organisations: dict[int, str]) -> Table:
    table = Table(box=SIMPLE)
    table.add_column("number")
    table.add_column("name", overflow="fold", min_width=16)
    table.add_column("role", no_wrap=True)  # a role is typed again as it is read here
    table.add_column("organisation and papers", overflow="fold", min_width=20)
    for card in people:
        table.add_row(str(card.id), card.name, card.role, "\n".join(_of(card, organisations)))
    return table


def _of(card: PersonCard, organisations: dict[int, str]) -> Iterator[str]:
    """Whom somebody works for, and what they have signed and shown."""
    yield "the network" if card.organisation_id is None else organisations[card.organisation_id]
    signed = card.commitment_signed_on
    yield "no commitment" if signed is None else f"commitment signed on {signed}"
    if card.helper is not None:
        yield _papers_told(card.helper)
    if card.left_at is not None:
        yield f"left on {card.left_at:%Y-%m-%d}"


def _papers_told(papers: HelperPapers) -> str:
    told = [papers.kind.value, ", ".join(papers.languages)]
    told += [f"badge until {papers.badge_expires_on}"] if papers.badge_expires_on else []
    told += [f"rules due on {papers.rules_due_on}"] if papers.rules_due_on else []
    return "; ".join(told + ([] if papers.active else ["away"]))


def _told(left: leaving.Left) -> str:
    cases = f" ({', '.join(left.cases)})" if left.cases else ""
    return f"{len(left.lost)} places free, {len(left.effect.deficits)} promises need a helper, {len(left.cases)} cases an owner{cases}"


def _done(answer: T | PeopleRefusal) -> T:
    if isinstance(answer, PeopleRefusal):
        raise AdminError(TROUBLE.get(answer, f"This cannot be done: {answer}"))
    return answer


def _unless(refusal: PeopleRefusal | None) -> None:
    if refusal is not None:
        _done(refusal)
