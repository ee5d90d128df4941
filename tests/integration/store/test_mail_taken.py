"""E-mail becomes tickets: once, in threads, no more than one can see to; and the mailboxes it comes to."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from scheduler.mail import rounds, taking
from scheduler.mail.boxes import add_mailbox, mailboxes_of, readings, remove_mailbox
from scheduler.ports import MailAccount
from tests.integration.post import BOX, Office, letter
from tests.integration.store.conftest import SV, Town
from tests.integration.store.letterbox import ACCOUNT, Post
from tickets.directory import add_line, add_network
from tickets.mailboxes import MailTrouble


@pytest.fixture
def post(town: Town) -> Post:
    """A mailbox of the town's line."""
    return Post(town)


def closed(post: Post, ago: timedelta) -> None:
    post.change("UPDATE ticket SET status = 'closed', outcome = 'RATKAISTU', closed_at = :at", at=post.town.now - ago)


def test_a_letter_is_a_ticket_that_somebody_sees_to_by_the_end_of_the_next_working_day(post: Post) -> None:
    post.arrives(letter())
    ((ticket, code, status, language),) = post.tickets()
    assert (status, language) == ("with_coordinator", "fi")
    assert post.told(int(str(ticket))) == "Apua puhelimeen\nHei, puhelimeni ei toimi. Voisitteko auttaa?"
    ((channel, deadline, index),) = post.town.fetch("SELECT channel, deadline, email_index FROM ticket")
    assert (channel, deadline) == ("sahkoposti", post.town.at("15:00", days=1))
    assert index is not None
    assert str(code).startswith("DL-")
    assert post.town.events(int(str(ticket))) == ["opened", "to_coordinator", "answered"]


def test_a_letter_that_comes_twice_makes_nothing_twice(post: Post) -> None:
    post.arrives(letter())
    post.arrives(letter())
    assert len(post.tickets()) == 1
    assert len(post.out.sent) == 1
    assert post.notes(1) == []
    assert post.office.letters == {}


def test_a_letter_without_an_id_that_comes_twice_makes_nothing_twice_either(post: Post) -> None:
    post.arrives(letter(message_id=None))
    post.arrives(letter(message_id=None))
    assert len(post.tickets()) == 1
    assert post.out.sent[0].in_reply_to is None


