"""A proposal that was asked for is worked out: read, solved outside any transaction, kept."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session, sessionmaker

from scheduler.autofill import SolverMissingError, propose
from scheduler.jobs import ClaimedJob
from scheduler.rota.filling import weeks_to_fill
from scheduler.rota.proposals import Proposal, ProposalState
from scheduler.rota.proposing import give_up_proposal, keep_proposal
from scheduler.slots import Span
from scheduler.tools import Tools

LIMIT = timedelta(seconds=60)  # well within a job's lease


def work_out(sessions: sessionmaker[Session], proposal_id: int, *, now: datetime, limit: timedelta = LIMIT) -> None:
    """Find who could take which place, and keep it for a person to decide about; or why that cannot be found."""
    with sessions.begin() as session:
        sought = session.get(Proposal, proposal_id)
        if sought is None or sought.state is not ProposalState.SOUGHT:
            return
        begins, ends = sought.during.lower, sought.during.upper
        assert begins is not None
        assert ends is not None
        weeks = weeks_to_fill(session, sought.network_id, Span(begins, ends), now=now)
    try:
        worked_out = propose(weeks.shifts, weeks.helpers, limit=limit)
    except SolverMissingError as error:
        with sessions.begin() as session:
            give_up_proposal(session, proposal_id, str(error))
        return
    with sessions.begin() as session:
        keep_proposal(session, proposal_id, worked_out)


def fill_weeks(tools: Tools, job: ClaimedJob) -> None:
    """The job of a proposal that somebody asked for."""
    work_out(tools.sessions, job.payload["proposal"], now=tools.clock.now())
