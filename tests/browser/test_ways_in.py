"""The other ways in: a code by e-mail, the account of one's organisation at a real provider; and the way out, here and elsewhere."""

import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from tests.browser.kept import rows, value
from tests.browser.office import Office, opened
from tests.browser.steps import in_both, words
from tests.browser.test_sign_in import Worker
from tests.integration.oidc_provider import CLIENT, SECRET, Provider, User, providing
from tests.integration.way_in import MAIL
from tickets.directory import NewHelper, add_helper, add_network, add_organisation
from tickets.network import Network
from tickets.people import Person
from tickets.store import cipher_of
from tickets.vocabulary import HelperKind, Role
from voice_prompts.language import Language


@dataclass(frozen=True)
class Adviser:
    """Somebody who works in two networks with one address, and whose organisation signs them in."""

    office: Office
    provider: Provider
    email: str
    network: str

    def is_sent_to_the_provider(self, page: Page, language: str) -> None:
        """Press the button of one's organisation, and say in which network one works today."""
        page.goto("/sign-in?to=/me")
        page.get_by_role("link", name=words(language)["Sign in with the account of my organisation"]).click()


@pytest.fixture
def adviser(browser: Browser, database: str, tmp_path: Path, now: datetime) -> Iterator[Adviser]:
    """The adviser, in an office that sends letters and knows a provider."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    address = f"http://127.0.0.1:{port}"
    with providing(f"{address}/sign-in/organisation/back") as provider:
        known = {"OIDC_ISSUER": provider.issuer, "OIDC_CLIENT_ID": CLIENT, "OIDC_CLIENT_SECRET": SECRET}
        letters = {name.removeprefix("DIGILINJA_"): told for name, told in MAIL.items()}
        with opened(browser, database, tmp_path, now, port=port, PUBLIC_URL=address, **known, **letters) as office:
            email = next(one.email for one in office.demo.people if one.role is Role.NEUVOJA)
            provider.user = User("subject-1", {"email": email, "email_verified": True})
            yield Adviser(office, provider, email, _second_network(office, email))


def _second_network(office: Office, email: str) -> str:
    """The same address is another network's too; what the first one is called."""
    with office.parts.sessions.begin() as session:
        name = session.scalars(select(Network.name)).one()
        other = add_network(session, "Toinen seutu", now=office.now)
        place = add_organisation(session, other, "Toinen", serves=["091"])
        helper = NewHelper("Sama", "+358405551111", (Language.FI,), HelperKind.STAFF)
        add_helper(session, place, helper, now=office.now)
        theirs = session.scalars(select(Person).where(Person.network_id == other)).one()
        cipher = cipher_of(session)
        theirs.email_sealed, theirs.email_index = cipher.seal(email), cipher.index_of(email)
    return name


@in_both
def test_whoever_works_in_two_networks_comes_in_by_a_letter_and_ends_what_was_left_open(
    adviser: Adviser, language: str
) -> None:
    say, page = words(language), adviser.office.page(language=language)
    post = Worker(adviser.office)
    page.goto("/sign-in?to=/me")
    page.locator("#address").fill(adviser.email)
    page.get_by_role("button", name=say["Send me a code"]).click()
    first = post.code
    page.get_by_role("button", name=say["Send a new code"]).click()
    expect(page.get_by_role("status")).to_have_text(say["said\x04code_sent_again"])
    newest = post.code
    page.get_by_label(say["The six digits"]).fill(newest)
    page.get_by_role("button", name=say["Sign in"], exact=True).click()
    page.get_by_role("button", name=adviser.network).click()
    expect(page).to_have_url(re.compile(r"/me$"))
    assert first != newest
    elsewhere = adviser.office.page(Role.NEUVOJA, language)
    elsewhere.goto("/me")
    page.reload()
    page.get_by_role("button", name=say["Sign out there"]).click()
    expect(page.locator(".sign-ins > li")).to_have_count(1)
    elsewhere.goto("/admin/")
    expect(elsewhere).to_have_url(re.compile(r"/sign-in\?to="))
    page.get_by_role("button", name=say["Sign out"], exact=True).click()
    page.goto("/me")
    expect(page).to_have_url(re.compile(r"/sign-in\?to="))
    assert value(adviser.office, "SELECT count(*) FROM sign_in WHERE ended_at IS NULL") == 0


@in_both
def test_an_organisation_signs_its_people_in_and_a_lost_account_is_forgotten(adviser: Adviser, language: str) -> None:
    say, page = words(language), adviser.office.page(language=language)
    adviser.is_sent_to_the_provider(page, language)
    page.get_by_role("button", name=adviser.network).click()
    expect(page.get_by_role("heading", name=say["Account of your organisation"])).to_be_visible()
    assert "discovery" in adviser.provider.asked
    other = {"fi": "sv", "sv": "fi"}[language]
    page.get_by_role("button", name=say[f"page language\x04{other}"]).click()
    forget = page.get_by_role("button", name=words(other)["Forget this account"])
    assert rows(adviser.office, "SELECT page_language FROM person WHERE page_language IS NOT NULL") == [(other,)]
    forget.click()
    expect(forget).to_have_count(0)
    assert value(adviser.office, "SELECT count(*) FROM outside_account") == 0
    adviser.provider.user = User("subject-2", {"email": adviser.email, "email_verified": True})
    new = adviser.office.page(language=language)
    adviser.is_sent_to_the_provider(new, language)
    new.get_by_role("button", name=adviser.network).click()
    expect(
        new.get_by_role("heading", name=words(other)["Account of your organisation"])
    ).to_be_visible()  # they keep their language
    assert value(adviser.office, "SELECT count(*) FROM outside_account") == 1


@in_both
def test_an_account_that_opens_nothing_yet_is_joined_to_its_person_by_a_code(adviser: Adviser, language: str) -> None:
    say, page = words(language), adviser.office.page(language=language)
    post = Worker(adviser.office)
    adviser.provider.user = User("subject-9", {"email": "uusi@example.fi", "email_verified": True})
    adviser.is_sent_to_the_provider(page, language)
    expect(page.get_by_role("heading", level=1)).to_have_text(say["Whose account is this?"])
    page.locator("#address").fill(adviser.email)
    page.get_by_role("button", name=say["Send me a code"]).click()
    page.get_by_label(say["The six digits"]).fill(post.code)
    page.get_by_role("button", name=say["Sign in"], exact=True).click()
    page.get_by_role("button", name=adviser.network).click()
    expect(page).to_have_url(re.compile(r"/me$"))
    again = adviser.office.page(language=language)
    adviser.is_sent_to_the_provider(again, language)
    expect(again.get_by_role("heading", name=say["Account of your organisation"])).to_be_visible()
    assert value(adviser.office, "SELECT count(*) FROM outside_account") == 1
