"""Everything goes when its time has come, and not a second before; what is held stays."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from scheduler import forgetting
from scheduler.forgetting import steps_of
from tests.integration.store.conftest import Town
from tests.integration.store.nights import Night
from tickets.directory import helper_card
from tickets.holds import HoldRefusal, held, place_hold, release_hold
from tickets.people import Person
from tickets.recordings import keep_sound, note_recording
from tickets.retention import BOUNDS, Kept, Term, TermRefusal, Unit, set_term, terms_of
from tickets.store import cipher_of

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@dataclass(frozen=True)
class Default:
    """One row of the service's defaults: what it is planted as, what is looked for, and when it is gone."""

    name: str
    plant: Callable[["Night"], None]
    there: str
    goes: datetime


# All of it begins on Tuesday 24 November 2026 at 9.10 in Helsinki: 7.10 in UTC.
def on(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 7, 10, tzinfo=UTC)


DEFAULTS = [
    Default("a message 30 days after closing", Night.plant_message, "SELECT FROM recording WHERE media_sealed IS NOT NULL", on(2026, 12, 24)),
    Default("a message of an open matter 90 days after it was recorded", Night.plant_open_message, "SELECT FROM recording WHERE media_sealed IS NOT NULL", on(2027, 2, 22)),
    Default("a message of nobody's ticket after 14 days", Night.plant_stray_message, "SELECT FROM recording WHERE media_sealed IS NOT NULL", on(2026, 12, 8)),
    Default("a number 30 days after closing", Night.plant_closed, "SELECT FROM ticket WHERE caller_sealed IS NOT NULL OR caller_index IS NOT NULL", on(2026, 12, 24)),
    Default("a name 30 days after closing", Night.plant_closed, "SELECT FROM ticket WHERE name_sealed IS NOT NULL", on(2026, 12, 24)),
    Default("an address 30 days after closing", Night.plant_closed, "SELECT FROM ticket WHERE email_sealed IS NOT NULL OR email_index IS NOT NULL", on(2026, 12, 24)),
    Default("a text we sent 30 days after closing", Night.plant_closed, "SELECT FROM message WHERE ticket_id IS NOT NULL", on(2026, 12, 24)),
    Default("the mark of a caller 30 days after closing", Night.plant_closed, "SELECT FROM callback WHERE caller_mark IS NOT NULL", on(2026, 12, 24)),
    Default("what was told 6 months after closing", Night.plant_closed, "SELECT FROM ticket WHERE text_sealed IS NOT NULL", on(2027, 5, 24)),
    Default("a note 6 months after closing", Night.plant_closed, "SELECT FROM note", on(2027, 5, 24)),
    Default("what the timeline says besides 6 months after closing", Night.plant_closed, "SELECT FROM ticket_event WHERE details <> '{}' OR key IS NOT NULL", on(2027, 5, 24)),
    Default("the operator's name of a call 6 months after closing", Night.plant_closed, "SELECT FROM attempt WHERE call_sid IS NOT NULL", on(2027, 5, 24)),
    Default("all of a matter that was never reached 14 days after closing", Night.plant_never_reached, "SELECT FROM ticket WHERE caller_sealed IS NOT NULL OR text_sealed IS NOT NULL", on(2026, 12, 8)),
    Default("all of an abandoned call after 14 days", Night.plant_abandoned, "SELECT FROM ticket WHERE caller_sealed IS NOT NULL OR status <> 'closed'", on(2026, 12, 8)),
    Default("what was keyed in a call 30 days after its end", Night.plant_call, "SELECT FROM journal", on(2026, 12, 24)),
    Default("who rang 30 days after the end of the call", Night.plant_call, "SELECT FROM call", on(2026, 12, 24)),
    Default("a text to a helper 30 days after it was sent", Night.plant_text_to_helper, "SELECT FROM message", on(2026, 12, 24)),
    Default("a look 24 months after it", Night.plant_look, "SELECT FROM view_log", on(2028, 11, 24)),
    Default("a helper's name and number 12 months after they left", Night.plant_leaver, "SELECT FROM helper WHERE forgotten_at IS NULL", on(2027, 11, 24)),
    Default("a person's name and address 12 months after they left", Night.plant_leaver, "SELECT FROM person WHERE email_sealed IS NOT NULL", on(2027, 11, 24)),
    Default("that a text was taken after 30 days", Night.plant_heard_text, "SELECT FROM heard_text", on(2026, 12, 24)),
    Default("a finished job after 30 days", Night.plant_job, "SELECT FROM job WHERE kind = 'fetch'", on(2026, 12, 24)),
    Default("how often somebody asked after 2 days", Night.plant_count, "SELECT FROM count", on(2026, 11, 26)),
    Default("a key 12 months after it was revoked", Night.plant_key, "SELECT FROM api_token", on(2027, 11, 24)),
]  # fmt: skip


