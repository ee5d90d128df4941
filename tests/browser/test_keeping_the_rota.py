"""The rota by hand: a shift and who is in it, a template, a week copied and taken back, a closure, a proposal that is not wanted."""

import re
from collections.abc import Mapping

from playwright.sync_api import Page, expect

from scheduler.rota.waits import ask_to_wait
from tests.browser.kept import rows, value, write
from tests.browser.office import Office
from tests.browser.steps import in_both, words
from tickets.vocabulary import Role

SATURDAY = "2026-11-28"


def type_in(page: Page, **fields: str) -> None:
    """Fill fields by their names."""
    for field, typed in fields.items():
        page.locator(f"#{field}").fill(typed)


@in_both
def test_a_shift_is_made_given_kept_taken_back_changed_and_removed(office: Office, language: str) -> None:
    say, page = words(language), office.page(Role.KOORDINAATTORI, language)
    page.goto(f"/admin/rota/shifts/new?day={SATURDAY}")
    type_in(page, begins="10:00", ends="13:00", needed="1", most="1")
    page.get_by_role("button", name=say["Add the shift"]).click()
    page.wait_for_url(re.compile(r"/shifts/\d+$"))
    shift = int(page.url.rsplit("/", 1)[1])
    page.get_by_role("button", name=re.compile(rf"^{say['Give a place']}\s*:")).first.click()
    expect(page.get_by_role("link", name=say["Move or take out"])).to_be_visible()
    somebody_waits(office, shift)
    page.goto(f"/admin/rota/shifts/{shift}")
    page.get_by_role("button", name=say["Waits no more"]).click()
    expect(page.get_by_role("heading", name=say["Waiting for a place"])).to_have_count(0)
    write(office, "UPDATE place SET swap_offered_at = :now WHERE shift_id = :id", now=office.now, id=shift)
    page.get_by_role("link", name=say["Move or take out"]).click()
    comes_and_is_taken_out(page, say)
    page.goto(f"/admin/rota/shifts/{shift}")
    type_in(page, begins="11:00")
    page.get_by_role("button", name=say["Save"], exact=True).click()
    page.goto(f"/admin/rota/shifts/{shift}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("11.00")
    assert value(office, "SELECT count(*) FROM place WHERE shift_id = :id AND state = 'held'", id=shift) == 0
    page.get_by_role("button", name=say["Remove the shift"]).click()
    page.goto(f"/admin/rota/shifts/{shift}")
    expect(page.get_by_text(say["Removed"], exact=True)).to_be_visible()


def comes_and_is_taken_out(page: Page, say: Mapping[str, str]) -> None:
    """Whoever sought a taker comes after all, says so, and is taken out all the same."""
    place = page.url
    page.get_by_role("button", name=say["They come after all"]).click()
    page.goto(place)
    page.get_by_role("button", name=say["They have said that they come"]).click()
    page.goto(place)
    expect(page.get_by_text(say["has said that they come"])).to_be_visible()
    page.get_by_role("button", name=say["Take out"]).click()


def somebody_waits(office: Office, shift: int) -> None:
    """One more helper would come to it."""
    ((held,),) = rows(office, "SELECT helper_id FROM place WHERE shift_id = :id", id=shift)
    other = next(one.id for one in office.demo.helpers if one.id != held)
    with office.parts.sessions.begin() as session:
        ask_to_wait(session, office.network, shift, other, now=office.now)


@in_both
def test_a_template_is_made_its_shift_changed_left_out_for_a_day_and_removed(office: Office, language: str) -> None:
    say, page = words(language), office.page(Role.KOORDINAATTORI, language)
    page.goto("/admin/rota/templates")
    page.locator("#name").fill("Joulun viikot")
    page.get_by_role("button", name=say["Make the template"]).click()
    page.locator("label[for=weekdays-MO]").click()
    type_in(page, first_day="2026-12-07", begins="09:00", ends="12:00", needed="1", most="2")
    page.get_by_role("button", name=say["Add the shift"]).click()
    page.get_by_role("link", name="9.00–12.00").click()
    where = page.url
    type_in(page, ends="13:00")
    page.get_by_role("button", name=say["Save"], exact=True).click()
    page.goto(where)
    expect(page.get_by_role("heading", level=1)).to_contain_text("13.00")
    page.locator("#day").fill("2026-12-14")
    page.get_by_role("button", name=say["Leave out"], exact=True).click()
    page.goto(where)
    expect(page.get_by_role("button", name=say["Let it come again"])).to_be_visible()
    page.get_by_role("button", name=say["Remove from the template"]).click()
    expect(page.get_by_text(say["No shift in it yet."])).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Joulun viikot")


@in_both
def test_a_week_is_copied_as_drafts_published_and_taken_back(office: Office, language: str) -> None:
    say, page = words(language), office.page(Role.KOORDINAATTORI, language)
    page.goto("/admin/rota/weeks/copy?source=2026-12-07&target=2026-12-28")
    page.get_by_role("button", name=say["Lay out as drafts"]).click()
    drafts = "SELECT count(*) FROM shift WHERE published_at IS NULL AND cancelled_at IS NULL"
    made = value(office, drafts)
    assert made
    page.goto("/admin/rota/weeks/drafts?until=2027-01-03")
    page.get_by_role("button", name=say["Publish"], exact=True).click()
    expect(page.get_by_role("status")).to_be_visible()
    assert value(office, drafts) == 0
    page.goto("/admin/rota/weeks")
    page.get_by_role("link", name=say["Take back"]).first.click()
    page.get_by_role("button", name=say["Take back"], exact=True).click()
    expect(page.get_by_role("status")).to_be_visible()
    cancelled = "SELECT count(*) FROM shift WHERE cancelled_at IS NOT NULL"
    assert value(office, cancelled) == made


@in_both
def test_a_day_is_closed_and_opened_again_and_a_proposal_is_not_wanted(office: Office, language: str) -> None:
    say, page = words(language), office.page(Role.KOORDINAATTORI, language)
    page.goto("/admin/rota/closures")
    type_in(page, first="2026-12-10", reason="Koulutuspäivä")
    page.get_by_role("button", name=say["Close"], exact=True).click()
    closed = page.locator("li", has_text="Koulutuspäivä")
    expect(closed).to_be_visible()
    closed.get_by_role("button", name=say["Open again"]).click()
    expect(closed).to_have_count(0)
    page.goto("/admin/rota/proposals")
    for field in (say["First day"], say["Last day"]):
        page.get_by_label(field).fill(SATURDAY)
    page.get_by_role("button", name=say["Ask for a proposal"]).click()
    page.get_by_role("button", name=say["I do not need it any more"]).click()
    expect(page.get_by_text(say["proposal\x04dismissed"], exact=True).first).to_be_visible()
    assert rows(office, "SELECT state FROM proposal") == [("dismissed",)]
