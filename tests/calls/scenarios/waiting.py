"""There is no free time: who waits for one, and what they are told when one comes free."""

from tests.calls.scenarios.playbill import play, waits_in_line
from tests.calls.staging import LANDLINE, MOBILE, Stage

SECOND, THIRD = "+358401112250", "+358401112251"


@play(
    "Vapaita aikoja ei ole: jonoon, ja vapautunut aika tekstiviestillä",
    "Inga lediga tider: i kö, och en ledig tid med ett textmeddelande",
)
def waiting_and_a_time_by_text(stage: Stage) -> None:
    stage.begins().goes_forward()
    stage.passes(seconds=10)
    stage.begins().hangs_up()
    stage.helper("10:30", "11:30")
    stage.passes(seconds=10)
    stage.sends("1")


@play(
    "Jonossa on muitakin, ja uusien aikojen avautuminen tiedetään",
    "Det finns andra i kön, och man vet när nya tider öppnas",
)
def others_wait_too(stage: Stage) -> None:
    stage.helper("10:30", "11:30", days=15)  # beyond the ten working days
    waits_in_line(stage)
    waits_in_line(stage, SECOND)
    stage.begins(THIRD).goes_forward()
    stage.passes(seconds=10)
    stage.begins(SECOND).goes_forward()


@play(
    "Tarjottu aika ei sovi, tai siihen vastataan liian myöhään",
    "Den erbjudna tiden passar inte, eller svaret kommer för sent",
)
def an_offer_is_refused(stage: Stage) -> None:
    waits_in_line(stage)
    waits_in_line(stage, SECOND)
    stage.helper("13:30", "14:30")
    stage.passes(seconds=10)
    stage.sends("2", MOBILE)
    stage.until(stage.day.at("11:30"))
    stage.sends("1", SECOND)


@play("Jonossa oleva soittaa, kun hänelle on vapautunut aika", "Någon i kön ringer när en tid har blivit ledig")
def an_offer_is_taken_by_call(stage: Stage) -> None:
    waits_in_line(stage)
    stage.helper("10:30", "11:30")
    stage.passes(seconds=10)
    stage.begins().goes_forward()


@play("Vapautunut aika soitetaan lankapuhelimeen", "En tid blir ledig: vi ringer till en fast telefon")
def waiting_and_a_time_by_call(stage: Stage) -> None:
    stage.begins(LANDLINE).goes_forward()
    stage.helper("10:30", "11:30")
    stage.is_rung(LANDLINE, "resident").presses("7").goes_forward()


@play("Vapautunut aika ei sovi: jonotus jatkuu", "Den lediga tiden passar inte: personen står kvar i kön")
def waiting_on(stage: Stage) -> None:
    waits_in_line(stage, LANDLINE)
    stage.helper("10:30", "11:30")
    stage.is_rung(LANDLINE, "resident").presses("2")
