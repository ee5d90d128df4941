"""Years of tickets, made by the database itself: as many as asked for, five events each, in one network.

What is sealed is one sealed value everywhere. Words fall off as those of a language do (the second is half as common as the
first), few tickets are open, most are Finnish, some towns are large and most are small.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from signal import SIGINT
from tempfile import TemporaryDirectory
from typing import Final

import psutil
import psycopg
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from admin import embedded, migrations
from tests.benchmarks.lived_ground import live_in
from tickets.directory import NewHelper, add_helper, add_line, add_network, add_organisation
from tickets.municipalities import all_municipalities
from tickets.people import Person
from tickets.store import Cipher, cipher_of, make_engine, make_session_factory
from tickets.vocabulary import HelperKind, Outcome, Role, Topic
from tickets.words import topic_mark, words_of
from voice_prompts.language import Language

LARGE: Final = 200_000
SMALL: Final = LARGE // 100
EVENTS: Final = 5  # of a ticket
WORDS: Final = 12  # of a ticket, beside those that the dictionaries pass over
ORGANISATIONS, PEOPLE, YEARS = 15, 40, 5
NOW: Final = datetime(2026, 11, 24, 7, 10, tzinfo=UTC)
_CIPHER: Final = Cipher(["3v9Nq0mZ7yQy1mJrC2YwVgPq3cXo5b6lJk8sTzR0aBc="], b"an index key for benchmarks")


@dataclass(frozen=True, slots=True)
class TicketsGround:
    """A network with its tickets; `words` are what they say, the commonest first."""

    engine: Engine
    sessions: sessionmaker[Session]
    size: int
    network: int
    organisations: tuple[int, ...]
    people: tuple[int, ...]
    words: tuple[str, ...]


@contextmanager
def tickets_grounds(*sizes: int) -> Iterator[Mapping[int, TicketsGround]]:
    """A database for each size, in one PostgreSQL of its own folder, gone afterwards."""
    with TemporaryDirectory(prefix="digilinja-bench-") as folder:
        first = embedded.start(Path(folder))
        server = psutil.Process(int((Path(folder) / "postgres" / "postmaster.pid").read_text().splitlines()[0]))
        made: dict[int, TicketsGround] = {}
        try:
            for size in sizes:
                with psycopg.connect(first.replace("+psycopg", ""), autocommit=True) as connection:
                    connection.execute(f"CREATE DATABASE tickets_{size}")
                made[size] = filled(embedded.start(Path(folder), database=f"tickets_{size}"), size)
            yield made
        finally:
            for ground in made.values():
                ground.engine.dispose()
            server.send_signal(SIGINT)
            server.wait(timeout=60)


def filled(url: str, size: int) -> TicketsGround:
    """Migrate the empty database at `url` and put so many tickets in."""
    migrations.upgrade(url)
    engine = make_engine(url)
    sessions = make_session_factory(engine, _CIPHER)
    with sessions.begin() as session:
        ground = fill(session, engine, sessions, size)
        live_in(session, ground.network, size, now=NOW)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return ground


def fill(session: Session, engine: Engine, sessions: sessionmaker[Session], size: int) -> TicketsGround:
    """A network of that many tickets in a migrated database without any; the caller commits, and lets it be analysed."""
    network = add_network(session, "Seutu", now=NOW - timedelta(days=YEARS * 366))
    line = add_line(session, network, "+358942450100", "Digituki", Language.FI)
    towns = [town.code for town in all_municipalities()]
    organisations = tuple(
        add_organisation(session, network, f"Organisaatio {number}", serves=towns[number::ORGANISATIONS])
        for number in range(ORGANISATIONS)
    )
    helpers = [
        add_helper(session, organisations[number % ORGANISATIONS], _helper(number), now=NOW) for number in range(PEOPLE)
    ]
    people = _people(session, network, organisations)
    words = vocabulary()
    _marks(session, network, words)
    given = {
        "size": size,
        "network": network,
        "line": line,
        "organisations": list(organisations),
        "people": list(people),
        "helpers": helpers,
        "towns": towns,
        "topics": list(Topic),
        "outcomes": list(Outcome),
        "sealed": cipher_of(session).seal("Tietokone ei käynnisty."),
        "now": NOW,
        "years": YEARS,
        "words": WORDS,
        "vocabulary": len(words),
    }
    for statement in _STATEMENTS:
        session.execute(text(statement), given)
    return TicketsGround(engine, sessions, size, network, organisations, people, words)


def vocabulary() -> tuple[str, ...]:
    """Some thousand words that nobody knows, but that are made as words are."""
    first = ("ka", "lu", "mi", "no", "pe", "ra", "si", "to", "vu", "yh", "ko", "la", "me", "ni", "su", "te", "va")
    last = ("lmo", "ntti", "ppula", "rsa", "skin", "tekki", "vuri", "lake", "nimo", "rustu", "hteri", "kanno")
    return tuple(a + b + c for c, a, b in product(last, first, first))


def _helper(number: int) -> NewHelper:
    return NewHelper(f"Auttaja {number}", f"+35850{number:07}", (Language.FI,), HelperKind.VOLUNTEER)


def _people(session: Session, network: int, organisations: tuple[int, ...]) -> tuple[int, ...]:
    name = cipher_of(session).seal("Nimi")
    people = [
        Person(
            network_id=network,
            organisation_id=organisations[number % ORGANISATIONS],
            role=Role.NEUVOJA,
            name_sealed=name,
            active=True,
            created_at=NOW,
        )
        for number in range(PEOPLE)
    ]
    session.add_all(people)
    session.flush()
    return tuple(person.id for person in people)


def _marks(session: Session, network: int, words: tuple[str, ...]) -> None:
    session.execute(text("CREATE TEMP TABLE said (rank bigint, mark bigint) ON COMMIT DROP"))
    session.execute(text("CREATE TEMP TABLE about (topic text, mark bigint) ON COMMIT DROP"))
    rows = [
        {"rank": rank, "mark": mark}
        for rank, word in enumerate(words)
        for marks in words_of(session, network, word)
        for mark in marks
    ]
    session.execute(text("INSERT INTO said VALUES (:rank, :mark)"), rows)
    topics = [{"topic": topic.value, "mark": topic_mark(session, network, topic)} for topic in Topic]
    session.execute(text("INSERT INTO about VALUES (:topic, :mark)"), topics)
    session.execute(text("CREATE INDEX ON said (rank)"))


# Every choice hangs on the ticket's number, so that each run makes the same tickets.
_TICKETS = """
INSERT INTO ticket (network_id, line_id, code, intake_key, matter, channel, status, language, topic, topics, device, on_behalf,
    municipality, non_disclosure, name_sealed, caller_sealed, caller_index, can_text, text_sealed, outcome, did_themselves,
    minutes, training_need, feedback, owner_organisation_id, owner_person_id, deadline, created_at, updated_at, closed_at)
