"""Whoever sees with colours of their own, and whoever reads on paper: what is chosen is told apart, and nothing that one would press is printed."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.lived_in import LivedIn
from tests.browser.office import Office
from tickets.vocabulary import Role

PAPER = 718  # A4 with its edges, in pixels of a page
PRESSED = "nav, footer, button, .button, audio, form.sought"
COLOUR = "(one) => getComputedStyle(one).borderBottomColor"


def test_in_colours_of_ones_own_it_is_seen_where_one_is_and_what_is_chosen(office: Office, lived: LivedIn) -> None:
    page = office.page(Role.KOORDINAATTORI)
    page.emulate_media(forced_colors="active")
    page.goto(f"/admin/tickets/{lived.code}")
    sections = page.locator(".sections a")
    colours = sections.evaluate_all(f"all => [...new Set(all.map({COLOUR}))]")
    assert len(colours) == 2
    assert (
        sections.evaluate_all(f"(all, other) => all.filter((one) => ({COLOUR})(one) === other).length", colours[0]) == 1
    )
    pressed, other = page.locator("[aria-pressed=true]").first, page.locator("[aria-pressed=false]").first
    width = "one => getComputedStyle(one).borderTopWidth"
    assert pressed.evaluate(width) != other.evaluate(width)
    assert page.locator(".hds-status-label").first.evaluate("one => getComputedStyle(one).borderStyle") == "solid"
    assert differs(page, "/", "#topic-PUHELIN")
    page.goto("/admin/people/new")
    assert differs(page, "/admin/people/new", "#languages-sv")


def differs(page: Page, path: str, choice: str) -> bool:
    """Whether what is drawn for a choice looks otherwise once it is chosen and the focus is elsewhere."""
    page.goto(path)
    drawn: Locator = page.locator(f"label[for={choice[1:]}]")
    before = drawn.screenshot()
    page.locator(choice).check(force=True)
    page.evaluate("document.activeElement.blur()")
    page.mouse.move(0, 0)
    return before != drawn.screenshot()


@pytest.mark.parametrize(
    ("who", "path", "told"),
    [
        (Role.KOORDINAATTORI, "/admin/rota", ".rota-list__places >> visible=true"),
        (Role.KOORDINAATTORI, "/admin/tickets/{code}", ".facts"),
        (Role.KOORDINAATTORI, "/admin/reports", "#report table"),
        (Role.DIGITUKIJA, "/helper/", "#day .list"),
        (None, "/booking/{booking}", "main time"),
    ],
)
def test_on_paper_stands_what_is_known_and_nothing_that_one_would_press(
    office: Office, lived: LivedIn, who: Role | None, path: str, told: str
) -> None:
    page = office.page(who, width=PAPER)
    page.emulate_media(media="print")
    page.goto(path.format(code=lived.code, booking=lived.booking()))
    expect(page.locator(told).first).to_be_visible()
    assert page.locator(f":is({PRESSED}) >> visible=true").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER
