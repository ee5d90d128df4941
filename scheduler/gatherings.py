"""The days of gatherings: written out from their rules, called off one by one, and counted when they have been held."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Select, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from scheduler.rota.recurrence import Rule, RuleRefused, read_rule
from scheduler.slots import HELSINKI, Span, span_on
from tickets.entries import EntryRefusal, GatheringFacts, entry_with, put, unknown_in
from tickets.gatherings import Gathering, GatheringReport, Occasion

AHEAD: Final = timedelta(days=365)  # so far the days of a rule without an end stand written


@dataclass(frozen=True, slots=True)
class Held:
    """How an occasion went: people, what about and in which languages (people by code), minutes, who helped."""

    people: int
    topics: Mapping[str, int]
    languages: Mapping[str, int]
    minutes: int
    volunteers: int
    staff: int


def put_gathering(
    session: Session, network_id: int, facts: GatheringFacts, *, now: datetime
) -> int | RuleRefused | EntryRefusal:
    """Put a gathering in, or let the one of this code be so from now on; its number.

    Days that are over stay as they were. A coming day that its rule names no more is gone; one that was called off stays so.
    """
    rule = read_rule(facts.rrule, facts.first_day) if facts.rrule else None
    if isinstance(rule, RuleRefused):
        return rule
    refusal = unknown_in(session, network_id, facts.organisation_id, None)
    if refusal is not None:
        return refusal
    row, changed = put(session, Gathering, network_id, facts, now=now)
    if changed or row.cancelled_at is not None:
        row.version += 1
        row.cancelled_at = None
        write_out(session, row, rule, now=now)
    return row.id


def write_out(session: Session, row: Gathering, rule: Rule | None, *, now: datetime) -> None:
    """Let the days of a gathering stand as they follow from what it says, a year ahead."""
    today = now.astimezone(HELSINKI).date()
    wanted = {day: span_on(day, row.begins, row.ends) for day in _days(row, rule, today)}
    known = {_day_of(one): one for one in session.scalars(_of(row)).all()}
    for day, one in known.items():
        if one.starts_at > now and day not in wanted:
            session.execute(delete(Occasion).where(Occasion.id == one.id))
        elif one.starts_at > now and wanted[day] != Span(one.starts_at, one.ends_at):
            one.starts_at, one.ends_at = wanted[day].begins, wanted[day].ends
            one.version, one.changed_at = one.version + 1, now
    # Of what is put in anew the days that are over stand too: they may have been held, and be reported.
    new = (span for day, span in wanted.items() if day not in known and (span.begins > now or not known))
    _add(session, row, new, now)


def extend_all(session: Session, *, now: datetime) -> None:
    """Write out one more stretch of every gathering that comes again."""
    coming_again = select(Gathering).where(Gathering.rrule.is_not(None), Gathering.cancelled_at.is_(None))
    for row in session.scalars(coming_again.order_by(Gathering.id).with_for_update()).all():
        rule = read_rule(row.rrule, row.first_day) if row.rrule else None
        if isinstance(rule, Rule):
            write_out(session, row, rule, now=now)


def call_off(
    session: Session, network_id: int, code: str, day: date, *, now: datetime, off: bool
) -> EntryRefusal | None:
    """The gathering is not held on this day, or is held after all."""
    one = occasion_on(session, network_id, code, day)
    if one is None:
        return EntryRefusal.UNKNOWN_ENTRY
    if (one.called_off_at is not None) is not off:
        one.called_off_at = now if off else None
        one.version, one.changed_at = one.version + 1, now
    session.flush()
    return None


def cancel_gathering(session: Session, network_id: int, code: str, *, now: datetime) -> bool:
    """It is held no more; what was held stays. False where there is no such gathering."""
    row = entry_with(session, Gathering, network_id, code)
    if row is None:
        return False
    if row.cancelled_at is None:
        row.cancelled_at, row.changed_at, row.version = now, now, row.version + 1
    session.flush()
    return True


def report(
    session: Session, network_id: int, code: str, day: date, held: Held, *, now: datetime, actor: str
) -> EntryRefusal | None:
    """Write down how a day went; written again, it is corrected."""
    one = occasion_on(session, network_id, code, day)
    if one is None:
        return EntryRefusal.UNKNOWN_ENTRY
    if one.called_off_at is not None:
        return EntryRefusal.CALLED_OFF
    if one.starts_at > now:
        return EntryRefusal.NOT_HELD_YET
    told = {
        "people": held.people,
        "topics": dict(held.topics),
        "languages": dict(held.languages),
        "minutes": held.minutes,
        "volunteers": held.volunteers,
        "staff": held.staff,
        "entered_at": now,
        "entered_by": actor,
    }
    written = insert(GatheringReport).values(occasion_id=one.id, **told)
    session.execute(written.on_conflict_do_update(index_elements=[GatheringReport.occasion_id], set_=told))
    return None


def occasion_on(session: Session, network_id: int, code: str, day: date) -> Occasion | None:
    """The day of a gathering that begins on this day in Finland."""
    row = entry_with(session, Gathering, network_id, code)
    found = () if row is None else session.scalars(_of(row)).all()
    return next((one for one in found if _day_of(one) == day), None)


def _of(row: Gathering) -> Select[Occasion]:
    return select(Occasion).where(Occasion.gathering_id == row.id).with_for_update()


def _days(row: Gathering, rule: Rule | None, today: date) -> Collection[date]:
    """The days that a gathering says: those of its rule from a year ago to a year ahead."""
    ruled = {row.first_day} if rule is None else set(rule.days(today - AHEAD, today + AHEAD))
    return ruled | set(row.more_days)


def _day_of(one: Occasion) -> date:
    return one.starts_at.astimezone(HELSINKI).date()


def _add(session: Session, row: Gathering, spans: Iterable[Span], now: datetime) -> None:
    session.add_all(
        Occasion(gathering_id=row.id, starts_at=span.begins, ends_at=span.ends, changed_at=now) for span in spans
    )
    session.flush()
