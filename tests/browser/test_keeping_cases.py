"""What else a ticket needs: shared, held, cleaned, given back; its time given up, its caller sent on; its list; its term; the relay."""

import re

from playwright.sync_api import Page, expect

from tests.browser.kept import rows, value
from tests.browser.lived_in import LivedIn
from tests.browser.office import Office
from tests.browser.steps import in_both, words
from tickets.vocabulary import Role


def unfold(page: Page, told: str) -> None:
    """Open what is folded up under these words."""
    page.locator("summary", has_text=re.compile(f"^{re.escape(told)}")).first.click()


@in_both
def test_a_coordinator_shares_a_ticket_holds_it_takes_a_passage_out_and_gives_it_back(
    office: Office, lived: LivedIn, language: str
) -> None:
    say, page = words(language), office.page(Role.KOORDINAATTORI, language)
    page.goto(f"/admin/tickets/{lived.code}")
    share_and_take_back(page, language)
    unfold(page, say["Take a passage out"])
    page.locator("#redaction-passage").fill("vaikka äänet ovat päällä")
    page.get_by_role("button", name=say["Take out"], exact=True).click()
    expect(page.locator(".case__said")).to_contain_text("Puhelin ei soi")
    expect(page.locator(".case__said")).not_to_contain_text("äänet")
    unfold(page, say["Mend what is written down"])
    page.get_by_label(say["What the message says"]).fill("Puhelin on aivan mykkä.")
    page.locator(".message").get_by_role("button", name=say["Save"]).click()
    expect(page.locator(".message .words")).to_have_text("Puhelin on aivan mykkä.")
    page.get_by_role("button", name=say["I take it"], exact=True).click()
    page.get_by_role("button", name=say["Back to the queue"]).click()
    owner = "SELECT owner_person_id FROM ticket WHERE code = :code"
    page.goto(f"/admin/tickets/{lived.code}")
    expect(page.get_by_text(say["Nobody yet"])).to_be_visible()
    assert value(office, owner, code=lived.code) is None


def share_and_take_back(page: Page, language: str) -> None:
    """Another organisation is let in, and out again."""
    say = words(language)
    unfold(page, say["Organisations that see it"])
    page.get_by_label(say["Let another organisation see it"]).select_option(index=1)
    page.get_by_role("button", name=say["Give"], exact=True).click()
    unfold(page, say["Organisations that see it"])
    back = page.get_by_role("button", name=say["Take it back from them"])
    back.click()
    unfold(page, say["Organisations that see it"])
    expect(page.get_by_label(say["Let another organisation see it"])).to_be_visible()
    expect(back).to_have_count(0)


@in_both
def test_a_ticket_is_kept_longer_for_a_reason_and_let_go_and_how_long_all_are_kept_is_weighed_first(
    office: Office, lived: LivedIn, language: str
) -> None:
    say, page = words(language), office.page(Role.KOORDINAATTORI, language)
    page.goto(f"/admin/tickets/{lived.code}")
    unfold(page, say["Must be kept longer"])
    page.get_by_label(say["Why"], exact=True).fill("Valitus on vireillä")
    page.locator("#hold-until").fill("2027-03-01")
    page.get_by_role("button", name=say["Keep it"], exact=True).click()
    expect(page.get_by_text("Valitus on vireillä")).to_be_visible()
    page.goto("/admin/holds")
    held = page.locator("tbody tr", has_text=lived.code)
    held.get_by_role("button", name=say["End the hold"]).click()
    page.goto("/admin/holds")
    expect(held).to_have_count(0)
    page.goto("/admin/retention")
    first = page.locator("main ul.list > li").first
    before = first.get_by_role("heading").inner_text()
    first.locator("summary").click()
    amount = first.locator("input[name=amount]")
    typed = str(int(amount.input_value()) - 1)
    amount.fill(typed)
    first.get_by_role("button", name=say["See what that does"]).click()
    expect(first.get_by_role("heading").first).to_have_text(before)
    page.get_by_role("button", name=say["Keep it so long from now on"]).click()
    expect(first.get_by_role("heading")).to_contain_text(typed)


