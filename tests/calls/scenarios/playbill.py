"""Which plays are given, and what many of them begin with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from tests.calls.staging import MOBILE, Actor, Stage
from voice_prompts.language import Language

Scenario = Callable[[Stage], None]


@dataclass(frozen=True, slots=True)
class Play:
    """A scenario, and its title in both languages."""

    scenario: Scenario
    titles: Mapping[Language, str]


PLAYS: dict[str, Play] = {}


def play(finnish: str, swedish: str) -> Callable[[Scenario], Scenario]:
    """A scenario, with its title in both languages."""

    def note(scenario: Scenario) -> Scenario:
        name = scenario.__name__
        assert name not in PLAYS, f"two plays have the name {name}"
        PLAYS[name] = Play(scenario, {Language.FI: finnish, Language.SV: swedish})
        return scenario

    return note


def all_plays() -> Mapping[str, Play]:
    """Every play of every file beside this one."""
    for path in sorted(Path(__file__).parent.glob("*.py")):
        import_module(f"tests.calls.scenarios.{path.stem}")
    return PLAYS


def booked(stage: Stage, number: str = MOBILE) -> None:
    """Somebody has a time; that call is another play's."""
    call = stage.day.dials(number).hears().presses(stage.digit).goes_forward()
    assert "booked" in call.keys, call.keys
    stage.has_passed(seconds=10)


def waits_in_line(stage: Stage, number: str = MOBILE, postcode: str = "1") -> None:
    """Somebody waits for a time; that call is another play's."""
    call = stage.day.dials(number).hears().presses(stage.digit).goes_forward(until="postcode").presses(postcode)
    assert "no_slot" in call.goes_forward().keys, call.keys
    stage.has_passed(seconds=10)


def helpers_phone(stage: Stage) -> str:
    """The number of the only helper."""
    (helper,) = {number for number in stage.day.exchange.phones if number.startswith("+35850")}
    return helper


def taken(stage: Stage, number: str = MOBILE) -> tuple[Actor, Actor]:
    """The helper has taken the callback, and the resident has picked up."""
    rung = stage.is_rung(helpers_phone(stage), "helper").takes("1")
    return rung, stage.is_rung(number, "resident")


def after_talk(stage: Stage, number: str = MOBILE) -> Actor:
    """The two have talked, which is another play's; the helper is asked how it went."""
    rung, resident = taken_unheard(stage, number)
    resident.call.press("1")
    resident.call.until_asked()
    stage.day.passes(minutes=12)
    resident.call.hang_up()
    stage.has_passed(seconds=10)
    stage.time_is(stage.day.now)
    return rung.listens()


def taken_unheard(stage: Stage, number: str = MOBILE) -> tuple[Actor, Actor]:
    """The same as `taken`, and none of it is written down."""
    rung = stage.is_rung(helpers_phone(stage), "helper", aloud=False)
    rung.call.press("1")
    return rung, stage.is_rung(number, "resident", aloud=False)
