"""Was the caller helped? Asked once, at a decent hour, by text; by key of whoever takes no texts; never of who was not reached.

No answer is an answer too. Who was not helped comes back to the coordinator, as a matter that is open.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from scheduler.cases import Doing
from scheduler.closing import reopen
from scheduler.coordination import needs_coordinator
from scheduler.grids import grid_of
from scheduler.hours import TEXTING, first_in
from scheduler.jobs import enqueue
from scheduler.notices import Template, saved
from scheduler.slots import Grid
from tickets.contents import add_note
from tickets.network import Network
from tickets.ticket import Ticket
from tickets.vocabulary import Channel, EventKind, Outcome, Topic

ASKED_AFTER: Final = timedelta(minutes=30)  # there is time to put the phone down, and to try it
SEEN_WITHIN: Final = timedelta(days=2)  # of closing; a line that was away for longer asks nobody about old matters
ANSWERED_WITHIN: Final = timedelta(days=14)
ASKED_ON_PHONE: Final = timedelta(days=30)
NOT_HELPED: Final = "not_helped"
CALLER: Final = "caller"
# The caller was spoken with, and the matter came to an end.
ASKED_ABOUT: Final = (
    Outcome.RATKAISTU,
    Outcome.RATKAISTU_HETI,
    Outcome.OSITTAIN_JATKOAIKA,
    Outcome.OHJATTU_LAHI,
    Outcome.OHJATTU_KOTI,
    Outcome.OHJATTU_TAPAHTUMA,
    Outcome.OHJATTU_PALVELUNTARJOAJA,
    Outcome.OHJATTU_VIRANOMAINEN,
    Outcome.OHJATTU_HUOLTO,
    Outcome.EI_VOIDA_TEHDA_PUOLESTA,
)


class Helped(IntEnum):
    """The key that answers."""

    YES = 1
    PARTLY = 2
    NO = 3


@dataclass(frozen=True, slots=True)
class Given:
    """An answer: about which ticket, whether it is the first, whether the matter is open again by it."""

    ticket_id: int
    is_first: bool
    reopened: bool


_MAY_BE_ASKED = """
    n.asks_feedback AND t.status = 'closed' AND t.outcome = ANY(:outcomes) AND t.topic IS DISTINCT FROM :willing
    AND t.caller_index IS NOT NULL AND t.feedback IS NULL AND t.feedback_asked_at IS NULL
