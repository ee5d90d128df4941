"""Lines are opened, changed and connected: the operator is told by a worker where a line's calls and texts are answered."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Protocol

from sqlalchemy.orm import Session

from scheduler.errands import Errand
from scheduler.jobs import ClaimedJob, NewJob, enqueue
from scheduler.ports import TelephonyError
from scheduler.tasks import Task
from scheduler.tools import Tools
from tickets import lines
from tickets.line_connections import ask_for_connection, note_connection
from tickets.lines import LineRefusal, LineTerms
from tickets.network import Line, LineTrouble


class Operator(Protocol):
    """Whoever has the numbers of the lines."""

    def connect_line(self, e164: str, **webhooks: str) -> bool:
        """Tell it where a number is answered; False for a number it does not know. Raises TelephonyError."""
        ...


def open_line(
    session: Session, network_id: int, number: str, terms: LineTerms, *, now: datetime, actor: str
) -> int | LineRefusal:
    """A new line of this number, however it is written; its id. The operator is told at once, if the line is in use."""
    made = lines.add_line_for(session, network_id, number, terms, now=now, actor=actor)
    if isinstance(made, int):
        connect(session, network_id, made, now=now)
    return made


def change_line(
    session: Session,
    network_id: int,
    line_id: int,
    change: Callable[[LineTerms], LineTerms | None],
    *,
    now: datetime,
    actor: str,
) -> LineRefusal | None:
    """Let a line be otherwise, from the next call on; one that is put back into use is connected anew."""
    rested: list[bool] = []

    def watched(known: LineTerms) -> LineTerms | None:
        rested.append(not known.active)
        return change(known)

    refusal = lines.change_line(session, network_id, line_id, watched, now=now, actor=actor)
    if refusal is None and any(rested):
        connect(session, network_id, line_id, now=now)
    return refusal


def connect(session: Session, network_id: int, line_id: int, *, now: datetime) -> bool:
    """The operator is asked soon to answer the line at our address; False where there is no such line in use."""
    asked = ask_for_connection(session, network_id, line_id, now=now)
    if asked:
        key = f"{Errand.CONNECT_LINE}:line-{line_id}:{now.isoformat()}"
        enqueue(session, NewJob(Errand.CONNECT_LINE, key, now, {"line": line_id}))
    return asked


def line_tasks(operator: Operator, public_url: str, webhooks: Mapping[str, str]) -> Mapping[str, Task]:
    """What a worker does about lines: the operator answers them at `public_url`, by these webhooks."""
    return {Errand.CONNECT_LINE: partial(_connect, operator, public_url, webhooks)}


def told_to(operator: Operator, e164: str, webhooks: Mapping[str, str]) -> LineTrouble | None:
    """Tell the operator where this number is answered; why it is not, where it has no such number. Raises TelephonyError."""
    return None if operator.connect_line(e164, **webhooks) else LineTrouble.NO_SUCH_NUMBER


def trouble_of(error: TelephonyError) -> LineTrouble:
    """What a failed question tells of the line."""
    return LineTrouble.REFUSED if error.permanent else LineTrouble.UNREACHABLE


def _connect(operator: Operator, public_url: str, webhooks: Mapping[str, str], tools: Tools, job: ClaimedJob) -> None:
    """Ask once; whoever cannot be reached is asked again later, and until then the page says so."""
    line_id = int(job.payload["line"])
    with tools.sessions.begin() as session:
        line = session.get(Line, line_id)
        e164 = line.e164 if line is not None and line.active else None
    if e164 is None:
        return
    failure: TelephonyError | None = None
    try:
        trouble = told_to(operator, e164, webhooks)
    except TelephonyError as error:
        trouble, failure = trouble_of(error), error
    with tools.sessions.begin() as session:
        note_connection(session, line_id, public_url, trouble, now=tools.clock.now())
    if failure is not None:
        raise failure
