"""The worker's parts, wired apart from the web's: the REST client is slow to load and never belongs in a webhook."""

import signal
import threading
from dataclasses import replace
from datetime import timedelta
from functools import partial

from admin.calendars.web import CalendarWeb
from admin.clock import RunningClock
from admin.lines import telephone
from admin.outside.guard import Outside, is_public_or_here
from admin.outside.mail import SmtpMail
from admin.outside.post import post_tasks
from admin.outside.web import OutsideWeb
from admin.parts import Parts
from admin.relay.writer import PostedRelays
from admin.reviews import write_review
from admin.settings import Settings
from admin.shared_clock import SharedClock
from admin.statistics.night import export_night, require_export
from admin.transcriber import transcriber
from ivr.addresses import Addresses
from ivr.reconciliation import ERRANDS
from scheduler.errands import Errand
from scheduler.lines import line_tasks
from scheduler.relay.posting import relay_tasks
from scheduler.reviews import review_tasks
from scheduler.rota.busy import read_calendar
from scheduler.sign_in_codes import send_code
from scheduler.tasks import TASKS, Task
from scheduler.tools import Tools
from scheduler.webhooks.passing_on import WEBHOOK_TASKS
from scheduler.worker import Worker
from voice_prompts.catalogue import Catalogue

BEAT = timedelta(seconds=1)
QUICKEST = timedelta(seconds=0.2)
LOOK_AT_THE_CLOCK_EVERY_S = 1.0


def worker(parts: Parts) -> Worker:
    """A worker for this line, at the pace of its clock."""
    settings = parts.settings
    settings.require_line()
    urls = Addresses(settings.public_url or "", settings.secret_key)
    tools = Tools(
        sessions=parts.sessions,
        clock=parts.clock,
        telephony=telephone(parts),
        catalogue=Catalogue.load(),
        urls=urls,
        mail=None if settings.smtp is None else SmtpMail(settings.smtp, parts.clock.now),
        web=_web(settings),
        transcriber=transcriber(settings.writer, parts.sessions),
    )
    return Worker(tools, {**TASKS, **ERRANDS, **_ours(settings, urls), **WEBHOOK_TASKS}, pace=_pace(settings))


def _ours(settings: Settings, urls: Addresses) -> dict[str, Task]:
    """The tasks that need to know who we are or what is outside."""
    public_url = settings.public_url or ""
    return {
        Errand.READ_CALENDAR: partial(read_calendar, CalendarWeb().fetch),
        Errand.SIGN_IN_CODE: send_code,
        **review_tasks(write_review),
        **line_tasks(public_url, urls.webhooks),
        **post_tasks(public_url, settings.secret_key),
        **relay_tasks(PostedRelays(public_url)),
        **_nightly(settings),
    }


def _nightly(settings: Settings) -> dict[str, Task]:
    """The night's export, where there is a place for it."""
    if settings.export_url is None:
        return {}
    require_export()
    return {Errand.EXPORT: partial(export_night, settings.export_url)}


def _web(settings: Settings) -> OutsideWeb:
    """The way out; where a test or a demo allows it, to this machine too, and then without TLS."""
    return OutsideWeb(Outside(is_public_or_here, ("https", "http")) if settings.loopback else Outside())


def work(parts: Parts) -> None:
    """Do what is due, until told to stop; what is being done is done to its end first."""
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    hand = worker(parts)
    while not stop.is_set():
        hand = replace(hand, pace=_pace(parts.settings))
        hand.run(beat(parts.settings.clock).total_seconds(), partial(_wait_for, stop, parts.settings, hand.pace))


def _wait_for(stop: threading.Event, settings: Settings, pace: float) -> None:
    """Until it is told to stop, or somebody has made a demo's clock run at another speed."""
    while not stop.wait(LOOK_AT_THE_CLOCK_EVERY_S) and _pace(settings) == pace:
        pass


def _pace(settings: Settings) -> float:
    return 1.0 if settings.clock is None else max(1.0, settings.clock.speed)


def beat(clock: RunningClock | SharedClock | None) -> timedelta:
    """How often to look, in real time: a clock that runs fast is looked at more often."""
    return BEAT if clock is None else max(QUICKEST, BEAT / max(1.0, clock.speed))