@in_both
def test_a_promised_time_is_given_up_for_the_waiting_list_and_then_the_caller_is_sent_on(
    office: Office, lived: LivedIn, language: str
) -> None:
    say, page = words(language), office.page(Role.KOORDINAATTORI, language)
    page.goto(f"/admin/tickets/{lived.code}/time")
    page.locator("label[for=goes_on]").click()
    page.get_by_role("button", name=say["Cancel the time"]).click()
    page.goto(f"/admin/tickets/{lived.code}/time")
    page.get_by_role("button", name=say["None suits: wait for a time to come free"]).click()
    expect(page.get_by_role("region", name=say["Promised"])).to_contain_text(say["Waits for a time to come free."])
    page.get_by_role("link", name=say["Send on, give a link"]).click()
    page.get_by_role("button", name=say["The caller was given this"]).first.click()
    page.goto(f"/admin/tickets/{lived.code}/referral")
    page.get_by_role("button", name=say["Text where it is"]).first.click()
    page.goto(f"/admin/tickets/{lived.code}/referral")
    page.get_by_role("button", name=say["Send on here, and close"]).first.click()
    expect(page.locator(".standing")).to_contain_text(say["status\x04closed"])
    given = "SELECT count(*) FROM material_given g JOIN ticket t ON t.id = g.ticket_id WHERE t.code = :code"
    assert value(office, given, code=lived.code) == 1
    outcome = value(office, "SELECT outcome FROM ticket WHERE code = :code", code=lived.code)
    assert str(outcome).startswith("OHJATTU")


@in_both
def test_a_saved_list_gets_another_name_and_goes(office: Office, lived: LivedIn, language: str) -> None:
    say, page = words(language), office.page(Role.KOORDINAATTORI, language)
    page.goto("/admin/tickets?language=sv")
    unfold(page, say["Save this list"])
    page.locator("#name").fill("Ruotsinkieliset")
    page.locator("details", has=page.locator("#name")).get_by_role("button", name=say["Save"], exact=True).click()
    page.goto("/admin/tickets/lists")
    page.get_by_label(say["Another name"]).fill("Omat ruotsiksi")
    page.get_by_role("button", name=say["Rename"]).click()
    expect(page.locator("main h2", has_text="Omat ruotsiksi")).to_be_visible()
    page.goto("/admin/tickets/lists")
    page.get_by_role("button", name=say["Remove"]).click()
    expect(page.locator("main h2", has_text="Omat ruotsiksi")).to_have_count(0)
    assert value(office, "SELECT count(*) FROM saved_view") == 0


@in_both
def test_a_draft_for_the_relay_is_thrown_away_and_a_member_takes_another_case(
    office: Office, lived: LivedIn, language: str
) -> None:
    say, page = words(language), office.page(Role.KOORDINAATTORI, language)
    page.goto(f"/admin/tickets/{lived.codes[2]}/relay")
    page.get_by_role("button", name=say["Put it together"], exact=True).click()
    page.get_by_role("button", name=say["Throw the draft away"]).click()
    expect(page.get_by_role("button", name=say["Throw the draft away"])).to_have_count(0)
    member = office.page(Role.JASEN, language, width=320)
    member.goto("/admin/relay")
    member.get_by_role("link", name=lived.relay).click()
    member.get_by_role("button", name=say["I take this"]).click()
    expect(member.get_by_role("status")).to_contain_text(say["It is yours now."])
    expect(member.get_by_role("link", name=say["Open the case"])).to_be_visible()
    states = dict(rows(office, "SELECT state, number FROM relay"))  # type: ignore[arg-type]
    assert states["claimed"] == lived.relay
    assert "withdrawn" in states


@in_both
def test_whom_no_time_suits_waits_for_one_after_their_matter_was_logged(office: Office, language: str) -> None:
    say, page = words(language), office.page(Role.NEUVOJA, language)
    page.goto("/admin/desk")
    page.locator("#number").fill("040 555 0778")
    page.locator("#municipality").fill("Turku")
    page.locator("#text").fill("Tulostin ei tulosta.")
    page.locator("label[for=then-time]").click()
    page.get_by_text(say["More about the matter"]).click()
    page.locator("label[for=training_need]").click()
    page.get_by_role("button", name=say["Save"], exact=True).click()
    page.get_by_role("button", name=say["None suits: wait for a time to come free"]).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    ((needs, waits),) = rows(
        office, "SELECT t.training_need, w.id IS NOT NULL FROM ticket t LEFT JOIN waiting w ON w.ticket_id = t.id"
    )
    assert (needs, waits) == (True, True)
