"""A helper falls out: the coordinator hears of it, and the caller gets another time before the one that cannot be kept."""

from datetime import timedelta

import pytest

from ivr.exchange import TextFate
from scheduler.alerts import alerts_of
from scheduler.rota.places import release_place
from tests.calls.days import LANDLINE, LINE, MOBILE, Day
from tests.calls.on_duty import puts_on_duty

DUTY = "+358409998877"


def falls_ill(day: Day, helper: int = 1) -> None:
    """A coordinator takes a helper out of a place."""
    (place,) = day.fetch("SELECT id FROM place WHERE helper_id = :helper AND state = 'held'", helper=helper)
    with day.sessions.begin() as session:
        release_place(session, day.network, int(str(place[0])), now=day.now, grid=day.grid, actor="coordinator:anna")


def texted(day: Day) -> list[str]:
    """Which texts callers were sent."""
    return [key for key in day.templates() if not key.startswith(("helper", "place"))]


def open_alerts(day: Day) -> int:
    """How many alerts a coordinator has before them."""
    with day.sessions() as session:
        return len(alerts_of(session, day.network))


def test_the_caller_gets_another_time_under_the_same_code_before_the_old_one(day: Day) -> None:
    day.helper("13:30", "14:30")
    day.helper("10:30", "14:30", days=1)
    booked = day.dials().goes_forward()
    code = booked.words_of("booked_again").split("Tunnuslukunne on ")[1]
    assert day.callback().starts_at == day.at("13:30")
    falls_ill(day)
    day.passes(minutes=14)
    assert [one.state for one in day.callbacks()] == ["deficit"]
    assert open_alerts(day) == 1
    day.passes(minutes=2)
    assert [(one.state, one.starts_at) for one in day.callbacks()] == [
        ("moved", day.at("13:30")),
        ("promised", day.at("10:30", days=1)),
    ]
    assert texted(day) == ["booked", "replaced"]
    assert "emme voikaan soittaa teille ti 24.11.2026 klo 13.30" in day.texts()[-1]
    assert "Soitamme ke 25.11.2026 klo 10.30" in day.texts()[-1]
    assert open_alerts(day) == 0
    helper = day.phone("+358500000002")
    day.until(day.at("10:30", days=1))
    day.rings(helper.number).hears("helper_options").presses("1")
    assert f"Tunnuslukunne on {code}" in day.rings(MOBILE).hears("callback_intro").words_of("callback_intro")


def test_what_mends_itself_within_the_grace_is_never_spoken_of(day: Day) -> None:
    day.helper("13:30", "14:30")
    day.promise()
    falls_ill(day)
    day.passes(minutes=10)
    assert day.callback().state == "deficit"
    second = day.helper("13:30", "14:30")
    day.passes(minutes=30)
    assert [one.state for one in day.callbacks()] == ["promised"]
    assert (texted(day), open_alerts(day)) == (["booked"], 0)
    day.until(day.at("13:30"))
    day.rings(second.number).hears("helper_options")


def test_each_time_that_the_helper_is_lost_is_an_alert_of_its_own_and_the_grace_begins_anew(day: Day) -> None:
    day.helper("13:30", "14:30")
    day.promise()
    for helper in (1, 2):
        falls_ill(day, helper)
        day.passes(minutes=10)
        assert day.callback().state == "deficit"
        day.helper("13:30", "14:30")
    assert day.callback().state == "promised"
    assert day.fetch("SELECT key FROM alert ORDER BY id") == [("deficit:callback-1:1",), ("deficit:callback-1:2",)]


def test_near_its_time_the_caller_is_told_at_once(day: Day) -> None:
    day.helper("10:30", "11:30")
    day.helper("12:30", "13:30")
    day.promise()
    falls_ill(day)
    day.passes(seconds=10)
    assert [(one.state, one.starts_at) for one in day.callbacks()] == [
        ("moved", day.at("10:30")),
        ("promised", day.at("12:30")),
    ]
    assert texted(day) == ["booked", "replaced"]


def test_nobody_is_told_in_the_night(day: Day) -> None:
    day.helper("10:30", "11:30", days=1)
    day.helper("12:30", "13:30", days=1)
    day.promise()
    day.until(day.at("23:00"))
    falls_ill(day)
    day.until(day.at("07:59", days=1))
    assert (texted(day), day.callback().state) == (["booked", "reminder"], "deficit")
    day.passes(minutes=2)
    assert texted(day) == ["booked", "reminder", "replaced"]


