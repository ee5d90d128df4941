"""What is said in a ticket, to be found again: each word as a keyed hash, beside texts that stay sealed.

PostgreSQL's Finnish and Swedish dictionaries both read every text and every question (docs/decisions/0019-search.md): what
somebody wrote is not always in their ticket's language. The words go to the database as a question goes, and are not kept
there; kept are numbers that nobody can turn back without the installation's secret. A ticket's topics and e-service are marked likewise.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from sqlalchemy import BigInteger, ForeignKey, delete, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from tickets.identity_codes import without_secrets
from tickets.records import Base
from tickets.stems import PUT_ON, folded
from tickets.store import Cipher, cipher_of
from tickets.vocabulary import Topic
from voice_prompts.language import Language

LONGEST_NUMBER: Final = 4  # "Windows 11"; a longer one is somebody's


class TicketWord(Base):
    """That a word is in a ticket; read backwards, its key gives a word's tickets newest first."""

    __tablename__ = "ticket_word"

    network_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    word: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True, autoincrement=False, index=True)


_NOTE = text("""
INSERT INTO ticket_word (network_id, word, ticket_id)
SELECT network_id, word, id FROM ticket, unnest(CAST(:marks AS bigint[])) AS word WHERE id = :ticket
ON CONFLICT DO NOTHING
""")


def note_words(session: Session, network_id: int, ticket_id: int, *texts: str) -> None:
    """These texts are found from now on; what was found before still is."""
    note_marks(session, ticket_id, marks_in(session, network_id, *texts))


def note_marks(session: Session, ticket_id: int, marks: Iterable[int]) -> None:
    """The ticket is found by these marks, too."""
    session.execute(_NOTE, {"ticket": ticket_id, "marks": sorted(set(marks))})


def forget_words(session: Session, ticket_id: int) -> None:
    """Nothing that was said in this ticket finds it any more; nor do its topics."""
    session.execute(delete(TicketWord).where(TicketWord.ticket_id == ticket_id))


def marks_in(session: Session, network_id: int, *texts: str) -> frozenset[int]:
    """All marks of these texts."""
    return frozenset(mark for said in texts for marks in words_of(session, network_id, said) for mark in marks)


def topic_mark(session: Session, network_id: int, topic: Topic) -> int:
    """The mark of a topic, as one of a word that nobody can write."""
    return _mark(cipher_of(session), network_id, f"topic:{topic}")


def e_service_mark(session: Session, network_id: int, code: str) -> int:
    """The mark of an e-service, likewise."""
    return _mark(cipher_of(session), network_id, f"e-service:{code}")


# What PostgreSQL's parser calls words, and what is written like one; an address or a long number is somebody's.
_WORDS = text("""
SELECT token, ts_lexize('finnish_stem', token) AS fi, ts_lexize('finnish_stem', token || :fi) AS fi_again,
    ts_lexize('swedish_stem', token) AS sv, ts_lexize('swedish_stem', token || :sv) AS sv_again,
    alias NOT IN ('uint', 'numword', 'version', 'host') AS inflected
FROM (
    SELECT DISTINCT token, alias FROM ts_parse('default', :said) JOIN ts_token_type('default') USING (tokid)
    WHERE alias IN ('asciiword', 'word', 'asciihword', 'hword', 'hword_part', 'hword_asciipart', 'numhword', 'hword_numpart',
        'numword', 'version', 'host') OR alias = 'uint' AND length(token) <= :longest
) AS said ORDER BY token
""")


def words_of(session: Session, network_id: int, said: str) -> tuple[frozenset[int], ...]:
    """Each word of a text that tells something, as the marks by any of which it is found; one statement.

    What either language passes over (and, the) is left out.
    """
    plain = unicodedata.normalize("NFC", without_secrets(said)).lower().replace("/", " ").replace("\0", " ")
    put_on = {"fi": PUT_ON[Language.FI], "sv": PUT_ON[Language.SV]}
    rows = session.execute(_WORDS, {"said": plain, "longest": LONGEST_NUMBER, **put_on}).all()
    cipher = cipher_of(session)
    words = (
        [row.token] if not row.inflected else [*_stems(row.fi, row.fi_again, row.sv, row.sv_again)] for row in rows
    )
    return tuple(frozenset(_mark(cipher, network_id, stem) for stem in stems) for stems in words if stems)


def _stems(fi: list[str], fi_again: list[str], sv: list[str], sv_again: list[str]) -> Iterator[str]:
    if fi and sv:  # neither passes it over
        yield from (folded(lexeme, Language.FI) for lexeme in (*fi, *fi_again))
        yield from (folded(lexeme, Language.SV) for lexeme in (*sv, *sv_again))


def _mark(cipher: Cipher, network_id: int, stem: str) -> int:
    """64 bits of the keyed hash; each network has its own, so that nobody can compare what two of them are told."""
    return int.from_bytes(cipher.index_of(f"word {network_id} {stem}")[:8], "big", signed=True)
