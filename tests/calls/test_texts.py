"""Texts from callers, and texts of ours that do not arrive."""

import pytest

from ivr.exchange import Fault, Kind, TextFate
from tests.calls.days import LINE, MOBILE, SV, Day
from tickets.store import Cipher


def send(day: Day, body: str, number: str = MOBILE, line: str = LINE) -> None:
    """A caller texts the line, and what comes of it comes."""
    day.phone(number).text(line, body)
    day.passes(seconds=15)


def of_matters(day: Day) -> list[object]:
    """Which texts callers were sent about their matters, in order; helpers are texted too."""
    return [key for (key,) in day.fetch("SELECT template FROM message WHERE ticket_id IS NOT NULL ORDER BY id")]


def two_times(day: Day) -> None:
    """A caller with two matters and two times."""
    day.helper()
    day.dials().goes_forward(until="another_matter").presses("2").goes_forward()
    assert [one.state for one in day.callbacks()] == ["promised", "promised"]


@pytest.mark.parametrize("word", ["PERU", "peru", " Peru.", "Perun ajan, kiitos", "AVBOKA", "avboka tiden"])
def test_a_text_gives_the_time_back(day: Day, word: str) -> None:
    helper = day.helper()
    promise = day.promise()
    send(day, word)
    assert day.callback().state == "cancelled"
    assert (day.ticket().status, day.ticket().outcome) == ("closed", "PERUTTU")
    assert day.templates() == ["booked", "cancelled"]
    assert len(day.texts()) == 2
    day.until(promise.starts_at)
    day.passes(minutes=15)
    assert day.rings_of(helper) == 0


def test_of_two_times_the_one_whose_code_is_texted_is_given_back(day: Day) -> None:
    two_times(day)
    first_text = day.texts()[0]
    code = first_text.split("Tunnuslukunne on ")[1][:4]
    send(day, f"PERU {code}")
    assert [one.state for one in day.callbacks()] == ["cancelled", "promised"]


def test_of_two_times_the_one_that_was_texted_about_last_is_given_back(day: Day) -> None:
    two_times(day)
    send(day, "PERU")
    assert [one.state for one in day.callbacks()] == ["promised", "cancelled"]
    send(day, "PERU")
    assert [one.state for one in day.callbacks()] == ["cancelled", "cancelled"]


def test_who_has_no_time_to_give_back_is_told_so(day: Day) -> None:
    send(day, "PERU")
    assert len(day.texts()) == 1
    assert day.texts()[0].startswith("Digituki: teillä ei ole varattua aikaa")
    assert not day.tickets()


def test_who_has_no_time_on_this_line_keeps_the_one_on_another(day: Day) -> None:
    day.helper("09:30", "14:30", SV)
    day.dials(line="+358192450200").goes_forward()
    send(day, "AVBOKA", line=LINE)
    assert day.callback().state == "promised"


def test_anything_else_that_is_texted_becomes_a_request(day: Day) -> None:
    send(day, "Kännykkä on jumissa, voitteko soittaa?")
    ticket = day.ticket()
    assert (ticket.channel, ticket.status) == ("tekstiviesti", "open")
    assert ticket.text_sealed
    assert "jumissa" not in ticket.text_sealed
    assert day.texts() == [day.catalogue.text(ticket.language, "sms.received", line="09 424 501 00")]


def test_who_texts_for_help_is_offered_a_time_by_text_and_books_it_by_text(day: Day) -> None:
    helper = day.helper()
    send(day, "Kännykkä on jumissa, voitteko soittaa?")
    assert day.told() == ["offered"]
    send(day, "1")
    assert (day.callback().state, day.ticket().status) == ("promised", "promised")
    assert day.told() == ["offered", "booked"]
    day.until(day.callback().starts_at)
    day.rings(helper.number)


def test_a_text_about_a_promised_matter_is_a_request_and_moves_no_time(day: Day) -> None:
    day.helper()
    day.promise()
    send(day, "Voisitteko soittaa mieluummin huomenna?")
    assert day.callback().state == "promised"
    assert len(day.tickets()) == 2


def test_a_text_is_answered_in_the_language_of_the_call(day: Day) -> None:
    day.helper("09:30", "14:30", SV)
    day.dials().hears().presses("2").goes_forward()
    send(day, "AVBOKA")
    assert day.texts()[-1].startswith("Digitalt stöd")


@pytest.mark.parametrize("thanks", ["Kiitos", "Kiitos paljon!", "Ok, kiitos avusta 😊", "👍", "Tack så mycket"])
def test_who_thanks_us_by_text_asks_for_nothing_and_is_offered_nothing(day: Day, thanks: str) -> None:
    day.helper()
    send(day, thanks)
    day.promise()
    texts = len(day.texts())
    send(day, thanks)
    day.passes(hours=1)
    assert (len(day.tickets()), len(day.texts()), day.callback().state) == (1, texts, "promised")


