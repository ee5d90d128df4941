"""A helper rings the line from their own phone, or is texted about their shifts."""

from dataclasses import replace

from scheduler.rota.editing import Edit, Edited, cancel_shift, edit_shift
from scheduler.rota.listing import shift_card
from scheduler.rota.news import plan_reminders
from scheduler.rota.places import give_place, release_place, take_place
from scheduler.rota.shifts import NewShift, add_shift
from scheduler.rota.waits import ask_to_wait
from scheduler.sign_in_codes import ask_for_code
from scheduler.slots import Grid, Span, phase_of
from tests.calls.scenarios.playbill import play
from tests.calls.staging import Actor, Stage
from voice_prompts.language import Written

COORDINATOR = "coordinator:anna"


def open_shift(stage: Stage, begins: str = "10:00", ends: str = "12:00", days: int = 4) -> int:
    """A published shift that nobody has a place in."""
    day = stage.day
    during = Span(day.at(begins, days), day.at(ends, days))
    with day.sessions.begin() as session:
        return add_shift(
            session, day.network, NewShift(during, phase_of(during.begins, day.grid.call)), now=day.now, grid=Grid()
        )


def rings_in(stage: Stage, number: str) -> Actor:
    """A helper rings the line."""
    return stage.dials(number, "helper")


def is_granted(call: Actor) -> Actor:
    """Wait the breath or two that a wish takes."""
    return call.listens()


@play("Auttaja soittaa: tulee vuoroon ja ottaa toisenkin", "Hjälparen ringer: kommer till passet och tar ett till")
def a_helper_comes(stage: Stage) -> None:
    helper = stage.helper("10:00", "12:00", days=3).number
    open_shift(stage)
    call = rings_in(stage, helper).presses("7").presses("1").presses("1")
    is_granted(call).presses("2").presses("1")
    is_granted(call)
    stage.passes(seconds=10)
    call = rings_in(stage, helper).presses("1").presses("7").presses("3")


@play("Auttaja luopuu vuorosta ajoissa", "Hjälparen lämnar passet i god tid")
def a_helper_leaves(stage: Stage) -> None:
    helper = stage.helper("10:00", "12:00", days=3).number
    is_granted(rings_in(stage, helper).presses("1").presses("2").presses("2")).presses("1")


@play("Auttaja ei pääse tänään: haetaan sijaista", "Hjälparen har förhinder i dag: en ersättare söks")
def a_helper_is_replaced(stage: Stage) -> None:
    helper, other = stage.helper("13:00", "15:00").number, stage.helper("09:00", "10:00", days=5).number
    is_granted(rings_in(stage, helper).presses("1").presses("2").presses("2")).presses("1")
    stage.passes(seconds=10)
    rings_in(stage, helper).presses("1").hangs_up()
    is_granted(rings_in(stage, other).presses("1").presses("3").presses("1"))
    stage.passes(seconds=10)
    rings_in(stage, helper).presses("1")


@play("Vuoro on ehtinyt muuttua tai mennä toiselle", "Passet har hunnit ändras eller gått till någon annan")
def the_rota_has_changed(stage: Stage) -> None:
    day = stage.day
    helper = stage.helper("10:00", "12:00", days=3).number
    stage.helper("10:00", "12:00", days=3)
    call = rings_in(stage, helper).presses("1")
    with day.sessions.begin() as session:
        release_place(session, day.network, 1, now=day.now, grid=day.grid, actor=COORDINATOR)
    is_granted(call.presses("1")).presses("1")
    stage.passes(seconds=10)
    shift = open_shift(stage, days=2)
    call = rings_in(stage, helper).presses("1")
    with day.sessions.begin() as session:
        assert take_place(session, day.network, shift, 2, now=day.now, grid=day.grid, actor="helper:2").place_id
    is_granted(call.presses("1"))


@play("Auttajan toive viipyy", "Hjälparens önskemål dröjer")
def it_takes_a_while(stage: Stage) -> None:
    helper = stage.helper("10:00", "12:00", days=3).number
    call = rings_in(stage, helper).presses("1")
    stage.day.worker_is_up = False
    call.presses("1").listens().listens().listens().listens().presses("1")
    stage.day.worker_is_up = True


@play("Auttajan tekstiviestit: muistutus ja vastaukset", "Hjälparens textmeddelanden: en påminnelse och svaren")
def a_helper_is_reminded(stage: Stage) -> None:
    day = stage.day
    first, second = (stage.helper("14:00", "16:00", days=1).number for _ in range(2))
    with day.sessions.begin() as session:
        reminded = [(place, day.at("14:00", 1), 1) for place in (1, 2)]
        plan_reminders(session, reminded, now=day.now, grid=day.grid)
    stage.until(day.at("18:05"))
    stage.sends("1", first, "helper")
    stage.sends("2", second, "helper")


@play(
    "Auttaja kirjautuu sivuille: koodi tulee tekstiviestinä", "Hjälparen loggar in på sidorna: koden kommer som ett sms"
)
def a_helper_signs_in(stage: Stage) -> None:
    helper = stage.helper().number
    with stage.day.sessions.begin() as session:
        ask_for_code(session, helper, Written(stage.language), now=stage.day.now)
    stage.passes(seconds=10)


@play(
    "Auttajan tekstiviestit: koordinaattori muuttaa vuoroja", "Hjälparens textmeddelanden: koordinatorn ändrar passen"
)
def a_coordinator_changes_shifts(stage: Stage) -> None:
    day = stage.day
    stage.helper("10:00", "12:00", days=3)
    stage.helper("10:00", "12:00", days=5)
    how = {"now": day.now, "grid": day.grid, "actor": COORDINATOR}
    shift = open_shift(stage, "13:00", "15:00", days=6)
    with day.sessions.begin() as session:
        assert give_place(session, day.network, shift, 1, **how).place_id
    stage.passes(seconds=10)
    with day.sessions.begin() as session:
        card = shift_card(session, day.network, shift)
        assert card is not None
        later = replace(card.terms, during=Span(day.at("14:00", 6), day.at("16:00", 6)))
        assert isinstance(edit_shift(session, day.network, shift, Edit(later, card.version), **how), Edited)
    stage.passes(seconds=10)
    with day.sessions.begin() as session:
        assert isinstance(cancel_shift(session, day.network, shift, **how), Edited)
    stage.passes(seconds=10)
    with day.sessions.begin() as session:
        ask_to_wait(session, day.network, 1, 2, now=day.now)
        release_place(session, day.network, 1, **how)
