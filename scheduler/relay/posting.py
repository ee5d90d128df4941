"""Relays on their way to Teams and to mailboxes: each posted once to each channel, and said to be over where it was posted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Protocol

from sqlalchemy import Select, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from scheduler.alerts import AlertKind, note_alert
from scheduler.coordination import needs_coordinator
from scheduler.errands import Errand
from scheduler.grids import grid_of
from scheduler.jobs import ClaimedJob
from scheduler.ports import Email, MailError, OutsideError, WebError
from scheduler.relay.reading import card_of
from scheduler.relay.words import RELAYABLE, RelayCard
from scheduler.tasks import Task
from scheduler.tools import Tools
from tickets.relays import (
    ChannelKind,
    Occasion,
    PostState,
    PostTrouble,
    Relay,
    RelayChannel,
    RelayPost,
    RelayState,
    Told,
)
from tickets.store import cipher_of
from tickets.ticket import Ticket

JSON: Final[Mapping[str, str]] = {"Content-Type": "application/json"}
LONG: Final = timedelta(hours=1)  # an address that takes nothing for so long is told of


@dataclass(frozen=True, slots=True)
class RelayLetter:
    """A relay as an e-mail."""

    subject: str
    text: str


class RelayWriter(Protocol):
    """Puts a relay into words; what it writes is what a person previewed."""

    def card(self, card: RelayCard, told: Told, occasion: Occasion) -> bytes:
        """What is posted to a Teams workflow: an Adaptive Card in its envelope, as JSON."""
        ...

    def letter(self, card: RelayCard, told: Told, occasion: Occasion) -> RelayLetter:
        """What is sent to a mailbox."""
        ...

    def message_id(self, card: RelayCard, channel_id: int, occasion: Occasion) -> str:
        """The name of this message among all messages; the one that it is over answers the one that there is something."""
        ...


@dataclass(frozen=True, slots=True)
class _Post:
    id: int
    channel: int
    kind: ChannelKind
    address: str
    told: Told
    occasion: Occasion
    card: RelayCard


class NotYetError(OutsideError):
    """The other post of this relay is still on its way."""

    def __init__(self) -> None:
        super().__init__("not yet", permanent=False, expected=True)


def post(writer: RelayWriter, tools: Tools, job: ClaimedJob) -> None:
    """Tell one channel; an address that takes nothing is named to the coordinator."""
    with tools.sessions.begin() as session:
        planned = _planned(session, job, tools.clock.now())
    if planned is None:
        return
    try:
        _send(writer, tools, planned)
    except OutsideError as error:
        with tools.sessions.begin() as session:
            _note_trouble(session, planned, error, tools.clock.now())
        raise
    with tools.sessions.begin() as session:
        now = tools.clock.now()
        _settle(session, planned.id, PostState.SENT, now)
        well = {"trouble": None, "trouble_since": None, "posted_at": now}
        session.execute(update(RelayChannel).where(RelayChannel.id == planned.channel).values(well))


def look_after(tools: Tools, job: ClaimedJob) -> None:
    """Nobody has taken it for days: its ticket is the coordinator's, who may leave it in the relay or withdraw it."""
    now = tools.clock.now()
    with tools.sessions.begin() as session:
        relay = session.get(Relay, job.payload["relay"])
        ticket = None if relay is None or relay.ticket_id is None else session.get(Ticket, relay.ticket_id)
        if relay is None or ticket is None or relay.state is not RelayState.OPEN or ticket.status not in RELAYABLE:
            return
        grid = grid_of(session, relay.network_id)
        needs_coordinator(session, ticket.id, "relay_unclaimed", now=now, grid=grid)
        about = f"relay-{relay.id}"
        note_alert(session, relay.network_id, AlertKind.RELAY, about, now=now, relay=relay.number, ticket=ticket.id)


def relay_tasks(writer: RelayWriter) -> Mapping[str, Task]:
    """What the worker does for relays, in the words of this writer."""
    return {Errand.RELAY_POST: partial(post, writer), Errand.RELAY_UNCLAIMED: look_after}


