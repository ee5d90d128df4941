"""Whoever writes is answered: once, in their language, with what happens now and nothing of what they wrote."""

import pytest

from scheduler.mail import taking
from scheduler.ports import MailError
from tests.integration.post import BOX, WRITER, Outgoing, letter
from tests.integration.store.conftest import Town
from tests.integration.store.letterbox import LINK, Post
from tickets.store import cipher_of


@pytest.fixture
def post(town: Town) -> Post:
    """A mailbox of the town's line."""
    return Post(town)


def test_whoever_writes_is_answered_once_with_what_happens_now(post: Post) -> None:
    post.arrives(letter())
    (email,) = post.out.sent
    code = str(post.tickets()[0][1])
    assert (email.to, email.reply_to, email.in_reply_to) == (WRITER, BOX, "<1@example.fi>")
    assert email.subject.startswith(f"[{code}] ")
    assert "viimeistään seuraavana arkipäivänä" in email.text
    assert f"{LINK}?lang=fi" in email.text
    assert "Emme koskaan kysy pankkitunnuksia" in email.text
    assert "Maija" not in email.text
    assert "ei toimi" not in email.text


@pytest.mark.parametrize(
    ("written", "language", "rung_in", "sentence"),
    [
        ("Hej, min telefon fungerar inte. Kan ni hjälpa mig?", "sv", "sv", "Tack för ert meddelande"),
        ("Hello, my phone does not work. Can you help?", "en", "fi", "Thank you for your message"),
        ("Samsung A51", "fi", "fi", "Kiitos viestistänne"),
    ],
)
def test_the_answer_is_in_the_senders_language_and_else_in_the_lines(
    post: Post, written: str, language: str, rung_in: str, sentence: str
) -> None:
    post.arrives(letter(written, subject="Samsung"))
    assert post.tickets()[0][3] == rung_in
    assert sentence in post.out.sent[0].text
    assert f"?lang={language}" in post.out.sent[0].text


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("lasku äidille.pdf", "lasku äidille.pdf"),
        ("IMG_4711 (2).jpg", "IMG_4711 (2).jpg"),
        ("voitto www.huijaus.example.pdf", "….pdf"),
        ("https://huijaus.example/pankki", "…"),
        ("Soita 040 123 4567.pdf", "….pdf"),
        ("message/rfc822", "…"),
    ],
)
def test_nobody_has_us_repeat_an_address_or_a_number_to_whose_name_they_write_in(
    post: Post, name: str, told: str
) -> None:
    post.arrives(letter(attachments=(name,)))
    (sent,) = post.out.sent
    assert f": {told}. " in sent.text


def test_attachments_are_refused_by_name_and_the_names_forgotten(post: Post) -> None:
    post.arrives(letter(attachments=("lasku.png",)))
    assert "lasku.png" in post.out.sent[0].text
    assert post.town.fetch("SELECT refused_sealed FROM mail_message") == [(None,)]


def test_a_promised_time_is_told_to_whoever_writes_again(post: Post) -> None:
    town = post.town
    town.shift("09:30", "14:30", town.helper())
    post.arrives(letter())
    with town.sessions.begin() as session:
        cipher = cipher_of(session)
        sealed, index = cipher.seal("+358401234567"), cipher.index_of("+358401234567")
    town.update("ticket", 1, caller_sealed=sealed, caller_index=index)
    promised = town.book("10:30", 1)
    assert promised is not None
    post.arrives(letter("Sopiiko?", message_id="<2@x.fi>", References="<1@example.fi>"))
    assert "klo 10.30" in post.out.sent[1].text
    assert promised.code not in post.out.sent[1].text
    assert LINK not in post.out.sent[1].text


def test_whoever_cannot_be_answered_has_a_ticket_that_says_so(post: Post) -> None:
    post.arrives(letter(sender="noreply@lomake.example.fi"))
    assert post.town.events(1) == ["opened", "to_coordinator", "not_told"]
    assert post.out.sent == []


def test_two_machines_that_answer_each_other_come_to_an_end(post: Post) -> None:
    post.arrives(letter())
    for number in range(taking.MOST_ANSWERS + 5):
        post.arrives(letter("Olen lomalla.", message_id=f"<a{number}@x.fi>", References="<1@example.fi>"))
    assert len(post.out.sent) == taking.MOST_ANSWERS
    assert len(post.tickets()) == 1
    assert len(post.notes(1)) == taking.MOST_ANSWERS + 5


def test_where_no_mail_can_be_sent_the_timeline_says_so(post: Post) -> None:
    post.office.arrives(letter(attachments=("lasku.png",)))
    post.read()
    post.answers(mute=True)
    assert post.town.fetch("SELECT kind, details->>'why' FROM ticket_event ORDER BY id DESC LIMIT 1") == [
        ("not_told", "no_mail")
    ]
    assert post.town.fetch("SELECT refused_sealed FROM mail_message") == [(None,)]


def test_an_address_that_takes_no_mail_is_noted_and_a_server_that_is_away_is_waited_for(post: Post) -> None:
    post.office.arrives(letter())
    post.read()
    away = Outgoing(fails=MailError("away", permanent=False))
    with pytest.raises(MailError):
        post.answers(away)
    assert post.town.fetch("SELECT answered_at FROM mail_message") == [(None,)]
    post.answers(Outgoing(fails=MailError("no such address", permanent=True)))
    assert post.town.events(1)[-1] == "not_told"


def test_an_answer_that_is_sent_again_after_a_crash_is_the_same_message(post: Post) -> None:
    post.office.arrives(letter())
    post.read()
    post.answers()
    post.change("UPDATE mail_message SET answered_at = NULL")
    post.change("UPDATE job SET state = 'waiting' WHERE kind = 'answer_mail'")
    post.answers()
    assert post.out.sent[0] == post.out.sent[1]
    assert post.town.events(1).count("answered") == 1


def test_an_answer_that_was_sent_is_not_sent_again(post: Post) -> None:
    post.arrives(letter())
    post.change("UPDATE job SET state = 'waiting' WHERE kind = 'answer_mail'")
    post.answers()
    assert len(post.out.sent) == 1
