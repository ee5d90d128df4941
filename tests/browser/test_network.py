"""Whoever keeps the lines at work in a browser: a bulletin is written, heard and put on; a line and the settings are changed."""

import re

from playwright.sync_api import expect

from tests.browser.office import Office
from tests.browser.steps import in_both
from tickets.vocabulary import Role

FI, SV = "Palvelussa on tänään häiriö.", "Det är en störning i tjänsten i dag."
ON = {"fi": "Tiedote on käytössä", "sv": "Meddelandet är i bruk"}
OFF = {"fi": "Tiedote on lopetettu", "sv": "Meddelandet har avslutats"}
MOVED = {"fi": "loppumisaika on muutettu", "sv": "sluttid har ändrats"}
OPENED = {"fi": "Linja on avattu", "sv": "Linjen har öppnats"}
NAMED = {"fi": "Naantalin digituki", "sv": "Nådendals digistöd"}
SAVED = {"fi": "Asetukset on tallennettu", "sv": "Inställningarna har sparats"}


@in_both
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
    page.locator(".bulletin--on > .do button").click()
    expect(page.get_by_role("status")).to_contain_text(OFF[language])
    expect(page.locator(".bulletin--on")).to_have_count(0)


@in_both
def test_a_coordinator_in_a_hurry_puts_a_ready_bulletin_on_prolongs_it_and_takes_it_off(
    office: Office, language: str
) -> None:
    page = office.page(Role.KOORDINAATTORI, language, width=320)
    page.goto("/admin/bulletins")
    page.locator("#ready").select_option("no_calls_today")
    page.locator("form[method=get] .button").click()
    expect(page.locator("#sv")).to_have_value("Vi kan inte ringa i dag, utan ringer er nästa vardag.")
    page.locator("#form > button").click()
    page.locator("button[name=heard]").click()
    on = page.locator(".bulletin--on")
    on.locator(".bulletin__sounds summary").click()
    expect(on.locator("audio").first).to_be_visible()
    on.locator(".bulletin__end summary").click()
    on.locator("input[type=date]").fill("2026-11-26")
    on.locator(".bulletin__end button").click()
    expect(page.get_by_role("status")).to_contain_text(MOVED[language])
    expect(on.locator("> p time")).to_have_attribute("datetime", re.compile("^2026-11-26"))
    on.locator("> .do button").click()
    expect(page.get_by_role("status")).to_contain_text(OFF[language])
    expect(on).to_have_count(0)


@in_both
def test_whoever_writes_finnish_only_has_the_swedish_caller_told_in_swedish(office: Office, language: str) -> None:
    page = office.page(Role.KOORDINAATTORI, language)
    page.goto("/admin/bulletins")
    page.locator("#fi").fill(FI)
    page.locator("#line").select_option(index=1)
    page.locator("#form > button").click()
    expect(page.locator("#sv")).to_have_value(re.compile("bara på finska"))
    page.locator("button[name=heard]").click()
    expect(page.locator(".bulletin--on [lang=sv]").first).to_contain_text("bara på finska")


@in_both
def test_a_line_is_opened_heard_and_told_what_is_left_to_do(office: Office, language: str) -> None:
    page = office.page(Role.PAAKAYTTAJA, language)
    page.goto("/admin/lines")
    page.locator("main .actions a").first.click()
    page.locator("#number").fill("02 555 0100")
    page.locator("#first_language").select_option("fi")
    page.locator("#name").fill("Naantalin digituki")
    page.locator("#other_name").fill("Nådendals digistöd")
    page.locator("#municipality").select_option("423")
    page.locator("#form > button").click()
    expect(page.locator("#number-mistake")).to_be_visible()
    expect(page.locator("#other_name")).to_have_value("Nådendals digistöd")
    page.locator("#number").fill("02 555 0300")
    page.locator("#form > button").click()
    expect(page.locator("#form audio")).to_have_count(2)
    page.locator("button[name=heard]").click()
    expect(page.get_by_role("status").first).to_contain_text(OPENED[language])
    expect(page.get_by_role("heading", level=1)).to_have_text(NAMED[language])
    page.locator("#operator summary").click()
    expect(page.locator("#operator")).to_contain_text("/ivr/call")


@in_both
def test_a_line_gets_another_name_and_hears_speech(office: Office, language: str) -> None:
    page = office.page(Role.PAAKAYTTAJA, language)
    page.goto("/admin/lines")
    page.locator("tbody th a").first.click()
    page.locator("#name").fill("Linja 24")
    page.locator("#form button").click()
    expect(page.locator("#name-mistake")).to_be_visible()
    page.locator("#name").fill("Seudun digituki")
    page.locator("#other_name").fill("Nejdens digistöd")
    page.locator("#hears_speech").check(force=True)
    page.locator("#form button").click()
    page.locator("button[name=heard]").click()
    expect(page.get_by_role("status")).to_contain_text(SAVED[language])
    named = {"fi": "Seudun digituki", "sv": "Nejdens digistöd"}
    expect(page.locator("tbody tr").first).to_contain_text(named[language])


@in_both
def test_a_mailbox_that_does_not_open_is_not_read(office: Office, language: str) -> None:
    page = office.page(Role.PAAKAYTTAJA, language)
    page.goto("/admin/connections")
    page.locator("a[href$='/mailboxes/new']").click()
    page.locator("#address").fill("digituki@example.fi")
    page.locator("#host").fill("127.0.0.1")
    page.locator("#password").fill("salainen")
    page.locator("#form button").click()
    expect(page.locator("#host-mistake")).to_be_visible()
    expect(page.locator("#address")).to_have_value("digituki@example.fi")
    expect(page.locator("#password")).to_have_value("")


@in_both
def test_an_identification_takes_longer_from_now_on(office: Office, language: str) -> None:
    page = office.page(Role.PAAKAYTTAJA, language)
    page.goto("/admin/settings")
    page.locator("#topic").select_option("TUNNIST")
    page.locator("#minutes").select_option("90")
    page.locator("#alert_phone").fill("12")
    page.locator("#form > button").click()
    expect(page.locator("#alert_phone-mistake")).to_be_visible()
    expect(page.locator("#minutes")).to_have_value("90")
    page.locator("#alert_phone").fill("050 555 0777")
    page.locator("#form > button").click()
    expect(page.get_by_role("status")).to_contain_text(SAVED[language])
    expect(page.locator("#minutes-TUNNIST")).to_have_value("90")


@in_both
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


@in_both
def test_the_network_rings_back_until_the_evening_from_now_on(office: Office, language: str) -> None:
    page = office.page(Role.PAAKAYTTAJA, language)
    page.goto("/admin/lines")
    page.locator("a[href='/admin/lines/hours']").click()
    page.locator("#opens").fill("10:15")
    page.locator("#closes").fill("11:00")
    page.locator("#form > button").click()
    expect(page.locator("#closes-mistake")).to_be_visible()
    expect(page.locator("#opens")).to_have_value("10:15")
    page.locator("#closes").fill("19:00")
    page.locator("#working_days").fill("15")
    page.locator("#form > button").click()
    expect(page.get_by_role("status")).to_contain_text(SAVED[language])
    expect(page.locator("main")).to_contain_text("10.15–19.00")
