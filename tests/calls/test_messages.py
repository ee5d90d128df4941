"""The caller's own words: kept, listened to, said again, lost on the way and found."""

from dataclasses import replace

import pytest
import structlog
from structlog.testing import capture_logs

from ivr.exchange import Fault, Kind
from ivr.exchange.recordings import RecordingStatus
from ivr.twilio_phone import TwilioPhone
from scheduler import worker
from tests.calls.days import MOBILE, Day
from tests.calls.phones import Play
from tickets.recordings import sound_of


def after_message(day: Day, words: str = "Tulostin ei toimi.") -> Play:
    """A call whose message has been spoken."""
    return day.dials().goes_forward(until="record").says(words).hears("recorded")


def test_a_message_is_fetched_sealed_and_forgotten_at_the_operator(day: Day) -> None:
    day.helper()
    after_message(day).goes_forward()
    day.passes(minutes=1)
    (message,) = day.recordings()
    assert (message.state, message.ticket_id) == ("stored", day.ticket().id)
    with day.sessions() as session:
        sound = sound_of(session, message.recording_sid)
    assert sound is not None
    assert sound.media.startswith(b"RIFF")
    assert not day.exchange.recordings


def test_a_message_may_be_declined(day: Day) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="record_choice").presses("2").hears("confirm_number")
    caller.does_not_hear("record").goes_forward()
    assert "booked" in caller.keys
    assert not day.recordings()


def test_the_caller_is_told_what_becomes_of_the_message_before_it_is_recorded(day: Day) -> None:
    keys = after_message(day).keys
    assert keys.index("record_choice") < keys.index("record")


def test_a_message_may_be_listened_to(day: Day) -> None:
    day.helper()
    caller = after_message(day)
    day.passes(seconds=5)  # it has come to us by now
    caller.presses("2").hears("your_message", "recorded")
    assert [type(one).__name__ for one in caller.call.heard].count("Played") == 1
    caller.presses("1").hears("recording_kept", "confirm_number")


def test_a_message_that_has_not_come_to_us_yet_is_safe_all_the_same(day: Day) -> None:
    day.exchange.faults.webhook(Fault.DELAY, kind=Kind.RECORDING, seconds=120)
    caller = after_message(day).presses("2").hears("message_not_here_yet", "recorded").presses("1")
    caller.hears("recording_kept")


def test_a_message_said_again_replaces_the_old_one_everywhere(day: Day) -> None:
    helper = day.helper()
    caller = after_message(day, "Tulostin ei toimi.")
    day.passes(seconds=5)
    caller.presses("3").hears("record").says("Tulostin toimii, mutta paperi loppui.").hears("recorded")
    day.passes(seconds=5)
    caller.goes_forward()
    day.passes(minutes=1)
    old, new = day.recordings()
    assert (old.discarded, old.state, old.media_type) == (True, "erased", None)
    assert (new.discarded, new.state, new.ticket_id) == (False, "stored", day.ticket().id)
    assert not day.exchange.recordings
    day.until(day.callback().starts_at)
    rung = day.rings(helper.number).hears("helper_options").presses("2").hears("helper_message")
    assert [type(one).__name__ for one in rung.call.heard].count("Played") == 1


def test_a_message_said_again_at_once_is_never_brought_home(day: Day) -> None:
    day.helper()
    caller = after_message(day).presses("3").hears("record").says("Toinen viesti.").goes_forward()
    assert caller.keys[-1] == "goodbye"
    day.passes(minutes=10)
    old, new = day.recordings()
    assert (old.discarded, new.state) == (True, "stored")
    assert old.state != "stored"
    assert not day.exchange.recordings


def test_whoever_says_it_again_for_ever_keeps_the_last_one(day: Day) -> None:
    day.helper()
    caller = after_message(day)
    for _ in range(3):
        caller.presses("3").hears("record").says("Vielä kerran.").hears("recorded")
    caller.presses("3").hears("recording_kept", "confirm_number").goes_forward()
    assert [message.discarded for message in day.recordings()] == [True, True, True, False]
    assert day.recordings()[-1].ticket_id == day.ticket().id


