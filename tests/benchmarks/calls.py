"""Whole calls over HTTP, turn by turn beside the two floors; and how many statements a turn takes."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from statistics import median
from time import perf_counter

import structlog
from flask import Flask
from sqlalchemy import Engine, event
from werkzeug.test import Client

from admin.app import build
from admin.parts import PARTS
from tests.benchmarks.caller import Turn, whole_call
from tests.benchmarks.ground import Connection, Ground, floors_served, served
from tests.benchmarks.measure import Measured
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language

WARM_UP, CALLS = 15, 100
FIRST_CALLER = 358_401_000_000
STATEMENTS_AT_MOST = 8
PLAIN, OFFER, BOOKING = "plain turn", "offering turn", "booking turn"
AT_MOST = {PLAIN: 3, BOOKING: 6}


def measure(ground: Ground) -> Iterator[Measured]:
    """The median of each kind of turn, against a bare reply and against one small transaction."""
    with served(ground) as line, floors_served(ground) as floors:
        took = _side_by_side(ground, line, floors)
    bare, row = median(took["bare"]), median(took["row"])
    yield Measured("floor 1: a bare reply", bare, "ms")
    yield Measured("floor 2: lock, insert, commit, reply", row, "ms", floor=bare)
    for kind in (PLAIN, OFFER, BOOKING):
        yield Measured(f"call: {kind}, median", median(took[kind]), "ms", floor=row, at_most=AT_MOST.get(kind))
    yield Measured("call: turns measured", sum(len(took[kind]) for kind in (PLAIN, OFFER, BOOKING)), "turns")
    yield from _statements(ground)


def _side_by_side(ground: Ground, line: Connection, floors: Connection) -> Mapping[str, list[float]]:
    # After every turn comes one request to each floor, so that whatever else the machine does slows all alike.
    kind_of, took = _Kinds(), defaultdict[str, list[float]](list)
    for number in range(WARM_UP + CALLS):
        for turn in whole_call(line.post, ground.account, f"+{FIRST_CALLER + number}", ground.line, number):
            times = {kind_of(turn): turn.seconds, "bare": _timed(floors, "/bare"), "row": _timed(floors, "/row")}
            if number >= WARM_UP:
                for name, seconds in times.items():
                    took[name].append(seconds * 1000)
    assert len(took[BOOKING]) == CALLS, "not every call ended in a promise"
    return took


def _timed(floors: Connection, path: str) -> float:
    begun = perf_counter()
    floors.post(path, {"CallSid": "CA0", "Digits": "1"}, "")
    return perf_counter() - begun


def _statements(ground: Ground) -> Iterator[Measured]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("warning"))
    app = build(ground.settings)
    client, kind_of = Client(app), _Kinds()
    counted = defaultdict[str, list[int]](list)
    count = _Count(app)

    def post(path: str, form: Mapping[str, str], signature: str) -> str:
        count.statements = 0
        return client.post(path, data=form, headers={"X-Twilio-Signature": signature}).text

    for number in range(1000, 1005):
        for turn in whole_call(post, ground.account, f"+{FIRST_CALLER + number}", ground.line, number):
            counted[kind_of(turn)].append(count.statements)
    for kind in (PLAIN, OFFER, BOOKING):
        yield Measured(f"call: {kind}, most statements", max(counted[kind]), "SQL", at_most=STATEMENTS_AT_MOST)


class _Count:
    """The statements sent since it was last set to nought; a transaction's begin and end are not among them."""

    def __init__(self, app: Flask) -> None:
        self.statements = 0
        engine: Engine = app.extensions[PARTS].engine
        event.listen(engine, "before_cursor_execute", self._add)

    def _add(self, *_: object) -> None:
        self.statements += 1


class _Kinds:
    """Which kind of turn it was, by what the caller hears."""

    def __init__(self) -> None:
        catalogue = Catalogue.load()
        self._booked = catalogue.spoken(Language.FI, "booked_pen")[0]
        self._offered = catalogue.spoken(Language.FI, "offer_slot", time="")[1]

    def __call__(self, turn: Turn) -> str:
        if self._booked in turn.twiml:
            return BOOKING
        return OFFER if self._offered in turn.twiml else PLAIN
