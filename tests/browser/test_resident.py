"""A resident on the pages: asks for a call, looks at the booking, moves it, gives it back – in both languages."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from admin.public.seals import FormSeal
from tests.browser.axe import violations
from tests.browser.office import Office
from tests.browser.steps import can_be_read, words
from tests.integration.forms import SECRET

NUMBER = "040 555 0201"


@pytest.fixture(params=["fi", "sv"])
def language(request: pytest.FixtureRequest) -> str:
    """A language of the pages."""
    return str(request.param)


def ask_for_a_call(page: Page, language: str) -> str:
    """Fill the form as somebody does who takes their time, and agree to the first time; the code."""
    fill_the_form(page, words(language), NUMBER)
    page.locator(".free__times button").first.click()
    code = page.locator("dd.time").last.inner_text()
    assert re.fullmatch(r"\d{4}", code)
    return code


def fill_the_form(page: Page, say: Mapping[str, str], number: str) -> None:
    page.goto("/")
    page.locator("label[for=topic-PUHELIN]").click()
    page.get_by_label(say["Your phone number"]).fill(number)
    take_time(page)
    page.get_by_role("button", name=say["Go on to choosing a time"]).click()


def take_time(page: Page) -> None:
    """Let the form have been shown a minute ago: nobody reads and fills it at once."""
    field = page.locator("input[name=seal]")
    seal = FormSeal.read(field.input_value(), SECRET, datetime.now(UTC))
    assert seal is not None
    earlier = FormSeal(seal.name, seal.shown_at - timedelta(minutes=1)).written(SECRET)
    field.evaluate("(field, seal) => { field.value = seal }", earlier)


def open_booking(page: Page, language: str, code: str) -> None:
    say = words(language)
    page.goto("/booking")
    page.get_by_label(say["Your phone number"]).fill(NUMBER)
    page.get_by_label(say["Your code"]).fill(code)
    page.get_by_role("button", name=say["Show the booking"]).click()


def test_a_call_is_asked_for_moved_and_given_back(office: Office, language: str) -> None:
    say, page = words(language), office.page(None, language)
    code = ask_for_a_call(page, language)
    open_booking(page, language, code)
    before = page.locator("main time").first.inner_text()
    page.get_by_role("link", name=say["Move the time"]).click()
    page.locator(".free__times button").first.click()
    expect(page.get_by_text(say["said\x04booking_moved"])).to_be_visible()
    assert page.locator("main time").first.inner_text() != before
    page.get_by_role("link", name=say["Cancel the time"]).click()
    page.get_by_role("button", name=say["Yes, cancel it"]).click()
    expect(page.get_by_text(say["The time has been cancelled. We do not ring you."])).to_be_visible()


def test_a_mistyped_number_is_changed_beside_the_times_or_its_time_cancelled(office: Office, language: str) -> None:
    say, page = words(language), office.page(None, language, width=320)
    fill_the_form(page, say, "040 555 0299")
    page.get_by_role("link", name=say["Change the number"]).click()
    can_be_read(page)
    page.get_by_label(say["Your phone number"]).fill("040 555 0298")
    page.get_by_role("button", name=say["Go on to choosing a time"]).click()
    expect(page.get_by_text(say["We ring the number %(number)s."] % {"number": "040 555 0298"})).to_be_visible()
    page.locator(".free__times button").first.click()
    fill_the_form(page, say, NUMBER)
    can_be_read(page)
    page.locator(".free__times button").first.click()
    can_be_read(page)
    page.get_by_role("link", name=say["Cancel that time"]).click()
    page.get_by_role("button", name=say["Yes, cancel it"]).click()
    expect(page.get_by_text(say["The time has been cancelled. We do not ring you."])).to_be_visible()


def test_what_is_missing_is_said_beside_the_field_and_in_a_list_that_leads_there(office: Office, language: str) -> None:
    say, page = words(language), office.page(None, language)
    page.goto("/booking")
    page.get_by_role("button", name=say["Show the booking"]).click()
    first = page.get_by_role("alert").get_by_role("link").first
    expect(first).to_contain_text(say["mistake\x04number_missing"])
    first.click()
    expect(page.get_by_label(say["Your phone number"])).to_be_focused()
    assert violations(page) == []


def test_whoever_was_helped_says_so_afterwards(office: Office, language: str) -> None:
    say, page = words(language), office.page(None, language)
    code = ask_for_a_call(page, language)
    with office.parts.sessions.begin() as session:
        session.execute(
            text("UPDATE callback SET state = 'kept', ended_at = :now"), {"now": office.now + timedelta(hours=1)}
        )
        session.execute(
            text("UPDATE ticket SET status = 'closed', outcome = 'RATKAISTU', closed_at = :now"), {"now": office.now}
        )
    open_booking(page, language, code)
    page.get_by_role("link", name=say["Tell us whether you were helped"]).click()
    page.locator("label[for=helped-2]").click()
    page.get_by_label(say["A few words, if you like"]).fill("👍")
    page.get_by_role("button", name=say["Send"]).click()
    expect(page.get_by_text(say["said\x04feedback_given"])).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/booking", "/accessibility", "/privacy"])
@pytest.mark.parametrize(("width", "dark"), [(320, False), (1280, True)])
def test_the_residents_pages_break_no_rule_and_never_scroll_sideways(
    office: Office, language: str, path: str, width: int, dark: bool
) -> None:
    page = office.page(None, language, width=width, dark=dark)
    page.goto(path)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_pages_of_a_booking_break_no_rule(office: Office, language: str) -> None:
    page = office.page(None, language, width=320)
    ask_for_a_call(page, language)
    page.get_by_role("main").get_by_role("link", name=words(language)["Look at, move or cancel a booking"]).click()
    way = page.url
    for path in ("", "/time", "/cancel"):
        page.goto(f"{way}{path}")
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
