"""Weeks as they usually are: shifts that come again, with whom, and the days on which they do not."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as insert_once
from sqlalchemy.orm import Session

from scheduler.rota.changes import About, ChangeKind, note_change
from scheduler.rota.effects import lock_rota
from scheduler.rota.listing import Terms
from scheduler.rota.records import Template, TemplateShift
from scheduler.rota.recurrence import Rule, RuleRefused, read_rule
from scheduler.rota.shifts import ShiftRefusal, why_not
from scheduler.slots import span_on
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language

A_PLAIN_DAY: Final = date(2026, 1, 1)  # without a change of the clock, to measure hours by


@dataclass(frozen=True, slots=True)
class Weekly:
    """A shift that comes again: days by `rrule` (RFC 5545) from `first_day` on, hours by the clock on the wall.

    `ends` at or before `begins` is on the next day. `helpers` usually hold its places.
    """

    rrule: str
    first_day: date
    begins: time
    ends: time
    needed: int = 1
    most: int = 1
    organisation_id: int | None = None
    language: Language | None = None
    kind: HelperKind | None = None
    call_minutes: int = 60
    helpers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TemplateShiftCard:
    """One of a template's shifts, and the days on which it is left out."""

    id: int
    weekly: Weekly
    rule: Rule
    left_out: frozenset[date]


@dataclass(frozen=True, slots=True)
class TemplateCard:
    """A template with its shifts, in the order of the day."""

    id: int
    name: str
    shifts: tuple[TemplateShiftCard, ...]


def add_template(session: Session, network_id: int, name: str, *, now: datetime, actor: str) -> int | ShiftRefusal:
    """A new template without shifts; its id."""
    lock_rota(session, network_id)
    new = {"network_id": network_id, "name": name, "created_at": now}
    template_id: int | None = session.scalar(
        insert_once(Template).values(**new).on_conflict_do_nothing().returning(Template.id)
    )
    if template_id is None:
        return ShiftRefusal.NAME_TAKEN
    _note(session, network_id, "added", actor, now, template=template_id)
    return template_id


def rename_template(
    session: Session, network_id: int, template_id: int, name: str, *, now: datetime, actor: str
) -> ShiftRefusal | None:
    """The template has another name from now on. None when it is done."""
    lock_rota(session, network_id)
    if not _known(session, network_id, template_id):
        return ShiftRefusal.NOT_FOUND
    namesakes = select(Template.id).where(*_kept(network_id), Template.name == name, Template.id != template_id)
    if session.scalar(namesakes) is not None:
        return ShiftRefusal.NAME_TAKEN
    session.execute(update(Template).where(Template.id == template_id).values(name=name))
    _note(session, network_id, "renamed", actor, now, template=template_id)
    return None


def remove_template(
    session: Session, network_id: int, template_id: int, *, now: datetime, actor: str
) -> ShiftRefusal | None:
    """Nothing is published from the template any more; what is published stays. None when it is done."""
    lock_rota(session, network_id)
    if not _known(session, network_id, template_id):
        return ShiftRefusal.NOT_FOUND
    session.execute(update(Template).where(Template.id == template_id).values(removed_at=now))
    _note(session, network_id, "removed", actor, now, template=template_id)
    return None


def add_template_shift(
    session: Session, network_id: int, template_id: int, weekly: Weekly, *, now: datetime, actor: str
) -> int | ShiftRefusal | RuleRefused:
    """One more shift in a template; its id. Nothing is published by it."""
    lock_rota(session, network_id)
    if not _known(session, network_id, template_id):
        return ShiftRefusal.NOT_FOUND
    refusal = _refusal(session, network_id, weekly)
    if refusal is not None:
        return refusal
    new = insert(TemplateShift).values(template_id=template_id, **_columns(weekly)).returning(TemplateShift.id)
    key = session.scalars(new).one()
    _note(session, network_id, "shift_added", actor, now, template=template_id, template_shift=key)
    return key


def change_template_shift(
    session: Session, network_id: int, template_shift_id: int, weekly: Weekly, *, now: datetime, actor: str
) -> ShiftRefusal | RuleRefused | None:
    """The shift comes like this from the next publication on; what is published stays. None when it is done."""
    lock_rota(session, network_id)
    if not _ours(session, network_id, template_shift_id):
        return ShiftRefusal.NOT_FOUND
    refusal = _refusal(session, network_id, weekly)
    if refusal is not None:
        return refusal
    session.execute(update(TemplateShift).where(TemplateShift.id == template_shift_id).values(**_columns(weekly)))
    _note(session, network_id, "shift_changed", actor, now, template_shift=template_shift_id)
    return None


def remove_template_shift(
    session: Session, network_id: int, template_shift_id: int, *, now: datetime, actor: str
) -> ShiftRefusal | None:
    """The shift comes no more; what is published stays. None when it is done."""
    lock_rota(session, network_id)
    if not _ours(session, network_id, template_shift_id):
        return ShiftRefusal.NOT_FOUND
    session.execute(update(TemplateShift).where(TemplateShift.id == template_shift_id).values(removed_at=now))
    _note(session, network_id, "shift_removed", actor, now, template_shift=template_shift_id)
    return None


