"""The lines of a network: opened, and changed, by whoever keeps the settings. A line is never deleted, as tickets hang on it; it is put out of use."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from tickets.line_connections import LineConnection, connection_of
from tickets.municipalities import by_code
from tickets.network import Line
from tickets.people_log import About, PeopleChangeKind, note_people
from tickets.phone_numbers import e164_of
from voice_prompts.checks import faults_of_name
from voice_prompts.language import Language, name_said

LONGEST_NAME: Final = 80


class LineRefusal(StrEnum):
    """Why a line stays as it is; the pages have the words."""

    NOT_FOUND = "not_found"
    NO_NUMBER = "no_number"
    NUMBER_TAKEN = "number_taken"
    NO_NAME = "no_name"
    TOO_LONG = "too_long"
    UNSAYABLE = "unsayable"  # a voice says the name in each call
    UNKNOWN_MUNICIPALITY = "unknown_municipality"
    CHANGED_MEANWHILE = "changed_meanwhile"


@dataclass(frozen=True, slots=True)
class LineTerms:
    """A line as it is kept; `name` in its first language, `other_name` in the other. No municipality: it asks."""

    name: str
    other_name: str | None
    first_language: Language
    municipality: str | None
    active: bool
    hears_speech: bool

    def name_in(self, language: Language) -> str:
        """Its name as it is said in a language."""
        return name_said(language, self.name, self.other_name, first=self.first_language)


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line with its number, and how it stands with the operator."""

    id: int
    e164: str
    terms: LineTerms
    connection: LineConnection


def lines_kept(session: Session, network_id: int) -> tuple[LineRow, ...]:
    """The lines of a network, those out of use too, in the order in which they were opened."""
    rows = session.scalars(select(Line).where(Line.network_id == network_id).order_by(Line.id))
    return tuple(LineRow(row.id, row.e164, _terms_of(row), connection_of(row)) for row in rows)


def add_line_for(
    session: Session, network_id: int, typed: str, terms: LineTerms, *, now: datetime, actor: str
) -> int | LineRefusal:
    """A new line of this number, Finnish unless it names its country; its id. One number is one line's, whosoever it is."""
    number = e164_of(typed)
    if number is None:
        return LineRefusal.NO_NUMBER
    if (refusal := refusal_of(terms)) is not None:
        return refusal
    values = {"network_id": network_id, "e164": number, **{name: getattr(terms, name) for name in terms.__slots__}}
    made: int | None = session.scalar(insert(Line).values(values).on_conflict_do_nothing().returning(Line.id))
    if made is None:
        return LineRefusal.NUMBER_TAKEN
    note_people(session, network_id, PeopleChangeKind.LINE_OPENED, About(), actor=actor, now=now, line=made)
    return made


def number_of_line(session: Session, typed: str) -> str | LineRefusal:
    """The number that a new line would have, or why it cannot have it."""
    number = e164_of(typed)
    if number is None:
        return LineRefusal.NO_NUMBER
    taken = session.scalar(select(Line.id).where(Line.e164 == number))
    return number if taken is None else LineRefusal.NUMBER_TAKEN


def change_line(
    session: Session,
    network_id: int,
    line_id: int,
    change: Callable[[LineTerms], LineTerms | None],
    *,
    now: datetime,
    actor: str,
) -> LineTerms | LineRefusal:
    """Let a line be otherwise, from the next call on; how it was before. A `change` gives None where it is not as was seen."""
    mine = (Line.id == line_id, Line.network_id == network_id)
    wanted = (
        select(Line).where(*mine).with_for_update(key_share=True)
    )  # calls and tickets of the line come in meanwhile
    row = session.scalars(wanted, execution_options={"populate_existing": True}).one_or_none()
    if row is None:
        return LineRefusal.NOT_FOUND
    before = _terms_of(row)
    after = change(before)
    if after is None:
        return LineRefusal.CHANGED_MEANWHILE
    if (refusal := refusal_of(after)) is not None:
        return refusal
    fields = [name for name in after.__slots__ if getattr(before, name) != getattr(after, name)]
    for name in fields:
        setattr(row, name, getattr(after, name))
    session.flush()
    if fields:
        kind, about = PeopleChangeKind.LINE_CHANGED, About()
        note_people(session, network_id, kind, about, actor=actor, now=now, line=line_id, fields=fields)
    return before


def refusal_of(after: LineTerms) -> LineRefusal | None:
    """Why a line cannot be so; None where it can."""
    if not after.name:
        return LineRefusal.NO_NAME
    names = (after.name, after.other_name or "")
    if any(len(name) > LONGEST_NAME for name in names):
        return LineRefusal.TOO_LONG
    if any(map(faults_of_name, names)):
        return LineRefusal.UNSAYABLE
    unknown = after.municipality is not None and by_code(after.municipality) is None
    return LineRefusal.UNKNOWN_MUNICIPALITY if unknown else None


def _terms_of(row: Line) -> LineTerms:
    return LineTerms(row.name, row.other_name, row.first_language, row.municipality, row.active, row.hears_speech)
