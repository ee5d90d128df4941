"""The address at which a calendar program follows a feed."""

from functools import partial
from hashlib import sha256
from importlib.metadata import version
from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from admin.auth import open_to_all
from admin.calendars.ics import own_calendar, rota_calendar
from admin.parts import now, parts, transaction
from scheduler.rota.calendars import Feed, feed_with
from scheduler.rota.followed import own_shifts, rota_shifts
from tickets.network import Organisation
from voice_prompts.language import Language

calendars = Blueprint("calendars", __name__, url_prefix="/calendar")
TYPE: Final = "text/calendar; charset=utf-8"


def address_of(public_url: str, token: str) -> str:
    """Where a feed is followed."""
    return f"{public_url}/calendar/{token}.ics"


@calendars.get("/<token>.ics")
@open_to_all
def feed(token: str) -> ResponseReturnValue:
    """Show a feed to whoever has its token; whatever else is asked for is not there."""
    with transaction() as session:
        known = feed_with(session, token)
        if known is None:
            abort(404)
        shown = _shown(session, known)
    etag = sha256(f"{version('digilinja')} {shown.args!r}".encode()).hexdigest()
    fresh = request.if_none_match.contains(etag)  # looked at first, as writing a long rota out takes a second
    answer = Response(status=304) if fresh else Response(shown(), content_type=TYPE)
    answer.set_etag(etag)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Content-Disposition"] = 'inline; filename="digilinja.ics"'
    return answer


def _shown(session: Session, known: Feed) -> partial[bytes]:
    """What a feed shows, not written out yet."""
    host = urlsplit(parts().settings.public_url or "").hostname or "digilinja"
    if known.whose.helper_id is not None:
        shifts = own_shifts(session, known.network_id, known.whose.helper_id, now=now())
        return partial(own_calendar, shifts, known.language or language_asked_for(), host)
    organisation = session.get_one(Organisation, known.whose.organisation_id)
    rota = rota_shifts(session, known.network_id, organisation.id, now=now())
    return partial(rota_calendar, rota, organisation.name, language_asked_for(), host)


def language_asked_for() -> Language:
    """The language that a feed's address asks for; neither an organisation nor a network has one of its own."""
    return Language.SV if request.args.get("lang") == Language.SV else Language.FI
