"""What else a network has after years, beside its tickets: of what grows with them in proportion, of the rest a handful.

Calls with their journals, alerts, what was noted, texted, published, looked at and changed grow; so does the rota that is over.
The coming weeks of it are as full on a small ground as on a large one, and as many alerts are open.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from ivr.conversation import Entry
from ivr.journal import NewCall, Part, append, open_call
from ivr.script import Answering
from ivr.stage import facts_of
from tickets.store import cipher_of
from voice_prompts.language import Language

COMING: Final = 35 * 11  # shifts, eleven a day: a week that is over and four to come
OPEN_ALERTS: Final = 60


def live_in(session: Session, network: int, size: int, *, now: object) -> None:
    """Let the network have lived with so many tickets; the caller commits."""
    first = _first_call(session, network, now)
    given = {
        "network": network,
        "size": size,
        "now": now,
        "sealed": cipher_of(session).seal("Tietokone ei käynnisty."),
        "coming": COMING,
        "open": OPEN_ALERTS,
        "first": first,
    }
    for statement in (*_GROWING, *_HANDFULS):
        session.execute(text(statement), given)


def _first_call(session: Session, network: int, now: object) -> int:
    """A call as the line journals it, for the others to be like."""
    line = session.execute(text("SELECT id, e164 FROM line ORDER BY id LIMIT 1")).one()
    languages = (Language.FI, Language.SV)
    facts = facts_of(Answering("Digituki", languages, None, "+358401112233"))
    new = NewCall("CA0", Part.CALLER, network, line.id, None, facts)
    call = open_call(session, new, now=now)  # type: ignore[arg-type]
    assert call is not None
    heard = Entry("language", {"keys": "1"}, now - timedelta(minutes=1))  # type: ignore[operator]
    known = Entry("look_up_caller", {"promises": [], "requests": [], "offered": None, "feedback": None})
    append(session, call, [heard, known], place=0)
    return call.id


_GROWING: Final = (
    """
    INSERT INTO call (call_sid, part, network_id, line_id, attempt_id, facts_sealed, started_at, ended_at)
    SELECT 'CA' || a.id, 'caller', :network, first.line_id, a.id, first.facts_sealed, a.intended_at,
        a.intended_at + interval '9 minutes'
    FROM attempt a, call first WHERE first.id = :first
    """,
    "UPDATE call SET ended_at = started_at + interval '3 minutes' WHERE id = :first",
    """
    INSERT INTO journal (call_id, place, key, value_sealed, heard_at)
    SELECT c.id, j.place, j.key, j.value_sealed, c.started_at FROM call c, journal j
    WHERE j.call_id = :first AND c.id <> :first
    """,
    """
    INSERT INTO note (ticket_id, author, text_sealed, written_at)
    SELECT id, 'person:' || coalesce(owner_person_id, 1), :sealed, created_at FROM ticket WHERE id % 3 = 0
    """,
    """
    INSERT INTO message (key, ticket_id, line_id, template, body_sealed, state, created_at, updated_at)
    SELECT 'text:' || id, id, line_id, 'saved', :sealed, 'delivered', created_at, created_at FROM ticket WHERE id % 2 = 0
    """,
    """
    INSERT INTO view_log (network_id, at, person_id, ticket_id, seen)
    SELECT :network, created_at + k * interval '1 hour', 1 + id % 5, id, 'ticket' FROM ticket, generate_series(1, 2) AS k
    """,
    """
    INSERT INTO alert (network_id, key, kind, at, callback_id, details, resolved_at)
    SELECT :network, 'deficit:' || id, 'deficit', booked_at, id, '{}', ended_at FROM callback WHERE id % 12 = 0
    """,
    """
    INSERT INTO alert (network_id, key, kind, at, details)
    SELECT :network, 'relay:' || id, 'relay', :now, jsonb_build_object('ticket', id)
    FROM (SELECT id FROM ticket ORDER BY id DESC LIMIT :open) AS newest
    """,
    """
    INSERT INTO relay (network_id, number, ticket_id, state, shown, made_by, made_at, published_by, published_at,
        claimed_by, claimed_at)
    SELECT :network, 'V-' || id, id, CASE WHEN is_open THEN 'open' ELSE 'claimed' END, jsonb_build_object('language', language),
        'person:1', created_at, 'person:1', created_at, CASE WHEN NOT is_open THEN 1 END, CASE WHEN NOT is_open THEN created_at END
    FROM (SELECT *, id > :size - 2000 AS is_open FROM ticket WHERE id % 50 = 0) AS published
    """,
    """
    INSERT INTO people_change (network_id, at, actor, kind, person_id, details)
    SELECT :network, :now - n * interval '1 hour', 'person:1', 'edited', 1 + n % 40, '{}' FROM generate_series(1, :size / 50) AS n
    """,
    """
    INSERT INTO shift (network_id, during, phase, call_minutes, needed, most, published_at, version)
    SELECT :network, tstzrange(day + interval '7 hours', day + interval '13 hours'), 0, 60, 2, 3, day - interval '30 days', 1
    FROM (
        SELECT date_trunc('day', CAST(:now AS timestamptz)) + (28 - n / 11) * interval '1 day' AS day
        FROM generate_series(0, :coming + :size / 10) AS n
    ) AS days
    """,
    """
    INSERT INTO place (network_id, shift_id, helper_id, during, state, taken_at, overridden)
    SELECT :network, s.id, h.id, s.during, 'held', lower(s.during) - interval '20 days', false
    FROM shift s, generate_series(0, 1) AS k, LATERAL (
        SELECT id FROM helper ORDER BY id LIMIT 1 OFFSET 2 * (s.id % 11) + k
    ) AS h
    """,
    """
    INSERT INTO rota_change (network_id, at, actor, kind, shift_id, details)
    SELECT :network, published_at, 'person:1', 'published', id, '{}' FROM shift
    """,
)
_HANDFULS: Final = (
    """
    INSERT INTO call (call_sid, part, network_id, line_id, facts_sealed, started_at, ended_at)
    SELECT 'CAtoday' || n, 'caller', :network, line_id, facts_sealed, started_at - n * interval '1 minute', started_at
    FROM call, generate_series(1, 60) AS n WHERE id = :first
    """,
    """
    INSERT INTO slot (network_id, starts_at)
    SELECT :network, date_trunc('day', CAST(:now AS timestamptz)) + interval '1 day 7 hours' + n * interval '1 hour'
    FROM generate_series(0, 5) AS n ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO callback (ticket_id, slot_id, network_id, starts_at, during, language, topic, municipality, code_sealed, state,
        booked_at, times_moved, tries)
    SELECT t.id, s.id, :network, s.starts_at, tstzrange(s.starts_at, s.starts_at + interval '1 hour'), t.language, t.topic,
        t.municipality, :sealed, 'promised', :now, 0, 0
    FROM (SELECT *, row_number() OVER (ORDER BY id DESC) AS n FROM ticket WHERE status = 'open' ORDER BY id DESC LIMIT 5) AS t
    JOIN slot s ON s.starts_at = date_trunc('day', CAST(:now AS timestamptz)) + interval '1 day 7 hours' + t.n % 6 * interval '1 hour'
    """,
    "UPDATE ticket SET status = 'promised' FROM callback c WHERE c.ticket_id = ticket.id AND c.state = 'promised'",
    """
    INSERT INTO rota_batch (network_id, kind, made_at, actor)
    SELECT :network, 'publish', :now - n * interval '7 days', 'person:1' FROM generate_series(1, 60) AS n
    """,
    "UPDATE shift SET batch_id = (SELECT max(id) FROM rota_batch) WHERE lower(during) > :now",
    "INSERT INTO template (network_id, name, created_at) SELECT :network, 'Viikko ' || n, :now FROM generate_series(1, 3) AS n",
    """
    INSERT INTO template_shift (template_id, rrule, first_day, begins, ends, call_minutes, needed, most, helpers)
    SELECT id, 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', DATE '2026-01-05', '09:00', '15:00', 60, 2, 3, '{}'
    FROM template, generate_series(1, 5)
    """,
    """
    INSERT INTO proposal (network_id, during, state, made_at, actor, figures)
    SELECT :network, tstzrange(:now, CAST(:now AS timestamptz) + interval '7 days'), 'dismissed', :now, 'person:1', '{}'
    """,
    """
    INSERT INTO referral_point (network_id, code, kind, outcome, name_fi, phone, municipality, serves, topics, reviewed_on,
        review_due, active, changed_at)
    SELECT :network, 'P' || n, 'library', 'OHJATTU_LAHI', 'Kirjasto ' || n, '+358942450100', '091', '{}', '{}', DATE '2026-10-01',
        DATE '2027-10-01', true, :now FROM generate_series(1, 80) AS n
    """,
    """
    INSERT INTO gathering (network_id, code, kind, name_fi, first_day, more_days, begins, ends, must_register, topics, languages,
        version, changed_at)
    SELECT :network, 'G' || n, 'event', 'Digitori ' || n, DATE '2026-11-20', '{}', '10:00', '12:00', false, '{}', '{fi}', 0, :now
    FROM generate_series(1, 80) AS n
    """,
    """
    INSERT INTO occasion (gathering_id, starts_at, ends_at, version, changed_at)
    SELECT id, first_day + begins, first_day + ends, 0, :now FROM gathering
    """,
    """
    INSERT INTO material (network_id, code, kind, title, url, language, topics, reviewed_on, review_due, active, changed_at)
    SELECT :network, 'M' || n, 'guide', 'Ohje ' || n, 'https://example.fi/' || n, 'fi', '{}', DATE '2026-10-01', DATE '2027-10-01',
        true, :now FROM generate_series(1, 80) AS n
    """,
    """
    INSERT INTO campaign (network_id, name, begins, ends, municipalities, medium)
    SELECT :network, 'Kampanja ' || n, DATE '2026-10-01', DATE '2026-10-14', '{}', 'advert' FROM generate_series(1, 20) AS n
    """,
    """
    INSERT INTO indicator (network_id, name, value, unit, begins, ends, area, source, source_date, entered_by, entered_at)
    SELECT :network, 'Osuus ' || n, n, '%', DATE '2026-01-01', DATE '2026-06-30', 'Seutu', 'Sote', DATE '2026-07-01', 'person:1', :now
    FROM generate_series(1, 20) AS n
    """,
    """
    INSERT INTO board_post (network_id, person_id, author, title_sealed, text_sealed, posted_at)
    SELECT :network, writer, 'person:' || writer, :sealed, :sealed, :now - n * interval '1 day'
    FROM generate_series(1, 60) AS n, (SELECT min(id) AS writer FROM person WHERE helper_id IS NULL) AS somebody
    """,
)
