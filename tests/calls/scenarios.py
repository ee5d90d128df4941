"""The scenarios that are written down as plays: each is given in Finnish and in Swedish."""

from collections.abc import Callable

from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from ivr.exchange import TextFate
from scheduler.rota.closures import NewClosure, close
from scheduler.slots import Span
from tests.calls.guide import lists
from tests.calls.staging import LANDLINE, MOBILE, Actor, Stage
from tests.entries import gathering, point

Scenario = Callable[[Stage], None]
PLAYS: dict[str, tuple[Scenario, str, str]] = {}
FOREIGN = "+46701234567"
OTHER = "+358401112244"


def play(finnish: str, swedish: str) -> Callable[[Scenario], Scenario]:
    """A scenario, with its title in both languages."""

    def note(scenario: Scenario) -> Scenario:
        PLAYS[scenario.__name__] = (scenario, finnish, swedish)
        return scenario

    return note


def booked(stage: Stage, number: str = MOBILE) -> None:
    """Somebody has a time; that call is another play's."""
    call = stage.day.dials(number).hears().presses(stage.digit).goes_forward()
    assert "booked" in call.keys
    stage.day.passes(seconds=10)
    stage.texts_seen = {number: len(phone.texts) for number, phone in stage.day.exchange.phones.items()}


def taken(stage: Stage, number: str = MOBILE) -> tuple[Actor, Actor]:
    """The helper has taken the callback, and the resident has picked up."""
    (helper,) = {phone for phone in stage.day.exchange.phones if phone.startswith("+35850")}
    rung = stage.is_rung(helper, "helper").takes("1")
    return rung, stage.is_rung(number, "resident")


# A call to the line.


@play("Soittaja painaa aina yhtä ja saa ajan", "Den som ringer trycker alltid ett och får en tid")
def a_time_is_booked(stage: Stage) -> None:
    stage.helper()
    stage.begins().goes_forward()
    stage.passes(seconds=10)


@play(
    "Lankapuhelimesta: aika kerrotaan, viestiä ei lähetetä",
    "Från en fast telefon: tiden sägs, inget meddelande skickas",
)
def from_a_landline(stage: Stage) -> None:
    stage.helper()
    stage.begins(LANDLINE).goes_forward()


@play("Soittaja antaa postinumeronsa", "Den som ringer anger sitt postnummer")
def a_postcode_is_keyed(stage: Stage) -> None:
    stage.helper()
    call = stage.begins().presses("1")
    call.presses("99998").presses("20100").presses("2").presses("33100").goes_forward()


@play(
    "Tunnukset ja palvelut: varoitus huijauksista; viestiä ei jätetä",
    "Tjänster och identifiering: varning för bedrägeri; inget meddelande",
)
def e_services_without_a_message(stage: Stage) -> None:
    stage.helper()
    stage.begins().presses("3").presses("1").is_silent().presses("2").goes_forward()


@play("Viesti kuunnellaan ja sanotaan uudelleen", "Meddelandet lyssnas på och talas in på nytt")
def a_message_is_said_again(stage: Stage) -> None:
    stage.helper()
    call = stage.begins().presses("1").presses("1").is_silent().presses("1").says()
    stage.day.passes(seconds=5)
    call.presses("2").presses("3").says().goes_forward()


@play("Viestiin ei puhuta mitään", "Ingenting sägs i meddelandet")
def an_empty_message(stage: Stage) -> None:
    stage.helper()
    call = stage.begins().presses("1").presses("1").is_silent().presses("1")
    call.is_silent().says().goes_forward()


@play("Soittaja vaihtaa numeron", "Den som ringer byter nummer")
def another_number(stage: Stage) -> None:
    stage.helper()
    call = stage.begins().goes_forward(until="Soitamme numeroon" if stage.digit == "1" else "Vi ringer till numret")
    call.presses("2").presses("112").presses("0600123").presses("0407654321").goes_forward()


@play("Numero ei näy", "Numret visas inte")
def a_withheld_number(stage: Stage) -> None:
    stage.helper()
    call = stage.begins(withheld=True).presses("1").presses("1").is_silent()
    call.presses("0401112233").goes_forward()


@play("Ulkomainen numero", "Ett utländskt nummer")
def a_foreign_number(stage: Stage) -> None:
    stage.helper()
    call = stage.begins(FOREIGN).presses("1").presses("1").is_silent()
    call.presses("0401112233").goes_forward()


@play("Toinen aika", "En annan tid")
def another_time(stage: Stage) -> None:
    stage.helper()
    call = stage.begins().goes_forward(until="Voimme soittaa" if stage.digit == "1" else "Vi kan ringa er")
    call.presses("2").presses("2").presses("1").goes_forward()


