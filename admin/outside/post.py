"""The post's jobs, wired: which mailboxes are opened how, and where an answer leads."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from admin.outside.imap import ImapOffice
from admin.public.seals import TicketSeal
from scheduler.errands import Errand
from scheduler.mail.answering import answer
from scheduler.mail.rounds import plan_rounds, read_mailbox
from scheduler.tasks import Task


def post_tasks(public_url: str, secret: str) -> Mapping[str, Task]:
    """What a worker does about e-mail."""

    def link(ticket_id: int, at: datetime) -> str:
        return f"{public_url}/time/{TicketSeal(ticket_id, None, at).written(secret)}"

    return {
        Errand.MAIL_ROUNDS: plan_rounds,
        Errand.READ_MAILBOX: partial(read_mailbox, ImapOffice()),
        Errand.ANSWER_MAIL: partial(answer, link),
    }