@pytest.mark.parametrize(
    "asks", ["Apua, kiitos", "Hjälp, tack", "Kiitos, mutta se ei toimi", "Ei kiitos", "Kiitos?", "Hei"]
)
def test_who_thanks_and_asks_is_heard(day: Day, asks: str) -> None:
    send(day, asks)
    assert day.ticket().text_sealed


def test_thanks_for_an_offered_time_may_mean_yes_and_are_read(day: Day, cipher: Cipher) -> None:
    day.helper()
    send(day, "Kännykkä on jumissa")
    assert day.told() == ["offered"]
    send(day, "Ok, kiitos")
    assert day.callback().state == "offered"
    assert cipher.open(str(day.ticket().text_sealed)).splitlines() == ["Kännykkä on jumissa", "Ok, kiitos"]


def test_a_text_that_comes_twice_is_one_request(day: Day) -> None:
    day.exchange.faults.webhook(Fault.DUPLICATE, kind=Kind.SMS, seconds=3)
    send(day, "Kännykkä on jumissa.")
    assert len(day.tickets()) == 1
    assert len(day.texts()) == 1


def test_a_cancellation_whose_answer_was_lost_is_not_answered_with_a_riddle(day: Day) -> None:
    day.helper()
    day.promise()
    day.exchange.faults.webhook(Fault.TIME_OUT, kind=Kind.SMS)
    day.phone(MOBILE).text(LINE, "PERU")
    day.passes(minutes=1)
    assert day.callback().state == "cancelled"
    assert len(day.texts()) == 2
    assert "ei ole varattua aikaa" not in " ".join(day.texts())


def test_stop_is_no_request_and_is_not_answered(day: Day) -> None:
    day.helper()
    day.promise()
    send(day, "STOP")
    assert len(day.tickets()) == 1
    assert len(day.texts()) == 1
    assert day.callback().state == "promised"  # it stops texts, not the promise


def test_who_has_said_stop_is_rung_all_the_same_and_not_texted_again(day: Day) -> None:
    helper = day.helper()
    day.promise()
    send(day, "STOP")
    day.dials().hears().presses("1").hears("existing").presses("2").hears("offer_slot").presses("1").hears("moved")
    day.passes(minutes=20)
    assert len(day.texts()) == 1
    assert day.fetch("SELECT template, state, error_code FROM message ORDER BY id") == [
        ("booked", "delivered", None),
        ("moved", "failed", 21610),
    ]
    day.until(day.callback().starts_at)
    day.rings(helper.number)


def test_a_number_that_proves_a_landline_is_noted_and_not_texted_over_and_over(day: Day) -> None:
    day.helper()
    day.phone(MOBILE).text_fate = TextFate.REFUSED
    day.promise()
    day.passes(hours=1)
    assert day.fetch("SELECT state, error_code FROM message") == [("failed", 21614)]
    assert day.fetch("SELECT attempts FROM job WHERE kind = 'text' AND state = 'done'") == [(1,)]


def test_a_text_that_is_not_delivered_is_noted(day: Day) -> None:
    day.helper()
    day.phone(MOBILE).text_fate = TextFate.UNDELIVERED
    day.promise()
    day.passes(minutes=5)
    assert day.fetch("SELECT state, error_code FROM message") == [("failed", 30006)]


def test_delivered_stays_delivered_whatever_news_comes_after_it(day: Day) -> None:
    day.helper()
    day.exchange.faults.webhook(Fault.REORDER, kind=Kind.SMS_STATUS)
    day.exchange.faults.webhook(Fault.DUPLICATE, kind=Kind.SMS_STATUS, times=None, seconds=60)
    day.promise()
    day.passes(minutes=5)
    assert day.fetch("SELECT state FROM message") == [("delivered",)]


def test_a_reminder_comes_the_evening_before(day: Day) -> None:
    day.helper("10:30", "11:30", days=1)
    day.promise()
    day.until(day.at("17:59"))
    assert day.told() == ["booked"]
    day.passes(minutes=2)
    assert day.told() == ["booked", "reminder"]
    assert "ke 25.11.2026 klo 10.30" in day.texts()[-1]


def test_a_reminder_of_a_cancelled_time_never_comes(day: Day) -> None:
    day.helper("10:30", "11:30", days=1)
    day.promise()
    send(day, "PERU")
    day.until(day.at("20:00"))
    assert day.told() == ["booked", "cancelled"]


def test_every_text_fits_its_reader(day: Day) -> None:
    day.helper("10:30", "11:30", days=1)
    day.promise()
    day.until(day.at("20:00"))
    assert all(text.segments <= 2 for text in day.phone(MOBILE).texts)


def test_a_text_to_a_number_that_is_no_line_of_ours_goes_nowhere(day: Day) -> None:
    day.exchange.add_line("+358942459999", day.addresses.call, sms_url=day.addresses.text)
    send(day, "PERU", line="+358942459999")
    assert not day.texts()
    assert not day.tickets()
