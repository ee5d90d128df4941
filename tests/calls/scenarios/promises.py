"""The promise is kept, or tried to be: the helper, the one who rang, and how it went."""

from scheduler.promises import cancel
from scheduler.slots import Grid
from tests.calls.meetings import chosen_phone
from tests.calls.scenarios.playbill import after_talk, booked, helpers_phone, play, taken
from tests.calls.staging import LANDLINE, MOBILE, Stage
from tests.calls.test_helpers import ring_another


@play("Lupaus pidetään: auttaja, soittaja ja tulos", "Löftet hålls: hjälparen, den som ringde och resultatet")
def a_promise_is_kept(stage: Stage) -> None:
    stage.helper()
    booked(stage)
    rung, resident = taken(stage)
    resident.takes("1").talks()
    rung.listens().presses("1")


@play(
    "Auttaja kuuntelee viestin ensin ja varaa uuden ajan", "Hjälparen lyssnar först på meddelandet och bokar en ny tid"
)
def more_time_is_needed(stage: Stage) -> None:
    stage.helper()
    booked(stage)
    rung = stage.is_rung(helpers_phone(stage), "helper").presses("7").presses("2").takes("1")
    stage.is_rung(MOBILE, "resident").takes("1").talks()
    rung.listens().presses("2").presses("1")


@play(
    "Lankapuhelimeen soitetaan, kun auttaja on varannut uuden ajan",
    "Vi ringer till den fasta telefonen när hjälparen har bokat en ny tid",
)
def more_time_for_a_landline(stage: Stage) -> None:
    stage.helper()
    booked(stage, LANDLINE)
    after_talk(stage, LANDLINE).presses("2").presses("1")
    stage.is_rung(LANDLINE, "resident")


@play("Auttaja ohjaa eteenpäin", "Hjälparen hänvisar vidare")
def a_referral(stage: Stage) -> None:
    stage.helper()
    booked(stage)
    after_talk(stage).is_silent().presses("3").presses("1")


@play("Auttaja kertoo muun tuloksen", "Hjälparen anger ett annat resultat")
def another_outcome(stage: Stage) -> None:
    stage.helper()
    booked(stage)
    after_talk(stage).presses("4").presses("1")


@play(
    "Auttaja ei löydä uutta aikaa ja kertoo tuloksen myöhemmin",
    "Hjälparen hittar ingen ny tid och meddelar resultatet senare",
)
def the_outcome_later(stage: Stage) -> None:
    stage.helper("10:30", "12:30")
    booked(stage)
    rung = after_talk(stage).presses("2").presses("2")
    rung.is_silent().is_silent().is_silent()


@play("Uutta aikaa ei ole: koordinaattori jatkaa", "Det finns ingen ny tid: koordinatorn tar över")
def no_time_for_more(stage: Stage) -> None:
    stage.helper("10:30", "11:30")
    booked(stage)
    after_talk(stage).presses("2")


@play("Auttaja ei ehdi", "Hjälparen hinner inte")
def the_helper_declines(stage: Stage) -> None:
    stage.helper()
    booked(stage)
    stage.is_rung(helpers_phone(stage), "helper").presses("3")
    stage.passes(minutes=1)


@play("Aika perutaan, kun auttajan puhelin jo soi", "Tiden avbokas när hjälparens telefon redan ringer")
def cancelled_while_it_rings(stage: Stage) -> None:
    stage.helper()
    call = stage.day.dials(MOBILE).hears().presses(stage.digit).hears().presses("1").hears()
    call.hangs_up()  # no message was left
    stage.has_passed(seconds=10)
    rung = stage.is_rung(helpers_phone(stage), "helper").presses("2")
    with stage.day.sessions.begin() as session:
        cancel(session, stage.day.callback().id, now=stage.day.now, grid=Grid())
    rung.presses("1")


@play("Kaksi auttajaa ottaa saman soiton", "Två hjälpare tar samma samtal")
def two_take_it_at_once(stage: Stage) -> None:
    first, second = stage.helper(), stage.helper()
    booked(stage)
    stage.day.until(stage.day.callback().starts_at)
    stage.day.clock.run_until(lambda: bool(stage.day.attempts()), within=5)
    chosen = chosen_phone(stage.day)
    other = second if chosen is first else first
    ring_another(stage.day, other)
    quicker = stage.day.rings(other.number).call
    rung = stage.is_rung(chosen.number, "helper")
    quicker.until_asked()
    quicker.press("1")
    rung.presses("1")


@play("Soittaja ei vastaa", "Den som ringde svarar inte")
def the_resident_does_not_answer(stage: Stage) -> None:
    stage.helper()
    booked(stage)
    stage.day.phone(MOBILE).does_not_answer()
    for _ in range(3):
        stage.is_rung(helpers_phone(stage), "helper", within=20000).presses("1")
        stage.passes(seconds=20)


@play("Soittaja haluaa toisen ajan, kun hänelle soitetaan", "Den som blir uppringd vill ha en annan tid")
def another_time_when_rung(stage: Stage) -> None:
    stage.helper()
    booked(stage)
    rung, resident = taken(stage)
    resident.presses("2").presses("1")
    rung.listens()


@play(
    "Soittaja haluaa toisen ajan, mutta sellaista ei ole",
    "Den som blir uppringd vill ha en annan tid, men det finns ingen",
)
def no_other_time_when_rung(stage: Stage) -> None:
    stage.helper("10:30", "11:30")
    booked(stage)
    rung, resident = taken(stage)
    resident.presses("2")
    rung.listens()


@play("Soittaja on hiljaa, kun hänelle soitetaan", "Den som blir uppringd är tyst")
def silent_when_rung(stage: Stage) -> None:
    stage.helper()
    booked(stage)
    rung, resident = taken(stage)
    resident.is_silent().is_silent()
    rung.listens()


@play(
    "Lupausta ei voitu pitää: soitamme lankapuhelimeen", "Löftet kunde inte hållas: vi ringer till den fasta telefonen"
)
def a_promise_is_missed(stage: Stage) -> None:
    stage.helper()
    booked(stage, LANDLINE)
    stage.is_rung(helpers_phone(stage), "helper", aloud=False).call.press("3")
    stage.is_rung(LANDLINE, "resident", within=2400)
