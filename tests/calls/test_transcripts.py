"""What callers say after the tone is written down by a machine: later, masked, findable, and never in anybody's way."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select

from admin.api.case_detail import detail_of
from ivr.exchange import Fault, Kind
from ivr.exchange.signature import sign
from ivr.written_along import WrittenAlong
from scheduler.erasing import Erased, erase
from scheduler.ports import TranscriptError
from scheduler.transcripts import MOST_TRIES
from scheduler.worker import SLOW
from tests.calls.days import FI, LINE, MOBILE, SV, SWEDISH_LINE, TOKEN, Day
from tests.calls.dumps import dump, found, traces_of
from tickets.ageing import AGED, forget_aged
from tickets.contents import write_down_message
from tickets.identity_codes import TAKEN_OUT
from tickets.registered import Whose
from tickets.ticket import Recording, Ticket
from tickets.transcripts import SpokenMessage
from tickets.words import TicketWord, words_of

SPOKEN = "Zqtulostin vilkkuu, hetuni on 131052-308T ja kortti neljä yksi yksi yksi 1111 1111 1111."


@dataclass
class Writer:
    """Writes down whatever it is told that it hears; fails as often as it is told."""

    hears: str | None = SPOKEN
    failures: int = 0
    permanent: bool = False
    asked: list[SpokenMessage] = field(default_factory=list)

    def write_down(self, message: SpokenMessage) -> str | None:
        """What was heard."""
        self.asked.append(message)
        if len(self.asked) <= self.failures:
            raise TranscriptError("the model is out of breath", permanent=self.permanent)
        return self.hears


def transcripts(day: Day) -> list[str | None]:
    with day.sessions() as session:
        return [
            message.transcript
            for ticket in session.scalars(select(Ticket).order_by(Ticket.id))
            for message in detail_of(session, ticket).messages
        ]


def rings(day: Day, writer: Writer) -> Writer:
    day.writes_down(writer)
    day.helper()
    day.dials().goes_forward()
    day.passes(minutes=5)
    return writer


def brought_home(day: Day, writer: Writer) -> None:
    """The message has just come to us, and will be written down in a minute."""
    day.writes_down(writer)
    day.helper()
    day.worker_is_up = False
    day.dials().goes_forward()
    day.worker_is_up = True
    day.passes(seconds=10)


def test_a_message_is_written_down_after_the_call_without_what_nobody_should_have_said(day: Day) -> None:
    writer = rings(day, Writer())
    (asked,) = writer.asked
    assert (asked.language, asked.media[:4], asked.media_type) == (FI, b"RIFF", "audio/wav")
    assert transcripts(day) == [f"Zqtulostin vilkkuu, hetuni on {TAKEN_OUT} ja kortti {TAKEN_OUT}."]


def test_it_stands_there_that_a_machine_heard_it_until_a_person_writes_it_down(day: Day) -> None:
    rings(day, Writer())
    with day.sessions.begin() as session:
        ticket = session.scalars(select(Ticket)).one()
        (message,) = detail_of(session, ticket).messages
        assert message.by_machine
        assert write_down_message(session, ticket, message.id, "Tulostin.", now=day.now, actor="person:1")
        (message,) = detail_of(session, ticket).messages
        assert (message.transcript, message.by_machine) == ("Tulostin.", False)


def test_what_a_person_wrote_first_stays(day: Day) -> None:
    writer = Writer()
    brought_home(day, writer)
    with day.sessions.begin() as session:
        ticket = session.scalars(select(Ticket)).one()
        message = session.scalars(select(Recording)).one()
        write_down_message(session, ticket, message.id, "Kuulin itse.", now=day.now, actor="person:1")
    day.passes(minutes=30)
    assert (transcripts(day), writer.asked) == (["Kuulin itse."], [])


def test_nobody_is_asked_for_a_transcript_where_none_are_wanted(day: Day) -> None:
    day.helper()
    day.dials().goes_forward()
    day.passes(minutes=5)
    assert transcripts(day) == [None]
    assert day.fetch("SELECT FROM job WHERE kind = 'transcribe'") == []


def test_the_ticket_is_found_by_what_was_said_and_not_by_what_was_masked(day: Day) -> None:
    rings(day, Writer())
    with day.sessions() as session:
        there = set(session.scalars(select(TicketWord.word)))
        looks = {
            said: all(marks & there for marks in words_of(session, day.network, said))
            for said in ("zqtulostin vilkkui", "neljä", "yksi", "puuttuu")
        }
    assert looks == {"zqtulostin vilkkui": True, "neljä": False, "yksi": False, "puuttuu": False}


def test_the_timeline_says_that_it_was_written_down_and_not_what(day: Day) -> None:
    rings(day, Writer())
    ((actor, details),) = day.fetch("SELECT actor, details FROM ticket_event WHERE kind = 'written_down'")
    assert actor == "line"
    assert details == {"message": day.recordings()[0].id, "by_machine": True}


def test_it_is_sealed_in_the_store(day: Day) -> None:
    rings(day, Writer())
    ((sealed,),) = day.fetch("SELECT transcript_sealed FROM recording")
    assert "vilkkuu" not in str(sealed)


def test_who_asks_to_be_forgotten_takes_their_words_along(day: Day) -> None:
    rings(day, Writer())
    needles = traces_of(MOBILE, "zqtulostin", "Zqtulostin", sessions=day.sessions)
    assert "recording" in found(needles, dump(day.sessions))
    with day.sessions.begin() as session:
        erased = erase(session, Whose(day.network, phone=MOBILE), now=day.now, grid=day.grid, actor="person:1")
        assert isinstance(erased, Erased)
    assert found(needles, dump(day.sessions)) == {}


def test_a_machine_that_fails_is_asked_again_and_holds_nobody_up(day: Day) -> None:
    writer = rings(day, Writer(failures=2))
    assert transcripts(day) == [None]
    assert day.callback().state == "promised"
    day.passes(minutes=30)
    assert len(writer.asked) == 3
    assert transcripts(day)[0].startswith("Zqtulostin")


def test_what_never_succeeds_is_left(day: Day) -> None:
    writer = rings(day, Writer(failures=1000))
    day.passes(hours=24)
    assert len(writer.asked) == MOST_TRIES
    assert day.fetch("SELECT FROM job WHERE kind = 'transcribe' AND state <> 'done'") == []


def test_a_machine_that_says_so_is_not_asked_again(day: Day) -> None:
    writer = rings(day, Writer(failures=1000, permanent=True))
    day.passes(hours=24)
    assert len(writer.asked) == 1


def test_a_message_in_which_nothing_is_heard_is_left_as_it_is(day: Day) -> None:
    writer = rings(day, Writer(hears=None))
    day.passes(hours=24)
    assert (len(writer.asked), transcripts(day)) == (1, [None])


def test_a_message_said_again_is_not_written_down(day: Day) -> None:
    writer = Writer()
    day.writes_down(writer)
    day.helper()
    caller = day.dials().goes_forward(until="record").says("Ensin.").hears("recorded")
    day.passes(seconds=5)
    caller.presses("3").hears("record").says("Sitten.").hears("recorded").goes_forward()
    day.passes(minutes=5)
    old, new = day.recordings()
    assert [one.recording_sid for one in writer.asked] == [new.recording_sid]
    assert old.transcript_sealed is None


def test_a_long_call_gets_its_transcript_once_it_has_a_ticket(day: Day) -> None:
    writer = Writer()
    day.writes_down(writer)
    day.helper()
    caller = day.dials().goes_forward(until="record").says("Asia.").hears("recorded")
    day.exchange.phone(MOBILE)
    for _ in range(4):
        day.passes(seconds=5)
        caller.presses("9").hears("recorded")
    day.passes(seconds=25)
    caller.presses("1").goes_forward()
    day.passes(minutes=20)
    assert len(writer.asked) == 1
    assert transcripts(day)[0]


def test_writing_down_has_a_hand_of_its_own_and_keeps_no_promise_waiting(day: Day) -> None:
    brought_home(day, Writer())
    day.worker_is_up = False
    day.passes(minutes=5)
    day.worker.beat()
    assert transcripts(day) == [None]
    assert day.fetch("SELECT kind FROM job WHERE state = 'waiting' AND run_at <= :now", now=day.now) == [(*SLOW,)]
    assert day.worker.slow_beat() == 1
    assert transcripts(day)[0]
    assert day.worker.slow_beat() == 0
    day.worker_is_up = True


# The operator writes along.


def along(day: Day) -> Day:
    day.writes_down(WrittenAlong(day.sessions), along=True)
    day.helper()
    return day


def test_the_operator_writes_along_while_a_message_is_spoken_and_at_no_other_time(day: Day) -> None:
    caller = along(day).dials().goes_forward(until="record_choice")
    caller.call.speak("Puhun muuta.", seconds=2)
    day.passes(seconds=3)
    caller.presses("1").hears("record").says("Tulostin ei toimi.").hears("recorded")
    caller.call.speak("Tämä ei kuulu kenellekään.", seconds=2)
    day.passes(seconds=3)
    caller.presses("1").goes_forward()
    day.passes(minutes=5)
    assert transcripts(day) == ["Tulostin ei toimi."]
    assert day.fetch("SELECT FROM transcript_piece") == []


def test_pieces_that_come_out_of_order_and_twice_make_one_message(day: Day) -> None:
    along(day).exchange.faults.webhook(Fault.DUPLICATE, kind=Kind.TRANSCRIPTION, times=None, seconds=9)
    caller = day.dials().goes_forward(until="record")
    day.exchange.faults.webhook(Fault.DELAY, kind=Kind.TRANSCRIPTION, nth=2, seconds=30)
    caller.says("Ensin yksi asia.", seconds=4)
    day.passes(seconds=6)
    caller.says("Ja sitten toinen.", seconds=4).hears("recorded")
    caller.presses("1").goes_forward()
    day.passes(minutes=5)
    assert transcripts(day) == ["Ensin yksi asia. Ja sitten toinen."]


@pytest.mark.parametrize(("line", "locale"), [(LINE, "fi-FI"), (SWEDISH_LINE, "sv-SE")])
def test_the_operator_is_told_which_language_to_expect(day: Day, line: str, locale: str) -> None:
    along(day).helper("09:30", "14:30", FI, SV)
    day.dials(line=line).goes_forward()
    started = [reply.body.decode() for _, reply in day.replies if b"<Transcription" in reply.body]
    assert f'languageCode="{locale}"' in started[0]
    assert 'profanityFilter="false"' in started[0]
    assert len(started) == 2
    assert "<Stop>" in started[1]


def test_hanging_up_in_the_midst_keeps_what_was_written_along(day: Day) -> None:
    caller = along(day).dials().goes_forward(until="record").says("Tulostin ei toimi.", seconds=4)
    day.passes(seconds=6)
    caller.hangs_up()
    day.passes(minutes=10)
    assert transcripts(day) == ["Tulostin ei toimi."]


def test_pieces_are_masked_sealed_and_forgotten_with_their_caller(day: Day) -> None:
    caller = along(day).dials().goes_forward(until="record").says("Zqkoira 131052-308T.", seconds=4)
    day.passes(seconds=7)
    needles = traces_of(MOBILE, "Zqkoira", "131052-308T", sessions=day.sessions)
    there = found(needles, dump(day.sessions))
    assert "transcript_piece" in there
    assert not found({"131052-308T"}, dump(day.sessions))
    caller.hangs_up()
    with day.sessions.begin() as session:
        erased = erase(session, Whose(day.network, phone=MOBILE), now=day.now, grid=day.grid, actor="person:1")
        assert isinstance(erased, Erased)
    assert found(needles, dump(day.sessions)) == {}


def test_the_operators_guesses_and_malformed_news_change_nothing(day: Day) -> None:
    along(day)
    said = {"CallSid": "CA1", "TranscriptionEvent": "transcription-content", "SequenceId": "1"}
    data = '{"transcript": "Hei."}'
    for form, status in (
        ({**said, "TranscriptionData": data, "Final": "false"}, 200),
        ({**said, "TranscriptionData": data, "Track": "outbound_track"}, 200),
        ({"CallSid": "CA1", "TranscriptionEvent": "transcription-stopped"}, 200),
        ({**said, "TranscriptionData": "not json"}, 400),
        (said, 400),
    ):
        assert signed(day, form) == status
    assert day.fetch("SELECT FROM transcript_piece") == []
    assert signed(day, {**said, "TranscriptionData": data}) == 200
    assert len(day.fetch("SELECT FROM transcript_piece")) == 1
    assert day.post("/ivr/transcription?turn=1", {**said, "TranscriptionData": data}).status == 403


def signed(day: Day, form: dict[str, str]) -> int:
    headers = {"X-Twilio-Signature": sign(TOKEN, day.addresses.transcription(1), form)}
    return day.post("/ivr/transcription?turn=1", form, headers).status


def test_pieces_that_no_message_ever_claimed_go_after_two_days(day: Day) -> None:
    (rule,) = (one for one in AGED if one.table == "transcript_piece")
    along(day)
    said = {"CallSid": "CA1", "TranscriptionEvent": "transcription-content", "SequenceId": "1"}
    signed(day, {**said, "TranscriptionData": '{"transcript": "Hei."}'})
    for after, left in ((timedelta(days=1), 1), (timedelta(days=2, seconds=1), 0)):
        with day.sessions.begin() as session:
            forget_aged(session, rule, now=day.now + after, limit=10)
        assert len(day.fetch("SELECT FROM transcript_piece")) == left
