"""The jobs that no promise brings with it, each under a key that makes it one."""

from datetime import date, datetime
from enum import StrEnum

from scheduler.jobs import NewJob
from tickets.records import Json
from tickets.vocabulary import AttemptResult


class Errand(StrEnum):
    """What is done beside keeping promises."""

    FIRST_TIME = "first_time"  # find a time for a caller who is gone
    FETCH = "fetch"  # bring a recording home
    FORGET = "forget"  # delete it at the operator
    TRANSCRIBE = "transcribe"  # what does the caller say in it?
    NEXT = "next"  # a helper cannot: the next one
    FAILED = "failed"  # the caller was not reached: the next try
    POSTPONE = "postpone"  # the caller asked for another time, and may have taken none
    WAS_TOLD = "was_told"  # did anybody pick up whom we rang to tell something?
    WATCH = "watch"  # has a helper's call ended without our being told?
    RECONCILE = "reconcile"  # what did we miss?
    EXPECT = "expect"  # how many will ring, by language and hour?
    READ_CALENDAR = "read_calendar"  # when is a helper busy?
    FREED = "freed"  # there may be a time for who waits
    LAPSE = "lapse"  # an offer was not answered
    OFFER_CALL = "offer_call"  # ring a waiting caller who takes no texts
    MEND = "mend"  # a promise has lost its helper: the caller is given another time
    REMIND = "remind"  # a helper, the evening before a shift
    AUTOFILL = "autofill"  # who could take which place over the coming weeks?
    COUNT = "count"  # closed matters become support events, and months are summed
    EXPORT = "export"  # the night's statistics files
    FORGET_OLD = "forget_old"  # what has been kept long enough
    RELAY_POST = "relay_post"  # tell a channel of the network that there is something to take, or that it is over
    RELAY_UNCLAIMED = "relay_unclaimed"  # has nobody taken it for days?
    PASS_ON = "pass_on"  # noqa: S105 – what happened lately, for programs elsewhere
    WEBHOOK = "webhook"  # one event for one of them
    MAIL_ROUNDS = "mail_rounds"  # each mailbox is to be read, each minute
    READ_MAILBOX = "read_mailbox"  # what have people written?
    ANSWER_MAIL = "answer_mail"  # tell somebody that their message came
    PAPERS = "papers"  # whose badge or acceptance of the rules runs out soon?
    REVIEW = "review"  # what of the directory is due to be looked at again?
    REVIEW_LETTER = "review_letter"  # tell its owner
    CONNECT_LINE = "connect_line"  # tell the operator where a line is answered
    SIGN_IN_CODE = "sign_in_code"  # by text or e-mail, to whoever has the address
    HELPER_WISH = "helper_wish"  # a helper comes, leaves or takes a place, by phone
    SILENT_HELPER = "silent_helper"  # has anybody said how a call by a helper's own phone went?


def first_time_for(ticket_id: int, call_sid: str, *, now: datetime) -> NewJob:
    """A caller is gone before a time was promised."""
    key = f"{Errand.FIRST_TIME}:ticket-{ticket_id}:{call_sid}"
    return NewJob(Errand.FIRST_TIME, key, now, {"ticket": ticket_id})


def fetching(recording_sid: str, call_sid: str, *, now: datetime) -> NewJob:
    """A recording lies at the operator."""
    key = f"{Errand.FETCH}:recording-{recording_sid}"
    return NewJob(Errand.FETCH, key, now, {"recording": recording_sid, "call": call_sid})


def forgetting(recording_sid: str, *, now: datetime) -> NewJob:
    """A recording is with us, or not wanted: the operator need not keep it."""
    key = f"{Errand.FORGET}:recording-{recording_sid}"
    return NewJob(Errand.FORGET, key, now, {"recording": recording_sid})


def transcribing(recording_sid: str, *, at: datetime, tries: int = 1) -> NewJob:
    """A message is to be written down, if a machine can."""
    key = f"{Errand.TRANSCRIBE}:recording-{recording_sid}:try-{tries}"
    return NewJob(Errand.TRANSCRIBE, key, at, {"recording": recording_sid, "tries": tries})


def next_helper_for(callback_id: int, attempt_id: int, *, now: datetime) -> NewJob:
    """The helper of this attempt cannot, or was not there."""
    key = f"{Errand.NEXT}:callback-{callback_id}:attempt-{attempt_id}"
    return NewJob(Errand.NEXT, key, now, {"callback": callback_id})


