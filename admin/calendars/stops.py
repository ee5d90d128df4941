"""Tour stops and events as a public calendar, for a whole network or for one municipality."""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from icalendar import Event

from admin.auth import open_to_all
from admin.calendars.ics import calendar_of, on_the_wall
from admin.calendars.views import TYPE, language_asked_for
from admin.calendars.words import FeedWord, said
from admin.parts import now, parts, transaction
from tickets.gatherings import Gathering, Occasion
from tickets.listed import days_between
from tickets.municipalities import by_code
from tickets.network import Network
from voice_prompts.language import Language
from voice_prompts.speech import written_number

stops = Blueprint("stops", __name__, url_prefix="/calendar/stops")
BEFORE, AHEAD = timedelta(days=30), timedelta(days=366)
AN_HOUR: Final = "public, max-age=3600"
Held = tuple[Gathering, Occasion]


@stops.get("/<int:network>.ics")
@open_to_all
def of_network(network: int) -> ResponseReturnValue:
    """Everything that people can come to in a network."""
    return _calendar(network, None)


@stops.get("/<int:network>/<municipality>.ics")
@open_to_all
def of_municipality(network: int, municipality: str) -> ResponseReturnValue:
    """What people can come to in one municipality, by its three digits."""
    if by_code(municipality) is None:
        abort(404)
    return _calendar(network, municipality)


def _calendar(network_id: int, municipality: str | None) -> ResponseReturnValue:
    language = language_asked_for()
    with transaction() as session:
        network = session.get(Network, network_id)
        if network is None:
            abort(404)
        held = days_between(session, network_id, now() - BEFORE, now() + AHEAD, municipality=municipality)
        write = partial(_written, held, _name(network.name, municipality, language), language)
        etag = sha256(f"{version('digilinja')} {language} {[_state(*one) for one in held]}".encode()).hexdigest()
        fresh = request.if_none_match.contains(etag)
        answer = Response(status=304) if fresh else Response(write(), content_type=TYPE)
    answer.set_etag(etag)
    answer.headers["Cache-Control"] = AN_HOUR
    return answer


def _written(held: Iterable[Held], name: str, language: Language) -> bytes:
    host = urlsplit(parts().settings.public_url or "").hostname or "digilinja"
    return calendar_of(name, [_event(gathering, day, language, host) for gathering, day in held])


def _name(network: str, municipality: str | None, language: Language) -> str:
    place = None if municipality is None else by_code(municipality)
    if place is None:
        return said(language, FeedWord.STOPS, network=network)
    return said(language, FeedWord.STOPS_IN, municipality=place.name_in(language))


def _state(gathering: Gathering, day: Occasion) -> tuple[object, ...]:
    return gathering.id, gathering.version, gathering.cancelled_at, day.id, day.version, day.starts_at


def _event(gathering: Gathering, day: Occasion, language: Language, host: str) -> Event:
    """One day, under an id that lasts as long as the day stands; a day that is called off is shown as such."""
    changed = max(gathering.changed_at, day.changed_at)
    event = Event()
    event.add("uid", f"occasion-{day.id}@{host}")
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", gathering.version + day.version)
    event.add("dtstart", on_the_wall(day.starts_at))
    event.add("dtend", on_the_wall(day.ends_at))
    event.add("status", "CANCELLED" if day.called_off_at or gathering.cancelled_at else "CONFIRMED")
    event.add("summary", _in(language, gathering.name_fi, gathering.name_sv))
    event.add("location", ", ".join(_where(gathering, language)))
    event.add("description", "\n".join(_told(gathering, language)))
    event.add("transp", "TRANSPARENT")
    if gathering.web:
        event.add("url", gathering.web)
    return event


def _where(gathering: Gathering, language: Language) -> Iterable[str]:
    """The house, the street, postcode and municipality: as much as is known."""
    town = by_code(gathering.municipality) if gathering.municipality else None
    place = _in(language, gathering.place_fi, gathering.place_sv)
    street = _in(language, gathering.address_fi, gathering.address_sv)
    post = " ".join(filter(None, (gathering.postcode, town.name_in(language) if town else None)))
    return filter(None, (place, street, post))


def _told(gathering: Gathering, language: Language) -> Iterable[str]:
    about = _in(language, gathering.about_fi, gathering.about_sv)
    if about:
        yield about
    ways = ", ".join(filter(None, (written_number(gathering.phone) if gathering.phone else None, gathering.web)))
    if ways:
        yield said(language, FeedWord.REGISTER_BY if gathering.must_register else FeedWord.ASK_BY, where=ways)


def _in(language: Language, fi: str | None, sv: str | None) -> str:
    """In the language that is asked for where it is known in it, else in the other."""
    return ((sv or fi) if language is Language.SV else (fi or sv)) or ""