def leave_out(
    session: Session, network_id: int, template_shift_id: int, day: date, *, now: datetime, actor: str, out: bool = True
) -> ShiftRefusal | None:
    """The shift does not come on this day, or, with `out` false, does again. None when it is done."""
    lock_rota(session, network_id)
    if not _ours(session, network_id, template_shift_id):
        return ShiftRefusal.NOT_FOUND
    key = {"template_shift_id": template_shift_id, "day": day}
    if session.execute(_LEAVE_OUT if out else _PUT_BACK, key).first() is None:
        return None  # as it was
    what = "day_left_out" if out else "day_put_back"
    _note(session, network_id, what, actor, now, template_shift=template_shift_id, day=day.isoformat())
    return None


_LEAVE_OUT = text("""
INSERT INTO template_exception (template_shift_id, day) VALUES (:template_shift_id, :day) ON CONFLICT DO NOTHING RETURNING day
""")
_PUT_BACK = text("""
DELETE FROM template_exception WHERE template_shift_id = :template_shift_id AND day = :day RETURNING day
""")


def templates_of(session: Session, network_id: int) -> tuple[TemplateCard, ...]:
    """The templates of a network, by name. Two statements."""
    named = session.execute(select(Template.id, Template.name).where(*_kept(network_id)).order_by(Template.name)).all()
    rows = session.execute(_SHIFTS, {"network": network_id}).all()
    return tuple(
        TemplateCard(key, name, tuple(_card(row) for row in rows if row.template_id == key)) for key, name in named
    )


def template_card(session: Session, network_id: int, template_id: int) -> TemplateCard | None:
    """One template of this network."""
    return next((card for card in templates_of(session, network_id) if card.id == template_id), None)


_LAST_DAY = text("""
SELECT max(s.template_day) FROM shift s JOIN template_shift t ON t.id = s.template_shift_id
WHERE t.template_id = :template AND s.network_id = :network AND s.cancelled_at IS NULL
""")


def last_day_of(session: Session, network_id: int, template_id: int) -> date | None:
    """The last day that has been published from a template; None: nothing has."""
    found: date | None = session.scalar(_LAST_DAY, {"template": template_id, "network": network_id})
    return found


_SHIFTS = text("""
SELECT s.*, ARRAY(SELECT e.day FROM template_exception e WHERE e.template_shift_id = s.id) AS left_out
FROM template_shift s JOIN template t ON t.id = s.template_id
WHERE t.network_id = :network AND t.removed_at IS NULL AND s.removed_at IS NULL ORDER BY s.begins, s.ends, s.id
""")


def _card(row: Row[Any]) -> TemplateShiftCard:
    weekly = Weekly(
        row.rrule,
        row.first_day,
        row.begins,
        row.ends,
        row.needed,
        row.most,
        row.organisation_id,
        None if row.language is None else Language(row.language),
        None if row.kind is None else HelperKind(row.kind),
        row.call_minutes,
        tuple(row.helpers),
    )
    rule = read_rule(row.rrule, row.first_day)
    if isinstance(rule, RuleRefused):
        message = f"the rule of template shift {row.id} cannot be read: {rule.part}"
        raise ValueError(message)  # it could when it was written
    return TemplateShiftCard(row.id, weekly, rule, frozenset(row.left_out))


def _refusal(session: Session, network_id: int, weekly: Weekly) -> ShiftRefusal | RuleRefused | None:
    during = span_on(A_PLAIN_DAY, weekly.begins, weekly.ends)
    terms = Terms(during, weekly.needed, weekly.most, weekly.organisation_id, weekly.language, weekly.kind)
    refusal = why_not(session, network_id, terms, weekly.call_minutes, weekly.helpers)
    if refusal is None and len(weekly.helpers) > weekly.most:
        return ShiftRefusal.TOO_MANY_HELD
    rule = read_rule(weekly.rrule, weekly.first_day)
    return refusal or (rule if isinstance(rule, RuleRefused) else None)


_OURS = text("""
SELECT s.id FROM template_shift s JOIN template t ON t.id = s.template_id
WHERE s.id = :id AND t.network_id = :network AND t.removed_at IS NULL AND s.removed_at IS NULL
""")


def _kept(network_id: int) -> tuple[ColumnElement[bool], ...]:
    return Template.network_id == network_id, Template.removed_at.is_(None)


def _known(session: Session, network_id: int, template_id: int) -> bool:
    return session.scalar(select(Template.id).where(Template.id == template_id, *_kept(network_id))) is not None


def _ours(session: Session, network_id: int, template_shift_id: int) -> bool:
    return session.scalar(_OURS, {"id": template_shift_id, "network": network_id}) is not None


def _columns(weekly: Weekly) -> dict[str, object]:
    return asdict(weekly) | {"helpers": list(dict.fromkeys(weekly.helpers))}


def _note(session: Session, network_id: int, what: str, actor: str, now: datetime, **details: str | int | None) -> None:
    note_change(session, network_id, ChangeKind.TEMPLATE_CHANGED, About(), actor=actor, now=now, what=what, **details)
