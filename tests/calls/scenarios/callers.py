"""A call to the line, from hello to goodbye."""

from datetime import timedelta

from ivr.exchange import Fault, Kind
from scheduler.promises import book
from tests.calls.scenarios.playbill import play
from tests.calls.staging import LANDLINE, Stage
from tickets.bulletins import put_on
from voice_prompts.bulletin import BulletinWords

FOREIGN = "+46701234567"


@play("Soittaja painaa aina yhtä ja saa ajan", "Den som ringer trycker alltid ett och får en tid")
def a_time_is_booked(stage: Stage) -> None:
    stage.helper()
    stage.begins().goes_forward()


@play(
    "Lankapuhelimesta: aika kerrotaan, viestiä ei lähetetä",
    "Från en fast telefon: tiden sägs, inget textmeddelande skickas",
)
def from_a_landline(stage: Stage) -> None:
    stage.helper()
    stage.begins(LANDLINE).goes_forward()


@play("Soittaja antaa postinumeronsa", "Den som ringer anger sitt postnummer")
def a_postcode_is_keyed(stage: Stage) -> None:
    stage.helper()
    call = stage.begins().presses("1").is_silent()
    call.presses("99998").presses("20100").presses("2").presses("20100").presses("1").hangs_up()


@play(
    "Tunnukset ja palvelut: varoitus huijauksista; viestiä ei jätetä",
    "Tjänster och identifiering: en varning för bedrägeri; inget meddelande lämnas",
)
def e_services_without_a_message(stage: Stage) -> None:
    stage.helper()
    stage.begins().presses("3").presses("1").presses("2").goes_forward()


@play("Jokin muu asia: hätänumero kerrotaan", "Något annat: nödnumret nämns")
def something_else(stage: Stage) -> None:
    stage.helper()
    stage.begins().presses("4").presses("1").presses("1").presses("2").goes_forward()


@play("Viesti kuunnellaan ja sanotaan uudelleen", "Meddelandet lyssnas på och talas in på nytt")
def a_message_is_said_again(stage: Stage) -> None:
    stage.helper()
    call = stage.begins().presses("1").presses("1").is_silent().presses("1").says()
    stage.day.passes(seconds=5)
    call.presses("2").presses("3").says().is_silent().goes_forward()


@play("Viestin aika loppuu kesken", "Tiden för meddelandet tar slut")
def a_long_message(stage: Stage) -> None:
    stage.helper()
    stage.day.exchange.faults.webhook(Fault.DELAY, kind=Kind.RECORDING, seconds=120)
    call = stage.begins().presses("1").presses("1").presses("1").says(seconds=152)
    call.says(stage.in_words("Ja näyttö on musta.", "Och skärmen är svart."), seconds=60).presses("2").presses(
        "1"
    ).goes_forward()


@play("Viestiin ei puhuta mitään", "Ingenting sägs i meddelandet")
def an_empty_message(stage: Stage) -> None:
    stage.helper()
    stage.begins().presses("1").presses("1").presses("1").is_silent().says().goes_forward()


@play("Soittaja ei sano äänimerkin jälkeen mitään", "Den som ringer säger ingenting efter tonen")
def nothing_is_said(stage: Stage) -> None:
    stage.helper()
    call = stage.begins().presses("1").presses("1").presses("1")
    call.is_silent().is_silent().goes_forward()


@play("Soittaja vaihtaa numeron", "Den som ringer byter nummer")
def another_number(stage: Stage) -> None:
    stage.helper()
    call = stage.begins().goes_forward(until="confirm_number")
    call.presses("2").presses("112").presses("0401234").is_silent().presses("0407654321").goes_forward()


@play("Numero ei näy", "Numret visas inte")
def a_withheld_number(stage: Stage) -> None:
    stage.helper()
    call = stage.begins(withheld=True).presses("1").presses("1")
    call.is_silent().presses("0401112233").goes_forward()


