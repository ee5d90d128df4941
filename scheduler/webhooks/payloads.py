"""What a program elsewhere is told of an event: which ticket, what happened, where it stands; codes only. Pure."""

import json
from dataclasses import dataclass
from datetime import datetime

from tickets.anonymised import subregion_around
from tickets.vocabulary import Channel, EventKind, TicketStatus, Topic
from voice_prompts.language import Language


@dataclass(frozen=True, slots=True)
class Happened:
    """One event with what may be told of its ticket; `municipality` is None under turvakielto."""

    event_id: int
    kind: EventKind
    at: datetime
    code: str
    status: TicketStatus
    topic: Topic | None
    language: Language
    channel: Channel
    municipality: str | None


def body_of(happened: Happened) -> str:
    """The body, the same in each try unless turvakielto comes between: of the caller's area, the sub-region, as of a relay."""
    return json.dumps(
        {
            "type": f"ticket.{happened.kind}",
            "timestamp": happened.at.isoformat(),
            "data": {
                "ticket": happened.code,
                "event": happened.kind,
                "status": happened.status,
                "topic": happened.topic,
                "language": happened.language,
                "channel": happened.channel,
                "subregion": subregion_around(happened.municipality),
                "at": happened.at.isoformat(),
            },
        },
        separators=(",", ":"),
    )


def without_area(body: str) -> str:
    """The same body, and nothing of the caller's area: turvakielto holds for what was written down before it, too."""
    told = json.loads(body)
    told["data"]["subregion"] = None
    return json.dumps(told, separators=(",", ":"))


def trial_body(now: datetime) -> str:
    """What is posted to see whether anybody is there."""
    return json.dumps({"type": "trial", "timestamp": now.isoformat(), "data": {}}, separators=(",", ":"))
