"""Somebody who has a time, or a request without one, rings again."""

from datetime import timedelta

from tests.calls.days import LANDLINE, LINE, MOBILE, SWEDISH_LINE, Day


def test_a_caller_with_a_time_hears_it_first_with_its_code_and_keeps_it(day: Day) -> None:
    day.helper()
    promise = day.promise()
    again = day.dials().hears().presses("1").hears("existing")
    again.does_not_hear("intro", "topic_choice")
    assert "kymmenen kolmekymmentä" in again.words_of("existing")
    again.presses("1").hears("kept", "existing_code", "goodbye")
    assert [one.id for one in day.callbacks()] == [promise.id]
    assert len(day.tickets()) == 1


def test_a_caller_moves_the_time_and_the_code_stays(day: Day) -> None:
    helper = day.helper()
    first = day.dials().goes_forward()
    again = day.dials().hears().presses("1").hears("existing").presses("2").hears("offer_slot")
    assert "yksitoista kolmekymmentä" in again.words_of("offer_slot")  # never the time that the caller wants to leave
    again.presses("1").hears("moved", "booked_again", "text_follows", "goodbye")
    code = first.words_of("booked_again").split("Tunnuslukunne on ")[1]
    assert again.words_of("booked_again").endswith(code)
    old, new = day.callbacks()
    assert (old.state, new.state, new.starts_at) == ("moved", "promised", day.at("11:30"))
    day.passes(seconds=10)
    assert day.templates() == ["booked", "moved"]
    day.until(day.at("10:45"))
    assert day.rings_of(helper) == 0
    day.until(day.at("11:30"))
    day.rings(helper.number)


def test_a_caller_who_would_move_to_nothing_keeps_the_time(day: Day) -> None:
    day.helper("10:30", "11:30")
    promise = day.promise()
    again = day.dials().hears().presses("1").hears("existing").presses("2").hears("no_other_slot", "kept", "goodbye")
    again.does_not_hear("no_more_slots", "moved")
    assert day.callback().id == promise.id
    assert day.callback().state == "promised"


def test_a_caller_who_finds_no_better_time_keeps_the_old_one(day: Day) -> None:
    day.helper("09:30", "12:30")
    day.promise()
    again = day.dials().hears().presses("1").hears("existing").presses("2")
    again.hears("offer_slot").presses("2").hears("no_more_slots_moving").presses("1").hears("offer_slot").presses("3")
    again.hears("no_more_slots_moving").presses("2")
    again.hears("kept", "goodbye")
    assert [one.state for one in day.callbacks()] == ["promised"]


def test_a_caller_cancels_after_being_asked_once_more(day: Day) -> None:
    helper = day.helper()
    promise = day.promise()
    day.dials().hears().presses("1").hears("existing").presses("3").hears("cancel_sure").presses("2").hears("cancelled")
    day.passes(seconds=10)
    assert day.callback().state == "cancelled"
    assert (day.ticket().status, day.ticket().outcome) == ("closed", "PERUTTU")
    assert day.templates() == ["booked", "cancelled"]
    day.until(promise.starts_at)
    day.passes(minutes=15)
    assert day.rings_of(helper) == 0
    assert len(day.tickets()) == 1  # hanging up after it makes no new request


def test_a_slip_of_the_finger_cancels_nothing(day: Day) -> None:
    day.helper()
    day.promise()
    day.dials().hears().presses("1").hears().presses("3").hears("cancel_sure").presses("1").hears("kept", "goodbye")
    assert day.callback().state == "promised"


def test_another_matter_becomes_a_ticket_and_a_time_of_its_own(day: Day) -> None:
    day.helper()
    day.promise()
    again = day.dials().hears().presses("1").hears("existing").presses("4").hears("topic_choice").presses("2")
    again.goes_forward()
    first, second = day.tickets()
    assert (first.topic, second.topic) == ("PUHELIN", "TIETOKONE")
    assert [one.starts_at for one in day.callbacks()] == [day.at("10:30"), day.at("11:30")]


def test_another_matter_of_the_same_topic_is_another_ticket_too(day: Day) -> None:
    day.helper()
    day.promise()
    day.dials().hears().presses("1").hears("existing").presses("4").goes_forward()
    assert [ticket.topic for ticket in day.tickets()] == ["PUHELIN", "PUHELIN"]
    assert len(day.callbacks()) == 2


def test_two_times_are_heard_one_after_another(day: Day) -> None:
    day.helper()
    day.dials().goes_forward(until="another_matter").presses("2").goes_forward()
    again = day.dials().hears().presses("1").hears("existing").presses("1").hears("kept", "existing").presses("1")
    again.hears("kept", "goodbye")


def test_a_request_on_one_line_stands_in_the_way_of_none_on_the_other(day: Day) -> None:
    day.helper()
    day.helper("09:30", "14:30")
    day.promise()
    other = day.dials(line=SWEDISH_LINE).hears().presses("2").hears("intro")
    other.does_not_hear("existing", "existing_open")
    other.goes_forward()
    assert len(day.tickets()) == 2


def test_a_request_without_a_time_gets_one_now_and_is_not_made_twice(day: Day) -> None:
    day.helper("10:30", "11:30")
    first = day.dials().goes_forward(until="offer_slot").presses("2").hears("no_more_slots").presses("2")
    first.hears("request_saved").presses("1").hears("goodbye")
    assert not day.callbacks()
    again = day.dials().hears().presses("1").hears("existing_open").presses("1").hears("offer_slot").presses("1")
    again.hears("booked", "booked_again", "goodbye")
    assert day.ticket().status == "promised"
    assert day.callback().ticket_id == day.ticket().id


def test_a_time_that_is_over_is_not_told_as_if_it_were_to_come(day: Day) -> None:
    day.helper()
    promise = day.promise()
    day.until(promise.starts_at - timedelta(minutes=20))
    day.worker_is_up = False
    day.until(promise.starts_at + timedelta(minutes=70))
    again = day.dials().hears().presses("1").hears("existing_open").does_not_hear("existing")
    again.presses("1").hears("offer_slot").presses("1").hears("booked", "goodbye")
    day.worker_is_up = True
    day.passes(minutes=10)
    assert [one.state for one in day.callbacks()] == ["missed", "promised"]
    assert day.callback().starts_at > day.now
    assert "missed" not in day.templates()


def test_a_request_without_a_time_and_a_new_matter_are_two(day: Day) -> None:
    day.dials().goes_forward()
    again = day.dials().hears().presses("1").hears("existing_open").presses("4").hears("topic_choice").presses("2")
    again.goes_forward()
    assert [ticket.topic for ticket in day.tickets()] == ["PUHELIN", "TIETOKONE"]


def test_who_rings_about_another_line_or_from_another_phone_is_not_told_of_somebody_elses_time(day: Day) -> None:
    day.helper()
    day.promise(MOBILE)
    day.dials(LANDLINE, LINE).hears().presses("1").hears("topic_choice").does_not_hear("existing")


def test_a_caller_with_a_time_who_asks_for_a_person_keeps_it(day: Day) -> None:
    day.helper()
    day.promise()
    day.dials().hears().presses("1").hears("existing").presses("0").hears("kept", "goodbye")
    assert [one.state for one in day.callbacks()] == ["promised"]


def test_a_caller_with_a_time_who_falls_silent_keeps_it(day: Day) -> None:
    day.helper()
    day.promise()
    day.dials().hears().presses("1").hears("existing").hears("more_time").hears("last_try").hears("kept", "goodbye")
    assert [one.state for one in day.callbacks()] == ["promised"]
    assert len(day.tickets()) == 1
