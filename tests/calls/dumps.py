"""The whole database as text, every seal opened: what is looked for in it is nowhere, or it is found."""

from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from tickets.registered import spellings
from tickets.store import cipher_of
from voice_prompts.language import Language
from voice_prompts.speech import spoken_number


def dump(sessions: sessionmaker[Session]) -> dict[str, list[str]]:
    """Every row of every table as one line: sealed values opened, bytes and what is counted in 64 bits as they stand."""
    with sessions() as session:
        named = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        return {table: _rows(session, table) for table in session.scalars(text(named)).all()}


def _rows(session: Session, table: str) -> list[str]:
    cipher = cipher_of(session)

    def shown(name: str, value: object) -> str:
        if name.endswith("_sealed") and isinstance(value, str):
            return cipher.open(value)
        if name.endswith("_sealed") and isinstance(value, bytes):
            return cipher.open_media(value).hex()
        return value.hex() if isinstance(value, bytes) else str(value)

    rows = session.execute(text(f"SELECT * FROM {table}"))
    return [" | ".join(f"{name}={shown(name, value)}" for name, value in row._mapping.items()) for row in rows]


def traces_of(phone: str, *words: str, sessions: sessionmaker[Session]) -> set[str]:
    """How somebody could be known: their number in each spelling and its hashes, and words of theirs with theirs."""
    with sessions() as session:
        index_of = cipher_of(session).index_of
        hashes = [index_of(known) for known in (phone, *words, *(word.casefold() for word in words))]
    marks = [str(int.from_bytes(index_of(phone)[:8], "big", signed=True))]
    spoken = [" ".join(spoken_number(phone, language)) for language in Language]
    return {
        *spellings(phone),
        *words,
        *spoken,
        *marks,
        *(known.hex() for known in hashes),
        *(h[:8].hex() for h in hashes),
    }


def found(needles: set[str], everything: dict[str, list[str]]) -> dict[str, list[str]]:
    """Which tables hold one of these, and the rows that do."""
    small = {needle.casefold() for needle in needles}
    hits = {
        table: [row[:300] for row in rows if any(needle in row.casefold() for needle in small)]
        for table, rows in everything.items()
    }
    return {table: rows for table, rows in hits.items() if rows}