def test_a_landline_is_rung_and_may_choose_yet_another_time(day: Day) -> None:
    day.helper("13:30", "14:30")
    day.helper("10:30", "12:30", days=1)
    day.promise(LANDLINE)
    falls_ill(day)
    rung = day.rings(LANDLINE, within=1200).hears("change_offer")
    assert "Emme voikaan soittaa teille tänään tiistaina" in rung.words_of("change_offer")
    rung.presses("2").hears("offer_slot").presses("1").hears("moved", "booked_again", "callback_goodbye")
    assert [one.state for one in day.callbacks()] == ["moved", "moved", "promised"]
    assert day.callback().starts_at == day.at("11:30", days=1)
    day.passes(hours=3)
    assert day.rings_of(day.phone(LANDLINE)) == 1


def test_a_landline_may_keep_the_new_time(day: Day) -> None:
    day.helper("13:30", "14:30")
    day.helper("10:30", "11:30", days=1)
    day.promise(LANDLINE)
    falls_ill(day)
    day.rings(LANDLINE, within=1200).hears("change_offer").presses("1").hears("change_taken", "callback_goodbye")
    assert [one.state for one in day.callbacks()] == ["moved", "promised"]


def test_the_new_time_does_not_suit_and_a_text_finds_a_later_one_once(day: Day) -> None:
    day.helper("13:30", "14:30")
    day.helper("10:30", "11:30", days=1)
    day.helper("10:30", "11:30", days=2)
    day.promise()
    falls_ill(day)
    day.passes(minutes=16)
    for _ in range(2):
        day.phone(MOBILE).text(LINE, "2")
        day.passes(seconds=20)
    assert [one.state for one in day.callbacks()] == ["moved", "moved", "promised"]
    assert day.callback().starts_at == day.at("10:30", days=2)
    assert texted(day) == ["booked", "replaced", "replaced"]
    assert "Soitamme teille to 26.11.2026 klo 10.30" in day.texts()[-1]  # there is none later


@pytest.mark.parametrize("number", [MOBILE, LANDLINE])
def test_without_any_time_the_caller_waits_by_the_age_of_the_request_and_hears_the_truth(day: Day, number: str) -> None:
    day.helper("13:30", "14:30")
    day.promise(number)
    day.passes(minutes=1)
    later = day.dials("+358401112299").goes_forward()
    assert "waiting_first" in later.keys
    falls_ill(day)
    if number == LANDLINE:
        day.rings(LANDLINE, within=1200).hears("change_none", "callback_goodbye")
    else:
        day.passes(minutes=16)
        assert texted(day)[-1] == "no_time"
    assert [ticket.status for ticket in day.tickets()] == ["with_coordinator", "open"]
    assert day.fetch("SELECT ticket_id, state FROM waiting ORDER BY since") == [(1, "waiting"), (2, "waiting")]
    day.helper("10:30", "11:30", days=1)
    day.passes(seconds=10)
    assert day.fetch("SELECT ticket_id, state FROM waiting ORDER BY since") == [(1, "offered"), (2, "waiting")]


def test_a_text_about_the_change_that_does_not_arrive_is_told_by_a_call(day: Day) -> None:
    day.helper("13:30", "14:30")
    day.helper("10:30", "11:30", days=1)
    day.promise()
    day.phone(MOBILE).text_fate = TextFate.UNDELIVERED
    falls_ill(day)
    day.rings(MOBILE, within=3600).hears("change_offer").presses("1").hears("change_taken")


def test_the_coordinator_on_duty_is_texted_once_and_without_a_name_or_number(day: Day) -> None:
    with day.sessions.begin() as session:
        puts_on_duty(session, day.network, DUTY, now=day.now)
    day.helper("13:30", "14:30")
    day.promise()
    falls_ill(day)
    day.passes(minutes=5)
    (told,) = day.texts(DUTY)
    assert "ti 24.11.2026 klo 13.30" in told
    assert MOBILE[-6:] not in told


def test_nobody_is_rung_for_a_promise_in_deficit(day: Day) -> None:
    helper = day.helper("13:30", "14:30")
    day.promise()
    day.until(day.at("13:29"))
    day.worker_is_up = False
    falls_ill(day)
    day.passes(minutes=10)
    day.worker_is_up = True
    day.passes(minutes=20)
    assert day.rings_of(helper) == 0
    assert day.callback().state == "missed"
    assert day.ticket().status == "with_coordinator"
    assert day.now - day.callback().starts_at < timedelta(hours=1)
