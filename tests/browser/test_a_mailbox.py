"""A mailbox of the line: opened at a real mail server, tried, paused, read again, changed, and read no more."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.kept import rows
from tests.browser.office import Office, opened
from tests.browser.steps import in_both, words
from tests.integration.imap_server import ImapServer, serving
from tickets.vocabulary import Role

PASSWORD = "salainen sana"


@pytest.fixture
def office(browser: Browser, database: str, tmp_path: Path, now: datetime) -> Iterator[Office]:
    """An office that may reach a mail server of this machine."""
    with opened(browser, database, tmp_path, now, ALLOW_LOOPBACK="yes") as office:
        yield office


@in_both
def test_a_mailbox_is_read_tried_paused_changed_and_read_no_more(office: Office, language: str) -> None:
    say, page = words(language), office.page(Role.PAAKAYTTAJA, language)
    with serving(ImapServer(password=PASSWORD)) as imap:
        page.goto("/admin/connections")
        page.get_by_role("link", name=say["Read a mailbox"]).click()
        typed = {"address": "digituki@example.fi", "host": "127.0.0.1", "port": str(imap.port), "user": imap.user}
        for field, told in {**typed, "password": PASSWORD}.items():
            page.locator(f"#{field}").fill(told)
        page.get_by_role("button", name=say["Save"], exact=True).click()
        expect(page.get_by_role("status").first).to_contain_text(say["said\x04connection_added"])
        mailbox = page.locator("li", has_text="digituki@example.fi")
        mailbox.get_by_role("link", name=say["Change or try"]).click()
        page.get_by_role("button", name=say["Try it"]).click()
        expect(page.get_by_role("status").first).to_contain_text(say["said\x04mailbox_is_empty"])
        page.get_by_role("button", name=say["Pause it"]).click()
        mailbox.get_by_role("button", name=say["Read it again"]).click()
        expect(mailbox.get_by_role("button", name=say["Read it again"])).to_have_count(0)
        mailbox.get_by_role("link", name=say["Change or try"]).click()
        page.locator("#done_folder").fill("Luetut")
        page.get_by_role("button", name=say["Save"], exact=True).click()
        mailbox.get_by_role("link", name=say["Change or try"]).click()
        expect(page.locator("#done_folder")).to_have_value("Luetut")
    assert rows(office, "SELECT active, paused, done_folder FROM mailbox") == [(True, False, "Luetut")]
    page.goto("/admin/connections")
    mailbox.get_by_role("button", name=say["Read it no more"]).click()
    expect(page.get_by_text(say["No mailbox is read."])).to_be_visible()
    assert rows(office, "SELECT id FROM mailbox WHERE active") == []
