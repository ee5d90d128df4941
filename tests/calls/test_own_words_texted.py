"""A line that texts in its own words: about promises, in answer to texts, and to helpers."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event, select

from tests.calls.days import FI, LINE, SV, SWEDISH_LINE, Day
from tickets.line_wording import rewrite
from tickets.network import Line
from voice_prompts.book import Entry
from voice_prompts.language import Language

BOOKED = "Digituki soittaa {time}. Tunnus on {code}. Esteen sattuessa vastatkaa PERU tai soittakaa {line}."


def rewrite_text(day: Day, key: str, words: str, language: Language = FI, number: str = LINE) -> None:
    """A coordinator lets one line text it so."""
    with day.sessions.begin() as session:
        line = session.scalars(select(Line.id).where(Line.e164 == number)).one()
        told = {"common": day.catalogue, "now": day.now, "actor": "person:1"}
        assert rewrite(session, line, language, key, Entry(text=words), **told) == ()


@contextmanager
def looks_at_words(day: Day) -> Iterator[list[str]]:
    """Every statement that looks for a line's own sentences."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "line_sentence" in statement:
            seen.append(statement)

    engine = day.sessions.kw["bind"]
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_a_promise_is_texted_in_the_lines_own_words_and_a_reminder_in_all_lines(day: Day) -> None:
    rewrite_text(day, "sms.booked", BOOKED)
    day.helper("09:30", "14:30", days=1)
    day.promise()
    assert day.texts()[0].startswith("Digituki soittaa ke 25.11.2026 klo ")
    assert "Esteen sattuessa" in day.texts()[0]
    day.until(day.at("18:30"))
    assert day.told() == ["booked", "reminder"]
    assert "Esteen sattuessa" not in day.texts()[1]


def test_own_words_of_one_language_or_line_are_no_others(day: Day) -> None:
    rewrite_text(day, "sms.booked", BOOKED)
    rewrite_text(day, "sms.booked", BOOKED, number=SWEDISH_LINE)
    day.helper("09:30", "14:30", SV)
    day.dials().hears("choose_language").presses("2").goes_forward()
    assert day.callback().language == "sv"
    assert "Esteen sattuessa" not in day.texts()[0]
    assert "AVBOKA" in day.texts()[0]


def test_a_text_is_answered_in_the_words_of_the_line_that_it_came_to(day: Day) -> None:
    rewrite_text(day, "sms.cancel_unknown", "Digituki: teillä ei ole aikaa. Numeromme on {line}.")
    day.phone("+358401112233").text(LINE, "PERU")
    day.passes(seconds=15)
    assert day.texts() == ["Digituki: teillä ei ole aikaa. Numeromme on 09 424 501 00."]


def test_a_helper_is_texted_in_the_lines_own_words(day: Day) -> None:
    rewrite_text(day, "sms.helper_reminder", "Huomenna on vuoro: {time}. Pääsettekö? 1 kyllä, 2 ei.")
    helper = day.helper("09:30", "14:30", days=1)
    day.until(day.at("18:30"))
    assert [one.body for one in helper.texts][
        -1
    ] == "Huomenna on vuoro: ke 25.11.2026 klo 9.30. Pääsettekö? 1 kyllä, 2 ei."


def test_a_line_that_texts_as_all_do_is_asked_for_no_words_and_any_other_once_a_text(day: Day) -> None:
    day.helper()
    with looks_at_words(day) as seen:
        day.promise()
    assert len(day.texts()) == 1
    assert seen == []
    rewrite_text(day, "sms.cancelled", "Digituki: aikanne {time} on peruttu. Uuden saatte soittamalla.")
    with looks_at_words(day) as seen:
        day.phone("+358401112233").text(LINE, "PERU")
        day.passes(seconds=15)
    assert day.texts()[1].endswith("on peruttu. Uuden saatte soittamalla.")
    assert len(seen) == 2  # the answer that was not needed, and the text
