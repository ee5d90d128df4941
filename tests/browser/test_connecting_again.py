"""A line that the operator refused is connected again from its page."""

from playwright.sync_api import expect

from tests.browser.kept import value, write
from tests.browser.office import Office
from tests.browser.steps import in_both, words
from tickets.vocabulary import Role


@in_both
def test_a_line_that_the_operator_did_not_take_is_connected_again(office: Office, language: str) -> None:
    say, page = words(language), office.page(Role.PAAKAYTTAJA, language)
    line = value(office, "SELECT id FROM line ORDER BY id LIMIT 1")
    write(
        office,
        "UPDATE line SET connect_trouble = 'refused', connect_tried_at = :now WHERE id = :id",
        now=office.now,
        id=line,
    )
    page.goto(f"/admin/lines/{line}")
    page.get_by_role("button", name=say["Connect"], exact=True).click()
    expect(page.get_by_role("button", name=say["Connect"], exact=True)).to_have_count(0)