@pytest.mark.parametrize("default", DEFAULTS, ids=lambda default: default.name)
def test_it_goes_at_its_time_and_not_a_second_before(town: Town, default: Default) -> None:
    night = Night(town)
    default.plant(night)
    night.falls(default.goes - SECOND)
    assert town.fetch(default.there), "gone too soon"
    night.falls(default.goes)
    assert not town.fetch(default.there), "kept too long"


def test_every_term_has_a_row_among_the_defaults_above() -> None:
    assert len(DEFAULTS) > len(Kept)
    named = {"message", "number", "told", "never reached", "keyed", "text to a helper", "look", "helper's name"}
    assert {word for word in named if any(word in default.name for default in DEFAULTS)} == named


def test_what_was_counted_stays_counted_and_nobody_is_left_in_it(town: Town) -> None:
    night = Night(town)
    ticket = night.plant_closed()
    before = town.fetch("SELECT count(*), min(topic), min(channel), min(municipality) FROM ticket")
    night.falls(on(2028, 1, 1))
    assert town.fetch("SELECT count(*), min(topic), min(channel), min(municipality) FROM ticket") == before
    assert town.events(ticket)[-1] == "anonymised"
    assert "promised" in town.events(ticket)
    assert town.fetch("SELECT count(*) FROM callback WHERE state = 'kept'") == [(1,)]


def test_the_message_is_forgotten_at_the_operator_too(town: Town) -> None:
    night = Night(town)
    night.plant_message()
    night.falls(on(2026, 12, 24))
    assert "forget:recording-RE1" in town.jobs()


def test_a_newer_message_of_the_same_open_matter_stays_when_the_older_one_goes(town: Town) -> None:
    night = Night(town)
    ticket = night.open()
    night._message(ticket)
    with town.sessions.begin() as session:
        note_recording(session, "CA-later", "RE-later", turn=1, duration_s=6, now=on(2027, 2, 1))
        keep_sound(session, "RE-later", b"a later message", "audio/wav")
        session.execute(text("UPDATE recording SET ticket_id = :t"), {"t": ticket})
    night.falls(on(2027, 2, 22))
    assert town.fetch("SELECT recording_sid FROM recording WHERE media_sealed IS NOT NULL") == [("RE-later",)]
    assert not [key for key in town.jobs() if key.endswith("RE-later")]


def test_a_second_run_of_the_same_night_does_nothing(town: Town, statements: list[str]) -> None:
    night = Night(town)
    night.plant_closed()
    night.plant_never_reached()
    night.falls(on(2027, 12, 1))
    everything = _dump(town)
    night.falls(on(2027, 12, 1))
    assert _dump(town) == everything


def test_under_turvakielto_not_even_the_municipality_stays(town: Town) -> None:
    night = Night(town)
    hidden, other = night.closed(municipality="853"), night.closed(municipality="853")
    town.update("ticket", hidden, non_disclosure=True)
    night.falls(on(2027, 12, 1))
    assert town.fetch("SELECT id, municipality FROM ticket ORDER BY id") == [(hidden, None), (other, "853")]


def test_who_waits_for_a_time_is_not_forgotten_although_they_hung_up(town: Town) -> None:
    night = Night(town)
    waits = night.plant_abandoned()
    night._run(
        "INSERT INTO waiting (network_id, ticket_id, language, since, state, times_offered)"
        " VALUES (:n, :t, 'fi', :now, 'waiting', 0)", n=town.network, t=waits, now=town.now,
    )  # fmt: skip
    night.falls(on(2027, 12, 1))
    assert town.status(waits) == "unfinished"
    assert town.fetch("SELECT FROM ticket WHERE caller_sealed IS NOT NULL")


