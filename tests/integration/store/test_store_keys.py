"""Keys come and go: data keys, and the keys to the API."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine, String, select
from sqlalchemy.orm import Session

from ivr.conversation import Entry
from ivr.journal import NewCall, Part, append, open_call, read_journal
from scheduler.promises import live_promises
from tickets.directory import helpers_of
from tickets.errors import SealBrokenError
from tickets.keys import rotate, sealed_columns
from tickets.network_hours import NetworkHours
from tickets.recordings import keep_sound, note_recording, sound_of
from tickets.records import Base
from tickets.rights import rights_of
from tickets.store import Cipher, make_session_factory
from tickets.ticket import Ticket
from tickets.tokens import USED_EVERY, Bearer, issue_token, revoke_token, verify_token
from tickets.vocabulary import Role

if TYPE_CHECKING:
    from tests.integration.store.conftest import Town

for module in ("scheduler.outbox", "tickets.tokens"):
    import_module(module)

MOBILE = "+358401234567"
OLD_KEY = "3v9Nq0mZ7yQy1mJrC2YwVgPq3cXo5b6lJk8sTzR0aBc="
INDEX_KEY = b"an index key for tests"


def test_after_rotation_the_new_key_alone_opens_everything(engine: Engine, town: Town, now: datetime) -> None:
    promised = _fill(town, now)
    new_key = Fernet.generate_key().decode()
    with make_session_factory(engine, Cipher([new_key, OLD_KEY], INDEX_KEY)).begin() as session:
        assert rotate(session) > 0
    renewed = Cipher([new_key], INDEX_KEY)
    with make_session_factory(engine, renewed)() as session:
        assert live_promises(session, town.network, renewed.index_of(MOBILE)) == (promised,)
        assert [helper.name for helper in helpers_of(session, town.network)] == ["Auttaja 1"]
        sound = sound_of(session, "RE1")
        assert sound is not None
        assert sound.media == b"RIFF"
        for table in Base.metadata.sorted_tables:
            for column in sealed_columns(table):
                for value in session.scalars(select(column).where(column.is_not(None))):
                    renewed.renew_media(value if isinstance(value, bytes) else value.encode())


def test_rotation_without_the_old_key_says_so_and_changes_nothing(engine: Engine, town: Town, now: datetime) -> None:
    promised = _fill(town, now)
    stranger = Cipher([Fernet.generate_key().decode()], INDEX_KEY)
    with pytest.raises(SealBrokenError), make_session_factory(engine, stranger).begin() as session:
        rotate(session)
    with town.sessions() as session:
        assert live_promises(session, town.network, Cipher([OLD_KEY], INDEX_KEY).index_of(MOBILE)) == (promised,)


def test_no_column_holds_a_name_a_number_or_words_of_a_caller_unsealed() -> None:
    """What is personal is in a column whose name says that it is sealed; these are the texts that are not personal."""
    plain = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String) and not column.name.endswith("_sealed")
    }
    suspicious = {"name", "phone", "caller", "text", "body", "e164", "number", "value", "message"}
    assert {(table, column) for table, column in plain if column in suspicious} == {
        ("network", "name"),
        ("organisation", "name"),
        ("template", "name"),
        ("line", "name"),
        ("line", "e164"),
        ("line_sentence", "text"),  # what the line says
        ("line_recording", "text"),
        ("campaign", "name"),
        ("indicator", "name"),
        ("gathering", "phone"),  # where the public may ring
        ("referral_point", "phone"),
        ("saved_view", "name"),
        ("relay_channel", "name"),
        ("relay", "number"),  # what people name a relay by
        ("webhook_delivery", "body"),  # anonymised before it is kept: tests/properties/test_anonymiser.py
        ("support_month", "value"),  # a code
    }


def test_a_token_lets_in_its_bearer_until_it_ends(session: Session, town: Town, now: datetime) -> None:
    token = issue_token(session, town.network, Role.KOORDINAATTORI, now=now, expires_at=now + timedelta(days=1))
    bearer = verify_token(session, token, now=now)
    rights = rights_of(Role.KOORDINAATTORI)
    assert bearer == Bearer(1, town.network, Role.KOORDINAATTORI, None, None, None, rights, NetworkHours())
    assert verify_token(session, token + "x", now=now) is None
    assert verify_token(session, token, now=now + timedelta(days=1)) is None


def test_a_revoked_token_opens_nothing(session: Session, town: Town, now: datetime) -> None:
    token = issue_token(session, town.network, Role.KOORDINAATTORI, now=now)
    revoke_token(session, town.network + 1, 1, now=now)
    assert verify_token(session, token, now=now) is not None
    revoke_token(session, town.network, 1, now=now)
    assert verify_token(session, token, now=now) is None


def test_a_key_that_is_used_again_soon_is_not_written_anew_and_later_is(
    session: Session, town: Town, now: datetime
) -> None:
    token = issue_token(session, town.network, Role.KOORDINAATTORI, now=now)
    for used_at, noted in ((now, now), (now + USED_EVERY / 2, now), (now + USED_EVERY, now + USED_EVERY)):
        assert verify_token(session, token, now=used_at) is not None
        session.commit()
        assert town.fetch("SELECT used_at FROM api_token") == [(noted,)]


def test_a_token_is_not_in_the_database(session: Session, town: Town, now: datetime) -> None:
    token = issue_token(session, town.network, Role.NEUVOJA, now=now)
    session.commit()
    assert token not in str(town.fetch("SELECT encode(token_hash, 'escape'), * FROM api_token"))


def test_a_ticket_shows_nobodys_number_when_it_is_printed(session: Session, town: Town) -> None:
    ticket = session.get_one(Ticket, town.ticket(MOBILE, text="Soittakaa"))
    assert MOBILE not in repr(vars(ticket))
    assert "Soittakaa" not in repr(vars(ticket))


def _fill(town: Town, now: datetime) -> object:
    """A promise, a recording and a journal: something sealed in every kind of table."""
    town.shift("10:00", "11:00", town.helper())
    promised = town.promise("10:00", caller=MOBILE, text="Soittakaa")
    with town.sessions.begin() as session:
        note_recording(session, "CA1", "RE1", turn=1, duration_s=3, now=now)
        assert keep_sound(session, "RE1", b"RIFF", "audio/wav")
        call = open_call(
            session, NewCall("CA1", Part.CALLER, town.network, town.line, None, {"caller": MOBILE}), now=now
        )
        assert call is not None
        append(session, call, [Entry("confirm_number", "1", now)], place=0)
        assert read_journal(session, call)
    return promised
