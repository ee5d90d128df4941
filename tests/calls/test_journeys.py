"""A call told again from its journal says what the phone heard, and neither number nor code."""

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import text

from ivr.calls import Wanted, calls_of, live_calls, tickets_of_call, what_became
from ivr.exchange import Played, Said
from ivr.journal import Call, LiveCall, Part, calls_of_ids, read_journal, read_journals
from ivr.journey import MASK, CallEnd, Did, Ear, Journey, Sound, last_heard, retold
from scheduler.records import CallbackState
from scheduler.slots import Span
from tests.calls.days import LANDLINE, MOBILE, SV, Day
from tests.calls.phones import key_of
from tests.calls.test_bulletins import TROUBLE, put_it_on
from tickets.store import cipher_of
from tickets.vocabulary import TicketStatus


def opened(day: Day, number: int = -1) -> LiveCall:
    with day.sessions() as session:
        ids = session.query(Call.id).order_by(Call.id).all()
        (call,) = calls_of_ids(session, day.network, [ids[number][0]])
        return call


def journey(day: Day, number: int = -1, *, hides: bool = False) -> Journey:
    call = opened(day, number)
    with day.sessions() as session:
        return retold(call, read_journal(session, call), Ear(day.catalogue, hides))


def heard_keys(told: Journey) -> list[str]:
    return [heard.key for step in told.steps for heard in step.heard if heard.sound is None]


def words_in(told: Journey) -> str:
    return " ".join(part for step in told.steps for heard in step.heard for part in heard.sentences)


def acts(told: Journey) -> list[tuple[str | None, Did, str]]:
    return [(step.act.question, step.act.did, step.act.keys) for step in told.steps if step.act is not None]


def plain(words: str) -> str:
    return " ".join(words.split())


def test_a_journey_tells_every_sentence_that_the_phone_heard_in_its_order_and_words(day: Day) -> None:
    day.helper()
    caller = day.dials().goes_forward()
    told = journey(day)
    said = [one for one in caller.call.said if isinstance(one, Said)]
    assert heard_keys(told) == [key_of(one) for one in said]
    again = [plain(" ".join(heard.sentences)) for step in told.steps for heard in step.heard if heard.sound is None]
    for sentence, anew in zip(said, again, strict=True):
        assert anew == plain(sentence.text) or MASK in anew
    assert told.end is CallEnd.SAID_ALL


@pytest.mark.parametrize("key", ["booked", "booked_again", "confirm_number"])
def test_neither_the_code_nor_the_number_is_told(day: Day, key: str) -> None:
    day.helper()
    caller = day.dials().goes_forward()
    read_aloud = plain(caller.words_of(key))
    told = {heard.key: plain(" ".join(heard.sentences)) for step in journey(day).steps for heard in step.heard}
    assert MASK in told[key]
    assert told[key] != read_aloud
    before, _, after = told[key].partition(MASK)
    assert read_aloud.startswith(before)
    assert read_aloud.endswith(after.rpartition(MASK)[2])


def test_of_a_keyed_number_and_a_postcode_only_the_length_is_told(day: Day) -> None:
    day.helper()
    caller = day.dials("anonymous").goes_forward(until="ask_number_withheld")
    caller.presses("0401112233").goes_forward()
    told = journey(day)
    assert ("number", Did.PRESSED, "•" * 10) in acts(told)
    assert "nolla neljä nolla" not in words_in(told)
    assert {keys for _, _, keys in acts(told)} <= {"", "1", "•", "•" * 10}


def test_a_postcode_is_masked_and_its_place_is_told_unless_it_is_to_be_hidden(day: Day) -> None:
    caller = day.dials().presses("1").hears("topic_choice").presses("1").hears("postcode")
    caller.presses("20100").hears("postcode_is").hangs_up()
    assert ("postcode", Did.PRESSED, "•••••") in acts(journey(day))
    assert "Turussa" in words_in(journey(day)) or "Turku" in words_in(journey(day))
    assert "Tur" not in words_in(journey(day, hides=True))