def test_an_empty_message_is_asked_for_again(day: Day) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="record").hears("record_once_more", "record").says("Nyt.").hears("recorded")
    caller.does_not_hear("recording_empty")
    caller.goes_forward()
    assert [message.discarded for message in day.recordings()] == [False]


@pytest.mark.parametrize("keys", ["", "1", "55", "#"])
def test_whoever_never_says_anything_is_asked_once_more_and_goes_on_without_a_message(day: Day, keys: str) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="record")
    for _ in range(2):
        if keys:
            caller.presses(keys)
        caller.hears()
    assert caller.keys[-5:-1] == ["record", "record_once_more", "record", "recording_empty"]
    assert caller.keys[-1] == "confirm_number"
    caller.goes_forward()
    assert "booked" in caller.keys
    assert not day.recordings()


def test_whoever_would_say_it_again_and_then_says_nothing_goes_on_without_a_message(day: Day) -> None:
    day.helper()
    caller = after_message(day).presses("3").hears("record").hears("record_once_more", "record")
    caller.hears("recording_empty", "confirm_number")
    day.passes(minutes=1)
    assert [message.discarded for message in day.recordings()] == [True]


def test_of_somebody_who_said_nothing_no_message_is_ever_sought(day: Day) -> None:
    day.helper()
    silent = day.dials().goes_forward(until="record").hears("record_once_more").hears("recording_empty").goes_forward()
    assert silent.call.over
    day.dials("+358407654321").goes_forward(until="record").hears("record_once_more").hangs_up()
    day.reconciles()
    day.passes(minutes=20)
    assert not day.recordings()
    assert day.fetch("SELECT key FROM job WHERE kind = 'fetch'") == []


def test_a_message_of_no_length_is_not_waited_for(day: Day) -> None:
    day.helper()
    day.exchange.office.habits = replace(day.exchange.office.habits, recording_ready_seconds=60)
    after_message(day)
    (recording,) = day.exchange.recordings
    recording.stretches = ()
    day.passes(minutes=5)
    assert [message.state for message in day.recordings()] == ["absent"]
    assert not day.fetch("SELECT key FROM job WHERE kind = 'fetch'")
    assert not day.exchange.recordings


def test_a_message_that_proves_silent_without_our_being_told_is_not_waited_for(day: Day) -> None:
    day.helper()
    day.exchange.faults.webhook(Fault.DROP, kind=Kind.RECORDING, times=2)
    day.forgiven = {11205}
    after_message(day)
    (recording,) = day.exchange.recordings
    day.passes(minutes=1)
    recording.status, recording.stretches = RecordingStatus.ABSENT, ()
    day.reconciles()
    assert [message.state for message in day.recordings()] == ["absent"]
    assert not day.fetch("SELECT key FROM job WHERE kind = 'fetch'")


def long_message(day: Day, seconds: float) -> Play:
    """Somebody with much to tell has spoken so long, without drawing breath, and has heard the warning."""
    return day.dials().goes_forward(until="record").says("Asiaa on paljon.", seconds=seconds).hears("record_warning")


def seconds_of(day: Day) -> list[int | None]:
    return [message.duration_s for message in day.recordings()]


def test_who_speaks_for_long_is_warned_and_goes_on_where_they_were(day: Day) -> None:
    helper = day.helper()
    caller = long_message(day, 152).says("Ja vielä tulostin.", seconds=12).hears("recorded")
    caller.does_not_hear("recording_full").goes_forward()
    day.passes(minutes=1)
    assert seconds_of(day) == [150, 12]
    assert {(one.ticket_id, one.state) for one in day.recordings()} == {(day.ticket().id, "stored")}
    day.until(day.callback().starts_at)
    rung = day.rings(helper.number).hears("helper_options").presses("2").hears("helper_message")
    played = [one for one in rung.call.heard if type(one).__name__ == "Played"]
    assert [round(one.seconds) for one in played] == [150, 12]


def test_a_message_whose_time_runs_out_is_kept_and_its_teller_told(day: Day) -> None:
    day.helper()
    caller = long_message(day, 152).says("Asiaa on vieläkin.", seconds=60)
    caller.hears("recording_full", "recorded").goes_forward()
    assert "booked" in caller.keys
    assert seconds_of(day) == [150, 30]
    assert {message.ticket_id for message in day.recordings()} == {day.ticket().id}


