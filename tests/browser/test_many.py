"""Where there is much of everything: what a list does not show is a step away, somebody is found by name, a template goes."""

from playwright.sync_api import expect
from sqlalchemy import text

from scheduler.alerts import AlertKind, note_alert
from scheduler.people.persons import Identity, add_person
from tests.browser.office import Office
from tests.browser.steps import can_be_read, in_both, words
from tests.integration.day_desk import Desk
from tickets.directory import NewHelper, add_helper
from tickets.vocabulary import HelperKind, Role
from voice_prompts.language import Language

LAST = "Zacharias Östling"
MANY = 60


def crowded(office: Office) -> None:
    """As many people and helpers as in a large network, the last of them by name known."""
    with office.parts.sessions.begin() as session:
        for number, name in enumerate((*(f"Neuvoja {one:02}" for one in range(MANY)), LAST)):
            told = {"who": None, "now": office.now, "actor": "test"}
            assert isinstance(add_person(session, office.network, Identity(name), Role.NEUVOJA, **told), int)  # type: ignore[arg-type]
            organisation = session.scalar(text("SELECT min(id) FROM organisation"))
            assert organisation is not None
            new = NewHelper(name, f"+35850{number:07}", (Language.FI,), HelperKind.STAFF)
            add_helper(session, organisation, new, now=office.now)


@in_both
def test_alerts_that_the_day_has_no_room_for_are_read_and_seen_on_a_page_of_their_own(
    office: Office, language: str
) -> None:
    said, page = words(language), office.page(Role.KOORDINAATTORI, language)
    with office.parts.sessions.begin() as session:
        for number in range(12):
            note_alert(session, office.network, AlertKind.MAIL, f"somebody-{number}", now=office.now)
    page.goto("/admin/")
    page.get_by_role("link", name=said["%(num)s more alerts"] % {"num": 2}).click()
    expect(page.get_by_role("heading", name=said["Alerts"], level=1)).to_be_visible()
    expect(page.locator("#main li[id^=alert], li[id^=alert]")).to_have_count(12)
    can_be_read(page)
    page.get_by_role("button", name=said["Seen"]).first.click()
    expect(page.get_by_text(said["said\x04alert_seen"])).to_be_visible()
    expect(page.locator("li[id^=alert]")).to_have_count(11)


@in_both
def test_a_ticket_is_given_to_somebody_who_is_found_by_name(office: Office, language: str) -> None:
    crowded(office)
    said, page = words(language), office.page(Role.KOORDINAATTORI, language)
    code = Desk(office.app, office.parts, office.now).with_coordinator()
    page.goto(f"/admin/tickets/{code}")
    page.get_by_text(said["Give it to somebody, by a moment"]).click()
    page.get_by_role("searchbox", name=said["Name or a part of it"]).fill("östling")
    page.get_by_role("button", name=said["Look for people"]).click()
    can_be_read(page)
    page.get_by_role("combobox", name=said["Who"], exact=True).select_option(label=LAST)
    page.get_by_role("button", name=said["Give it"], exact=True).click()
    expect(page.get_by_text(said["said\x04case_owner"])).to_be_visible()
    expect(page.locator("section[aria-labelledby=owner] strong").first).to_have_text(LAST)


@in_both
def test_a_helper_is_found_in_the_rota_by_name(office: Office, language: str) -> None:
    crowded(office)
    said, page = words(language), office.page(Role.KOORDINAATTORI, language)
    page.goto("/admin/rota")
    expect(page.get_by_text(LAST)).to_have_count(0)
    page.get_by_text(said["Go to a day, or show only some"]).click()
    page.get_by_role("searchbox", name=said["Name or a part of it"]).fill("zach")
    page.get_by_role("button", name=said["Show"], exact=True).click()
    expect(page.get_by_text(LAST).first).to_be_attached()
    can_be_read(page)


@in_both
def test_a_template_gets_another_name_and_goes_once_that_was_asked(office: Office, language: str) -> None:
    said, page = words(language), office.page(Role.KOORDINAATTORI, language)
    page.goto("/admin/rota/templates")
    page.get_by_role("link", name="Tavallinen viikko", exact=True).click()
    page.get_by_text(said["Another name, or remove it"]).click()
    page.get_by_role("textbox", name=said["Name"], exact=True).fill("Talvi")
    page.get_by_role("button", name=said["Save the name"]).click()
    expect(page.get_by_role("heading", name="Talvi", level=1)).to_be_visible()
    page.get_by_text(said["Another name, or remove it"]).click()
    can_be_read(page)
    page.get_by_role("button", name=said["Remove the template"]).click()
    expect(page.get_by_role("heading", name=said["Are you sure?"], level=1)).to_be_visible()
    can_be_read(page)
    page.get_by_role("button", name=said["Remove the template"]).click()
    expect(page.get_by_text(said["said\x04rota_template_removed"])).to_be_visible()
    expect(page.get_by_text(said["There is no template yet."])).to_be_visible()


@in_both
def test_older_notes_of_a_ticket_are_a_page_away(office: Office, language: str) -> None:
    said, page = words(language), office.page(Role.KOORDINAATTORI, language)
    desk = Desk(office.app, office.parts, office.now)
    code, reader = desk.with_coordinator(), desk.reader(Role.KOORDINAATTORI)
    for number in range(23):
        reader.done(f"/admin/tickets/{code}/notes", text=f"Muistiinpano numero {number}.")
    page.goto(f"/admin/tickets/{code}")
    expect(page.locator(".note").first).to_contain_text("Muistiinpano numero 22.")
    page.get_by_role("link", name=said["Older notes"]).click()
    expect(page.locator(".note")).to_have_count(3)
    can_be_read(page)
    page.get_by_role("link", name=said["The newest notes"]).click()
    expect(page.locator(".note")).to_have_count(20)