@play("Numero ei näy, eikä sitä anneta", "Numret visas inte och anges inte")
def no_number_at_all(stage: Stage) -> None:
    stage.helper()
    stage.begins(withheld=True).presses("1").presses("1").is_silent().is_silent().is_silent()


@play("Ulkomainen numero", "Ett utländskt nummer")
def a_foreign_number(stage: Stage) -> None:
    stage.helper()
    stage.begins(FOREIGN).presses("1").presses("1").presses("0401112233").goes_forward()


@play("Toinen aika, toinen päivä", "En annan tid, en annan dag")
def another_time(stage: Stage) -> None:
    stage.helper()
    stage.helper(days=1)
    call = stage.begins().goes_forward(until="offer_slot")
    call.presses("2").presses("3").presses("1").goes_forward()


@play("Joku muu ehtii ensin, eikä mikään aika sovi", "Någon annan hinner före, och ingen tid passar den som ringer")
def no_time_suits(stage: Stage) -> None:
    stage.helper("09:30", "12:30")
    call = stage.begins().goes_forward(until="offer_slot")
    other = stage.day.request(stage.language)
    with stage.day.sessions.begin() as session:
        assert book(session, other, None, stage.day.at("10:30"), now=stage.day.now, grid=stage.day.grid)
    call.presses("1").presses("2").presses("2").goes_forward()


@play("Kaksi asiaa samassa puhelussa", "Två ärenden i samma samtal")
def two_matters(stage: Stage) -> None:
    stage.helper()
    stage.begins().goes_forward(until="another_matter").presses("2").goes_forward()


@play(
    "Soittaja on hiljaa, painaa väärin, kysyy uudelleen ja hitaammin",
    "Den som ringer är tyst, trycker fel, vill höra igen och långsammare",
)
def trouble(stage: Stage) -> None:
    stage.helper()
    stage.begins().is_silent().presses("7").presses("9").presses("8").presses("8").goes_forward()


@play("Soittaja valitsee asian ja on sitten hiljaa", "Den som ringer väljer ämne och är sedan tyst")
def silence(stage: Stage) -> None:
    stage.helper()
    stage.begins().presses("1").is_silent().is_silent().is_silent()


@play("Kielivalintaan ei vastata", "Språkvalet besvaras inte")
def no_language(stage: Stage) -> None:
    stage.dials(line=stage.own_line).is_silent().is_silent().is_silent()


@play("Nolla: ihminen soittaa", "Noll: en människa ringer upp")
def a_person_is_wanted(stage: Stage) -> None:
    stage.helper()
    stage.begins().presses("0")


@play("Soittaja haluaa auttaa", "Den som ringer vill hjälpa till")
def somebody_wants_to_help(stage: Stage) -> None:
    stage.helper()
    stage.begins().presses("4").presses("2").goes_forward()


@play("Tekstiviestillä pyydetään apua", "Hjälp begärs med ett textmeddelande")
def help_is_asked_for_by_text(stage: Stage) -> None:
    body = stage.in_words("Kännykkä on jumissa, voitteko soittaa?", "Min mobil har hängt sig, kan ni ringa?")
    stage.sends(body, line=stage.own_line)
    stage.sends(stage.in_words("PERU", "AVBOKA"), line=stage.own_line)


@play(
    "Kiireellinen tiedote kuullaan ennen kaikkea muuta",
    "Ett brådskande meddelande hörs före allt annat",
)
def an_urgent_bulletin(stage: Stage) -> None:
    stage.helper()
    with stage.day.sessions.begin() as session:
        put_on(
            session,
            stage.day.network,
            None,
            BulletinWords("Palvelussa on tänään häiriö.", "Det är en störning i tjänsten i dag."),
            ends_at=stage.day.now + timedelta(hours=3),
            now=stage.day.now,
            actor="person:1",
        )
    stage.begins().goes_forward(until="topic_choice").hangs_up()
