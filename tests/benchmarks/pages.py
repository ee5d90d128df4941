"""Every page on two thousand tickets and on two hundred thousand: no slower for the hundredfold, and light on a slow network."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.routing import Rule

from admin.app import PAGES, build
from admin.auth import DECISION, NEEDED
from admin.clock import RunningClock
from admin.public.seals import BookingSeal, TicketSeal
from admin.settings import Settings
from tests.benchmarks.measure import Measured
from tests.benchmarks.tickets_ground import LARGE, NOW, SMALL, TicketsGround, tickets_grounds
from tests.browser.office import cookie_of
from tests.browser.test_every_page import NO_PAGES
from tickets.rights import DEFAULT
from tickets.vocabulary import BOOKABLE, Role

ROUNDS: Final = 9
AT_MOST: Final = 2.0
FIRST_PAGE_KB: Final = 150.0
READERS: Final = (Role.KOORDINAATTORI, Role.PAAKAYTTAJA, Role.TIETOSUOJAVASTAAVA, Role.DIGITUKIJA)
LOCAL: Final = (
    "koordinaattori of one organisation"  # reads what a coordinator of the network reads, through narrower sight
)
SEARCHES: Final = ("?q={word}", "?state=closed&sort=newest", "?language=sv&topic=KELA", "?view=board")
# Of these the ground has none: nobody was texted a question, no mailbox and no webhook is connected, no sound is kept, nobody asked
# for a code to sign in, and the ticket that is asked for is nobody's case.
NOT_ON_THIS_GROUND: Final = re.compile(
    r"public\.feedback|mailboxes\.one|connections\.deliveries|(lines|prompts)\.\w*sound|sign_in\.code|helper\.\w+"
)
Reader = Role | str | None
TABLES: Final = {  # where what stands at a place of an address is found, by its room where rooms call it the same
    "organisation": "organisation",
    "person": "person",
    "line_id": "line",
    "line": "line",
    "post": "board_post",
    "call_id": "call",
    "campaign": "campaign",
    "indicator": "indicator",
    "place_id": "place",
    "proposal_id": "proposal",
    "template_id": "template",
    "batch_id": "rota_batch",
    "rota shift_id": "shift",
    "rota_templates shift_id": "template_shift",
}
LATEST: Final = {  # of what grows the newest, and of shifts one that is to come
    "call": "max(id)",
    "place": "min(place.id) FILTER (WHERE lower(place.during) > :now)",
    "shift": "min(shift.id) FILTER (WHERE lower(shift.during) > :now)",
    "rota_batch": "max(id)",
}
PLAIN: Final = {"language": "fi", "key": "offer_slot", "role": "neuvoja", "day": "2026-11-20", "kind": "points"}
CODES: Final = {"points": "P7", "gatherings": "G7", "materials": "M7"}


def measure() -> Iterator[Measured]:
    """Each page on both grounds by turns; the median time of the large one against that of the small one."""
    with TemporaryDirectory(prefix="digilinja-bench-") as folder, tickets_grounds(SMALL, LARGE) as grounds:
        sites = {size: Site(ground, Path(folder)) for size, ground in grounds.items()}
        yield Measured("pages: the first page over the wire", sites[SMALL].first_page_kb(), "kB", at_most=FIRST_PAGE_KB)
        for endpoint, reader, asked in sites[LARGE].all_pages():
            took = _took(sites, endpoint, reader, asked)
            if took is None:
                assert reader == LOCAL or NOT_ON_THIS_GROUND.fullmatch(endpoint), f"{endpoint} is not shown to {reader}"
            else:
                name = f"pages: {endpoint}{asked} as {reader or 'anybody'}, {LARGE:,}"
                yield Measured(name, took[LARGE], "ms", floor=took[SMALL], at_most=AT_MOST)


def _took(sites: Mapping[int, "Site"], endpoint: str, reader: Reader, asked: str) -> dict[int, float] | None:
    took: dict[int, list[float]] = {size: [] for size in sites}
    for turn, (size, site) in product(range(ROUNDS), sites.items()):
        begun = perf_counter()
        if not site.shows(endpoint, reader, asked):
            return None
        if turn:  # the first round warms up
            took[size].append((perf_counter() - begun) * 1000)
    return {size: sorted(several)[len(several) // 2] for size, several in took.items()}


class Site:
    """The pages on one ground, and browsers of its readers."""

    def __init__(self, ground: TicketsGround, folder: Path) -> None:
        self.ground = ground
        self.app: Flask = build(_settings(ground, folder))
        self._browsers: dict[Reader, FlaskClient] = {None: self.app.test_client()}
        for person, reader in zip(ground.people, (*READERS, LOCAL), strict=False):
            self._browsers[reader] = self._browser_of(person, reader)

    def _browser_of(self, person: int, reader: Role | str) -> FlaskClient:
        role, belongs = (Role.KOORDINAATTORI, "organisation_id") if reader == LOCAL else (reader, "NULL")
        with self.ground.sessions.begin() as session:
            if reader is Role.DIGITUKIJA:  # who has pages of their own rings back
                person = session.execute(text("SELECT min(id) FROM person WHERE helper_id IS NOT NULL")).scalar_one()
            turned = text(f"UPDATE person SET role = :role, organisation_id = {belongs} WHERE id = :id")
            session.execute(turned, {"id": person, "role": role})
        browser = self.app.test_client()
        browser.set_cookie("digilinja", cookie_of(self.app, person))
        return browser

    def all_pages(self) -> Iterator[tuple[str, Reader, str]]:
        """Each page with whoever reads it; the board of tickets by several questions."""
        names = {blueprint.name for blueprint in PAGES}
        for rule in sorted(self.app.url_map.iter_rules(), key=str):
            if rule.endpoint.split(".")[0] in names and "GET" in (rule.methods or ()) and rule.endpoint not in NO_PAGES:
                asked = ("", *(SEARCHES if rule.endpoint == "cases.board" else ()))
                reader = self._reader_of(rule)
                readers = (reader, LOCAL) if reader is Role.KOORDINAATTORI else (reader,)
                yield from product((rule.endpoint,), readers, (one.format(word=self.ground.words[2]) for one in asked))

    def shows(self, endpoint: str, reader: Reader, asked: str) -> bool:
        """Whether the page was there to be shown: some are of things of which this ground has none."""
        room, page = endpoint.split(".", maxsplit=1)
        room = page if room == "public" else room
        places = {place: self._fills(room, place, reader) for place in self._places_of(endpoint)}
        if None in places.values():
            return False
        address = self.app.url_map.bind("127.0.0.1").build(endpoint, places)
        return self._browsers[reader].get(address + asked).status_code == 200

    def first_page_kb(self) -> float:
        """What a browser that was never here fetches to show the front page; a proxy shrinks the page itself."""
        page = self._browsers[None].get("/")
        parts = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text))
        sizes = [len(self._browsers[None].get(part, headers={"Accept-Encoding": "gzip"}).data) for part in parts]
        return (len(page.data) + sum(sizes)) / 1000

    def _reader_of(self, rule: Rule) -> Role | None:
        view = self.app.view_functions[rule.endpoint]
        if getattr(view, DECISION) == "open":
            return None
        return next((role for role in READERS if set(getattr(view, NEEDED)) & DEFAULT[role].keys()), None)

    def _places_of(self, endpoint: str) -> frozenset[str]:
        return frozenset(next(self.app.url_map.iter_rules(endpoint)).arguments)

    def _fills(self, room: str, place: str, reader: Reader) -> Any:
        if place == "code":
            return CODES.get(room) or self._ticket_of(reader)
        if reader == LOCAL and place == "organisation":
            return self.ground.organisations[len(READERS)]
        if reader == LOCAL and place == "person":
            return self.ground.people[len(READERS)]
        table = TABLES.get(f"{room} {place}", TABLES.get(place))
        if table is not None:
            first = LATEST.get(table, "min(id)")
            with self.ground.sessions() as session:
                return session.execute(text(f"SELECT {first} FROM {table}"), {"now": NOW}).scalar()
        return PLAIN.get(place) or self._sealed(room, place)

    def _sealed(self, room: str, place: str) -> str | None:
        """What opens a ticket to whoever has just sent the form, a booking to whoever made it, a case to the whole network."""
        with self.ground.sessions() as session:
            if place == "number":
                return session.execute(text("SELECT max(number) FROM relay WHERE state = 'open'")).scalar()
            last = "SELECT max(id) FROM ticket WHERE status = :status"
            sent, booked = (session.execute(text(last), {"status": one}).scalar_one() for one in ("open", "promised"))
        if place != "seal":
            return None
        secret = "s" * 32
        return (
            TicketSeal(sent, None, NOW).written(secret) if room == "time" else BookingSeal(booked, NOW).written(secret)
        )

    def _ticket_of(self, reader: Reader) -> Any:
        """A ticket for which there may be a time, so that its pages ask the same on either ground."""
        newest = text("""
            SELECT code FROM ticket WHERE status = ANY(:bookable) AND (CAST(:organisation AS bigint) IS NULL OR EXISTS (
                SELECT FROM ticket_access WHERE ticket_id = ticket.id AND organisation_id = :organisation
            )) ORDER BY ticket.id DESC LIMIT 1
        """)
        organisation = self.ground.organisations[len(READERS)] if reader == LOCAL else None
        with self.ground.sessions() as session:
            given = {"bookable": [status.value for status in BOOKABLE], "organisation": organisation}
            return session.execute(newest, given).scalar_one()


def _settings(ground: TicketsGround, folder: Path) -> Settings:
    return Settings.read(
        {
            "DIGILINJA_DATABASE_URL": ground.engine.url.render_as_string(hide_password=False),
            "DIGILINJA_DATA_DIR": str(folder),
            "DIGILINJA_PUBLIC_URL": "http://127.0.0.1:8000",
            "DIGILINJA_TWILIO_API_URL": "http://127.0.0.1:9",
            "DIGILINJA_SECRET_KEY": "s" * 32,
            "DIGILINJA_INDEX_KEY": "an index key for benchmarks",
            "DIGILINJA_DATA_KEYS": "3v9Nq0mZ7yQy1mJrC2YwVgPq3cXo5b6lJk8sTzR0aBc=",
            "DIGILINJA_CLOCK": str(RunningClock(NOW, 1.0, datetime.now(NOW.tzinfo))),
            "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
            "TWILIO_AUTH_TOKEN": "token",
        }
    )
