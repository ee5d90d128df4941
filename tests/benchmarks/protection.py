"""What keeping places for Swedish-speaking callers changes, on paper: a national day with a third more calls than usual."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from scheduler.forecast import HOURS, Forecast
from scheduler.picture import Live, Pools
from scheduler.protection import Reserve
from scheduler.records import CallbackState
from scheduler.simulation.drawing import DAY, make_world
from scheduler.simulation.policies import BareMatching
from scheduler.simulation.presets import CALLS_BY_HOUR, PRESETS, Preset
from scheduler.simulation.world import Call, World
from tests.benchmarks.measure import Measured
from voice_prompts.language import Language

BUSY = replace(PRESETS["national"], calls=6_500)
RELEASE = timedelta(hours=24)
SEED = 0


def measure() -> Iterator[Measured]:
    """Shares of 1 refused in each language, beside the same day without protection."""
    world = make_world(BUSY, SEED)
    without, beside = _refused(world, None), _refused(world, _expected(BUSY))
    yield Measured("protection: Swedish callers refused", beside[Language.SV], "share", floor=without[Language.SV])
    yield Measured("protection: Finnish callers refused", beside[Language.FI], "share", floor=without[Language.FI])


class _Protected(BareMatching):
    def __init__(self, world: World, forecast: Forecast | None) -> None:
        super().__init__(world)
        self._live: dict[datetime, tuple[Live, ...]] = {}
        self._picture = Pools(world.rules, {}, self._pools, self._live, (), forecast=forecast)

    def book(self, call: Call) -> datetime | None:
        reserve = Reserve(self._picture, now=call.at, grid=self._world.grid)
        starts = (s for s in self._starts(call.at) if call.free.begins <= s < call.free.ends)
        start = self._book(call.need, (start for start in starts if reserve.spares(start, call.need)))
        if start is not None:
            live = Live(call.need.key, start, CallbackState.PROMISED, None, call.at, 0, call.need)
            self._live[start] = (*self._live.get(start, ()), live)
        return start


def _refused(world: World, forecast: Forecast | None) -> dict[Language, float]:
    policy = _Protected(world, forecast)
    lost = [call.need.language for call in world.calls if policy.book(call) is None]
    everyone = [call.need.language for call in world.calls]
    return {language: lost.count(language) / everyone.count(language) for language in Language}


def _expected(preset: Preset) -> Forecast:
    hourly, parts = [0.0] * HOURS, sum(CALLS_BY_HOUR.values())
    for hour, part in CALLS_BY_HOUR.items():
        hourly[DAY.weekday() * 24 + hour] = preset.calls * preset.swedish_calls * part / parts
    return Forecast.of(hourly, RELEASE)
