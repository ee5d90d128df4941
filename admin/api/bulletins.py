"""Bulletins for programs: what every caller hears first while it is on."""

from typing import Final

from pydantic import BaseModel, Field

from admin.api.operations import Asked, Operations, Refused
from admin.api.place_shapes import Moment, Strict
from admin.api.reach import must_reach_network
from admin.api.rota_shapes import Made
from tickets.bulletins import BulletinCard, BulletinRefusal, earlier, move_end, on_now, put_on, take_off
from tickets.rights import Right
from voice_prompts.bulletin import BulletinWords

LONGEST: Final = 400
operations = Operations()


class BulletinsOut(BaseModel):
    """What is on, that of all lines first; and what was, the newest first."""

    on: list[BulletinCard]
    earlier: list[BulletinCard]


class BulletinIn(Strict):
    """One sentence in each language, in letters only, as a voice reads it."""

    fi: str = Field(min_length=1, max_length=LONGEST)
    sv: str = Field(min_length=1, max_length=LONGEST)
    line: int | None = Field(None, description="Null: on all lines.")
    ends_at: Moment = Field(description="At most fourteen days ahead.")
    seen: int | None = Field(None, description="The bulletin that was on there, 0 for none; null: whichever.")


class EndIn(Strict):
    """Another end."""

    ends_at: Moment = Field(description="At most fourteen days ahead.")


@operations.get("/bulletins", Right.EDIT_PROMPTS)
def bulletins(asked: Asked) -> BulletinsOut:
    """What callers hear before all else, and what they heard."""
    there = (asked.session, asked.network_id)
    return BulletinsOut(on=list(on_now(*there, now=asked.now)), earlier=list(earlier(*there, now=asked.now)))


@operations.post("/bulletins", Right.EDIT_PROMPTS)
def put_a_bulletin_on(asked: Asked, body: BulletinIn) -> Made:
    """Let every caller hear it from now on, in place of what was on there."""
    must_reach_network(asked, Right.EDIT_PROMPTS, "bulletin")
    words = BulletinWords(body.fi, body.sv)
    made = put_on(asked.session, asked.network_id, body.line, words, ends_at=body.ends_at, seen=body.seen, **asked.by)
    if made is BulletinRefusal.FAULTY:
        faults = [str(fault) for found in words.tidy().faults().values() for fault in found]
        raise Refused(made, "\n".join(faults), status=400)
    if isinstance(made, BulletinRefusal):
        raise Refused(made)
    return Made(id=made)


@operations.patch("/bulletins/{bulletin}", Right.EDIT_PROMPTS)
def move_the_end_of_a_bulletin(asked: Asked, bulletin: int, body: EndIn) -> None:
    """Let one that is on go off at another time."""
    must_reach_network(asked, Right.EDIT_PROMPTS, "bulletin")
    refusal = move_end(asked.session, asked.network_id, bulletin, body.ends_at, **asked.by)
    if refusal is not None:
        raise Refused(refusal, status=404 if refusal is BulletinRefusal.NOT_FOUND else 409)


@operations.delete("/bulletins/{bulletin}", Right.EDIT_PROMPTS)
def take_a_bulletin_off(asked: Asked, bulletin: int) -> None:
    """No call that begins from now on tells it."""
    must_reach_network(asked, Right.EDIT_PROMPTS, "bulletin")
    refusal = take_off(asked.session, asked.network_id, bulletin, **asked.by)
    if refusal is not None:
        raise Refused(refusal, status=404)
