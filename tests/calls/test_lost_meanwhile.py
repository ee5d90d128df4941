"""A time that is lost, moved or given back while its caller is still on the line: the line never says that it stands."""

import pytest

from scheduler.rota.closures import NewClosure, close
from scheduler.slots import Span
from tests.calls.days import LANDLINE, LINE, MOBILE, Day
from tests.calls.phones import Play


def closes(day: Day, begins: str, ends: str) -> None:
    """The coordinator closes a part of today, and what comes of it comes."""
    new = NewClosure(Span(day.at(begins), day.at(ends)), "sairastapaus")
    with day.sessions.begin() as session:
        close(session, day.network, new, now=day.now, grid=day.grid, actor="coordinator:anna")
    day.worker.beat()
    day.worker.beat()


def falls_silent(caller: Play) -> Play:
    """Three silences at the question that is asked, and the call is over."""
    return caller.hears("more_time").hears("last_try").hears("goodbye")


def test_who_listens_on_while_the_time_is_closed_hears_that_it_is_lost(day: Day) -> None:
    day.helper("10:30", "11:30")
    caller = day.dials().goes_forward(until="another_matter")
    closes(day, "10:00", "12:00")
    falls_silent(caller).does_not_hear("kept")
    assert {"time_lost", "request_saved"} <= set(caller.keys)
    assert day.callback().state == "missed"
    assert day.ticket().status == "with_coordinator"


def test_who_listens_on_while_the_time_becomes_another_hears_the_new_one(day: Day) -> None:
    day.helper("10:30", "11:30")
    day.helper("12:30", "13:30")
    caller = day.dials().goes_forward(until="another_matter")
    closes(day, "10:00", "12:00")
    falls_silent(caller).does_not_hear("kept", "time_lost")
    assert "kello kaksitoista kolmekymmentä" in caller.words_of("time_changed")
    assert (day.callback().state, day.callback().starts_at) == ("promised", day.at("12:30"))


def test_who_listens_on_while_nothing_happens_hears_that_the_time_stands(day: Day) -> None:
    day.helper("10:30", "11:30")
    falls_silent(day.dials().goes_forward(until="another_matter")).does_not_hear("time_lost", "time_changed")


@pytest.mark.parametrize("keys", ["1", "2", "31", "0"])
def test_who_keeps_a_time_that_is_lost_meanwhile_hears_so(day: Day, keys: str) -> None:
    day.helper("10:30", "11:30")
    day.promise()
    caller = day.dials().hears().presses("1").hears("existing")
    closes(day, "10:00", "12:00")
    for key in keys:
        caller.presses(key).hears()
    caller.does_not_hear("kept", "existing_code")
    assert "time_lost" in caller.keys
    assert len(day.tickets()) == 1


def test_who_keeps_a_time_that_was_given_back_by_text_meanwhile_hears_so(day: Day) -> None:
    day.helper("10:30", "11:30")
    day.promise()
    caller = day.dials().hears().presses("1").hears("existing")
    day.phone(MOBILE).text(LINE, "PERU")
    day.passes(seconds=2)
    caller.presses("1").hears("cancelled", "goodbye").does_not_hear("kept")


def test_a_new_time_that_is_lost_while_we_tell_it_is_not_promised_again(day: Day) -> None:
    day.helper("10:30", "11:30")
    day.helper("11:00", "12:00")
    day.promise(LANDLINE)
    closes(day, "10:00", "11:00")
    rung = day.rings(LANDLINE, within=1200).hears("change_offer")
    closes(day, "11:00", "12:00")
    rung.presses("1").hears("time_lost", "callback_goodbye").does_not_hear("change_taken", "kept")
