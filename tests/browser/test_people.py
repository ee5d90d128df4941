"""Whoever keeps the network's people at work in a browser: somebody comes, is changed and goes; topics, rights, rules, board."""

import re

from playwright.sync_api import Page, expect

from tests.browser.office import Office
from tests.browser.steps import in_both
from tickets.vocabulary import Role

WORDS = {
    "fi": {
        "add": "Lisää henkilö",
        "name": "Nimi",
        "phone": "Puhelinnumero",
        "yes": "Kyllä, hän ottaa vuoroja",
        "finnish": "suomi",
        "volunteer": "Vapaaehtoinen",
        "save": "Tallenna",
        "added": "Henkilö on lisätty.",
        "leave": "Lähtee verkostosta",
        "sure": "Kyllä, tee niin",
        "left": "Lähtenyt",
        "changed": "Muutos on tallennettu.",
        "search": "Hae",
        "bad_phone": "Kirjoita numero muodossa",
    },
    "sv": {
        "add": "Lägg till en person",
        "name": "Namn",
        "phone": "Telefonnummer",
        "yes": "Ja, personen tar pass",
        "finnish": "finska",
        "volunteer": "Volontär",
        "save": "Spara",
        "added": "Personen har lagts till.",
        "leave": "Lämnar nätverket",
        "sure": "Ja, gör det",
        "left": "Har slutat",
        "changed": "Ändringen har sparats.",
        "search": "Sök",
        "bad_phone": "Skriv numret som",
    },
}


def fill_in_a_helper(page: Page) -> None:
    page.locator("#name").fill("Tuija Tulokas")
    page.locator("#organisation").select_option(index=1)
    page.locator("#rings-yes").check(force=True)
    page.locator("#languages-fi").check(force=True)
    page.locator("#kind-volunteer").check(force=True)


@in_both
def test_a_helper_is_taken_in_given_a_badge_and_leaves(office: Office, language: str) -> None:
    words, page = WORDS[language], office.page(Role.PAAKAYTTAJA, language)
    page.goto("/admin/people")
    page.get_by_role("link", name=words["add"]).click()
    fill_in_a_helper(page)
    page.locator("#phone").fill("12")
    page.locator("#form button").click()
    expect(page.locator("#phone-mistake")).to_contain_text(words["bad_phone"])
    expect(page.locator("#name")).to_have_value("Tuija Tulokas")
    page.locator("#phone").fill("050 555 0999")
    page.locator("#form button").click()
    expect(page.get_by_role("status")).to_contain_text(words["added"])
    page.locator("#papers-form summary").click()
    page.locator("#papers-badge_expires_on").fill("2027-12-31")
    page.locator("#papers-form button").click()
    expect(page.get_by_role("status")).to_contain_text(words["changed"])
    expect(page.locator("dl.facts")).to_contain_text("31.12.2027")
    page.get_by_role("button", name=words["leave"]).click()
    page.get_by_role("button", name=words["sure"]).click()
    expect(page.locator("main")).to_contain_text(words["left"])
    page.goto("/admin/people")
    expect(page.locator("main")).not_to_contain_text("Tuija Tulokas")


@in_both
def test_somebody_is_found_and_their_role_changed_on_a_phone(office: Office, language: str) -> None:
    words, page = WORDS[language], office.page(Role.PAAKAYTTAJA, language, width=320)
    page.goto("/admin/people")
    page.locator("#name").fill("niilo")
    page.locator("#name").press("Enter")
    expect(page.locator(".people__name")).to_have_count(1)
    page.locator(".people__name").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Niilo Neuvoja")
    page.locator("#role-form summary").click()
    page.locator("#role-role").press("End")
    chosen = page.locator("#role-role").input_value()
    page.locator("#role-form button").click()
    expect(page.get_by_role("status")).to_contain_text(words["changed"])
    with office.parts.sessions() as session:
        role = session.connection().exec_driver_sql(
            "SELECT role FROM person WHERE id = %s", (office.person("Niilo Neuvoja"),)
        )
        assert role.scalar() == chosen != Role.NEUVOJA


@in_both
def test_a_topic_is_taken_from_volunteers_after_one_has_seen_what_it_does(office: Office, language: str) -> None:
    words, page = WORDS[language], office.page(Role.PAAKAYTTAJA, language)
    page.goto("/admin/boundaries")
    page.locator("select[name=volunteer-PUHELIN]").select_option("must_not")
    page.get_by_role("button", name=words["save"]).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("?")
    page.get_by_role("button", name=words["sure"]).click()
    expect(page.get_by_role("status")).to_contain_text(words["changed"])
    expect(page.locator("select[name=volunteer-PUHELIN]")).to_have_value("must_not")
    expect(page.locator("td.is-own")).to_have_count(1)


@in_both
def test_an_organisation_serves_a_municipality_found_by_its_name(office: Office, language: str) -> None:
    words, page = WORDS[language], office.page(Role.PAAKAYTTAJA, language)
    page.goto("/admin/organisations/new")
    page.locator("#name").fill("Uusi palvelukeskus")
    page.locator("#wanted").fill({"fi": "Parainen", "sv": "Pargas"}[language])
    page.get_by_role("button", name=words["search"], exact=True).click()
    page.locator("#serves-445").select_option("agreed")
    expect(page.locator("#name")).to_have_value("Uusi palvelukeskus")
    page.get_by_role("button", name=words["save"]).click()
    expect(page.get_by_role("status")).to_contain_text(words["changed"])
    card = page.locator("section.organisation", has_text="Uusi palvelukeskus")
    expect(card).to_contain_text({"fi": "Parainen", "sv": "Pargas"}[language])


@in_both
def test_a_role_is_given_a_right_and_what_may_not_be_is_not_there_to_choose(office: Office, language: str) -> None:
    words, page = WORDS[language], office.page(Role.PAAKAYTTAJA, language)
    page.goto("/admin/rights/neuvoja")
    expect(page.locator("#read_view_log option[value=network]")).to_be_disabled()
    page.locator("#post_on_board").select_option("network")
    page.get_by_role("button", name=words["save"]).click()
    expect(page.get_by_role("status")).to_contain_text(words["changed"])
    expect(page.locator("#post_on_board")).to_have_value("network")


@in_both
def test_new_rules_are_published_and_accepted_and_a_notice_tells_of_them(office: Office, language: str) -> None:
    page = office.page(Role.PAAKAYTTAJA, language)
    page.goto("/admin/rules/new")
    page.locator("#text_fi").fill("Emme kirjaudu kenenkään puolesta.")
    page.locator("#text_sv").fill("Vi loggar inte in för någon.")
    page.locator("#form button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        {"fi": "Yhteiset säännöt", "sv": "Gemensamma regler"}[language]
    )
    page.get_by_role("button", name=re.compile("Noudatan|Jag följer")).click()
    expect(page.locator("main")).to_contain_text({"fi": "Olet hyväksynyt ne.", "sv": "Du har godkänt dem."}[language])
    page.goto("/admin/board/new")
    page.locator("#title").fill("Uudet säännöt")
    page.locator("#text").fill("Lukekaa ja hyväksykää.")
    page.locator("#form button").click()
    expect(page.locator("article.notice").first).to_contain_text("Lukekaa ja hyväksykää.")
