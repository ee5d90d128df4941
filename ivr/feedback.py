"""What callers say of the help they got, by key or by text, and who offers help of their own."""

from datetime import datetime

from sqlalchemy.orm import Session

from ivr.answers import Answered, Reply
from ivr.feedback_script import GiveFeedback
from ivr.willing_script import WelcomeWilling
from scheduler.feedback import Helped, answer_by_key, answer_by_text, ask_on_phone
from scheduler.ports import OperatorText
from scheduler.slots import Grid
from scheduler.willing import see_to_willing

OfCaller = GiveFeedback | WelcomeWilling
KEYS = {str(int(helped)): helped for helped in Helped}


def due_of(session: Session, network_id: int, caller_index: bytes, now: datetime) -> int | None:
    """The matter about which this caller is asked now, and never again."""
    return ask_on_phone(session, network_id, caller_index, now=now)


def hear_caller(session: Session, effect: OfCaller, now: datetime, grid: Grid) -> bool:
    """Do what the script asks for about help given and help offered."""
    match effect:
        case GiveFeedback(ticket_id, helped):
            given = answer_by_key(session, ticket_id, Helped(helped), now=now, grid=grid)
            return given is not None and given.reopened
        case WelcomeWilling(ticket_id):
            return see_to_willing(session, ticket_id, now=now, grid=grid)


def take_feedback(
    session: Session, told: OperatorText, network_id: int, caller_index: bytes, *, now: datetime, grid: Grid
) -> Answered | None:
    """Whether it was an answer to our question, which is thanked for once; nothing where we asked nothing."""
    helped = KEYS.get(told.body.strip().rstrip(".!"))
    if (
        helped is None
        or (given := answer_by_text(session, network_id, caller_index, helped, now=now, grid=grid)) is None
    ):
        return None
    if not given.is_first and not given.reopened:
        return Answered(None, now)
    return Answered(Reply.SORRY if helped is Helped.NO else Reply.THANKS, now)
