"""What is written to a caller or a helper: the sentence, the language, the number it goes to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from scheduler.briefing import OwnLine, brief
from scheduler.directions import directions
from scheduler.notices import Template
from scheduler.records import CallbackState
from scheduler.rota.news import OF_HELD, HelperNews
from scheduler.waiting import standing
from tickets.line_wording import catalogue_of
from tickets.network import Line
from tickets.records import Json
from tickets.store import cipher_of
from tickets.ticket import Ticket
from tickets.vocabulary import TicketStatus
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language
from voice_prompts.speech import written_number, written_time


@dataclass(frozen=True, slots=True)
class Letter:
    """A text as it will be read: to a caller about a ticket, to a helper, or to the coordinator about an alert."""

    ticket_id: int | None
    line: OwnLine
    phone: str
    template: str
    body: str
    helper_id: int | None = None
    alert_id: int | None = None


def letter_of(session: Session, payload: Mapping[str, Any], catalogue: Catalogue) -> Letter | None:
    """The text that a job asks for; None where the number takes none, or what it would say is true no more."""
    template = str(payload["template"])
    if payload.keys() >= {"shift", "helper"}:
        return _about_shift(session, payload["shift"], payload["helper"], template, catalogue)
    if "place" in payload:
        return _about_place(session, payload["place"], HelperNews(template), catalogue)
    if "alert" in payload:
        return _about_alert(session, payload["alert"], template, catalogue)
    if "callback" in payload:
        return _about_promise(session, payload["callback"], template, catalogue)
    return _about_ticket(session, payload, template, catalogue)


def _about_promise(session: Session, callback_id: int, template: str, catalogue: Catalogue) -> Letter | None:
    known = brief(session, callback_id)
    if known is None or known.line is None or known.caller is None or not known.can_text:
        return None
    if (template == Template.OFFERED) is not (known.state is CallbackState.OFFERED):
        return None
    words = {"time": written_time(known.starts_at, known.language), "code": known.code}
    for name, at in (("until", known.held_until), ("before", known.instead_of)):
        if at is not None:
            words[name] = written_time(at, known.language)
    body = _body(session, catalogue, known.language, template, known.line, words)
    return Letter(known.ticket_id, known.line, known.caller, template, body)


def _about_ticket(session: Session, payload: Json, template: str, catalogue: Catalogue) -> Letter | None:
    first = select(func.min(Line.id)).where(Line.network_id == Ticket.network_id, Line.active)
    row = session.execute(
        select(Ticket, Line)
        .join(Line, Line.id == func.coalesce(Ticket.line_id, first.correlate(Ticket).scalar_subquery()))
        .where(Ticket.id == payload["ticket"])
    ).first()
    if row is None or row.Ticket.caller_sealed is None or not row.Ticket.can_text:
        return None
    words = _words_of(session, row.Ticket, payload, template)
    if words is None:
        return None
    line = OwnLine(row.Line.id, row.Line.e164, row.Line.wording_version)
    body = _body(session, catalogue, row.Ticket.language, template, line, words)
    return Letter(row.Ticket.id, line, cipher_of(session).open(row.Ticket.caller_sealed), template, body)


def _words_of(session: Session, ticket: Ticket, payload: Json, template: str) -> Mapping[str, str] | None:
    """What varies in a text about a ticket; None when it would say what is true no more."""
    if template == Template.FEEDBACK:
        return {} if ticket.status is TicketStatus.CLOSED and not ticket.feedback else None
    if template == Template.WAITING:
        place = standing(session, ticket.id)
        return None if place is None else {"count": str(place.before)}
    if template == Template.NEARBY:
        told = directions(session, ticket, payload)
        return None if told is None else {"details": told}
    return {}


_ALERT = text("""
SELECT c.starts_at, n.alert_phone_sealed, l.id AS line_id, l.e164, l.wording_version, l.first_language AS language
FROM alert a JOIN network n ON n.id = a.network_id JOIN callback c ON c.id = a.callback_id
JOIN LATERAL (SELECT * FROM line WHERE network_id = n.id AND active ORDER BY id LIMIT 1) l ON true
WHERE a.id = :alert AND a.resolved_at IS NULL AND a.seen_at IS NULL AND n.alert_phone_sealed IS NOT NULL
""")


def _about_alert(session: Session, alert_id: int, template: str, catalogue: Catalogue) -> Letter | None:
    """To the coordinator on duty, in the language of the network's first line, unless it is seen to by now."""
    row = session.execute(_ALERT, {"alert": alert_id}).first()
    if row is None:
        return None
    line, language = OwnLine(row.line_id, row.e164, row.wording_version), Language(row.language)
    body = _body(session, catalogue, language, template, line, {"time": written_time(row.starts_at, language)})
    return Letter(None, line, cipher_of(session).open(row.alert_phone_sealed), template, body, alert_id=alert_id)


_PLACE = text("""
SELECT p.helper_id, p.state = 'held' AS held, lower(p.during) AS begins, h.phone_sealed, h.languages[1] AS language,
    l.id AS line_id, l.e164, l.wording_version
FROM place p JOIN helper h ON h.id = p.helper_id
JOIN LATERAL (
    SELECT id, e164, wording_version FROM line WHERE network_id = p.network_id AND active
    ORDER BY first_language <> h.languages[1], id LIMIT 1
) l ON true
WHERE p.id = :place
""")


def _about_place(session: Session, place_id: int, news: HelperNews, catalogue: Catalogue) -> Letter | None:
    """In the helper's first language, from the line that opens in it."""
    row = session.execute(_PLACE, {"place": place_id}).first()
    if row is None or (news in OF_HELD and not row.held):
        return None
    line, language = OwnLine(row.line_id, row.e164, row.wording_version), Language(row.language)
    body = _body(session, catalogue, language, news, line, {"time": written_time(row.begins, language)})
    return Letter(None, line, cipher_of(session).open(row.phone_sealed), news, body, row.helper_id)


_SHIFT = text("""
SELECT lower(s.during) AS begins, h.id AS helper_id, h.phone_sealed, h.languages[1] AS language, l.id AS line_id, l.e164, l.wording_version
FROM shift s JOIN helper h ON h.network_id = s.network_id
JOIN LATERAL (
    SELECT id, e164, wording_version FROM line WHERE network_id = s.network_id AND active
    ORDER BY first_language <> h.languages[1], id LIMIT 1
) l ON true
WHERE s.id = :shift AND h.id = :helper
""")


def _about_shift(session: Session, shift_id: int, helper_id: int, template: str, catalogue: Catalogue) -> Letter | None:
    """To a helper about a shift in which they have no place."""
    row = session.execute(_SHIFT, {"shift": shift_id, "helper": helper_id}).first()
    if row is None:
        return None
    line, language = OwnLine(row.line_id, row.e164, row.wording_version), Language(row.language)
    body = _body(session, catalogue, language, template, line, {"time": written_time(row.begins, language)})
    return Letter(None, line, cipher_of(session).open(row.phone_sealed), template, body, row.helper_id)


def _body(
    session: Session, common: Catalogue, language: Language, template: str, line: OwnLine, words: Mapping[str, str]
) -> str:
    """In the line's own words where it has some."""
    key = f"sms.{template}"
    catalogue = catalogue_of(session, common, line.id, line.wording_version, key=key)
    known = {"line": written_number(line.e164), **words}
    return catalogue.text(language, key, **{name: known[name] for name in catalogue.placeholders(key)})
