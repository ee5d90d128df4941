"""Callers for whom there is no time: kept in line, told the truth, and offered what comes free."""

from tests.calls.days import LANDLINE, MOBILE, SV, Day
from tests.calls.phones import Play

OTHER = "+358401112244"


def asks(day: Day, number: str = MOBILE) -> Play:
    """Somebody asks for a time, and there is none."""
    call = day.dials(number).goes_forward()
    assert "no_slot" in call.keys, call.keys
    day.passes(seconds=10)
    return call


def send(day: Day, body: str, number: str = MOBILE) -> None:
    """A caller texts the line, and what comes of it comes."""
    day.phone(number).text("+358942450100", body)
    day.passes(seconds=15)


def line(day: Day) -> list[tuple[object, ...]]:
    """Who waits, and how it stands."""
    return day.fetch("SELECT ticket_id, state FROM waiting ORDER BY since, id")


def test_who_finds_no_time_hears_how_many_wait_before_them(day: Day) -> None:
    first, second, third = (asks(day, f"+3584011122{number}") for number in (50, 51, 52))
    first.hears().does_not_hear("request_saved", "waiting_opens")
    assert "waiting_first" in first.keys
    assert "waiting_one" in second.keys
    assert third.words_of("waiting_more") == "Suomenkielisessä jonossa on ennen teitä kaksi soittajaa."
    assert "waiting_by_text" in third.keys
    assert day.templates() == ["waiting"] * 3
    assert "Ennen teitä jonossa: 2." in day.texts("+358401112252")[0]


def test_swedish_speakers_stand_in_a_line_of_their_own(day: Day) -> None:
    asks(day)
    swedish = day.dials(LANDLINE).hears().presses("2").goes_forward()
    assert {"waiting_first", "waiting_by_call"} <= set(swedish.keys)
    day.helper("10:30", "11:30", SV)
    day.passes(seconds=10)
    assert line(day) == [(1, "waiting"), (2, "offered")]


def test_a_freed_time_is_offered_by_text_and_taken_with_one(day: Day) -> None:
    asks(day)
    day.helper("10:30", "11:30")
    day.passes(seconds=10)
    assert (day.callback().state, day.callback().starts_at) == ("offered", day.at("10:30"))
    assert day.ticket().status == "open"
    assert "ti 24.11.2026 klo 10.30" in day.texts()[-1]
    assert "klo 10.00 asti" in day.texts()[-1]
    send(day, "1")
    assert (day.callback().state, day.ticket().status) == ("promised", "promised")
    assert day.templates() == ["waiting", "offered", "booked"]
    assert line(day) == [(1, "booked")]
    helper = day.phone("+358500000001")
    day.until(day.at("10:30"))
    day.rings(helper.number).hears("helper_options").presses("1")
    day.rings(MOBILE).hears("callback_intro").presses("1").talks()


def test_a_text_that_comes_twice_takes_the_time_once_and_none_other(day: Day) -> None:
    asks(day)
    day.helper("10:30", "11:30")
    day.passes(seconds=10)
    send(day, "1")
    send(day, "1")
    assert [one.state for one in day.callbacks()] == ["promised"]
    assert day.templates() == ["waiting", "offered", "booked"]


def test_who_answers_two_waits_on_and_the_next_one_is_offered_the_time_at_once(day: Day) -> None:
    asks(day, MOBILE)
    asks(day, OTHER)
    day.helper("10:30", "11:30")
    day.passes(seconds=10)
    send(day, "2", MOBILE)
    assert [(one.ticket_id, one.state) for one in day.callbacks()] == [(1, "lapsed"), (2, "offered")]
    assert line(day) == [(1, "waiting"), (2, "offered")]
    assert "olette edelleen jonossa" in day.texts(MOBILE)[-1].lower()
    send(day, "1", OTHER)
    assert [(one.ticket_id, one.state) for one in day.callbacks()] == [(1, "lapsed"), (2, "promised")]


def test_an_offer_that_is_not_answered_lapses_and_is_the_next_ones(day: Day) -> None:
    asks(day, MOBILE)
    asks(day, OTHER)
    day.helper("13:30", "14:30")
    day.passes(seconds=10)
    assert day.texts(OTHER) == day.texts(OTHER)[:1]
    day.passes(hours=2, minutes=1)
    assert [(one.ticket_id, one.state) for one in day.callbacks()] == [(1, "lapsed"), (2, "offered")]
    send(day, "1", MOBILE)  # too late
    assert "aika ehti jo mennä" in day.texts(MOBILE)[-1]
    assert [(one.ticket_id, one.state) for one in day.callbacks()] == [(1, "lapsed"), (2, "offered")]