@play("Kaksi asiaa samassa puhelussa", "Två ärenden i samma samtal")
def two_matters(stage: Stage) -> None:
    stage.helper()
    stage.begins().goes_forward(until="Jos tämä oli kaikki" if stage.digit == "1" else "Om det här var allt").presses(
        "2"
    ).goes_forward()


@play(
    "Soittaja on hiljaa, painaa väärin, kysyy uudelleen ja hitaammin",
    "Den som ringer är tyst, trycker fel, vill höra igen och långsammare",
)
def trouble(stage: Stage) -> None:
    stage.helper()
    stage.begins().is_silent().presses("7").presses("9").presses("8").presses("8").goes_forward()


@play("Soittaja ei paina mitään", "Den som ringer trycker inte på någonting")
def silence(stage: Stage) -> None:
    stage.helper()
    stage.begins().presses("1").is_silent().is_silent().is_silent()
    stage.passes(minutes=1)


@play("Nolla: ihminen soittaa", "Noll: en människa ringer upp")
def a_person_is_wanted(stage: Stage) -> None:
    stage.helper()
    stage.begins().presses("0")
    stage.passes(seconds=10)


@play("Kielivalintaan ei vastata", "Språkvalet besvaras inte")
def no_language(stage: Stage) -> None:
    stage.helper()
    stage.dials().is_silent().is_silent()


# Who has a time, or waits for one.


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
    stage.passes(seconds=10)


@play("Soittajalla on jo aika: se perutaan", "Den som ringer har redan en tid: den avbokas")
def the_time_is_cancelled(stage: Stage) -> None:
    stage.helper()
    booked(stage)
    stage.begins().presses("3").presses("2")
    stage.passes(seconds=10)


@play("Aika perutaan tekstiviestillä", "Tiden avbokas med ett textmeddelande")
def the_time_is_cancelled_by_text(stage: Stage) -> None:
    stage.helper()
    booked(stage)
    stage.sends("PERU" if stage.digit == "1" else "AVBOKA")
    stage.sends("PERU" if stage.digit == "1" else "AVBOKA")


@play(
    "Vapaita aikoja ei ole: jonoon, ja vapautunut aika tekstiviestillä",
    "Inga lediga tider: i kö, och en ledig tid med ett textmeddelande",
)
def waiting_and_a_time_by_text(stage: Stage) -> None:
    stage.begins().goes_forward()
    stage.passes(seconds=10)
    stage.begins().is_silent()
    stage.helper("10:30", "11:30")
    stage.passes(seconds=10)
    stage.sends("1")


@play("Vapautunut aika soitetaan lankapuhelimeen", "En ledig tid rings till en fast telefon")
def waiting_and_a_time_by_call(stage: Stage) -> None:
    stage.begins(LANDLINE).goes_forward()
    stage.helper("10:30", "11:30")
    stage.is_rung(LANDLINE, "resident").goes_forward()


@play("Jonossa oleva ei enää tarvitse aikaa", "Den som väntar behöver ingen tid längre")
def waiting_no_more(stage: Stage) -> None:
    stage.begins(LANDLINE).goes_forward()
    stage.helper("10:30", "11:30")
    stage.is_rung(LANDLINE, "resident").presses("3").goes_forward()


# The promise is kept.


@play("Lupaus pidetään: auttaja, soittaja ja tulos", "Löftet hålls: hjälparen, den som ringde och resultatet")
def a_promise_is_kept(stage: Stage) -> None:
    stage.helper()
    booked(stage)
    rung, resident = taken(stage)
    resident.takes("1").talks()
    rung.listens().presses("1")
    stage.passes(minutes=20)


@play(
    "Auttaja kuuntelee viestin ensin ja varaa jatkoajan", "Hjälparen lyssnar först på meddelandet och bokar en ny tid"
)
def more_time_is_needed(stage: Stage) -> None:
    stage.helper()
    booked(stage)
    (helper,) = {phone for phone in stage.day.exchange.phones if phone.startswith("+35850")}
    rung = stage.is_rung(helper, "helper").presses("2").takes("1")
    stage.is_rung(MOBILE, "resident").takes("1").talks()
    rung.listens().presses("2").presses("1")
    stage.passes(seconds=10)


@play("Auttaja ohjaa eteenpäin", "Hjälparen hänvisar vidare")
def a_referral(stage: Stage) -> None:
    stage.helper()
    booked(stage)
    rung, resident = taken(stage)
    resident.takes("1").talks()
    rung.listens().presses("3").presses("1")


