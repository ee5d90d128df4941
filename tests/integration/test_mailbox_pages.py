"""A mailbox is added on its page once it has opened; its password is never shown, and goes to no other server than it was typed for."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import text

from admin.demo.data import DemoData
from admin.parts import Parts
from admin.worker import worker
from scheduler.mail.boxes import account_of
from scheduler.ports import MailAccount
from tests.integration.imap_server import ImapServer, serving
from tests.integration.post import BOX, letter
from tests.integration.signed_in_people import HOSTILE, Keeper, field
from tickets.store import cipher_of
from tickets.vocabulary import Role

NEW = "/admin/connections/mailboxes/new"
KEPT = "SELECT address, host, port, user_name, folder, done_folder, paused FROM mailbox ORDER BY id"


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """A test may reach a mail server of this machine."""
    return {**environment, "DIGILINJA_ALLOW_LOOPBACK": "yes"}


@pytest.fixture
def keeper(app: Flask, parts: Parts, demo: DemoData, now: datetime) -> Keeper:
    return Keeper(app, parts, demo, now)


def typed(keeper: Keeper, imap: ImapServer, **other: str) -> dict[str, str]:
    line = str(keeper.fetch("SELECT min(id) FROM line")[0][0])
    where = {"host": "127.0.0.1", "port": str(imap.port), "user": imap.user, "password": imap.password}
    return {"address": BOX, "line": line, **where, "folder": "INBOX", "done_folder": "", **other}


def added(keeper: Keeper, imap: ImapServer, **other: str) -> str:
    keeper.does(NEW, **typed(keeper, imap, **other))
    return f"/admin/connections/mailboxes/{keeper.fetch('SELECT max(id) FROM mailbox')[0][0]}"


def test_a_mailbox_is_opened_then_read_by_a_worker_and_its_password_is_nowhere(
    keeper: Keeper, parts: Parts, imap: ImapServer
) -> None:
    page = keeper.does(NEW, **typed(keeper, imap, done_folder="Luetut"))
    assert BOX in page
    assert "Ei vielä luettu" in page
    imap.arrives(letter())
    worker(parts).beat()
    assert imap.unread == []
    listed = keeper.sees("/admin/connections")
    assert "Luetaan" in listed
    assert "Viimeksi luettu" in listed
    form = keeper.sees(f"/admin/connections/mailboxes/{keeper.fetch('SELECT max(id) FROM mailbox')[0][0]}")
    assert imap.password not in page + listed + form
    assert field(form, "password") == ""
    assert imap.password not in str(keeper.fetch("SELECT * FROM mailbox"))
    assert keeper.fetch("SELECT kind FROM people_change ORDER BY id DESC LIMIT 1") == [("mailbox_added",)]


WRONG: list[tuple[dict[str, str], str]] = [
    ({"address": ""}, "Kirjoita tähän"),
    ({"address": "digituki"}, "Kirjoita osoite muodossa"),
    ({"address": HOSTILE}, "Kirjoita osoite muodossa"),
    ({"host": ""}, "Kirjoita tähän"),
    ({"host": "imap.example.fi/x"}, "Kirjoita palvelimen nimi"),
    ({"host": "x" * 10_000}, "liian pitkä"),
    ({"host": "127.0.0.1\r\nA LOGOUT"}, "Kirjoita palvelimen nimi"),
    ({"host": "10.0.0.1"}, "johon sivulta ei pääse"),
    ({"host": "169.254.169.254"}, "johon sivulta ei pääse"),
    ({"port": "0"}, "rajojen sisällä"),
    ({"port": "65536"}, "rajojen sisällä"),
    ({"port": "1"}, "ei saada yhteyttä"),
    ({"user": "muu"}, "ei hyväksy käyttäjätunnusta"),
    ({"password": "väärä"}, "ei hyväksy käyttäjätunnusta"),
    ({"password": ""}, "Kirjoita tähän"),
    ({"folder": "Saapuneet"}, "ei ole tällaista kansiota"),
    ({"folder": "\x00"}, "Kirjoita tähän"),
    ({"line": "999999"}, "Valitse jokin"),
    ({"line": ""}, "Valitse jokin"),
]


def test_what_is_wrong_with_a_mailbox_is_said_and_none_is_read(keeper: Keeper, imap: ImapServer) -> None:
    for wrong, told in WRONG:
        answer = keeper.sends(NEW, **typed(keeper, imap, **wrong))
        assert answer.status_code == 422, wrong
        assert told in answer.text, wrong
        assert "<script>alert" not in answer.text
        assert imap.password not in answer.text
        assert 'value="INBOX"' in answer.text or "folder" in wrong
        assert keeper.fetch(KEPT) == []


def test_an_address_is_read_once(keeper: Keeper, imap: ImapServer) -> None:
    added(keeper, imap)
    assert "luetaan jo" in keeper.is_told(NEW, **typed(keeper, imap, address=BOX.upper()))
    assert len(keeper.fetch(KEPT)) == 1


def test_it_is_changed_without_its_password_and_a_stale_form_changes_nothing(keeper: Keeper, imap: ImapServer) -> None:
    path = added(keeper, imap)
    seen = field(keeper.sees(path), "seen")
    changed = typed(keeper, imap, password="", done_folder="Luetut", seen=seen)
    assert BOX in keeper.does(path, **changed)
    assert keeper.fetch("SELECT done_folder FROM mailbox") == [("Luetut",)]
    assert "avautuu" in keeper.does(f"{path}/trial")  # by the password that it had
    assert "Joku muu on muuttanut" in keeper.is_told(path, **{**changed, "done_folder": "Muu"})
    assert keeper.fetch("SELECT done_folder FROM mailbox") == [("Luetut",)]
    assert keeper.fetch("SELECT kind FROM people_change ORDER BY id DESC LIMIT 1") == [("mailbox_changed",)]


def test_a_password_that_somebody_else_typed_while_the_box_was_tried_stays(
    keeper: Keeper, imap: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = added(keeper, imap)
    seen = field(keeper.sees(path), "seen")

    def tried_a_while(_account: MailAccount) -> dict[str, str]:
        with keeper.parts.sessions.begin() as session:
            sealed = cipher_of(session).seal("uusi-salasana")
            session.execute(text("UPDATE mailbox SET password_sealed = :sealed"), {"sealed": sealed})
        return {}

    monkeypatch.setattr("admin.network.mailboxes.trouble_with", tried_a_while)
    keeper.does(path, **typed(keeper, imap, password="", done_folder="Luetut", seen=seen))
    with keeper.parts.sessions() as session:
        box, done_folder, network = session.execute(text("SELECT id, done_folder, network_id FROM mailbox")).one()
        opened = account_of(session, network, box)
    assert opened is not None
    assert (opened.password, done_folder) == ("uusi-salasana", "Luetut")


def test_a_kept_password_is_sent_to_no_other_server_and_for_no_other_user(keeper: Keeper, imap: ImapServer) -> None:
    path = added(keeper, imap)
    seen = field(keeper.sees(path), "seen")
    with serving(ImapServer()) as strangers:
        for other in ({"port": str(strangers.port)}, {"user": "muu"}, {"host": "localhost"}):
            page = keeper.is_told(path, **typed(keeper, imap, password="", seen=seen, **other))
            assert "Kirjoita salasana uudelleen" in page
        assert strangers.said == []
        keeper.does(path, **typed(keeper, imap, port=str(strangers.port), seen=seen))
        assert strangers.said
    assert keeper.fetch("SELECT port FROM mailbox") == [(strangers.port,)]


def test_it_rests_and_is_read_again_with_what_came_meanwhile(keeper: Keeper, parts: Parts, imap: ImapServer) -> None:
    path = added(keeper, imap)
    assert "Keskeytetty" in keeper.does(f"{path}/pause")
    imap.arrives(letter())
    for _ in range(3):
        worker(parts).beat()
    assert imap.unread
    with keeper.parts.sessions.begin() as session:  # what was to be done meanwhile found it resting
        session.execute(text("DELETE FROM job WHERE kind = 'read_mailbox'"))
    assert "Keskeytetty" not in keeper.does(f"{path}/resumption")
    worker(parts).beat()
    assert imap.unread == []


def test_a_trial_says_what_lies_there_or_why_it_does_not_open(keeper: Keeper, imap: ImapServer) -> None:
    path = added(keeper, imap)
    assert "Lukematonta postia ei ole" in keeper.does(f"{path}/trial")
    imap.arrives(letter())
    assert "on lukematonta postia" in keeper.does(f"{path}/trial")
    assert imap.unread
    imap.password = "another"
    assert "ei hyväksy käyttäjätunnusta" in keeper.is_told(f"{path}/trial")


def test_what_is_read_no_more_is_not_there(keeper: Keeper, imap: ImapServer) -> None:
    path = added(keeper, imap)
    keeper.does(f"{path}/removal")
    assert keeper.fetch("SELECT kind FROM people_change ORDER BY id DESC LIMIT 1") == [("mailbox_removed",)]
    assert keeper.gets(path) == 404
    for deed in ("pause", "resumption", "trial"):
        assert keeper.sends(f"{path}/{deed}").status_code == 404, deed
    assert keeper.sends(path, **typed(keeper, imap)).status_code == 404


@pytest.mark.parametrize("role", [Role.KOORDINAATTORI, Role.NEUVOJA, Role.YHDYSHENKILO, Role.ALUEKOORDINAATTORI])
def test_whoever_keeps_no_settings_reads_no_mailbox(
    app: Flask, parts: Parts, demo: DemoData, now: datetime, imap: ImapServer, role: Role
) -> None:
    somebody = Keeper(app, parts, demo, now, role)
    assert somebody.client.get(NEW).location.startswith("/sign-in")
    assert somebody.sends(NEW, **typed(somebody, imap)).location.startswith("/sign-in")
    assert somebody.fetch(KEPT) == []
    assert imap.said == []
