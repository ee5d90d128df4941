"""Who has a time, or had one, rings or texts again."""

from sqlalchemy import text

from scheduler.cases import Doing
from scheduler.closing import close_ticket
from scheduler.outcomes import Ending
from scheduler.rota.closures import NewClosure, close
from scheduler.slots import Span
from tests.calls.scenarios.playbill import booked, play
from tests.calls.staging import LANDLINE, MOBILE, Stage
from tickets.ticket import Ticket
from tickets.vocabulary import Outcome

OTHER, OTHER_LANDLINE = "+358401112244", "+35822330011"
CLOSE_ALL = text("UPDATE ticket SET status = 'closed', outcome = :outcome, closed_at = :now WHERE status <> 'closed'")


def is_closed(stage: Stage, begins: str, ends: str) -> None:
    """The coordinator closes a part of today, and what comes of it comes while somebody is on the phone."""
    day = stage.day
    new = NewClosure(Span(day.at(begins), day.at(ends)), "sairastapaus")
    with day.sessions.begin() as session:
        close(session, day.network, new, now=day.now, grid=day.grid, actor="coordinator:anna")
    day.worker.beat()
    day.worker.beat()


def helped(stage: Stage, *numbers: str) -> None:
    """These have been helped a while ago."""
    stage.helper()
    for number in numbers:
        booked(stage, number)
    with stage.day.sessions.begin() as session:
        session.execute(CLOSE_ALL, {"outcome": Outcome.RATKAISTU, "now": stage.day.now})
        session.execute(text("UPDATE callback SET state = 'kept'"))
    stage.day.reconciles()


@play("Soittajalla on jo aika: se sopii", "Den som ringer har redan en tid: den passar")
def the_time_is_kept(stage: Stage) -> None:
    stage.helper()
    booked(stage)
    stage.begins().presses("1")


@play("Soittajalla on jo aika: se siirretään", "Den som ringer har redan en tid: den flyttas")
def the_time_is_moved(stage: Stage) -> None:
    stage.helper()
    booked(stage)
    stage.begins().presses("2").presses("1")


@play(
    "Soittaja siirtäisi ajan, mutta mikään muu ei sovi", "Den som ringer vill flytta tiden, men ingen annan tid passar"
)
def no_better_time(stage: Stage) -> None:
    stage.helper("09:30", "12:30")
    booked(stage)
    stage.begins().presses("2").presses("2").presses("2")


@play(
    "Soittaja siirtäisi ajan, mutta muita aikoja ei ole", "Den som ringer vill flytta tiden, men det finns ingen annan"
)
def no_other_time(stage: Stage) -> None:
    stage.helper("10:30", "11:30")
    booked(stage)
    stage.begins().presses("2")


@play("Soittajalla on jo aika: se perutaan", "Den som ringer har redan en tid: den avbokas")
def the_time_is_cancelled(stage: Stage) -> None:
    stage.helper()
    booked(stage)
    stage.begins().presses("3").presses("2")


@play("Asia hoidetaan ennen sovittua aikaa", "Ärendet blir klart före den avtalade tiden")
def settled_before_the_time(stage: Stage) -> None:
    stage.helper()
    booked(stage)
    day = stage.day
    with day.sessions.begin() as session:
        ticket = session.get_one(Ticket, day.ticket().id)
        close_ticket(session, ticket, Ending(Outcome.RATKAISTU), Doing(day.now, "person:1", day.grid))
    stage.passes(minutes=1)


@play("Aika perutaan tekstiviestillä", "Tiden avbokas med ett textmeddelande")
def the_time_is_cancelled_by_text(stage: Stage) -> None:
    stage.helper()
    booked(stage)
    for _ in range(2):
        stage.sends(stage.in_words("PERU", "AVBOKA"))


@play(
    "Aika muuttuu ja lopulta katoaa, kun soittaja on puhelimessa",
    "Tiden ändras och kan till sist inte hållas, medan personen är i telefon",
)
def the_time_is_lost_meanwhile(stage: Stage) -> None:
    stage.helper("10:30", "11:30")
    stage.helper("12:30", "13:30")
    booked(stage)
    call = stage.begins()
    is_closed(stage, "10:00", "12:00")
    call.presses("1")
    stage.until(stage.day.at("11:15"))
    call = stage.begins()
    is_closed(stage, "12:00", "14:00")
    call.presses("1")


@play("Muistutus edellisenä iltana", "En påminnelse kvällen innan")
def a_reminder(stage: Stage) -> None:
    stage.helper("10:30", "11:30", days=1)
    booked(stage)
    stage.until(stage.day.at("18:05"))


@play("Saitteko apua? Tekstiviestillä", "Fick ni hjälp? Med ett textmeddelande")
def was_it_of_help(stage: Stage) -> None:
    helped(stage, MOBILE, OTHER)
    stage.passes(minutes=40)
    stage.sends("1", MOBILE)
    stage.sends("3", OTHER)


@play(
    "Saitteko apua? Kun lankapuhelimesta soitetaan uudelleen",
    "Fick ni hjälp? När någon ringer igen från en fast telefon",
)
def was_it_of_help_to_a_landline(stage: Stage) -> None:
    helped(stage, LANDLINE, OTHER_LANDLINE)
    stage.passes(minutes=40)
    stage.begins(LANDLINE).presses("1").hangs_up()
    stage.begins(OTHER_LANDLINE).presses("3").presses("1").goes_forward()
