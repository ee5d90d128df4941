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
from admin.settings import Settings
from tests.benchmarks.measure import Measured
from tests.benchmarks.tickets_ground import LARGE, NOW, SMALL, TicketsGround, tickets_grounds
from tests.browser.office import cookie_of
from tests.browser.test_every_page import NO_PAGES
from tickets.rights import DEFAULT
from tickets.vocabulary import Role

ROUNDS: Final = 9
AT_MOST: Final = 2.0
FIRST_PAGE_KB: Final = 150.0
READERS: Final = (Role.KOORDINAATTORI, Role.PAAKAYTTAJA, Role.TIETOSUOJAVASTAAVA, Role.DIGITUKIJA)
SEARCHES: Final = ("?said=kalmo", "?status=closed", "?language=sv&topic=KELA", "?board=1")
TABLES: Final = {"organisation": "organisation", "person": "person", "line_id": "line"}


def measure() -> Iterator[Measured]:
    """Each page on both grounds by turns; the median time of the large one against that of the small one."""
    with TemporaryDirectory(prefix="digilinja-bench-") as folder, tickets_grounds(SMALL, LARGE) as grounds:
        sites = {size: Site(ground, Path(folder)) for size, ground in grounds.items()}
        yield Measured("pages: the first page over the wire", sites[SMALL].first_page_kb(), "kB", at_most=FIRST_PAGE_KB)
        for endpoint, reader, asked in sites[LARGE].all_pages():
            took = _took(sites, endpoint, reader, asked)
            if took is not None:
                name = f"pages: {endpoint}{asked} as {reader or 'anybody'}, {LARGE:,}"
                yield Measured(name, took[LARGE], "ms", floor=took[SMALL], at_most=AT_MOST)


def _took(sites: Mapping[int, "Site"], endpoint: str, reader: Role | None, asked: str) -> dict[int, float] | None:
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
        self._browsers: dict[Role | None, FlaskClient] = {None: self.app.test_client()}
        with ground.sessions.begin() as session:
            for number, reader in enumerate(READERS):
                person = {"id": ground.people[number], "role": reader}
                session.execute(text("UPDATE person SET role = :role, organisation_id = NULL WHERE id = :id"), person)
        for number, reader in enumerate(READERS):
            self._browsers[reader] = self.app.test_client()
            self._browsers[reader].set_cookie("digilinja", cookie_of(self.app, ground.people[number]))

    def all_pages(self) -> Iterator[tuple[str, Role | None, str]]:
        """Each page with whoever reads it; the board of tickets by several questions."""
        names = {blueprint.name for blueprint in PAGES}
        for rule in sorted(self.app.url_map.iter_rules(), key=str):
            if rule.endpoint.split(".")[0] in names and "GET" in (rule.methods or ()) and rule.endpoint not in NO_PAGES:
                yield from (
                    (rule.endpoint, self._reader_of(rule), asked)
                    for asked in ("", *(SEARCHES if rule.endpoint == "cases.board" else ()))
                )

    def shows(self, endpoint: str, reader: Role | None, asked: str) -> bool:
        """Whether the page was there to be shown: some are of things of which this ground has none."""
        places = {place: self._fills(place) for place in self._places_of(endpoint)}
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

    def _fills(self, place: str) -> Any:
        if place == "code":
            return f"DL-{self.ground.size // 2:05X}"
        if place in TABLES:
            with self.ground.sessions() as session:
                return session.execute(text(f"SELECT min(id) FROM {TABLES[place]}")).scalar()
        return {"language": "fi", "key": "offer_slot", "role": "neuvoja"}.get(place)


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
