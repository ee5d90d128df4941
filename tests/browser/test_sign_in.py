"""Signing in, as a story: a number, a code that comes to the phone, one's own page; and the demo's people to be clicked on."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.office import Office
from tests.browser.steps import in_both
from tests.integration.way_in import Post, WayIn
from tickets.vocabulary import HelperKind

WORDS = {
    "fi": {"number": "Matkapuhelinnumerosi", "send": "Lähetä minulle koodi", "digits": "Kuusi numeroa", "in": "Kirjaudu sisään",
           "own": "Tämä on oma puhelimeni", "wrong": "Koodi ei ole oikea", "out": "Kirjaudu ulos kaikkialta muualta"},
    "sv": {"number": "Ditt mobilnummer", "send": "Skicka en kod till mig", "digits": "De sex siffrorna", "in": "Logga in",
           "own": "Det här är min egen telefon", "wrong": "Koden är inte rätt", "out": "Logga ut överallt annars"},
}  # fmt: skip


@pytest.fixture
def post(office: Office) -> "Worker":
    """The worker who sends the codes, and the phone that gets them."""
    return Worker(office)


class Worker:
    """Does what is due, when it is told to."""

    def __init__(self, office: Office) -> None:
        self.way = WayIn.of(office.app, office.parts, office.parts.clock, Post())  # type: ignore[arg-type]

    @property
    def code(self) -> str:
        """The code that has just come to the phone."""
        self.way.works()
        return self.way.post.code


@in_both
def test_a_helper_signs_in_on_their_phone_and_is_at_their_day(office: Office, post: Worker, language: str) -> None:
    words = WORDS[language]
    page = office.page(language=language, width=360)
    page.goto("/helper/")
    page.get_by_label(words["number"]).fill(_helper(office))
    page.get_by_role("button", name=words["send"]).click()
    code = post.code
    digits = page.get_by_label(words["digits"])
    digits.fill(f"{(int(code) + 1) % 1_000_000:06}")
    page.get_by_role("button", name=words["in"]).click()
    expect(page.locator(".mistake")).to_contain_text(words["wrong"])
    digits.fill(code)
    page.get_by_label(words["own"]).check()
    page.get_by_role("button", name=words["in"]).click()
    expect(page).to_have_url(re.compile(r"/helper/$"))


@in_both
def test_somebody_signs_in_and_ends_their_other_sign_ins(office: Office, post: Worker, language: str) -> None:
    words = WORDS[language]
    page = office.page(language=language)
    page.goto("/sign-in?to=/me")
    page.get_by_label(words["number"]).fill(_helper(office))
    page.get_by_label(words["number"]).press("Enter")
    expect(page).to_have_url(re.compile(r"/sign-in/code$"))
    page.get_by_label(words["digits"]).fill(post.code)
    page.get_by_label(words["digits"]).press("Enter")
    expect(page).to_have_url(re.compile(r"/me$"))
    other = office.page(next(one.name for one in office.demo.helpers if one.kind is HelperKind.VOLUNTEER), language)
    other.goto("/me")
    page.reload()
    page.get_by_role("button", name=words["out"]).click()
    expect(page.locator(".sign-ins > li")).to_have_count(1)
    other.goto("/me")
    expect(other).to_have_url(re.compile(r"/sign-in\?to="))


@in_both
def test_the_demos_people_are_clicked_on(office: Office, language: str) -> None:
    page = office.page(language=language)
    page.goto("/sign-in")
    page.get_by_role("button", name="Kerttu Koordinaattori").click()
    expect(page).to_have_url(re.compile(r"/admin/$"))


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_pages_of_the_way_in_break_no_rule_of_axe_and_fit_a_small_phone(
    office: Office, language: str, width: int, dark: bool
) -> None:
    page = office.page(language=language, width=width, dark=dark)
    page.goto("/sign-in?key=")
    _is_in_order(page)
    page.goto("/sign-in")
    _is_in_order(page)
    page.locator("#address").fill("02 255 50100")
    page.locator("main form button").first.click()
    _is_in_order(page)
    page.locator("#address").fill(_helper(office))
    page.locator("main form button").first.click()
    _is_in_order(page)
    page.locator("#code").fill("123")
    page.locator("main form button").first.click()
    _is_in_order(page)
    own = office.page("Kerttu Koordinaattori", language, width=width, dark=dark)
    own.goto("/me")
    _is_in_order(own)


def _is_in_order(page: Page) -> None:
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def _helper(office: Office) -> str:
    return next(one.phone for one in office.demo.helpers if one.kind is HelperKind.VOLUNTEER)
