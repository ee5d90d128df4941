"""A bulletin that a coordinator has put on: every caller hears it first, in their language, and the same all through the call."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from tests.calls.days import LINE, MOBILE, SWEDISH_LINE, Day
from tests.calls.phones import Play
from tests.calls.test_budget import counting
from tickets.bulletins import BulletinRefusal, put_on, take_off
from tickets.network import Line
from voice_prompts.bulletin import BulletinWords

TROUBLE = BulletinWords("Palvelussa on tänään häiriö.", "Det är en störning i tjänsten i dag.")
OTHER = BulletinWords("Soitamme teille vasta huomenna.", "Vi ringer er först i morgon.")


def put_it_on(day: Day, words: BulletinWords = TROUBLE, line: str | None = None, hours: float = 3) -> int:
    """A coordinator puts it on, on one line or on all."""
    with day.sessions.begin() as session:
        line_id = None if line is None else session.scalars(select(Line.id).where(Line.e164 == line)).one()
        made = put_on(
            session,
            day.network,
            line_id,
            words,
            ends_at=day.now + timedelta(hours=hours),
            now=day.now,
            actor="person:1",
        )
    assert not isinstance(made, BulletinRefusal)
    return made


def told(call: Play) -> list[str]:
    """What was said of bulletins."""
    return [one.text for one, key in zip(call.call.said, call.keys, strict=True) if key == "bulletin"]


@pytest.mark.parametrize(("key", "said"), [("1", TROUBLE.fi), ("2", TROUBLE.sv)])
def test_a_caller_hears_it_in_their_language_right_after_choosing_it(day: Day, key: str, said: str) -> None:
    put_it_on(day)
    call = day.dials().hears("choose_language").presses(key).hears()
    assert call.keys[2:4] == ["bulletin", "who_we_are"]
    assert said in told(call)[0]


def test_it_cannot_be_pressed_away(day: Day) -> None:
    put_it_on(day)
    call = day.dials().hears("choose_language")
    call.presses("1")
    assert call.call.until_asked()
    reply = day.replies[-1][1].body.decode()
    assert reply.index(TROUBLE.fi.rstrip(".")) < reply.index("<Gather")


def test_who_has_a_time_hears_it_before_the_time(day: Day) -> None:
    day.helper()
    day.promise()
    put_it_on(day)
    call = day.dials().hears("choose_language").presses("1").hears()
    assert call.keys.index("bulletin") < call.keys.index("this_is")


def test_who_chooses_no_language_hears_it_in_the_lines_own(day: Day) -> None:
    put_it_on(day)
    assert TROUBLE.sv in told(day.dials(line=SWEDISH_LINE).hears("choose_language").presses("0").hears())[0]
    silent = day.dials("+358409876543")
    for _ in range(4):  # the question, and three silences
        silent.hears()
    assert len(told(silent)) == 1


def test_one_for_all_lines_comes_before_a_lines_own_and_another_line_says_only_the_first(day: Day) -> None:
    put_it_on(day, OTHER, LINE)
    put_it_on(day)
    here = told(day.dials().hears("choose_language").presses("1").hears())
    assert [words.split(".")[1].strip() for words in here] == [
        "Palvelussa on tänään häiriö",
        "Soitamme teille vasta huomenna",
    ]
    assert len(told(day.dials("+358409876543", line=SWEDISH_LINE).hears("choose_language").presses("1").hears())) == 1


def test_it_goes_off_by_itself(day: Day) -> None:
    put_it_on(day, hours=1)
    day.passes(minutes=59)
    assert told(day.dials().hears("choose_language").presses("1").hears())
    day.passes(minutes=2)
    assert not told(day.dials("+358409876543").hears("choose_language").presses("1").hears())


def test_a_call_tells_to_its_end_what_was_on_when_it_was_answered(day: Day) -> None:
    day.helper()
    on = put_it_on(day)
    call = day.dials().hears("choose_language")
    with day.sessions.begin() as session:
        assert take_off(session, day.network, on, now=day.now, actor="person:1") is None
    call.presses("1").goes_forward()
    assert len(told(call)) == 1
    assert "booked" in call.keys
    later = day.dials("+358409876543").hears("choose_language").presses("1").hears()
    assert not told(later)


def test_another_in_its_place_is_the_only_one_heard(day: Day) -> None:
    put_it_on(day)
    put_it_on(day, OTHER)
    heard = told(day.dials().hears("choose_language").presses("1").hears())
    assert len(heard) == 1
    assert OTHER.fi in heard[0]


def test_it_costs_no_turn_more_of_the_database_than_a_turn_may(day: Day, engine: Engine) -> None:
    put_it_on(day)
    put_it_on(day, OTHER, LINE)
    day.helper()
    with counting(engine, day) as counter:
        day.dials(MOBILE).goes_forward()
    assert counter.too_much == []
