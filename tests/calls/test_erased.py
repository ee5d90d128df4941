"""Somebody who rang, wrote, was rung back, noted about and passed on asks to be forgotten: nothing of theirs is left."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from scheduler.erasing import Erased, EraseRefusal, Refusal, erase
from scheduler.errands import Errand
from scheduler.jobs import Job, JobState
from scheduler.mail.boxes import Box, add_mailbox
from scheduler.mail.reading import Heard
from scheduler.mail.taking import take
from scheduler.ports import MailAccount
from scheduler.relay.publishing import draft, publish
from tests.calls.days import FI, LINE, MOBILE, Day
from tests.calls.dumps import dump, found, traces_of
from tests.calls.meetings import after_talk
from tickets.holds import place_hold, release_hold
from tickets.intake import Matter, open_ticket
from tickets.mailboxes import Mailbox
from tickets.network import Line
from tickets.registered import Whose
from tickets.saved_views import save_view
from tickets.store import cipher_of
from tickets.ticket import Note, Recording, Ticket
from tickets.tokens import issue_token, verify_token
from tickets.vocabulary import Channel, Role, Topic
from tickets.words import note_words

RESIDENT, OTHER = "+358407654329", "+358501112229"
NAME, EMAIL = "Zqaino Xzlehtinen", "zqaino.xz@example.org"
SPOKEN, WRITTEN, NOTED, MAILED = "zqtulostin vaikenee", "zqreititin vilkkuu", "zqkoira haukkui", "zqliite puuttuu"
WORDS = (NAME, EMAIL, SPOKEN, WRITTEN, NOTED, MAILED, "zqaino", "xzlehtinen")


@pytest.fixture
def lived(day: Day) -> Day:
    """A day on which the resident came by every way there is, beside somebody else who came by one."""
    helper = day.helper()
    somebody_else(day)
    rings_and_is_rung_back(day)
    texts(day)
    keys_another_number(day)
    fills_the_form(day)
    writes_mail(day)
    works_on_it(day)
    day.passes(seconds=10)
    assert helper.number
    return day


def somebody_else(day: Day) -> None:
    matter = Matter(
        day.network,
        None,
        Channel.FORM,
        FI,
        OTHER,
        key="form:else",
        topic=Topic.PUHELIN,
        name="Muu Ihminen",
        text="muu asia",
    )
    with day.sessions.begin() as session:
        open_ticket(session, matter, now=day.now)


def rings_and_is_rung_back(day: Day) -> None:
    day.promise(RESIDENT)
    after_talk(day, RESIDENT).presses("1").hangs_up()
    day.passes(minutes=30)


def texts(day: Day) -> None:
    day.phone(RESIDENT).text(LINE, f"{WRITTEN} {NAME}")
    day.passes(minutes=2)


def keys_another_number(day: Day) -> None:
    """From a telephone that is not theirs."""
    caller = day.dials(withheld=True).goes_forward(until="ask_number_withheld")
    caller.presses("0407654329").hears("confirm_number").presses("1").hears()
    caller.hangs_up()
    day.passes(minutes=2)


def fills_the_form(day: Day) -> None:
    told = {"name": NAME, "email": EMAIL, "text": f"{WRITTEN} 040 765 4329"}
    with day.sessions.begin() as session:
        line = session.scalars(select(Line.id).order_by(Line.id)).first()
        matter = Matter(day.network, line, Channel.FORM, FI, RESIDENT, "form:1", Topic.TULOSTIN, another=True, **told)
        open_ticket(session, matter, now=day.now)


def writes_mail(day: Day) -> None:
    heard = Heard(EMAIL, NAME, "Apua", MAILED, "m1", f"<{EMAIL}.1@mail>", (), None, (f"{NAME}.doc",), True, True)
    with day.sessions.begin() as session:
        line = session.scalars(select(Line.id).order_by(Line.id)).first()
        assert line is not None
        account = MailAccount("mail", 993, "tuki", "password", "INBOX")
        box = add_mailbox(session, line, "tuki@example.fi", account, now=day.now, actor="test")
        assert box is not None
        take(session, Box(box, day.network, line, "tuki@example.fi", FI, None), heard, now=day.now, grid=day.grid)
        session.execute(update(Mailbox).values(active=False))  # nobody reads mail or answers it on this day
        session.execute(
            update(Job).where(Job.kind.in_((Errand.ANSWER_MAIL, Errand.READ_MAILBOX))).values(state=JobState.CANCELLED)
        )


def works_on_it(day: Day) -> None:
    """Notes, words to search by, a transcript, a saved list, a relay, a hold that was ended."""
    with day.sessions.begin() as session:
        cipher = cipher_of(session)
        for ticket in session.scalars(
            select(Ticket).where(Ticket.name_sealed.is_distinct_from(None), Ticket.code.isnot(None))
        ):
            if ticket.caller_sealed and cipher.open(ticket.caller_sealed) == OTHER:
                continue
            session.add(
                Note(ticket_id=ticket.id, author="person:1", text_sealed=cipher.seal(NOTED), written_at=day.now)
            )
            note_words(session, day.network, ticket.id, NOTED)
            place_hold(
                session, ticket.id, f"{NAME} valitti", day.now + timedelta(days=9), now=day.now, actor="person:1"
            )
            release_hold(session, ticket.id, now=day.now + timedelta(seconds=1), actor="person:1")
        session.execute(update(Recording).values(transcript_sealed=cipher.seal(SPOKEN)))
        save_view(session, day.network, None, "lista", {"status": "open"}, NAME, now=day.now)
        save_view(session, day.network, None, f"Odottaa: {NAME.upper()}", {"status": "open"}, None, now=day.now)
        save_view(session, day.network, None, "avoimet", {"status": "open"}, None, now=day.now)
        who = verify_token(session, issue_token(session, day.network, Role.KOORDINAATTORI, now=day.now), now=day.now)
        assert who is not None
        code = session.scalars(
            select(Ticket.code).where(
                Ticket.channel == Channel.FORM, Ticket.name_sealed.isnot(None), Ticket.topic == "TULOSTIN"
            )
        ).one()
        card = draft(session, who, code, now=day.now, actor="person:1")
        publish(session, who, card.number, now=day.now, actor="person:1")  # type: ignore[union-attr]


def needles(day: Day) -> set[str]:
    return traces_of(RESIDENT, *WORDS, sessions=day.sessions)


def asks(day: Day, **whose: str) -> Erased | Refusal:
    with day.sessions.begin() as session:
        return erase(session, Whose(day.network, **whose), now=day.now, grid=day.grid, actor="person:1")


def test_all_of_a_resident_is_everywhere_before_and_nowhere_afterwards(lived: Day) -> None:
    day = lived
    there = found(needles(day), dump(day.sessions))
    assert there.keys() >= {
        "call", "journal", "callback", "legal_hold", "mail_message", "note", "recording", "saved_view", "ticket",
    }  # fmt: skip
    others = found(traces_of(OTHER, "Muu Ihminen", "muu asia", sessions=day.sessions), dump(day.sessions))
    words = "SELECT count(*) FROM ticket_word WHERE ticket_id IN (SELECT ticket_id FROM note)"
    assert day.fetch(words) != [(0,)]
    erased = asks(day, phone=RESIDENT)
    assert isinstance(erased, Erased), erased
    assert isinstance(asks(day, email=EMAIL), Erased)
    assert found(needles(day), dump(day.sessions)) == {}
    assert day.fetch("SELECT name FROM saved_view") == [("avoimet",)]
    assert day.fetch(
        "SELECT count(*) FROM ticket_word w JOIN ticket t ON t.id = w.ticket_id WHERE anonymised_at IS NOT NULL"
    ) == [(0,)]
    assert found(traces_of(OTHER, "Muu Ihminen", "muu asia", sessions=day.sessions), dump(day.sessions)) == others


def test_a_message_of_theirs_that_is_no_tickets_goes_too(lived: Day) -> None:
    with lived.sessions.begin() as session:
        whole = {"ticket_id": None, "media_sealed": b"sound", "state": "stored"}
        of_theirs = session.scalars(select(Recording.id).where(Recording.ticket_id.isnot(None)).limit(1)).one()
        session.execute(update(Recording).where(Recording.id == of_theirs).values(**whole))
    assert isinstance(asks(lived, phone=RESIDENT), Erased)
    left = lived.fetch("SELECT state, media_sealed, transcript_sealed FROM recording WHERE ticket_id IS NULL")
    assert set(left) == {("erased", None, None)}


def test_no_text_of_ours_to_them_is_left_nor_the_code_that_they_knew_us_by(lived: Day) -> None:
    day = lived
    theirs = "FROM ticket t WHERE anonymised_at IS NOT NULL"
    assert isinstance(asks(day, phone=RESIDENT), Erased)
    assert day.fetch(f"SELECT FROM message WHERE ticket_id IN (SELECT id {theirs})") == []
    with day.sessions() as session:
        codes = session.scalars(text(f"SELECT code_sealed FROM callback WHERE ticket_id IN (SELECT id {theirs})")).all()
        assert {cipher_of(session).open(code) for code in codes} == {""}


def test_what_leads_to_the_operators_log_stays_only_where_it_keeps_them_from_coming_back(lived: Day) -> None:
    day = lived
    calls = "SELECT call_sid FROM call WHERE part <> 'helper' UNION SELECT call_sid FROM attempt"
    sids = {str(sid) for (sid,) in day.fetch(calls) if sid}
    assert found(sids, dump(day.sessions)).keys() >= {"ticket", "ticket_event", "attempt", "call", "recording"}
    asks(day, phone=RESIDENT)
    assert found(sids, dump(day.sessions)).keys() == {"call", "recording"}


def test_what_was_counted_stays_counted(lived: Day) -> None:
    day = lived
    counted = "SELECT channel, topic, count(*) FROM ticket GROUP BY 1, 2 ORDER BY 1, 2"
    kept = "SELECT state, count(*) FROM callback WHERE state = 'kept' GROUP BY 1"
    before = (
        day.fetch(counted),
        day.fetch(kept),
        day.fetch("SELECT result, count(*) FROM attempt GROUP BY 1 ORDER BY 1"),
    )
    asks(day, phone=RESIDENT)
    after = day.fetch(counted), day.fetch(kept), day.fetch("SELECT result, count(*) FROM attempt GROUP BY 1 ORDER BY 1")
    assert after == before


def test_what_the_operator_still_lists_does_not_bring_them_back(lived: Day) -> None:
    day = lived
    asks(day, phone=RESIDENT)
    asks(day, email=EMAIL)
    day.passes(minutes=5)
    tickets = day.fetch("SELECT count(*) FROM ticket")
    day.reconciles()
    day.passes(hours=26)
    assert day.fetch("SELECT count(*) FROM ticket") == tickets
    assert found(needles(day), dump(day.sessions)) == {}
    assert not day.exchange.office.recordings


def test_promises_are_given_back_first_and_nobody_is_rung_about_them(day: Day) -> None:
    helper = day.helper()
    promise = day.promise(RESIDENT)
    erased = asks(day, phone=RESIDENT)
    assert isinstance(erased, Erased)
    assert erased.cancelled == 1
    assert day.callback().state == "cancelled"
    texts = len(day.texts(RESIDENT))
    day.until(promise.starts_at)
    day.passes(hours=4)
    assert day.rings_of(helper) == 0
    assert len(day.texts(RESIDENT)) == texts
    assert found(needles(day), dump(day.sessions)) == {}


def test_what_is_held_is_not_erased_and_it_is_said_which(lived: Day) -> None:
    day = lived
    code = day.fetch("SELECT code FROM ticket WHERE topic = 'TULOSTIN'")[0][0]
    with day.sessions.begin() as session:
        ticket = session.scalars(select(Ticket.id).where(Ticket.code == code)).one()
        place_hold(session, ticket, "Kantelu", day.now + timedelta(days=9), now=day.now, actor="person:1")
    before = dump(day.sessions)
    assert asks(day, phone=RESIDENT) == Refusal(EraseRefusal.HELD, (str(code),))
    assert dump(day.sessions) == before


def test_who_is_on_the_phone_is_asked_to_finish_first(day: Day) -> None:
    day.helper()
    call = day.dials(RESIDENT).goes_forward(until="record_choice")
    before = dump(day.sessions)
    assert asks(day, phone=RESIDENT) == Refusal(EraseRefusal.ON_THE_PHONE)
    assert dump(day.sessions) == before
    call.hangs_up()
    day.passes(minutes=1)
    assert isinstance(asks(day, phone=RESIDENT), Erased)
    assert found(needles(day), dump(day.sessions)) == {}


def test_of_somebody_unknown_there_is_nothing_to_erase(lived: Day) -> None:
    assert asks(lived, phone=MOBILE) == Refusal(EraseRefusal.NOBODY)
    assert asks(lived, email="nobody@example.org") == Refusal(EraseRefusal.NOBODY)
    assert asks(lived, code="DL-0000") == Refusal(EraseRefusal.NOBODY)


def test_by_a_code_only_that_matter_goes(lived: Day) -> None:
    day = lived
    code = str(day.fetch("SELECT code FROM ticket WHERE topic = 'TULOSTIN'")[0][0])
    with_number = "SELECT count(*) FROM ticket WHERE caller_sealed IS NOT NULL"
    before = day.fetch(with_number)[0][0]
    assert isinstance(asks(day, code=code), Erased)
    assert day.fetch(with_number)[0][0] == before - 1


def test_it_is_in_the_register_how_much_was_erased_and_not_whose(lived: Day) -> None:
    day = lived
    erased = asks(day, phone=RESIDENT)
    assert isinstance(erased, Erased)
    ((number, actor, counts),) = day.fetch("SELECT id, actor, counts FROM erasure")
    assert (number, actor, counts) == (erased.number, "person:1", erased.counts)
    assert [(erased.counts["ticket"],)] == day.fetch("SELECT count(*) FROM ticket WHERE anonymised_at IS NOT NULL")
    assert erased.counts["note"] >= 1


def test_a_second_time_nothing_is_left_to_erase(lived: Day) -> None:
    assert isinstance(asks(lived, phone=RESIDENT), Erased)
    assert asks(lived, phone=RESIDENT) == Refusal(EraseRefusal.NOBODY)
