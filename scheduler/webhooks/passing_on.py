"""What happened to tickets, passed on: each event to each program that wants it, again until it is taken.

The log of events is the truth. A round writes down what came since the last one, a delivery for each event and program, so
a round that runs twice writes nothing twice. Events become visible in another order than they are numbered: the cursor goes
only as far as had been seen in a round (the horizon) whose fellow transactions have all ended since, and what lies after it is
looked at again.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from scheduler.alerts import AlertKind, note_alert
from scheduler.errands import Errand
from scheduler.jobs import ClaimedJob, Job, enqueue
from scheduler.ports import OutsideError, WebError
from scheduler.relay.publishing import take_back_overtaken
from scheduler.tasks import Task
from scheduler.tools import Tools
from scheduler.webhooks.errands import PATIENCE, delivering
from scheduler.webhooks.payloads import Happened, body_of, without_area
from scheduler.webhooks.signing import signed
from scheduler.webhooks.subscriptions import about, message_id
from tickets.store import cipher_of
from tickets.ticket import Ticket, TicketEvent
from tickets.vocabulary import Channel, EventKind, TicketStatus, Topic
from tickets.webhooks import DeliveryState, Stopped, Webhook, WebhookDelivery
from voice_prompts.language import Language

AT_ONCE: Final = 500  # events of one program in one round; the rest comes in the next
LOOK_BACK: Final = 200  # a number may be drawn a moment before its transaction is known: so many are looked at again
KEPT: Final = timedelta(days=30)  # so long is it known what was delivered
OLD_ROUNDS: Final = 100
GONE: Final = 410


def pass_on(tools: Tools, job: ClaimedJob) -> None:
    """Write down what happened lately for each program that wants it; and end cards of cases that were overtaken."""
    now = tools.clock.now()
    with tools.sessions.begin() as session:
        take_back_overtaken(session, now=now)
        told = (Webhook.removed_at.is_(None), Webhook.stopped.is_(None))
        for webhook in session.scalars(select(Webhook).where(*told).order_by(Webhook.id).with_for_update()):
            _write_down(session, webhook, now)
        session.execute(delete(WebhookDelivery).where(WebhookDelivery.settled_at < now - KEPT, _IS_BEHIND))
        old = f"{Errand.PASS_ON}:all:{job.payload['round'] - OLD_ROUNDS}"
        session.execute(delete(Job).where(Job.key == old))


def deliver(tools: Tools, job: ClaimedJob) -> None:
    """One try at telling one program of one event; what it does not take is tried again, for more than a day."""
    with tools.sessions.begin() as session:
        found = session.get(WebhookDelivery, job.payload["delivery"])
        webhook = None if found is None else session.get(Webhook, found.webhook_id)
        if found is None or webhook is None or not _is_to_be_told(found, webhook):
            return
        if _is_hidden(session, found):
            found.body = without_area(found.body)
        opened = cipher_of(session).open
        address, secret = opened(webhook.address_sealed), opened(webhook.secret_sealed)
    body, now = found.body.encode(), tools.clock.now()
    assert tools.web is not None
    try:
        tools.web.post(address, body, signed(secret, message_id(found), body, now=now))
    except WebError as error:
        with tools.sessions.begin() as session:
            _not_taken(session, job, error, tools.clock.now())
        return
    with tools.sessions.begin() as session:
        _taken(session, found, tools.clock.now())


WEBHOOK_TASKS: Final[Mapping[str, Task]] = {Errand.PASS_ON: pass_on, Errand.WEBHOOK: deliver}


_NEW = text("""
SELECT e.id, e.kind, e.at, t.code, t.status, t.topic, t.language, t.channel,
    CASE WHEN t.non_disclosure THEN NULL ELSE t.municipality END AS municipality
FROM ticket_event e JOIN ticket t ON t.id = e.ticket_id
WHERE e.id > :after AND t.network_id = :network AND (:all OR e.kind = ANY(:kinds))
    AND NOT EXISTS (SELECT FROM webhook_delivery d WHERE d.webhook_id = :webhook AND d.event_id = e.id)
ORDER BY e.id LIMIT :most
""")
# The newest event to be seen, the oldest transaction that still runs, and the next one to begin.
_HORIZON = text("""
SELECT (SELECT coalesce(max(id), 0) FROM ticket_event) AS newest,
    CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint) AS oldest_running,
    CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint) AS next_to_run
