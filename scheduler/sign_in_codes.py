"""Codes for signing in, sent to whoever has the address for which one was asked: by text or by e-mail, outside any page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errands import Errand
from scheduler.jobs import ClaimedJob, NewJob, enqueue
from scheduler.mail.code_letter import code_letter
from scheduler.tools import Tools
from tickets.known_people import Known, people_at
from tickets.line_wording import catalogue_of
from tickets.network import Line
from tickets.sign_in_codes import SignInCode, digits_of, new_code
from tickets.store import cipher_of
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language, Written

SMS = "sms.sign_in_code"


@dataclass(frozen=True, slots=True)
class _Sending:
    """A code on its way: a text from a line, or a letter, which needs none."""

    address: str
    code: str
    language: Written
    asked_at: datetime
    shown: str = ""
    body: str = ""


def ask_for_code(session: Session, address: str, language: Written, *, now: datetime) -> int:
    """Have a code sent to whoever has this number (E.164) or address of e-mail; its number. The same for everybody."""
    code_id = new_code(session, address, language, now=now)
    enqueue(session, NewJob(Errand.SIGN_IN_CODE, f"{Errand.SIGN_IN_CODE}:code-{code_id}", now, {"code": code_id}))
    return code_id


def send_code(tools: Tools, job: ClaimedJob) -> None:
    """Send a code, while it is good for something and if anybody has its address; once, whatever happens to this worker."""
    with tools.sessions.begin() as session:
        sending = _sending(session, job.payload["code"], tools.catalogue, tools.clock.now())
    if sending is None:
        return
    if sending.shown:
        _text(tools, job, sending)
    elif tools.mail is not None:
        message_id = f"<{job.key.replace(':', '.')}@digilinja>"
        tools.mail.send(code_letter(sending.address, sending.code, sending.language, message_id))


def _sending(session: Session, code_id: int, catalogue: Catalogue, now: datetime) -> _Sending | None:
    """What to send; from now on the code lets somebody in, as it may have arrived even if we never hear of it."""
    code = session.get(SignInCode, code_id, with_for_update=True)
    if code is None or code.expires_at <= now or code.used_at is not None:
        return None
    known = people_at(session, code.address_index)
    if not known:
        return None
    code.sent_at = code.sent_at or now
    address, digits = cipher_of(session).open(code.address_sealed), digits_of(session, code)
    if "@" in address:
        return _Sending(address, digits, code.language, code.created_at)
    language = code.language.spoken or Language.FI
    line = _line_for(session, known, language)
    if line is None:
        return None
    words = catalogue_of(session, catalogue, line.id, line.wording_version, key=SMS)
    body = words.text(language, SMS, code=digits)
    return _Sending(address, digits, code.language, code.created_at, line.e164, body)


def _line_for(session: Session, known: Sequence[Known], language: Language) -> Line | None:
    """A line of a network of theirs, rather one that opens in their language."""
    networks = [one.network_id for one in known]
    lines = select(Line).where(Line.network_id.in_(networks), Line.active)
    return session.scalars(lines.order_by(Line.first_language != language, Line.id).limit(1)).first()


def _text(tools: Tools, job: ClaimedJob, sending: _Sending) -> None:
    to, shown, body = sending.address, sending.shown, sending.body
    before = (
        tools.telephony.find_text(to=to, shown=shown, body=body, since=sending.asked_at) if job.attempts > 1 else None
    )
    if before is None:
        tools.telephony.text(to=to, shown=shown, body=body, status_url=None)