def test_a_silence_and_a_wrong_key_are_told_as_what_they_were(day: Day) -> None:
    day.dials().presses("1").hears("topic_choice").hears("more_time").presses("7").hears("last_try").hangs_up()
    assert acts(journey(day))[1:] == [("topic", Did.NOTHING, ""), ("topic", Did.PRESSED, "7")]


def test_whoever_hung_up_is_told_apart_from_whoever_heard_goodbye(day: Day) -> None:
    day.dials().presses("1").hears("topic_choice").hangs_up()
    told = journey(day)
    assert told.end is CallEnd.HUNG_UP
    last = told.steps[-1]
    assert last.asks is not None
    assert last.asks.key == "topic"


def test_what_the_line_did_stands_where_it_did_it(day: Day) -> None:
    day.helper()
    day.promise()
    deeds = [(deed.key, deed.came) for step in journey(day, 0).steps for deed in step.deeds]
    assert [deed for deed in deeds if deed[0] in ("look_up_caller", "open_ticket", "find_time", "book_time")] == [
        ("look_up_caller", True),
        ("open_ticket", True),
        ("find_time", True),
        ("book_time", True),
    ]
    (booked,) = [deed for step in journey(day, 0).steps for deed in step.deeds if deed.key == "book_time"]
    assert booked.at == day.callback().starts_at


def test_a_message_is_told_by_its_length_and_played_back_as_a_sound(day: Day) -> None:
    day.helper()
    caller = day.dials().goes_forward()
    spoke = [step.act for step in journey(day).steps if step.act is not None and step.act.did is Did.SPOKE]
    assert [act.seconds > 0 for act in spoke] == [True]
    played = [heard for step in journey(day).steps for heard in step.heard if heard.sound is Sound.MESSAGE]
    assert len(played) == sum(isinstance(one, Played) for one in caller.call.heard)


def test_waiting_is_told_from_the_reply_to_the_answer(day: Day) -> None:
    day.dials().presses("1").hears("topic_choice").hears("more_time").hangs_up()
    steps = journey(day).steps
    assert steps[0].waited is None
    assert all(step.waited == step.at - before.at for before, step in pairwise(steps))
    assert steps[-1].waited is not None
    assert steps[-1].waited > timedelta(seconds=10)  # nobody pressed anything for so long


def test_the_two_calls_that_keep_a_promise_are_told_too_and_both_lead_to_its_ticket(day: Day) -> None:
    helper = day.helper()
    promise = day.promise()
    day.until(promise.starts_at)
    rung = day.rings(helper.number).hears("helper_intro", "helper_options").presses("1")
    resident = day.rings(MOBILE).hears("callback_intro").presses("1")
    resident.call.until_asked()
    day.passes(minutes=12)
    resident.hangs_up()
    rung.hears("helper_outcome").presses("1").hears("helper_outcome_saved")
    day.passes(minutes=1)
    parts = [opened(day, number).part for number in range(3)]
    assert parts == [Part.CALLER, Part.HELPER, Part.RESIDENT]
    talked = [step.act for step in journey(day, 1).steps if step.act is not None and step.act.did is Did.TALKED]
    assert [act.seconds >= 600 for act in talked] == [True]
    for number in range(3):
        with day.sessions() as session:
            call = opened(day, number)
            journal = read_journal(session, call)
            assert tickets_of_call(session, call, journal) == {day.ticket().id}


def test_what_became_of_a_call_is_its_ticket_its_promise_and_its_texts(day: Day) -> None:
    day.helper()
    promise = day.promise()
    call = opened(day)
    with day.sessions() as session:
        tickets = tickets_of_call(session, call, read_journal(session, call))
        (became,) = what_became(session, call, tickets)
    assert (became.code, became.status) == (day.ticket().code, TicketStatus.PROMISED)
    assert (became.starts_at, became.promise) == (promise.starts_at, CallbackState.PROMISED)
    assert became.texted == ("booked",)


