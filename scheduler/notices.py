"""What is to be done about a promise, as jobs: choose the helper, ring, and tell the caller.

Texts go to mobiles. To a number that takes none the line rings and tells, but only what its owner has not heard yet.
"""

from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final

from scheduler.jobs import NewJob
from scheduler.slots import DAY, Grid, instant_of, next_within_hours

CHOOSE_AHEAD: Final = timedelta(minutes=10)
REMIND_AHEAD: Final = timedelta(hours=2)
EVENING: Final = time(18)
MORNING: Final = time(8)  # nobody is texted earlier


class JobKind(StrEnum):
    """The jobs that a promise brings with it."""

    CHOOSE = "choose"
    RING = "ring"
    TEXT = "text"
    TELL = "tell"


class Template(StrEnum):
    """Which text message; the words are `sms.<value>` in voice_prompts."""

    BOOKED = "booked"
    REMINDER = "reminder"
    MOVED = "moved"
    CANCELLED = "cancelled"
    SETTLED = "settled"
    TRIED = "tried"
    TRIED_AGAIN_AT = "tried_again_at"
    MISSED = "missed"
    SAVED = "saved"
    WAITING = "waiting"
    OFFERED = "offered"
    REPLACED = "replaced"
    NO_TIME = "no_time"
    FEEDBACK = "feedback"
    WILLING = "willing"
    NEARBY = "nearby"
    ALERT_DEFICIT = "alert_deficit"


def about(callback_id: int) -> str:
    """How job keys name a promise."""
    return f"callback-{callback_id}"


def keep_promise(callback_id: int, starts_at: datetime, number: int, *, now: datetime) -> tuple[NewJob, NewJob]:
    """Choose the helper ten minutes before, ring at the time; `number` is the try."""
    choose = NewJob(
        JobKind.CHOOSE,
        f"{JobKind.CHOOSE}:{about(callback_id)}",
        max(now, starts_at - CHOOSE_AHEAD),
        {"callback": callback_id},
    )
    return choose, ring(callback_id, number, at=max(now, starts_at))


def ring(callback_id: int, number: int, *, at: datetime, helper_id: int | None = None) -> NewJob:
    """Ring the chosen helper; `helper_id` where another one has been chosen within the same try."""
    key = f"{JobKind.RING}:{about(callback_id)}:try-{number}"
    if helper_id is not None:
        key = f"{key}:helper-{helper_id}"
    return NewJob(JobKind.RING, key, at, {"callback": callback_id, "try": number})


def tell(
    callback_id: int, template: Template, *, can_text: bool, grid: Grid, now: datetime, number: int | None = None
) -> NewJob:
    """Tell the caller something they have not heard: by text, or by ringing them within hours."""
    if can_text:
        return text(callback_id, template, at=now, number=number)
    return tell_by_phone(callback_id, template, grid=grid, now=now)


def tell_by_phone(callback_id: int, template: Template, *, grid: Grid, now: datetime) -> NewJob:
    """Ring a caller to tell it, within hours."""
    return _notice(JobKind.TELL, callback_id, template, next_within_hours(now, grid))


def tell_again(callback_id: int, template: Template, number: int, *, at: datetime) -> NewJob:
    """Ring a caller once more to tell it; `number` is the try."""
    return _notice(JobKind.TELL, callback_id, template, at, number)


def saved(ticket_id: int, *, now: datetime, template: Template = Template.SAVED) -> NewJob:
    """Text the caller that a request without a time is kept, or waits for one."""
    payload = {"template": template.value, "ticket": ticket_id}
    return NewJob(JobKind.TEXT, f"{JobKind.TEXT}:ticket-{ticket_id}:{template}", now, payload)


def text(callback_id: int, template: Template, *, at: datetime, number: int | None = None) -> NewJob:
    """Text the caller; `number` where each try is told of."""
    return _notice(JobKind.TEXT, callback_id, template, at, number)


def reminders(callback_id: int, starts_at: datetime, *, now: datetime, grid: Grid) -> tuple[NewJob, ...]:
    """One reminder: the evening before, else two hours before; none when the booking itself is that fresh."""
    day = starts_at.astimezone(grid.tz).date()
    evening = instant_of(day - DAY, EVENING, grid.tz)
    shortly = max(starts_at - REMIND_AHEAD, instant_of(day, MORNING, grid.tz))
    at = evening if evening > now else shortly
    if at < now + timedelta(hours=1):
        return ()
    return (text(callback_id, Template.REMINDER, at=at),)


def _notice(kind: JobKind, callback_id: int, template: Template, at: datetime, number: int | None = None) -> NewJob:
    key, payload = f"{kind}:{about(callback_id)}:{template}", {"template": template.value, "callback": callback_id}
    if number is None:
        return NewJob(kind, key, at, payload)
    return NewJob(kind, f"{key}:try-{number}", at, {**payload, "try": number})
