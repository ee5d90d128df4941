"""What an entry's form lets people choose from: organisations, whoever looks after entries, e-services."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from admin.auth import holder
from admin.wording import spoken_language
from scheduler.people.cards import all_people
from scheduler.people.organisations import organisation_names
from tickets.e_services import e_services_of
from tickets.municipalities import all_municipalities
from tickets.network import Network
from tickets.rights import Right, rights_of

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Choices:
    """Each as the value that is sent and the words for it, in order of the words."""

    organisations: Options
    owners: Options
    e_services: Options
    municipalities: Sequence[str]


def choices(session: Session) -> Choices:
    """What there is to choose from in the reader's network."""
    network_id, language = holder().network_id, spoken_language()
    services = e_services_of(session, network_id)
    return Choices(
        organisations=_sorted((str(one), name) for one, name in organisation_names(session, network_id).items()),
        owners=_owners(session, network_id),
        e_services=_sorted((code, one.name_in(language)) for code, one in services.items() if one.active),
        municipalities=sorted(one.name_in(language) for one in all_municipalities()),
    )


def _owners(session: Session, network_id: int) -> Options:
    """Whoever may change the directory."""
    changes = session.get_one(Network, network_id).role_rights
    people = (one for one in all_people(session, network_id) if one.active)
    return _sorted((str(one.id), one.name) for one in people if Right.EDIT_DIRECTORY in rights_of(one.role, changes))


def _sorted(options: Iterable[tuple[str, str]]) -> Options:
    return sorted(options, key=lambda option: option[1].casefold())
