"""The directory in a browser: a place that is found nearest, an event and how its day went, a link looked at again."""

from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.office import Office
from tests.browser.steps import can_be_read, in_both, words
from tickets.vocabulary import Role

PLACE = {"fi": "Kirjaston digipiste", "sv": "Bibliotekets digipunkt"}


@in_both
def test_a_place_is_added_and_is_the_nearest_to_its_postcode(office: Office, language: str) -> None:
    say, page = words(language), office.page(Role.KOORDINAATTORI, language)
    page.goto("/admin/directory")
    page.get_by_role("link", name=say["Add a place"]).click()
    page.get_by_role("button", name=say["Save"]).click()
    page.get_by_role("alert").get_by_role("link").first.click()
    expect(page.locator("#kind")).to_be_focused()
    for code, name in PLACE.items():
        page.locator(f"#name_{code}").fill(name)
    page.locator("#kind").select_option(label=say["point kind\x04library"])
    page.locator("#address_fi").fill("Kirjakuja 1")
    page.locator("#postcode").fill("21600")
    page.get_by_role("button", name=say["Save"]).click()
    expect(page.get_by_role("status")).to_have_text(say["said\x04entry_saved"])
    expect(page.get_by_role("heading", level=1)).to_have_text(PLACE[language])
    can_be_read(page)
    page.get_by_role("link", name=say["page\x04nearest.near"], exact=True).click()
    page.locator("#where").fill("21600")
    page.locator("#where").press("Enter")
    first = page.locator("section[aria-labelledby=places] li").first
    expect(first).to_contain_text(PLACE[language])
    expect(first).to_contain_text(say["nearness\x04postcode"])
    can_be_read(page)


@in_both
def test_an_event_is_added_a_day_called_off_and_it_is_told_how_many_came(office: Office, language: str) -> None:
    say, page = words(language), office.page(Role.KOORDINAATTORI, language)
    page.goto("/admin/directory/gatherings")
    add_an_event(page, say, f"name_{language}")
    page.locator(".days li").first.get_by_role("button", name=say["Call off"]).click()
    expect(page.get_by_role("status")).to_have_text(say["said\x04day_called_off"])
    expect(page.locator(".days li").first).to_contain_text(say["Called off"])
    can_be_read(page)
    page.get_by_role("link", name=say["Tell how it went"]).click()
    page.locator("#people").fill("7")
    page.get_by_role("button", name=say["Save"]).click()
    expect(page.get_by_role("alert").locator('a[href="#minutes"]')).to_be_visible()
    expect(page.locator("#people")).to_have_value("7")
    can_be_read(page)
    page.locator("#minutes").fill("90")
    page.locator("#language-fi").fill("4")
    page.locator("#topic-PUHELIN").fill("5")
    page.get_by_role("button", name=say["Save"]).click()
    expect(page.get_by_role("status")).to_have_text(say["said\x04day_reported"])
    told = page.locator("table tbody tr").first
    expect(told).to_contain_text(say["topic\x04PUHELIN"] + " 5")
    expect(told.locator(".number")).to_have_text(["7", "90"])


def add_an_event(page: Page, say: Mapping[str, str], name: str) -> None:
    """One of every Tuesday morning, the first of which has just been held."""
    page.get_by_role("link", name=say["Add an event"]).click()
    typed = {name: "Digiaamu", "first_day": "2026-11-24", "begins": "08:00", "ends": "09:00", "postcode": "20100"}
    for field, value in typed.items():
        page.locator(f"#{field}").fill(value)
    page.locator("#repeats").select_option("weekly")
    page.get_by_role("button", name=say["Save"]).click()


@in_both
def test_a_link_is_added_and_looked_at_again_when_its_day_comes(office: Office, language: str) -> None:
    say, page = words(language), office.page(Role.KOORDINAATTORI, language)
    page.goto("/admin/directory/materials")
    page.get_by_role("link", name=say["Add a link"]).click()
    page.locator("#title").fill("Salasanan vaihto")
    page.locator("#url").fill("https://www.example.fi/ohje")
    page.locator("#kind").select_option("guide")
    page.locator("#language").select_option(language)
    page.locator("#review_due").fill("2026-11-24")
    page.get_by_role("button", name=say["Save"]).click()
    expect(page.get_by_text(say["Review is late"])).to_be_visible()
    can_be_read(page)
    page.get_by_role("link", name=say["All links and material"]).click()
    first = page.locator("table tbody tr").first
    expect(first).to_contain_text("Salasanan vaihto")
    can_be_read(page)
    first.get_by_role("button", name=say["Still right"]).click()
    expect(page.get_by_role("status")).to_have_text(say["said\x04entry_reviewed"])
    expect(page.get_by_role("row", name="Salasanan vaihto")).to_contain_text("25.5.2027")
    expect(page.get_by_text(say["Review is late"])).to_have_count(0)


LIST = "code;kind;name_fi;name_sv;phone;reviewed_on;review_due\nuusi;library;Uusi kirjasto;Nya biblioteket;116117;3.11.2026;3.5.2027\n"


@in_both
def test_a_list_is_looked_at_row_by_row_mended_and_brought_in(office: Office, language: str, tmp_path: Path) -> None:
    say, page = words(language), office.page(Role.KOORDINAATTORI, language)
    page.goto("/admin/directory")
    page.get_by_role("main").get_by_role("link", name=say["Bring in a list"]).click()
    file = tmp_path / "paikat.csv"
    file.write_text(LIST.replace("116117", "hei"), encoding="cp1252")
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name=say["Look at it"]).click()
    expect(page.get_by_role("row").nth(1)).to_contain_text(say["Has mistakes"])
    can_be_read(page)
    page.get_by_role("link", name=say["Choose another file"]).click()
    can_be_read(page)
    file.write_text(LIST, encoding="utf-8-sig")
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name=say["Look at it"]).click()
    expect(page.get_by_role("row").nth(1)).to_contain_text(say["list fate\x04added"])
    can_be_read(page)
    page.get_by_role("button", name=say["Bring it in"]).click()
    expect(page.get_by_role("status")).to_have_text(say["said\x04list_taken"])
    expect(page.get_by_role("main")).to_contain_text("Nya biblioteket" if language == "sv" else "Uusi kirjasto")
