"""A coordinator and the data protection officer at the pages of tickets, in a real browser, in Finnish and in Swedish."""

import io
import json
import zipfile
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.lived_in import LivedIn
from tests.browser.office import Office
from tests.browser.steps import in_both
from tickets.vocabulary import Role

WORDS = {
    "fi": {
        "tickets": "Tukipyynnöt", "words": "Sanoja tai pyynnön tunnus", "state": "Tila", "closed": "suljettu",
        "narrow": "Rajaa luetteloa", "language": "Kieli", "swedish": "ruotsi", "board": "Tiloittain",
        "save": "Tallenna tämä luettelo", "name": "Luettelon nimi", "keep": "Tallenna",
        "note": "Uusi muistiinpano", "write": "Kirjaa", "take": "Otan sen", "contact": "Näytä nimi ja numero",
        "refine": "Tarkenna tietoja", "device": "Laite", "ipad": "iPad", "close": "Sulje", "outcome": "Tulos",
        "solved": "ratkaistu", "close it": "Sulje tukipyyntö", "again": "Avaa pyyntö uudelleen",
        "time": "Siirrä tai peru aika", "myself": "Kerron soittajalle itse; älä lähetä viestiä äläkä soita",
        "tell": "Kerro soittajalle nyt", "relay": "Välitykseen", "draft": "Kokoa luonnos", "publish": "Julkaise",
        "rights": "Rekisteröidyn oikeudet", "code": "Pyynnön tunnus", "look": "Katso", "copy": "Tee jäljennös",
        "erase": "Poista kaikki", "sure": "POISTA KAIKKI", "erased": "Tiedot on poistettu.", "log": "Katseluloki",
        "number": "Puhelinnumero",
    },
    "sv": {
        "tickets": "Ärenden", "words": "Ord eller koden på ett ärende", "state": "Läge", "closed": "avslutat",
        "narrow": "Avgränsa listan", "language": "Språk", "swedish": "svenska", "board": "Efter läge",
        "save": "Spara den här listan", "name": "Listans namn", "keep": "Spara",
        "note": "Ny anteckning", "write": "Anteckna", "take": "Jag tar det", "contact": "Visa namn och nummer",
        "refine": "Precisera uppgifterna", "device": "Apparat", "ipad": "iPad", "close": "Avsluta", "outcome": "Resultat",
        "solved": "löst", "close it": "Avsluta ärendet", "again": "Öppna ärendet på nytt",
        "time": "Flytta eller avboka tiden", "myself": "Jag berättar det själv; skicka inget meddelande och ring inte",
        "tell": "Berätta nu för den som ringer", "relay": "Till förmedlingen", "draft": "Gör ett utkast",
        "publish": "Publicera", "rights": "Den registrerades rättigheter", "code": "Ärendets kod", "look": "Titta",
        "copy": "Gör kopian", "erase": "Radera allt", "sure": "RADERA ALLT", "erased": "Uppgifterna är raderade.",
        "log": "Visningslogg", "number": "Telefonnummer",
    },
}  # fmt: skip


@in_both
def test_a_coordinator_finds_a_ticket_as_they_type_and_comes_back_to_a_list(
    office: Office, lived: LivedIn, language: str
) -> None:
    say, page = WORDS[language], office.page(Role.KOORDINAATTORI, language)
    page.goto("/admin/tickets")
    expect(page.get_by_role("heading", level=1)).to_have_text(say["tickets"])
    rows = page.locator("#found tbody tr")
    expect(rows).to_have_count(5)
    page.get_by_label(say["words"]).press_sequentially("datorn")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(lived.codes[1])
    assert "q=datorn" in page.url
    page.get_by_label(say["words"]).fill("")
    expect(rows).to_have_count(5)
    page.get_by_text(say["narrow"]).click()
    page.locator("#language").select_option(label=say["swedish"])
    expect(rows).to_have_count(2)
    assert "language=sv" in page.url
    page.get_by_text(say["save"]).click()
    page.get_by_label(say["name"]).fill("På svenska")
    page.get_by_role("button", name=say["keep"], exact=True).click()
    expect(page.get_by_role("link", name="På svenska").first).to_be_visible()
    page.goto("/admin/tickets")
    page.locator("nav.kept").get_by_role("link", name="På svenska").click()
    expect(rows).to_have_count(2)
    page.get_by_role("link", name=say["board"]).click()
    expect(page.locator(".board__column")).to_have_count(7)
    expect(page.locator(".board .card")).to_have_count(2)


