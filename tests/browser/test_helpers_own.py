"""What a helper keeps on their phone: the case and its caller, links and ways to give, another time; shifts, swaps, weeks, calendars."""

import re
from collections.abc import Mapping

from playwright.sync_api import Locator, Page, expect

from admin.demo.data import DemoHelper
from scheduler.rota.places import places_of, release_place
from scheduler.slots import Grid
from tests.browser.kept import rows, value
from tests.browser.office import Office
from tests.browser.steps import in_both, words
from tests.integration.helper_day import HelperDay
from tickets.vocabulary import HelperKind

PHONE = 320


def helper_of(office: Office, kind: HelperKind, nth: int = 0) -> DemoHelper:
    return [one for one in office.demo.helpers if one.kind is kind][nth]


def do(page: Page, told: str) -> None:
    """Press the first button of this name."""
    page.get_by_role("main").get_by_role("button", name=re.compile(f"^{re.escape(told)}")).first.click()


def folded(page: Page, told: str) -> Locator:
    """What is folded up under these words, opened."""
    details = page.locator("details", has=page.locator("summary", has_text=re.compile(f"^{re.escape(told)}"))).first
    details.locator("summary").click()
    return details


@in_both
def test_a_case_is_worked_on_and_gets_another_time(office: Office, language: str) -> None:
    who = helper_of(office, HelperKind.STAFF)
    day = HelperDay(office.parts, who.id, office.now)
    case = day.kept()
    say, page = words(language), office.page(who.name, language, width=PHONE)
    page.goto(f"/helper/cases/{case.code}")
    do(page, say["Show whose matter it is"])
    expect(page.locator(".number-to-ring")).to_contain_text("040 123 4567")
    page.get_by_role("link", name=say["Back to the case"]).click()
    do(page, say["I told the caller of this"])
    expect(page.get_by_text(say["told to the caller"])).to_be_visible()
    do(folded(page, say["Places near the caller"]).page, say["Text the way there"])
    expect(page.get_by_role("status")).to_have_text(say["said\x04directions_texted"])
    page.get_by_label(say["Write a note"]).fill("Näyttö on pimeä.")
    do(page, say["Keep the note"])
    expect(page.locator(".told", has_text="Näyttö on pimeä.")).to_be_visible()
    tell_that_it_needs_more(page, say)
    page.locator(".taps button").first.click()
    expect(page.get_by_role("status")).to_have_text(say["said\x04time_promised"])
    needs = "SELECT t.training_need, count(*) FROM ticket t JOIN callback c ON c.ticket_id = t.id WHERE t.id = :id GROUP BY 1"
    assert rows(office, needs, id=case.ticket) == [(True, 2)]
    assert value(office, "SELECT count(*) FROM view_log WHERE seen = 'contact'") == 1


def tell_that_it_needs_more(page: Page, say: Mapping[str, str]) -> None:
    """It was solved in part, and somebody of ours should learn more of it."""
    page.get_by_role("link", name=say["Say how it went"]).click()
    page.locator("label[for=result-partly]").click()
    page.locator("label[for=did-partly]").click()
    folded(page, say["Tell more, if you like"])
    page.locator("label[for=training]").click()
    do(page, say["Save"])


@in_both
def test_a_shift_is_promised_then_somebody_sought_for_it_and_found(office: Office, language: str) -> None:
    who, other = (helper_of(office, HelperKind.VOLUNTEER, nth) for nth in (0, 1))
    has_nothing_yet(office, other)
    say, page = words(language), office.page(who.name, language, width=PHONE)
    page.goto("/helper/shifts")
    do(page, say["I am coming"])
    expect(page.get_by_text(say["you are coming"]).first).to_be_visible()
    seek_somebody(page, say)
    do(page, say["I come after all"])
    expect(page.get_by_text(say["somebody is sought for it"], exact=True)).to_have_count(0)
    seek_somebody(page, say)
    (shift,) = rows(office, "SELECT shift_id FROM place WHERE swap_offered_at IS NOT NULL AND state = 'held'")[0]
    theirs = office.page(other.name, language, width=PHONE)
    theirs.goto("/helper/openings")
    sought = theirs.locator("h2", has_text=say["Others seek somebody for these"]).locator("+ ul")
    sought.get_by_role("button").first.click()
    expect(theirs.get_by_role("status")).to_have_text(say["said\x04shift_taken"])
    theirs.goto("/helper/openings")
    do(folded(theirs, say["Full shifts: wait for a place"]).page, say["I wait for a place"])
    theirs.goto("/helper/shifts")
    do(theirs, say["Wait no more"])
    expect(theirs.get_by_role("heading", name=say["You wait for a place in these"])).to_have_count(0)
    held = "SELECT helper_id FROM place WHERE shift_id = :id AND state = 'held'"
    assert (other.id,) in rows(office, held, id=shift)
    assert (who.id,) not in rows(office, held, id=shift)


def has_nothing_yet(office: Office, helper: DemoHelper) -> None:
    """They come to no shift yet."""
    with office.parts.sessions.begin() as session:
        told = {"now": office.now, "grid": Grid(), "actor": "test"}
        for place in places_of(session, helper.id, since=office.now):
            release_place(session, office.network, place.id, **told)  # type: ignore[arg-type]


def seek_somebody(page: Page, say: Mapping[str, str]) -> None:
    """Somebody else may take the next shift."""
    folded(page, say["I cannot come, or want to swap"])
    do(page, say["Seek somebody to take it"])
    expect(page.get_by_text(say["somebody is sought for it"], exact=True)).to_have_count(1)


@in_both
def test_every_week_wishes_and_calendars_are_said_on_one_page(office: Office, language: str) -> None:
    who = helper_of(office, HelperKind.VOLUNTEER)
    say, page = words(language), office.page(who.name, language, width=PHONE)
    page.goto("/helper/time")
    weekly = folded(page, say["Every week the same"])
    weekly.locator("label[for=w-says-cannot]").click()
    weekly.locator("label[for^=w-weekdays-]").first.click()
    page.locator("#w-weeks").fill("3")
    weekly.get_by_role("button", name=say["Say it"]).click()
    expect(page.get_by_role("button", name=re.compile(f"^{say['Take it back']}"))).to_have_count(3)
    wishes = folded(page, say["How much you want to do"])
    for field, typed in {"wished": "2", "most": "3", "rest": "12"}.items():
        page.locator(f"#{field}").fill(typed)
    wishes.get_by_role("button", name=say["Save"]).click()
    follow_calendars(page, say)
    wished = "SELECT wished_per_week, most_per_week FROM helper WHERE id = :id"
    assert rows(office, wished, id=who.id) == [(2, 3)]


def follow_calendars(page: Page, say: Mapping[str, str]) -> None:
    """The line's calendar in one's own, and one's own for the line; and no more of either."""
    folded(page, say["Your shifts in your own calendar"])
    do(page, say["Make an address"])
    expect(page.locator("#feed")).to_have_value(re.compile(r"^https?://.*\.ics$"))
    page.goto("/helper/time")
    folded(page, say["Your shifts in your own calendar"])
    do(page, say["End the subscription"])
    folded(page, say["When your own calendar is full"])
    page.locator("#address").fill("https://kalenteri.example.fi/oma.ics")
    do(page, say["Read it"])
    folded(page, say["When your own calendar is full"])
    do(page, say["Read it no more"])
    expect(page.get_by_role("status")).to_be_visible()