def test_a_call_in_swedish_is_told_in_swedish(day: Day) -> None:
    day.helper("09:30", "14:30", SV)
    day.dials().presses("2").goes_forward()
    told = [heard for step in journey(day).steps[1:] for heard in step.heard if heard.sound is None]
    assert {heard.language for heard in told} == {SV}


def test_a_call_whose_script_has_changed_since_keeps_what_was_pressed_and_guesses_no_sentence(day: Day) -> None:
    day.helper()
    day.dials().goes_forward()
    call = opened(day)
    with day.sessions() as session:
        journal = read_journal(session, call)
    renamed = tuple(
        entry if entry.key != "topic" else type(entry)("theme", entry.value, entry.heard_at) for entry in journal
    )
    told = retold(call, renamed, Ear(day.catalogue))
    assert len(told.steps) == len(journey(day).steps)
    changed = [step for step in told.steps if not step.told]
    assert changed
    assert all(step.heard == () and step.act is not None for step in changed)
    assert all(set(step.act.keys) <= {"•"} for step in changed[1:] if step.act is not None)


def test_of_a_call_whose_journal_is_forgotten_nothing_is_told_but_that(day: Day) -> None:
    day.dials().presses("1").hears("topic_choice").hangs_up()
    with day.sessions.begin() as session:
        session.execute(text("SET LOCAL digilinja.forgetting = 'on'"))
        session.execute(text("DELETE FROM journal"))
        session.execute(text("UPDATE call SET facts_sealed = :nothing"), {"nothing": cipher_of(session).seal("null")})
    assert journey(day) == Journey((), CallEnd.FORGOTTEN)


def test_the_last_sentence_of_a_call_that_goes_on_is_known_and_names_nobody(day: Day) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="confirm_number")
    assert caller.call.waiting_for is not None
    with day.sessions() as session:
        (live,) = live_calls(session, day.network, now=day.now)
        (call,) = calls_of_ids(session, day.network, [live])
        journal = read_journals(session, [live])[live]
    heard = last_heard(call, journal, Ear(day.catalogue, hides=True), day.now)
    assert heard is not None
    assert heard.key == "confirm_number"
    assert MASK in " ".join(heard.sentences)
    caller.hangs_up()
    with day.sessions() as session:
        assert live_calls(session, day.network, now=day.now) == ()


@pytest.mark.parametrize("hides", [True, False])
def test_a_bulletin_that_every_caller_hears_is_told_in_its_words_whoever_calls(day: Day, hides: bool) -> None:
    put_it_on(day)
    caller = day.dials().presses("1").hears("topic_choice")
    assert TROUBLE.fi in words_in(journey(day, hides=hides))
    caller.hangs_up()


def test_calls_are_found_by_day_line_and_kind_and_page_by_page(day: Day) -> None:
    numbers = [MOBILE, LANDLINE, "+358401112244"]
    for number in numbers:
        day.dials(number).presses("1").hears("topic_choice").hangs_up()
    today = Span(day.at("00:00"), day.at("00:00", 1))
    with day.sessions() as session:
        every = calls_of(session, day.network, Wanted(today))
        assert [line.started_at for line in every] == sorted((line.started_at for line in every), reverse=True)
        assert len(every) == len(numbers)
        first = calls_of(session, day.network, Wanted(today), limit=2)
        rest = calls_of(session, day.network, Wanted(today), before=first[-1].id, limit=2)
        assert (*first, *rest) == every
        assert all(len(line.tickets) == 1 for line in every)
        assert calls_of(session, day.network, Wanted(Span(day.at("00:00", -1), day.at("00:00")))) == ()
        assert calls_of(session, day.network, Wanted(today, part=Part.HELPER)) == ()
        assert calls_of(session, day.network, Wanted(today, going_on=True)) == ()
        assert calls_of(session, day.network + 1, Wanted(today)) == ()
        assert len(calls_of(session, day.network, Wanted(today, line_id=every[0].line_id))) == len(numbers)