""")
_IS_BEHIND = WebhookDelivery.event_id < (
    select(Webhook.cursor - LOOK_BACK).where(Webhook.id == WebhookDelivery.webhook_id).scalar_subquery()
)


def _write_down(session: Session, webhook: Webhook, now: datetime) -> None:
    values = {
        "after": max(webhook.told_from, webhook.cursor - LOOK_BACK),
        "network": webhook.network_id,
        "webhook": webhook.id,
        "all": not webhook.events,
        "kinds": webhook.events,
        "most": AT_ONCE,
    }
    sight = session.execute(_HORIZON).one()
    rows = session.execute(_NEW, values).all()
    told = [_delivery(webhook, _happened(*row), now) for row in rows]
    session.add_all(told)
    session.flush()
    enqueue(session, *(delivering(one.id, 1, at=now, since=now) for one in told))
    if sight.oldest_running >= webhook.horizon_xid:  # whoever wrote when we looked last has ended
        webhook.cursor = webhook.horizon
        webhook.horizon = rows[-1].id if len(rows) == AT_ONCE else max(sight.newest, webhook.horizon)
        webhook.horizon_xid = sight.next_to_run


def _delivery(webhook: Webhook, happened: Happened, now: datetime) -> WebhookDelivery:
    return WebhookDelivery(
        webhook_id=webhook.id,
        event_id=happened.event_id,
        body=body_of(happened),
        state=DeliveryState.WAITING,
        tries=0,
        made_at=now,
    )


def _happened(
    event_id: int, kind: str, at: datetime, code: str, status: str, topic: str | None, *told: str
) -> Happened:
    language, channel, municipality = told
    return Happened(
        event_id,
        EventKind(kind),
        at,
        code,
        TicketStatus(status),
        None if topic is None else Topic(topic),
        Language(language),
        Channel(channel),
        municipality or None,
    )


def _is_to_be_told(delivery: WebhookDelivery, webhook: Webhook) -> bool:
    return delivery.state is DeliveryState.WAITING and webhook.stopped is None and webhook.removed_at is None


def _is_hidden(session: Session, delivery: WebhookDelivery) -> bool:
    """Whether the ticket is under turvakielto by now, whatever it was when the body was written."""
    of = select(TicketEvent.ticket_id).where(TicketEvent.id == delivery.event_id).scalar_subquery()
    return session.scalar(select(Ticket.non_disclosure).where(Ticket.id == of)) is True


def _taken(session: Session, delivery: WebhookDelivery, now: datetime) -> None:
    waits = (WebhookDelivery.id == delivery.id, WebhookDelivery.state == DeliveryState.WAITING)
    settled = {"state": DeliveryState.DELIVERED, "settled_at": now, "trouble": None, "tries": WebhookDelivery.tries + 1}
    session.execute(update(WebhookDelivery).where(*waits).values(settled))
    session.execute(update(Webhook).where(Webhook.id == delivery.webhook_id).values(delivered_at=now, trouble=None))


def _not_taken(session: Session, job: ClaimedJob, error: OutsideError, now: datetime) -> None:
    number, trouble = job.payload["try"], str(error)
    found = select(WebhookDelivery).where(WebhookDelivery.id == job.payload["delivery"]).with_for_update()
    delivery = session.scalars(found).one()
    delivery.tries, delivery.trouble = number, trouble
    session.execute(update(Webhook).where(Webhook.id == delivery.webhook_id).values(trouble=trouble))
    if error.code == GONE or number > len(PATIENCE):
        delivery.state, delivery.settled_at = DeliveryState.FAILED, now
        _stop(session, delivery.webhook_id, Stopped.GONE if error.code == GONE else Stopped.FAILING, now)
        return
    since = datetime.fromisoformat(job.payload["since"])
    enqueue(session, delivering(delivery.id, number + 1, at=now + PATIENCE[number - 1], since=since))


def _stop(session: Session, webhook_id: int, why: Stopped, now: datetime) -> None:
    """Tell it nothing more until somebody resumes it; what waits stays."""
    told = (Webhook.id == webhook_id, Webhook.stopped.is_(None))
    stopped = update(Webhook).where(*told).values(stopped=why, stopped_at=now).returning(Webhook.network_id)
    network_id = session.scalar(stopped)
    if network_id is not None:
        note_alert(session, network_id, AlertKind.WEBHOOK, about(webhook_id, now), now=now, webhook=webhook_id, why=why)