def test_who_waited_before_the_first_word_is_warned_all_the_same(day: Day) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="record")
    day.passes(seconds=4)
    caller.says("Asiaa on paljon.", seconds=200).hears("record_warning").says("Loput.").hears("recorded")
    assert seconds_of(day) == [146, 6]


def test_who_has_said_everything_when_warned_need_say_no_more(day: Day) -> None:
    day.helper()
    caller = long_message(day, 149).hears("recorded").does_not_hear("recording_full", "recording_empty")
    caller.goes_forward()
    assert [one.ticket_id for one in day.recordings()] == [day.ticket().id]


def test_who_ends_a_long_message_by_the_key_is_not_warned(day: Day) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="record").says("Asiaa on paljon.", seconds=147)
    day.passes(seconds=148)
    caller.presses("#").hears("recorded").does_not_hear("record_warning")


def test_a_long_message_is_played_back_whole(day: Day) -> None:
    day.helper()
    caller = long_message(day, 152).says("Ja vielä tulostin.", seconds=12).hears("recorded")
    day.passes(seconds=5)
    caller.presses("2").hears("your_message", "recorded")
    played = [one for one in caller.call.heard if type(one).__name__ == "Played"]
    assert [round(one.seconds) for one in played] == [150, 12]


def test_of_a_long_message_nothing_is_played_before_all_of_it_is_here(day: Day) -> None:
    day.helper()
    day.exchange.faults.webhook(Fault.DELAY, kind=Kind.RECORDING, nth=2, seconds=120)
    caller = long_message(day, 152).says("Ja vielä tulostin.", seconds=12).hears("recorded")
    day.passes(seconds=5)
    caller.presses("2").hears("message_not_here_yet", "recorded")
    assert not [one for one in caller.call.heard if type(one).__name__ == "Played"]


def test_saying_it_again_discards_both_parts(day: Day) -> None:
    day.helper()
    caller = long_message(day, 152).says("Ja vielä tulostin.", seconds=12).hears("recorded")
    day.passes(seconds=5)
    caller.presses("3").hears("record").says("Tulostin ei toimi.").hears("recorded").goes_forward()
    day.passes(minutes=1)
    assert [(one.discarded, one.state) for one in day.recordings()] == [
        (True, "erased"), (True, "erased"), (False, "stored"),
    ]  # fmt: skip
    assert [one.ticket_id for one in day.recordings()] == [None, None, day.ticket().id]
    assert not day.exchange.recordings


@pytest.mark.parametrize("part", ["the first", "the warning", "the last"])
def test_hanging_up_in_a_long_message_loses_nothing(day: Day, part: str) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="record").says("Asiaa on paljon.", seconds=152)
    day.passes(seconds=100 if part == "the first" else 153)
    if part == "the last":
        caller.hears("record_warning").says("Ja vielä tulostin.", seconds=12)
        day.passes(seconds=8)
    caller.hangs_up()
    day.passes(minutes=2)
    assert seconds_of(day) == {"the first": [100], "the warning": [150], "the last": [150, 8]}[part]
    assert {(one.ticket_id, one.state) for one in day.recordings()} == {(day.ticket().id, "stored")}
    assert len(day.callbacks()) == 1


def test_a_turn_in_a_long_message_that_comes_twice_is_one(day: Day) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="record")
    day.exchange.faults.webhook(Fault.DUPLICATE, kind=Kind.ACTION, times=None, seconds=1)
    caller.says("Asiaa on paljon.", seconds=152).hears("record_warning").says("Loput.", seconds=12).hears("recorded")
    caller.goes_forward()
    assert seconds_of(day) == [150, 12]
    assert "booked" in caller.keys


def test_the_second_matter_has_its_own_message(day: Day) -> None:
    day.helper()
    day.dials().goes_forward(until="another_matter").presses("2").goes_forward()
    assert [message.ticket_id for message in day.recordings()] == [ticket.id for ticket in day.tickets()]


