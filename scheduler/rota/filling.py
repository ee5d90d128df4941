"""What autofill is asked about a network's coming weeks, read from the store."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from scheduler.autofill import Held, Helper, Shift, Spoken
from scheduler.rota.rules import USUAL_REST, HelperTerms, ShiftTerms
from scheduler.rota.terms import AROUND, helper_terms, shifts_in
from scheduler.slots import DAY, HELSINKI, Span, instant_of
from tickets.municipalities import by_code
from voice_prompts.language import Language

HISTORY: Final = timedelta(weeks=13)  # over so long duty is to be fair


@dataclass(frozen=True, slots=True)
class Weeks:
    """The shifts of a span that have not begun, and everybody who may be asked to take a place in them."""

    shifts: tuple[Shift, ...]
    helpers: tuple[Helper, ...]


def weeks_to_fill(session: Session, network_id: int, span: Span, *, now: datetime) -> Weeks:
    """The question as it stands now, drafts included; what is held is given as held."""
    coming = [
        shift for shift in shifts_in(session, network_id, span) if shift.during.begins > now and not shift.cancelled
    ]
    serves = _serves(session, network_id)
    known = [terms for terms in helper_terms(session, network_id, span) if terms.active and terms.rules_accepted]
    facts = _Facts.read(session, [terms.id for terms in known], Span(now - HISTORY, span.ends + AROUND), now)
    return Weeks(
        tuple(_shift(shift, serves) for shift in coming),
        tuple(_helper(terms, serves.get(terms.organisation, frozenset()), facts) for terms in known),
    )


_SERVES = text("SELECT id, serves, agreed FROM organisation WHERE network_id = :network")


def _serves(session: Session, network_id: int) -> dict[int, frozenset[str]]:
    rows = session.execute(_SERVES, {"network": network_id})
    return {row.id: frozenset([*row.serves, *row.agreed]) if row.serves else frozenset() for row in rows}


def _shift(shift: ShiftTerms, serves: Mapping[int, frozenset[str]]) -> Shift:
    served = serves.get(shift.organisation, frozenset()) if shift.organisation else frozenset().union(*serves.values())
    bilingual = (code for code in served if (place := by_code(code)) and set(Language) <= set(place.languages))
    return Shift(
        shift.id,
        shift.during,
        shift.needed,
        shift.most,
        shift.organisation,
        shift.language,
        shift.kind,
        frozenset(Spoken(code, Language.SV) for code in bilingual),
    )


def _helper(terms: HelperTerms, serves: frozenset[str], facts: "_Facts") -> Helper:
    weeks = HISTORY // timedelta(weeks=1)
    return Helper(
        terms.id,
        terms.organisation,
        terms.kind,
        terms.languages,
        serves,
        can=facts.can[terms.id],
        cannot=terms.cannot,
        busy=terms.busy,
        papers_until=_papers_until(terms),
        wished=terms.wished_per_week,
        most_per_week=terms.most_per_week,
        rest=USUAL_REST if terms.rest is None else terms.rest,
        holds=facts.holds[terms.id],
        done=facts.done[terms.id],
        wished_before=(terms.wished_per_week or 0) * weeks,
    )


def _papers_until(terms: HelperTerms) -> datetime | None:
    badge = terms.badge_expires_on
    days = [day for day in (badge and badge + DAY, terms.rules_due_on) if day is not None]
    return instant_of(min(days), time(), HELSINKI) if days else None


_PLACES = text("""
SELECT helper_id, shift_id, lower(during) AS begins, upper(during) AS ends FROM place
WHERE helper_id = ANY(:helpers) AND state = 'held' AND during && tstzrange(:begins, :ends) ORDER BY lower(during)
""")
_CAN = text("""
SELECT helper_id, lower(during) AS begins, upper(during) AS ends FROM availability
WHERE helper_id = ANY(:helpers) AND says = 'can' AND during && tstzrange(:begins, :ends) ORDER BY lower(during)
""")


@dataclass(frozen=True, slots=True)
class _Facts:
    can: Mapping[int, tuple[Span, ...]]
    holds: Mapping[int, tuple[Held, ...]]
    done: Mapping[int, int]

    @classmethod
    def read(cls, session: Session, helpers: list[int], span: Span, now: datetime) -> "_Facts":
        values = {"helpers": helpers, "begins": span.begins, "ends": span.ends}
        can: dict[int, tuple[Span, ...]] = defaultdict(tuple)
        for row in session.execute(_CAN, values):
            can[row.helper_id] += (_span(row),)
        holds: dict[int, tuple[Held, ...]] = defaultdict(tuple)
        done: dict[int, int] = defaultdict(int)
        for row in session.execute(_PLACES, values):
            if row.ends <= now:
                done[row.helper_id] += 1
            else:
                holds[row.helper_id] += (Held(_span(row), row.shift_id),)
        return cls(can, holds, done)


def _span(row: Row[Any]) -> Span:
    return Span(row.begins, row.ends)
