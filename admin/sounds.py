"""What is played in the page: callers' spoken messages, with who heard them in the view log, and what the line says."""

import io

from flask import Blueprint, Response, abort, send_file

from admin.auth import holder, signed_in
from admin.parts import now, transaction
from scheduler.hearing import hear
from tickets.rights import Right

sounds = Blueprint("sounds", __name__, url_prefix="/sounds")


@sounds.get("/<int:message_id>")
@signed_in(Right.READ_TICKETS)
def message(message_id: int) -> Response:
    """Play a message, or the part of it that a player asks for; nobody keeps a copy on the way."""
    with transaction() as session:
        sound = hear(session, holder(), message_id, now=now()) or abort(404)
    kind = sound.media_type if sound.media_type.startswith("audio/") else "audio/wav"
    answer = send_file(io.BytesIO(sound.media), mimetype=kind, conditional=True, etag=False)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def played(wav: bytes | None) -> Response:
    """What the line says, to be heard in the page; not found where there is nothing. It may be another sound the next time."""
    return send_file(io.BytesIO(wav or abort(404)), mimetype="audio/wav", max_age=0)