SELECT :network, :line, 'DL-' || lpad(upper(to_hex(n)), 5, '0'), 'bench:' || n, n,
    CASE WHEN c < 0.7 THEN 'puhelin' WHEN c < 0.85 THEN 'lomake' WHEN c < 0.95 THEN 'sahkoposti' ELSE 'neuvoja' END,
    status, CASE WHEN l < 0.09 THEN 'sv' ELSE 'fi' END, topic,
    CASE WHEN n % 3 = 0 THEN ARRAY[topic] WHEN n % 7 = 0 THEN ARRAY[topic, (CAST(:topics AS text[]))[1 + n % 23]] ELSE '{}' END,
    CASE n % 4 WHEN 0 THEN 'android' WHEN 1 THEN 'windows' WHEN 2 THEN 'iphone' END, n % 6 = 0, town, n % 300 = 0, :sealed,
    :sealed, sha256(CAST('caller ' || n % (:size * 2 / 3) AS bytea)), n % 3 > 0, :sealed,
    CASE WHEN status = 'closed' THEN (CAST(:outcomes AS text[]))[1 + floor(16.99 * power(o, 4))] END,
    CASE WHEN n % 2 = 0 AND status = 'closed' THEN 'yes' END, 10 + n % 50, n % 40 = 0,
    CASE WHEN n % 5 = 0 AND status = 'closed' THEN 1 + n % 3 END,
    (CAST(:organisations AS bigint[]))[1 + hashed % array_length(CAST(:organisations AS bigint[]), 1)],
    CASE WHEN n % 9 = 0 THEN (CAST(:people AS bigint[]))[1 + n % array_length(CAST(:people AS bigint[]), 1)] END,
    CASE WHEN status IN ('with_coordinator', 'with_owner') THEN :now + (n % 9 - 3) * interval '1 day' END,
    at, at, CASE WHEN status = 'closed' THEN at + interval '1 day' END
