"""A line that speaks in its own words, and in a person's voice where all of a sentence is recorded."""

from sqlalchemy import select

from ivr.exchange import Played, Said
from tests.calls.days import FI, LINE, SV, Day
from tests.calls.phones import Play
from tickets.line_wording import keep_recording, rewrite
from tickets.network import Line
from voice_prompts.book import Entry
from voice_prompts.language import Language
from voice_prompts.pieces import Piece, all_pieces
from voice_prompts.ulaw import RATE

MOST_OF_A_TALK = 400


def record(day: Day, *pieces: Piece) -> None:
    """Somebody has spoken these pieces, half a second each."""
    with day.sessions.begin() as session:
        for piece in pieces:
            keep_recording(session, day.network, None, piece, b"\x10" * (RATE // 2), now=day.now, actor="person:1")


def line_of(day: Day) -> int:
    with day.sessions() as session:
        return session.scalars(select(Line.id).where(Line.e164 == LINE)).one()


def rewrite_intro(day: Day, words: str) -> None:
    with day.sessions.begin() as session:
        faults = rewrite(
            session, line_of(day), FI, "intro", Entry(say=(words,)), common=day.catalogue, now=day.now, actor="person:1"
        )
        assert faults == ()


def greeted(day: Day) -> Play:
    """Somebody who has chosen Finnish and is asked the first question; the line's own words bear no key."""
    caller = day.dials().hears("choose_language").presses("1")
    caller.call.until_asked()
    return caller


def test_a_caller_hears_the_coordinators_words_in_the_next_turn(day: Day) -> None:
    day.helper()
    day.dials().goes_forward(until="intro").hangs_up()
    rewrite_intro(day, "Täällä kiirettä ei ole.")
    caller = greeted(day)
    assert "Täällä kiirettä ei ole." in [one.text for one in caller.call.said]


def test_a_sentence_that_is_wholly_recorded_is_played_and_any_other_is_spoken(day: Day) -> None:
    day.helper()
    record(day, Piece(FI, "Kiirettä ei ole."))
    caller = day.dials().hears("choose_language").presses("1").hears("who_we_are")
    played = [one for one in caller.call.heard if isinstance(one, Played)]
    assert [one.seconds for one in played] == [0.5]
    assert "human" in caller.keys
    assert "intro" not in caller.keys


def test_a_recording_goes_stale_with_its_words_and_the_machine_steps_in(day: Day) -> None:
    day.helper()
    record(day, Piece(FI, "Kiirettä ei ole."))
    rewrite_intro(day, "Kiirettä ei nyt ole.")
    caller = greeted(day)
    assert not [one for one in caller.call.heard if isinstance(one, Played)]
    assert "Kiirettä ei nyt ole." in [one.text for one in caller.call.said]


def test_a_line_may_be_wholly_human(day: Day) -> None:
    day.helper("09:30", "14:30", SV)
    record(day, *(piece for language in Language for piece in all_pieces(day.catalogue, language)))
    record(day, Piece(SV, "Exempelnejdens digistöd"))
    caller = day.dials().hears().presses("2").goes_forward()
    machine = [one.text for one in caller.call.heard if isinstance(one, Said)]
    assert machine == []
    assert day.callback().language == "sv"
    assert sum(one.seconds for one in caller.call.heard if isinstance(one, Played)) < MOST_OF_A_TALK


def test_a_line_that_speaks_as_all_do_costs_no_look_at_its_words(day: Day) -> None:
    common = day.desk.voices.of(line_of(day), 0)
    assert common is day.desk.voices.of(None, 7)
    rewrite_intro(day, "Täällä kiirettä ei ole.")
    own = day.desk.voices.of(line_of(day), 1)
    assert own is day.desk.voices.of(line_of(day), 1) is not common