def test_a_matter_that_nobody_has_closed_keeps_its_caller_and_its_words(town: Town) -> None:
    night = Night(town)
    night.open()
    night.falls(on(2030, 1, 1))
    assert town.fetch("SELECT FROM ticket WHERE caller_sealed IS NOT NULL AND text_sealed IS NOT NULL")


def test_a_matter_opened_again_and_closed_again_is_kept_from_its_last_closing(town: Town) -> None:
    night = Night(town)
    ticket = night.closed()
    night.falls(on(2026, 12, 24))
    with town.sessions.begin() as session:
        sealed = {"s": cipher_of(session).seal("+358401234567"), "i": b"i", "id": ticket}
        session.execute(text("UPDATE ticket SET caller_sealed = :s, caller_index = :i WHERE id = :id"), sealed)
    town.update("ticket", ticket, closed_at=on(2027, 2, 1))
    night.falls(on(2027, 3, 3) - SECOND)
    assert town.fetch("SELECT FROM ticket WHERE caller_sealed IS NOT NULL")
    night.falls(on(2027, 3, 3))
    assert not town.fetch("SELECT FROM ticket WHERE caller_sealed IS NOT NULL")


# Legal hold.


def _hold(town: Town, ticket: int, until: datetime, reason: str = "Kantelu, dnro 17") -> HoldRefusal | None:
    with town.sessions.begin() as session:
        return place_hold(session, ticket, reason, until, now=town.now, actor="person:1")


def test_a_held_ticket_and_all_that_belongs_to_it_stays_until_its_day(town: Town) -> None:
    night = Night(town)
    ticket = night.plant_closed()
    night._message(ticket)
    night.plant_look(ticket)
    night.plant_call(f"CX{ticket}")
    until = on(2029, 1, 1)
    assert _hold(town, ticket, until) is None
    everything = _dump(town, but=("job", "helper"))
    night.falls(until - SECOND)
    assert _dump(town, but=("job", "helper")) == everything
    night.falls(until)
    assert town.events(ticket)[-2:] == ["released", "anonymised"]
    assert not town.fetch("SELECT FROM note UNION ALL SELECT FROM journal UNION ALL SELECT FROM view_log")
    assert not town.fetch("SELECT FROM legal_hold")


def test_a_hold_that_is_ended_before_its_day_lets_everything_go(town: Town) -> None:
    night = Night(town)
    ticket = night.closed()
    assert _hold(town, ticket, on(2028, 1, 1)) is None
    with town.sessions.begin() as session:
        assert release_hold(session, ticket, now=town.now + DAY, actor="person:1") is None
        assert release_hold(session, ticket, now=town.now + 2 * DAY, actor="person:1") is HoldRefusal.NOT_HELD
    night.falls(on(2027, 5, 24))
    assert town.events(ticket)[-2:] == ["released", "anonymised"]


def test_a_ticket_is_held_once_at_a_time_and_again_afterwards(town: Town) -> None:
    ticket = Night(town).closed()
    assert _hold(town, ticket, town.now + DAY) is None
    assert _hold(town, ticket, town.now + 9 * DAY) is HoldRefusal.HELD_ALREADY
    town.now += DAY
    assert _hold(town, ticket, town.now + DAY) is None
    with town.sessions() as session:
        assert held(session, [ticket], now=town.now) == {ticket}


@pytest.mark.parametrize(
    ("reason", "ahead", "refusal"),
    [
        (" ", DAY, HoldRefusal.NO_REASON),
        ("Kantelu", timedelta(0), HoldRefusal.NOT_AHEAD),
        ("Kantelu", timedelta(days=4 * 365), HoldRefusal.TOO_LONG),
    ],
)
def test_a_hold_has_a_reason_and_a_day_within_three_years(
    town: Town, reason: str, ahead: timedelta, refusal: HoldRefusal
) -> None:
    assert _hold(town, Night(town).closed(), town.now + ahead, reason) is refusal


def test_what_is_gone_cannot_be_held(town: Town) -> None:
    night = Night(town)
    ticket = night.closed()
    night.falls(on(2027, 6, 1))
    assert _hold(town, ticket, town.now + DAY) is HoldRefusal.NOTHING_LEFT
    assert _hold(town, 999, town.now + DAY) is HoldRefusal.NOT_FOUND


# The terms.


