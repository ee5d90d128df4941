"""Whoever has only the Tab key goes round every page: it leads to each thing that one can use, shows where one is, and lets one go on."""

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.browser.hands import in_page
from tests.browser.lived_in import LivedIn
from tests.browser.office import Office
from tests.browser.steps import DESK, PHONE
from tests.browser.test_every_page import addresses
from tickets.vocabulary import Role

BEGIN, MEET = in_page("begin"), "window.round.meet()"
ON_PHONES = (None, Role.DIGITUKIJA)  # residents and helpers; the rooms of the desk are narrow on no telephone of theirs
LOADS = "document.querySelector('[hx-trigger*=load]') !== null"
SPARE = 30  # keys beyond those that a page is thought to need, before one is caught in it


def test_a_round_by_tab_meets_everything_on_every_page(office: Office) -> None:
    lived, browsers, faults = LivedIn(office), dict[Role | None, Page](), list[str]()
    for reader, name, address in addresses(office, lived):
        if reader not in browsers:
            browsers[reader] = office.page(reader)
        page = browsers[reader]
        page.goto(address)
        if page.evaluate(LOADS):
            page.wait_for_load_state("networkidle")
        for width in (DESK, PHONE) if reader in ON_PHONES else (DESK,):
            page.set_viewport_size({"width": width, "height": 900})
            faults += [f"{name} ({address}) {width}: {fault}" for fault in go_round(page)]
    assert faults == [], "\n" + "\n".join(faults)


def go_round(page: Page) -> Iterator[str]:
    """What somebody misses who presses Tab from the top of a page until they are there again."""
    most = page.evaluate(BEGIN) + SPARE
    if page.evaluate("document.activeElement !== document.body"):
        if not any(_tab(page)["over"] for _ in range(most)):
            yield "whoever begins in the middle is caught in it"
        page.evaluate(BEGIN)
    for _ in range(most):
        met = _tab(page)
        yield from met["faults"]
        if met["over"]:
            return
    yield "one is caught in it"


def _tab(page: Page) -> dict[str, object]:
    page.keyboard.press("Tab")
    return page.evaluate(MEET)
