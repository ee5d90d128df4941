"""Five hundred callers at once for the last place of a slot, twenty times: one has it, the others hear another time."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from statistics import median
from typing import Final

from cryptography.fernet import Fernet
from sqlalchemy.orm import Session, sessionmaker

from admin.scratch import scratch_server
from scheduler.promises import book
from scheduler.rota.shifts import NewShift, add_shift
from scheduler.slots import Grid, is_working_day, span_on
from tests.benchmarks.measure import Measured
from tests.benchmarks.race import GRID, Line, Told, racing
from tickets.directory import NewHelper, add_helper, add_line, add_network, add_organisation
from tickets.intake import Matter, open_ticket
from tickets.vocabulary import Channel, HelperKind, Topic
from voice_prompts.language import Language

CALLERS, ROUNDS = 500, 20
PROCESSES, HANDS = 4, 16
HELPERS: Final = 3
NOW: Final = datetime(2026, 11, 24, 6, 10, tzinfo=UTC)
OPENS, CLOSES = time(9), time(15)
HOURS: Final = 6  # a day: so many starts to race for


def measure() -> Iterator[Measured]:
    """All heats, each for the last place of the next start."""
    told: list[list[Told]] = []
    with scratch_server() as url:
        line = Line(url, Fernet.generate_key().decode(), Fernet.generate_key().decode(), 1, 1, NOW.isoformat())
        sessions = line.sessions(1)
        starts = _network(sessions, line)
        with racing(line, processes=PROCESSES, hands=HANDS) as race:
            for number, start in enumerate(starts[:ROUNDS]):
                _leave_one_place(sessions, line, start, number)
                told.append(race.heat([f"+35846{number:02}{caller:05}" for caller in range(CALLERS)]))
    yield from _figures(told, starts)


def _figures(told: list[list[Told]], starts: list[datetime]) -> Iterator[Measured]:
    everyone = [one for heat in told for one in heat]
    waits = sorted((one.heard - one.pressed) * 1000 for one in everyone)
    lost = [(one, after) for heat, after in zip(told, starts[1:], strict=False) for one in heat if not one.booked]
    first = sum(one.first != start.isoformat() for heat, start in zip(told, starts, strict=False) for one in heat)
    wrong = sum(sum(one.booked for one in heat) != 1 for heat in told)
    yield Measured("race: callers at once for the last place", CALLERS, "callers")
    yield Measured("race: rounds", len(told), "rounds")
    yield Measured("race: not offered the place before", first, "callers", at_most=0)
    yield Measured("race: rounds in which not exactly one got it", wrong, "rounds", at_most=0)
    not_next = sum(one.then != after.isoformat() for one, after in lost)
    yield Measured("race: others not offered the next time", not_next, "callers", at_most=0)
    yield Measured("race: errors", sum(one.error is not None for one in everyone), "errors", at_most=0)
    yield Measured("race: from the key to the answer, median", median(waits), "ms")
    yield Measured("race: from the key to the answer, longest", waits[-1], "ms")


def _network(sessions: sessionmaker[Session], line: Line) -> list[datetime]:
    """A network with days of three helpers each; their starts."""
    starts: list[datetime] = []
    with sessions.begin() as session:
        assert add_network(session, "Race", now=NOW) == line.network
        assert add_line(session, line.network, "+358942450100", "Race", Language.FI) == line.line
        organisation = add_organisation(session, line.network, "Race")
        names = [NewHelper("", f"+35850{number:07}", (Language.FI,), HelperKind.STAFF) for number in range(HELPERS)]
        helpers = [add_helper(session, organisation, helper, now=NOW) for helper in names]
        day = NOW.date()
        while len(starts) <= ROUNDS:
            if is_working_day(day):
                during = span_on(day, OPENS, CLOSES)
                add_shift(session, line.network, NewShift(during, most=HELPERS), now=NOW, helpers=helpers, grid=Grid())
                starts += [during.begins + hour * timedelta(hours=1) for hour in range(HOURS)]
            day += timedelta(days=1)
    return starts


def _leave_one_place(sessions: sessionmaker[Session], line: Line, start: datetime, number: int) -> None:
    with sessions.begin() as session:
        for place in range(HELPERS - 1):
            key = f"before:{number}:{place}"
            caller = f"+35845{number:02}{place:05}"
            matter = Matter(line.network, line.line, Channel.PHONE, Language.FI, caller, key, Topic.PUHELIN)
            ticket = open_ticket(session, matter, now=NOW).id
            assert book(session, ticket, None, start, now=NOW, grid=GRID) is not None
