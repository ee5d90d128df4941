"""Every page, as its readers see it: in each language, on a phone and a desk, by day and by night.

What axe-core finds fails the test, and so does whatever must be scrolled sideways on a phone. A picture of each page is left in
`var/screens` for people to look at.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page
from werkzeug.routing import Rule

from admin.app import PAGES
from admin.auth import DECISION, NEEDED
from tests.browser.axe import violations
from tests.browser.lived_in import LivedIn
from tests.browser.office import Office
from tickets.rights import DEFAULT
from tickets.vocabulary import Role

SCREENS = Path(__file__).parents[2] / "var" / "screens"
PHONE, DESK = 320, 1280
PICTURED = ("fi", "sv")
TALLEST = 6000  # what a person looks at of a page that lists all that the line says
LOOKS = ((DESK, False), (PHONE, False), (PHONE, True), (DESK, True))
# Who looks: of those who have the right, the first of these. A helper's pages are looked at by a helper.
READERS = (
    Role.KOORDINAATTORI,
    Role.PAAKAYTTAJA,
    Role.TIETOSUOJAVASTAAVA,
    Role.NEUVOJA,
    Role.DIGITUKIJA,
    Role.YHDYSHENKILO,
    Role.JASEN,
)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_page_can_be_read_by_everybody(office: Office, language: str) -> None:
    lived = LivedIn(office)
    browsers: dict[Role | None, Page] = {}
    faults: list[str] = []
    for reader, name, address in addresses(office, lived):
        if reader not in browsers:
            browsers[reader] = office.page(reader, language)
        faults += [f"{name} ({address}) {fault}" for fault in look(browsers[reader], name, address, language)]
    SCREENS.mkdir(parents=True, exist_ok=True)
    (SCREENS / f"faults-{language}.txt").write_text("\n".join(faults), "utf-8")
    assert faults == [], "\n" + "\n".join(faults)


def addresses(office: Office, lived: LivedIn) -> Iterator[tuple[Role | None, str, str]]:
    """Every page of ours that one goes to, with who goes there."""
    names = {blueprint.name for blueprint in PAGES}
    build = office.app.url_map.bind("127.0.0.1").build
    for rule in sorted(office.app.url_map.iter_rules(), key=str):
        if rule.endpoint.split(".")[0] in names and "GET" in (rule.methods or ()) and rule.endpoint not in NO_PAGES:
            places = {place: lived.at(rule.endpoint, place) for place in rule.arguments}
            yield (
                reader_of(office, rule),
                rule.endpoint,
                "" if None in places.values() else build(rule.endpoint, places),
            )


def reader_of(office: Office, rule: Rule) -> Role | None:
    view = office.app.view_functions[rule.endpoint]
    if getattr(view, DECISION) == "open":
        return None
    if rule.endpoint.startswith("helper."):
        return Role.DIGITUKIJA
    return next(role for role in READERS if set(getattr(view, NEEDED)) & DEFAULT[role].keys())


def look(page: Page, name: str, address: str, language: str) -> Iterator[str]:
    """What is wrong with a page, however it is looked at."""
    if not address:
        yield "has a place in its address that nothing in lived_in.py fills"
        return
    page.set_viewport_size({"width": DESK, "height": 900})
    answer = page.goto(address)
    if answer is None or answer.status != 200:
        yield f"answers {answer and answer.status}"
        return
    if page.locator("html").get_attribute("lang") != language:
        yield "is in another language"
    for width, dark in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if dark else "light")
        seen = f"{width}-{'dark' if dark else 'light'}"
        yield from (f"{seen}: {violation}" for violation in violations(page, colours_only=dark))
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            yield f"{seen}: must be scrolled sideways"
        if language not in PICTURED:
            continue
        tall = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
        picture = SCREENS / language / f"{name}-{seen}.png"
        page.screenshot(path=picture, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": tall})


# Parts of pages that are fetched alone, sounds and files; each is tested where it is used.
NO_PAGES = frozenset(
    {
        "bulletins.sound",
        "cases.open_list",
        "desk.live",
        "directory_lists.taken_home",
        "helper.live",
        "helper.call_live",
        "lines.sound",
        "oidc.back",
        "oidc.go",
        "prompts.piece_sound",
        "prompts.sound",
        "reports.file",
        "rota.targets",
        "sounds.message",
    }
)
