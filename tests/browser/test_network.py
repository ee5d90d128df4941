"""Whoever keeps the lines at work in a browser: a bulletin is written, heard and put on; a line and the settings are changed."""

import pytest
from playwright.sync_api import expect

from tests.browser.office import Office
from tickets.vocabulary import Role

BOTH = pytest.mark.parametrize("language", ["fi", "sv"])
FI, SV = "Palvelussa on tänään häiriö.", "Det är en störning i tjänsten i dag."
ON = {"fi": "Tiedote on käytössä", "sv": "Meddelandet är i bruk"}
OFF = {"fi": "Tiedote on lopetettu", "sv": "Meddelandet har avslutats"}
SAVED = {"fi": "Asetukset on tallennettu", "sv": "Inställningarna har sparats"}


@BOTH
def test_a_bulletin_is_mended_heard_put_on_and_taken_off_on_a_phone(office: Office, language: str) -> None:
    page = office.page(Role.KOORDINAATTORI, language, width=320)
    page.goto("/admin/bulletins")
    page.locator("#fi").fill("Häiriö 24.11.")
    page.locator("#sv").fill(SV)
    page.locator("#form > button").click()
    expect(page.locator("#fi-faults")).to_be_visible()
    expect(page.locator("#sv")).to_have_value(SV)
    page.locator("#fi").fill(FI)
    page.locator("#form > button").click()
    sounds = page.locator("#form audio")
    expect(sounds).to_have_count(2)
    for place in range(2):
        seconds = sounds.nth(place).evaluate(
            "sound => new Promise((done) => { sound.onloadedmetadata = () => done(sound.duration); sound.load(); sound.preload = 'auto' })"
        )
        assert seconds > 2
    page.locator("button[name=heard]").click()
    expect(page.get_by_role("status")).to_contain_text(ON[language])
    expect(page.locator(".bulletin--on")).to_contain_text(FI)
    page.locator(".bulletin--on button").click()
    expect(page.get_by_role("status")).to_contain_text(OFF[language])
    expect(page.locator(".bulletin--on")).to_have_count(0)


@BOTH
def test_a_line_gets_another_name_and_hears_speech(office: Office, language: str) -> None:
    page = office.page(Role.PAAKAYTTAJA, language)
    page.goto("/admin/lines")
    page.locator("tbody th a").first.click()
    page.locator("#name").fill("Linja 24")
    page.locator("#form button").click()
    expect(page.locator("#name-mistake")).to_be_visible()
    page.locator("#name").fill("Seudun digituki")
    page.locator("#hears_speech").check(force=True)
    page.locator("#form button").click()
    expect(page.get_by_role("status")).to_contain_text(SAVED[language])
    expect(page.locator("tbody tr").first).to_contain_text("Seudun digituki")


@BOTH
def test_an_identification_takes_longer_from_now_on(office: Office, language: str) -> None:
    page = office.page(Role.PAAKAYTTAJA, language)
    page.goto("/admin/settings")
    page.locator("#minutes-TUNNIST").select_option("90")
    page.locator("#alert_phone").fill("12")
    page.locator("#form > button").click()
    expect(page.locator("#alert_phone-mistake")).to_be_visible()
    expect(page.locator("#minutes-TUNNIST")).to_have_value("90")
    page.locator("#alert_phone").fill("050 555 0777")
    page.locator("#form > button").click()
    expect(page.get_by_role("status")).to_contain_text(SAVED[language])
    expect(page.locator("#minutes-TUNNIST")).to_have_value("90")


@BOTH
def test_a_program_is_added_and_its_secret_shown_once(office: Office, language: str) -> None:
    page = office.page(Role.PAAKAYTTAJA, language)
    page.goto("/admin/connections")
    page.locator("#webhook-form summary").click()
    page.locator("#webhook-address").fill("https://example.org/hook")
    page.locator("#webhook-form button").click()
    expect(page.locator(".secret")).to_contain_text("whsec_")
    page.goto("/admin/connections")
    expect(page.locator(".secret")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("example.org")