@in_both
def test_a_coordinator_reads_a_ticket_hears_its_message_notes_refines_closes_and_opens_it_again(
    office: Office, lived: LivedIn, language: str
) -> None:
    say, page = WORDS[language], office.page(Role.KOORDINAATTORI, language)
    page.goto("/admin/tickets")
    page.get_by_label(say["words"]).fill(lived.code)
    page.get_by_label(say["words"]).press("Enter")
    page.wait_for_url(f"**/admin/tickets/{lived.code}")
    length = page.locator("audio").evaluate(
        "async (sound) => { sound.muted = true; await sound.play(); return sound.duration }"
    )
    assert length > 0
    assert lived.fetch("SELECT count(*) FROM view_log WHERE seen = 'message'") == 1
    page.get_by_label(say["note"]).fill("Soitin takaisin <b>kahdesti</b>.")
    page.get_by_role("button", name=say["write"], exact=True).click()
    expect(page.locator(".note", has_text="Soitin takaisin <b>kahdesti</b>.")).to_be_visible()
    page.get_by_role("link", name=say["refine"]).click()
    page.get_by_label(say["device"]).select_option(label=say["ipad"])
    page.get_by_role("button", name=say["keep"], exact=True).click()
    expect(page.locator(".facts").first).to_contain_text("iPad")
    page.get_by_text(say["close"], exact=True).click()
    page.get_by_label(say["outcome"]).select_option(label=say["solved"])
    page.get_by_role("button", name=say["close it"], exact=True).click()
    expect(page.locator(".standing")).to_contain_text(say["closed"])
    page.get_by_role("button", name=say["again"]).click()
    expect(page.locator(".standing")).not_to_contain_text(say["closed"])


@in_both
def test_the_contact_is_shown_on_a_press_once_the_case_is_ones_own(
    office: Office, lived: LivedIn, language: str
) -> None:
    say, page = WORDS[language], office.page(Role.KOORDINAATTORI, language, width=320)
    page.goto(f"/admin/tickets/{lived.code}")
    expect(page.get_by_role("button", name=say["contact"])).to_have_count(0)
    expect(page.locator("#contact")).to_have_count(0)
    page.get_by_role("button", name=say["take"]).click()
    page.get_by_role("button", name=say["contact"]).click()
    expect(page.locator("#contact")).to_contain_text("040 123 4567")


@in_both
def test_a_promised_time_is_moved_while_the_caller_is_on_the_phone(
    office: Office, lived: LivedIn, language: str
) -> None:
    say, page = WORDS[language], office.page(Role.KOORDINAATTORI, language)
    page.goto(f"/admin/tickets/{lived.code}")
    before = page.locator(".time time").get_attribute("datetime")
    page.get_by_role("link", name=say["time"]).click()
    expect(page.get_by_label(say["myself"]).first).to_be_checked()
    chosen = page.locator('button[name="starts_at"]:visible').last
    starts_at = chosen.get_attribute("value")
    chosen.click()
    expect(page.get_by_role("heading", name=say["tell"])).to_be_visible()
    assert before != starts_at
    expect(page.locator(".case__side .time time")).to_have_attribute("datetime", str(starts_at))


@in_both
def test_a_case_goes_to_the_network_after_somebody_has_read_it(office: Office, lived: LivedIn, language: str) -> None:
    say, page = WORDS[language], office.page(Role.KOORDINAATTORI, language)
    page.goto(f"/admin/tickets/{lived.codes[2]}")
    page.get_by_role("link", name=say["relay"]).click()
    page.get_by_role("button", name=say["draft"]).click()
    expect(page.locator(".columns .card")).to_have_count(2)
    number = page.locator('input[name="number"]').first.get_attribute("value")
    page.get_by_role("button", name=say["publish"]).click()
    expect(page.get_by_role("status")).to_be_visible()
    member = office.page(Role.JASEN, language)
    member.goto("/admin/relay")
    expect(member.get_by_text(str(number)).first).to_be_visible()


@in_both
def test_the_officer_finds_somebody_gives_them_a_copy_erases_them_and_reads_who_looked(
    office: Office, lived: LivedIn, tmp_path: Path, language: str
) -> None:
    say, page = WORDS[language], office.page(Role.TIETOSUOJAVASTAAVA, language)
    page.goto("/admin/registered")
    expect(page.get_by_role("heading", level=1)).to_have_text(say["rights"])
    page.get_by_label(say["code"]).fill(lived.codes[4])
    page.get_by_role("button", name=say["look"], exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name=say["copy"]).click()
    kept = tmp_path / "copy.zip"
    download.value.save_as(kept)
    with zipfile.ZipFile(io.BytesIO(kept.read_bytes())) as archive:
        assert json.loads(archive.read("data.json"))["ticket"][0]["code"] == lived.codes[4]
    page.get_by_role("button", name=say["erase"]).click()
    confirm = page.locator("#confirm")
    expect(confirm).to_have_attribute("aria-invalid", "true")
    confirm.fill(say["sure"])
    page.get_by_role("button", name=say["erase"]).click()
    expect(page.get_by_role("status")).to_have_text(say["erased"])
    page.goto("/admin/view-log")
    expect(page.get_by_role("heading", level=1)).to_have_text(say["log"])
    expect(page.locator("tbody tr").first).to_contain_text("Tyyne Tietosuojavastaava")
