"""Callers' spoken messages, played in the page; by whom they were heard is in the view log."""

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