def _planned(session: Session, job: ClaimedJob, now: datetime) -> _Post | None:
    """The post, written down; nothing where it is done, or where there is nothing more to say."""
    occasion = Occasion(job.payload["occasion"])
    relay, channel = session.get(Relay, job.payload["relay"]), session.get(RelayChannel, job.payload["channel"])
    if relay is None or channel is None:
        return None
    row = _row(session, relay.id, channel.id, occasion, now)
    if row.state in (PostState.SENT, PostState.SKIPPED):
        return None
    if channel.removed_at is not None or _is_pointless(session, relay, channel.id, occasion):
        _settle(session, row.id, PostState.SKIPPED, now)
        return None
    row.state = PostState.SENDING
    address = cipher_of(session).open(channel.address_sealed)
    card = card_of(session, relay)
    return _Post(row.id, channel.id, channel.kind, address, channel.told_in, occasion, card)


def _row(session: Session, relay: int, channel: int, occasion: Occasion, now: datetime) -> RelayPost:
    values = {"relay_id": relay, "channel_id": channel, "occasion": occasion, "state": PostState.SENDING, "at": now}
    session.execute(insert(RelayPost).values(values).on_conflict_do_nothing())
    return session.scalars(_of(relay, channel, occasion).with_for_update()).one()


def _is_pointless(session: Session, relay: Relay, channel: int, occasion: Occasion) -> bool:
    """Whether it was over before it was posted, or was never posted there; while that is open, wait. Raises NotYetError."""
    if occasion is Occasion.OPENED:
        return relay.state is not RelayState.OPEN
    opened = session.scalars(_of(relay.id, channel, Occasion.OPENED)).one_or_none()
    if opened is not None and opened.state is PostState.SENDING:
        raise NotYetError
    return opened is None or opened.state is not PostState.SENT


def _of(relay: int, channel: int, occasion: Occasion) -> Select[RelayPost]:
    return select(RelayPost).where(
        RelayPost.relay_id == relay, RelayPost.channel_id == channel, RelayPost.occasion == occasion
    )


def _send(writer: RelayWriter, tools: Tools, planned: _Post) -> None:
    if planned.kind is ChannelKind.TEAMS:
        assert tools.web is not None
        tools.web.post(planned.address, writer.card(planned.card, planned.told, planned.occasion), JSON)
        return
    if tools.mail is None:
        raise MailError("no mail server is set", permanent=False)
    letter = writer.letter(planned.card, planned.told, planned.occasion)
    opened = writer.message_id(planned.card, planned.channel, Occasion.OPENED)
    answers = None if planned.occasion is Occasion.OPENED else opened
    tools.mail.send(
        Email(
            to=planned.address,
            subject=letter.subject,
            text=letter.text,
            message_id=writer.message_id(planned.card, planned.channel, planned.occasion),
            in_reply_to=answers,
            references=() if answers is None else (answers,),
        )
    )


def _note_trouble(session: Session, planned: _Post, error: OutsideError, now: datetime) -> None:
    trouble = _trouble_of(error)
    if error.permanent:
        _settle(session, planned.id, PostState.FAILED, now, trouble)
    channel = session.scalars(select(RelayChannel).where(RelayChannel.id == planned.channel).with_for_update()).one()
    channel.trouble, channel.trouble_since = trouble, channel.trouble_since or now
    if error.permanent or now - channel.trouble_since > LONG:
        since = f"channel-{channel.id}:{channel.trouble_since:%Y%m%dT%H%M%S}"
        note_alert(session, channel.network_id, AlertKind.CHANNEL, since, now=now, channel=channel.id, trouble=trouble)


def _trouble_of(error: OutsideError) -> PostTrouble:
    if isinstance(error, WebError):
        return PostTrouble(error.trouble.value)
    return PostTrouble.MAIL_REFUSED if error.permanent else PostTrouble.MAIL_AWAY


def _settle(
    session: Session, post_id: int, state: PostState, now: datetime, trouble: PostTrouble | None = None
) -> None:
    session.execute(update(RelayPost).where(RelayPost.id == post_id).values(state=state, trouble=trouble, at=now))