def test_a_worker_that_dies_before_the_letter_is_put_away_makes_nothing_twice(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(_self: Office, _number: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(Office, "put_away", die)
        post.office.arrives(letter())
        with pytest.raises(KeyboardInterrupt):
            post.read()
    assert len(post.tickets()) == 1
    assert post.office.letters
    post.read()
    post.answers()
    assert len(post.tickets()) == 1
    assert len(post.out.sent) == 1
    assert post.office.letters == {}


def test_a_letter_that_could_not_be_written_down_stays_where_it_lies_and_the_next_is_taken(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = rounds.take

    def fail_at_first(*args: object, **told: object) -> object:
        monkeypatch.setattr(rounds, "take", take)
        raise OperationalError("", {}, Exception("the lock was not to be had"))

    monkeypatch.setattr(rounds, "take", fail_at_first)
    post.office.arrives(letter(message_id="<1@x.fi>"))
    post.office.arrives(letter(message_id="<2@x.fi>"))
    post.read()
    assert len(post.tickets()) == 1
    assert len(post.office.letters) == 1
    post.read()
    assert len(post.tickets()) == 2
    assert post.office.letters == {}


def test_an_answer_to_our_answer_is_the_same_matter(post: Post) -> None:
    post.arrives(letter())
    ours = post.out.sent[0].message_id
    assert ours is not None
    post.arrives(
        letter("Numeroni on 040 123.\n\n> Kiitos viestistänne", message_id="<2@x.fi>", **{"In-Reply-To": ours})
    )
    assert len(post.tickets()) == 1
    assert post.notes(1) == ["Numeroni on 040 123."]
    assert post.town.events(1)[-2:] == ["wrote_again", "answered"]
    assert "Lisäsimme sen pyyntöön" in post.out.sent[1].text


def test_an_answer_to_ones_own_letter_is_the_same_matter(post: Post) -> None:
    post.arrives(letter())
    post.arrives(letter("Vielä tämä.", message_id="<2@x.fi>", References="<0@x.fi> <1@example.fi>"))
    assert (len(post.tickets()), post.notes(1)) == (1, ["Vielä tämä."])


def test_a_letter_that_names_the_ticket_in_its_subject_is_the_same_matter(post: Post) -> None:
    post.arrives(letter())
    code = post.tickets()[0][1]
    post.arrives(letter("Vielä tämä.", subject=f"VS: [{code}] Digituki", message_id="<2@x.fi>"))
    assert (len(post.tickets()), post.notes(1)) == (1, ["Vielä tämä."])


def test_another_matter_of_the_same_person_is_another_ticket(post: Post) -> None:
    post.arrives(letter())
    post.arrives(letter("Hei, tulostin ei toimi.", message_id="<2@x.fi>"))
    assert len(post.tickets()) == 2


def test_whoever_forges_references_or_a_code_comes_upon_nobodys_matter(post: Post) -> None:
    post.arrives(letter())
    code, ours = post.tickets()[0][1], post.out.sent[0].message_id
    forged = {"sender": "toinen@example.fi", "subject": f"[{code}]", "References": f"{ours} <1@example.fi>"}
    post.arrives(letter("Kertokaa hänestä.", message_id="<2@x.fi>", **forged))
    assert len(post.tickets()) == 2
    assert post.notes(1) == []
    assert str(code) not in post.out.sent[1].text


def test_another_network_shares_no_thread(post: Post) -> None:
    with post.town.sessions.begin() as session:
        other = add_line(session, add_network(session, "Muu", now=post.town.now), "+358942450199", "Muu", SV)
    box = post.add(other, "muu@example.fi")
    post.arrives(letter())
    post.arrives(letter("Vielä", message_id="<2@x.fi>", References="<1@example.fi>"), box)
    post.arrives(letter(), box)
    networks = post.town.fetch("SELECT network_id FROM ticket ORDER BY id")
    assert [network for (network,) in networks] == [1, 2, 2]


def test_a_matter_closed_lately_is_open_again(post: Post) -> None:
    post.arrives(letter())
    closed(post, timedelta(days=3))
    post.arrives(letter("Ei toimi vieläkään.", message_id="<2@x.fi>", References="<1@example.fi>"))
    assert [row[2] for row in post.tickets()] == ["with_coordinator"]
    assert post.town.events(1)[-4:] == ["wrote_again", "reopened", "to_coordinator", "answered"]
    assert "uudelleen" in post.out.sent[1].text


def test_a_matter_closed_long_ago_stays_closed_and_there_is_a_new_one(post: Post) -> None:
    post.arrives(letter())
    closed(post, timedelta(days=31))
    post.arrives(letter("Ei toimi vieläkään.", message_id="<2@x.fi>", References="<1@example.fi>"))
    assert [row[2] for row in post.tickets()] == ["closed", "with_coordinator"]


@pytest.mark.parametrize(
    "raw",
    [
        letter(**{"Auto-Submitted": "auto-replied"}),
        letter(Precedence="bulk"),
        letter(sender=f"Digituki <{BOX.upper()}>"),
        b"From: nobody\n\nHei",
    ],
)
def test_what_is_no_persons_letter_makes_no_ticket_and_gets_no_answer(post: Post, raw: bytes) -> None:
    post.arrives(raw)
    assert post.tickets() == []
    assert post.out.sent == []
    assert post.office.letters == {}


def test_nobody_drowns_us_in_tickets_and_what_they_write_is_kept(post: Post) -> None:
    for number in range(taking.MOST_MATTERS + 3):
        post.arrives(letter(f"Hei {number}", message_id=f"<{number}@x.fi>"))
    assert len(post.tickets()) == taking.MOST_MATTERS
    assert post.notes(taking.MOST_MATTERS) == [f"Hei {taking.MOST_MATTERS + number}" for number in range(3)]


def test_what_is_more_than_a_day_takes_of_one_address_waits_unread_for_the_next_and_the_coordinator_hears_of_it(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "MOST_MESSAGES", 3)
    monkeypatch.setattr(rounds, "AT_ONCE", 2)
    for number in range(7):
        post.office.arrives(letter(f"Hei {number}", message_id=f"<{number}@x.fi>"))
    post.office.arrives(letter("Minä myös", sender="toinen@example.fi", message_id="<t@x.fi>"))
    for _ in range(4):
        post.read()
    assert list(post.office.letters) == ["4", "5", "6", "7"]  # nor do they stand in the way of another's
    assert len(post.tickets()) == 4
    alerts = post.town.fetch("SELECT kind, details FROM alert")
    assert alerts == [("mail", {"mailbox": post.box})]
    post.clock.moment += timedelta(days=1)
    for _ in range(4):
        post.read()
    assert list(post.office.letters) == ["7"]
    assert len(post.tickets()) == 7


def test_of_very_many_letters_each_is_looked_at_in_its_turn() -> None:
    numbers = [str(number) for number in range(3 * rounds.LOOKED_AT + 1)]
    now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    seen = [number for minute in range(4) for number in rounds.in_turn(numbers, now + timedelta(minutes=minute))]
    assert sorted(seen, key=int) == numbers
    assert rounds.in_turn(numbers[:9], now) == numbers[:9]


def test_nothing_that_was_written_lies_open_in_the_database(post: Post) -> None:
    post.arrives(letter("Salaisuus", subject="Yksityistä", attachments=("lasku.png",)))
    tables = [name for (name,) in post.town.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    everything = "".join(str(post.town.fetch(f"SELECT t::text FROM {name} t")) for name in tables)
    for word in ("Salaisuus", "Yksityistä", "maija", "Meikäläinen", "lasku", "<1@example.fi>", "'word'"):
        assert word.lower() not in everything.lower()


def test_one_worker_reads_a_mailbox_at_a_time_and_a_dead_one_is_not_waited_for_long(post: Post) -> None:
    post.office.arrives(letter())
    post.town.update("mailbox", post.box, busy_until=post.town.now + timedelta(minutes=1))
    post.read()
    assert post.tickets() == []
    post.clock.moment += timedelta(minutes=1)
    post.read()
    assert len(post.tickets()) == 1
    assert post.town.fetch("SELECT busy_until, trouble FROM mailbox") == [(None, None)]


def test_each_mailbox_is_read_once_a_minute_however_often_the_rounds_are_planned(post: Post) -> None:
    begins = post.town.now
    for _ in range(2):
        with post.town.sessions.begin() as session:
            readings(session, begins, begins + timedelta(minutes=2))
    assert [key for key in post.town.jobs() if key.startswith("read_mailbox")] == [
        f"read_mailbox:mailbox-{post.box}:20261124T07{minute}" for minute in (10, 11, 12)
    ]


def test_a_mailbox_that_is_read_no_more_forgets_what_opened_it(post: Post) -> None:
    post.arrives(letter())
    with post.town.sessions.begin() as session:
        assert remove_mailbox(session, post.town.network, post.box, now=post.town.now, actor="test")
        assert not remove_mailbox(session, post.town.network, post.box, now=post.town.now, actor="test")
        assert mailboxes_of(session, post.town.network) == ()
    post.arrives(letter(message_id="<2@x.fi>"))
    assert len(post.tickets()) == 1
    assert post.add(post.town.line, BOX) != post.box


def test_an_address_is_read_by_one_mailbox_only(post: Post) -> None:
    with post.town.sessions.begin() as session:
        assert add_mailbox(session, post.town.line, BOX.upper(), ACCOUNT, now=post.town.now, actor="test") is None


def test_what_hinders_a_mailbox_is_kept_for_its_operators_to_see(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: Office, _account: MailAccount) -> object:
        raise rounds.MailboxError(MailTrouble.LOG_IN_REFUSED)

    with monkeypatch.context() as wrong:
        wrong.setattr(Office, "open", refuse)
        post.read()
    with post.town.sessions() as session:
        assert [card.trouble for card in mailboxes_of(session, post.town.network)] == [MailTrouble.LOG_IN_REFUSED]
    post.read()
    with post.town.sessions() as session:
        assert [card.trouble for card in mailboxes_of(session, post.town.network)] == [None]


def test_a_letter_to_two_mailboxes_of_one_network_is_one_ticket_and_one_answer(post: Post) -> None:
    other = post.add(post.town.line, "digistod@example.fi")
    post.arrives(letter())
    post.arrives(letter(), other)
    assert len(post.tickets()) == 1
    assert len(post.out.sent) == 1