def test_a_network_chooses_its_own_terms_within_what_is_lawful(town: Town) -> None:
    with town.sessions.begin() as session:
        chosen = {"now": town.now, "actor": "person:1"}
        for kept, bounds in BOUNDS.items():
            for amount in (bounds.least - 1, bounds.most + 1):
                assert set_term(session, town.network, kept, amount, **chosen) is TermRefusal.OUT_OF_BOUNDS
            for amount in (bounds.least, bounds.most):
                assert set_term(session, town.network, kept, amount, **chosen) is None
                assert terms_of(session, town.network)[kept] == Term(amount, bounds.usual.unit)
            assert set_term(session, town.network, kept, None, **chosen) is None
        assert terms_of(session, town.network) == {kept: bounds.usual for kept, bounds in BOUNDS.items()}


def test_a_term_that_was_chosen_counts_from_the_next_night(town: Town) -> None:
    night = Night(town)
    night.closed()
    with town.sessions.begin() as session:
        set_term(session, town.network, Kept.CONTACT, 3, now=town.now, actor="person:1")
    night.falls(on(2026, 11, 27))
    assert not town.fetch("SELECT FROM ticket WHERE caller_sealed IS NOT NULL")
    assert town.fetch("SELECT FROM note")


@pytest.mark.parametrize(
    ("now", "term", "before"),
    [
        (on(2027, 3, 31), Term(1, Unit.MONTHS), on(2027, 2, 28)),
        (on(2028, 3, 31), Term(1, Unit.MONTHS), on(2028, 2, 29)),
        (on(2027, 1, 15), Term(24, Unit.MONTHS), on(2025, 1, 15)),
        (on(2026, 12, 24), Term(30), on(2026, 11, 24)),
    ],
)
def test_months_are_counted_by_the_calendar(now: datetime, term: Term, before: datetime) -> None:
    assert term.before(now) == before


# The job.


def test_a_thousand_tickets_go_in_batches_and_a_broken_job_goes_on_where_it_was(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    night = Night(town)
    ticket = night.closed()
    night._run(_MANY, like=ticket)
    monkeypatch.setattr(forgetting, "MOST_BATCHES", 3)
    night.falls(on(2027, 12, 1))
    (left,) = town.fetch("SELECT count(*) FROM ticket WHERE anonymised_at IS NULL")[0]
    assert left == 1000 - 3 * forgetting.BATCH
    assert "forget_old:all:2027-12-01:part-2" in town.jobs()
    with town.sessions.begin() as session:
        (step,) = [step for name, step in steps_of(session) if name.startswith("text")]
        step(session, on(2027, 12, 1))
        session.rollback()  # killed in the middle of a batch
    assert town.fetch("SELECT count(*) FROM ticket WHERE anonymised_at IS NULL") == [(left,)]
    night.falls(on(2027, 12, 1))
    assert town.fetch("SELECT count(*) FROM ticket WHERE anonymised_at IS NULL OR text_sealed IS NOT NULL") == [(0,)]


_MANY = """
INSERT INTO ticket (network_id, line_id, code, intake_key, matter, channel, status, language, can_text, text_sealed,
    created_at, updated_at, closed_at)
SELECT network_id, line_id, 'X-' || n, 'x:' || n, '', channel, status, language, false, text_sealed, created_at, updated_at,
    closed_at FROM ticket, generate_series(1, 999) n WHERE id = :like
"""


def test_what_cannot_be_forgotten_keeps_nothing_else_and_is_told(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    night = Night(town)
    night.closed()
    night.plant_heard_text()

    def broken(*_: object, **__: object) -> int:
        raise RuntimeError("the first thing fails")

    monkeypatch.setattr(forgetting, "forget_tickets", broken)
    with pytest.raises(RuntimeError, match="the first thing fails"):
        night.falls(on(2027, 12, 1))
    assert not town.fetch("SELECT FROM heard_text")


def test_a_leaver_is_nameless_and_their_work_still_there(town: Town) -> None:
    night = Night(town)
    person = night.plant_leaver()
    night.falls(on(2027, 11, 24))
    with town.sessions() as session:
        helper = session.get_one(Person, person).helper_id
        assert helper is not None
        card = helper_card(session, helper)
    assert card is not None
    assert (card.name, card.phone) == ("", "")


def _dump(town: Town, but: tuple[str, ...] = ()) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    tables = town.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return {str(name): sorted(town.fetch(f"SELECT * FROM {name}"), key=str) for (name,) in tables if name not in but}
