"""What `digilinja doctor` looks at, one thing a function; each says in one line what it found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

import requests
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from admin import migrations
from admin.errors import SettingsError
from admin.health import migrated
from admin.outside.whisper import is_installed
from admin.parts import Parts
from admin.transcriber import Engine, transcriber
from scheduler.jobs import oldest_overdue
from tickets.errors import SealBrokenError
from tickets.network import Helper, Line
from tickets.store import cipher_of
from voice_prompts.catalogue import Catalogue, problems

PATIENCE_S: Final = 10
CLOCK_MAY_DIFFER: Final = timedelta(seconds=30)
LATE: Final = timedelta(minutes=5)


class Verdict(StrEnum):
    """How a check came out; `ask` is for a person to find out."""

    OK = "ok"
    WRONG = "wrong"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found, and the mend where there is one."""

    what: str
    verdict: Verdict
    line: str


def examine(parts: Parts) -> Sequence[Finding]:
    """Look at everything; what needs a database is left out where there is none."""
    findings = [line(parts), prompts(), transcripts(parts), operator(parts), database(parts)]
    if findings[-1].verdict is Verdict.OK:
        findings += [check(parts) for check in (clock, keys, lines, jobs)]
    return [*findings, *QUESTIONS]


def line(parts: Parts) -> Finding:
    """Whether the line's own settings are there."""
    try:
        parts.settings.require_line()
    except SettingsError as error:
        return Finding("settings", Verdict.WRONG, str(error))
    return Finding("settings", Verdict.OK, f"the operator calls {parts.settings.public_url}")


def prompts() -> Finding:
    """Whether every sentence is there in both languages."""
    found = problems(Catalogue.read())
    if found:
        return Finding("prompts", Verdict.WRONG, f"{found[0]} ({len(found)} in all: `digilinja prompts check`)")
    return Finding("prompts", Verdict.OK, "every sentence is in order in both languages")


def transcripts(parts: Parts) -> Finding:
    """Whether whoever is to write down messages can."""
    chosen = parts.settings.writer
    try:
        transcriber(chosen, parts.sessions)
    except SettingsError as error:
        return Finding("transcripts", Verdict.WRONG, str(error))
    if chosen is None:
        there = "faster-whisper is installed" if is_installed() else "faster-whisper is not installed"
        return Finding("transcripts", Verdict.OK, f"nobody writes down messages; {there}")
    if chosen.engine is Engine.TWILIO:
        return Finding("transcripts", Verdict.OK, "the operator writes messages along; listen whether it hears right")
    return Finding("transcripts", Verdict.OK, f"messages are written down here, by the model {chosen.model}")


def operator(parts: Parts) -> Finding:
    """Whether the operator answers, and takes our token."""
    settings = parts.settings
    if settings.account_sid is None or not settings.auth_tokens:
        return Finding("operator", Verdict.WRONG, "no account is set, so it was not asked")
    url = f"{settings.twilio_api_url}/2010-04-01/Accounts/{settings.account_sid}.json"
    try:
        answer = requests.get(url, auth=(settings.account_sid, settings.auth_tokens[0]), timeout=PATIENCE_S)
    except requests.RequestException as error:
        return Finding("operator", Verdict.WRONG, f"{settings.twilio_api_url} does not answer: {type(error).__name__}")
    if answer.status_code == requests.codes.unauthorized:
        return Finding("operator", Verdict.WRONG, "it refuses the first of TWILIO_AUTH_TOKEN: copy it again")
    if not answer.ok:
        return Finding("operator", Verdict.WRONG, f"it answers {answer.status_code} to a look at the account")
    return Finding("operator", Verdict.OK, f"{settings.twilio_api_url} answers and takes the token")


def database(parts: Parts) -> Finding:
    """Whether the database answers and has the newest shape."""
    try:
        if not migrated(parts.engine):
            return Finding("database", Verdict.WRONG, "it is not migrated: run `digilinja migrate`")
        with parts.engine.connect() as connection:
            version = connection.execute(text("SHOW server_version")).scalar_one()
    except OperationalError:
        return Finding("database", Verdict.WRONG, "it does not answer: look at DIGILINJA_DATABASE_URL and the server")
    return Finding("database", Verdict.OK, f"PostgreSQL {version}, migrations at {migrations.head()}")


def clock(parts: Parts) -> Finding:
    """Whether this machine and the database agree on the time."""
    if parts.settings.clock is not None:
        return Finding("clock", Verdict.OK, f"a demo's clock, which shows {parts.clock.now():%Y-%m-%d %H:%M} UTC")
    with parts.engine.connect() as connection:
        there: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    apart = abs(datetime.now(UTC) - there)
    if apart > CLOCK_MAY_DIFFER:
        return Finding(
            "clock", Verdict.WRONG, f"it is {apart.total_seconds():.0f} s off the database's: run NTP on both"
        )
    return Finding("clock", Verdict.OK, "it agrees with the database's")


def keys(parts: Parts) -> Finding:
    """Whether our data keys open what is kept."""
    with parts.sessions.begin() as session:
        sealed = session.scalars(select(Helper.phone_sealed).order_by(Helper.id)).all()
        try:
            for one in sealed:
                cipher_of(session).open(one)
        except SealBrokenError:
            return Finding(
                "keys", Verdict.WRONG, "DIGILINJA_DATA_KEYS lacks a key that some helper's number was sealed with"
            )
    return Finding("keys", Verdict.OK, f"they open the numbers of all {len(sealed)} helpers")


def lines(parts: Parts) -> Finding:
    """Whether there is a line to ring."""
    with parts.sessions.begin() as session:
        numbers = session.scalars(select(Line.e164).where(Line.active).order_by(Line.id)).all()
    if not numbers:
        return Finding("lines", Verdict.WRONG, "there is none: nobody can ring")
    return Finding("lines", Verdict.OK, f"{', '.join(numbers)} (`digilinja connect-lines` tells the operator)")


def jobs(parts: Parts) -> Finding:
    """Whether a worker keeps up."""
    now = parts.clock.now()
    with parts.sessions.begin() as session:
        oldest = oldest_overdue(session, now=now)
    if oldest is not None and now - oldest > LATE:
        return Finding("jobs", Verdict.WRONG, f"the oldest has waited {now - oldest}: is `digilinja work` running?")
    return Finding("jobs", Verdict.OK, "none is late")


QUESTIONS: Final = (
    Finding(
        "caller ID",
        Verdict.ASK,
        "ask the operator whether the right to show each line's +358 number is verified: "
        "calls into Finland that show an unverified one are blocked (Traficom 28)",
    ),
    Finding(
        "SMS sender",
        Verdict.ASK,
        "ask the operator whether each line's number is an authorised SMS sender: "
        "since 4.5.2026 names and numbers alike need it",
    ),
)