FROM (
    SELECT n, at, c, l, o, topic, town, abs(hashtext(town)) AS hashed,
        CASE WHEN s > 0.03 AND n < :size * 0.99 OR n < :size * 0.9 AND s > 0.001 THEN 'closed' ELSE
            (ARRAY['open', 'unfinished', 'awaiting_outcome', 'with_coordinator', 'with_owner'])[1 + n % 5] END AS status
    FROM (
        SELECT n, random() AS c, random() AS l, random() AS s, random() AS o,
            :now - (:size - n) * (interval '1 day' * 366 * :years / :size) AS at,
            (CAST(:topics AS text[]))[1 + floor(22.99 * power(random(), 2))] AS topic,
            (CAST(:towns AS text[]))[1 + floor(307.99 * power(random(), 3))] AS town
        FROM generate_series(1, :size) AS n
    ) AS drawn
) AS told
"""
_STATEMENTS: Final = (
    "SELECT setseed(0.4)",
    _TICKETS,
    f"""
    INSERT INTO ticket_event (ticket_id, at, kind, actor, details)
    SELECT t.id, t.created_at + k * interval '1 hour',
        (ARRAY['opened', 'promised', 'attempt_begun', 'talk_ended', 'closed'])[k], 'line', '{{}}'
    FROM ticket t, generate_series(1, {EVENTS}) AS k
    """,
    "INSERT INTO ticket_access (ticket_id, organisation_id, given_at) SELECT id, owner_organisation_id, :now FROM ticket",
    """
    INSERT INTO ticket_access (ticket_id, organisation_id, given_at)
    SELECT id, (CAST(:organisations AS bigint[]))[1 + id % 15], :now FROM ticket WHERE id % 20 = 0 ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO slot (network_id, starts_at)
    SELECT DISTINCT :network, date_trunc('hour', created_at) + interval '1 day' FROM ticket WHERE id % 5 < 3
    """,
    """
    INSERT INTO callback (ticket_id, slot_id, network_id, starts_at, during, language, topic, municipality, code_sealed, state,
        assigned_helper_id, booked_at, caller_rung_at, ended_at, times_moved, tries)
    SELECT t.id, s.id, :network, s.starts_at, tstzrange(s.starts_at, s.starts_at + interval '1 hour'), t.language, t.topic,
        t.municipality, :sealed, 'kept', (CAST(:helpers AS bigint[]))[1 + t.id % 40], t.created_at,
        s.starts_at + interval '1 minute', s.starts_at + interval '1 hour', 0, 1
    FROM ticket t JOIN slot s ON s.starts_at = date_trunc('hour', t.created_at) + interval '1 day' WHERE t.id % 5 < 3
    """,
    """
    INSERT INTO attempt (callback_id, number, helper_id, state, result, intended_at, ended_at)
    SELECT id, 1, assigned_helper_id, 'ended', 'VASTASI', starts_at, ended_at FROM callback
    """,
    "ALTER TABLE ticket_word DROP CONSTRAINT pk_ticket_word, DROP CONSTRAINT fk_ticket_word_ticket_id",
    "DROP INDEX ix_ticket_word_ticket_id",
    """
    INSERT INTO ticket_word (network_id, word, ticket_id)
    SELECT DISTINCT :network, said.mark, drawn.id
    FROM (
        SELECT t.id, CAST(floor(exp(random() * ln(:vocabulary)) - 1) AS bigint) AS rank
        FROM ticket t, generate_series(1, :words)
    ) AS drawn JOIN said USING (rank)
    UNION SELECT :network, mark, id FROM ticket JOIN about USING (topic)
    """,
    "ALTER TABLE ticket_word ADD CONSTRAINT pk_ticket_word PRIMARY KEY (network_id, word, ticket_id)",
    """
    ALTER TABLE ticket_word ADD CONSTRAINT fk_ticket_word_ticket_id FOREIGN KEY (ticket_id) REFERENCES ticket (id)
    """,
    "CREATE INDEX ix_ticket_word_ticket_id ON ticket_word (ticket_id)",
)
