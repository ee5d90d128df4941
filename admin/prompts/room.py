"""What all pages of the line's words share: which line and which sentence, who may change them, and a recording that is sent in."""

from typing import Final

from flask import Blueprint, Response, abort, request
from sqlalchemy.orm import Session

from admin.auth import holder, reaches_network
from admin.headers import ALWAYS
from admin.parts import now, transaction
from admin.studio.recordings import Recorder, RecordingRefusal, take_in
from admin.studio.sentences import line_of
from admin.studio.takes import LARGEST_TAKE, NoStudioError, TakeError, TakeFault
from tickets.network import Line
from tickets.rights import Right
from tickets.tokens import actor_of
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language

ROOM_FOR_FIELDS: Final = 10_000
prompts = Blueprint("prompts", __name__, url_prefix="/admin/prompts")
RECORDED_AT: Final = {"prompts.one", "prompts.change", "prompts.record", "prompts.shelf", "prompts.record_next"}
SENT_TO: Final = {"prompts.record", "prompts.record_next"}


@prompts.after_request
def _lend_the_microphone(response: Response) -> Response:
    """Where a sentence is recorded, and nowhere else, a page may ask for the microphone."""
    if request.endpoint in RECORDED_AT:
        response.headers["Permissions-Policy"] = ALWAYS["Permissions-Policy"].replace(
            "microphone=()", "microphone=(self)"
        )
    return response


@prompts.before_request
def _make_room() -> None:
    """A recording is larger than any form."""
    if request.endpoint in SENT_TO:
        request.max_content_length = LARGEST_TAKE + ROOM_FOR_FIELDS


def spoken(language: str) -> Language:
    """A language of an address."""
    if language not in list(Language):
        abort(404)
    return Language(language)


def known(language: str, key: str) -> tuple[Language, str]:
    """A sentence of an address."""
    of, keys = spoken(language), Catalogue.load().keys()
    return (of, key) if key in keys else abort(404)


def line_at(session: Session, line_id: int) -> Line:
    """A line of the reader's network."""
    return line_of(session, holder().network_id, line_id) or abort(404)


def require_reach() -> None:
    """Lines belong to the network: who works for one organisation may read and hear them."""
    if not may_change():
        abort(403)


def may_change() -> bool:
    """Whether the reader may do more than read and hear."""
    return reaches_network(Right.EDIT_PROMPTS) or holder().organisation_id is None


def taken_in(line_id: int) -> TakeFault | RecordingRefusal | None:
    """The recording that was sent, kept for the piece that the form names; or why not."""
    sent = request.files.get("recording")
    content = b"" if sent is None else sent.read()
    try:
        with transaction() as session:
            line = line_at(session, line_id)
            recorder = Recorder(line if "alone" in request.form else None, actor_of(holder()), now())
            piece = request.form.get("piece", "")
            taken = take_in(session, Catalogue.load(), holder().network_id, piece, content, recorder)
    except TakeError as error:
        return error.fault
    except NoStudioError:
        return RecordingRefusal.NO_STUDIO
    return taken if isinstance(taken, RecordingRefusal) else None


def kind_of(refusal: object) -> str:
    """Under which kind the pages have the words of a refusal."""
    if isinstance(refusal, TakeFault):
        return "take fault"
    return "recording refusal" if isinstance(refusal, RecordingRefusal) else "wording refusal"
