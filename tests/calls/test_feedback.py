"""Was the caller helped? By text after the matter is closed, by key when a landline rings next."""

import pytest
from sqlalchemy import text

from scheduler.feedback import ASKED_ABOUT, switch_feedback
from tests.calls.days import LANDLINE, LINE, MOBILE, SV, Day
from tests.calls.meetings import after_talk
from tickets.vocabulary import Outcome


def helped(day: Day, number: str = MOBILE) -> None:
    """A matter that was solved, and half an hour and a look of the worker after it."""
    day.helper()
    day.promise(number)
    after_talk(day, number).presses("1").hears("helper_thanks")
    looks(day)


def looks(day: Day) -> None:
    """The worker looks round, and time passes until what it found is done."""
    day.reconciles()
    day.passes(minutes=40)


def answers(day: Day, body: str, number: str = MOBILE) -> None:
    """The caller texts back."""
    day.phone(number).text(LINE, body)
    day.passes(seconds=15)


def close_all(day: Day, outcome: Outcome) -> None:
    """A coordinator closes whatever is open."""
    closing = text("UPDATE ticket SET status = 'closed', outcome = :outcome, closed_at = :now WHERE status <> 'closed'")
    with day.sessions.begin() as session:
        session.execute(closing, {"outcome": outcome, "now": day.now})


def given(day: Day) -> list[object]:
    """What the events say that was answered, in order."""
    return [
        one
        for (one,) in day.fetch("SELECT details -> 'feedback' FROM ticket_event WHERE kind = 'feedback' ORDER BY id")
    ]


def test_who_was_helped_is_asked_once_by_text_and_thanked_once(day: Day) -> None:
    helped(day)
    looks(day)
    assert day.told() == ["booked", "feedback"]
    answers(day, " 1. ")
    ticket = day.ticket()
    assert (ticket.feedback, ticket.status, ticket.outcome) == (1, "closed", "RATKAISTU")
    assert day.texts()[-1].startswith("Digituki: kiitos vastauksestanne")
    answers(day, "1")
    answers(day, "2")
    assert day.ticket().feedback == 2
    assert given(day) == [1, 2]
    assert len(day.texts()) == 3
    assert len(day.tickets()) == 1


def test_who_chose_swedish_is_asked_in_swedish(day: Day) -> None:
    day.helper("09:30", "14:30", SV)
    day.dials().hears().presses("2").goes_forward()
    after_talk(day).presses("1").hears("helper_thanks")
    looks(day)
    assert day.texts()[-1].startswith("Digitalt stöd: fick ni hjälp?")
    answers(day, "1")
    assert day.texts()[-1].startswith("Digitalt stöd: tack för ert svar")


def test_who_was_not_helped_comes_back_to_the_coordinator(day: Day) -> None:
    helped(day)
    answers(day, "3")
    ticket = day.ticket()
    assert (ticket.feedback, ticket.status, ticket.outcome, ticket.closed_at) == (3, "with_coordinator", None, None)
    assert ticket.deadline is not None
    assert day.events()[-3:] == ["feedback", "reopened", "to_coordinator"]
    assert day.fetch("SELECT details ->> 'reason' FROM ticket_event WHERE kind = 'to_coordinator'") == [("not_helped",)]
    assert "taas auki" in day.texts()[-1]
    answers(day, "3")
    assert day.events().count("reopened") == 1
    assert len(day.texts()) == 3


def test_not_helped_reopens_the_matter_though_another_of_the_same_topic_is_open(day: Day) -> None:
    helped(day)
    day.dials().goes_forward()
    answers(day, "3")
    assert [ticket.status for ticket in day.tickets()] == ["with_coordinator", "promised"]
    assert len({ticket.matter for ticket in day.tickets()}) == 2


def test_a_figure_while_a_time_is_offered_answers_the_offer_though_we_asked_after_it(day: Day) -> None:
    day.helper("10:30", "11:30")
    day.promise()
    after_talk(day).presses("1").hears("helper_thanks")
    day.reconciles()
    assert "waiting_first" in day.dials().goes_forward().keys
    day.helper("13:30", "14:30")
    day.passes(minutes=40)
    assert day.told()[-2:] == ["offered", "feedback"]
    answers(day, "1")
    assert day.callback().state == "promised"
    assert day.tickets()[0].feedback is None
    answers(day, "2")
    assert day.tickets()[0].feedback == 2


