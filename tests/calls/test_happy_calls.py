"""The whole way of a matter: a call, a promise, a callback kept."""

from tests.calls.days import LANDLINE, LINE, MOBILE, SV, SWEDISH_LINE, Day
from tests.calls.phones import key_of


def test_a_caller_who_presses_one_everywhere_is_rung_back_at_the_promised_time(day: Day) -> None:
    helper = day.helper()
    caller = day.dials().goes_forward()
    assert caller.keys == [
        "choose_language",
        "choose_language",
        "who_we_are",
        "intro",
        "human",
        "repeat_hint",
        "topic_choice",
        "postcode",
        "record_choice",
        "record",
        "recorded",
        "recording_kept",
        "confirm_number",
        "offer_slot",
        "booked_pen",
        "booked",
        "booked_again",
        "text_follows",
        "another_matter",
        "goodbye",
    ]
    promise = day.callback()
    assert promise.starts_at == day.at("10:30")
    day.until(promise.starts_at)
    rung = day.rings(helper.number).hears("helper_intro", "helper_options").presses("1")
    resident = day.rings(MOBILE).hears("callback_intro").presses("1")
    resident.call.until_asked()
    day.passes(minutes=12)
    resident.hangs_up()
    rung.hears("helper_outcome").presses("1").hears("helper_outcome_saved", "helper_thanks")
    day.passes(minutes=1)
    ticket = day.ticket()
    assert (ticket.status, ticket.outcome, ticket.topic) == ("closed", "RATKAISTU", "PUHELIN")
    kept = day.callback()
    assert kept.state == "kept"
    assert kept.caller_rung_at is not None
    assert (kept.caller_rung_at - kept.starts_at).total_seconds() < 600
    assert [attempt.result for attempt in day.attempts()] == ["VASTASI"]


def test_a_caller_who_chooses_swedish_hears_and_reads_nothing_but_swedish(day: Day) -> None:
    helper = day.helper("09:30", "14:30", SV)
    caller = day.dials().hears("choose_language").presses("2")
    assert caller.languages == {"fi-FI", "sv-SE"}  # the first question is asked in both
    caller.goes_forward()
    assert {one.language for one in caller.call.said[2:]} == {"sv-SE"}
    assert {one.voice for one in caller.call.said[2:]} == {"Polly.Elin-Neural"}
    assert day.texts()[0].startswith("Digitalt stöd ringer er")
    assert day.ticket().language == "sv"
    day.until(day.callback().starts_at)
    rung = day.rings(helper.number)
    rung.hears("helper_options").presses("1")
    resident = day.rings(MOBILE).hears("callback_intro")
    assert rung.languages == resident.languages == {"sv-SE"}


def test_a_swedish_speaker_is_only_promised_a_helper_who_speaks_swedish(day: Day) -> None:
    day.helper("09:30", "14:30")
    swedish = day.helper("11:00", "12:00", SV)
    day.dials().hears().presses("2").goes_forward()
    assert day.callback().starts_at == day.at("11:00")
    day.until(day.at("11:00"))
    day.rings(swedish.number)


def test_the_swedish_line_opens_in_swedish_and_knows_its_municipality(day: Day) -> None:
    day.helper("09:30", "14:30", SV)
    caller = day.dials(line=SWEDISH_LINE).goes_forward()
    assert caller.call.said[0].language == "sv-SE"
    assert "postcode" not in caller.keys
    assert day.ticket().municipality == "710"


def test_a_postcode_tells_the_municipality(day: Day) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="postcode").presses("20100").hears("postcode_is").presses("1")
    caller.goes_forward()
    assert day.ticket().municipality == "853"


def test_a_postcode_that_nobody_has_may_be_keyed_again_or_skipped(day: Day) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="postcode").presses("00001").hears("postcode_unknown").presses("1")
    caller.goes_forward()
    assert caller.keys[-1] == "goodbye"
    assert day.ticket().municipality is None


def test_a_landline_is_promised_a_time_and_told_no_lie_about_texts(day: Day) -> None:
    day.helper()
    caller = day.dials(LANDLINE).goes_forward()
    assert "booked" in caller.keys
    assert "text_follows" not in caller.keys
    assert not day.texts(LANDLINE)


def test_nobody_sees_anybody_elses_number(day: Day) -> None:
    helper = day.helper()
    day.dials().goes_forward()
    day.until(day.callback().starts_at)
    rung = day.rings(helper.number)
    rung.hears("helper_options").presses("1")
    resident = day.rings(MOBILE)
    assert rung.call.shown_number == resident.call.shown_number == LINE


def test_the_code_that_was_promised_is_the_first_thing_the_resident_hears(day: Day) -> None:
    helper = day.helper()
    caller = day.dials().goes_forward()
    day.until(day.callback().starts_at)
    day.rings(helper.number).hears("helper_options").presses("1")
    resident = day.rings(MOBILE).hears("callback_intro")
    booked = next(one for one in caller.call.said if key_of(one) == "booked")
    code = booked.text.split("Tunnuslukunne on ")[1].split(".")[0]
    assert f"Tunnuslukunne on {code}." in resident.call.words