def next_try_for(callback_id: int, number: int, result: AttemptResult, *, now: datetime) -> NewJob:
    """The caller was not reached in this try."""
    key = f"{Errand.FAILED}:callback-{callback_id}:try-{number}"
    return NewJob(Errand.FAILED, key, now, {"callback": callback_id, "try": number, "result": result.value})


def postponing(callback_id: int, *, now: datetime) -> NewJob:
    """The caller was reached and asked for another time."""
    return NewJob(Errand.POSTPONE, f"{Errand.POSTPONE}:callback-{callback_id}", now, {"callback": callback_id})


def asking_whether_told(call_sid: str, news: Json, *, at: datetime) -> NewJob:
    """A caller is rung to be told something; `news` is the payload of the job that rings."""
    key = f"{Errand.WAS_TOLD}:callback-{news['callback']}:{call_sid}"
    return NewJob(Errand.WAS_TOLD, key, at, {**news, "call": call_sid})


def watching(attempt_id: int, *, at: datetime) -> NewJob:
    """Look after a helper's call, in case nobody tells us that it ended."""
    key = f"{Errand.WATCH}:attempt-{attempt_id}:{at:%Y%m%dT%H%M%S}"
    return NewJob(Errand.WATCH, key, at, {"attempt": attempt_id})


def silent_helper(callback_id: int, attempt_id: int, *, at: datetime) -> NewJob:
    """A helper rings by their own phone; they say themselves how it went, or a person asks."""
    key = f"{Errand.SILENT_HELPER}:callback-{callback_id}:attempt-{attempt_id}"
    return NewJob(Errand.SILENT_HELPER, key, at, {"callback": callback_id, "attempt": attempt_id})


def expecting(day: date, *, now: datetime) -> NewJob:
    """Reckon what the coming weeks will bring; once a day for all networks together."""
    return NewJob(Errand.EXPECT, f"{Errand.EXPECT}:all:{day}", now)


def looking_at_papers(day: date, *, now: datetime) -> NewJob:
    """Look for papers that run out soon; once a day for all networks together."""
    return NewJob(Errand.PAPERS, f"{Errand.PAPERS}:all:{day}", now)


def reviewing(day: date, *, at: datetime) -> NewJob:
    """Keep the directory up; once a day for all networks together."""
    return NewJob(Errand.REVIEW, f"{Errand.REVIEW}:all:{day}", at)


def reconciling(round_number: int, *, now: datetime) -> NewJob:
    """Compare the operator's lists with ours; one round for all workers together."""
    return NewJob(Errand.RECONCILE, f"{Errand.RECONCILE}:all:{round_number}", now)


def counting(round_number: int, *, now: datetime) -> NewJob:
    """Count what was closed, and what changed since; one round for all workers together."""
    return NewJob(Errand.COUNT, f"{Errand.COUNT}:all:{round_number}", now)


def exporting(day: date, network_id: int | None = None, *, at: datetime) -> NewJob:
    """The statistics files of a night: first for all networks, which then each have a job of their own."""
    about = "all" if network_id is None else f"network-{network_id}"
    payload = {"day": day.isoformat(), "network": network_id}
    return NewJob(Errand.EXPORT, f"{Errand.EXPORT}:{about}:{day}", at, payload)


def filling(proposal_id: int, *, now: datetime) -> NewJob:
    """Somebody asks who could take which place; it takes up to a minute to say."""
    return NewJob(Errand.AUTOFILL, f"{Errand.AUTOFILL}:proposal-{proposal_id}", now, {"proposal": proposal_id})


def forgetting_old(day: date, *, at: datetime, part: int = 1) -> NewJob:
    """Throw away what has been kept long enough; a night that has more than one job can do has further parts."""
    payload = {"day": day.isoformat(), "part": part}
    return NewJob(Errand.FORGET_OLD, f"{Errand.FORGET_OLD}:all:{day}:part-{part}", at, payload)


def planning_mail(round_number: int, *, now: datetime) -> NewJob:
    """Plan when mailboxes are read until the next round; one plan for all workers together."""
    return NewJob(Errand.MAIL_ROUNDS, f"{Errand.MAIL_ROUNDS}:all:{round_number}", now)
