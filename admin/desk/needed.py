"""What needs a person first: promises that nobody can keep, alerts, requests with the coordinator; a few of each, or a page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from admin.api.operations import Asked
from admin.api.reach import concerning, watched
from scheduler.alerts import AlertCard, AlertKind, alerts_of, how_many_alerts
from scheduler.deficits import Deficit, deficits_of, how_many_deficits
from scheduler.finding import Wanted, Within
from scheduler.sight import open_municipality, ways
from scheduler.urgency import most_urgent
from tickets.rights import Right
from tickets.vocabulary import TicketStatus, Topic
from voice_prompts.language import Language

SHOWN: Final = 10
A_PAGE: Final = 50
COUNTED: Final = 200  # so far we count what is not shown


@dataclass(frozen=True, slots=True)
class Rest:
    """How many more there are than are shown; `or_more` where we stopped counting."""

    count: int = 0
    or_more: bool = False

    @property
    def told(self) -> str:
        """As it is written: 12, or 200+."""
        return f"{self.count}{'+' if self.or_more else ''}"


@dataclass(frozen=True, slots=True)
class WithUs:
    """A request that a person has to see to, as a list may show it."""

    code: str
    topic: Topic | None
    language: Language
    municipality: str | None
    deadline: datetime | None


@dataclass(frozen=True, slots=True)
class Needed:
    """What needs a person first, and how much more there is of it; `more`: there is more with the coordinator than is shown."""

    alerts: tuple[AlertCard, ...] = ()
    more_alerts: Rest = Rest()
    unkept: tuple[Deficit, ...] = ()
    more_unkept: Rest = Rest()
    with_us: tuple[WithUs, ...] = ()
    more: bool = False

    @property
    def nothing(self) -> bool:
        """Whether nothing needs anybody."""
        return not (self.alerts or self.unkept or self.with_us)


def needed_of(asked: Asked) -> Needed:
    """What needs a person first: what has gone wrong, what is about to, and who was told that somebody sees to it."""
    with_us, more = _with_us(asked)
    if asked.holder.may(Right.WATCH_PROMISES) is None:
        return Needed(with_us=with_us, more=more)
    alerts, unkept = alerts_for(asked, SHOWN + 1), unkept_for(asked, SHOWN + 1)
    return Needed(
        alerts[:SHOWN],
        _more_alerts(asked) if len(alerts) > SHOWN else Rest(),
        unkept[:SHOWN],
        _more_unkept(asked) if len(unkept) > SHOWN else Rest(),
        with_us,
        more,
    )


def alerts_for(asked: Asked, most: int, before: int | None = None) -> tuple[AlertCard, ...]:
    """What somebody must hear of, the newest first; promises that nobody can keep are told apart from these."""
    mine = concerning(asked)
    return alerts_of(
        asked.session, asked.network_id, most=most, before=before, concerning=mine, without=AlertKind.DEFICIT
    )


def unkept_for(asked: Asked, most: int, after: int | None = None) -> tuple[Deficit, ...]:
    """The promises of somebody's tickets that nobody can keep, the nearest first."""
    return deficits_of(asked.session, asked.network_id, ways=watched(asked), most=most, after=after)


def _more_alerts(asked: Asked) -> Rest:
    mine = concerning(asked)
    found = how_many_alerts(
        asked.session, asked.network_id, most=COUNTED + SHOWN, concerning=mine, without=AlertKind.DEFICIT
    )
    return _rest(found)


def _more_unkept(asked: Asked) -> Rest:
    found = how_many_deficits(asked.session, asked.network_id, ways=watched(asked), most=COUNTED + SHOWN)
    return _rest(found)


def _with_us(asked: Asked) -> tuple[tuple[WithUs, ...], bool]:
    reached = ways(asked.holder, Right.LIST_TICKETS, now=asked.now)
    wanted = Wanted(status=TicketStatus.WITH_COORDINATOR)
    found = most_urgent(asked.session, Within(asked.network_id, reached), wanted, limit=SHOWN, now=asked.now)
    tickets = () if found is None else found.tickets
    shown = (
        WithUs(ticket.code, ticket.topic, ticket.language, open_municipality(ticket), ticket.deadline)
        for ticket in tickets
    )
    return tuple(shown), found is not None and found.next is not None


def _rest(counted: int) -> Rest:
    return Rest(counted - SHOWN, or_more=counted == SHOWN + COUNTED)
