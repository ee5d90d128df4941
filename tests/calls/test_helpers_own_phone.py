"""A helper rings the line from their own phone: the next shift, and who else needs somebody."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from ivr.exchange import Phone
from scheduler.rota.news import plan_reminders
from scheduler.rota.places import take_place
from scheduler.rota.shifts import NewShift, add_shift
from scheduler.rota.swaps import offer_swap
from scheduler.slots import Grid, Span, phase_of
from tests.calls.days import FI, LINE, MOBILE, SV, SWEDISH_LINE, Day
from tests.calls.phones import Play
from tests.calls.test_budget import counting
from tickets.directory import NewHelper, add_helper, add_network, add_organisation
from tickets.network import Helper
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language


def open_shift(day: Day, begins: str = "10:00", ends: str = "12:00", days: int = 4) -> int:
    """A published shift that nobody has a place in."""
    during = Span(day.at(begins, days), day.at(ends, days))
    with day.sessions.begin() as session:
        return add_shift(
            session, day.network, NewShift(during, phase_of(during.begins, day.grid.call)), now=day.now, grid=Grid()
        )


def rings_in(day: Day, helper: Phone, line: str = LINE) -> Play:
    """The helper rings the line and wants to hear about shifts."""
    return day.dials(helper.number, line).hears("own_line").presses("1")


def waits(play: Play, *keys: str) -> Play:
    """Wait a breath or two until it is done."""
    return play.hears("own_moment").hears(*keys)


def places(day: Day) -> list[tuple[object, ...]]:
    """Who has which place."""
    return day.fetch("SELECT shift_id, helper_id, state FROM place ORDER BY id")


def changes(day: Day) -> list[tuple[object, ...]]:
    """What was changed by helpers, in order."""
    return day.fetch("SELECT kind, actor FROM rota_change WHERE actor LIKE 'helper%' ORDER BY id")


@pytest.mark.parametrize(
    ("language", "line", "said", "texted"),
    [
        (FI, LINE, "Seuraava vuoronne alkaa huomenna keskiviikkona", "Digituki: kiitos, olette mukana vuorossa"),
        (SV, SWEDISH_LINE, "Ert nästa pass börjar i morgon onsdag", "Digitalt stöd: tack, ni är med i passet"),
    ],
)
def test_a_helper_hears_of_tomorrow_and_says_that_they_come(
    day: Day, language: Language, line: str, said: str, texted: str
) -> None:
    helper = day.helper("09:00", "12:00", language, days=1)
    call = rings_in(day, helper, line).hears("own_shift")
    assert said in call.words_of("own_shift")
    waits(call.presses("1"), "own_confirmed", "own_more").presses("1").hears("goodbye")
    assert call.languages == {"fi-FI" if language is FI else "sv-SE"}
    assert day.fetch("SELECT confirmed_at IS NOT NULL FROM place") == [(True,)]
    assert changes(day) == [("place_confirmed", "helper:1")]
    day.passes(seconds=5)
    assert [text.startswith(texted) for text in day.texts(helper.number)] == [True]
    assert not day.tickets()


def test_a_helper_who_cannot_come_leaves_in_time_and_is_asked_once_more(day: Day) -> None:
    helper = day.helper("10:00", "12:00", days=3)
    call = rings_in(day, helper).hears("own_shift").presses("2").hears("own_leave_sure").presses("2")
    waits(call, "own_left", "own_more").presses("1").hears("goodbye")
    assert places(day) == [(1, 1, "dropped")]
    assert changes(day) == [("place_dropped", "helper:1")]
    day.passes(seconds=5)
    assert day.templates() == ["helper_dropped"]
    assert "Jos ilmoitus ei tullut teiltä" in day.texts(helper.number)[0]


def test_who_thinks_again_keeps_the_shift(day: Day) -> None:
    helper = day.helper("10:00", "12:00", days=3)
    call = rings_in(day, helper).hears("own_shift").presses("2").hears("own_leave_sure").presses("1")
    waits(call, "own_confirmed")
    assert places(day) == [(1, 1, "held")]


def test_whoever_leaves_after_the_deadline_asks_for_somebody_else_and_has_the_place_until_then(day: Day) -> None:
    helper, other = day.helper("13:00", "15:00"), day.helper("09:00", "10:00", days=5)
    call = rings_in(day, helper).hears("own_shift").presses("2").hears("own_swap_sure").presses("2")
    waits(call, "own_swap_waits", "own_more").hangs_up()
    assert places(day)[0] == (1, 1, "held")
    assert day.templates() == ["helper_swap_sought"]
    rings_in(day, helper).hears("own_swap_waits", "own_shift").hangs_up()
    taker = rings_in(day, other).hears("own_shift").presses("3").hears("own_opening").presses("1")
    waits(taker, "own_taken", "goodbye")
    assert places(day) == [(1, 1, "dropped"), (2, 2, "held"), (1, 2, "held")]
    day.passes(seconds=5)
    assert day.templates()[1:] == ["helper_swap_taken", "helper_swap_yours"]
    rings_in(day, helper).hears("own_no_shift")


def test_who_had_asked_for_somebody_else_can_come_after_all(day: Day) -> None:
    helper = day.helper("13:00", "15:00")
    with day.sessions.begin() as session:
        offer_swap(session, 1, 1, now=day.now, grid=day.grid)
    waits(rings_in(day, helper).hears("own_swap_waits").presses("1"), "own_confirmed")
    assert day.fetch("SELECT swap_offered_at FROM place") == [(None,)]


def test_open_shifts_are_heard_one_after_another_the_nearest_first(day: Day) -> None:
    helper = day.helper("10:00", "12:00", days=1)
    later, sooner = open_shift(day, days=6), open_shift(day, days=3)
    call = rings_in(day, helper).hears("own_shift").presses("3").hears("own_opening")
    first = call.words_of("own_opening")
    call.presses("9").hears("own_opening").presses("2").hears("own_opening")
    assert call.words_of("own_opening") != first
    waits(call.presses("1"), "own_taken", "goodbye")
    assert places(day)[1:] == [(later, 1, "held")]
    assert sooner != later
    assert changes(day) == [("place_taken", "helper:1")]
    day.passes(seconds=5)
    assert day.templates() == ["helper_took"]


def test_only_what_the_helper_may_take_is_offered_and_the_list_ends(day: Day) -> None:
    helper = day.helper("10:00", "12:00", days=3)
    shift = open_shift(day, "11:00", "13:00", days=3)  # they have a place at that time
    with day.sessions.begin() as session:
        mine = Span(day.at("10:00", 5), day.at("12:00", 5))
        swedish = NewShift(mine, phase_of(mine.begins, day.grid.call), language=SV)
        add_shift(session, day.network, swedish, now=day.now, grid=Grid())
    call = rings_in(day, helper).hears("own_shift").presses("3").hears("own_openings_over", "goodbye")
    call.does_not_hear("own_opening")
    open_shift(day, days=5)
    call = rings_in(day, helper).hears("own_shift").presses("3").hears("own_opening").presses("2")
    call.hears("own_openings_over")
    assert places(day) == [(1, 1, "held")]
    assert shift == 2


def test_of_two_who_take_the_last_place_one_hears_that_it_is_gone(day: Day) -> None:
    helper, other = day.helper("09:00", "10:00"), day.helper("09:00", "10:00")
    shift = open_shift(day)
    call = rings_in(day, helper).hears("own_no_shift", "own_opening")
    with day.sessions.begin() as session:
        assert take_place(session, day.network, shift, 2, now=day.now, grid=day.grid, actor="helper:2").place_id
    waits(call.presses("1"), "own_not_taken", "goodbye")
    day.passes(seconds=5)
    assert day.templates() == ["helper_not_taken"]
    assert not day.texts(other.number)


def test_when_nobody_gets_to_it_the_answer_comes_by_text(day: Day) -> None:
    helper = day.helper("10:00", "12:00", days=3)
    call = rings_in(day, helper).hears("own_shift")
    day.worker_is_up = False
    call.presses("1").hears("own_moment").hears().hears().hears().hears("own_by_text", "own_more").hangs_up()
    assert day.fetch("SELECT confirmed_at FROM place") == [(None,)]
    day.worker_is_up = True
    day.passes(seconds=10)
    assert day.templates() == ["helper_confirmed"]


def test_a_helper_who_needs_help_is_a_caller_like_any_other(day: Day) -> None:
    helper, other = day.helper(), day.helper()
    call = day.dials(helper.number).hears("own_line").presses("2").hears("choose_language")
    call.goes_forward()
    assert "booked" in call.keys
    assert day.ticket().topic == "PUHELIN"
    day.until(day.callback().starts_at)
    day.rings(other.number).hears("helper_options").presses("1")
    day.rings(helper.number).hears("callback_intro").presses("1").talks()
    assert day.callback().state == "kept"


def test_a_helper_whose_own_matter_is_cut_short_is_rung_back(day: Day) -> None:
    helper = day.helper()
    day.helper()
    call = day.dials(helper.number).hears("own_line").presses("2").hears("choose_language").presses("1")
    call.hears("topic_choice").presses("2").hears().hangs_up()
    day.passes(seconds=10)
    assert [ticket.topic for ticket in day.tickets()] == ["TIETOKONE"]
    assert day.callback().state == "promised"


@pytest.mark.parametrize("where", ["at once", "at the shift"])
def test_nought_leaves_a_request_for_the_coordinator_and_takes_no_callers_time(day: Day, where: str) -> None:
    helper = day.helper("10:00", "12:00", days=3)
    call = day.dials(helper.number).hears("own_line")
    if where == "at the shift":
        call.presses("1").hears("own_shift")
    call.presses("0").hears("person_will_ring", "goodbye")
    day.passes(minutes=1)
    assert (day.ticket().status, day.ticket().channel) == ("with_coordinator", "puhelin")
    assert day.ticket().deadline is not None
    assert not day.callbacks()


@pytest.mark.parametrize("pressed", ["", "1", "13"])
def test_hanging_up_in_the_midst_of_shifts_leaves_no_request_behind(day: Day, pressed: str) -> None:
    helper = day.helper("10:00", "12:00", days=3)
    open_shift(day)
    call = day.dials(helper.number).hears("own_line")
    for key in pressed:
        call.presses(key).hears()
    call.hangs_up()
    day.passes(minutes=1)
    assert not day.tickets()
    assert places(day) == [(1, 1, "held")]


def test_silence_changes_nothing(day: Day) -> None:
    helper = day.helper("10:00", "12:00", days=3)
    rings_in(day, helper).hears("own_shift").hears("more_time").hears("last_try").hears("goodbye")
    assert changes(day) == []
    assert not day.tickets()


def test_a_resident_a_leaver_and_a_helper_of_another_network_hear_what_every_caller_hears(day: Day) -> None:
    leaver = day.helper("10:00", "12:00", days=3)
    with day.sessions.begin() as session:
        elsewhere = add_organisation(session, add_network(session, "Muualla", now=day.now), "Kemi")
        stranger = NewHelper("Vieras", "+358509999999", (FI,), HelperKind.STAFF)
        add_helper(session, elsewhere, stranger, now=day.now)
        session.get_one(Helper, 1).active = False
    for number in (MOBILE, leaver.number, "+358509999999"):
        day.dials(number).hears("choose_language").does_not_hear("own_line").hangs_up()


def test_nothing_of_any_caller_and_nobodys_name_is_said(day: Day) -> None:
    helper = day.helper("10:00", "12:00", days=1)
    open_shift(day)
    call = rings_in(day, helper).hears("own_shift").presses("3").hears("own_opening").hangs_up()
    said = " ".join(one.text for one in call.call.said)
    assert "Auttaja 1" not in said
    assert "nolla viisi nolla" not in said


def test_the_same_key_that_comes_twice_changes_nothing_twice(day: Day) -> None:
    helper = day.helper("10:00", "12:00", days=3)
    call = rings_in(day, helper).hears("own_shift").presses("2").hears("own_leave_sure").presses("2")
    call.hears("own_moment")
    request, reply = next(pair for pair in reversed(day.replies) if pair[0].form.get("Digits") == "2")
    again = day.post(request.url.removeprefix("http://line.test"), dict(request.form), dict(request.headers))
    assert again.body == reply.body
    day.passes(seconds=10)
    assert changes(day) == [("place_dropped", "helper:1")]
    assert day.templates() == ["helper_dropped"]


def test_no_turn_asks_more_of_the_database_than_any_other(day: Day, engine: Engine) -> None:
    helper, other = day.helper("13:00", "15:00"), day.helper("10:00", "12:00", days=2)
    for days in (3, 4, 5):
        open_shift(day, days=days)
    with counting(engine, day) as counter:
        leaver = rings_in(day, helper).hears("own_shift").presses("2").hears("own_swap_sure").presses("2")
        waits(leaver, "own_swap_waits").presses("2").hears("own_opening").presses("2").hears("own_opening").hangs_up()
        taker = rings_in(day, other).hears("own_shift").presses("1")
        waits(taker, "own_confirmed").presses("2").hears("own_opening").presses("1")
        waits(taker, "own_taken", "goodbye")
        day.dials(helper.number).hears("own_line").presses("0").hears("person_will_ring")
    assert len(counter.spent) > 20
    assert counter.too_much == []


class TestReplies:
    """1 or 2, texted in answer to the reminder of the evening before."""

    @pytest.fixture
    def reminded(self, day: Day) -> Phone:
        """A helper who was reminded yesterday evening of a shift this afternoon, at two."""
        helper = day.helper("14:00", "16:00", days=1)
        with day.sessions.begin() as session:
            plan_reminders(session, [(1, day.at("14:00", 1), 1)], now=day.now, grid=day.grid)
        day.until(day.at("18:05"))
        assert day.templates() == ["helper_reminder"]
        return helper

    def test_one_says_that_they_come(self, day: Day, reminded: Phone) -> None:
        """And it is said back."""
        reminded.text(LINE, "1")
        day.passes(seconds=15)
        assert day.fetch("SELECT confirmed_at IS NOT NULL FROM place") == [(True,)]
        assert day.templates() == ["helper_reminder", "helper_confirmed"]
        assert not day.tickets()

    def test_two_asks_for_somebody_else(self, day: Day, reminded: Phone) -> None:
        """The shift is theirs until somebody takes it."""
        reminded.text(LINE, "2.")
        day.passes(seconds=15)
        assert day.fetch("SELECT state, swap_offered_at IS NOT NULL FROM place") == [("held", True)]
        assert day.templates() == ["helper_reminder", "helper_swap_sought"]

    def test_a_reply_that_is_handed_over_twice_is_one(self, day: Day, reminded: Phone) -> None:
        """The operator may do so."""
        reminded.text(LINE, "2")
        day.passes(seconds=15)
        request, _ = next(pair for pair in reversed(day.replies) if pair[0].form.get("Body") == "2")
        day.post(request.url.removeprefix("http://line.test"), dict(request.form), dict(request.headers))
        day.passes(seconds=15)
        assert day.templates() == ["helper_reminder", "helper_swap_sought"]

    def test_anything_else_is_a_request_like_any_text(self, day: Day, reminded: Phone) -> None:
        """A person reads it."""
        reminded.text(LINE, "Olen kipeä")
        day.passes(seconds=15)
        assert changes(day) == []
        assert len(day.tickets()) == 1

    def test_after_the_shift_has_begun_a_figure_says_nothing_about_it(self, day: Day, reminded: Phone) -> None:
        """It is over."""
        day.until(day.now + timedelta(hours=21))
        reminded.text(LINE, "1")
        day.passes(seconds=15)
        assert changes(day) == []