def test_three_offers_in_vain_leave_it_to_the_coordinator_and_nothing_is_closed(day: Day) -> None:
    asks(day)
    day.helper("10:30", "14:30", days=1)
    day.until(day.at("20:00"))
    assert [one.state for one in day.callbacks()] == ["lapsed"] * 3
    assert (day.ticket().status, line(day)) == ("with_coordinator", [(1, "left")])
    assert [key for key in day.templates() if "helper" not in key] == ["waiting", *["offered"] * 3, "saved"]


def test_a_landline_is_rung_with_the_time_and_takes_it_with_one(day: Day) -> None:
    asks(day, LANDLINE)
    day.helper("10:30", "11:30")
    rung = day.rings(LANDLINE).hears("offer_call", "offer_held").presses("9").hears("offer_held").presses("1")
    rung.hears("booked", "booked_again", "callback_goodbye").does_not_hear("text_follows")
    assert (day.callback().state, day.ticket().status) == ("promised", "promised")
    day.passes(hours=1)
    assert day.rings_of(day.phone(LANDLINE)) == 1


def test_a_landlines_voicemail_takes_no_time_and_it_is_rung_again(day: Day) -> None:
    asks(day, LANDLINE)
    day.phone(LANDLINE).has_voicemail(after=5)
    day.helper("13:30", "14:30")
    day.passes(minutes=30)
    assert day.callback().state == "offered"
    day.phone(LANDLINE).does_not_answer()
    day.passes(minutes=30)
    assert (day.rings_of(day.phone(LANDLINE)), day.callback().state) == (2, "offered")
    day.passes(hours=2)
    assert (day.rings_of(day.phone(LANDLINE)), day.callback().state) == (3, "lapsed")


def test_a_landline_may_choose_another_time_and_the_offered_one_is_the_next_ones(day: Day) -> None:
    asks(day, LANDLINE)
    asks(day, MOBILE)
    day.helper("10:30", "12:30")
    rung = day.rings(LANDLINE).hears("offer_held").presses("2")
    rung.hears("no_other_slot", "waiting_on", "callback_goodbye")
    day.passes(seconds=10)
    assert [(one.ticket_id, one.starts_at, one.state) for one in day.callbacks()][:2] == [
        (1, day.at("10:30"), "lapsed"),
        (2, day.at("11:30"), "offered"),
    ]


def test_who_rings_while_waiting_hears_the_place_and_may_take_what_is_free(day: Day) -> None:
    asks(day, OTHER)
    asks(day, MOBILE)
    again = day.dials(MOBILE).hears().presses("1").hears("waiting_still", "waiting_one", "existing_open")
    again.presses("1").hears("no_slot", "waiting_one", "goodbye")
    assert len(line(day)) == 2


def test_who_rings_with_an_offer_outstanding_hears_it_first(day: Day) -> None:
    asks(day)
    day.helper("10:30", "11:30")
    day.passes(seconds=10)
    again = day.dials().hears().presses("1").hears("offer_held").presses("1").hears("booked", "another_matter")
    again.presses("1").hears("goodbye")
    assert [one.state for one in day.callbacks()] == ["promised"]
    day.passes(hours=1)
    assert day.templates() == ["waiting", "offered", "booked"]


def test_when_the_next_times_open_is_said_only_where_it_is_known(day: Day) -> None:
    day.helper("10:30", "11:30", days=15)  # beyond the ten working days
    call = asks(day)
    assert call.words_of("waiting_opens").startswith("Uusia aikoja avautuu ")
    assert "kello neljätoista kolmekymmentä" in call.words_of("waiting_opens")
    day.until(day.at("14:20", days=1))
    day.reconciles()
    assert line(day) == [(1, "waiting")]
    day.until(day.at("14:31", days=0))
    day.reconciles()
    assert line(day) == [(1, "offered")]


def test_a_cancelled_time_goes_to_who_has_waited_longest(day: Day) -> None:
    day.helper("13:30", "14:30")
    day.promise(LANDLINE)
    asks(day, MOBILE)
    asks(day, OTHER)
    day.dials(LANDLINE).hears().presses("1").hears("existing").presses("3").hears("cancel_sure").presses("2").hears()
    day.passes(seconds=15)
    assert [(one.ticket_id, one.state) for one in day.callbacks()] == [(1, "cancelled"), (2, "offered")]