def test_a_figure_after_an_offer_that_is_over_answers_our_question(day: Day) -> None:
    day.helper("10:30", "11:30")
    day.promise()
    after_talk(day).presses("1").hears("helper_thanks")
    day.dials().goes_forward()
    day.helper("13:30", "14:30")
    day.until(day.at("13:35"))
    assert day.callback().state == "lapsed"
    looks(day)
    assert day.told()[-1] == "feedback"
    answers(day, "1")
    assert day.tickets()[0].feedback == 1


def test_a_figure_that_nobody_asked_for_is_a_request(day: Day) -> None:
    answers(day, "3")
    assert day.ticket().channel == "tekstiviesti"


def test_after_a_fortnight_a_figure_answers_nothing_of_ours(day: Day) -> None:
    helped(day)
    day.passes(days=15)
    answers(day, "3")
    assert day.tickets()[0].feedback is None
    assert len(day.tickets()) == 2


@pytest.mark.parametrize("outcome", [one for one in Outcome if one not in ASKED_ABOUT])
def test_who_was_not_spoken_with_is_not_asked(day: Day, outcome: Outcome) -> None:
    day.helper()
    day.promise()
    close_all(day, outcome)
    looks(day)
    assert "feedback" not in day.told()


def test_who_was_referred_is_asked(day: Day) -> None:
    day.helper()
    day.promise()
    after_talk(day).presses("3").hears("helper_referred").presses("1").hears("helper_thanks")
    assert str(day.ticket().outcome).startswith("OHJATTU_")
    looks(day)
    assert day.told()[-1] == "feedback"


def test_nobody_is_asked_at_night_nor_twice_in_a_fortnight(day: Day) -> None:
    day.helper("19:30", "20:30")
    day.until(day.promise().starts_at)
    after_talk(day).presses("1").hears("helper_thanks")
    looks(day)
    assert "feedback" not in day.told()
    day.until(day.at("08:01", days=1))
    assert day.told()[-1] == "feedback"
    day.dials().goes_forward()
    close_all(day, Outcome.RATKAISTU)
    looks(day)
    assert day.told().count("feedback") == 1


def test_a_matter_that_is_open_again_before_the_text_goes_is_not_asked_about(day: Day) -> None:
    day.helper()
    day.promise()
    after_talk(day).presses("1").hears("helper_thanks")
    day.reconciles()
    with day.sessions.begin() as session:
        session.connection().exec_driver_sql("UPDATE ticket SET status = 'open', closed_at = NULL")
    day.passes(minutes=40)
    assert "feedback" not in day.told()


def test_a_network_may_ask_nobody(day: Day) -> None:
    with day.sessions.begin() as session:
        switch_feedback(session, day.network, asks=False)
    helped(day)
    helped_landline = day.dials(LANDLINE).goes_forward()
    assert "feedback" not in (*day.told(), *helped_landline.keys)


def test_a_landline_is_asked_by_key_when_it_rings_next_and_only_once(day: Day) -> None:
    helped(day, LANDLINE)
    assert "feedback" not in day.told()
    again = day.dials(LANDLINE).hears().presses("1").hears("feedback_before", "feedback").presses("2")
    again.hears("feedback_thanks", "topic_choice").hangs_up()
    assert day.tickets()[0].feedback == 2
    assert given(day) == [2]
    assert "feedback" not in day.dials(LANDLINE).goes_forward().keys


def test_silence_passes_over_the_question_for_good(day: Day) -> None:
    helped(day, LANDLINE)
    day.dials(LANDLINE).hears().presses("1").hears("feedback").hears("topic_choice").hangs_up()
    assert day.tickets()[0].feedback is None
    assert "feedback" not in day.dials(LANDLINE).goes_forward().keys


def test_a_landline_that_was_not_helped_may_choose_a_time_for_the_same_matter(day: Day) -> None:
    helped(day, LANDLINE)
    again = day.dials(LANDLINE).hears().presses("1").hears("feedback").presses("3")
    again.hears("feedback_sorry", "existing_open").presses("1").hears("offer_slot").presses("1").hears("booked")
    assert [ticket.status for ticket in day.tickets()] == ["promised"]
    assert day.ticket().feedback == 3


def test_a_landline_that_rings_after_a_month_is_not_asked(day: Day) -> None:
    helped(day, LANDLINE)
    day.passes(days=31)
    assert "feedback" not in day.dials(LANDLINE).goes_forward().keys


def test_who_hangs_up_at_the_question_leaves_no_ticket_but_that_they_rang(day: Day) -> None:
    helped(day, LANDLINE)
    day.dials(LANDLINE).hears().presses("1").hears("feedback").presses("3").hears("feedback_sorry").hangs_up()
    day.passes(minutes=1)
    assert len(day.tickets()) == 1
    assert day.ticket().status in ("with_coordinator", "promised")
