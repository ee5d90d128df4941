"""Messages written down by a machine: later, if it can, and never in a ticket's way.

A message gets its transcript once it is with us and belongs to a ticket. What does not succeed is tried some times, further and
further apart, and then simply left: the sound is there to be heard.
"""

from datetime import datetime, timedelta
from typing import Final

import structlog

from scheduler.errands import transcribing
from scheduler.jobs import ClaimedJob, NewJob, enqueue
from scheduler.ports import TranscriptError
from scheduler.tools import Tools
from tickets.transcripts import keep_transcript, message_to_write_down, still_to_write_down

log = structlog.get_logger()
AFTER: Final = timedelta(minutes=1)  # by then most calls have come to their ticket
MOST_TRIES: Final = 9  # over some eight hours
THE_LINE: Final = "line"


def write_down_later(tools: Tools, recording_sid: str, *, now: datetime) -> tuple[NewJob, ...]:
    """The job that writes a message down, where there is somebody to do it."""
    return () if tools.transcriber is None else (transcribing(recording_sid, at=now + AFTER),)


def write_down(tools: Tools, job: ClaimedJob) -> None:
    """Have a message written down; no transaction is open while somebody listens to it."""
    recording_sid = job.payload["recording"]
    with tools.sessions() as session:
        wanted = still_to_write_down(session, recording_sid)
        message = message_to_write_down(session, recording_sid) if wanted else None
    if not wanted or tools.transcriber is None:
        return
    if message is None:  # not here yet, or of no ticket yet
        _try_again(tools, job)
        return
    try:
        said = tools.transcriber.write_down(message)
    except TranscriptError as error:
        log.info("not_written_down", recording=recording_sid, tries=job.payload["tries"], why=str(error))
        if not error.permanent:
            _try_again(tools, job)
        return
    if said:
        with tools.sessions.begin() as session:
            keep_transcript(session, recording_sid, said, now=tools.clock.now(), actor=THE_LINE)


def _try_again(tools: Tools, job: ClaimedJob) -> None:
    tries: int = job.payload["tries"]
    if tries < MOST_TRIES:
        at = tools.clock.now() + AFTER * 2**tries
        with tools.sessions.begin() as session:
            enqueue(session, transcribing(job.payload["recording"], at=at, tries=tries + 1))
