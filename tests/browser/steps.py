"""The words of any page, and what holds of it however it is looked at."""

from collections.abc import Mapping

import pytest
from playwright.sync_api import Page

from admin.wording import catalogue
from tests.browser.axe import violations
from tickets.vocabulary import PageLanguage

PHONE, DESK = 320, 1280
in_both = pytest.mark.parametrize("language", ["fi", "sv"])  # with a mouse; by keyboard alone (conftest.py)
SETTLED = "Promise.all(document.getAnimations().map((one) => one.finished))"  # colours that fade into the other light


def words(language: str) -> Mapping[str, str]:
    """The sentences of the pages in a language."""
    return catalogue(PageLanguage(language))


def can_be_read(page: Page) -> None:
    """On a desk by day and on a phone by night it breaks no rule, and nothing sticks out at its side."""
    for width, light in ((PHONE, "dark"), (DESK, "light")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if light == "dark" else "light")
        page.evaluate(SETTLED)
        found = violations(page)
        assert not found, (page.url, width, found)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (page.url, width)
