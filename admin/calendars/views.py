"""The address at which a calendar program follows a feed."""

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
        answer = Response(_content(session, known), content_type=TYPE)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Content-Disposition"] = 'inline; filename="digilinja.ics"'
    answer.add_etag()
    return answer.make_conditional(request)


def _content(session: Session, known: Feed) -> bytes:
    host = urlsplit(parts().settings.public_url or "").hostname or "digilinja"
    if known.whose.helper_id is not None:
        shifts = own_shifts(session, known.network_id, known.whose.helper_id, now=now())
        return own_calendar(shifts, known.language or _asked_for(), host)
    organisation = session.get_one(Organisation, known.whose.organisation_id)
    rota = rota_shifts(session, known.network_id, organisation.id, now=now())
    return rota_calendar(rota, organisation.name, _asked_for(), host)


def _asked_for() -> Language:
    """An organisation has no language of its own: its feed's address may ask for one."""
    return Language.SV if request.args.get("lang") == Language.SV else Language.FI
