"""Who keeps people, places and programs: somebody is mended, signed out, leaves and comes back; an organisation; rules; keys and channels."""

import re

from playwright.sync_api import expect

from tests.browser.kept import rows, value, write
from tests.browser.lived_in import LivedIn
from tests.browser.office import Office
from tests.browser.steps import in_both, words
from tickets.tokens import issue_token
from tickets.vocabulary import Role

NIILO = "Niilo Neuvoja"


@in_both
def test_somebody_is_mended_signed_out_leaves_and_comes_back(office: Office, language: str) -> None:
    say, page, who = words(language), office.page(Role.PAAKAYTTAJA, language), office.person(NIILO)
    with office.parts.sessions.begin() as session:
        issue_token(session, office.network, Role.NEUVOJA, now=office.now, person_id=who)
    theirs = office.page(NIILO, language)
    theirs.goto("/me")
    page.goto(f"/admin/people/{who}")
    page.locator("#identity-form summary").click()
    page.locator("#identity-email").fill("niilo.uusi@example.fi")
    page.locator("#identity-form button").click()
    expect(page.locator("dl.facts").first).to_contain_text("niilo.uusi@example.fi")
    page.locator("#commitment-form summary").click()
    page.locator("#commitment-signed_on").fill("2026-11-20")
    page.locator("#commitment-form button").click()
    expect(page.locator("dl.facts").first).to_contain_text("20.11.2026")
    page.get_by_role("button", name=say["End their sign-ins"]).click()
    theirs.goto("/me")
    expect(theirs).to_have_url(re.compile(r"/sign-in\?to="))
    page.get_by_role("button", name=say["End the key"]).click()
    expect(page.get_by_role("button", name=say["End the key"])).to_have_count(0)
    page.get_by_role("button", name=say["They leave"]).click()
    page.get_by_role("button", name=say["Yes, do it"]).click()
    page.goto(f"/admin/people/{who}")
    page.get_by_role("button", name=say["They come back"]).click()
    expect(page.get_by_role("button", name=say["They leave"])).to_be_visible()
    assert value(office, "SELECT count(*) FROM sign_in WHERE person_id = :id AND ended_at IS NULL", id=who) == 0


@in_both
def test_an_organisation_serves_one_more_municipality_by_agreement(office: Office, language: str) -> None:
    say, page = words(language), office.page(Role.PAAKAYTTAJA, language)
    page.goto("/admin/organisations")
    page.locator("section.organisation").first.get_by_role("link", name=say["Change"]).click()
    page.locator("#name").fill("Uusi nimi")
    page.locator("#wanted").fill({"fi": "Naantali", "sv": "Nådendal"}[language])
    page.get_by_role("button", name=say["Look for"]).click()
    page.locator("#serves-529").select_option("agreed")
    page.get_by_role("button", name=say["Save"], exact=True).click()
    card = page.locator("section.organisation", has_text="Uusi nimi")
    expect(card).to_contain_text({"fi": "Naantali", "sv": "Nådendal"}[language])


@in_both
def test_rules_are_asked_for_from_a_day_accepted_on_a_phone_and_a_notice_is_mended_and_taken_down(
    office: Office, language: str
) -> None:
    LivedIn(office)
    say, page = words(language), office.page(Role.PAAKAYTTAJA, language)
    page.goto("/admin/rules")
    page.locator("#required_from").fill("2026-12-01")
    page.get_by_role("button", name=say["Save the day"]).click()
    expect(page.locator("#required_from")).to_have_value("2026-12-01")
    helper = office.page(Role.OPASTAJA, language, width=320)
    helper.goto("/helper/rules")
    helper.get_by_role("button", name=say["I keep to these rules"]).click()
    expect(helper.get_by_text(say["accepted"], exact=True)).to_be_visible()
    page.goto("/admin/rules")
    expect(page.locator("details", has_text=say["Accepted"])).to_contain_text("(1)")
    author = office.page(Role.KOORDINAATTORI, language)
    author.goto("/admin/board")
    author.get_by_role("link", name=say["Change"]).click()
    author.locator("#text").fill("Kello 15 etänä.")
    author.get_by_role("button", name=say["Save"], exact=True).click()
    expect(author.locator("article.notice")).to_contain_text("Kello 15 etänä.")
    author.get_by_role("button", name=say["Take down"]).click()
    expect(author.locator("article.notice")).to_have_count(0)


@in_both
def test_programs_channels_mailboxes_and_keys_are_looked_after_on_one_page(office: Office, language: str) -> None:
    LivedIn(office)
    say, page = words(language), office.page(Role.PAAKAYTTAJA, language)
    write(office, "UPDATE webhook SET stopped_at = :now, stopped = 'failing'", now=office.now)
    page.goto("/admin/connections")
    page.get_by_role("button", name=say["Tell it again"]).click()
    expect(page.get_by_text(say["Is told"], exact=True)).to_be_visible()
    page.get_by_role("button", name=say["Tell it nothing more"]).click()
    expect(page.get_by_text(say["No program is told."])).to_be_visible()
    page.locator("#channel-form summary").click()
    page.locator("#channel-name").fill("Verkoston tiimi")
    page.locator("#channel-kind").select_option("email")
    page.locator("#channel-address").fill("tiimi@example.fi")
    page.locator("#channel-form button").click()
    channel = page.locator("li", has_text="Verkoston tiimi")
    channel.get_by_role("button", name=say["Remove"]).click()
    expect(channel).to_have_count(0)
    page.locator("#terms-claimed_days").fill("9")
    page.locator("form", has=page.locator("#terms-claimed_days")).get_by_role("button").click()
    expect(page.locator("#terms-claimed_days")).to_have_value("9")
    keys = page.get_by_role("button", name=say["End the key"])
    before = keys.count()
    keys.first.click()
    expect(keys).to_have_count(before - 1)
    assert rows(office, "SELECT claimed_days FROM relay_terms") == [(9,)]
