"""Times offered, taken, refused, lost – and what happens when there are none."""

from ivr.exchange import Paused, Said
from scheduler.promises import book
from tests.calls.days import LANDLINE, MOBILE, Day
from tests.calls.phones import Play, key_of


def take(day: Day, wall: str) -> None:
    """Somebody else's request is given a time meanwhile."""
    other = day.request()
    with day.sessions.begin() as session:
        assert book(session, other, None, day.at(wall), now=day.now, grid=day.grid) is not None


def test_a_caller_may_hear_the_next_time_and_another_day(day: Day) -> None:
    day.helper("10:00", "12:00")
    day.helper("10:30", "13:30", days=1)
    caller = day.dials().goes_forward(until="offer_slot")
    caller.presses("2").hears("offer_next").presses("3").hears("offer_next").presses("2").hears("offer_next")
    assert [one.split(" kello ")[1].split(".")[0] for one in offered(caller)] == [
        "kymmenen",
        "yksitoista",
        "kymmenen kolmekymmentä",
        "yksitoista kolmekymmentä",
    ]
    caller.presses("1").hears("booked")
    assert day.callback().starts_at == day.at("11:30", days=1)


def offered(caller: Play) -> list[str]:
    """The times that were offered, as said."""
    return [said.text for said in caller.call.said if said.text.startswith("Voimme soittaa")]


def test_topic_three_hears_the_warning_about_bank_codes(day: Day) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="topic_choice").presses("3").hears("scam")
    caller.goes_forward()
    assert day.ticket().topic == "TUNNIST"
    assert "scam" not in day.dials(LANDLINE).goes_forward().keys


def test_topic_four_hears_whom_to_ring_in_danger(day: Day) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="topic_choice").presses("4").hears("emergency")
    caller.goes_forward()
    assert "something_else" in caller.keys
    assert day.ticket().topic == "MUU"


def test_who_is_told_to_find_a_pen_has_time_to_find_one(day: Day) -> None:
    day.helper()
    heard = day.dials().goes_forward().call.heard
    told = [key_of(one) if isinstance(one, Said) else one for one in heard if isinstance(one, Said | Paused)]
    pen = told.index("booked_pen")
    assert isinstance(told[pen + 1], Paused)
    assert told[pen + 1].seconds >= 4
    assert told[pen + 2 : pen + 4] == ["booked", "booked_again"]


def test_without_a_free_time_the_request_is_kept_and_told_by_text(day: Day) -> None:
    caller = day.dials().goes_forward()
    assert caller.keys[-5:] == ["no_slot", "waiting_first", "waiting_by_text", "another_matter", "goodbye"]
    day.passes(minutes=1)
    assert day.ticket().status == "open"
    assert day.templates() == ["waiting"]


def test_a_time_that_is_lost_between_offer_and_key_is_offered_anew(day: Day) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="offer_slot")
    take(day, "10:30")
    caller.presses("1").hears("slot_taken", "offer_next").does_not_hear("booked")
    caller.presses("1").hears("booked")
    assert [one.starts_at for one in day.callbacks()] == [day.at("10:30"), day.at("11:30")]


def test_the_last_time_lost_between_offer_and_key_leaves_the_request(day: Day) -> None:
    day.helper("10:30", "11:30")
    caller = day.dials().goes_forward(until="offer_slot")
    take(day, "10:30")
    caller.presses("1").hears("slot_taken", "no_slot", "waiting_first").does_not_hear("booked", "no_more_slots")
    assert [ticket.status for ticket in day.tickets()] == ["open", "promised"]


def test_a_move_that_was_lost_leaves_the_old_time(day: Day) -> None:
    day.helper("10:30", "11:30")
    day.dials(LANDLINE).goes_forward()  # the first one has half past ten
    day.helper("11:30", "12:30")
    mover = day.dials(LANDLINE).hears().presses("1").hears("existing").presses("2").hears("offer_slot")
    take(day, "11:30")
    mover.presses("1").hears("slot_taken", "no_other_slot", "kept", "goodbye")
    assert [(one.state, one.starts_at) for one in day.callbacks()] == [
        ("promised", day.at("10:30")),
        ("promised", day.at("11:30")),
    ]


def test_who_wants_none_of_the_times_is_rung_without_one_and_given_none_behind_their_back(day: Day) -> None:
    day.helper("10:30", "12:30")
    caller = day.dials().goes_forward(until="offer_slot").presses("2").hears("offer_next").presses("2")
    caller.hears("no_more_slots").presses("1").hears("offer_slot").presses("3").hears("no_more_slots").presses("2")
    caller.hears("request_saved", "another_matter").presses("1").hears("goodbye")
    day.passes(minutes=10)
    assert not day.callbacks()
    assert day.ticket().status == "open"


def test_who_falls_silent_at_an_offer_is_given_the_first_time_and_told_it(day: Day) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="offer_slot").hears().hears().hears("request_saved", "booked", "goodbye")
    assert caller.words_of("booked")
    assert day.callback().starts_at == day.at("10:30")


def test_two_callers_are_not_promised_the_same_helper_at_once(day: Day) -> None:
    day.helper()
    first, second = day.promise(MOBILE), day.promise(LANDLINE)
    assert (first.starts_at, second.starts_at) == (day.at("10:30"), day.at("11:30"))


def test_two_matters_of_one_caller_are_not_promised_for_the_same_time(day: Day) -> None:
    day.helper()
    day.helper()
    day.dials().goes_forward(until="another_matter").presses("2").goes_forward()
    first, second = day.callbacks()
    assert first.starts_at != second.starts_at


def test_one_call_may_carry_four_matters_and_then_ends(day: Day) -> None:
    day.helper()
    caller = day.dials()
    for _ in range(3):
        caller.goes_forward(until="another_matter").presses("2")
    caller.goes_forward()
    assert caller.keys.count("another_matter") == 3
    assert len(day.tickets()) == len(day.callbacks()) == 4


def test_a_call_in_the_evening_is_promised_a_time_tomorrow(day: Day) -> None:
    day.helper("10:30", "11:30", days=1)
    day.until(day.at("20:00"))
    caller = day.dials().goes_forward()
    assert "huomenna keskiviikkona" in caller.words_of("booked")