"""
_ABOUT = {"outcomes": [outcome.value for outcome in ASKED_ABOUT], "willing": Topic.HALUAN_AUTTAA.value}
_TO_ASK = text(f"""
UPDATE ticket SET feedback_asked_at = :now FROM (
    SELECT DISTINCT ON (t.network_id, t.caller_index) t.id FROM ticket t JOIN network n ON n.id = t.network_id
    WHERE t.closed_at > :since AND t.can_text AND {_MAY_BE_ASKED} AND NOT EXISTS (
        SELECT FROM ticket o
        WHERE o.network_id = t.network_id AND o.caller_index = t.caller_index AND o.feedback_asked_at > :fortnight
    )
    ORDER BY t.network_id, t.caller_index, t.closed_at DESC
) AS newest
WHERE ticket.id = newest.id RETURNING ticket.id, ticket.closed_at, ticket.network_id
""")  # noqa: S608 - nothing in it comes from outside


def ask_for_feedback(session: Session, *, now: datetime) -> int:
    """Text those whose matter has been closed; how many. Nobody is asked twice in a fortnight, whatever they rang about."""
    values = {**_ABOUT, "now": now, "since": now - SEEN_WITHIN, "fortnight": now - ANSWERED_WITHIN}
    asked = session.execute(_TO_ASK, values).all()
    grids = {network_id: grid_of(session, network_id) for network_id in {row.network_id for row in asked}}
    for row in asked:
        at = first_in(TEXTING, max(now, row.closed_at + ASKED_AFTER), grids[row.network_id])
        enqueue(session, saved(row.id, now=at, template=Template.FEEDBACK))
    return len(asked)


_ON_PHONE = text(f"""
WITH due AS (
    SELECT t.id, t.closed_at FROM ticket t JOIN network n ON n.id = t.network_id
    WHERE t.network_id = :network AND t.caller_index = :index AND NOT t.can_text AND t.closed_at > :since
        AND {_MAY_BE_ASKED}
    FOR UPDATE OF t
), asked AS (
    UPDATE ticket SET feedback_asked_at = :now FROM due WHERE ticket.id = due.id
)
SELECT id FROM due ORDER BY closed_at DESC LIMIT 1
""")  # noqa: S608 - nothing in it comes from outside


def ask_on_phone(session: Session, network_id: int, caller_index: bytes, *, now: datetime) -> int | None:
    """The closed matter about which a caller who takes no texts is asked now, and never again. One statement."""
    values = {**_ABOUT, "network": network_id, "index": caller_index, "now": now, "since": now - ASKED_ON_PHONE}
    ticket_id: int | None = session.scalar(_ON_PHONE, values)
    return ticket_id


_GIVE = text("""
WITH q AS (
    SELECT id, feedback AS was, status FROM ticket WHERE id = coalesce(CAST(:ticket AS bigint), (
        SELECT m.ticket_id FROM ticket t JOIN message m ON m.ticket_id = t.id
        WHERE t.network_id = :network AND t.caller_index = :index AND m.template = :template AND m.created_at > :since
        ORDER BY m.id DESC LIMIT 1
    )) FOR UPDATE
), g AS (
    UPDATE ticket SET feedback = :helped, updated_at = :now FROM q
    WHERE ticket.id = q.id AND q.was IS DISTINCT FROM :helped
    RETURNING ticket.id
), e AS (
    INSERT INTO ticket_event (ticket_id, at, kind, actor, details)
    SELECT id, :now, :event, 'caller',
        jsonb_build_object('feedback', CAST(:helped AS int), 'channel', CAST(:channel AS text)) FROM g
)
SELECT id, was IS NULL AS is_first, status = 'closed' AS closed, EXISTS (SELECT FROM g) AS is_new FROM q
""")


def answer_by_text(
    session: Session, network_id: int, caller_index: bytes, helped: Helped, *, now: datetime, grid: Grid
) -> Given | None:
    """What was texted within a fortnight of our question; None where there was none. The last word stands."""
    whose = {"ticket": None, "network": network_id, "index": caller_index, "channel": Channel.TEXT}
    return _give(session, whose, helped, now, grid)


def answer_by_key(session: Session, ticket_id: int, helped: Helped, *, now: datetime, grid: Grid) -> Given | None:
    """What was pressed when the line asked."""
    whose = {"ticket": ticket_id, "network": None, "index": None, "channel": Channel.PHONE}
    return _give(session, whose, helped, now, grid)


def answer_on_page(
    session: Session, ticket_id: int, helped: Helped, words: str, *, now: datetime, grid: Grid
) -> Given | None:
    """What was answered on the page, with a few words that whoever works on the matter reads."""
    whose = {"ticket": ticket_id, "network": None, "index": None, "channel": Channel.FORM}
    if words:
        add_note(session, session.get_one(Ticket, ticket_id), words, now=now, actor=CALLER)
    return _give(session, whose, helped, now, grid)


def asks_feedback(session: Session, network_id: int) -> bool:
    """Whether a network asks its callers."""
    return session.get_one(Network, network_id).asks_feedback


def switch_feedback(session: Session, network_id: int, *, asks: bool) -> None:
    """From now on a network asks its callers, or does not; what has been asked may still be answered."""
    session.execute(update(Network).where(Network.id == network_id).values(asks_feedback=asks))


def _give(session: Session, whose: Mapping[str, object], helped: Helped, now: datetime, grid: Grid) -> Given | None:
    about = {"template": Template.FEEDBACK, "since": now - ANSWERED_WITHIN, "event": EventKind.FEEDBACK}
    row = session.execute(_GIVE, {**whose, **about, "helped": int(helped), "now": now}).first()
    if row is None:
        return None
    comes_back = helped is Helped.NO and row.is_new and row.closed
    return Given(row.id, row.is_first, comes_back and _reopen(session, row.id, now, grid))


def _reopen(session: Session, ticket_id: int, now: datetime, grid: Grid) -> bool:
    ticket = session.get_one(Ticket, ticket_id, populate_existing=True)
    if reopen(session, ticket, Doing(now, CALLER, grid), reason=NOT_HELPED) is not None:
        return False
    return needs_coordinator(session, ticket_id, NOT_HELPED, now=now, grid=grid)
