"""What people do on any page: read its words, reach a thing by keyboard alone; and what holds of any page however it is looked at."""

from collections.abc import Mapping

from playwright.sync_api import Locator, Page, expect

from admin.wording import catalogue
from tests.browser.axe import violations
from tickets.vocabulary import PageLanguage

TABS = 60  # a page that needs more of them is not worked by keyboard
PHONE, DESK = 320, 1280
SETTLED = "Promise.all(document.getAnimations().map((one) => one.finished))"  # colours that fade into the other light


def words(language: str) -> Mapping[str, str]:
    """The sentences of the pages in a language."""
    return catalogue(PageLanguage(language))


def tab_to(page: Page, target: Locator) -> None:
    """Reach it by keyboard alone, from where one is."""
    expect(target).to_be_visible()
    for _ in range(TABS):
        if target.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("no number of tabs leads there")


def type_into(page: Page, field: str, written: str) -> None:
    """Reach a field by keyboard alone, and type; of a list to choose from, what one types is chosen."""
    tab_to(page, page.locator(f"#{field}"))
    page.keyboard.type(written)


def press(page: Page, target: Locator) -> None:
    """Reach a button or a link by keyboard alone, and press it."""
    tab_to(page, target)
    page.keyboard.press("Enter")


def can_be_read(page: Page) -> None:
    """On a desk by day and on a phone by night it breaks no rule, and nothing sticks out at its side."""
    for width, light in ((PHONE, "dark"), (DESK, "light")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if light == "dark" else "light")
        page.evaluate(SETTLED)
        found = violations(page)
        assert not found, (page.url, width, found)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (page.url, width)
