"""1 or 2, texted by a helper in answer to the reminder of the evening before."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.jobs import enqueue
from scheduler.ports import OperatorText
from scheduler.rota.asking import Wish
from scheduler.rota.by_phone import about_place_wish
from scheduler.rota.news import reminded_place
from tickets.directory import helper_with_phone

WISHES = {"1": Wish.COME, "2": Wish.LEAVE}


def take_reply(session: Session, told: OperatorText, network_id: int, e164: str, *, now: datetime) -> bool:
    """Whether it was a helper's reply to a reminder; handed over twice, it is one wish. What comes of it is texted."""
    wish = WISHES.get(told.body.strip().rstrip(".!"))
    card = None if wish is None else helper_with_phone(session, network_id, e164)
    if wish is None or card is None or not card.active:
        return False
    place_id = reminded_place(session, card.id, now=now)
    if place_id is not None:
        enqueue(session, about_place_wish(wish, place_id, card.id, told.message_sid, now=now))
    return place_id is not None