def test_a_message_whose_recorder_lost_its_answer_still_belongs_to_its_matter(day: Day) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="record")
    day.exchange.faults.webhook(Fault.DROP, kind=Kind.ACTION, times=2)
    day.forgiven = {11205}
    caller.says("Tulostin ei toimi.", seconds=6)
    day.passes(seconds=4)
    caller.call.hang_up()
    day.passes(minutes=2)
    (message,) = day.recordings()
    assert (message.ticket_id, message.state) == (day.ticket().id, "stored")
    assert day.ticket().topic == "PUHELIN"
    assert len(day.callbacks()) == 1


def test_a_message_lost_in_the_second_matter_belongs_to_the_second_matter(day: Day) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="another_matter").presses("2").goes_forward(until="record")
    day.exchange.faults.webhook(Fault.DROP, kind=Kind.ACTION, times=2)
    day.forgiven = {11205}
    caller.says("Ja vielä tulostin.", seconds=6)
    day.passes(seconds=4)
    caller.call.hang_up()
    day.passes(minutes=2)
    first, second = day.tickets()
    assert [message.ticket_id for message in day.recordings()] == [first.id, second.id]


def test_a_message_of_which_no_webhook_came_at_all_is_found_at_the_operator(day: Day) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="record")
    day.exchange.faults.webhook(Fault.DROP, kind=Kind.ACTION, times=2)
    day.exchange.faults.webhook(Fault.DROP, kind=Kind.RECORDING, times=2)
    day.forgiven = {11205}
    caller.says("Tulostin ei toimi.", seconds=6)
    day.passes(seconds=4)
    caller.call.hang_up()
    day.passes(minutes=1)
    assert not day.recordings()
    day.reconciles()
    (message,) = day.recordings()
    assert (message.ticket_id, message.state) == (day.ticket().id, "stored")


def test_the_recorder_that_is_told_twice_keeps_one_message(day: Day) -> None:
    day.helper()
    day.exchange.faults.webhook(Fault.DUPLICATE, kind=Kind.RECORDING, times=None)
    after_message(day).goes_forward()
    day.passes(minutes=1)
    assert len(day.recordings()) == 1


def test_a_recording_that_proves_absent_is_no_message(day: Day) -> None:
    helper = day.helper()
    caller = after_message(day)
    sid = day.recordings()[0].recording_sid
    caller.goes_forward()
    with day.sessions.begin() as session:
        session.connection().exec_driver_sql(
            "UPDATE recording SET state = 'absent', media_sealed = NULL WHERE recording_sid = %s", (sid,)
        )
    day.until(day.callback().starts_at)
    day.rings(helper.number).hears("helper_options").presses("2").hears("helper_no_message", "helper_options")


def test_nobody_hears_a_message_by_guessing_its_address(day: Day) -> None:
    after_message(day).goes_forward()
    day.passes(minutes=1)
    sid = day.recordings()[0].recording_sid
    answer = day.get(f"/ivr/message/{sid}.wav")
    assert answer.status == 404
    assert MOBILE not in str(answer.body)


def test_a_message_that_is_not_ready_at_once_is_no_trouble_worth_a_warning(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "log", structlog.get_logger())  # one that nobody has used and kept
    day.helper()
    fetch, too_early = TwilioPhone.fetch_recording, iter([None] * 3)
    monkeypatch.setattr(TwilioPhone, "fetch_recording", lambda *which: next(too_early, fetch(*which)))
    with capture_logs() as logs:
        day.dials().goes_forward()
        day.passes(minutes=2)
    assert [message.state for message in day.recordings()] == ["stored"]
    assert [entry["event"] for entry in logs].count("job_not_yet") == 3
    assert [entry for entry in logs if entry["log_level"] == "warning"] == []


def test_a_message_that_is_not_ready_for_very_long_is_worth_a_warning(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "log", structlog.get_logger())  # one that nobody has used and kept
    day.helper()
    monkeypatch.setattr(TwilioPhone, "fetch_recording", lambda *_: None)
    with capture_logs() as logs:
        day.dials().goes_forward()
        day.passes(hours=2)
    levels = [entry["log_level"] for entry in logs if entry["event"] in ("job_not_yet", "job_failed")]
    assert levels[:9] == ["info"] * 9
    assert set(levels[9:]) == {"warning"}
