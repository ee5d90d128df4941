"""Telling by phone what cannot be told by text: rung up to three times, half an hour apart, and only within hours.

A phone that is busy at first may be talking to us: it is rung again soon.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from scheduler.briefing import OwnLine, brief
from scheduler.errands import asking_whether_told
from scheduler.grids import grid_of_callback
from scheduler.hours import TEXTING, first_in
from scheduler.jobs import ClaimedJob, Job, enqueue, put_off
from scheduler.notices import Template, tell_again, tell_by_phone
from scheduler.offers import ring_instead
from scheduler.outbox import Message, MessageState
from scheduler.ports import Ringing, TelephonyError, Urls
from scheduler.promises import TOLD_AHEAD
from scheduler.records import LIVE
from scheduler.slots import Grid, next_within_hours
from scheduler.tools import Tools
from tickets.vocabulary import EventKind

RESIDENT_RING: Final = 40  # seconds
LOOK_AFTER: Final = timedelta(minutes=2)  # by then the phone has been picked up, or not
TRY_AGAIN_AFTER: Final = timedelta(minutes=30)
BUSY_AT_FIRST: Final = timedelta(minutes=3)
HANG_UP_WITHIN: Final = timedelta(minutes=5)  # whoever has just booked may still be on the line
TRIES: Final = 3
# What a caller must know; other texts only repeat it, or can wait.
IMPORTANT: Final = frozenset(
    {Template.BOOKED, Template.MOVED, Template.MISSED, Template.REPLACED, Template.NO_TIME, Template.OFFERED}
)
CHANGES: Final = frozenset({Template.REPLACED, Template.NO_TIME})  # of a promise that cannot be kept: before its time


def tell(tools: Tools, job: ClaimedJob) -> None:
    """Ring a caller who cannot be texted, to say a time or that one was not kept."""
    news, now = _News.of(job), tools.clock.now()
    with tools.sessions.begin() as session:
        rung = _whom_to_ring(session, tools, news)
        if rung is None:
            return
        if (later := news.may_be_told(now, grid_of_callback(session, news.callback_id))) > now:
            put_off(session, job, until=later)
            return
    call_sid = _ring(tools, job, news, rung)
    with tools.sessions.begin() as session:
        if call_sid is None:
            _note_not_told(session, tools, news)
        else:
            enqueue(session, asking_whether_told(call_sid, job.payload, at=now + LOOK_AFTER))


def was_told(tools: Tools, job: ClaimedJob) -> None:
    """Somebody picked up, or it is tried again; after the last time the ticket's events say that the caller was not told."""
    news, now = _News.of(job), tools.clock.now()
    told = tools.telephony.call(job.payload["call"])
    if told is not None and told.ringing is Ringing.ANSWERED:
        return
    with tools.sessions.begin() as session:
        if told is not None and told.ringing is Ringing.GOING_ON:
            put_off(session, job, until=now + LOOK_AFTER)
        elif news.number < TRIES:
            is_soon = news.number == 1 and told is not None and told.ringing is Ringing.BUSY
            at = next_within_hours(
                now + (BUSY_AT_FIRST if is_soon else TRY_AGAIN_AFTER), grid_of_callback(session, news.callback_id)
            )
            enqueue(session, tell_again(news.callback_id, news.template, news.number + 1, at=at))
        else:
            _note_not_told(session, tools, news)


def tell_instead(session: Session, message_id: int, *, now: datetime) -> None:
    """A text did not arrive: a time that it told, or that one was not kept, is told by phone."""
    lost = select(Job.payload).join(Message, Message.key == Job.key)
    payload = session.scalar(lost.where(Message.id == message_id, Message.state == MessageState.FAILED))
    if payload is not None and "callback" in payload and payload["template"] in IMPORTANT:
        template, grid = Template(payload["template"]), grid_of_callback(session, payload["callback"])
        if template is Template.OFFERED:
            ring_instead(session, payload["callback"], now=now, grid=grid)
            return
        enqueue(session, tell_by_phone(payload["callback"], template, grid=grid, now=now + HANG_UP_WITHIN))


@dataclass(frozen=True, slots=True)
class _News:
    callback_id: int
    template: Template
    number: int  # of this try

    @classmethod
    def of(cls, job: ClaimedJob) -> Self:
        return cls(job.payload["callback"], Template(job.payload["template"]), job.payload.get("try", 1))

    @property
    def is_of_ended(self) -> bool:
        return self.template in (Template.MISSED, Template.NO_TIME)

    def may_be_told(self, now: datetime, grid: Grid) -> datetime:
        return first_in(TEXTING, now, grid) if self.template in CHANGES else next_within_hours(now, grid)

    def url(self, urls: Urls, *, is_over: bool) -> str:
        """Once the time that could not be kept is over, only what is now is told."""
        if self.template in CHANGES and not is_over:
            return urls.change(self.callback_id)
        return urls.announcement(self.callback_id, sorry=self.is_of_ended)


@dataclass(frozen=True, slots=True)
class _Rung:
    phone: str
    line: OwnLine
    is_over: bool  # the time that cannot be kept


def _whom_to_ring(session: Session, tools: Tools, news: _News) -> _Rung | None:
    known = brief(session, news.callback_id)
    if known is None or known.line is None or known.caller is None:
        return None
    now = tools.clock.now()
    lost = known.starts_at if news.is_of_ended else known.instead_of or known.starts_at
    rung = _Rung(known.caller, known.line, is_over=now >= lost)
    if news.is_of_ended:
        return rung
    comes_first = now > known.starts_at - TOLD_AHEAD  # the callback itself
    return None if comes_first or known.state not in LIVE else rung


def _ring(tools: Tools, job: ClaimedJob, news: _News, rung: _Rung) -> str | None:
    """The call's sid; None where the operator will never ring this number."""
    since = job.run_at - timedelta(minutes=10)
    if job.attempts > 1 and (found := tools.telephony.find_call(to=rung.phone, shown=rung.line.e164, since=since)):
        return found
    try:
        return tools.telephony.ring(
            to=rung.phone,
            shown=rung.line.e164,
            url=news.url(tools.urls, is_over=rung.is_over),
            status_url=tools.urls.status,
            seconds=RESIDENT_RING,
        )
    except TelephonyError as error:
        if not error.permanent:
            raise
        return None


_EVENT = text("""
INSERT INTO ticket_event (ticket_id, at, kind, actor, details)
SELECT ticket_id, :now, :event, 'line', jsonb_build_object('callback', id, 'news', CAST(:news AS text))
FROM callback WHERE id = :callback
""")


def _note_not_told(session: Session, tools: Tools, news: _News) -> None:
    values = {"callback": news.callback_id, "news": news.template, "now": tools.clock.now()}
    session.execute(_EVENT, values | {"event": EventKind.NOT_TOLD})
