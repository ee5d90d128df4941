"""The network's settings for programs: when it rings back, how long calls take, what is kept for Swedish, who is texted."""

from datetime import time

from pydantic import BaseModel, Field

from admin.api.operations import Asked, Operations, Refused
from admin.api.place_shapes import Strict, WallTime
from admin.api.reach import must_reach_network
from admin.people.marks import mark_of
from scheduler.grids import change_hours
from tickets.network_hours import (
    LONGEST_NOTICE,
    MOST_DAYS,
    SHORTEST_NOTICE,
    HoursRefusal,
    NetworkHours,
    hours_of,
)
from tickets.network_settings import (
    LONGEST_CALL,
    LONGEST_RELEASE,
    STEP,
    NetworkTerms,
    SettingsRefusal,
    change_network,
    terms_of_network,
)
from tickets.rights import Right
from tickets.vocabulary import Topic

LONGEST_NUMBER = 40
operations = Operations()


class HoursOut(BaseModel):
    """By the clock on the wall in Finland; `working_days` is how far ahead times are offered."""

    opens: time
    closes: time
    notice_minutes: int
    working_days: int


class SettingsOut(BaseModel):
    """The settings; topics that are not named take an hour. `seal` says which state this is."""

    hours: HoursOut
    call_minutes: dict[Topic, int]
    swedish_release_hours: int
    asks_feedback: bool
    alert_phone: str | None = Field(description="Who is texted when a promise loses its helper.")
    seal: str


class HoursIn(Strict):
    """On the quarter hour, at least an hour apart."""

    opens: WallTime
    closes: WallTime
    notice_minutes: int = Field(ge=SHORTEST_NOTICE, le=LONGEST_NOTICE)
    working_days: int = Field(ge=1, le=MOST_DAYS)


class SettingsIn(Strict):
    """All of them, as they are to be. `seal`: as they were read, refused if they have changed; null: whatever they were."""

    hours: HoursIn
    call_minutes: dict[Topic, int] = Field(description=f"{STEP}, {2 * STEP}, … or {LONGEST_CALL}.")
    swedish_release_hours: int = Field(ge=0, le=LONGEST_RELEASE)
    asks_feedback: bool
    alert_phone: str | None = Field(max_length=LONGEST_NUMBER)
    seal: str | None = None


@operations.get("/settings", Right.KEEP_SETTINGS)
def settings(asked: Asked) -> SettingsOut:
    """What holds for the whole network."""
    must_reach_network(asked, Right.KEEP_SETTINGS, "settings")
    return _out(*_kept(asked))


@operations.put("/settings", Right.KEEP_SETTINGS)
def keep_settings(asked: Asked, body: SettingsIn) -> SettingsOut:
    """Let them be so from now on; what is promised stands, with its length."""
    must_reach_network(asked, Right.KEEP_SETTINGS, "settings")
    hours, terms = _kept(asked)
    if body.seal not in (None, mark_of((hours, terms))):
        raise Refused(SettingsRefusal.CHANGED_MEANWHILE)
    named = body.hours
    after = NetworkHours(named.opens, named.closes, named.notice_minutes, named.working_days)
    phone = (body.alert_phone or "").strip() or None
    wanted = NetworkTerms(body.call_minutes, body.swedish_release_hours, body.asks_feedback, phone)
    _done(change_hours(asked.session, asked.network_id, after, seen=hours, **asked.by))
    _done(change_network(asked.session, asked.network_id, wanted, seen=terms, **asked.by))
    return _out(*_kept(asked))


def _out(hours: NetworkHours, terms: NetworkTerms) -> SettingsOut:
    told = {name: getattr(terms, name) for name in terms.__slots__}
    as_hours = {name: getattr(hours, name) for name in hours.__slots__}
    return SettingsOut(hours=HoursOut(**as_hours), **told, seal=mark_of((hours, terms)))


def _kept(asked: Asked) -> tuple[NetworkHours, NetworkTerms]:
    there = (asked.session, asked.network_id)
    return hours_of(*there), terms_of_network(*there)


def _done(refusal: HoursRefusal | SettingsRefusal | None) -> None:
    if refusal in (HoursRefusal.CHANGED_MEANWHILE, SettingsRefusal.CHANGED_MEANWHILE):
        raise Refused(SettingsRefusal.CHANGED_MEANWHILE)
    if refusal is not None:
        raise Refused(refusal, status=400)
