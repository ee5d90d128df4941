"""Help nearby: the nearest place and the next stop."""

from datetime import time

from tests.calls.guide import lists
from tests.calls.scenarios.playbill import play, waits_in_line
from tests.calls.staging import LANDLINE, Stage
from tests.entries import gathering, point


@play("Lähin paikka ja seuraava tilaisuus", "Närmaste ställe och nästa tillfälle")
def the_nearest_place(stage: Stage) -> None:
    stage.helper()
    lists(stage.day, point("kirjasto"), gathering("bussi"))
    call = stage.begins().presses("1").presses("20100").presses("1").goes_forward(until="another_matter_nearby")
    call.presses("3").presses("3").presses("2").goes_forward()


@play("Lankapuhelimeen kerrotaan useita paikkoja", "Flera ställen för den som ringer från en fast telefon")
def places_for_a_landline(stage: Stage) -> None:
    stage.helper()
    other = point("toinen", name_fi="Toinen kirjasto", name_sv="Det andra biblioteket")
    club = gathering(
        "kerho",
        name_fi="Digikerho",
        name_sv="Digiklubben",
        must_register=True,
        phone="+35825550123",
        begins=time(14),
        ends=time(16),
    )
    lists(stage.day, point("kirjasto"), other, gathering("bussi"), club)
    call = stage.begins(LANDLINE).presses("1").presses("20100").presses("1").goes_forward(until="another_matter_nearby")
    call = call.presses("3")
    while call.asked == "nearby_keys_next":
        call.presses("2")
    call.goes_forward()


@play(
    "Aikaa odottava kuulee lähimmän paikan; sitä ei ole, tai se auttaa puhelimitse",
    "Den som väntar på en tid hör om närmaste ställe; det finns inget, eller det hjälper per telefon",
)
def nothing_near(stage: Stage) -> None:
    lists(stage.day, point("rovaniemi", postcode="96100", municipality="698", phone=None))
    waits_in_line(stage, postcode="20100")
    stage.begins().presses("1").presses("2")
    lists(stage.day, point("rovaniemi", postcode="96100", municipality="698"))
    stage.begins().presses("1").presses("2").presses("1")
