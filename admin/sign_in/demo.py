"""The people of the demo, to be clicked on: whoever tries the line out signs in as any of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.auth import open_to_all
from admin.parts import parts, transaction
from admin.sign_in.ways import bring_in
from scheduler.people.persons import identity_of
from tickets.network import Helper
from tickets.people import Person
from tickets.sign_ins import How
from tickets.tokens import bearer_of_person
from tickets.vocabulary import HELPER_ROLES, Role

demo = Blueprint("demo", __name__)
MOST: Final = 60
_FIRST: Final = (Role.KOORDINAATTORI, Role.NEUVOJA, Role.PAAKAYTTAJA)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to be clicked on."""

    id: int
    name: str
    role: Role
    languages: Sequence[str]


@demo.post("/sign-in/demo")
@open_to_all
def enter() -> ResponseReturnValue:
    """Sign in as somebody of the demo; where there is no demo, there is no such page."""
    if not parts().settings.demo:
        abort(404)
    with transaction() as rows:
        who = bearer_of_person(rows, request.form.get("person", 0, type=int))
        return abort(404) if who is None else bring_in(rows, who, How.DEMO, request.form.get("to"))


def demo_people(rows: Session) -> Sequence[DemoPerson]:
    """Everybody of the demo: those of the desks, then those who ring back. Nobody where there is no demo."""
    if not parts().settings.demo:
        return ()
    found = rows.execute(
        select(Person, Helper)
        .outerjoin(Helper, Helper.id == Person.helper_id)
        .where(Person.active)
        .order_by(Person.id)
        .limit(MOST)
    )
    people = [_shown(rows, row.Person, row.Helper) for row in found]
    return sorted(people, key=lambda one: (one.role in HELPER_ROLES, one.role not in _FIRST, one.name))


def _shown(rows: Session, person: Person, helper: Helper | None) -> DemoPerson:
    languages = () if helper is None else helper.languages
    return DemoPerson(person.id, identity_of(rows, person).name, person.role, languages)
