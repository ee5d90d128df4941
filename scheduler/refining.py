"""What helpers learn of a matter: refined on the ticket, and a time that was promised is looked at again."""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import any_, func, literal, select, text, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from scheduler.cases import CaseRefusal, Doing, as_it_is
from scheduler.coverage import recheck
from scheduler.ledger import hold_for_move
from scheduler.promises import wish_of
from scheduler.records import CallbackState
from tickets.contents import reindex
from tickets.e_services import e_services_of
from tickets.municipalities import by_code
from tickets.network import Organisation
from tickets.ticket import Ticket, TicketAccess
from tickets.timeline import note_event
from tickets.vocabulary import AccessNeed, Device, DidThemselves, EventKind, HeardOfUs, HelpForm, Topic
from voice_prompts.language import Language


@dataclass(frozen=True, slots=True)
class Refinement:
    """What is to stand on the ticket; only what is in `named` is meant, and None there forgets what stood before.

    `minutes` are those that helping took. With refined topics and no topic of its own, a matter takes the first.
    """

    named: frozenset[str]
    language: Language | None = None
    topic: Topic | None = None
    topics: tuple[Topic, ...] = ()
    municipality: str | None = None
    device: Device | None = None
    e_service: str | None = None
    on_behalf: bool | None = None
    access_needs: tuple[AccessNeed, ...] = ()
    wished_form: HelpForm | None = None
    heard_of_us: HeardOfUs | None = None
    non_disclosure: bool = False
    training_need: bool = False
    did_themselves: DidThemselves | None = None
    minutes: int | None = None

    def values(self) -> dict[str, Any]:
        """What is meant, by column."""
        told = {field.name: getattr(self, field.name) for field in fields(self) if field.name in self.named}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in told.items()}


_ASKED_OF_HELPERS: Final = frozenset({"language", "topic", "municipality"})


def refine(
    session: Session, ticket: Ticket, told: Refinement, doing: Doing, *, seen: datetime | None = None
) -> CaseRefusal | None:
    """The ticket says so from now on; refused, and nothing changed, where its promised time could then not be kept.

    A time that nobody can keep anyway, and a call that is going on, stand in nobody's way. `seen`: the `updated_at` of the
    ticket as whoever refines it saw it; where it is another one by now, the answer is QUICKER, and whoever asked rolls back.
    """
    values = _changed(ticket, told)
    if (wrong := _unknown(session, ticket, told)) is not None or not values:
        return wrong
    if (
        not _ASKED_OF_HELPERS.isdisjoint(values)
        and (wrong := _keep_promise(session, ticket, values, doing)) is not None
    ):
        return wrong
    written = update(Ticket).where(Ticket.id == ticket.id, true() if seen is None else Ticket.updated_at == seen)
    if session.execute(written.values(**values, updated_at=doing.now).returning(Ticket.id)).first() is None:
        return CaseRefusal.QUICKER
    as_it_is(session, ticket)
    if "municipality" in values and ticket.owner_organisation_id is None:
        _belongs_to_whoever_serves(session, ticket, doing.now)
    if not {"topic", "topics", "e_service"}.isdisjoint(values):
        reindex(session, ticket)
    note_event(session, ticket.id, EventKind.REFINED, doing.actor, now=doing.now, fields=sorted(values))
    return None


def _changed(ticket: Ticket, told: Refinement) -> dict[str, Any]:
    if told.topics and ticket.topic is None and "topic" not in told.named:
        told = replace(told, topic=told.topics[0], named=told.named | {"topic"})
    return {name: value for name, value in told.values().items() if getattr(ticket, name) != value}


def _unknown(session: Session, ticket: Ticket, told: Refinement) -> CaseRefusal | None:
    if ticket.anonymised_at is not None:
        return CaseRefusal.ANONYMISED
    if told.municipality is not None and by_code(told.municipality) is None:
        return CaseRefusal.NO_SUCH_MUNICIPALITY
    if told.e_service is not None and told.e_service not in e_services_of(session, ticket.network_id):
        return CaseRefusal.NO_SUCH_E_SERVICE
    return None


_LIVE: Final = text("""
SELECT id, state, starts_at FROM callback WHERE ticket_id = :ticket
    AND state IN ('offered', 'promised', 'ringing', 'talking', 'deficit')
""")
_ASK: Final = text("""
WITH c AS (
    UPDATE callback SET language = :language, topic = :topic, municipality = :municipality,
        during = CASE WHEN state IN ('ringing', 'talking') THEN during ELSE tstzrange(starts_at, :ends_at) END,
        assigned_helper_id = CASE WHEN state IN ('ringing', 'talking') OR upper(during) = :ends_at
            THEN assigned_helper_id END
    WHERE id = :callback
)
UPDATE waiting SET language = :language WHERE ticket_id = :ticket AND state IN ('waiting', 'offered')
""")


def _keep_promise(session: Session, ticket: Ticket, values: dict[str, Any], doing: Doing) -> CaseRefusal | None:
    """Ask the new things of whoever keeps the promise; refused when there would be nobody."""
    was = wish_of(session, ticket.id)
    assert was is not None, "the ticket is there"
    asked = {name: values.get(name, getattr(was, name)) for name in _ASKED_OF_HELPERS}
    live = session.execute(_LIVE, {"ticket": ticket.id}).first()
    if live is None:
        session.execute(_ASK, {**asked, "callback": None, "ends_at": None, "ticket": ticket.id})
        return None
    wish, now, grid = replace(was, **asked), doing.now, doing.grid
    hold = hold_for_move(session, live.id, live.starts_at, wish, now=now, grid=grid)
    if hold is None or session.execute(_LIVE, {"ticket": ticket.id}).first() != live:
        return CaseRefusal.QUICKER
    matters = CallbackState(live.state) in (CallbackState.PROMISED, CallbackState.OFFERED)
    if matters and not hold.pools.admits(live.starts_at, wish.need, grid):
        return CaseRefusal.TIME_CANNOT_BE_KEPT
    session.execute(_ASK, {**asked, "callback": live.id, "ends_at": hold.span.ends, "ticket": ticket.id})
    recheck(session, ticket.network_id, [live.starts_at], now=now, grid=grid)
    return None


def _belongs_to_whoever_serves(session: Session, ticket: Ticket, now: datetime) -> None:
    serving = select(func.min(Organisation.id)).where(
        Organisation.network_id == ticket.network_id, literal(ticket.municipality) == any_(Organisation.serves)
    )
    organisation_id = session.scalar(serving)
    if organisation_id is not None:
        ticket.owner_organisation_id = organisation_id
        session.flush()
        given = insert(TicketAccess).values(ticket_id=ticket.id, organisation_id=organisation_id, given_at=now)
        session.execute(given.on_conflict_do_nothing())
