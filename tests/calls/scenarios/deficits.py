"""A promised time cannot be kept, and its caller is told before it."""

from sqlalchemy import text

from ivr.exchange import TextFate
from scheduler.rota.closures import NewClosure, close
from scheduler.rota.places import release_place
from scheduler.slots import Span
from tests.calls.on_duty import puts_on_duty
from tests.calls.scenarios.playbill import booked, play
from tests.calls.staging import LANDLINE, MOBILE, Stage

DUTY = "+358409998877"


def falls_ill(stage: Stage, helper: int = 1) -> None:
    """A coordinator takes a helper out of a place."""
    day = stage.day
    (place,) = day.fetch("SELECT id FROM place WHERE helper_id = :helper AND state = 'held'", helper=helper)
    with day.sessions.begin() as session:
        release_place(session, day.network, int(str(place[0])), now=day.now, grid=day.grid, actor="coordinator:anna")


@play(
    "Auttaja sairastuu: uusi aika tekstiviestillä, ja lopulta ei mitään aikaa",
    "Hjälparen blir sjuk: en ny tid med ett textmeddelande, och till slut ingen tid alls",
)
def a_helper_falls_ill(stage: Stage) -> None:
    with stage.day.sessions.begin() as session:
        puts_on_duty(session, stage.day.network, DUTY, now=stage.day.now)
        session.execute(text("UPDATE line SET first_language = :own WHERE id = 1"), {"own": stage.language})
    stage.helper("13:30", "14:30")
    stage.helper("10:30", "11:30", days=1)
    call = stage.day.dials().hears().presses("1").goes_forward()  # the line opens in the language of the play
    assert "booked" in call.keys
    stage.has_passed(seconds=10)
    falls_ill(stage)
    stage.passes(minutes=16)
    stage.sends("2")
    stage.passes(minutes=1)
    falls_ill(stage, 2)
    stage.passes(minutes=16)


@play(
    "Auttaja sairastuu: lankapuhelimeen soitetaan, eikä uutta aikaa ole",
    "Hjälparen blir sjuk: vi ringer till en fast telefon, och det finns ingen ny tid",
)
def no_time_for_a_landline(stage: Stage) -> None:
    stage.helper("13:30", "14:30")
    booked(stage, LANDLINE)
    falls_ill(stage)
    stage.is_rung(LANDLINE, "resident", within=1200)


@play(
    "Toimipaikka suljetaan: uusi aika kerrotaan ennen entistä",
    "Verksamheten är stängd: den nya tiden meddelas före den gamla",
)
def a_closure(stage: Stage) -> None:
    stage.helper(days=1)
    stage.helper(days=2)
    booked(stage, LANDLINE)
    during = Span(stage.day.at("08:00", 1), stage.day.at("16:00", 1))
    with stage.day.sessions.begin() as session:
        new = NewClosure(during, "Remontti")
        close(session, stage.day.network, new, now=stage.day.now, grid=stage.day.grid, actor="coordinator:1")
    stage.is_rung(LANDLINE, "resident").presses("7").presses("1")


@play(
    "Tekstiviesti ei mene perille: aika kerrotaan puhelimella",
    "Textmeddelandet kommer inte fram: tiden berättas per telefon",
)
def a_text_is_lost(stage: Stage) -> None:
    stage.helper("13:30", "14:30")
    stage.day.phone(MOBILE).text_fate = TextFate.UNDELIVERED
    stage.day.dials(MOBILE).hears().presses(stage.digit).goes_forward(until="booked").hangs_up()
    stage.is_rung(MOBILE, "resident")