@play("Auttaja kertoo muun tuloksen", "Hjälparen anger ett annat resultat")
def another_outcome(stage: Stage) -> None:
    stage.helper()
    booked(stage)
    rung, resident = taken(stage)
    resident.takes("1").talks()
    rung.listens().presses("4").presses("1")


@play("Auttaja ei ehdi", "Hjälparen hinner inte")
def the_helper_declines(stage: Stage) -> None:
    stage.helper()
    booked(stage)
    (helper,) = {phone for phone in stage.day.exchange.phones if phone.startswith("+35850")}
    stage.is_rung(helper, "helper").presses("3")
    stage.passes(minutes=1)


@play("Soittaja ei vastaa", "Den som ringde svarar inte")
def the_resident_does_not_answer(stage: Stage) -> None:
    stage.helper()
    booked(stage)
    stage.day.phone(MOBILE).does_not_answer()
    (helper,) = {phone for phone in stage.day.exchange.phones if phone.startswith("+35850")}
    for _ in range(3):
        stage.is_rung(helper, "helper", within=20000).presses("1")
        stage.passes(seconds=20)


@play("Soittaja haluaa toisen ajan, kun hänelle soitetaan", "Den som blir uppringd vill ha en annan tid")
def another_time_when_rung(stage: Stage) -> None:
    stage.helper()
    booked(stage)
    rung, resident = taken(stage)
    resident.presses("2").presses("1")
    rung.listens()
    stage.passes(seconds=10)


@play("Soittaja on hiljaa, kun hänelle soitetaan", "Den som blir uppringd är tyst")
def silent_when_rung(stage: Stage) -> None:
    stage.helper()
    booked(stage)
    rung, resident = taken(stage)
    resident.is_silent().is_silent()
    rung.listens()


# What is told to who has no mobile, and what goes wrong.


@play(
    "Lupausta ei voitu pitää: lankapuhelimeen soitetaan", "Löftet kunde inte hållas: vi ringer till den fasta telefonen"
)
def a_promise_is_missed(stage: Stage) -> None:
    stage.helper()
    booked(stage, LANDLINE)
    (helper,) = {phone for phone in stage.day.exchange.phones if phone.startswith("+35850")}
    stage.is_rung(helper, "helper").presses("3")
    stage.is_rung(LANDLINE, "resident", within=2400)


@play(
    "Tekstiviesti ei mene perille: aika kerrotaan puhelimella",
    "Textmeddelandet kommer inte fram: tiden berättas per telefon",
)
def a_text_is_lost(stage: Stage) -> None:
    stage.helper("13:30", "14:30")
    stage.day.phone(MOBILE).text_fate = TextFate.UNDELIVERED
    stage.day.dials(MOBILE).hears().presses(stage.digit).goes_forward(until="booked").hangs_up()
    stage.is_rung(MOBILE, "resident")


@play(
    "Toimipaikka suljetaan: uusi aika kerrotaan ennen entistä",
    "Verksamheten stängs: den nya tiden berättas före den gamla",
)
def a_closure(stage: Stage) -> None:
    stage.helper(days=1)
    stage.helper(days=2)
    booked(stage, LANDLINE)
    during = Span(stage.day.at("08:00", 1), stage.day.at("16:00", 1))
    with stage.day.sessions.begin() as session:
        close(
            session,
            stage.day.network,
            NewClosure(during, "Remontti"),
            now=stage.day.now,
            grid=stage.day.grid,
            actor="coordinator:1",
        )
    stage.is_rung(LANDLINE, "resident").goes_forward()


@play("Tietokanta on poissa: viesti jää silti", "Databasen är borta: meddelandet sparas ändå")
def the_database_is_away(stage: Stage) -> None:
    engine = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing", connect_args={"connect_timeout": 2})
    stage.day.web = stage.day.web_on(sessionmaker(engine))
    stage.day.forgiven = {11200}  # news that could not be noted
    stage.dials().says()


# Beside the promise.


@play("Lähin paikka ja seuraava tilaisuus", "Närmaste ställe och nästa tillfälle")
def the_nearest_place(stage: Stage) -> None:
    stage.helper()
    lists(stage.day, point("kirjasto"), gathering("bussi"))
    call = stage.begins().presses("1").presses("20100").presses("1")
    call.goes_forward(until="Jos tämä oli kaikki" if stage.digit == "1" else "Om det här var allt")
    call.presses("3").presses("3").presses("1").goes_forward()
    stage.passes(seconds=10)


@play("Soittaja haluaa auttaa", "Den som ringer vill hjälpa till")
def somebody_wants_to_help(stage: Stage) -> None:
    stage.helper()
    stage.begins().presses("4").presses("2").goes_forward()
    stage.passes(seconds=10)
