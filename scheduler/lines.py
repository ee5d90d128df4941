"""Lines are opened, changed and connected: the operator is told by a worker where a line's calls and texts are answered."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session, sessionmaker

from scheduler.errands import Errand
from scheduler.jobs import ClaimedJob, NewJob, enqueue
from scheduler.ports import Clock, Operator, TelephonyError
from scheduler.tasks import Task
from scheduler.tools import Tools
from tickets import lines
from tickets.line_connections import ask_for_connection, note_connection
from tickets.lines import LineRefusal, LineTerms
from tickets.network import Line, LineTrouble


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
    before = lines.change_line(session, network_id, line_id, change, now=now, actor=actor)
    if isinstance(before, LineRefusal):
        return before
    if not before.active:
        connect(session, network_id, line_id, now=now)
    return None


def connect(session: Session, network_id: int, line_id: int, *, now: datetime) -> bool:
    """The operator is asked soon to answer the line at our address; False where there is no such line in use."""
    asked = ask_for_connection(session, network_id, line_id, now=now)
    if asked:
        key = f"{Errand.CONNECT_LINE}:line-{line_id}:{now.isoformat()}"
        enqueue(session, NewJob(Errand.CONNECT_LINE, key, now, {"line": line_id}))
    return asked


def connect_now(
    sessions: sessionmaker[Session],
    clock: Clock,
    operator: Operator,
    line: Line,
    *,
    public_url: str,
    webhooks: Mapping[str, str],
) -> tuple[LineTrouble | None, TelephonyError | None]:
    """The operator is asked to answer a line at our address, and what came of it noted: the trouble, and what it said."""
    failure: TelephonyError | None = None
    try:
        trouble = _told_to(operator, line.e164, webhooks)
    except TelephonyError as error:
        trouble, failure = _trouble_of(error), error
    with sessions.begin() as session:
        note_connection(session, line.id, public_url, trouble, now=clock.now())
    return trouble, failure


def line_tasks(public_url: str, webhooks: Mapping[str, str]) -> Mapping[str, Task]:
    """What a worker does about lines: the operator answers them at `public_url`, by these webhooks."""
    return {Errand.CONNECT_LINE: partial(_connect, public_url, webhooks)}


def _connect(public_url: str, webhooks: Mapping[str, str], tools: Tools, job: ClaimedJob) -> None:
    """Ask once; whoever cannot be reached is asked again later, and until then the page says so."""
    with tools.sessions.begin() as session:
        line = session.get(Line, int(job.payload["line"]))
    if line is None or not line.active:
        return
    asking = (tools.sessions, tools.clock, tools.telephony, line)
    _, failure = connect_now(*asking, public_url=public_url, webhooks=webhooks)
    if failure is not None:
        raise failure


def _told_to(operator: Operator, e164: str, webhooks: Mapping[str, str]) -> LineTrouble | None:
    return None if operator.connect_line(e164, **webhooks) else LineTrouble.NO_SUCH_NUMBER


def _trouble_of(error: TelephonyError) -> LineTrouble:
    return LineTrouble.REFUSED if error.permanent else LineTrouble.UNREACHABLE
