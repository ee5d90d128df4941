"""The coordinator's desk in a browser: the day by itself, an alert seen, why a time was not offered, a call step by step, a matter logged."""

import re

import pytest
from playwright.sync_api import expect

from scheduler.alerts import AlertKind, note_alert
from tests.browser.axe import violations
from tests.browser.office import Office
from tests.browser.steps import words
from tests.integration.day_desk import Desk
from tickets.vocabulary import Role


@pytest.fixture(params=["fi", "sv"])
def language(request: pytest.FixtureRequest) -> str:
    """A language of the pages."""
    return str(request.param)


@pytest.fixture
def desk(office: Office) -> Desk:
    """A day on which things happen."""
    return Desk(office.app, office.parts, office.now)


def test_the_day_comes_by_itself_and_whoever_stands_on_a_link_stands_there_still(
    office: Office, desk: Desk, language: str
) -> None:
    page, first = office.page(Role.KOORDINAATTORI, language), desk.with_coordinator()
    page.clock.install()
    page.goto("/admin/")
    link = page.get_by_role("link", name=first)
    link.focus()
    second = desk.with_coordinator()
    expect(page.get_by_text(second)).to_have_count(0)
    with page.expect_response("**/admin/now"):
        page.clock.run_for(16_000)
    expect(page.get_by_role("link", name=second)).to_be_visible()
    expect(link).to_be_focused()


def test_without_scripts_the_day_is_there_and_an_alert_is_marked_as_seen(
    office: Office, desk: Desk, language: str
) -> None:
    say, page = words(language), office.page(Role.KOORDINAATTORI, language)
    page.route("**/*.js", lambda route: route.abort())
    with office.parts.sessions.begin() as session:
        note_alert(session, office.network, AlertKind.MAIL, "somebody", now=office.now)
    page.goto("/admin/")
    expect(page.get_by_text(say["alert\x04mail"]).first).to_be_visible()
    page.get_by_role("button", name=say["Seen"]).click()
    expect(page.get_by_text(say["said\x04alert_seen"])).to_be_visible()
    expect(page.get_by_text(say["Nothing needs anybody right now."])).to_be_visible()
    office.complaints.clear()  # of the scripts that were not let in


def test_why_a_time_was_not_offered_is_asked(office: Office, language: str) -> None:
    say, page = words(language), office.page(Role.KOORDINAATTORI, language)
    page.goto("/admin/why-not")
    page.locator("#day").fill("2026-11-24")
    page.locator("#at").fill("10:07")
    page.locator("#municipality").fill("Turku")
    page.get_by_role("button", name=say["Ask"]).click()
    expect(page.get_by_text(say["why\x04off_grid"])).to_be_visible()
    expect(page.get_by_text(say["why mend\x04off_grid"])).to_be_visible()
    assert violations(page) == []


def test_a_call_is_followed_step_by_step_from_the_days_list(office: Office, desk: Desk, language: str) -> None:
    say, page = words(language), office.page(Role.KOORDINAATTORI, language)
    call = desk.call(ended=True)
    page.goto("/admin/calls")
    page.locator(f'a[href="/admin/calls/{call}"]').click()
    expect(page.locator("kbd")).to_have_text("1")
    expect(page.get_by_text(say["call end\x04hung_up"]).first).to_be_visible()
    expect(page.locator("blockquote a").first).to_have_attribute("href", re.compile("/choose_language$"))
    assert violations(page) == []


def test_a_matter_is_logged_while_on_the_phone(office: Office, language: str) -> None:
    say, page = words(language), office.page(Role.NEUVOJA, language)
    page.goto("/admin/desk")
    expect(page.locator("#number")).to_be_focused()
    page.keyboard.type("040 555 0777")
    page.locator("#municipality").fill("Turku")
    page.locator("#topic").select_option(index=1)
    page.locator("label[for=then-time]").click()
    expect(page.locator("#then-time")).to_be_checked()
    page.get_by_role("button", name=say["Save"]).click()
    page.locator(".free__times button").first.click()
    expect(page.get_by_text(say["Tell the caller now"])).to_be_visible()
    expect(page.locator("dd.time").last).to_have_text(re.compile(r"^\d{4}$"))


def test_what_is_missing_at_the_desk_is_said_and_led_to(office: Office, language: str) -> None:
    say, page = words(language), office.page(Role.NEUVOJA, language)
    page.goto("/admin/desk")
    page.get_by_role("button", name=say["Save"]).click()
    alert = page.get_by_role("alert").get_by_role("link", name=say["mistake\x04then"])
    expect(alert).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize(("width", "dark"), [(320, True), (1280, False)])
def test_the_desks_pages_break_no_rule_and_never_scroll_sideways(
    office: Office, desk: Desk, language: str, width: int, dark: bool
) -> None:
    desk.deficit()
    desk.with_coordinator()
    call = desk.call(ended=True)
    page = office.page(Role.KOORDINAATTORI, language, width=width, dark=dark)
    for path in (
        "/admin/",
        "/admin/now/pillars",
        "/admin/why-not",
        "/admin/calls",
        f"/admin/calls/{call}",
        "/admin/desk",
    ):
        page.goto(path)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
