"""On a line that hears speech a caller may say a key; keys always work, and numbers are only ever keyed."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from ivr.exchange import Fault, Kind
from ivr.spoken_keys import NOT_UNDERSTOOD, YES_AND_NO, hints, key_said
from scheduler.lines import change_line
from tests.calls.days import FI, LINE, SV, SWEDISH_LINE, Day
from tests.calls.phones import Play
from tests.calls.test_budget import counting
from tickets.directory import line_of
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language

GATHER = re.compile(r"<Gather[^>]*>")


@pytest.fixture
def hearing(day: Day) -> Day:
    """Both lines hear speech, and there is somebody to ring back in either language."""
    for line in (LINE, SWEDISH_LINE):
        hears_speech(day, line)
    day.helper("09:30", "14:30", FI, SV)
    return day


def hears_speech(day: Day, number: str) -> None:
    """From now on callers of this line may say a key instead of pressing it."""
    with day.sessions.begin() as session:
        line = line_of(session, number)
        assert line is not None
        changed = change_line(
            session,
            day.network,
            line.id,
            lambda known: replace(known, hears_speech=True),
            now=day.now,
            actor="coordinator:anna",
        )
        assert changed is None


def say(caller: Play, words: str) -> Play:
    """Answer a question aloud."""
    caller.call.speak(words, seconds=1)
    return caller


def gathers(day: Day) -> Iterator[str]:
    for _, reply in day.replies:
        yield from GATHER.findall(reply.body.decode())


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (LINE, ["Yksi.", "ykkönen", "kyllä", "yksi", "Kyllä kiitos.", "joo", "yksi"]),
        (SWEDISH_LINE, ["Ett.", "ettan", "ja", "ett", "Ja tack.", "det passar", "ett"]),
    ],
)
def test_a_whole_call_may_be_spoken(hearing: Day, line: str, words: list[str]) -> None:
    caller = hearing.dials(line=line)
    answers = iter(words)
    while (asked := caller.call.until_asked()) is not None:
        if "postcode" in caller.news():
            caller.presses("1")
        elif asked == "recording":
            caller.says("Puhelin ei toimi.")
        else:
            say(caller, next(answers, "yksi"))
    assert "booked" in caller.keys
    assert {"retry", "more_time"}.isdisjoint(caller.keys)


def test_keys_work_as_they_always_do(hearing: Day) -> None:
    assert "booked" in hearing.dials().goes_forward().keys


def test_a_line_that_was_not_told_so_hears_keys_only(day: Day) -> None:
    day.helper()
    caller = day.dials().hears("choose_language")
    say(caller, "yksi")
    caller.hears("more_time")
    assert {re.search(r'input="([^"]*)"', gather)[1] for gather in gathers(day)} == {"dtmf"}


def test_what_is_said_cuts_a_sentence_short(hearing: Day) -> None:
    caller = hearing.dials()
    hearing.passes(seconds=1)
    say(caller, "yksi").hears("topic_choice")
    assert len(hearing.fetch("SELECT FROM journal WHERE key = 'language'")) == 1


def test_repeating_slowing_down_and_a_person_may_be_asked_for(hearing: Day) -> None:
    caller = hearing.dials().hears().presses("1").hears("topic_choice")
    say(caller, "toista").hears("topic_choice")
    say(caller, "hitaammin").hears("slower", "topic_choice")
    say(caller, "ihminen").hears("person_will_ring")


def test_what_is_not_understood_is_a_wrong_key_and_three_of_them_lose_nothing(hearing: Day) -> None:
    caller = hearing.dials().hears().presses("1").hears("topic_choice")
    say(caller, "öö mikä se nyt oli").hears("retry", "topic_choice")
    say(caller, "seitsemän").hears("last_try", "topic_choice")
    say(caller, "kyllä").hears("request_saved_soon", "goodbye")
    assert len(hearing.tickets()) == 1


def test_a_noise_without_words_is_a_silence(hearing: Day) -> None:
    caller = hearing.dials().hears().presses("1").hears("topic_choice")
    say(caller, "").hears("more_time")


def test_a_time_is_not_given_up_for_a_yes(hearing: Day) -> None:
    hearing.dials().goes_forward()
    caller = hearing.dials().hears().presses("1").hears("existing")
    say(caller, "kolme").hears("cancel_sure")
    say(caller, "kyllä").hears("retry", "cancel_sure")
    assert hearing.callback().state == "promised"
    say(caller, "kaksi")
    hearing.passes(seconds=20)
    assert hearing.callback().state == "cancelled"


def test_numbers_are_never_taken_by_ear(hearing: Day) -> None:
    caller = hearing.dials(withheld=True).goes_forward(until="ask_number_withheld")
    say(caller, "nolla neljä nolla yksi kaksi").hears("more_time")
    asked = [gather for gather in gathers(hearing) if "numDigits" in gather and 'numDigits="1"' not in gather]
    assert asked
    assert all('input="dtmf"' in gather and "hints" not in gather for gather in asked)


@pytest.mark.parametrize(("line", "locale", "word"), [(LINE, "fi-FI", "ykkönen"), (SWEDISH_LINE, "sv-SE", "ettan")])
def test_the_operator_is_told_what_to_expect(hearing: Day, line: str, locale: str, word: str) -> None:
    hearing.dials(line=line).hears().presses("1").hears("topic_choice")
    for gather in gathers(hearing):
        assert f'language="{locale}"' in gather
        assert word in gather
        assert 'profanityFilter="false"' in gather
        assert "speechModel" not in gather  # the default one alone knows both languages


def test_an_answer_that_comes_twice_is_one(hearing: Day) -> None:
    caller = hearing.dials().hears()
    hearing.exchange.faults.webhook(Fault.DUPLICATE, kind=Kind.ACTION, times=None, seconds=1)
    say(caller, "yksi").hears("topic_choice")
    say(caller, "kaksi").hears("postcode")
    hearing.passes(seconds=3)
    assert len(hearing.fetch("SELECT FROM journal WHERE key = 'topic'")) == 1


def test_hearing_costs_the_database_nothing(hearing: Day, engine: Engine) -> None:
    with counting(engine, hearing) as counter:
        caller = hearing.dials().hears()
        say(caller, "yksi").hears("topic_choice")
        say(caller, "kaksi").hears("postcode")
    assert counter.too_much == []


def test_a_change_is_heard_from_the_next_question_of_a_call_on(day: Day) -> None:
    caller = day.dials().hears("choose_language")
    hears_speech(day, LINE)
    caller.presses("1").hears("topic_choice")
    say(caller, "yksi").hears("postcode")


# Words.


@pytest.mark.parametrize(
    ("question", "said", "key"),
    [
        ("topic", "Yksi.", "1"),
        ("topic", "1", "1"),
        ("topic", "numero neljä", "4"),
        ("topic", "kaksi, kaksi", "2"),
        ("topic", "kaksi kolme", NOT_UNDERSTOOD),
        ("topic", "kyllä", NOT_UNDERSTOOD),
        ("topic", "en tiedä", NOT_UNDERSTOOD),
        ("topic", "tulostin", NOT_UNDERSTOOD),
        ("topic", "kiitos", NOT_UNDERSTOOD),
        ("topic", "...", NOT_UNDERSTOOD),
        ("offer_slot", "Kyllä sopii.", "1"),
        ("offer_slot", "ei kiitos", "2"),
        ("offer_slot", "nej tack", "2"),
        ("feedback", "Ei", "3"),
        ("feedback", "ja", "1"),
        ("cancel_sure", "ja", NOT_UNDERSTOOD),
        ("cancel_sure", "kyllä", NOT_UNDERSTOOD),
        ("topic", "EN GÅNG TILL", "9"),
    ],
)
def test_what_is_meant_by_what_is_said(question: str, said: str, key: str) -> None:
    assert key_said(question, said) == key


@pytest.mark.parametrize("language", list(Language))
def test_each_word_of_the_list_means_what_it_stands_under(language: Language) -> None:
    listed = Catalogue.load().words_said(language)
    for said, meaning in listed.items():
        expected = {"yes": "1", "no": "2", "beside": NOT_UNDERSTOOD}.get(meaning, meaning)
        assert key_said("offer_slot", said) == expected, said
    assert set(listed.values()) >= {*"0123456789", "yes", "no"}
    assert "ihminen" in hints(FI).split(",")


def test_no_word_means_one_thing_in_finnish_and_another_in_swedish() -> None:
    finnish, swedish = (Catalogue.load().words_said(language) for language in (FI, SV))
    assert {word for word in finnish.keys() & swedish.keys() if finnish[word] != swedish[word]} == set()


def test_yes_and_no_are_keys_that_these_questions_offer() -> None:
    assert "cancel_sure" not in YES_AND_NO
    assert {keys[0] for keys in YES_AND_NO.values()} == {"1"}
