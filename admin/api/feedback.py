"""Whether the network asks its callers if they were helped, for programs."""

from pydantic import BaseModel, Field

from admin.api.operations import Asked, Operations
from admin.api.place_shapes import Strict
from scheduler.feedback import asks_feedback, switch_feedback
from tickets.rights import Right

operations = Operations()


class AskingIn(Strict):
    """Whether callers are asked from now on."""

    asks: bool


class AskingOut(BaseModel):
    """Whether callers are asked, by text or by key, after their matter is closed."""

    asks: bool = Field(description="What has been asked may be answered all the same.")


@operations.get("/settings/feedback", Right.KEEP_SETTINGS, Right.READ_STATISTICS)
def feedback_asked(asked: Asked) -> AskingOut:
    """Whether callers are asked if they were helped."""
    return AskingOut(asks=asks_feedback(asked.session, asked.network_id))


@operations.patch("/settings/feedback", Right.KEEP_SETTINGS)
def ask_for_feedback_or_not(asked: Asked, body: AskingIn) -> AskingOut:
    """Ask callers from now on if they were helped, or do not."""
    switch_feedback(asked.session, asked.network_id, asks=body.asks)
    return AskingOut(asks=body.asks)
